//! Checkpoints of a whole lab: made together, restored together, removed together. Names are not unique in Hyper-V, so they are
//! compared before anything is done, and checkpoints are known by Id.

use super::action::{Action, ActionKind, Change, CheckpointType, Refusal, Step};
use super::inventory::{Checkpoint, Power};
use super::subject::{Found, Subject, World, not_told, unknown};
use crate::discovery::VmId;
use crate::error::Code;
use crate::state::{Intent, IntentKind};

/// The longest name that Hyper-V takes.
const MAX_NAME: usize = 100;

/// Why a name is none for a checkpoint.
pub(super) fn fault_of_name(name: &str) -> Option<Refusal> {
    let length = name.encode_utf16().count();
    let finding = if name.trim().is_empty() {
        "the name of the checkpoint is empty".to_owned()
    } else if length > MAX_NAME {
        format!("the name of the checkpoint has {length} characters, Hyper-V takes {MAX_NAME}")
    } else if name.chars().any(char::is_control) {
        "the name of the checkpoint holds control characters".to_owned()
    } else {
        return None;
    };
    Some(Refusal::new(Code::CheckpointNameInvalid, finding, "Choose another name."))
}

pub(super) fn make(
    world: &World<'_>,
    subject: &Subject<'_>,
    name: &str,
    checkpoint_type: Option<CheckpointType>,
) -> Action {
    let (vm_id, power) = match present(world, subject) {
        Ok(present) => present,
        Err(action) => return *action,
    };
    if power == Power::Critical {
        return subject.refuse(subject.critical());
    }
    if let Some(refusal) = taken(world, vm_id, name) {
        return subject.refuse(refusal);
    }
    let steps = vec![
        Step::CheckpointVM { name: name.to_owned(), checkpoint_type },
        Step::Record { change: Change::CheckpointMade { name: name.to_owned() } },
    ];
    subject.action(ActionKind::Checkpoint, "asked for").doing(format!("Make the checkpoint {name}"), steps)
}

/// `first` is the name of a checkpoint that is made before, so that what is left now can be had back.
pub(super) fn restore(world: &World<'_>, subject: &Subject<'_>, name: &str, first: Option<&str>) -> Action {
    let (vm_id, power) = match present(world, subject) {
        Ok(present) => present,
        Err(action) => return *action,
    };
    if power == Power::Critical {
        return subject.refuse(subject.critical());
    }
    let checkpoint = match the_one(world, vm_id, name) {
        Ok(checkpoint) => checkpoint,
        Err(refusal) => return subject.refuse(refusal),
    };
    if let Some(fault) = first.and_then(|first| fault_of_name(first).or(taken(world, vm_id, first))) {
        return subject.refuse(fault);
    }
    let intent = Intent {
        kind: IntentKind::Restore,
        vm_name: subject.vm_name.clone(),
        folder: subject.known.and_then(|known| known.folder()).map(str::to_owned),
        disk_path: subject.known.and_then(|known| known.disk_path()).unwrap_or_default().to_owned(),
        files: Vec::new(),
        seed: None,
    };
    let mut steps = Vec::new();
    if let Some(first) = first {
        steps.push(Step::CheckpointVM { name: first.to_owned(), checkpoint_type: None });
        steps.push(Step::Record { change: Change::CheckpointMade { name: first.to_owned() } });
    }
    steps.push(Step::Record { change: Change::Begin { intent } });
    steps.push(Step::RestoreCheckpoint { id: checkpoint.id.clone(), name: checkpoint.name.clone() });
    steps.push(Step::LookAgain);
    let saved = first.map(|first| format!(", after a checkpoint {first}")).unwrap_or_default();
    subject
        .action(ActionKind::Restore, "asked for")
        .doing(format!("Restore the checkpoint {name}{saved}; what changed since is lost"), steps)
}

/// What is left to do after a restore: the VM is made ours again.
pub(super) fn restored(world: &World<'_>, subject: &Subject<'_>) -> Action {
    match subject.found {
        Found::Ours(_) if subject.began(IntentKind::Restore) => {
            let mut steps = Vec::new();
            if subject.details(world).is_some_and(|details| details.secondary_status.is_some()) {
                steps.push(Step::WaitIdle);
            }
            steps.extend(super::hardware::asserted(world, subject));
            steps.push(Step::Record { change: Change::End });
            subject.action(ActionKind::Restore, "restored").doing("Complete the restore", steps)
        }
        Found::Ours(_) => subject.action(ActionKind::None, "restored"),
        Found::Unknown => subject.refuse(unknown()),
        Found::NotOurs(vm) | Found::Unrecorded(vm) => subject.refuse(world.not_ours(subject, vm)),
        Found::Absent => subject.action(ActionKind::None, "its VM is gone from Hyper-V"),
    }
}

