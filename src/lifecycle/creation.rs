//! Creation as a list of facts: each is looked at, and what is missing is done. So a run that was interrupted anywhere is
//! completed by the next one, and a second run does nothing.

use super::action::{Change, Refusal, Step};
use super::disks::{BootFacts, Fit, Presence};
use super::hardware::{self, Boot};
use super::inventory::VmDetails;
use super::seed::{self, SeedWork};
use super::subject::{Subject, World, not_told};
use crate::config::names::same_path;
use crate::config::{DiskStrategy, Generation, Machine, SecureBoot};
use crate::error::Code;
use crate::image::{Generations, System};
use crate::ownership;
use crate::state::{Intent, IntentKind, SeedDisc};

/// What a machine is made into.
pub(super) struct Blueprint<'a> {
    pub(super) machine: &'a Machine,
    pub(super) boot: Boot,
    place: Place,
}

/// Where a machine's files are, or will be.
pub(super) struct Place {
    /// The folder made for it alone. It holds the hash of the config's path, so that two labs never meet in one.
    pub(super) folder: String,
    pub(super) disk_path: String,
    /// The disc that names it at its first boot, where it has one.
    pub(super) seed: Option<SeedDisc>,
    /// Whether a disk that is there counts as its own because the state names it.
    disk_is_known: bool,
}

impl Place {
    pub(super) fn of(world: &World<'_>, subject: &Subject<'_>, machine: &Machine) -> Self {
        let begun = subject.begun(IntentKind::Create);
        let folder = begun
            .and_then(|intent| intent.folder.clone())
            .unwrap_or_else(|| world.spelt(&join(&world.config.artifact_path, &subject.vm_name)));
        let recorded = subject
            .known
            .and_then(|known| known.disk_path())
            .filter(|path| world.disks.presence(path) == Presence::File);
        let made = || join(&folder, &format!("{}.{}", machine.name, extension(&machine.base_image)));
        let disk_path =
            begun.map(|intent| intent.disk_path.clone()).or(recorded.map(str::to_owned)).unwrap_or_else(made);
        let disk_is_known = recorded.is_some_and(|path| same_path(path, &disk_path));
        let seed = match begun.and_then(|intent| intent.seed.clone()) {
            Some(seed) => Some(seed),
            // A disk that is in use has had its first boot; what is begun without a disc is ended without.
            None if disk_is_known => subject.known.filter(|_| begun.is_none()).and_then(|known| known.seed()),
            None => seed::kind(machine).map(|kind| SeedDisc {
                kind,
                path: join(&folder, &seed::file_name(machine, kind)),
                creation_id: None,
            }),
        };
        Place { folder, disk_path, seed, disk_is_known }
    }
}

impl<'a> Blueprint<'a> {
    pub(super) fn of(
        world: &World<'_>,
        subject: &Subject<'_>,
        machine: &'a Machine,
    ) -> Result<Self, Refusal> {
        Ok(Blueprint {
            machine,
            boot: boot(world, subject, machine)?,
            place: Place::of(world, subject, machine),
        })
    }

    /// In a few words, as in `debian-12.vhdx (generation 2, differencing, 2 CPU, 2048 MB)`.
    pub(super) fn summary(&self) -> String {
        let Machine { base_image, cpu, memory, .. } = self.machine;
        let strategy = match self.machine.disk_strategy {
            DiskStrategy::Differencing => "differencing",
            DiskStrategy::Copy => "copy",
        };
        let generation = u8::from(self.boot.generation);
        format!("{} (generation {generation}, {strategy}, {cpu} CPU, {memory} MB)", file_name(base_image))
    }
}

