//! A small Hyper-V with disks and a state, on which the steps of a plan are carried out one by one: what would be an error on a
//! host, or the loss of data, is a panic here.
#![allow(dead_code, reason = "each test file uses its own part")]

mod disks;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use ragnatramp::config::{Config, names::VmNames};
use ragnatramp::discovery::MachineName;
use ragnatramp::image::Generations;
use ragnatramp::lifecycle::{
    Action, Checkpoint, Drive, Firmware, Goal, HostFacts, Inventory, VmDetails, VmFacts, plan_lifecycle,
};
use ragnatramp::state::{SeedKind, State};
use serde_json::{Value, json};

use crate::lab::{CONFIG_PATH, DEFAULT_SWITCH, config};

pub(crate) const IMAGE: &str = "D:\\Images\\base.vhdx";
pub(crate) const MERGING: u32 = 32772;

/// What a file is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum File {
    /// A base image that starts VMs of these generations.
    Image(Generations),
    /// A differencing disk.
    Child { parent: String },
    /// A full copy of that image.
    Copy { of: String },
    /// Part of a copy.
    Partial,
    /// A disc for the first boot.
    Seed { kind: SeedKind, id: String },
    /// No disk.
    Other,
}

/// A checkpoint with what a restore of it brings back.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) drives: Vec<String>,
    pub(crate) name: String,
    pub(crate) notes: String,
    pub(crate) details: VmDetails,
}

/// A VM with all that is its own.
#[derive(Debug, Clone)]
pub(crate) struct Vm {
    pub(crate) facts: VmFacts,
    pub(crate) details: VmDetails,
    pub(crate) drives: Vec<String>,
    pub(crate) checkpoints: Vec<Saved>,
    /// The checkpoint that it stands on.
    pub(crate) stands_on: Option<String>,
}

/// The host, and the lab's config and state.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) config: Config,
    pub(crate) state: State,
    pub(crate) vms: Vec<Vm>,
    /// By path as [`key`] spells it.
    pub(crate) files: BTreeMap<String, File>,
    pub(crate) folders: BTreeSet<String>,
    pub(crate) complete: bool,
    /// How many Ids were given out.
    pub(crate) made: usize,
}

/// A path as the files are kept under.
pub(crate) fn key(path: &str) -> String {
    ragnatramp::config::names::path_key(path)
}

impl Host {
    /// A host with the base image, on which nothing was made of the config.
    pub(crate) fn new(machines: &[&str]) -> Self {
        Host {
            config: config(machines),
            state: empty_state(),
            vms: Vec::new(),
            files: BTreeMap::from([(key(IMAGE), File::Image(Generations::Two))]),
            folders: BTreeSet::from([key("D:\\VMs")]),
            complete: true,
            made: 0,
        }
    }

    /// The same, with every machine up.
    pub(crate) fn up(machines: &[&str]) -> Self {
        let mut host = Host::new(machines);
        host.run(&start(), &[]);
        host
    }

    pub(crate) fn inventory(&self) -> Inventory {
        let own = self.vms.iter().flat_map(|vm| {
            vm.drives.iter().map(|path| Drive {
                vm_id: vm.facts.id.clone(),
                checkpoint_id: None,
                path: path.clone(),
            })
        });
        let saved = self.vms.iter().flat_map(|vm| {
            vm.checkpoints.iter().flat_map(|saved| {
                saved.drives.iter().map(|path| Drive {
                    vm_id: vm.facts.id.clone(),
                    checkpoint_id: Some(saved.checkpoint.id.clone()),
                    path: path.clone(),
                })
            })
        });
        Inventory {
            complete: self.complete,
            vms: self.vms.iter().map(|vm| vm.facts.clone()).collect(),
            details: self.vms.iter().map(|vm| vm.details.clone()).collect(),
            drives: own.chain(saved).collect(),
            checkpoints: self
                .vms
                .iter()
                .flat_map(|vm| vm.checkpoints.iter().map(|saved| saved.checkpoint.clone()))
                .collect(),
            host: HostFacts::default(),
        }
    }

    pub(crate) fn plan(&self, goal: &Goal, named: &[&str]) -> Vec<Action> {
        let named: Vec<MachineName> = named.iter().map(|name| (*name).into()).collect();
        plan_lifecycle(&self.config, &self.state, &self.inventory(), self, goal, &named)
    }

    /// The action of one machine, planned for the whole lab.
    pub(crate) fn action(&self, goal: &Goal, machine: &str) -> Action {
        let actions = self.plan(goal, &[]);
        actions.into_iter().find(|action| action.machine_name.as_str() == machine).unwrap()
    }