pub(super) fn remove(world: &World<'_>, subject: &Subject<'_>, name: &str) -> Action {
    let (vm_id, power) = match present(world, subject) {
        Ok(present) => present,
        Err(action) => return *action,
    };
    let forgotten = removed_before(world, subject, vm_id, name);
    let (removed, gone) = match the_one(world, vm_id, name) {
        Ok(checkpoint) => {
            let step = Step::RemoveCheckpoint { id: checkpoint.id.clone(), name: checkpoint.name.clone() };
            (Some(step), vec![checkpoint.id.clone()])
        }
        // A run that was interrupted removed it, and the state names it still.
        Err(refusal) if refusal.code == Code::CheckpointNotFound && !forgotten.is_empty() => {
            (None, forgotten)
        }
        Err(refusal) => return subject.refuse(refusal),
    };
    let left = world.index.checkpoints(vm_id).len() - usize::from(removed.is_some());
    let mut steps: Vec<Step> = removed.into_iter().collect();
    let disk = subject.known.and_then(|known| known.disk_path());
    steps.push(match disk.filter(|_| left == 0 && power != Power::Critical) {
        Some(disk) => Step::WaitMerged { path: world.spelt(disk) },
        None => Step::WaitIdle,
    });
    steps.extend(gone.into_iter().map(|id| Step::Record { change: Change::CheckpointRemoved { id } }));
    subject
        .action(ActionKind::RemoveCheckpoint, "asked for")
        .doing(format!("Remove the checkpoint {name}"), steps)
}

/// A machine that has not what is removed is an error only where no machine has it: a removal that failed at one of them is ended by
/// the next run, which finds the others without it.
pub(super) fn excuse_those_without(name: &str, actions: &mut [Action]) {
    let is_refused_for =
        |action: &Action, code| action.refusal.as_ref().is_some_and(|error| error.code == code);
    let is_somewhere = actions.iter().any(|action| {
        action.kind == ActionKind::RemoveCheckpoint || is_refused_for(action, Code::CheckpointAmbiguous)
    });
    if !is_somewhere {
        return;
    }
    for action in actions.iter_mut().filter(|action| is_refused_for(action, Code::CheckpointNotFound)) {
        action.kind = ActionKind::None;
        action.refusal = None;
        action.reason = format!("it has no checkpoint {name}");
    }
}

/// The Ids of checkpoints of that name that the state knows and Hyper-V has not.
fn removed_before(world: &World<'_>, subject: &Subject<'_>, vm_id: &VmId, name: &str) -> Vec<String> {
    let known = subject.known.into_iter().flat_map(|known| known.checkpoints());
    let is_there = |id: &str| {
        world.index.checkpoints(vm_id).iter().any(|checkpoint| checkpoint.id.eq_ignore_ascii_case(id))
    };
    known.filter(|(id, known)| *known == name && !is_there(id)).map(|(id, _)| id.to_owned()).collect()
}

/// Why a name is not free.
fn taken(world: &World<'_>, vm_id: &VmId, name: &str) -> Option<Refusal> {
    same_named(world, vm_id, name).next().map(|_| {
        Refusal::new(
            Code::CheckpointExists,
            format!("it has a checkpoint {name} already"),
            "Choose another name, or remove that one with Remove-RagnaCheckpoint.",
        )
    })
}

/// The VM, where it is ours and Hyper-V is not changing it; else what is said of it.
fn present<'a>(world: &World<'a>, subject: &Subject<'a>) -> Result<(&'a VmId, Power), Box<Action>> {
    let nothing = |reason| subject.action(ActionKind::None, reason);
    Err(Box::new(match subject.found {
        Found::Unknown => subject.refuse(unknown()),
        Found::NotOurs(vm) => subject.refuse(world.not_ours(subject, vm)),
        Found::Absent if subject.known.is_some() => nothing("its VM is gone from Hyper-V"),
        Found::Absent => nothing("it has no VM"),
        Found::Unrecorded(_) => nothing("its creation has not ended"),
        Found::Ours(_) if subject.began(IntentKind::Create) => nothing("its creation has not ended"),
        Found::Ours(_) if subject.began(IntentKind::Remove) => subject.refuse(Refusal::new(
            Code::VmState,
            "its removal was begun and has not ended",
            "Remove-RagnaMachine ends it.",
        )),
        Found::Ours(_) if !world.is_complete() => subject.refuse(not_told("which checkpoints its VM has")),
        Found::Ours(vm) => match Power::of(&vm.state) {
            Power::Changing | Power::Starting => subject.refuse(subject.changing()),
            power => return Ok((&vm.id, power)),
        },
    }))
}

fn same_named<'a>(world: &World<'a>, vm_id: &'a VmId, name: &str) -> impl Iterator<Item = &'a Checkpoint> {
    world.index.checkpoints(vm_id).iter().copied().filter(move |checkpoint| checkpoint.name == name)
}

fn the_one<'a>(world: &World<'a>, vm_id: &'a VmId, name: &str) -> Result<&'a Checkpoint, Refusal> {
    let mut found = same_named(world, vm_id, name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Refusal::new(
            Code::CheckpointAmbiguous,
            format!("it has several checkpoints {name}"),
            "Give one of them another name with Rename-VMSnapshot.",
        )),
        (None, _) => {
            let names: Vec<&str> =
                world.index.checkpoints(vm_id).iter().map(|checkpoint| checkpoint.name.as_str()).collect();
            let has = if names.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", names.join(", "))
            };
            Err(Refusal::new(
                Code::CheckpointNotFound,
                format!("it has no checkpoint {name}; {has}"),
                "Get-RagnaCheckpoint lists them; names are compared exactly.",
            ))
        }
    }
}
