//! What Hyper-V shows of every machine: which VM it has, whether that is ours and runs, and which address it has.
//!
//! Machines have one order everywhere: those of the config as it lists them, then those that only the state
//! knows, sorted by name. VMs are known by Id; all names are compared exactly, and sorted by their bytes.

mod identifiers;
mod snapshot;
mod candidates;
mod machine;
mod index;
mod diagnosis;
mod poll;

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::config::Config;
use crate::config::names::VmNames;
use crate::ownership;
use crate::state::{KnownMachine, State};
use candidates::{Candidate, Knowledge, choose};
use index::Index;

pub use candidates::{Choice, Range, Reason};
pub use diagnosis::{
    EXCHANGE_DISABLED, NO_CONTACT, daemon_remedy, diagnose, enable_exchange, first_few, seed_hint,
};
pub(crate) use identifiers::{ByVm, VmIdKey};
pub use identifiers::{MachineName, VmId, shared};
pub use machine::{Evidence, Found, MachineState, Network, NotOwnedMachine, Row, Source};
pub use poll::{Awaited, Clock, Poll, poll};
pub use snapshot::{
    Adapter, DEFAULT_SWITCH, GuestFacts, HostAddress, KvpStatus, Neighbour, Snapshot, Vm, is_running,
    merge_snapshots,
};

/// What a snapshot shows of every machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Discovery<'a> {
    /// Every machine, in the order of this room.
    pub machines: Vec<Found<'a>>,
}

impl<'a> Discovery<'a> {
    /// The machines that take part.
    pub fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.machines.iter().filter_map(|found| match found {
            Found::Row(row) => Some(row),
            Found::NotOwned(_) => None,
        })
    }

    /// The machines of the config that run without an IPv4 address.
    pub fn without_address(&self) -> impl Iterator<Item = &Row<'a>> {
        self.rows().filter(|row| row.is_without_address())
    }

    /// Whether the state knows machines, and Hyper-V shows the VM of none of them.
    pub fn is_of_another_host(&self) -> bool {
        let mut known = self.rows().filter(|row| row.known.is_some()).peekable();
        let all_missing = known.peek().is_some() && known.all(|row| row.state == MachineState::Missing);
        all_missing && !self.machines.iter().any(|found| matches!(found, Found::NotOwned(_)))
    }

    /// The addresses that two or more machines have. Neither may be named or entered.
    pub fn shared_ipv4(&self) -> HashSet<Ipv4Addr> {
        shared(self.rows().filter_map(|row| row.network.ipv4))
    }
}

/// Finds every machine of the config and of the state in a snapshot.
pub fn discover<'a>(config: &'a Config, state: &'a State, snapshot: &Snapshot) -> Discovery<'a> {
    let index = Index::of(snapshot);
    let vm_names = VmNames::new(&config.project, &config.config_path);
    let machines = machines(config, state)
        .map(|(name, known, in_config)| {
            let vm_name = vm_names.of(name).into();
            find(&index, config, Sought { name, vm_name, known, in_config })
        })
        .collect();
    Discovery { machines }
}

/// Name, entry in the state, and whether the config has it: of every machine, in the order of this room.
pub(crate) fn machines<'a>(
    config: &'a Config,
    state: &'a State,
) -> impl Iterator<Item = (&'a str, Option<KnownMachine<'a>>, bool)> {
    // They stand in the state as they were made, which is mostly the order of the config: then none is searched for.
    let mut next = state.machines().peekable();
    let mut known =
        |name: &str| next.next_if(|known| known.machine_name == name).or_else(|| state.machine(name));
    let configured = config.machines.iter().map(|machine| machine.name.as_str());
    let first: Vec<_> = configured.map(|name| (name, known(name), true)).collect();
    let in_both = first.iter().filter(|(_, known, _)| known.is_some()).count();
    let mut others = Vec::new();
    // A config has each name once. Where it has all that the state knows, as it nearly always does, none is looked up twice.
    if in_both != state.machines().count() {
        let configured: HashSet<&str> = first.iter().map(|(name, ..)| *name).collect();
        others.extend(state.machines().filter(|known| !configured.contains(known.machine_name)));
        others.sort_by_key(|known| known.machine_name);
    }
    first.into_iter().chain(others.into_iter().map(|known| (known.machine_name, Some(known), false)))
}

struct Sought<'a> {
    name: &'a str,
    vm_name: Arc<str>,
    known: Option<KnownMachine<'a>>,
    in_config: bool,
}

