//! What speaks against a start: every kind of finding, all of them at once, each with its remedy.

use std::collections::HashMap;
use std::path::PathBuf;

use ragnatramp::config::{Config, DiskStrategy, Generation};
use ragnatramp::error::Code;
use ragnatramp::image::{FileTraits, Format, Generations, Guid, Image, ImageFault, Kind, ParentLink, System};
use ragnatramp::lifecycle::{
    BootFacts, Disks, Drive, Finding, Fit, HostFacts, Inventory, Presence, RealDisks, Severity, Storage,
    SystemAccess, VmDetails, VmFacts, Volume, preflight,
};
use ragnatramp::state::State;

use crate::image_lab::{Shelf, cut, tables, vhdx};
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
        BootFacts { generations, why_unknown: "no partition table".into(), system: System::Linux }
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

#[test]
fn a_host_that_has_everything_has_no_findings() {
    assert_eq!(Host::new(&["web", "db"]).find(), []);
    assert_eq!(Host::copying(&["web", "db"]).find(), []);
}

#[test]
fn all_is_told_at_once_and_each_finding_has_its_remedy() {
    let mut host = Host::new(&["web", "db", "deep"]);
    host.inventory.host = HostFacts {
        logical_processors: Some(1),
        free_memory_bytes: Some(GB),
        switch_ids: Some(vec!["another".into()]),
    };
    host.config.machines[1].base_image = "D:\\Images\\other.vhdx".into();
    host.config.machines[1].disk_strategy = DiskStrategy::Copy;
    host.config.machines[2].generation = Some(Generation::One);
    host.lengths.insert("D:\\Images\\other.vhdx".into(), 200 * GB);
    host.config.artifact_path = format!("D:\\{}", "x".repeat(200));
    let folder = host.config.artifact_path.clone();
    host.traits.insert(IMAGE.into(), FileTraits { sparse: true, ..PLAIN });
    host.traits.insert(folder.clone(), FileTraits { compressed: true, ..PLAIN });
    host.access = Some(SystemAccess { folder: "D:\\".into(), granted: Some(false) });
    let found = host.find();
    let codes: Vec<Code> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(
        codes,
        [
            Code::DefaultSwitchNotFound,
            Code::HostLimit,
            Code::HostLimit,
            Code::HostLimit,
            Code::HostLimit,
            Code::GenerationMismatch,
            Code::ImageSparse,
            Code::ArtifactPathUnusable,
            Code::ArtifactPathUnusable,
            Code::PathTooLong,
            Code::PathTooLong,
            Code::PathTooLong,
            Code::DiskSpace,
        ]
    );
    for finding in &found {
        assert!(!finding.remedy.is_empty(), "{finding:?}");
        assert!(finding.message.ends_with('.') || finding.path.is_some(), "{finding:?}");
    }
}

#[test]
fn a_missing_default_switch_is_explained_and_nobody_is_told_to_make_one() {
    let mut host = Host::new(&["web"]);
    host.inventory.host.switch_ids = Some(vec!["d1f28d3c-2f5f-4a5c-8d3c-000000000000".into()]);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::DefaultSwitchNotFound, ERROR));
    assert!(finding.remedy.contains("restarted"), "{}", finding.remedy);
    assert!(!finding.remedy.contains("New-VMSwitch"));
    host.inventory.host.switch_ids = None;
    assert_eq!(host.find(), [], "what could not be asked is not missing");
}

#[test]
fn more_processors_than_the_host_has_are_an_error_of_that_machine() {
    let mut host = Host::new(&["web", "db"]);
    host.config.machines[1].cpu = 9;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::HostLimit, ERROR));
    assert_eq!(finding.machine_name.unwrap().as_str(), "db");
    assert_eq!(finding.remedy, "Set its cpu to 8 or less.");
    host.inventory.host.logical_processors = None;
    assert_eq!(host.find(), [], "Get-VMHost may be refused");
}

#[test]
fn too_little_memory_for_all_together_is_a_warning() {
    let mut host = Host::new(&["web", "db"]);
    host.inventory.host.free_memory_bytes = Some(3 * GB);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::HostLimit, WARNING));
    assert!(finding.message.starts_with("web, db: starting takes 4096 MB"), "{}", finding.message);
    host.config.auto_start = false;
    assert_eq!(host.find(), [], "what is not started takes no memory");
}

