//! What was found out about one machine.

use serde::{Deserialize, Serialize};

use super::look::GuestFacts;
use super::ownership::NotOwnedReason;

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
    /// Its VM is not there: gone, or never created.
    Missing,
}

/// Who told the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Hyper-V, which has it from the guest's Data Exchange daemon.
    Hyperv,
    /// The host's neighbour table, by MAC.
    Arp,
}

/// What a look shows of a machine's network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Its address.
    pub ipv4: Option<String>,
    /// Its IPv6 addresses, text and order as the guest reports them.
    pub ipv6: Vec<String>,
    /// Its MAC, as in `00:15:5D:01:02:03`.
    pub mac: Option<String>,
    /// The adapter that all this is from.
    pub adapter_name: Option<String>,
    /// Who told the address.
    pub source: Option<Source>,
}

/// A machine of the config, or one that only the state knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// It is ours, or it is not there: it takes part.
    Row(Box<Row>),
    /// There is a VM that is not provably ours: nothing happens to it.
    NotOwned(NotOwned),
}

/// A machine that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name: also its hostname.
    pub machine_name: String,
    /// The name of its VM as it is computed from the config.
    pub vm_name: String,
    /// The Id of its VM as the state knows it; `None` where it was never created.
    pub vm_id: Option<String>,
    /// The state of its VM as Hyper-V spells it; `None` where there is no VM.
    pub vm_state: Option<String>,
    /// How it was found.
    pub state: MachineState,
    /// What was found of its network; empty unless it runs.
    pub network: Network,
    /// Whether the config names it.
    pub in_config: bool,
    /// Whether the state knows it.
    pub in_state: bool,
    /// For a running machine: what a diagnosis needs to know beyond that.
    pub evidence: Option<Evidence>,
}

impl Row {
    /// Whether it runs without an adapter on the Default Switch.
    pub fn is_off_switch(&self) -> bool {
        self.evidence.as_ref().is_some_and(|seen| !seen.adapters.iter().any(|a| a.is_on_default_switch))
    }

    /// Whether the run waits for it, and fails without it: in the config, running, without an address.
    pub fn is_silent(&self) -> bool {
        self.in_config && self.state == MachineState::NoIp
    }
}

/// What was seen of a running machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Every adapter it has.
    pub adapters: Vec<SeenAdapter>,
    /// All that the guest reports for the adapter that counts, usable or not.
    pub reported: Vec<String>,
    /// What is known of its Data Exchange daemon.
    pub guest: Option<GuestFacts>,
    /// Whether the neighbour table was asked for it, and had nothing.
    pub unknown_to_neighbours: bool,
    /// For how many seconds it has been running.
    pub uptime_seconds: Option<f64>,
}

/// An adapter as far as a person needs to know it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenAdapter {
    /// Its name.
    pub name: String,
    /// The switch it is connected to, if any.
    pub switch_name: Option<String>,
    /// Whether that is the Default Switch.
    pub is_on_default_switch: bool,
}

/// A machine whose VM is not provably ours.
#[derive(Debug, Clone, PartialEq)]
pub struct NotOwned {
    /// The machine's name.
    pub machine_name: String,
    /// The name of its VM as it is computed from the config.
    pub vm_name: String,
    /// The name that the VM in question really has.
    pub actual_vm_name: String,
    /// The Id of that VM, where the state knows it.
    pub vm_id: Option<String>,
    /// What speaks against it.
    pub reason: NotOwnedReason,
    /// Whether the config names the machine.
    pub in_config: bool,
}
