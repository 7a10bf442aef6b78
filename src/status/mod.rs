//! What there is: every machine as state, config and Hyper-V know it, and where the three disagree.

mod drift;

use std::collections::HashMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::names::VmNames;
use crate::config::{Config, Machine};
use crate::discovery::{MachineName, Snapshot, Vm, VmId, is_running, machines};
use crate::guest::{Component, Known, SyncTarget, TransportChoice, choose};
use crate::state::{Holder, State, Timestamp, Watched};
use drift::Subject;

pub use drift::{Drift, DriftCode};

/// The machines of a config and its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The project's name.
    pub project: String,
    /// The config, absolute.
    pub config_path: String,
    /// Whether Hyper-V answered; where not, rows show what the state knows.
    pub hyper_v_answered: bool,
    /// The watch that runs over the lab, if one does.
    pub watch: Option<RunningWatch>,
    /// A row for each machine: those of the config in its order, then those only in the state, by name.
    pub machines: Vec<StatusRow>,
}

/// A watch that runs. What it says of itself is not known where that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunningWatch {
    /// Its process, as in `process 4711 on LAB1`.
    pub process: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
}

impl From<Watched> for RunningWatch {
    fn from(watched: Watched) -> Self {
        let holder = watched.holder.as_ref();
        RunningWatch { process: holder.map(Holder::process), started_at: holder.map(|holder| holder.since) }
    }
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusRow {
    /// Its name: also its hostname.
    pub machine_name: MachineName,
    /// The name of its VM: the real one where Hyper-V shows it, else the one it was given.
    pub vm_name: String,
    /// The Id of its VM; `None` where it was never created.
    pub vm_id: Option<VmId>,
    /// The state of its VM as Hyper-V spells it, or `Missing`, `NotCreated`, or `Unknown` where Hyper-V did not answer.
    pub state: String,
    /// Its address at the last reconcile.
    pub ipv4: Option<Ipv4Addr>,
    /// Its IPv6 addresses at the last reconcile.
    pub ipv6: Vec<String>,
    /// Its MAC at the last reconcile.
    pub mac: Option<String>,
    /// The adapter that this is from.
    pub adapter_name: Option<String>,
    /// Where the address is from.
    pub source: Option<String>,
    /// The last address before that one.
    pub previous_ipv4: Option<Ipv4Addr>,
    /// When the address was found.
    pub discovered_at: Option<Timestamp>,
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
    /// Sets for each running machine of the config which transport reaches its guest, or what is missing. That is asked
    /// as if a credential were given, since none is asked for here.
    pub fn say_transports(&mut self, components: &[Component]) {
        if !self.hyper_v_answered {
            return;
        }
        let running: Vec<(usize, SyncTarget)> = self
            .machines
            .iter()
            .enumerate()
            .filter(|(_, row)| row.in_config && is_running(&row.state))
            .filter_map(|(at, row)| {
                let vm_id = row.vm_id.clone()?;
                let guest = SyncTarget::new(row.machine_name.clone(), vm_id, row.vm_name.as_str().into());
                Some((at, guest))
            })
            .collect();
        let (rows, guests): (Vec<usize>, Vec<SyncTarget>) = running.into_iter().unzip();
        for (at, choice) in
            rows.into_iter().zip(choose(guests, TransportChoice::Auto, true, Known::Components(components)))
        {
            if let Some(row) = self.machines.get_mut(at) {
                row.guest_transport = Some(choice.to_string());
            }
        }
    }
}

/// The status of every machine of the config and of the state. Without a snapshot, rows show what the state knows.
pub fn status(config: &Config, state: &State, snapshot: Option<&Snapshot>, now: Timestamp) -> Status {
    let vms = || snapshot.iter().flat_map(|snapshot| &snapshot.vms);
    let by_id: HashMap<&VmId, &Vm> = vms().map(|vm| (&vm.id, vm)).collect();
    let by_name: HashMap<&str, &Vm> = vms().map(|vm| (vm.name.as_str(), vm)).collect();
    let configured: HashMap<&str, &Machine> =
        config.machines.iter().map(|machine| (machine.name.as_str(), machine)).collect();
    let vm_names = VmNames::new(&config.project, &config.config_path);
    let rows = machines(config, state).map(|(name, known, in_config)| {
        let vm_id = known.and_then(|known| known.vm_id()).map(VmId::from);
        let expected_vm_name = vm_names.of(name);
        let subject = Subject {
            name,
            known,
            machine: configured.get(name).copied(),
            in_config,
            vm: vm_id.as_ref().and_then(|id| by_id.get(id).copied()),
            namesake: by_name.get(expected_vm_name.as_str()).copied(),
            expected_vm_name,
            hyper_v_answered: snapshot.is_some(),
            config_path: &config.config_path,
            now,
        };
        row(&subject, vm_id)
    });
    Status {
        project: config.project.clone(),
        config_path: config.config_path.clone(),
        hyper_v_answered: snapshot.is_some(),
        watch: None,
        machines: rows.collect(),
    }
}

fn row(subject: &Subject<'_>, vm_id: Option<VmId>) -> StatusRow {
    let Subject { known, vm, now, .. } = *subject;
    let given = known.and_then(|known| known.vm_name()).unwrap_or(&subject.expected_vm_name);
    let network = known.and_then(|known| known.network());
    let ipv4 = network.and_then(|network| network.ipv4());
    let discovered_at = network.and_then(|network| network.discovered_at());
    let checkpoints = known.and_then(|known| known.entry().get("checkpoints"));
    let state = match (vm, known) {
        (Some(vm), _) => vm.state.as_str(),
        (None, None) => "NotCreated",
        (None, Some(_)) if subject.hyper_v_answered => "Missing",
        (None, Some(_)) => "Unknown",
    };
    StatusRow {
        machine_name: subject.name.into(),
        vm_name: vm.map_or(given, |vm| vm.name.as_str()).to_owned(),
        vm_id,
        state: state.to_owned(),
        ipv4,
        ipv6: network.into_iter().flat_map(|network| network.ipv6()).map(str::to_owned).collect(),
        mac: network.and_then(|network| network.mac()).map(str::to_owned),
        adapter_name: network.and_then(|network| network.adapter_name()).map(str::to_owned),
        source: ipv4.and(network).and_then(|network| network.source()).map(str::to_owned),
        previous_ipv4: network.and_then(|network| network.previous_ipv4()),
        seen: discovered_at.map(|at| ago(at, now)),
        discovered_at,
        in_config: subject.in_config,
        processor_count: vm.and_then(|vm| vm.processor_count),
        memory_mb: vm.and_then(|vm| vm.memory_startup_bytes).map(drift::to_mb),
        checkpoints: checkpoints.and_then(Value::as_array).cloned().unwrap_or_default(),
        drift: subject.drift(),
        guest_transport: None,
    }
}

/// How long before `now` `then` was, in words; a time ahead of the clock is `just now`.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}