#[test]
fn an_image_that_is_not_there_is_told_once_with_all_its_machines() {
    let mut host = Host::new(&["web", "db"]);
    host.fault = Some(|path| ImageFault::NotThere { path });
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::BaseImageNotFound, ERROR));
    assert_eq!(finding.message, format!("web, db: the base image {IMAGE} is not there."));
    assert_eq!((finding.machine_name, finding.path.as_deref()), (None, Some(IMAGE)));
}

#[test]
fn an_image_that_cannot_be_read_says_why() {
    let faults: [(fn(PathBuf) -> ImageFault, &str, &str); 5] = [
        (
            |path| ImageFault::Unreadable { path, source: std::io::ErrorKind::PermissionDenied.into() },
            "could not be read",
            "account",
        ),
        (|path| ImageFault::NotAnImage { path }, "neither a VHDX nor a VHD", "qemu-img"),
        (
            |path| ImageFault::Damaged {
                path,
                structure: ragnatramp::image::Structure::Header,
                offset: 0,
                flaw: ragnatramp::image::Flaw::CutShort,
            },
            "is damaged",
            "again",
        ),
        (|path| ImageFault::InUse { path, source: std::io::ErrorKind::Other.into() }, "in use", "Shut down"),
        (
            |path| ImageFault::ParentMissing { child: path, tried: Vec::new(), refused: Vec::new() },
            "parent of",
            "Convert-VHD",
        ),
    ];
    for (fault, reason, remedy) in faults {
        let mut host = Host::new(&["web"]);
        host.fault = Some(fault);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.message.contains(reason), "{}", finding.message);
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
    }
}

#[test]
fn an_image_that_is_open_is_a_warning_and_its_generation_is_asked_for() {
    let mut host = Host::new(&["web"]);
    host.fault = Some(|path| ImageFault::DirtyLog { path });
    assert_eq!(host.told(), [(Code::ImageUnusable, WARNING), (Code::GenerationUnknown, ERROR)]);
    host.config.machines[0].generation = Some(Generation::Two);
    assert_eq!(host.told(), [(Code::ImageUnusable, WARNING)]);
}

#[test]
fn an_unknown_generation_is_asked_for() {
    let mut host = Host::new(&["web"]);
    host.generations = Generations::Unknown;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::GenerationUnknown, ERROR));
    assert!(finding.message.contains("no partition table"), "{}", finding.message);
    assert!(finding.remedy.contains("generation: 1"), "{}", finding.remedy);
}

#[test]
fn a_generation_that_does_not_start_the_image_is_told() {
    let mut host = Host::new(&["web"]);
    host.config.machines[0].generation = Some(Generation::One);
    assert_eq!(host.told(), [(Code::GenerationMismatch, WARNING)]);
    host.generations = Generations::Both;
    assert_eq!(host.told(), []);

    host.config.machines[0].base_image = "D:\\Images\\base.vhd".into();
    host.image = image(Format::Vhd, Kind::Dynamic);
    host.config.machines[0].generation = Some(Generation::Two);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::GenerationMismatch, ERROR));
    assert!(finding.remedy.contains("Convert-VHD \"D:\\Images\\base.vhd\" \"D:\\Images\\base.vhdx\""));
    host.config.machines[0].generation = None;
    host.generations = Generations::Unknown;
    assert_eq!(host.told(), [(Code::GenerationMismatch, WARNING)]);
}

#[test]
fn a_sparse_image_is_an_error_for_a_differencing_disk_only() {
    let sparse = FileTraits { sparse: true, ..PLAIN };
    let finding = Host::new(&["web"]).with_traits(IMAGE, sparse).only();
    assert_eq!((finding.code, finding.severity), (Code::ImageSparse, ERROR));
    assert_eq!(finding.remedy, format!("fsutil sparse setflag \"{IMAGE}\" 0"));
    assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, sparse).find(), []);
}

#[test]
fn a_compressed_encrypted_or_distant_image_is_an_error_for_a_differencing_disk_only() {
    let traits = [
        (FileTraits { compressed: true, ..PLAIN }, "compact /U"),
        (FileTraits { encrypted: true, ..PLAIN }, "cipher /D"),
        (FileTraits { local: false, ..PLAIN }, "disk_strategy: copy"),
    ];
    for (traits, remedy) in traits {
        let finding = Host::new(&["web"]).with_traits(IMAGE, traits).only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
        assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, traits).find(), []);
    }
}

#[test]
fn an_image_that_is_in_a_cloud_only_is_an_error_or_for_a_copy_a_warning() {
    let traits = FileTraits { placeholder: true, ..PLAIN };
    assert_eq!(Host::new(&["web"]).with_traits(IMAGE, traits).told(), [(Code::ImageUnusable, ERROR)]);
    assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, traits).told(), [(Code::ImageUnusable, WARNING)]);
}

