//! The life of the machines: a plan from one look at Hyper-V, and what its steps record.

use std::path::Path;
use std::time::Duration;

use super::{Lab, Recorded, read_state, store};
use crate::config::names::{VmNames, same_path};
use crate::discovery::MachineName;
use crate::error::{Code, Error, Result};
use crate::guest::media::{File, Seed, Unattend, seed, unattend};
use crate::lifecycle::{
    Action, Change, Disks, Finding, Goal, Inventory, Made, Storage, SystemAccess, names, plan_lifecycle,
    preflight, read_own_file, record, write_new,
};
use crate::state::{Attempt, LabLock, Role, SeedKind, State, Timestamp, attempt};

impl Lab {
    /// Makes this lab the one whose machines a run changes, until it is closed, and reads the state again: another run may have ended
    /// since.
    ///
    /// # Errors
    /// Those of [`LabLock::take`] and of [`Store::read`](crate::state::Store::read).
    pub fn begin_changes(&mut self) -> Result<()> {
        if self.change.is_none() {
            let lock = LabLock::take(Path::new(&self.config.config_path), Role::Change)?;
            (self.state, self.is_new) = read_state(&self.config, self.is_new)?;
            self.change = Some(lock);
        }
        Ok(())
    }

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

    /// Writes the disc that names a machine at its first boot; these files of the guest go on one for cloud-init. Its creation was
    /// begun before, with this path; a file that is there is never overwritten.
    ///
    /// # Errors
    /// `USER_DATA_UNREADABLE`, `ANSWER_FILE_UNREADABLE`, `DISK_IO_FAILED`, `DISK_IN_PLACE`; `INVALID_REQUEST` where no such disc was
    /// begun.
    pub fn write_seed(&self, machine: &str, path: &str, files: &[File<'_>]) -> Result<()> {
        let configured = self.config.machines.iter().find(|configured| configured.name == machine);
        let begun = self.state.intent(machine).and_then(|intent| intent.seed);
        let disc = begun.filter(|disc| same_path(&disc.path, path));
        let disc = disc.and_then(|disc| Some((disc.kind, disc.creation_id?)));
        let (Some(configured), Some((kind, instance_id))) = (configured, disc) else {
            return Err(Error::new(Code::InvalidRequest, format!("No disc {path} was begun for {machine}."))
                .with_remedy("The caller's steps are out of order; see include/ragnatramp.h."));
        };
        let own_file = read_own_file(configured, kind)?;
        let own_file = own_file.as_deref();
        let disc = match kind {
            SeedKind::CloudInit => {
                seed(&Seed { instance_id: &instance_id, host_name: machine, user_data: own_file, files })
            }
            SeedKind::Unattend => unattend(&Unattend { computer_name: machine, answer_file: own_file }),
        }?;
        write_new(Path::new(path), &disc)
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
