//! What Hyper-V and the host showed at one moment, as far as the life of the machines depends on it: what PowerShell copied,
//! before anything is decided.

use std::cell::OnceCell;
use std::collections::HashMap;

use serde::Deserialize;

use crate::config::names::path_key;
use crate::discovery::{ByVm, DEFAULT_SWITCH, VmId, VmIdKey};

/// One look at Hyper-V.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inventory {
    /// Whether Hyper-V told of every VM, drive and checkpoint without an error. Where not, one that is missing here may be there.
    pub complete: bool,
    /// Every VM of the host.
    pub vms: Vec<VmFacts>,
    /// More of the VMs that were asked for.
    #[serde(default)]
    pub details: Vec<VmDetails>,
    /// The hard disk drives of every VM and of every checkpoint.
    #[serde(default)]
    pub drives: Vec<Drive>,
    /// The checkpoints of the VMs that were asked for, oldest first.
    #[serde(default)]
    pub checkpoints: Vec<Checkpoint>,
    /// What is known of the host.
    #[serde(default)]
    pub host: HostFacts,
}

/// A VM, as every look shows it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VmFacts {
    /// Its Id.
    pub id: VmId,
    /// Its name. Names are not unique in Hyper-V.
    pub name: String,
    /// Its state as Hyper-V spells it, in English.
    pub state: String,
    /// Its Notes.
    pub notes: String,
    /// The folder of its configuration.
    pub path: String,
    /// Its generation: 1 or 2.
    pub generation: u8,
}

/// What else is known of a VM.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VmDetails {
    /// The Id of the VM.
    pub vm_id: VmId,
    /// Its virtual processors.
    pub processor_count: u32,
    /// Its memory at start, in bytes.
    pub memory_startup_bytes: u64,
    /// The least that dynamic memory leaves it, in bytes.
    pub memory_minimum_bytes: u64,
    /// The most that dynamic memory gives it, in bytes.
    pub memory_maximum_bytes: u64,
    /// Whether its memory is dynamic.
    pub dynamic_memory: bool,
    /// Whether each start makes a checkpoint.
    pub automatic_checkpoints: bool,
    /// What happens to it when the host starts: `Nothing`, `StartIfRunning`, `Start`.
    pub start_action: String,
    /// What happens to it when the host stops: `TurnOff`, `Save`, `ShutDown`.
    pub stop_action: String,
    /// What Hyper-V is doing with it (its secondary operational status), as a number; `None` where nothing.
    #[serde(default)]
    pub secondary_status: Option<u32>,
    /// The Ids of the switches of its adapters; an adapter without one is an empty text.
    pub switch_ids: Vec<String>,
    /// Whether Data Exchange is enabled; `None` where Hyper-V does not show it.
    #[serde(default)]
    pub exchange_enabled: Option<bool>,
    /// The status of its shutdown service, as a number (2 is OK); `None` where it is switched off or not shown.
    #[serde(default)]
    pub shutdown_status: Option<u32>,
    /// The files of the discs in its DVD drives; empty where they were not asked for.
    #[serde(default)]
    pub disc_paths: Vec<String>,
    /// Its firmware, of a VM of generation 2.
    #[serde(default)]
    pub firmware: Option<Firmware>,
}

/// The firmware of a generation 2 VM.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Firmware {
    /// Whether Secure Boot is on.
    pub secure_boot: bool,
    /// The Id of its template; empty where it has none.
    pub template_id: String,
    /// The path of the disk that it starts from first; empty where that is no disk.
    pub first_boot_path: String,
}

/// A hard disk drive of a VM, or of a checkpoint of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drive {
    /// The Id of the VM.
    pub vm_id: VmId,
    /// The Id of the checkpoint; `None` for the VM itself.
    #[serde(default)]
    pub checkpoint_id: Option<String>,
    /// The file.
    pub path: String,
}

/// A checkpoint of a VM.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checkpoint {
    /// Its Id.
    pub id: String,
    /// The Id of its VM.
    pub vm_id: VmId,
    /// Its name. Names are not unique.
    pub name: String,
    /// The Id of the checkpoint that it follows; `None` for the first.
    #[serde(default)]
    pub parent_id: Option<String>,
}

/// What is known of the host. What could not be asked is `None`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostFacts {
    /// Its logical processors.
    #[serde(default)]
    pub logical_processors: Option<u32>,
    /// Its free memory, in bytes.
    #[serde(default)]
    pub free_memory_bytes: Option<u64>,
    /// The Ids of its switches.
    #[serde(default)]
    pub switch_ids: Option<Vec<String>>,
}

impl VmDetails {
    /// Whether one of its adapters is on the Default Switch.
    pub fn is_on_default_switch(&self) -> bool {
        self.switch_ids.iter().any(|id| id.eq_ignore_ascii_case(DEFAULT_SWITCH))
    }
}

impl HostFacts {
    /// Whether the Default Switch is there; `None` where the switches could not be asked for.
    pub fn has_default_switch(&self) -> Option<bool> {
        let switches = self.switch_ids.as_ref()?;
        Some(switches.iter().any(|id| id.eq_ignore_ascii_case(DEFAULT_SWITCH)))
    }
}