#[test]
fn an_image_that_is_a_child_itself_is_a_warning_or_for_a_copy_an_error() {
    for (mut host, severity) in [(Host::new(&["web"]), WARNING), (Host::copying(&["web"]), ERROR)] {
        host.image = image(Format::Vhdx, Kind::Differencing);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, severity));
        assert!(finding.remedy.contains("Convert-VHD"));
    }
}

#[test]
fn the_disk_of_a_checkpoint_and_a_name_that_lies_are_errors() {
    for path in ["D:\\Images\\a.avhdx", "D:\\Images\\base.img", "D:\\Images\\base.vhd"] {
        let mut host = Host::new(&["web"]);
        host.config.machines[0].base_image = path.into();
        host.config.machines[0].generation = Some(Generation::Two);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR), "{path}");
    }
}

#[test]
fn the_disk_of_another_vm_is_an_error_and_the_vm_is_named() {
    for checkpoint in [None, Some("c1")] {
        let finding = Host::new(&["web"]).with_stranger("Off", checkpoint).only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.message.contains("VM other"), "{}", finding.message);
    }
    let mut running = Host::new(&["web"]).with_stranger("Running", None);
    running.fault = Some(|path| ImageFault::InUse { path, source: std::io::ErrorKind::Other.into() });
    assert!(running.only().message.contains("VM other"), "told once, with the name");

    let copies = |state, checkpoint| Host::copying(&["web"]).with_stranger(state, checkpoint).told();
    assert_eq!(copies("Off", None), [(Code::ImageUnusable, WARNING)]);
    assert_eq!(copies("Running", None), [(Code::ImageUnusable, ERROR)]);
    assert_eq!(copies("Off", Some("c1")), [(Code::ImageUnusable, ERROR)]);
}

#[test]
fn a_folder_that_hyper_v_cannot_use_is_an_error_told_once() {
    let traits = [
        (FileTraits { compressed: true, ..PLAIN }, "compact /U"),
        (FileTraits { encrypted: true, ..PLAIN }, "cipher /D"),
        (FileTraits { placeholder: true, ..PLAIN }, "cloud"),
        (FileTraits { local: false, ..PLAIN }, "this computer"),
    ];
    for (traits, remedy) in traits {
        let finding = Host::copying(&["web", "db"]).with_traits(FOLDER, traits).only();
        assert_eq!((finding.code, finding.severity), (Code::ArtifactPathUnusable, ERROR));
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
        assert_eq!(finding.path.as_deref(), Some(FOLDER));
    }
    let mut host = Host::new(&["web"]);
    host.present.insert(FOLDER.into(), Presence::File);
    assert_eq!(host.told(), [(Code::ArtifactPathUnusable, ERROR)]);
}

#[test]
fn a_folder_without_rights_for_system_is_a_warning_with_the_command() {
    let mut host = Host::new(&["web"]);
    host.access = Some(SystemAccess { folder: "D:\\".into(), granted: Some(false) });
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::ArtifactPathUnusable, WARNING));
    assert!(finding.remedy.starts_with("icacls \"D:\\\" /grant *S-1-5-18:"), "{}", finding.remedy);
    for granted in [None, Some(true)] {
        host.access = Some(SystemAccess { folder: "D:\\".into(), granted });
        assert_eq!(host.find(), []);
    }
}

#[test]
fn a_path_of_200_characters_is_warned_of_and_one_of_199_is_not() {
    let mut host = Host::new(&["web"]);
    let rest = format!("D:\\\\{}\\web.vhdx", vm_name("web")).len();
    host.config.artifact_path = format!("D:\\{}", "ä".repeat(199 - rest));
    assert_eq!(host.told(), []);
    host.config.artifact_path.push('ä');
    assert_eq!(host.told(), [(Code::PathTooLong, WARNING)]);
}

#[test]
fn the_copies_of_all_machines_on_one_volume_add_up() {
    let mut host = Host::copying(&["web", "db"]);
    host.free.insert('D', 8 * GB);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::DiskSpace, ERROR));
    assert_eq!(finding.message, "web, db: their files take 8320 MB on D:\\, where 8192 MB are free.");
    let web = format!("{FOLDER}\\{}\\web.vhdx.partial", vm_name("web"));
    host.lengths.insert(web, GB);
    assert_eq!(host.told(), [], "what an interrupted copy left is deleted first");
    host.free.clear();
    assert_eq!(host.told(), [], "what is not known is not told");
}

