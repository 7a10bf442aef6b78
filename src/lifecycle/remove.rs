//! Destroy: a machine's checkpoints, VM, disks and folder, in an order in which no step leaves data behind that nobody knows
//! of. The files are deleted one by one: the disk that the state names, and what checkpoints made on top of it.

use super::action::{Action, ActionKind, Change, Refusal, Step};
use super::disks::Presence;
use super::files::partial_of;
use super::inventory::{Checkpoint, Power, VmFacts};
use super::subject::{Found, Subject, World, not_told, unknown};
use crate::config::names::same_path;
use crate::error::Code;
use crate::state::{Intent, IntentKind, SeedDisc};

pub(super) fn remove(world: &World<'_>, subject: &Subject<'_>) -> Action {
    let planned = match subject.found {
        Found::Unknown => Err(unknown()),
        Found::NotOurs(vm) => Err(world.not_ours(subject, vm)),
        Found::Absent if subject.known.is_none() && subject.intent.is_none() => {
            return Action::new(subject.name, &subject.vm_name, None, ActionKind::None, "it has no VM");
        }
        Found::Absent => absent(world, subject),
        Found::Ours(_) | Found::Unrecorded(_) if !world.is_complete() => {
            Err(not_told("whether another VM uses its disk"))
        }
        Found::Ours(vm) | Found::Unrecorded(vm) => present(world, subject, vm),
    };
    let steps = match planned {
        Ok(steps) => steps,
        Err(refusal) => return subject.refuse(refusal),
    };
    let reason = match subject.found {
        _ if subject.began(IntentKind::Remove) => "its removal was begun",
        Found::Absent if subject.known.is_none() => "its creation was begun; it has no VM",
        Found::Absent => "its VM is gone from Hyper-V",
        _ => "asked for",
    };
    let files = files_of(&steps);
    let operation = operation(world, subject, &files);
    let mut action = subject.action(ActionKind::Remove, reason).doing(operation, steps);
    let known = files.into_iter().filter(|file| !action.touches.contains(file)).collect::<Vec<_>>();
    action.touches.splice(0..0, known);
    action
}

/// What the user is asked to confirm: exactly the files that will be deleted.
fn operation(world: &World<'_>, subject: &Subject<'_>, files: &[String]) -> String {
    let checkpoints = subject.vm().map_or(0, |vm| world.index.checkpoints(&vm.id).len());
    let with = match checkpoints {
        0 => String::new(),
        1 => " with its checkpoint".to_owned(),
        more => format!(" with its {more} checkpoints"),
    };
    match (subject.vm(), files) {
        (None, []) => "Remove from the state".to_owned(),
        (Some(_), []) => format!("Remove{with}; it has no disk of its own"),
        (_, files) => format!("Remove{with}, and delete {}", files.join(", ")),
    }
}

/// The files that steps delete, or that a removal which they begin will delete.
fn files_of(steps: &[Step]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    let mut add = |file: &String| {
        if !files.contains(file) {
            files.push(file.clone());
        }
    };
    for step in steps {
        match step {
            Step::Record { change: Change::Begin { intent } } => intent.files.iter().for_each(&mut add),
            Step::DeleteFile { path } => add(path),
            _ => {}
        }
    }
    files
}

