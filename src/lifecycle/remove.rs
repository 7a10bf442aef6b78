//! Destroy: a machine's checkpoints, VM, disks and folder, in an order in which no step leaves data behind that nobody knows
//! of. The files are deleted one by one: the disk that the state names, and what checkpoints made on top of it.

use super::action::{Action, ActionKind, Change, Refusal, Step};
use super::disks::Presence;
use super::inventory::{Checkpoint, Power};
use super::subject::{Found, Subject, World, unknown};
use crate::config::names::same_path;
use crate::discovery::VmId;
use crate::error::Code;
use crate::state::{Intent, IntentKind};

pub(super) fn remove(world: &World<'_>, subject: &Subject<'_>) -> Action {
    let planned = match subject.found {
        Found::Unknown => Err(unknown()),
        Found::NotOurs(vm) => Err(world.not_ours(subject, vm)),
        Found::Absent if subject.known.is_none() && subject.intent.is_none() => {
            return Action::new(subject.name, &subject.vm_name, None, ActionKind::None, "it has no VM");
        }
        Found::Absent => absent(world, subject),
        Found::Ours(vm) | Found::Unrecorded(vm) => {
            let checkpoints = world.index.checkpoints(&vm.id);
            match Power::of(&vm.state) {
                Power::Changing => Err(subject.changing()),
                power if checkpoints.is_empty() => without_checkpoints(world, subject, &vm.id, power),
                power => with_checkpoints(world, subject, &vm.id, power, checkpoints),
            }
        }
    };
    let steps = match planned {
        Ok(steps) => steps,
        Err(refusal) => return subject.refuse(refusal),
    };
    let reason = match subject.found {
        Found::Absent => "its VM is gone from Hyper-V; its files are left",
        _ if subject.began(IntentKind::Remove) => "its removal was begun",
        _ => "asked for",
    };
    let files: Vec<&str> = steps.iter().flat_map(files_of).collect();
    let operation = match files.as_slice() {
        [] => "Remove from the state".to_owned(),
        files => format!("Remove, and delete {}", files.join(", ")),
    };
    subject.action(ActionKind::Remove, reason).doing(operation, steps)
}

/// The files that a step deletes, or that a removal which it begins will delete.
fn files_of(step: &Step) -> Vec<&str> {
    match step {
        Step::Record { change: Change::Begin { intent } } => {
            intent.files.iter().map(String::as_str).collect()
        }
        _ => Vec::new(),
    }
}

/// Back to the oldest checkpoint first, then all of them, the newest first: so nothing has to be merged into the disk. What is
/// left then is planned from another look.
fn with_checkpoints(
    world: &World<'_>,
    subject: &Subject<'_>,
    id: &VmId,
    power: Power,
    checkpoints: &[&Checkpoint],
) -> Result<Vec<Step>, Refusal> {
    let disk = disk_of(subject)?;
    let files = chain(world, subject, id, &disk, true)?;
    let mut steps = vec![begin(subject, &disk, files)];
    steps.extend(off(power));
    let oldest = checkpoints.iter().find(|checkpoint| checkpoint.parent_id.is_none()).or(checkpoints.first());
    if let Some(oldest) = oldest {
        steps.push(Step::RestoreCheckpoint { id: oldest.id.clone(), name: oldest.name.clone() });
    }
    for checkpoint in checkpoints.iter().rev() {
        steps.push(Step::RemoveCheckpoint { id: checkpoint.id.clone(), name: checkpoint.name.clone() });
    }
    steps.push(Step::WaitMerged { path: disk });
    steps.push(Step::LookAgain);
    Ok(steps)
}

fn without_checkpoints(
    world: &World<'_>,
    subject: &Subject<'_>,
    id: &VmId,
    power: Power,
) -> Result<Vec<Step>, Refusal> {
    let disk = disk_of(subject)?;
    let is_merging = world.index.details(id).is_some_and(|details| details.secondary_status.is_some());
    if is_merging && power == Power::Off {
        let files = chain(world, subject, id, &disk, true)?;
        return Ok(vec![begin(subject, &disk, files), Step::WaitMerged { path: disk }, Step::LookAgain]);
    }
    let files = chain(world, subject, id, &disk, false)?;
    let mut steps = vec![begin(subject, &disk, files.clone())];
    steps.extend(off(power));
    steps.push(Step::RemoveVM);
    steps.extend(deletion(subject, files));
    Ok(steps)
}

