//! The life of the machines: a plan from one look at Hyper-V, and what its steps record.

use std::time::Duration;

use super::{Lab, Recorded, store};
use crate::config::names::VmNames;
use crate::discovery::MachineName;
use crate::error::{Code, Result};
use crate::lifecycle::{
    Action, Change, Disks, Finding, Goal, Inventory, Made, Storage, SystemAccess, names, plan_lifecycle,
    preflight, record,
};
use crate::state::{Attempt, State, Timestamp, attempt};

impl Lab {
    /// Every machine that a plan may be about, and the name that its VM has or would have.
    pub fn planned_machines(&self) -> Vec<(&str, String)> {
        let vm_names = VmNames::new(&self.config.project, &self.config.config_path);
        names(&self.config, &self.state).into_iter().map(|name| (name, vm_names.of(name))).collect()
    }

    /// Plans what is to be done to reach the goal; nothing is changed. Without names, for every machine.
    pub fn plan_lifecycle(
        &self,
        inventory: &Inventory,
        disks: &dyn Disks,
        goal: &Goal,
        named: &[MachineName],
    ) -> Vec<Action> {
        plan_lifecycle(&self.config, &self.state, inventory, disks, goal, named)
    }

    /// All that speaks against a start of the machines, at once; nothing is changed. Without names, of every machine.
    pub fn preflight(
        &self,
        inventory: &Inventory,
        storage: &dyn Storage,
        access: Option<&SystemAccess>,
        named: &[MachineName],
    ) -> Vec<Finding> {
        preflight(&self.config, &self.state, inventory, storage, access, named)
    }

    /// Records what a step did. Where there is no state yet, it is made. `bound` is how long to wait in all for another run
    /// that holds the lock, `waited` what earlier attempts have waited of that.
    ///
    /// # Errors
    /// Those of [`record`](crate::lifecycle::record) and of [`Store`](crate::state::Store).
    pub fn record_change(
        &mut self,
        machine: &str,
        change: &Change,
        made: &Made,
        bound: Duration,
        waited: Duration,
    ) -> Result<Recorded> {
        let store = store(&self.config);
        let held = |waiting| Ok(Recorded { waiting: Some(waiting), ..Recorded::default() });
        if self.is_new {
            match attempt(bound, waited, |lock| store.create(self.state.clone(), lock)) {
                Ok(Attempt::Held(waiting)) => return held(waiting),
                // A run at the same time may have made it.
                Err(error) if error.code != Code::StateConflict => return Err(error),
                _ => self.is_new = false,
            }
        }
        let change = |state: &mut State| record(state, machine, change, made, Timestamp::now());
        match attempt(bound, waited, |lock| store.update(lock, change))? {
            Attempt::Held(waiting) => held(waiting),
            Attempt::Done(saved) => {
                self.state = saved.state;
                Ok(Recorded { written: saved.written, warnings: saved.warnings, waiting: None })
            }
        }
    }
}