/// A machine whose VM is there. What cannot be known while it runs or merges is planned from another look.
fn present(world: &World<'_>, subject: &Subject<'_>, vm: &VmFacts) -> Result<Vec<Step>, Refusal> {
    let power = Power::of(&vm.state);
    if matches!(power, Power::Changing | Power::Starting) {
        return Err(subject.changing());
    }
    let disk = disk_of(subject)?;
    let layers = layers(world, subject, vm, &disk)?;
    let checkpoints = world.index.checkpoints(&vm.id);
    let is_busy = world.index.details(&vm.id).is_some_and(|details| details.secondary_status.is_some());
    // A removal that took the checkpoints away and was interrupted: Hyper-V is about to merge a drive that is not back at the disk, or
    // does so since the look, and then it cannot be read.
    let is_back = world.index.disks(&vm.id).any(|drive| same_path(drive, &disk));
    let mut steps = vec![begin(subject, &disk, layers.files.clone())];
    steps.extend(off(vm));
    match (checkpoints, layers.held) {
        ([], _) if is_busy => steps.extend([Step::WaitMerged { path: world.spelt(&disk) }, Step::LookAgain]),
        (_, Some(_)) if off(vm).is_some() => steps.push(Step::LookAgain),
        ([], Some(_)) if !is_back && subject.began(IntentKind::Remove) => {
            steps.extend([Step::WaitMerged { path: world.spelt(&disk) }, Step::LookAgain]);
        }
        (_, Some(_)) if is_busy => steps.extend([Step::WaitIdle, Step::LookAgain]),
        (_, Some(drive)) => {
            return Err(Refusal::new(
                Code::DiskInUse,
                format!("its disk {drive} cannot be read, so which files are its own is not known"),
                "Look at the file's rights, and whether a backup or another program holds it; then run the command again.",
            ));
        }
        ([], None) => {
            steps.push(Step::RemoveVM);
            steps.extend(deletion(subject, layers.files));
        }
        (checkpoints, None) => {
            if is_busy {
                steps.push(Step::WaitIdle);
            }
            steps.extend(without(checkpoints));
            steps.extend([Step::WaitMerged { path: world.spelt(&disk) }, Step::LookAgain]);
        }
    }
    Ok(steps)
}

/// Back to the oldest checkpoint first, then all of them, the newest first: so nothing has to be merged into the disk.
fn without(checkpoints: &[&Checkpoint]) -> Vec<Step> {
    let oldest = checkpoints.iter().find(|checkpoint| checkpoint.parent_id.is_none()).or(checkpoints.first());
    let restore =
        oldest.map(|oldest| Step::RestoreCheckpoint { id: oldest.id.clone(), name: oldest.name.clone() });
    let removals = checkpoints.iter().rev().map(|checkpoint| Step::RemoveCheckpoint {
        id: checkpoint.id.clone(),
        name: checkpoint.name.clone(),
    });
    restore.into_iter().chain(removals).collect()
}

/// A machine whose VM is gone: what its removal recorded, or the disk that the state or its creation names.
fn absent(world: &World<'_>, subject: &Subject<'_>) -> Result<Vec<Step>, Refusal> {
    let disk = disk_of(subject).ok();
    let begun = subject.begun(IntentKind::Remove);
    let files = match begun {
        Some(intent) => intent.files.clone(),
        None => {
            let partial = disk.as_deref().map(partial_of).filter(|_| subject.began(IntentKind::Create));
            disk.iter().cloned().chain(partial).chain(seed_files(subject)).collect()
        }
    };
    let mut there = Vec::new();
    for file in files {
        if is_there(world, subject, &file)? {
            there.push(file);
        }
    }
    let mut steps = Vec::new();
    if let (None, Some(disk)) = (begun, disk) {
        steps.push(begin(subject, &disk, there.clone()));
    }
    steps.extend(deletion(subject, there));
    Ok(steps)
}

/// Whether there is a file that may be deleted.
fn is_there(world: &World<'_>, subject: &Subject<'_>, file: &str) -> Result<bool, Refusal> {
    match world.disks.presence(file) {
        Presence::Absent => return Ok(false),
        Presence::File => {}
        Presence::Other => {
            return Err(not_deleted(
                file,
                "it is no file",
                "Move away what stands there, then run the command again.",
            ));
        }
        Presence::Unknown(why) => {
            return Err(not_deleted(
                file,
                &format!("it cannot be read ({why})"),
                "Make the file readable, then run the command again.",
            ));
        }
    }
    let vm_id = subject.vm().map(|vm| &vm.id);
    match world.other_use(file, subject.name, vm_id) {
        Some(finding) => {
            Err(not_deleted(file, &finding, "Remove that use of the file first, then run the command again."))
        }
        None => Ok(true),
    }
}

fn deletion(subject: &Subject<'_>, files: Vec<String>) -> Vec<Step> {
    let mut steps: Vec<Step> = files.into_iter().map(|path| Step::DeleteFile { path }).collect();
    if let Some(folder) = folder_of(subject) {
        steps.push(Step::DeleteFolder { path: folder });
    }
    steps.push(Step::Record { change: Change::Removed });
    steps
}

