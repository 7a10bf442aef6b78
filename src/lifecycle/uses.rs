//! Who needs a disk file: what is looked at before one is deleted.

use std::collections::HashMap;

use super::disks::Disks;
use super::inventory::Inventory;
use crate::config::Config;
use crate::config::names::path_key;
use crate::discovery::{MachineName, VmId};
use crate::state::State;

/// The users of every file that a VM, the state or the config names, and of the files below those.
pub(super) struct Uses {
    /// Of each file the first use by each of its first [`USERS`].
    by_file: HashMap<String, Vec<Use>>,
}

/// Of so many users of a file one at least is another than a machine, which counts twice: its VM, and what the state knows of it.
const USERS: usize = 3;

struct Use {
    user: User,
    /// The disk that has the file below it; `None` for a user of the file itself.
    child: Option<String>,
}

#[derive(Clone, PartialEq)]
enum User {
    /// A VM or one of its checkpoints.
    Vm(VmId),
    /// A machine that the state knows.
    Known(MachineName),
    /// A machine whose base image it is.
    Configured(MachineName),
}

impl Uses {
    /// Each disk is read once. One that cannot be read has nothing below it here: where that is because its VM runs, Hyper-V
    /// holds the files below it, too, and lets nobody delete them.
    pub(super) fn of(config: &Config, state: &State, inventory: &Inventory, disks: &dyn Disks) -> Self {
        let mut uses = Uses { by_file: HashMap::new() };
        for drive in &inventory.drives {
            uses.add(disks, &drive.path, &User::Vm(drive.vm_id.clone()));
        }
        for known in state.machines() {
            if let Some(path) = known.disk_path() {
                uses.add(disks, path, &User::Known(known.machine_name.into()));
            }
        }
        for machine in &config.machines {
            uses.insert(&machine.base_image, &User::Configured(machine.name.as_str().into()), None);
        }
        uses
    }

    fn add(&mut self, disks: &dyn Disks, path: &str, user: &User) {
        self.insert(path, user, None);
        for below in disks.chain(path).into_iter().flatten().skip(1) {
            self.insert(&below, user, Some(path));
        }
    }

    fn insert(&mut self, path: &str, user: &User, child: Option<&str>) {
        let all = self.by_file.entry(path_key(path)).or_default();
        if all.len() < USERS && all.iter().all(|known| known.user != *user) {
            all.push(Use { user: user.clone(), child: child.map(str::to_owned) });
        }
    }

    /// Why a file must not be deleted with a machine and its VM, as a clause; `None` where nobody else needs it.
    pub(super) fn by_others(
        &self,
        file: &str,
        machine: &str,
        vm_id: Option<&VmId>,
        vm_name: impl Fn(&VmId) -> String,
    ) -> Option<String> {
        let found = self.by_file.get(&path_key(file))?.iter().find(|found| match &found.user {
            User::Vm(id) => Some(id) != vm_id,
            User::Known(name) => name.as_str() != machine,
            User::Configured(_) => true,
        })?;
        Some(match (&found.user, &found.child) {
            (_, Some(child)) => format!("{child} is a child of it"),
            (User::Vm(id), None) => format!("the VM {} uses it", vm_name(id)),
            (User::Known(name), None) => format!("the state names it as the disk of {name}, too"),
            (User::Configured(name), None) => format!("the config names it as the base image of {name}"),
        })
    }
}
