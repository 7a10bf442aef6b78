//! Whether a VM is provably ours. The rule belongs to the config, which writes the marker; it stands here only until
//! `config::marker::check_ownership` is there to be asked, and then this file only puts its answer into words.

/// Why a VM does not count as ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOwnedReason {
    /// It has the name that ours would have, and the state knows nothing of it.
    NotInState,
    /// Its Notes do not hold our marker.
    NoMarker,
    /// Its Notes do not name this config.
    OtherConfig {
        /// The config that they name instead, if any.
        marked: Option<String>,
    },
    /// The marker is there, but the VM was given another name.
    OtherName,
}

/// Checks Notes and name of a VM that the state knows.
pub(crate) fn verify(
    notes: &str,
    vm_name: &str,
    expected_vm_name: &str,
    config_path: &str,
) -> Result<(), NotOwnedReason> {
    let lines = || notes.split('\n').map(str::trim);
    if !lines().any(|line| line == "managed:true") {
        return Err(NotOwnedReason::NoMarker);
    }
    let marked = || lines().filter_map(|line| line.strip_prefix("config:")).map(str::trim);
    if !marked().any(|path| same_path(path, config_path)) {
        return Err(NotOwnedReason::OtherConfig { marked: marked().next().map(str::to_owned) });
    }
    match vm_name == expected_vm_name {
        true => Ok(()),
        false => Err(NotOwnedReason::OtherName),
    }
}

fn same_path(one: &str, other: &str) -> bool {
    let canonical = |path: &str| path.replace('/', "\\").to_lowercase();
    canonical(one) == canonical(other)
}