/// What has to happen before Hyper-V removes a VM: its data is going to be deleted, so nobody waits for its guest.
fn off(vm: &VmFacts) -> Option<Step> {
    match Power::of(&vm.state) {
        Power::Off => None,
        Power::Critical if vm.state == "OffCritical" => None,
        Power::Saved => Some(Step::RemoveSavedState),
        Power::Running | Power::Paused | Power::Starting | Power::Changing | Power::Critical => {
            Some(Step::TurnOffVM)
        }
    }
}

/// The disks of a VM that are deleted with it.
struct Layers {
    /// The disk that the state names, and those that checkpoints made on top of it.
    files: Vec<String>,
    /// A drive that is there and cannot be read now.
    held: Option<String>,
}

/// A VM that has lost its disk has none.
fn layers(world: &World<'_>, subject: &Subject<'_>, vm: &VmFacts, disk: &str) -> Result<Layers, Refusal> {
    let (mut named, mut held) = (Vec::new(), None);
    for drive in world.index.disks(&vm.id).filter(|drive| !same_path(drive, disk)) {
        match world.disks.chain(drive) {
            Some(chain) => match chain.iter().position(|file| same_path(file, disk)) {
                Some(end) => named.extend(chain.into_iter().take(end)),
                // A VM that was not completed has no data; a disk that somebody attached to it stays.
                None if subject.began(IntentKind::Create) => {}
                None => return Err(foreign(drive, disk)),
            },
            None if world.disks.presence(drive) == Presence::Absent => {}
            None if subject.began(IntentKind::Create) => {}
            None => held = Some(drive.to_owned()),
        }
    }
    named.push(disk.to_owned());
    if let Some(begun) = subject.begun(IntentKind::Create) {
        named.push(partial_of(&begun.disk_path));
    }
    named.extend(seed_files(subject));
    let mut files = Vec::new();
    for file in named {
        if is_there(world, subject, &file)? {
            files.push(file);
        }
    }
    Ok(Layers { files, held })
}

fn foreign(drive: &str, disk: &str) -> Refusal {
    Refusal::new(
        Code::OwnershipVerificationFailed,
        format!("its VM has the disk {drive}, which is not the one that the state names ({disk})"),
        "Detach that disk from the VM (Remove-VMHardDiskDrive), then run the command again; it stays.",
    )
}

fn not_deleted(file: &str, finding: &str, remedy: &str) -> Refusal {
    Refusal::new(Code::DiskInUse, format!("{file} must not be deleted: {finding}"), remedy)
}

/// The disk that the state names for it, or that its creation or removal is about.
fn disk_of(subject: &Subject<'_>) -> Result<String, Refusal> {
    let begun = subject.begun(IntentKind::Create).or(subject.begun(IntentKind::Remove));
    let begun = begun.map(|intent| intent.disk_path.clone()).filter(|path| !path.is_empty());
    let known = subject.known.and_then(|known| known.disk_path()).map(str::to_owned);
    begun.or(known).ok_or_else(|| {
        Refusal::new(
            Code::StateCorrupted,
            "the state does not name its disk",
            "Remove its VM with Hyper-V's own means; then Remove-RagnaMachine takes it out of the state.",
        )
    })
}

/// The disc that named it at its first boot, and what an interrupted run left of one.
fn seed_files(subject: &Subject<'_>) -> Vec<String> {
    let Some(seed) = seed_of(subject) else { return Vec::new() };
    let partial = subject.began(IntentKind::Create).then(|| partial_of(&seed.path));
    std::iter::once(seed.path).chain(partial).collect()
}

fn seed_of(subject: &Subject<'_>) -> Option<SeedDisc> {
    let begun = subject.intent.as_ref().and_then(|intent| intent.seed.clone());
    begun.or_else(|| subject.known.and_then(|known| known.seed()))
}

fn folder_of(subject: &Subject<'_>) -> Option<String> {
    let begun = subject.intent.as_ref().and_then(|intent| intent.folder.clone());
    begun.or_else(|| subject.known.and_then(|known| known.folder()).map(str::to_owned))
}

fn begin(subject: &Subject<'_>, disk: &str, files: Vec<String>) -> Step {
    let intent = Intent {
        kind: IntentKind::Remove,
        vm_name: subject.vm_name.clone(),
        folder: folder_of(subject),
        disk_path: disk.to_owned(),
        files,
        seed: seed_of(subject),
    };
    Step::Record { change: Change::Begin { intent } }
}
