//! A look, arranged so that each machine finds its own in one step.

use std::collections::{HashMap, HashSet};

use super::address;
use super::look::{Adapter, GuestFacts, Look, Neighbour, Vm};

/// The Id of Hyper-V's Default Switch, the same on every Windows; its name is translated.
pub(super) const DEFAULT_SWITCH: &str = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

pub(super) struct Index<'a> {
    vms: HashMap<String, &'a Vm>,
    names: HashSet<&'a str>,
    adapters: HashMap<String, Vec<&'a Adapter>>,
    neighbours: HashMap<String, Vec<&'a Neighbour>>,
    guests: HashMap<String, &'a GuestFacts>,
    /// Whether the neighbour table was asked at all.
    pub(super) knows_neighbours: bool,
}

impl<'a> Index<'a> {
    pub(super) fn of(look: &'a Look) -> Self {
        let mut adapters: HashMap<String, Vec<&Adapter>> = HashMap::new();
        for adapter in &look.adapters {
            adapters.entry(id(&adapter.vm_id)).or_default().push(adapter);
        }
        let mut neighbours: HashMap<String, Vec<&Neighbour>> = HashMap::new();
        for neighbour in look.neighbours.iter().flatten() {
            if let Some(mac) = address::neighbour_mac(&neighbour.mac) {
                neighbours.entry(mac).or_default().push(neighbour);
            }
        }
        Index {
            vms: look.vms.iter().rev().map(|vm| (id(&vm.id), vm)).collect(),
            names: look.vms.iter().map(|vm| vm.name.as_str()).collect(),
            adapters,
            neighbours,
            guests: look.guests.iter().map(|facts| (id(&facts.vm_id), facts)).collect(),
            knows_neighbours: look.neighbours.is_some(),
        }
    }

    pub(super) fn vm(&self, vm_id: &str) -> Option<&'a Vm> {
        self.vms.get(&id(vm_id)).copied()
    }

    pub(super) fn has_vm_named(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) fn adapters(&self, vm_id: &str) -> &[&'a Adapter] {
        self.adapters.get(&id(vm_id)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn guest(&self, vm_id: &str) -> Option<&'a GuestFacts> {
        self.guests.get(&id(vm_id)).copied()
    }

    /// The address that the host itself knows for this MAC on the switch of that name.
    pub(super) fn neighbour_ipv4(&self, mac: &str, switch_name: &str) -> Option<&'a str> {
        let interface = format!("vEthernet ({switch_name})");
        let counts = |neighbour: &&&Neighbour| {
            !neighbour.state.eq_ignore_ascii_case("Unreachable")
                && !neighbour.state.eq_ignore_ascii_case("Incomplete")
                && neighbour.interface == interface
                && address::is_usable_ipv4(&neighbour.ip)
        };
        self.neighbours.get(mac)?.iter().find(counts).map(|neighbour| neighbour.ip.as_str())
    }
}

/// The adapter whose addresses count: on the Default Switch, the first by name, then by MAC.
pub(super) fn chosen<'a>(adapters: &[&'a Adapter]) -> Option<&'a Adapter> {
    let on_switch = adapters.iter().filter(|adapter| is_on_default_switch(adapter));
    on_switch.min_by(|a, b| (&a.name, &a.mac).cmp(&(&b.name, &b.mac))).copied()
}

pub(super) fn is_on_default_switch(adapter: &Adapter) -> bool {
    adapter.switch_id.as_deref().is_some_and(|switch| switch.eq_ignore_ascii_case(DEFAULT_SWITCH))
}

/// The form in which Ids are compared.
pub(super) fn id(text: &str) -> String {
    text.to_ascii_lowercase()
}
