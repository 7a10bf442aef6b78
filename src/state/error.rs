//! Why a state was not read or written: every text of this room that an error or a warning shows.

use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Code, Error, counted};

use super::timestamp::Timestamp;

/// Why an operation on the state was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// There is no state file and no backup.
    #[error("There is no {}: nothing was created from this config yet.", .state.display())]
    NotFound { state: PathBuf },

    /// There is no state file, but a good backup.
    #[error("{} is gone, but its backup is there.", .state.display())]
    Gone { state: PathBuf, config: String, backup: BackupCondition },

    /// The state file is there and cannot be understood.
    #[error("{} is damaged: {damage}.", .state.display())]
    Damaged {
        state: PathBuf,
        config: String,
        #[source]
        damage: Damage,
        /// Whether only its encoding is wrong.
        recoverable: bool,
        backup: BackupCondition,
    },

    /// The state belongs to another config in the same folder.
    #[error(
        "The state in this folder belongs to {theirs} (project {project}), not to {ours}: a folder holds the state \
         of one config."
    )]
    OtherConfig { theirs: String, project: String, ours: String },

    /// The state was written for a config in another folder: one of the two was moved or copied.
    #[error(
        "The state in this folder was written for {theirs} (project {project}), but this config is {ours}."
    )]
    OtherFolder { theirs: String, their_folder: String, project: String, ours: String },

    /// The state belongs to another project of the same config.
    #[error("The state of {config} belongs to project {theirs}, but the config now says {ours}.")]
    OtherProject { config: String, theirs: String, ours: String },

    /// Another run held the lock until the wait was over.
    #[error("The state is in use by {holder}; gave up after {} s. Nothing was written.", .waited.as_secs())]
    Locked { state: PathBuf, holder: String, waited: Duration },

    /// Another watch runs over the lab.
    #[error("The lab of {} is watched already, by {holder}.", .config.display())]
    Watched { config: PathBuf, holder: String },

    /// Another run changes the machines of the lab.
    #[error("Another run is changing the machines of {}: {holder}. Nothing was changed.", .config.display())]
    Changing { config: PathBuf, holder: String },

    /// A program that does not take the lock wrote the state file at the same time.
    #[error(
        "{} was changed by another program while this command was about to write it. Nothing was written.",
        .state.display()
    )]
    Changed { state: PathBuf },

    /// The system refused an operation.
    #[error("Could not {operation} {}: {source}.", .path.display())]
    Io { operation: &'static str, path: PathBuf, source: io::Error },

    /// Another program held the file until the retries were over.
    #[error(
        "Could not {operation} {}: another program has held it for {} s ({source}).",
        .path.display(), .held_for.as_secs()
    )]
    FileInUse { operation: &'static str, path: PathBuf, held_for: Duration, source: io::Error },

    /// One of the files is a link.
    #[error("{} is a link{}, and it is not written through.", .path.display(), to(.target.as_deref()))]
    Link { path: PathBuf, target: Option<PathBuf> },

    /// The file system has no locks.
    #[error("The file system of {} has no locks ({source}), so two runs could overwrite what the other saved.", .folder.display())]
    NoLocks { folder: PathBuf, source: io::Error },

    /// The file has the read-only attribute.
    #[error("Could not {operation} {}: it is read-only ({source}).", .path.display())]
    ReadOnly { operation: &'static str, path: PathBuf, source: io::Error },
}

/// What is wrong with the content of a state file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Damage {
    /// What is wrong, to follow "is damaged:", without the place.
    pub what: String,
    /// The line in which the damage ends, from 1, where there is one.
    pub line: Option<usize>,
    /// The column at which it ends, from 1, in characters.
    pub column: Option<usize>,
}

/// Whether the backup can be put back.
#[derive(Debug)]
pub(crate) enum BackupCondition {
    Good {
        saved_at: Option<Timestamp>,
        machines: usize,
    },
    Missing,
    Unreadable(io::Error),
    Damaged(Damage),
    /// It belongs to the config that is named.
    OtherConfig(String),
}

