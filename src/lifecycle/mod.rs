//! The life of the machines: what is to be done so that they are made, started, stopped, taken back to a checkpoint or removed.
//!
//! ```text
//! config, state, inventory (Hyper-V), disks ─► one subject per machine ─► one action: kind, reason, steps
//!                                                                    └─► preflight: all that speaks against a start
//! ```
//!
//! That a VM is not there follows only from a look that told of every VM. What is not ours is refused, and so is what is not
//! known. PowerShell carries the steps out; after an interruption the next plan begins at what is so then.

mod inventory;
mod disks;
mod uses;
mod volume;
mod storage;
mod action;
mod subject;
mod order;
mod hardware;
mod seed;
mod creation;
mod start;
mod stop;
mod checkpoint;
mod remove;
mod record;
mod files;
mod preflight;

use std::collections::HashSet;

use serde::Deserialize;

use crate::config::Config;
use crate::discovery::{MachineName, machines};
use crate::state::State;
use order::Waves;
use subject::{Subject, World};

pub use action::{Action, ActionKind, Change, CheckpointType, Hardware, MemoryBounds, Step};
pub use disks::{BootFacts, Disks, Fit, Presence, RealDisks};
pub use files::{Copied, Deleted, copy_piece, delete_file, delete_folder, write_new};
pub use inventory::{Checkpoint, Drive, Firmware, HostFacts, Inventory, Power, VmDetails, VmFacts};
pub use preflight::{Finding, Severity, SystemAccess, preflight};
pub use record::{Made, record};
pub use seed::read_own_file;
pub use start::StartOptions;
pub use stop::StopMode;
pub use storage::Storage;
pub use volume::Volume;

/// What the machines are to become.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Goal {
    /// There, and running.
    Start {
        /// Brings VMs that are off to what the config says.
        #[serde(default)]
        force: bool,
    },
    /// Not running.
    Stop {
        /// How.
        #[serde(default)]
        mode: StopMode,
    },
    /// Gone.
    Remove,
    /// With one more checkpoint.
    Checkpoint {
        /// Its name.
        name: String,
        /// Its type; `None`: as each VM is set.
        #[serde(default, rename = "type")]
        checkpoint_type: Option<CheckpointType>,
    },
    /// As they were at a checkpoint.
    Restore {
        /// Its name.
        name: String,
        /// The name of a checkpoint that is made before.
        #[serde(default)]
        first: Option<String>,
    },
    /// Ours again after a restore.
    Restored,
    /// Without a checkpoint.
    RemoveCheckpoint {
        /// Its name.
        name: String,
    },
}

/// Plans the machines of these names, or all where there are none: those of the config as it lists them, then those that only
/// the state knows. Starts are in the order of their waves; stops and removals in the reverse.
pub fn plan_lifecycle(
    config: &Config,
    state: &State,
    inventory: &Inventory,
    disks: &dyn Disks,
    goal: &Goal,
    named: &[MachineName],
) -> Vec<Action> {
    let world = World::new(config, state, inventory, disks);
    let waves = Waves::of(&config.machines);
    let named_once: HashSet<&str> = named.iter().map(MachineName::as_str).collect();
    let wanted = |name: &str| named.is_empty() || named_once.contains(name);
    let mut actions: Vec<Action> = names(config, state)
        .into_iter()
        .filter(|name| wanted(name))
        .map(|name| {
            let subject = world.subject(name);
            let mut action = act(&world, &subject, goal, !named.is_empty());
            action.wave = waves.get(name);
            action.depends_on = subject
                .machine
                .into_iter()
                .flat_map(|machine| &machine.depends_on)
                .map(|name| name.as_str().into())
                .collect();
            action
        })
        .collect();
    match goal {
        Goal::Stop { .. } | Goal::Remove => {
            let last = actions.iter().map(|action| action.wave).max().unwrap_or(0);
            for action in &mut actions {
                action.wave = last - action.wave;
            }
        }
        Goal::RemoveCheckpoint { name } => checkpoint::excuse_those_without(name, &mut actions),
        Goal::Start { .. } | Goal::Checkpoint { .. } | Goal::Restore { .. } | Goal::Restored => {}
    }
    actions.sort_by_key(|action| action.wave);
    actions
}

fn act(world: &World<'_>, subject: &Subject<'_>, goal: &Goal, named: bool) -> Action {
    match goal {
        Goal::Start { force } => start::start(world, subject, StartOptions { force: *force, named }),
        Goal::Stop { mode } => stop::stop(world, subject, *mode),
        Goal::Remove => remove::remove(world, subject),
        Goal::Restored => checkpoint::restored(world, subject),
        Goal::Checkpoint { name, checkpoint_type } => match checkpoint::fault_of_name(name) {
            Some(fault) => subject.refuse(fault),
            None => checkpoint::make(world, subject, name, *checkpoint_type),
        },
        Goal::Restore { name, first } => checkpoint::restore(world, subject, name, first.as_deref()),
        Goal::RemoveCheckpoint { name } => checkpoint::remove(world, subject, name),
    }
}

/// The names of the machines of config, state and intents, each once.
pub fn names<'a>(config: &'a Config, state: &'a State) -> Vec<&'a str> {
    let mut names: Vec<&str> = machines(config, state).map(|(name, _, _)| name).collect();
    if state.intents().next().is_some() {
        let there: HashSet<&str> = names.iter().copied().collect();
        names.extend(state.intents().filter(|name| !there.contains(name)));
    }
    names
}
