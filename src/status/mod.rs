//! What there is: every machine as state, config and Hyper-V know it, and where the three disagree.

mod drift;
mod time;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::{Config, Machine, names};
use crate::discovery::{Look, Vm, machines};
use crate::guest::{Component, Transport, choose};
use crate::report::SyncTarget;
use crate::state::{KnownMachine, State};

pub use drift::{Drift, DriftCode};

/// The machines of a config and its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The project's name.
    pub project: String,
    /// The config, absolute.
    pub config_path: String,
    /// Whether Hyper-V was there to ask; where not, rows say what the state knows.
    pub hyper_v_answered: bool,
    /// A row for each machine: those of the config in its order, then those only in the state, by name.
    pub machines: Vec<StatusRow>,
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusRow {
    /// Its name: also its hostname.
    pub machine_name: String,
    /// The name of its VM: the real one where Hyper-V shows it, else the one it was given.
    pub vm_name: String,
    /// The Id of its VM; `None` where it was never created.
    pub vm_id: Option<String>,
    /// The state of its VM as Hyper-V spells it, or `Missing`, `NotCreated`, or `Unknown` where Hyper-V did not answer.
    pub state: String,
    /// Its address at the last reconcile.
    pub ipv4: Option<String>,
    /// Its IPv6 addresses at the last reconcile.
    pub ipv6: Vec<String>,
    /// Its MAC at the last reconcile.
    pub mac: Option<String>,
    /// The adapter that this is from.
    pub adapter_name: Option<String>,
    /// Who told the address.
    pub source: Option<String>,
    /// The last address before that one.
    pub previous_ipv4: Option<String>,
    /// When the address was found.
    pub discovered_at: Option<String>,
    /// How long ago that was, in words.
    pub seen: Option<String>,
    /// Whether the config names it.
    pub in_config: bool,
    /// Its VM's processors as Hyper-V shows them.
    pub processor_count: Option<u32>,
    /// Its VM's memory at start as Hyper-V shows it, in MB.
    #[serde(rename = "memoryMB")]
    pub memory_mb: Option<u64>,
    /// Its checkpoints as the state has them, verbatim.
    pub checkpoints: Vec<Value>,
    /// Where config, state and Hyper-V disagree.
    pub drift: Vec<Drift>,
    /// For a running machine of the config: the transport into its guest, or `none:` and what is missing.
    pub guest_transport: Option<String>,
}

impl Status {
    /// Says for each running machine of the config which transport reaches its guest, or what is missing. That is asked
    /// as if a credential were at hand: whoever asks for the status has given none yet.
    pub fn say_transports(&mut self, components: &[Component]) {
        if !self.hyper_v_answered {
            return;
        }
        let running: Vec<(usize, SyncTarget)> = self
            .machines
            .iter()
            .enumerate()
            .filter(|(_, row)| row.in_config && row.state == "Running")
            .filter_map(|(at, row)| {
                let guest = SyncTarget {
                    machine_name: row.machine_name.clone(),
                    vm_id: row.vm_id.clone()?,
                    vm_name: row.vm_name.clone(),
                    target: row.vm_name.clone(),
                };
                Some((at, guest))
            })
            .collect();
        let (rows, guests): (Vec<usize>, Vec<SyncTarget>) = running.into_iter().unzip();
        for (at, choice) in rows.into_iter().zip(choose(guests, Transport::Auto, true, components)) {
            if let Some(row) = self.machines.get_mut(at) {
                row.guest_transport = Some(choice.to_string());
            }
        }
    }
}

