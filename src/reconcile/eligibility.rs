//! Which guests are entered, and why not the others.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use super::report::HostSync;
use crate::discovery::{Found, MachineState, Row};
use crate::guest::{SkipReason, SyncStatus, SyncTarget};

/// Whether a machine's guest is entered; if not, the first reason that holds. `shared` are the addresses that several
/// machines have.
pub(super) fn eligibility(found: &Found<'_>, shared: &HashSet<Ipv4Addr>) -> (HostSync, Option<SyncTarget>) {
    let (machine_name, vm_name, reason) = match found {
        Found::NotOwned(machine) => {
            (&machine.machine_name, &machine.actual_vm_name, Some(SkipReason::NotOwned))
        }
        Found::Row(row) => (&row.machine_name, &row.vm_name, exclusion(row, shared)),
    };
    let sync = HostSync {
        machine_name: machine_name.clone(),
        vm_name: vm_name.clone(),
        status: if reason.is_some() { SyncStatus::Skipped } else { SyncStatus::Planned },
        transport: None,
        reason,
        error: None,
    };
    let target = match found {
        Found::Row(row) if reason.is_none() => {
            let vm_id = row.vm_id.clone();
            vm_id.map(|vm_id| SyncTarget::new(machine_name.clone(), vm_id, vm_name.clone()))
        }
        _ => None,
    };
    (sync, target)
}

fn exclusion(row: &Row<'_>, shared: &HashSet<Ipv4Addr>) -> Option<SkipReason> {
    match row.state {
        MachineState::Missing if row.known.is_none() => Some(SkipReason::NotCreated),
        MachineState::Missing => Some(SkipReason::Missing),
        _ if !row.in_config => Some(SkipReason::NotInConfig),
        MachineState::Off => Some(SkipReason::Off),
        MachineState::NoIp => Some(SkipReason::NoIp),
        MachineState::Discovered => {
            row.network.ipv4.filter(|ipv4| shared.contains(ipv4)).map(|_| SkipReason::DuplicateIpv4)
        }
    }
}
