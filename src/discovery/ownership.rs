//! Whether a VM is provably ours: the config's rule, in the terms of a discovery.

use crate::config::marker::{self, check_ownership};

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
    check_ownership(notes, vm_name, expected_vm_name, config_path).map_err(|reason| match reason {
        marker::NotOwned::NotMarked => NotOwnedReason::NoMarker,
        marker::NotOwned::NoConfigLine => NotOwnedReason::OtherConfig { marked: None },
        marker::NotOwned::OtherConfig { marked } => NotOwnedReason::OtherConfig { marked: Some(marked) },
        marker::NotOwned::OtherName { .. } => NotOwnedReason::OtherName,
    })
}
