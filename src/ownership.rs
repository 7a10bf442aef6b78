//! Ownership: what makes a VM ours. Three checks, all of which must hold before anything happens to a VM:
//!
//! 1. state.json knows its Id.
//! 2. Its Notes hold the marker: a line `managed:true` and a line `config:` with the path of this config.
//! 3. It has the name that follows from the config.

use crate::config::names::same_path;

/// The Notes of a VM made from `config_path` (absolute, as the platform writes paths): three lines joined by LF.
pub fn notes(config_path: &str) -> String {
    format!("ragnatramp:v{}\nconfig:{config_path}\nmanaged:true", env!("CARGO_PKG_VERSION"))
}

/// Why a VM is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOwned {
    /// It has the name that ours would have, and state.json does not know it.
    NotInState,
    /// Its Notes hold no line `managed:true`.
    NoMarker,
    /// Its Notes hold no line `config:`.
    NoConfigLine,
    /// Its Notes name another config.
    OtherConfig {
        /// The path in the Notes.
        marked: String,
    },
    /// It does not have the name that follows from the config.
    OtherName,
}

impl NotOwned {
    /// What is wrong with the VM of that name, as a clause; `expected` is the name that it should have.
    pub fn finding(&self, vm_name: &str, expected: &str) -> String {
        match self {
            NotOwned::NotInState => format!("there is a VM {vm_name}, but state.json does not know it"),
            NotOwned::NoMarker => format!("the Notes of VM {vm_name} do not hold the line managed:true"),
            NotOwned::NoConfigLine => {
                format!("the Notes of VM {vm_name} do not say from which config it was made")
            }
            NotOwned::OtherConfig { marked } => {
                format!("the Notes of VM {vm_name} say that it was made from {marked}")
            }
            NotOwned::OtherName => format!("its VM is named {vm_name}, not {expected}"),
        }
    }

    /// What the user can do about it.
    pub fn remedy(&self, expected: &str, config_path: &str) -> String {
        match self {
            NotOwned::NotInState => {
                "Rename or remove that VM if it is not needed; Ragnatramp never takes over a VM by its name."
                    .to_owned()
            }
            NotOwned::NoMarker => format!(
                "If it is yours, put the lines managed:true and config:{config_path} back into its Notes."
            ),
            NotOwned::NoConfigLine | NotOwned::OtherConfig { .. } => format!(
                "If it belongs to this config, let the config line in its Notes be config:{config_path}."
            ),
            NotOwned::OtherName => format!("Give it its name back: Rename-VM to {expected}."),
        }
    }
}

/// Checks the Notes and the name of a VM whose Id state.json knows; the first reason that holds is returned.
///
/// Names are compared exactly, paths by [`path_key`](crate::config::names::path_key). Further lines in the Notes are allowed, and the
/// version line does not count.
///
/// # Errors
/// That reason.
pub fn check(notes: &str, vm_name: &str, expected: &str, config_path: &str) -> Result<(), NotOwned> {
    let lines = || notes.split('\n').map(str::trim);
    if !lines().any(|line| line == "managed:true") {
        return Err(NotOwned::NoMarker);
    }
    let marked = || lines().filter_map(|line| line.strip_prefix("config:")).map(str::trim);
    if !marked().any(|path| same_path(path, config_path)) {
        return Err(match marked().next() {
            Some(path) => NotOwned::OtherConfig { marked: path.to_owned() },
            None => NotOwned::NoConfigLine,
        });
    }
    if vm_name == expected { Ok(()) } else { Err(NotOwned::OtherName) }
}
