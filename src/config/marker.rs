//! The marker in a VM's Notes: three lines that say which config the VM was made from, and the proof that it is ours.

use std::fmt;

/// The Notes text of a VM made from `config_path` (absolute, as the platform writes paths): three lines joined by LF.
pub fn notes(config_path: &str) -> String {
    format!("ragnatramp:v{}\nconfig:{config_path}\nmanaged:true", env!("CARGO_PKG_VERSION"))
}

/// Why a VM is not provably ours. Whether it stands in the state file is for the caller to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOwned {
    /// The Notes hold no line `managed:true`.
    NotMarked,
    /// The Notes hold no line `config:`.
    NoConfigLine,
    /// The Notes name another config.
    OtherConfig {
        /// The path that stands in the Notes.
        marked: String,
    },
    /// The VM does not have the name that was computed for it.
    OtherName {
        /// The name it should have.
        expected: String,
    },
}

impl fmt::Display for NotOwned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotOwned::NotMarked => write!(f, "its Notes hold no line \"managed:true\""),
            NotOwned::NoConfigLine => write!(f, "its Notes do not say from which config it was made"),
            NotOwned::OtherConfig { marked } => write!(f, "its Notes say that it was made from {marked}"),
            NotOwned::OtherName { expected } => write!(f, "its name is not {expected}"),
        }
    }
}

/// Checks that the marker in `notes` names `config_path` and that the VM bears the computed name.
///
/// Names are compared exactly, paths without case and with `/` as `\`. Further lines are allowed, and the version line
/// does not count. The first reason that holds is returned.
pub fn check_ownership(
    notes: &str,
    vm_name: &str,
    expected_vm_name: &str,
    config_path: &str,
) -> Result<(), NotOwned> {
    let lines = || notes.split('\n').map(str::trim);
    if !lines().any(|line| line == "managed:true") {
        return Err(NotOwned::NotMarked);
    }
    let marked = || lines().filter_map(|line| line.strip_prefix("config:")).map(str::trim);
    if !marked().any(|path| same_path(path, config_path)) {
        return Err(match marked().next() {
            Some(path) => NotOwned::OtherConfig { marked: path.to_owned() },
            None => NotOwned::NoConfigLine,
        });
    }
    if vm_name != expected_vm_name {
        return Err(NotOwned::OtherName { expected: expected_vm_name.to_owned() });
    }
    Ok(())
}

/// Whether [`check_ownership`] finds nothing against it.
pub fn is_owned(notes: &str, vm_name: &str, expected_vm_name: &str, config_path: &str) -> bool {
    check_ownership(notes, vm_name, expected_vm_name, config_path).is_ok()
}

/// Whether two config paths are the same to Windows: case does not count, and `/` is `\`.
pub fn same_path(left: &str, right: &str) -> bool {
    let folded = |path: &str| path.replace('/', "\\").to_lowercase();
    folded(left) == folded(right)
}
