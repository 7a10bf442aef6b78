//! One error type: what happened (code, message), where, what to do about it, and the exit code that follows.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::terminal::visible;

/// The stable name of what went wrong. It becomes the ErrorId in PowerShell and `error.code` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The config file is not there, or cannot be read.
    ConfigNotFound,
    /// The config file is not YAML.
    ConfigInvalidYaml,
    /// The config is YAML, but not a config; see [`Error::faults`].
    ConfigValidationFailed,
    /// There is no state file: nothing was created from this config yet.
    StateNotFound,
    /// The state file is there but cannot be understood.
    StateCorrupted,
    /// The state file belongs to another config, or changed under a running command.
    StateConflict,
    /// Another run holds the lock of the state file.
    StateLocked,
    /// The state file could not be read or written.
    StateIoFailed,
    /// Another watch runs over the lab.
    WatchRunning,
    /// The machine or guest is not provably ours, so it is not touched.
    OwnershipVerificationFailed,
    /// A running machine has no IPv4 address at the deadline.
    ReconcileIpFailed,
    /// The hosts file of a guest could not be brought up to date.
    ReconcileHostsFailed,
    /// The machines' names could not be kept in the ssh config of the host.
    SshConfigFailed,
    /// Hyper-V could not answer, or not wholly.
    HypervError,
    /// The state of a VM does not allow what was asked for.
    VmState,
    /// Where a machine's disk belongs, there is something else.
    DiskInPlace,
    /// A file that was to be deleted is in use.
    DiskInUse,
    /// A disk could not be read, copied or deleted.
    DiskIoFailed,
    /// Whether an image starts with BIOS or UEFI cannot be found out.
    GenerationUnknown,
    /// The generation that a machine gets is not one that starts its image.
    GenerationMismatch,
    /// The user-data that a machine's first boot is given cannot be read.
    UserDataUnreadable,
    /// The answer file that a machine's first boot is given cannot be read.
    AnswerFileUnreadable,
    /// A base image is not there.
    BaseImageNotFound,
    /// A base image cannot become the disk of a machine.
    ImageUnusable,
    /// A base image is a sparse file.
    ImageSparse,
    /// Hyper-V cannot use the folder for virtual disks.
    ArtifactPathUnusable,
    /// The path of a disk leaves too little room for what Hyper-V adds to it.
    PathTooLong,
    /// There is no room for what would be made.
    DiskSpace,
    /// The host has not the processors or the memory.
    HostLimit,
    /// The Default Switch is not there.
    DefaultSwitchNotFound,
    /// The guest cannot be asked to shut down.
    ShutdownUnavailable,
    /// A machine has no checkpoint of that name.
    CheckpointNotFound,
    /// A machine has a checkpoint of that name already.
    CheckpointExists,
    /// A machine has several checkpoints of that name.
    CheckpointAmbiguous,
    /// Hyper-V takes no checkpoint of that name.
    CheckpointNameInvalid,
    /// The module and the library do not understand each other (a defect or mixed versions).
    InvalidRequest,
    /// A panic was caught at the border (a defect).
    Internal,
}

impl Code {
    /// The exit code of an error: 1 where the user can correct it, 2 where the system is in the way.
    pub fn exit_code(self) -> u8 {
        match self {
            Code::ConfigNotFound
            | Code::ConfigInvalidYaml
            | Code::ConfigValidationFailed
            | Code::StateNotFound
            | Code::StateConflict
            | Code::OwnershipVerificationFailed
            | Code::ReconcileIpFailed
            | Code::VmState
            | Code::DiskInPlace
            | Code::DiskInUse
            | Code::GenerationUnknown
            | Code::GenerationMismatch
            | Code::UserDataUnreadable
            | Code::AnswerFileUnreadable
            | Code::BaseImageNotFound
            | Code::ImageUnusable
            | Code::ImageSparse
            | Code::ArtifactPathUnusable
            | Code::PathTooLong
            | Code::DiskSpace
            | Code::HostLimit
            | Code::ShutdownUnavailable
            | Code::CheckpointNotFound
            | Code::CheckpointExists
            | Code::CheckpointAmbiguous
            | Code::CheckpointNameInvalid => 1,
            Code::StateCorrupted
            | Code::StateLocked
            | Code::StateIoFailed
            | Code::WatchRunning
            | Code::ReconcileHostsFailed
            | Code::SshConfigFailed
            | Code::HypervError
            | Code::DefaultSwitchNotFound
            | Code::DiskIoFailed
            | Code::InvalidRequest
            | Code::Internal => 2,
        }
    }
}

/// Where it went wrong, as far as that is known. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

/// Why an operation was not done, with everything that the user needs to know of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Error {
    /// What kind of failure it is.
    pub code: Code,
    /// What happened, in one sentence that names the thing.
    pub message: String,
    /// Where it happened.
    pub place: Place,
    /// What the user can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Every fault of a config, in the order of its lines; empty for other errors.
    #[serde(skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub faults: Vec<Fault>,
    /// The error of the system or of a library that it follows from. It stays in this process.
    #[serde(skip)]
    #[source]
    pub source: Option<Cause>,
}

/// The error that another one follows from. Two are equal where their texts are.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// One thing that is wrong with a config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Which part of the config, as in `machines[0].cpu`; empty for the whole document.
    pub path: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in that line, from 1, in characters.
    pub column: usize,
    /// How many characters from there on are at fault, for the carets.
    pub length: usize,
    /// What is wrong and what is allowed.
    pub message: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The line as it is in the file.
    pub source_line: String,
}

impl Error {
    /// An error with neither place nor remedy yet. Its message may hold what comes from elsewhere.
    pub fn new(code: Code, message: impl AsRef<str>) -> Self {
        Error {
            code,
            message: visible(message.as_ref()).into_owned(),
            place: Place::default(),
            remedy: None,
            faults: Vec::new(),
            source: None,
        }
    }

    /// Says which error it follows from.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Cause(Arc::new(source)));
        self
    }

    /// Says in which file it went wrong.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.place.path = Some(path.into());
        self
    }

    /// Says which machine it is about.
    #[must_use]
    pub fn of_machine(mut self, machine: impl Into<String>) -> Self {
        self.place.machine = Some(machine.into());
        self
    }

    /// Says what the user can do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl AsRef<str>) -> Self {
        self.remedy = Some(visible(remedy.as_ref()).into_owned());
        self
    }
}

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// A number and what it counts, for a message: `1 machine`, `3 machines`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