#[test]
fn differencing_disks_take_little_and_a_disk_that_is_nearly_full_is_warned_of() {
    let mut host = Host::new(&["web", "db"]);
    host.free.insert('D', GB);
    assert_eq!(host.told(), [(Code::DiskSpace, WARNING)]);
    host.free.insert('D', GB / 10);
    assert_eq!(host.told(), [(Code::DiskSpace, ERROR)]);
}

#[test]
fn a_vm_that_saves_its_memory_when_the_host_stops_takes_that_much_room() {
    let mut host = Host::made("web");
    host.free.insert('D', GB);
    assert_eq!(host.told(), []);
    host.inventory.details[0].stop_action = "Save".into();
    assert_eq!(host.told(), [(Code::DiskSpace, ERROR)]);
}

#[test]
fn a_machine_that_is_complete_needs_no_image_and_one_that_runs_needs_nothing() {
    let mut host = Host::made("web");
    host.fault = Some(|path| ImageFault::NotThere { path });
    host.config.machines[0].cpu = 9;
    assert_eq!(host.told(), []);
    host.inventory.host.switch_ids = Some(Vec::new());
    host.inventory.host.free_memory_bytes = Some(0);
    assert_eq!(host.told(), [(Code::DefaultSwitchNotFound, ERROR), (Code::HostLimit, WARNING)]);
    host.inventory.vms[0].state = "Running".into();
    assert_eq!(host.told(), []);
}

#[test]
fn without_an_answer_of_hyper_v_the_images_of_machines_that_nobody_began_are_looked_at() {
    let mut host = Host::new(&["web"]);
    host.inventory.complete = false;
    host.fault = Some(|path| ImageFault::NotThere { path });
    assert_eq!(host.told(), [(Code::BaseImageNotFound, ERROR)]);
    host.state = crate::lab::fresh_state(&["web"]);
    assert_eq!(host.told(), [], "its VM may be there, complete");
}

#[test]
fn machines_that_were_not_asked_for_are_not_looked_at() {
    let mut host = Host::new(&["web", "db"]);
    host.config.machines[1].cpu = 9;
    let find =
        |name: &str| preflight(&host.config, &host.state, &host.inventory, &host, None, &[name.into()]).len();
    assert_eq!((find("web"), find("db")), (0, 1));
}

#[test]
fn what_a_file_name_holds_does_not_act_on_a_terminal() {
    let mut host = Host::new(&["web"]);
    host.config.machines[0].base_image = "D:\\a\u{1b}[2J.vhdx".into();
    host.traits.insert("D:\\a\u{1b}[2J.vhdx".into(), FileTraits { sparse: true, ..PLAIN });
    let finding = host.only();
    assert!(!finding.message.contains('\u{1b}') && !finding.remedy.contains('\u{1b}'), "{finding:?}");
}

#[test]
fn real_images_are_read_with_those_below_them() {
    let shelf = Shelf::new();
    let (base, child) = (shelf.path("base.vhdx"), shelf.path("child.vhdx"));
    let data = tables::gpt(512, &[tables::EFI_SYSTEM]);
    vhdx::Vhdx { data: vec![(0, data)], ..vhdx::Vhdx::dynamic(7) }.write(&base);
    vhdx::Vhdx::child(8, 7, "base.vhdx").write(&child);
    let read = |path: &PathBuf| RealDisks.image(path.to_str().unwrap());
    assert_eq!(read(&base).unwrap().kind, Kind::Dynamic);
    assert_eq!(read(&child).unwrap().kind, Kind::Differencing);
    assert_eq!(RealDisks.length(base.to_str().unwrap()), Some(base.metadata().unwrap().len()));
    std::fs::rename(&base, shelf.path("moved.vhdx")).unwrap();
    assert!(matches!(read(&child), Err(ImageFault::ParentMissing { .. })));
    cut(&child, 1000);
    assert!(matches!(read(&child), Err(ImageFault::Damaged { .. })));
    assert!(matches!(read(&base), Err(ImageFault::NotThere { .. })));
}

#[cfg(windows)]
#[test]
fn the_volume_of_a_path_that_is_not_there_is_that_of_the_folder_above() {
    let shelf = Shelf::new();
    let folder = shelf.path("a");
    let volume = RealDisks.volume(folder.parent().unwrap().to_str().unwrap()).unwrap();
    assert!(volume.free_bytes > 0);
    let deeper = folder.join("b").join("c.vhdx");
    assert_eq!(RealDisks.volume(deeper.to_str().unwrap()).unwrap().name, volume.name);
}
