//! A snapshot, arranged so that each machine finds what belongs to it in one step.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::candidates::{Candidate, Range};
use super::identifiers::{ByVm, VmId, VmIdKey, neighbour_mac, usable_ipv4};
use super::snapshot::{Adapter, GuestFacts, Neighbour, Snapshot, Vm};

pub(super) struct Index<'a> {
    snapshot: &'a Snapshot,
    /// Of VMs with the same Id, the first.
    vms: HashMap<VmIdKey<'a>, &'a Vm>,
    adapters: ByVm<'a, Adapter>,
    /// Made when the first VM is sought by its name, which is only where its Id is of no use.
    names: OnceCell<HashMap<&'a str, &'a VmId>>,
    neighbours: HashMap<String, Vec<&'a Neighbour>>,
    pub(super) guests: HashMap<&'a VmId, &'a GuestFacts>,
    /// Whether the neighbour table was read.
    pub(super) knows_neighbours: bool,
    /// The ranges of the host on the Default Switch; empty where they are unknown.
    pub(super) ranges: Vec<Range>,
}

impl<'a> Index<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let mut neighbours: HashMap<String, Vec<&Neighbour>> = HashMap::new();
        for neighbour in snapshot.neighbours.iter().flatten() {
            if let Some(mac) = neighbour_mac(&neighbour.mac) {
                neighbours.entry(mac).or_default().push(neighbour);
            }
        }
        Index {
            snapshot,
            vms: snapshot.vms.iter().rev().map(|vm| (vm.id.key(), vm)).collect(),
            adapters: ByVm::new(&snapshot.adapters, |adapter| &adapter.vm_id),
            names: OnceCell::new(),
            neighbours,
            guests: snapshot.guests.iter().map(|facts| (&facts.vm_id, facts)).collect(),
            knows_neighbours: snapshot.neighbours.is_some(),
            ranges: snapshot.host_addresses.iter().flatten().filter_map(Range::of).collect(),
        }
    }

    /// The VM of that Id.
    pub(super) fn vm(&self, id: &str) -> Option<&'a Vm> {
        self.vms.get(&VmIdKey(id)).copied()
    }

    /// The Id of the last VM of that name.
    pub(super) fn named(&self, name: &str) -> Option<&'a VmId> {
        let by_name = || self.snapshot.vms.iter().map(|vm| (vm.name.as_str(), &vm.id)).collect();
        self.names.get_or_init(by_name).get(name).copied()
    }

    /// The adapters of a VM, in the order in which they are shown.
    pub(super) fn adapters(&self, vm: &Vm) -> impl Iterator<Item = &'a Adapter> {
        self.adapters.of(&vm.id)
    }

    /// The addresses that the host itself knows for this MAC on the switch of that name.
    pub(super) fn neighbour_ipv4(&self, mac: &str, switch_name: &str) -> Vec<Candidate> {
        let interface = format!("vEthernet ({switch_name})");
        let entries = self.neighbours.get(mac).into_iter().flatten();
        let here = entries.filter(|neighbour| neighbour.interface == interface);
        here.filter_map(|neighbour| {
            let ipv4 = usable_ipv4(std::slice::from_ref(&neighbour.ip)).next()?;
            Some(Candidate { ipv4, doubt: doubt(&neighbour.state)? })
        })
        .collect()
    }
}

/// How far an entry of the neighbour table is to be doubted, by its state as the host spells it; `None` where it is of no
/// use. The Default Switch enters the addresses that it hands out as permanent. A state that is not known comes last.
fn doubt(neighbour_state: &str) -> Option<u8> {
    match neighbour_state.to_ascii_lowercase().as_str() {
        "unreachable" | "incomplete" => None,
        "permanent" => Some(0),
        "reachable" => Some(1),
        "delay" => Some(2),
        "probe" => Some(3),
        "stale" => Some(4),
        _ => Some(5),
    }
}