/// What is missing, in the order in which it is done. The intent is recorded before the first change, and taken back after
/// the last.
pub(super) fn steps(
    world: &World<'_>,
    subject: &Subject<'_>,
    blueprint: &Blueprint<'_>,
) -> Result<Vec<Step>, Refusal> {
    let Blueprint { machine, boot, place: Place { folder, disk_path, seed, disk_is_known } } = blueprint;
    let vm = subject.vm();
    let details = subject.details(world);
    let SeedWork { stale, write, attach } = match seed {
        Some(seed) => seed::work(world, subject, machine, seed, *disk_is_known)?,
        None => SeedWork { stale: seed::stale(world, subject), ..SeedWork::default() },
    };
    let mut steps: Vec<Step> = stale.into_iter().collect();
    let begun = subject.begun(IntentKind::Create);
    let is_recorded = begun.is_some_and(|intent| seed.is_none() || intent.seed.is_some());
    if !is_recorded {
        let intent = Intent {
            kind: IntentKind::Create,
            vm_name: subject.vm_name.clone(),
            folder: Some(folder.clone()),
            disk_path: disk_path.clone(),
            files: Vec::new(),
            seed: seed.clone(),
        };
        steps.push(Step::Record { change: Change::Begin { intent } });
    }
    match world.disks.presence(folder) {
        Presence::Absent => steps.push(Step::MakeFolder { path: folder.clone() }),
        Presence::Other => {}
        Presence::File => return Err(Refusal::in_place(folder, "a file stands where its folder belongs")),
        Presence::Unknown(why) => {
            return Err(Refusal::in_place(folder, &format!("it cannot be read ({why})")));
        }
    }
    let attached =
        vm.is_some_and(|vm| world.index.disks(&vm.id).any(|disk| leads_to(world, disk, disk_path)));
    if !attached {
        steps.extend(disk(world, subject, blueprint)?);
    }
    steps.extend(write);
    let wanted = hardware::wanted(machine);
    let Some(vm) = vm else {
        steps.push(Step::NewVM {
            name: subject.vm_name.clone(),
            path: parent(folder).to_owned(),
            generation: boot.generation,
            memory_startup_bytes: wanted.memory_startup_bytes,
        });
        steps.push(Step::SetNotes { notes: ownership::notes(&world.config.config_path) });
        steps.push(Step::Record { change: Change::Created });
        steps.push(Step::SetVM(wanted));
        steps.extend(boot.firmware_step());
        steps.push(Step::AddDrive { path: disk_path.clone() });
        steps.extend(attach);
        steps.extend(boot.first_step(&world.spelt(disk_path)));
        steps.push(Step::ConnectSwitch { switch_id: crate::discovery::DEFAULT_SWITCH });
        steps.push(Step::EnableExchange);
        steps.push(Step::Record { change: Change::End });
        return Ok(steps);
    };
    if ownership::check(&vm.notes, &vm.name, &subject.vm_name, &world.config.config_path).is_err() {
        steps.push(Step::SetNotes { notes: ownership::notes(&world.config.config_path) });
    }
    if subject.vm_id.as_ref() != Some(&vm.id) || !is_recorded {
        steps.push(Step::Record { change: Change::Created });
    }
    if details.is_none_or(|details| !hardware::is_set(details, &wanted)) {
        steps.push(Step::SetVM(wanted));
    }
    let firmware = details.and_then(|details| details.firmware.as_ref());
    if firmware.is_none_or(|firmware| !boot.is_set(firmware)) {
        steps.extend(boot.firmware_step());
    }
    if !attached {
        steps.push(Step::AddDrive { path: disk_path.clone() });
    }
    steps.extend(attach.clone());
    // A drive that is new may not come first.
    if attach.is_some() || firmware.is_none_or(|firmware| !same_path(&firmware.first_boot_path, disk_path)) {
        steps.extend(boot.first_step(&world.spelt(disk_path)));
    }
    if !details.is_some_and(VmDetails::is_on_default_switch) {
        steps.push(Step::ConnectSwitch { switch_id: crate::discovery::DEFAULT_SWITCH });
    }
    if details.and_then(|details| details.exchange_enabled) != Some(true) {
        steps.push(Step::EnableExchange);
    }
    steps.push(Step::Record { change: Change::End });
    Ok(steps)
}