/// Something beside a save that failed; the save itself is done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveWarning {
    #[error("The permissions of {} could not be kept ({source}).", .state.display())]
    Permissions { state: PathBuf, source: io::Error },

    #[error(
        "The state is saved, but its backup could not be renewed ({source}): it is still the one before."
    )]
    Backup { source: io::Error },

    #[error(
        "The state is saved, but {} could not be flushed to the disk ({source}): a power failure now could bring the \
         old state back.",
        .folder.display()
    )]
    FolderNotFlushed { folder: PathBuf, source: io::Error },

    #[error("{} is made, but not flushed to the disk ({source}).", .folder.display())]
    NewFolderNotFlushed { folder: PathBuf, source: io::Error },
}

impl StateError {
    /// For `map_err`: the system refused `operation` (as in "write") on `path`.
    pub(crate) fn io(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateError {
        let path = path.to_owned();
        move |source| StateError::Io { operation, path, source }
    }

    fn code(&self) -> Code {
        match self {
            StateError::NotFound { .. } | StateError::Gone { .. } => Code::StateNotFound,
            StateError::Damaged { .. } => Code::StateCorrupted,
            StateError::OtherConfig { .. }
            | StateError::OtherFolder { .. }
            | StateError::OtherProject { .. }
            | StateError::Changed { .. } => Code::StateConflict,
            StateError::Locked { .. } | StateError::Changing { .. } => Code::StateLocked,
            StateError::Watched { .. } => Code::WatchRunning,
            StateError::Io { .. }
            | StateError::FileInUse { .. }
            | StateError::Link { .. }
            | StateError::NoLocks { .. }
            | StateError::ReadOnly { .. } => Code::StateIoFailed,
        }
    }

    /// The file that the error is about; `None` where only the caller knows it.
    fn path(&self) -> Option<&Path> {
        match self {
            StateError::NotFound { state }
            | StateError::Gone { state, .. }
            | StateError::Damaged { state, .. }
            | StateError::Locked { state, .. }
            | StateError::Changed { state } => Some(state),
            StateError::Watched { config, .. } | StateError::Changing { config, .. } => Some(config),
            StateError::Io { path, .. }
            | StateError::FileInUse { path, .. }
            | StateError::Link { path, .. }
            | StateError::NoLocks { folder: path, .. }
            | StateError::ReadOnly { path, .. } => Some(path),
            StateError::OtherConfig { .. }
            | StateError::OtherFolder { .. }
            | StateError::OtherProject { .. } => None,
        }
    }

    /// What the user can do about it.
    fn remedy(&self) -> String {
        match self {
            StateError::NotFound { .. } => {
                "Start-RagnaMachine makes its machines. If they were made already, name the config in whose folder that \
                 was."
                    .into()
            }
            StateError::Gone { config, backup, .. } => {
                format!("{backup} {} puts it back.", repair_command(config))
            }
            StateError::Damaged { config, recoverable: true, .. } => format!(
                "All of its content can still be read: {} writes it anew and keeps this file aside (-WhatIf shows it \
                 first).",
                repair_command(config)
            ),
            StateError::Damaged { config, backup: backup @ BackupCondition::Good { .. }, .. } => format!(
                "{backup} {} puts it back and keeps the damaged file aside (-WhatIf shows it first).",
                repair_command(config)
            ),
            StateError::Damaged { config, backup, .. } => format!(
                "{backup} Put the file back from a copy of your own, such as the folder's previous versions; {} says \
                 whether it is good. Until then nothing is changed.",
                repair_command(config)
            ),
            StateError::OtherConfig { theirs, .. } => format!(
                "Move one of the two configs into a folder of its own. If {theirs} was renamed, give it its old name \
                 back: its machines are known by that path."
            ),
            StateError::OtherFolder { their_folder, .. } => format!(
                "If you moved the config, move its folder back to {their_folder}: its machines carry that path in \
                 their names and Notes. If this is a copy, move the .ragnatramp folder beside it away; the machines \
                 of the other config stay as they are."
            ),
            StateError::OtherProject { theirs, ours, .. } => format!(
                "Set project.name back to {theirs}: its machines carry that name. To start a project {ours}, give it \
                 a folder of its own."
            ),
            StateError::Locked { .. } | StateError::Changing { .. } => {
                "Wait until that run is over, or end it, and run the command again. There is no lock to remove.".into()
            }
            StateError::Watched { .. } => {
                "End that one with Ctrl+C, or with Unregister-RagnaWatch where it is the registered one; this one goes on \
                 when it has ended."
                    .into()
            }
            StateError::Changed { .. } => {
                "If the original ragnatramp is running on this folder, wait for it; then run the command again.".into()
            }
            StateError::Io { source, .. } => remedy_of_io(source.kind()).into(),
            StateError::ReadOnly { path, .. } => format!(
                "Take the attribute off (Set-ItemProperty -LiteralPath '{}' -Name IsReadOnly -Value $false), and run the \
                 command again. The state is as it was.",
                path.display()
            ),
            StateError::Link { .. } => {
                "Put the file itself in its place, or make the whole folder .ragnatramp the link. Nothing was written.".into()
            }
            StateError::NoLocks { .. } => {
                "Move the lab to a local disk: its config, and the folder .ragnatramp beside it. Nothing was written.".into()
            }
            StateError::FileInUse { .. } => {
                "An editor, a virus scanner, a backup or a program that syncs folders may have it open, or it is \
                 not yours to write. Close what holds it and run the command again. The state is as it \
                 was."
                    .into()
            }
        }
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        let mut converted = Error::new(error.code(), error.to_string()).with_remedy(error.remedy());
        converted.place.path = error.path().map(|path| path.display().to_string());
        match error {
            StateError::Damaged { damage, .. } => {
                (converted.place.line, converted.place.column) = (damage.line, damage.column);
                converted.caused_by(damage)
            }
            StateError::Io { source, .. }
            | StateError::FileInUse { source, .. }
            | StateError::NoLocks { source, .. }
            | StateError::ReadOnly { source, .. } => converted.caused_by(source),
            _ => converted,
        }
    }
}

impl Damage {
    /// Damage that has no single place.
    pub(crate) fn of_whole(what: impl Into<String>) -> Self {
        Damage { what: what.into(), line: None, column: None }
    }
}

impl Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "{} (line {line}, column {column})", self.what),
            _ => f.write_str(&self.what),
        }
    }
}