impl<'a> Sought<'a> {
    /// The Id of its VM as the state has it.
    fn vm_id(&self) -> Option<&'a str> {
        self.known?.vm_id()
    }

    /// The last address that the state knows, also of a machine that was off in between.
    fn last_ipv4(&self) -> Option<Ipv4Addr> {
        let network = self.known?.network()?;
        network.ipv4().or(network.previous_ipv4())
    }

    /// The row of a machine whose VM is not there.
    fn absent(self) -> Row<'a> {
        Row {
            machine_name: self.name.into(),
            vm_id: self.vm_id().map(VmId::from),
            vm_name: self.vm_name,
            vm_state: None,
            namesake: None,
            state: MachineState::Missing,
            network: Arc::default(),
            choice: None,
            in_config: self.in_config,
            known: self.known,
            evidence: None,
        }
    }

    fn not_owned(self, actual_vm_name: &str, reason: ownership::NotOwned) -> Found<'a> {
        Found::NotOwned(NotOwnedMachine {
            machine_name: self.name.into(),
            vm_name: self.vm_name,
            actual_vm_name: actual_vm_name.into(),
            reason,
            in_config: self.in_config,
        })
    }
}

fn find<'a>(index: &Index<'_>, config: &Config, sought: Sought<'a>) -> Found<'a> {
    if sought.known.is_none() && index.named(&sought.vm_name).is_some() {
        let vm_name = sought.vm_name.clone();
        return sought.not_owned(&vm_name, ownership::NotOwned::NotInState);
    }
    let Some(vm) = sought.vm_id().and_then(|id| index.vm(id)) else {
        let namesake = index.named(&sought.vm_name).cloned();
        return Found::Row(Row { namesake, ..sought.absent() });
    };
    if let Err(reason) = ownership::check(&vm.notes, &vm.name, &sought.vm_name, &config.config_path) {
        return sought.not_owned(&vm.name, reason);
    }
    let seen = vm.is_running().then(|| Seen::of(index, vm, &sought));
    let mut row = Row { state: MachineState::Off, vm_state: Some(vm.state.clone()), ..sought.absent() };
    if let Some(Seen { network, choice, evidence }) = seen {
        row.state = if network.ipv4.is_some() { MachineState::Discovered } else { MachineState::NoIp };
        (row.network, row.choice, row.evidence) = (Arc::new(network), choice, evidence);
    }
    Found::Row(row)
}

/// What adapters and neighbours show of a running VM.
struct Seen {
    network: Network,
    choice: Option<Box<Choice>>,
    evidence: Option<Box<Evidence>>,
}

impl Seen {
    fn of(index: &Index<'_>, vm: &Vm, sought: &Sought<'_>) -> Seen {
        let chosen = snapshot::chosen(index.adapters(vm));
        let (network, choice) = chosen.map(|adapter| network(index, adapter, sought)).unwrap_or_default();
        let choice = choice.map(Box::new);
        if network.source == Some(Source::Hyperv) {
            return Seen { network, choice, evidence: None };
        }
        let evidence = Evidence {
            adapters: index.adapters(vm).cloned().collect(),
            reported: chosen.map(|adapter| adapter.ip_addresses.clone()).unwrap_or_default(),
            guest: index.guests.get(&vm.id).copied().cloned(),
            unknown_to_neighbours: index.knows_neighbours && network.mac.is_some() && network.ipv4.is_none(),
            uptime_seconds: vm.uptime_seconds,
            seed: sought.known.and_then(|known| known.seed()).map(|seed| seed.kind),
        };
        Seen { network, choice, evidence: Some(Box::new(evidence)) }
    }
}

fn network(index: &Index<'_>, adapter: &Adapter, sought: &Sought<'_>) -> (Network, Option<Choice>) {
    let mac = identifiers::mac(&adapter.mac);
    let reported = identifiers::usable_ipv4(&adapter.ip_addresses);
    let reported = reported.map(|ipv4| Candidate { ipv4, doubt: 0 });
    let known_to_host = || {
        let switch = adapter.switch_name.as_deref().unwrap_or_default();
        mac.as_deref().map(|mac| index.neighbour_ipv4(mac, switch)).unwrap_or_default().into_iter()
    };
    let knowledge = || Knowledge { known: || sought.last_ipv4(), ranges: &index.ranges };
    let chosen = choose(reported, knowledge()).map(|chosen| (chosen, Source::Hyperv));
    let chosen = chosen.or_else(|| choose(known_to_host(), knowledge()).map(|chosen| (chosen, Source::Arp)));
    let (chosen, source) = chosen.unzip();
    let (ipv4, choice) = chosen.unzip();
    let network = Network {
        source,
        ipv4,
        ipv6: identifiers::ipv6(&adapter.ip_addresses),
        mac,
        adapter_name: Some(adapter.name.clone()),
    };
    (network, choice.flatten())
}