    /// The VM of a machine.
    pub(crate) fn vm(&mut self, machine: &str) -> &mut Vm {
        let name = vm_name(machine);
        self.vms.iter_mut().find(|vm| vm.facts.name == name).unwrap()
    }

    /// Adds a VM that this lab did not make.
    pub(crate) fn add_stranger(&mut self, name: &str, path: &str, drives: &[&str]) {
        self.vms.push(Vm {
            facts: VmFacts {
                id: format!("stranger-{name}").as_str().into(),
                name: name.into(),
                state: "Off".into(),
                path: path.into(),
                generation: 2,
                ..VmFacts::default()
            },
            details: VmDetails { vm_id: format!("stranger-{name}").as_str().into(), ..VmDetails::default() },
            drives: drives.iter().map(|path| (*path).to_owned()).collect(),
            checkpoints: Vec::new(),
            stands_on: None,
        });
    }

    /// All that is to be the same at the end of every run, whether it was interrupted or not.
    pub(crate) fn end(&self) -> Value {
        let vms: Vec<Value> = self
            .vms
            .iter()
            .map(|vm| {
                let names: Vec<&str> =
                    vm.checkpoints.iter().map(|saved| saved.checkpoint.name.as_str()).collect();
                json!([
                    vm.facts.name,
                    vm.facts.notes,
                    vm.facts.state,
                    vm.facts.path,
                    vm.facts.generation,
                    format!("{:?}", VmDetails { vm_id: "".into(), ..vm.details.clone() }),
                    vm.drives.iter().map(|path| without_ids(path)).collect::<Vec<_>>(),
                    names,
                ])
            })
            .collect();
        let machines: Vec<Value> = self
            .state
            .machines()
            .map(|known| {
                let is_known = self.vms.iter().any(|vm| Some(vm.facts.id.as_str()) == known.vm_id());
                let seed = known.seed().map(|seed| {
                    let written = self.files.get(&key(&seed.path));
                    let is_its_own =
                        written == seed.creation_id.map(|id| File::Seed { kind: seed.kind, id }).as_ref();
                    json!([seed.path, is_its_own])
                });
                json!([known.machine_name, known.disk_path(), known.folder(), is_known, seed])
            })
            .collect();
        json!({
            "vms": vms,
            "files": self.files.keys().map(|path| without_ids(path)).collect::<Vec<_>>(),
            "folders": self.folders,
            "machines": machines,
            "begun": self.state.intents().collect::<Vec<_>>(),
        })
    }
}

/// The path of a disk; which number a checkpoint's disk has depends on how often something was made.
fn without_ids(path: &str) -> String {
    let parts: Vec<String> = key(path)
        .split("_checkpoint-")
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned())
        .collect();
    parts.join("_checkpoint")
}

pub(crate) fn start() -> Goal {
    Goal::Start { force: false }
}

pub(crate) fn restore(name: &str) -> Goal {
    Goal::Restore { name: name.into(), first: None }
}

pub(crate) fn checkpoint(name: &str) -> Goal {
    Goal::Checkpoint { name: name.into(), checkpoint_type: None }
}

pub(crate) fn vm_name(machine: &str) -> String {
    VmNames::new("lab", CONFIG_PATH).of(machine)
}

/// The folder of a machine.
pub(crate) fn folder(machine: &str) -> String {
    format!("D:\\VMs\\{}", vm_name(machine))
}

/// The disk of a machine.
pub(crate) fn disk(machine: &str) -> String {
    format!("{}\\{machine}.vhdx", folder(machine))
}

pub(crate) fn empty_state() -> State {
    let at = crate::lab::NOW.parse().unwrap();
    State::empty(CONFIG_PATH, "lab", "d78b35a5", at)
}

/// What is shown of a VM that was just made.
pub(crate) fn fresh_details(id: &str, generation: u8) -> VmDetails {
    VmDetails {
        vm_id: id.into(),
        processor_count: 1,
        automatic_checkpoints: true,
        start_action: "StartIfRunning".into(),
        stop_action: "Save".into(),
        switch_ids: vec![String::new()],
        exchange_enabled: Some(true),
        firmware: (generation == 2).then(|| Firmware { secure_boot: true, ..Firmware::default() }),
        ..VmDetails::default()
    }
}

pub(crate) fn switch() -> Vec<String> {
    vec![DEFAULT_SWITCH.to_uppercase()]
}
