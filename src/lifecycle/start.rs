//! Up: which machines are made, completed, brought up to date and started.

use super::action::{Action, ActionKind, Change, Refusal, Step};
use super::creation::{self, Blueprint};
use super::hardware;
use super::inventory::Power;
use super::subject::{Found, Subject, World, unknown};
use crate::config::Machine;
use crate::error::Code;
use crate::state::IntentKind;

/// What the user asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct StartOptions {
    /// Brings VMs that are off to what the config says.
    pub force: bool,
    /// Starts machines though `auto_start` is false: they were named.
    pub named: bool,
}

pub(super) fn start(world: &World<'_>, subject: &Subject<'_>, options: StartOptions) -> Action {
    let Some(machine) = subject.machine else { return not_in_config(subject) };
    if subject.began(IntentKind::Remove) {
        return subject.refuse(Refusal::new(
            Code::VmState,
            "its removal was begun and has not ended",
            "Remove-RagnaMachine ends it; then it can be created anew.",
        ));
    }
    let wants_start = options.named || world.config.auto_start;
    match subject.found {
        Found::Unknown => subject.refuse(unknown()),
        Found::NotOurs(vm) => subject.refuse(world.not_ours(subject, vm)),
        Found::Absent => create(world, subject, machine, wants_start),
        Found::Unrecorded(_) => finish(world, subject, machine, wants_start, ActionKind::Adopt),
        Found::Ours(_) if subject.began(IntentKind::Create) => {
            finish(world, subject, machine, wants_start, ActionKind::Complete)
        }
        Found::Ours(vm) => present(world, subject, machine, Power::of(&vm.state), wants_start, options.force),
    }
}

/// A machine that has no VM.
fn create(world: &World<'_>, subject: &Subject<'_>, machine: &Machine, wants_start: bool) -> Action {
    let blueprint = match Blueprint::of(world, subject, machine) {
        Ok(blueprint) => blueprint,
        Err(refusal) => return subject.refuse(refusal),
    };
    let mut steps = match creation::steps(world, subject, &blueprint) {
        Ok(steps) => steps,
        Err(refusal) => return subject.refuse(refusal),
    };
    let reason = match (subject.known, &subject.intent) {
        (_, Some(_)) => "its creation was begun; it has no VM yet",
        (Some(_), None) => "its VM is gone from Hyper-V",
        (None, None) => "it has no VM yet",
    };
    let operation =
        format!("Create from {}{}", blueprint.summary(), if wants_start { ", then start" } else { "" });
    if wants_start {
        steps.push(Step::StartVM);
    }
    subject.action(ActionKind::Create, reason).doing(operation, steps)
}

/// A machine whose VM is there and not complete.
fn finish(
    world: &World<'_>,
    subject: &Subject<'_>,
    machine: &Machine,
    wants_start: bool,
    kind: ActionKind,
) -> Action {
    let steps = Blueprint::of(world, subject, machine)
        .and_then(|blueprint| creation::steps(world, subject, &blueprint));
    let mut steps = match steps {
        Ok(steps) => steps,
        Err(refusal) => return subject.refuse(refusal),
    };
    let power = subject.vm().map_or(Power::Off, |vm| Power::of(&vm.state));
    match power {
        Power::Critical => return subject.refuse(subject.critical()),
        Power::Changing | Power::Starting => return subject.refuse(subject.changing()),
        Power::Running | Power::Saved | Power::Paused if steps.iter().any(needs_off) => {
            return subject.refuse(Refusal::new(
                Code::VmState,
                "its creation has not ended, and its VM is not off",
                "Turn it off with Stop-RagnaMachine -TurnOff, then run the command again.",
            ));
        }
        Power::Off | Power::Running | Power::Saved | Power::Paused => {}
    }
    if wants_start && power != Power::Running {
        steps.push(Step::StartVM);
    }
    let reason = match kind {
        ActionKind::Adopt => "an interrupted run made its VM, and the state does not know it yet",
        _ => "its creation was interrupted",
    };
    let operation = format!("Complete its creation{}", if wants_start { ", then start" } else { "" });
    subject.action(kind, reason).doing(operation, steps)
}

/// Whether Hyper-V carries a step out only on a VM that is off.
fn needs_off(step: &Step) -> bool {
    matches!(
        step,
        Step::SetVM(_)
            | Step::SetFirmware { .. }
            | Step::AddDrive { .. }
            | Step::AttachSeed { .. }
            | Step::BootFromDisk { .. }
    )
}

/// A machine whose VM is there and complete.
fn present(
    world: &World<'_>,
    subject: &Subject<'_>,
    machine: &Machine,
    power: Power,
    wants_start: bool,
    force: bool,
) -> Action {
    let (mut steps, mut restored) = (Vec::new(), false);
    if subject.began(IntentKind::Restore) {
        steps.extend(hardware::asserted(world, subject));
        steps.push(Step::Record { change: Change::End });
        restored = true;
    }
    let drift = hardware::drift(world, subject, machine);
    let updates =
        if force && power == Power::Off { hardware::updates(world, subject, machine) } else { Vec::new() };
    let is_updated = !updates.is_empty();
    steps.extend(updates.into_iter().filter(|step| !restored || !matches!(step, Step::ConnectSwitch { .. })));
    let left: Vec<String> = drift
        .into_iter()
        .filter(|drift| !(is_updated && drift.can_be_mended))
        .map(|drift| drift.told(force, power))
        .collect();
    let starts = match power {
        Power::Critical => return subject.refuse(subject.critical()),
        Power::Changing => return subject.refuse(subject.changing()),
        Power::Running | Power::Starting => false,
        Power::Off | Power::Saved | Power::Paused => wants_start,
    };
    if starts {
        if subject.details(world).is_some_and(|details| details.secondary_status.is_some()) {
            steps.push(Step::WaitIdle);
        }
        steps.push(Step::StartVM);
    }
    let kind = match power {
        _ if is_updated => ActionKind::Update,
        Power::Saved | Power::Paused if starts => ActionKind::Resume,
        _ if starts => ActionKind::Start,
        _ if restored => ActionKind::Complete,
        _ => ActionKind::None,
    };
    let reason = match kind {
        ActionKind::Update => "its VM is not as the config says",
        ActionKind::Resume if power == Power::Paused => "it is paused",
        ActionKind::Resume => "its memory is saved",
        ActionKind::Start => "it is off",
        ActionKind::Complete => "its restore was interrupted",
        _ if matches!(power, Power::Off | Power::Saved | Power::Paused) => "auto_start is false",
        _ if power == Power::Starting => "it is starting",
        _ => "it runs",
    };
    let operation = match kind {
        ActionKind::Update if starts => "Bring its VM to what the config says, then start",
        ActionKind::Update => "Bring its VM to what the config says",
        ActionKind::Resume => "Resume",
        ActionKind::Complete => "Complete its restore",
        _ => "Start",
    };
    let mut action = subject.action(kind, reason);
    action.drift = left;
    if steps.is_empty() { action } else { action.doing(operation, steps) }
}

fn not_in_config(subject: &Subject<'_>) -> Action {
    subject.action(ActionKind::None, "the config does not name it any more")
}
