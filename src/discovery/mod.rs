//! What one look at Hyper-V says about every machine: who is there, who runs, who has which address.
//!
//! Machines stand in one order everywhere: those of the config as it lists them, then those that only the state
//! knows, sorted by name. VMs are known by Id; all names are compared exactly, and sorted by their bytes.

mod address;
mod diagnosis;
mod index;
mod look;
mod machine;
mod merge;
mod ownership;
mod packages;
mod poll;

use std::collections::HashSet;

use crate::config::{Config, names};
use crate::state::{KnownMachine, State};
use index::Index;

pub use address::{is_usable_ipv4, shared};
pub use diagnosis::diagnose;
pub use look::{Adapter, GuestFacts, KvpStatus, Look, Neighbour, Vm};
pub use machine::{Evidence, Found, MachineState, Network, NotOwned, Row, SeenAdapter, Source};
pub use merge::merge_looks;
pub use ownership::NotOwnedReason;
pub(crate) use ownership::verify as verify_ownership;
pub use packages::daemon_remedy;
pub use poll::{Awaited, Clock, Poll, poll};

/// What a look says about every machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Discovery {
    /// Every machine, in the order of the house.
    pub machines: Vec<Found>,
}

impl Discovery {
    /// The machines that take part.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.machines.iter().filter_map(|found| match found {
            Found::Row(row) => Some(row.as_ref()),
            Found::NotOwned(_) => None,
        })
    }

    /// The machines whose VM is not provably ours.
    pub fn not_owned(&self) -> impl Iterator<Item = &NotOwned> {
        self.machines.iter().filter_map(|found| match found {
            Found::NotOwned(machine) => Some(machine),
            Found::Row(_) => None,
        })
    }

    /// The machines of the config that run without an IPv4 address: the gate fails on each of them.
    pub fn silent(&self) -> impl Iterator<Item = &Row> {
        self.rows().filter(|row| row.is_silent())
    }

    /// The addresses that two or more machines have. Neither may be named or entered.
    pub fn shared_ipv4(&self) -> HashSet<&str> {
        shared(self.rows().filter_map(|row| row.network.ipv4.as_deref()))
    }
}

/// Finds every machine of the config and of the state in a look.
pub fn discover(config: &Config, state: &State, look: &Look) -> Discovery {
    let index = Index::of(look);
    let machines = machines(config, state)
        .map(|(name, known, in_config)| {
            let vm_name = names::vm_name(&config.project, name, &config.config_path);
            find(&index, config, &Sought { name, vm_name, known, in_config })
        })
        .collect();
    Discovery { machines }
}

/// Name, entry in the state, and whether the config has it: of every machine, in the order of the house.
pub(crate) fn machines<'a>(
    config: &'a Config,
    state: &'a State,
) -> impl Iterator<Item = (&'a str, Option<KnownMachine<'a>>, bool)> {
    let configured: HashSet<&str> = config.machines.iter().map(|machine| machine.name.as_str()).collect();
    let mut others: Vec<KnownMachine<'a>> =
        state.machines().filter(|known| !configured.contains(known.machine_name)).collect();
    others.sort_by_key(|known| known.machine_name);
    let first =
        config.machines.iter().map(|machine| (machine.name.as_str(), state.machine(&machine.name), true));
    first.chain(others.into_iter().map(|known| (known.machine_name, Some(known), false)))
}

struct Sought<'a> {
    name: &'a str,
    vm_name: String,
    known: Option<KnownMachine<'a>>,
    in_config: bool,
}

impl Sought<'_> {
    fn absent(&self) -> Row {
        Row {
            machine_name: self.name.to_owned(),
            vm_name: self.vm_name.clone(),
            vm_id: self.known.and_then(|known| known.vm_id()).map(str::to_owned),
            vm_state: None,
            state: MachineState::Missing,
            network: Network::default(),
            in_config: self.in_config,
            in_state: self.known.is_some(),
            evidence: None,
        }
    }

    fn not_owned(&self, actual_vm_name: &str, reason: NotOwnedReason) -> Found {
        Found::NotOwned(NotOwned {
            machine_name: self.name.to_owned(),
            vm_name: self.vm_name.clone(),
            actual_vm_name: actual_vm_name.to_owned(),
            vm_id: self.known.and_then(|known| known.vm_id()).map(str::to_owned),
            reason,
            in_config: self.in_config,
        })
    }
}

fn find(index: &Index<'_>, config: &Config, sought: &Sought<'_>) -> Found {
    let Some(known) = sought.known else {
        return match index.has_vm_named(&sought.vm_name) {
            true => sought.not_owned(&sought.vm_name, NotOwnedReason::NotInState),
            false => Found::Row(Box::new(sought.absent())),
        };
    };
    let Some(vm) = known.vm_id().and_then(|id| index.vm(id)) else {
        return Found::Row(Box::new(sought.absent()));
    };
    if let Err(reason) = ownership::verify(&vm.notes, &vm.name, &sought.vm_name, &config.config_path) {
        return sought.not_owned(&vm.name, reason);
    }
    let mut row = Row { state: MachineState::Off, vm_state: Some(vm.state.clone()), ..sought.absent() };
    if vm.is_running() {
        observe(index, vm, &mut row);
    }
    Found::Row(Box::new(row))
}

/// Fills in what adapters and neighbours say about a running VM.
fn observe(index: &Index<'_>, vm: &Vm, row: &mut Row) {
    let adapters = index.adapters(&vm.id);
    let mut evidence = Evidence {
        adapters: adapters.iter().copied().map(seen).collect(),
        guest: index.guest(&vm.id).cloned(),
        uptime_seconds: vm.uptime_seconds,
        ..Evidence::default()
    };
    if let Some(adapter) = index::chosen(adapters) {
        evidence.reported.clone_from(&adapter.ip_addresses);
        row.network = network(index, adapter);
        evidence.unknown_to_neighbours =
            index.knows_neighbours && row.network.mac.is_some() && row.network.ipv4.is_none();
    }
    row.state = if row.network.ipv4.is_some() { MachineState::Discovered } else { MachineState::NoIp };
    row.evidence = Some(evidence);
}

fn network(index: &Index<'_>, adapter: &Adapter) -> Network {
    let mac = address::mac(&adapter.mac);
    let reported = address::usable_ipv4(&adapter.ip_addresses);
    let ipv4 = reported.or_else(|| {
        index.neighbour_ipv4(mac.as_deref()?, adapter.switch_name.as_deref().unwrap_or_default())
    });
    let source = if reported.is_some() { Source::Hyperv } else { Source::Arp };
    Network {
        source: ipv4.is_some().then_some(source),
        ipv4: ipv4.map(str::to_owned),
        ipv6: address::ipv6(&adapter.ip_addresses),
        mac,
        adapter_name: Some(adapter.name.clone()),
    }
}

fn seen(adapter: &Adapter) -> SeenAdapter {
    SeenAdapter {
        name: adapter.name.clone(),
        switch_name: adapter.switch_name.clone(),
        is_on_default_switch: index::is_on_default_switch(adapter),
    }
}