/// The disk: made where there is none, kept where the one that is there is provably the one that would be made. Anything else
/// is left alone.
fn disk(
    world: &World<'_>,
    subject: &Subject<'_>,
    blueprint: &Blueprint<'_>,
) -> Result<Option<Step>, Refusal> {
    let Blueprint { machine, place: Place { disk_path, .. }, .. } = blueprint;
    match world.disks.presence(disk_path) {
        Presence::Absent => {
            let (path, image) = (disk_path.clone(), machine.base_image.clone());
            return Ok(Some(match machine.disk_strategy {
                DiskStrategy::Differencing => Step::NewDisk { path, parent_path: image },
                DiskStrategy::Copy => Step::CopyDisk { source: image, path },
            }));
        }
        Presence::File => {}
        Presence::Other => {
            return Err(Refusal::in_place(
                disk_path,
                "something that is no file stands where its disk belongs",
            ));
        }
        Presence::Unknown(why) => {
            return Err(Refusal::in_place(disk_path, &format!("it cannot be read ({why})")));
        }
    }
    if !world.is_complete() {
        return Err(not_told(&format!("whether another VM uses {disk_path}")));
    }
    if let Some(user) = world.index.other_user(disk_path, subject.id()) {
        return Err(Refusal::in_place(disk_path, &format!("the VM {user} uses it")));
    }
    if blueprint.place.disk_is_known {
        return Ok(None);
    }
    let fit = match machine.disk_strategy {
        DiskStrategy::Differencing => world.disks.is_child(disk_path, &machine.base_image),
        DiskStrategy::Copy if subject.began(IntentKind::Create) => {
            world.disks.is_copy(disk_path, &machine.base_image)
        }
        DiskStrategy::Copy => Fit::Other("a disk that no run of this lab made".to_owned()),
    };
    match fit {
        Fit::Fits => Ok(None),
        Fit::ParentChanged => Err(Refusal::in_place(
            disk_path,
            &format!("it is a child of {} as that was before it was changed", machine.base_image),
        )),
        Fit::Other(what) => Err(Refusal::in_place(disk_path, &format!("it is {what}"))),
        Fit::Unknown(why) => Err(Refusal::in_place(disk_path, &format!("it cannot be read ({why})"))),
    }
}

/// Generation, Secure Boot and template: what the config says, else what the image says.
pub(super) fn boot(world: &World<'_>, subject: &Subject<'_>, machine: &Machine) -> Result<Boot, Refusal> {
    let BootFacts { generations, system, why_unknown } = world.boot(&machine.base_image);
    let made = subject.vm().and_then(|vm| Generation::try_from(vm.generation).ok());
    let generation = match (made.or(machine.generation), generations) {
        (Some(generation), _) => generation,
        (None, _) if extension(&machine.base_image) == "vhd" => Generation::One,
        (None, Generations::One) => Generation::One,
        (None, Generations::Two | Generations::Both) => Generation::Two,
        (None, Generations::Unknown) => {
            return Err(Refusal::new(
                Code::GenerationUnknown,
                format!("whether its image starts with BIOS or UEFI cannot be found out: {why_unknown}"),
                "Say it in the config: generation: 1 (BIOS) or generation: 2 (UEFI).",
            ));
        }
    };
    let is_secure = match machine.secure_boot {
        Some(SecureBoot::On) => true,
        Some(SecureBoot::Off) => false,
        // A system that nobody knows is not kept from starting.
        None => system != System::Unknown,
    };
    Ok(Boot { generation, is_secure, system })
}

/// Whether `disk` is `base`, or a checkpoint's disk on top of it.
pub(super) fn leads_to(world: &World<'_>, disk: &str, base: &str) -> bool {
    same_path(disk, base)
        || world.disks.chain(disk).is_some_and(|chain| chain.iter().any(|file| same_path(file, base)))
}

fn extension(image: &str) -> &'static str {
    let is_vhd = image.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("vhd"));
    if is_vhd { "vhd" } else { "vhdx" }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The folder in which a path is; that of a drive keeps its separator, without which it would be the drive's present folder.
pub(super) fn parent(path: &str) -> &str {
    let path = path.trim_end_matches(['/', '\\']);
    let Some(end) = path.rfind(['/', '\\']) else { return "" };
    let folder = path.get(..end).unwrap_or_default();
    if folder.is_empty() || folder.ends_with(':') { path.get(..=end).unwrap_or_default() } else { folder }
}

/// A path below a folder, with the separators that the folder has.
fn join(folder: &str, name: &str) -> String {
    let separator = if folder.contains('\\') { '\\' } else { '/' };
    format!("{}{separator}{name}", folder.trim_end_matches(['/', '\\']))
}
