//! What can be put back when the state file is damaged, and the words that say so.

use crate::error::{Code, Error};

use super::disk::Disk;
use super::model::State;
use super::paths::Paths;
use super::reading::{Damage, Recovered};

/// The condition of the backup.
pub(crate) enum Backup {
    /// It can be put back.
    Good(Recovered),
    /// It cannot: a sentence that says why.
    None(String),
}

impl Backup {
    /// Looks at the backup: it must be whole, and belong to the same config.
    pub(crate) fn look(disk: &dyn Disk, paths: &Paths) -> Backup {
        let bytes = match disk.read(&paths.backup) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Backup::None("There is no backup.".into());
            }
            Err(error) => return Backup::None(format!("The backup cannot be read: {error}.")),
        };
        match State::parse(&bytes) {
            Err(damage) => Backup::None(format!("The backup is damaged too: {damage}.")),
            Ok(state) if state.check_owner(&paths.config_text(), None).is_err() => {
                Backup::None(format!("The backup belongs to {}.", state.config_path()))
            }
            Ok(state) => Backup::Good(Recovered { state, bytes }),
        }
    }

    /// The condition as a sentence.
    fn condition(&self) -> String {
        match self {
            Backup::Good(Recovered { state, .. }) => {
                format!("The backup {}is good ({}).", of_when(state), machines(state))
            }
            Backup::None(why) => why.clone(),
        }
    }
}

/// The error for a damaged file: what is damaged, whether the backup is good, and what puts it right.
/// `recovered` says that only the encoding of the file is wrong.
pub(crate) fn corrupted(paths: &Paths, damage: &Damage, recovered: bool, backup: &Backup) -> Error {
    let shown = paths.state.display();
    let command = repair_command(paths);
    let remedy = match backup {
        _ if recovered => format!(
            "All of its content can still be read: {command} writes it anew and keeps this file aside (-WhatIf \
             shows it first)."
        ),
        Backup::Good(_) => format!(
            "{} {command} puts it back and keeps the damaged file aside (-WhatIf shows it first).",
            backup.condition()
        ),
        Backup::None(_) => format!(
            "{} Put the file back from a copy of your own, such as the folder's previous versions; {command} says \
             whether it is good. Until then nothing is changed.",
            backup.condition()
        ),
    };
    let mut error = Error::new(Code::StateCorrupted, format!("{shown} is damaged: {damage}."))
        .in_file(shown.to_string())
        .with_remedy(remedy);
    error.place.line = damage.line;
    error.place.column = damage.column;
    error
}

/// The error for a file that is not there.
pub(crate) fn not_found(paths: &Paths, backup: &Backup) -> Error {
    let shown = paths.state.display();
    let error = match backup {
        Backup::Good(_) => {
            Error::new(Code::StateNotFound, format!("{shown} is gone, but its backup is there."))
                .with_remedy(format!("{} {} puts it back.", backup.condition(), repair_command(paths)))
        }
        Backup::None(_) => Error::new(
            Code::StateNotFound,
            format!("There is no {shown}: nothing was created from this config yet."),
        )
        .with_remedy("Create its machines first, or name the config in whose folder they were created."),
    };
    error.in_file(shown.to_string())
}

/// The command that repairs, ready to be pasted into PowerShell.
fn repair_command(paths: &Paths) -> String {
    format!("Repair-RagnaState -Path '{}'", paths.config_text().replace('\'', "''"))
}

fn of_when(state: &State) -> String {
    match state.updated_at() {
        "" => String::new(),
        when => format!("of {when} "),
    }
}

fn machines(state: &State) -> String {
    match state.machines().count() {
        1 => "1 machine".into(),
        n => format!("{n} machines"),
    }
}