/// Looks at every machine of the config and of the state. Without a look, rows say what the state knows. `now` is
/// ISO 8601, UTC.
pub fn status(config: &Config, state: &State, look: Option<&Look>, now: &str) -> Status {
    let hyper_v = look.map(HyperV::of);
    let configured: HashMap<&str, &Machine> =
        config.machines.iter().map(|machine| (machine.name.as_str(), machine)).collect();
    let rows = machines(config, state).map(|(name, known, in_config)| {
        let subject = Subject {
            name,
            expected_vm_name: names::vm_name(&config.project, name, &config.config_path),
            known,
            machine: configured.get(name).copied(),
            in_config,
        };
        subject.row(hyper_v.as_ref(), &config.config_path, now)
    });
    Status {
        project: config.project.clone(),
        config_path: config.config_path.clone(),
        hyper_v_answered: look.is_some(),
        machines: rows.collect(),
    }
}

struct HyperV<'a> {
    by_id: HashMap<String, &'a Vm>,
    by_name: HashMap<&'a str, &'a Vm>,
}

impl<'a> HyperV<'a> {
    fn of(look: &'a Look) -> Self {
        HyperV {
            by_id: look.vms.iter().map(|vm| (vm.id.to_ascii_lowercase(), vm)).collect(),
            by_name: look.vms.iter().map(|vm| (vm.name.as_str(), vm)).collect(),
        }
    }
}

struct Subject<'a> {
    name: &'a str,
    expected_vm_name: String,
    known: Option<KnownMachine<'a>>,
    machine: Option<&'a Machine>,
    in_config: bool,
}

impl Subject<'_> {
    fn row(&self, hyper_v: Option<&HyperV<'_>>, config_path: &str, now: &str) -> StatusRow {
        let vm_id = self.known.and_then(|known| known.vm_id());
        let vm = hyper_v.zip(vm_id).and_then(|(all, id)| all.by_id.get(&id.to_ascii_lowercase()).copied());
        let namesake = hyper_v.and_then(|all| all.by_name.get(self.expected_vm_name.as_str()).copied());
        let drift = drift::Findings {
            subject: self,
            vm,
            namesake: namesake.filter(|_| self.known.is_none()),
            hyper_v_answered: hyper_v.is_some(),
            config_path,
            now,
        };
        let given = self.known.and_then(|known| known.vm_name()).unwrap_or(&self.expected_vm_name);
        let network = self.known.and_then(|known| known.network());
        StatusRow {
            machine_name: self.name.to_owned(),
            vm_name: vm.map_or(given, |vm| vm.name.as_str()).to_owned(),
            vm_id: vm_id.map(str::to_owned),
            state: self.state(vm, hyper_v.is_some()),
            ipv4: text(network, "ipv4"),
            ipv6: texts(network, "ipv6"),
            mac: text(network, "mac"),
            adapter_name: text(network, "adapterName"),
            source: text(network, "ipv4").and_then(|_| text(network, "source")),
            previous_ipv4: text(network, "previousIpv4"),
            seen: text(network, "discoveredAt").and_then(|at| time::ago(&at, now)),
            discovered_at: text(network, "discoveredAt"),
            in_config: self.in_config,
            processor_count: vm.and_then(|vm| vm.processor_count),
            memory_mb: vm.and_then(|vm| vm.memory_startup_bytes).map(drift::to_mb),
            checkpoints: self.checkpoints(),
            drift: drift.all(),
            guest_transport: None,
        }
    }

    fn state(&self, vm: Option<&Vm>, hyper_v_answered: bool) -> String {
        match (vm, self.known) {
            (Some(vm), _) => vm.state.clone(),
            (None, None) => "NotCreated".to_owned(),
            (None, Some(_)) if hyper_v_answered => "Missing".to_owned(),
            (None, Some(_)) => "Unknown".to_owned(),
        }
    }

    fn checkpoints(&self) -> Vec<Value> {
        let stored = self.known.and_then(|known| known.entry().get("checkpoints"));
        stored.and_then(Value::as_array).cloned().unwrap_or_default()
    }
}

fn text(network: Option<&Map<String, Value>>, key: &str) -> Option<String> {
    network?.get(key)?.as_str().map(str::to_owned)
}

fn texts(network: Option<&Map<String, Value>>, key: &str) -> Vec<String> {
    let list = network.and_then(|network| network.get(key)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
