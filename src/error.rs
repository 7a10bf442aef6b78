//! One error type: what happened (code, message), where, what to do about it, and the exit code that follows.

use serde::{Deserialize, Serialize};

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
    /// The machine or guest is not provably ours, so it is not touched.
    OwnershipVerificationFailed,
    /// A running machine has no IPv4 address at the deadline.
    ReconcileIpFailed,
    /// The hosts file of a guest could not be brought up to date.
    ReconcileHostsFailed,
    /// The module and the library do not understand each other (a defect or mixed versions).
    InvalidRequest,
    /// A panic was caught at the border (a defect).
    Internal,
}

impl Code {
    /// The exit code that follows: 1 where the person can mend it, 2 where the system is in the way.
    pub fn exit_code(self) -> u8 {
        match self {
            Code::ConfigNotFound
            | Code::ConfigInvalidYaml
            | Code::ConfigValidationFailed
            | Code::StateNotFound
            | Code::StateConflict
            | Code::OwnershipVerificationFailed
            | Code::ReconcileIpFailed => 1,
            Code::StateCorrupted
            | Code::StateLocked
            | Code::StateIoFailed
            | Code::ReconcileHostsFailed
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

/// Whatever kept an operation from being done. Everything a person is told about it is in here.
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
    /// What the person can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Every fault of a config, in the order of its lines; empty for other errors.
    #[serde(skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub faults: Vec<crate::config::Fault>,
}

impl Error {
    /// An error with neither place nor remedy yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), place: Place::default(), remedy: None, faults: Vec::new() }
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

    /// Says what the person can do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;
