//! Which guests are entered, and why not the others.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{HostSync, SyncStatus};
use crate::discovery::{Found, MachineState, Row};

/// A guest to enter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncTarget {
    /// The machine's name.
    pub machine_name: String,
    /// The Id of its VM.
    pub vm_id: String,
    /// The name of its VM.
    pub vm_name: String,
    /// Both names, as ShouldProcess shows them.
    pub target: String,
}

/// Whether a machine's guest is entered; if not, the first reason that holds.
pub(super) fn decide(found: &Found, shared: &HashSet<&str>) -> (HostSync, Option<SyncTarget>) {
    let (machine_name, vm_name, reason) = match found {
        Found::NotOwned(machine) => (&machine.machine_name, &machine.actual_vm_name, Some("not-owned")),
        Found::Row(row) => (&row.machine_name, &row.vm_name, exclusion(row, shared)),
    };
    let sync = HostSync {
        machine_name: machine_name.clone(),
        vm_name: vm_name.clone(),
        status: if reason.is_some() { SyncStatus::Skipped } else { SyncStatus::Planned },
        door: None,
        reason: reason.map(str::to_owned),
        error: None,
    };
    let target = match found {
        Found::Row(row) if reason.is_none() => row.vm_id.clone().map(|vm_id| SyncTarget {
            machine_name: machine_name.clone(),
            vm_id,
            vm_name: vm_name.clone(),
            target: format!("{machine_name} ({vm_name})"),
        }),
        _ => None,
    };
    (sync, target)
}

fn exclusion(row: &Row, shared: &HashSet<&str>) -> Option<&'static str> {
    match row.state {
        MachineState::Missing if !row.in_state => Some("not-created"),
        MachineState::Missing => Some("missing"),
        _ if !row.in_config => Some("not-in-config"),
        MachineState::Off => Some("off"),
        MachineState::NoIp => Some("no-ip"),
        MachineState::Discovered => {
            row.network.ipv4.as_deref().filter(|ipv4| shared.contains(ipv4)).map(|_| "duplicate-ipv4")
        }
    }
}
