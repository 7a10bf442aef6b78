//! Whether a VM is provably ours. The rule belongs to the config, which writes the marker; it stands here only until
//! `config::marker` does.

use serde::{Deserialize, Serialize};

/// Why a VM does not count as ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotOwnedReason {
    /// It has the name that ours would have, and the state knows nothing of it.
    NotInState,
    /// Its Notes do not hold our marker.
    NoMarker,
    /// Its Notes hold the marker of another config.
    OtherConfig,
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
    let mut marked = false;
    let mut ours = false;
    for line in notes.split('\n').map(str::trim) {
        marked |= line == "managed:true";
        ours |= line.strip_prefix("config:").is_some_and(|path| same_path(path.trim(), config_path));
    }
    match (marked, ours, vm_name == expected_vm_name) {
        (false, ..) => Err(NotOwnedReason::NoMarker),
        (true, false, _) => Err(NotOwnedReason::OtherConfig),
        (true, true, false) => Err(NotOwnedReason::OtherName),
        (true, true, true) => Ok(()),
    }
}

fn same_path(one: &str, other: &str) -> bool {
    let canonical = |path: &str| path.replace('/', "\\").to_lowercase();
    canonical(one) == canonical(other)
}
