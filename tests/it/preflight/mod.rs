//! What speaks against a start: every kind of finding, all of them at once, each with its remedy.

mod first_boot;
mod host;
mod images;

use std::collections::HashMap;
use std::path::PathBuf;

use ragnatramp::config::{Config, DiskStrategy};
use ragnatramp::error::Code;
use ragnatramp::image::{FileTraits, Format, Generations, Guid, Image, ImageFault, Kind, ParentLink, System};
use ragnatramp::lifecycle::{
    BootFacts, Disks, Drive, Finding, Fit, HostFacts, Inventory, Presence, Severity, Storage, SystemAccess,
    VmDetails, VmFacts, Volume, preflight,
};
use ragnatramp::state::State;

use crate::lab::{DEFAULT_SWITCH, config, state_of, vm_id, vm_name};

const IMAGE: &str = "D:\\Images\\base.vhdx";
const FOLDER: &str = "D:\\VMs";
const GB: u64 = 1 << 30;
const PLAIN: FileTraits = FileTraits {
    sparse: false,
    compressed: false,
    encrypted: false,
    placeholder: false,
    read_only: false,
    local: true,
};

/// A host on which nothing speaks against a start, as far as a test does not change it.
struct Host {
    config: Config,
    state: State,
    inventory: Inventory,
    access: Option<SystemAccess>,
    image: Image,
    /// Why an image cannot be read, where it cannot.
    fault: Option<fn(PathBuf) -> ImageFault>,
    generations: Generations,
    system: System,
    traits: HashMap<String, FileTraits>,
    lengths: HashMap<String, u64>,
    present: HashMap<String, Presence>,
    /// What is free on each drive.
    free: HashMap<char, u64>,
}

impl Host {
    fn new(machines: &[&str]) -> Self {
        let host = HostFacts {
            logical_processors: Some(8),
            free_memory_bytes: Some(64 * GB),
            switch_ids: Some(vec![DEFAULT_SWITCH.to_uppercase()]),
        };
        Host {
            config: config(machines),
            state: state_of(serde_json::json!({})),
            inventory: Inventory { complete: true, host, ..Inventory::default() },
            access: None,
            image: image(Format::Vhdx, Kind::Dynamic),
            fault: None,
            generations: Generations::Two,
            system: System::Linux,
            traits: HashMap::new(),
            lengths: HashMap::from([(IMAGE.to_owned(), 4 * GB)]),
            present: HashMap::new(),
            free: HashMap::from([('D', 100 * GB)]),
        }
    }

    fn copying(machines: &[&str]) -> Self {
        let mut host = Host::new(machines);
        host.config.machines.iter_mut().for_each(|machine| machine.disk_strategy = DiskStrategy::Copy);
        host
    }

    /// A host on which the machine is there and off, with a disk of its own.
    fn made(machine: &str) -> Self {
        let mut host = Host::new(&[machine]);
        host.state = crate::lab::fresh_state(&[machine]);
        host.inventory.vms.push(VmFacts {
            id: vm_id(machine).as_str().into(),
            name: vm_name(machine),
            state: "Off".into(),
            notes: format!("managed:true\nconfig:{}", host.config.config_path),
            path: format!("{FOLDER}\\{}", vm_name(machine)),
            generation: 2,
        });
        host.inventory.details.push(VmDetails {
            vm_id: vm_id(machine).as_str().into(),
            stop_action: "ShutDown".into(),
            ..VmDetails::default()
        });
        host
    }

    /// A VM that this lab did not make uses the image.
    fn with_stranger(mut self, state: &str, checkpoint: Option<&str>) -> Self {
        self.inventory.vms.push(VmFacts {
            id: "stranger".into(),
            name: "other".into(),
            state: state.into(),
            ..VmFacts::default()
        });
        self.inventory.drives.push(Drive {
            vm_id: "stranger".into(),
            checkpoint_id: checkpoint.map(str::to_owned),
            path: IMAGE.to_lowercase().replace('\\', "/"),
        });
        self
    }

    fn with_traits(mut self, path: &str, traits: FileTraits) -> Self {
        self.traits.insert(path.to_owned(), traits);
        self
    }

    fn find(&self) -> Vec<Finding> {
        preflight(&self.config, &self.state, &self.inventory, self, self.access.as_ref(), &[])
    }

    /// What is found, in short: code, severity, machine.
    fn told(&self) -> Vec<(Code, Severity)> {
        self.find().iter().map(|finding| (finding.code, finding.severity)).collect()
    }

    fn only(&self) -> Finding {
        let mut found = self.find();
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }
}

impl Disks for Host {
    fn presence(&self, path: &str) -> Presence {
        self.present.get(path).cloned().unwrap_or(Presence::Absent)
    }

    fn is_child(&self, _disk: &str, _image: &str) -> Fit {
        unreachable!("a preflight compares no disks")
    }

    fn is_copy(&self, _disk: &str, _image: &str) -> Fit {
        unreachable!("a preflight compares no disks")
    }

    fn boot(&self, _image: &str) -> BootFacts {
        let generations = if self.fault.is_some() { Generations::Unknown } else { self.generations };
        BootFacts { generations, why_unknown: "no partition table".into(), system: self.system }
    }

    fn chain(&self, _disk: &str) -> Option<Vec<String>> {
        None
    }
}

impl Storage for Host {
    fn image(&self, path: &str) -> Result<Image, ImageFault> {
        match self.fault {
            Some(fault) => Err(fault(path.into())),
            None => Ok(self.image.clone()),
        }
    }

    fn traits(&self, path: &str) -> FileTraits {
        self.traits.get(path).copied().unwrap_or(PLAIN)
    }

    fn length(&self, path: &str) -> Option<u64> {
        self.lengths.get(path).copied()
    }

    fn volume(&self, path: &str) -> Option<Volume> {
        let drive = path.chars().next()?;
        Some(Volume { name: format!("{drive}:\\"), free_bytes: *self.free.get(&drive)? })
    }
}

fn image(format: Format, kind: Kind) -> Image {
    let parent = (kind == Kind::Differencing).then(|| ParentLink {
        linkages: Vec::new(),
        written: None,
        candidates: Vec::new(),
        refused: Vec::new(),
    });
    Image { format, kind, virtual_size: 40 * GB, sector_size: 512, data_id: Guid::NIL, parent }
}

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;