/// A machine whose VM is gone: what its removal recorded, or the disk that the state names.
fn absent(world: &World<'_>, subject: &Subject<'_>) -> Result<Vec<Step>, Refusal> {
    let begun = subject.intent.as_ref().filter(|intent| intent.kind == IntentKind::Remove);
    let files = match begun {
        Some(intent) => intent.files.clone(),
        None => disk_of(subject).map(|disk| vec![disk])?,
    };
    let mut there = Vec::new();
    for file in files {
        match world.disks.presence(&file) {
            Presence::Absent => {}
            Presence::File => {
                is_unused(world, &file, None)?;
                there.push(file);
            }
            Presence::Other => return Err(not_deleted(&file, "it is no file")),
            Presence::Unknown(why) => return Err(not_deleted(&file, &format!("it cannot be read ({why})"))),
        }
    }
    let mut steps = Vec::new();
    if begun.is_none() {
        steps.push(begin(subject, &disk_of(subject)?, there.clone()));
    }
    steps.extend(deletion(subject, there));
    Ok(steps)
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
fn off(power: Power) -> Option<Step> {
    match power {
        Power::Off => None,
        Power::Saved => Some(Step::RemoveSavedState),
        Power::Running | Power::Paused | Power::Starting | Power::Changing | Power::Critical => {
            Some(Step::TurnOffVM)
        }
    }
}

/// The disks of the VM: the one that the state names, and those that checkpoints made on top of it. A VM that has lost its disk
/// has none. With `merging`, a disk that cannot be read because Hyper-V holds it is passed over: the next look finds it.
fn chain(
    world: &World<'_>,
    subject: &Subject<'_>,
    id: &VmId,
    disk: &str,
    merging: bool,
) -> Result<Vec<String>, Refusal> {
    let mut files: Vec<String> = Vec::new();
    for drive in world.index.disks(id) {
        if same_path(drive, disk) {
            continue;
        }
        let chain = world.disks.chain(drive);
        match chain.as_ref().and_then(|chain| chain.iter().position(|file| same_path(file, disk))) {
            Some(end) => files.extend(chain.into_iter().flatten().take(end)),
            None if merging || subject.began(IntentKind::Create) => {}
            None => {
                return Err(Refusal::new(
                    Code::OwnershipVerificationFailed,
                    format!(
                        "its VM has the disk {drive}, which is not the one that the state names ({disk})"
                    ),
                    "Detach that disk from the VM (Remove-VMHardDiskDrive), then run the command again; it stays.",
                ));
            }
        }
    }
    if world.disks.presence(disk) == Presence::File {
        files.push(disk.to_owned());
    }
    for file in &files {
        is_unused(world, file, Some(id))?;
    }
    Ok(files)
}

/// No other VM and no checkpoint of one uses the file, itself or below one of its disks.
fn is_unused(world: &World<'_>, file: &str, id: Option<&VmId>) -> Result<(), Refusal> {
    if let Some(user) = world.index.other_user(file, id) {
        return Err(not_deleted(file, &format!("the VM {user} uses it")));
    }
    for drive in world.index.drives_of_others(id) {
        let below = world.disks.chain(&drive.path).unwrap_or_default();
        if below.iter().skip(1).any(|parent| same_path(parent, file)) {
            return Err(not_deleted(file, &format!("{} is a child of it", drive.path)));
        }
    }
    Ok(())
}

fn not_deleted(file: &str, finding: &str) -> Refusal {
    Refusal::new(
        Code::DiskInUse,
        format!("its disk {file} must not be deleted: {finding}"),
        "Remove that use of the file first, then run the command again.",
    )
}

fn disk_of(subject: &Subject<'_>) -> Result<String, Refusal> {
    let begun = subject.intent.as_ref().map(|intent| intent.disk_path.clone());
    let known = subject.known.and_then(|known| known.disk_path()).map(str::to_owned);
    begun.or(known).ok_or_else(|| {
        Refusal::new(
            Code::StateCorrupted,
            "the state does not name its disk",
            "Remove its VM with Hyper-V's own means; then Remove-RagnaMachine takes it out of the state.",
        )
    })
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
    };
    Step::Record { change: Change::Begin { intent } }
}