/// A sentence.
impl Display for BackupCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupCondition::Good { saved_at, machines } => {
                f.write_str("The backup ")?;
                if let Some(saved_at) = saved_at {
                    write!(f, "of {saved_at} ")?;
                }
                write!(f, "is good ({}).", counted(*machines, "machine", "machines"))
            }
            BackupCondition::Missing => f.write_str("There is no backup."),
            BackupCondition::Unreadable(error) => write!(f, "The backup cannot be read: {error}."),
            BackupCondition::Damaged(damage) => write!(f, "The backup is damaged too: {damage}."),
            BackupCondition::OtherConfig(config) => write!(f, "The backup belongs to {config}."),
        }
    }
}

/// As in ` to /etc/hosts`.
fn to(target: Option<&Path>) -> String {
    target.map_or(String::new(), |target| format!(" to {}", target.display()))
}

/// The command that repairs, ready to be pasted into PowerShell.
fn repair_command(config: &str) -> String {
    format!("Repair-RagnaState -Path '{}'", config.replace('\'', "''"))
}

fn remedy_of_io(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied => {
            "Look at the permissions of the file and its folder: they must be yours to write. The state is as it was."
        }
        io::ErrorKind::ReadOnlyFilesystem => "The file system is mounted read-only. The state is as it was.",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some space on that disk and run the command again. The state is as it was."
        }
        _ => "The state is as it was. If it happens again, look at the disk.",
    }
}
