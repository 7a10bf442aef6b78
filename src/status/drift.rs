//! Where config, state and Hyper-V disagree about a machine.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::Machine;
use crate::discovery::Vm;
use crate::ownership::{self, NotOwned};
use crate::state::{KnownMachine, Timestamp};

/// The stable name of a disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DriftCode {
    /// The config names the machine, and it was not created yet.
    NotCreated,
    /// The state knows the machine, the config does not name it any more.
    NotInConfig,
    /// The state knows the machine, Hyper-V does not any more.
    Missing,
    /// There is a VM, and it is not ours.
    NotOurs,
    /// The VM has the marker, and was given another name.
    NameChanged,
    /// The VM has other processors than the config says.
    CpuDiffers,
    /// The VM has other memory than the config says.
    MemoryDiffers,
    /// The VM is of another generation than the config says.
    GenerationDiffers,
    /// Hyper-V makes a checkpoint of the VM at each start.
    AutomaticCheckpoints,
    /// No reconcile has recorded an address for the machine yet.
    NeverReconciled,
    /// The VM was started after its address was recorded, so it may have another one by now.
    AddressOlderThanStart,
}

/// One disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// What it is.
    pub code: DriftCode,
    /// What was found, in a few words.
    pub message: String,
}

/// A machine as config, state and Hyper-V know it.
pub(super) struct Subject<'a> {
    pub(super) name: &'a str,
    pub(super) expected_vm_name: String,
    pub(super) known: Option<KnownMachine<'a>>,
    pub(super) machine: Option<&'a Machine>,
    pub(super) in_config: bool,
    /// The VM that the state knows.
    pub(super) vm: Option<&'a Vm>,
    /// A VM of the expected name, whatever its Id.
    pub(super) namesake: Option<&'a Vm>,
    pub(super) hyper_v_answered: bool,
    pub(super) config_path: &'a str,
    pub(super) now: Timestamp,
}

impl Subject<'_> {
    pub(super) fn drift(&self) -> Vec<Drift> {
        let ownership = self.ownership();
        let is_ours = ownership.as_ref().is_none_or(|drift| drift.code == DriftCode::NameChanged);
        let mut found: Vec<Drift> = [self.existence(), ownership].into_iter().flatten().collect();
        if !self.in_config {
            found.push(drift(DriftCode::NotInConfig, "not in the config any more"));
        }
        if is_ours {
            found.extend(self.size());
        }
        found.extend(self.address());
        found
    }

    fn existence(&self) -> Option<Drift> {
        match (self.known, self.vm) {
            (None, _) if self.namesake.is_none() => Some(drift(DriftCode::NotCreated, "not created yet")),
            (Some(_), None) if self.hyper_v_answered => {
                let message = match self.namesake {
                    Some(other) => {
                        format!("its VM is gone from Hyper-V; another of that name has the Id {}", other.id)
                    }
                    None => "its VM is gone from Hyper-V".to_owned(),
                };
                Some(drift(DriftCode::Missing, message))
            }
            _ => None,
        }
    }

    fn ownership(&self) -> Option<Drift> {
        if let (None, Some(namesake)) = (self.known, self.namesake) {
            let message = format!("a VM {} is there that state.json does not know", namesake.name);
            return Some(drift(DriftCode::NotOurs, message));
        }
        let (vm, expected) = (self.vm?, &self.expected_vm_name);
        match ownership::check(&vm.notes, &vm.name, expected, self.config_path).err()? {
            NotOwned::OtherName => {
                Some(drift(DriftCode::NameChanged, format!("its VM is named {}, not {expected}", vm.name)))
            }
            NotOwned::OtherConfig { marked } => {
                Some(drift(DriftCode::NotOurs, format!("not ours: its VM's Notes name the config {marked}")))
            }
            NotOwned::NoConfigLine => {
                Some(drift(DriftCode::NotOurs, "not ours: its VM's Notes name no config"))
            }
            NotOwned::NoMarker | NotOwned::NotInState => {
                Some(drift(DriftCode::NotOurs, "not ours: its VM's Notes hold no marker"))
            }
        }
    }

    fn size(&self) -> Vec<Drift> {
        let (Some(vm), Some(machine)) = (self.vm, self.machine) else { return Vec::new() };
        let cpu = vm.processor_count.filter(|actual| *actual != machine.cpu).map(|actual| {
            drift(DriftCode::CpuDiffers, format!("{actual} processors, the config says {}", machine.cpu))
        });
        let memory = vm.memory_startup_bytes.map(to_mb).filter(|actual| *actual != u64::from(machine.memory));
        let memory = memory.map(|actual| {
            drift(
                DriftCode::MemoryDiffers,
                format!("{actual} MB memory, the config says {} MB", machine.memory),
            )
        });
        let wanted = machine.generation.map(u8::from);
        let generation = vm.generation.zip(wanted).filter(|(actual, wanted)| actual != wanted);
        let generation = generation.map(|(actual, wanted)| {
            drift(
                DriftCode::GenerationDiffers,
                format!("it is of generation {actual}, the config says {wanted}"),
            )
        });
        let checkpoints = vm.automatic_checkpoints.filter(|on| *on).map(|_| {
            drift(DriftCode::AutomaticCheckpoints, "Hyper-V makes a checkpoint of it at each start")
        });
        cpu.into_iter().chain(memory).chain(generation).chain(checkpoints).collect()
    }

    fn address(&self) -> Option<Drift> {
        let Some(network) = self.known?.network() else {
            return Some(drift(DriftCode::NeverReconciled, "never reconciled"));
        };
        let at = network.discovered_at()?;
        let uptime = self.vm.filter(|vm| vm.is_running())?.uptime_seconds?;
        is_before_start(at, uptime, self.now).then(|| {
            drift(
                DriftCode::AddressOlderThanStart,
                "its address is older than its VM's last start; reconcile again",
            )
        })
    }
}

/// Memory as the config counts it, rounded to whole MB.
pub(super) fn to_mb(bytes: u64) -> u64 {
    const MB: u64 = 1024 * 1024;
    bytes.saturating_add(MB / 2) / MB
}

fn drift(code: DriftCode, message: impl Into<String>) -> Drift {
    Drift { code, message: message.into() }
}

/// Whether `then` was before a start that is `uptime_seconds` before `now`.
fn is_before_start(then: Timestamp, uptime_seconds: f64, now: Timestamp) -> bool {
    let uptime = Duration::try_from_secs_f64(uptime_seconds).ok();
    uptime.and_then(|uptime| now.before(uptime)).is_some_and(|start| then < start)
}
