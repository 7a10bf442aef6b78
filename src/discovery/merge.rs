//! Looks of one run, one after the other: what a newer one replaces, and what it only fails to repeat.

use std::collections::{HashMap, HashSet};

use super::address;
use super::index::{self, id};
use super::look::{Adapter, Look, Vm};

/// Lays a newer look over what the run saw before.
///
/// The newer list of VMs counts whole. Adapters, neighbours and guests that the newer look did not ask for stay as they
/// were. An adapter that had a usable IPv4 address and now reports none keeps what it reported: addresses vanish for a
/// poll. That holds only within one life of the VM: one that does not run, or started anew, keeps nothing.
pub fn merge_looks(previous: Look, newer: Look) -> Look {
    let Look { vms, mut adapters, neighbours, mut guests } = newer;
    let lasting = lasting_vms(&previous.vms, &vms);
    let mut before: HashMap<String, Vec<Adapter>> = HashMap::new();
    for adapter in previous.adapters {
        before.entry(id(&adapter.vm_id)).or_default().push(adapter);
    }
    before.retain(|vm_id, _| lasting.contains(vm_id));

    let mut now: HashMap<String, Vec<usize>> = HashMap::new();
    for (position, adapter) in adapters.iter().enumerate() {
        now.entry(id(&adapter.vm_id)).or_default().push(position);
    }
    for (vm_id, positions) in now {
        let Some(older) = before.remove(&vm_id) else { continue };
        keep_vanished_address(&mut adapters, &positions, &older);
    }
    let mut unasked: Vec<(String, Vec<Adapter>)> = before.into_iter().collect();
    unasked.sort_by(|a, b| a.0.cmp(&b.0));
    adapters.extend(unasked.into_iter().flat_map(|(_, older)| older));

    let told: HashSet<String> = guests.iter().map(|facts| id(&facts.vm_id)).collect();
    guests.extend(previous.guests.into_iter().filter(|facts| !told.contains(&id(&facts.vm_id))));
    Look { vms, adapters, neighbours: neighbours.or(previous.neighbours), guests }
}

/// The VMs that ran in both looks without a start in between.
fn lasting_vms(previous: &[Vm], newer: &[Vm]) -> HashSet<String> {
    let running: HashMap<String, &Vm> =
        previous.iter().filter(|vm| vm.is_running()).map(|vm| (id(&vm.id), vm)).collect();
    let lasts = |vm: &&Vm| {
        vm.is_running()
            && running.get(&id(&vm.id)).is_some_and(|before| {
                match (before.uptime_seconds, vm.uptime_seconds) {
                    (Some(then), Some(now)) => now >= then,
                    _ => true,
                }
            })
    };
    newer.iter().filter(lasts).map(|vm| id(&vm.id)).collect()
}

/// Gives the adapter that counts its addresses back where it had a usable one and reports none any more.
fn keep_vanished_address(adapters: &mut [Adapter], positions: &[usize], older: &[Adapter]) {
    let mine: Vec<&Adapter> = positions.iter().filter_map(|position| adapters.get(*position)).collect();
    let older: Vec<&Adapter> = older.iter().collect();
    let (Some(newest), Some(known)) = (index::chosen(&mine), index::chosen(&older)) else { return };
    let same = newest.name == known.name && newest.mac == known.mac;
    let vanished = address::usable_ipv4(&newest.ip_addresses).is_none();
    if !same || !vanished || address::usable_ipv4(&known.ip_addresses).is_none() {
        return;
    }
    let target = positions.iter().copied().find(|position| adapters.get(*position) == Some(newest));
    if let Some(adapter) = target.and_then(|position| adapters.get_mut(position)) {
        adapter.ip_addresses.clone_from(&known.ip_addresses);
    }
}
