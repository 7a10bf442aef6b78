//! What a snapshot shows of one machine.

use std::fmt::{self, Display};
use std::net::Ipv4Addr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::candidates::Choice;
use super::identifiers::{MachineName, VmId};
use super::snapshot::{Adapter, GuestFacts};
use crate::ownership;
use crate::state::{KnownMachine, SeedKind};

/// How a machine was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineState {
    /// It runs and has an IPv4 address.
    Discovered,
    /// It runs and has none.
    NoIp,
    /// Its VM is there and does not run.
    Off,
    /// It has no VM: removed from Hyper-V, or never created.
    Missing,
}

/// As the table of a report has it.
impl Display for MachineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MachineState::Discovered => "discovered",
            MachineState::NoIp => "no address",
            MachineState::Off => "off",
            MachineState::Missing => "missing",
        })
    }
}

/// Where the address is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Hyper-V, which has it from the guest's Data Exchange daemon.
    Hyperv,
    /// The host's neighbour table, by MAC.
    Arp,
}

impl Source {
    /// Its name, as state.json and the table of a report have it.
    pub fn name(self) -> &'static str {
        match self {
            Source::Hyperv => "hyperv",
            Source::Arp => "arp",
        }
    }

    /// The one of that name.
    pub fn of(name: &str) -> Option<Source> {
        [Source::Hyperv, Source::Arp].into_iter().find(|source| source.name() == name)
    }
}

/// What a snapshot shows of a machine's network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Its address.
    pub ipv4: Option<Ipv4Addr>,
    /// Its IPv6 addresses, text and order as the guest reports them.
    pub ipv6: Vec<String>,
    /// Its MAC, as in `00:15:5D:01:02:03`.
    pub mac: Option<String>,
    /// The adapter that all this is from.
    pub adapter_name: Option<String>,
    /// Where the address is from.
    pub source: Option<Source>,
}

/// A machine of the config, or one that only the state knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'a> {
    /// It is ours, or it is not there: it takes part.
    Row(Row<'a>),
    /// There is a VM that is not ours: nothing happens to it.
    NotOwned(NotOwnedMachine),
}

impl Found<'_> {
    /// Whether the state knows it.
    pub fn is_in_state(&self) -> bool {
        match self {
            Found::Row(row) => row.known.is_some(),
            Found::NotOwned(machine) => machine.reason != ownership::NotOwned::NotInState,
        }
    }
}

/// A machine that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// Its name.
    pub machine_name: MachineName,
    /// The name of its VM as it is computed from the config.
    pub vm_name: Arc<str>,
    /// The Id of its VM as the state knows it; `None` where it was never created.
    pub vm_id: Option<VmId>,
    /// The state of its VM as Hyper-V spells it; `None` where there is no VM.
    pub vm_state: Option<String>,
    /// The Id of another VM of that name, where its own is gone from Hyper-V.
    pub namesake: Option<VmId>,
    /// How it was found.
    pub state: MachineState,
    /// What was found of its network, which all that tell of it share; empty unless it runs.
    pub network: Arc<Network>,
    /// How its address was chosen, where there were several.
    pub choice: Option<Box<Choice>>,
    /// Whether the config names it.
    pub in_config: bool,
    /// What the state knows of it; `None` where it was never created.
    pub known: Option<KnownMachine<'a>>,
    /// For a running machine whose address the guest does not report: what else a diagnosis needs.
    pub evidence: Option<Box<Evidence>>,
}

impl Row<'_> {
    /// Whether it runs without an adapter on the Default Switch.
    pub fn is_off_switch(&self) -> bool {
        self.evidence.as_ref().is_some_and(|seen| !seen.adapters.iter().any(Adapter::is_on_default_switch))
    }

    /// Whether it is in the config and runs without an IPv4 address: the run waits for it, and stops without it unless
    /// AllowPartial is set.
    pub fn is_without_address(&self) -> bool {
        self.in_config && self.state == MachineState::NoIp
    }
}

/// What was seen of a running machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Every adapter it has.
    pub adapters: Vec<Adapter>,
    /// All that the guest reports for the adapter that counts, usable or not.
    pub reported: Vec<String>,
    /// What is known of its Data Exchange daemon.
    pub guest: Option<GuestFacts>,
    /// Whether the neighbour table was read and does not know it.
    pub unknown_to_neighbours: bool,
    /// For how many seconds it has been running.
    pub uptime_seconds: Option<f64>,
    /// Who was to read the disc for its first boot, where it was created with one.
    pub seed: Option<SeedKind>,
}

/// A machine whose VM is not ours.
#[derive(Debug, Clone, PartialEq)]
pub struct NotOwnedMachine {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The name of its VM as it is computed from the config.
    pub vm_name: Arc<str>,
    /// The name that the VM has in Hyper-V.
    pub actual_vm_name: Arc<str>,
    /// Why it is not ours.
    pub reason: ownership::NotOwned,
    /// Whether the config names the machine.
    pub in_config: bool,
}