/// The state of a VM, as far as it decides what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// It runs.
    Running,
    /// It is off.
    Off,
    /// Its memory is on the disk; it resumes.
    Saved,
    /// It stands still in memory; it resumes.
    Paused,
    /// It is on its way to running.
    Starting,
    /// It is on its way elsewhere, and tells nothing of what it will be.
    Changing,
    /// Its storage is lost or full: nothing helps but to mend that.
    Critical,
}

impl Power {
    /// That of a state as Hyper-V spells it.
    pub fn of(state: &str) -> Power {
        match state {
            "Running" => Power::Running,
            "Off" => Power::Off,
            "Saved" | "FastSaved" | "Hibernated" => Power::Saved,
            "Paused" => Power::Paused,
            "Starting" | "Reset" | "Resuming" => Power::Starting,
            state if state.ends_with("Critical") => Power::Critical,
            _ => Power::Changing,
        }
    }
}

/// An inventory, arranged so that each machine finds what belongs to it in one step.
pub(super) struct Index<'a> {
    pub(super) inventory: &'a Inventory,
    by_id: HashMap<VmIdKey<'a>, &'a VmFacts>,
    /// The places of all VMs, sorted by name; made when the first is sought by it.
    by_name: OnceCell<Vec<usize>>,
    details: HashMap<VmIdKey<'a>, &'a VmDetails>,
    drives: ByVm<'a, Drive>,
    /// The places of drives by the key of their path; made when the first file is sought.
    users: OnceCell<HashMap<String, Vec<usize>>>,
    checkpoints: HashMap<&'a VmId, Vec<&'a Checkpoint>>,
}

impl<'a> Index<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let mut checkpoints: HashMap<&VmId, Vec<&Checkpoint>> = HashMap::new();
        for checkpoint in &inventory.checkpoints {
            checkpoints.entry(&checkpoint.vm_id).or_default().push(checkpoint);
        }
        Index {
            inventory,
            by_id: inventory.vms.iter().map(|vm| (vm.id.key(), vm)).collect(),
            by_name: OnceCell::new(),
            details: inventory.details.iter().map(|details| (details.vm_id.key(), details)).collect(),
            drives: ByVm::new(&inventory.drives, |drive| &drive.vm_id),
            users: OnceCell::new(),
            checkpoints,
        }
    }

    pub(super) fn vm(&self, id: &VmId) -> Option<&'a VmFacts> {
        self.by_id.get(&id.key()).copied()
    }

    /// The VMs of that name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &'a VmFacts> {
        let vms = &self.inventory.vms;
        let name_at = |place: &usize| vms.get(*place).map_or("", |vm| vm.name.as_str());
        let by_name = self.by_name.get_or_init(|| {
            let mut places: Vec<usize> = (0..vms.len()).collect();
            places.sort_by_key(name_at);
            places
        });
        let from = by_name.partition_point(|place| name_at(place) < name);
        let places = by_name.get(from..).unwrap_or_default().iter();
        places.filter_map(|place| vms.get(*place)).take_while(move |vm| vm.name == name)
    }

    pub(super) fn details(&self, id: &VmId) -> Option<&'a VmDetails> {
        self.details.get(&id.key()).copied()
    }

    /// The disks that a VM itself has, those of its checkpoints left out.
    pub(super) fn disks(&self, id: &VmId) -> impl Iterator<Item = &'a str> {
        let drives = self.drives.of(id);
        drives.filter(|drive| drive.checkpoint_id.is_none()).map(|drive| drive.path.as_str())
    }

    pub(super) fn checkpoints(&self, id: &VmId) -> &[&'a Checkpoint] {
        self.checkpoints.get(id).map_or(&[], Vec::as_slice)
    }

    /// The first drive that uses the file.
    pub(super) fn user(&self, path: &str) -> Option<&'a Drive> {
        self.users_of(path).next()
    }

    /// The drives that use the file.
    fn users_of(&self, path: &str) -> impl Iterator<Item = &'a Drive> {
        let drives = &self.inventory.drives;
        let users = self.users.get_or_init(|| {
            let mut users: HashMap<String, Vec<usize>> = HashMap::with_capacity(drives.len());
            for (place, drive) in drives.iter().enumerate() {
                users.entry(path_key(&drive.path)).or_default().push(place);
            }
            users
        });
        users.get(&path_key(path)).into_iter().flatten().filter_map(|place| drives.get(*place))
    }

    /// The name of another VM than `id` that uses the file, itself or in a checkpoint.
    pub(super) fn other_user(&self, path: &str, id: Option<&VmId>) -> Option<&'a str> {
        let user = self.users_of(path).find(|drive| Some(&drive.vm_id) != id)?;
        Some(self.name_of(&user.vm_id))
    }

    /// The name of a VM, or its Id where Hyper-V tells of its drives only.
    pub(super) fn name_of<'b>(&self, id: &'b VmId) -> &'b str
    where
        'a: 'b,
    {
        self.vm(id).map_or(id.as_str(), |vm| vm.name.as_str())
    }
}
