//! Halt: which machines are stopped, and how.

use serde::Deserialize;

use super::action::{Action, ActionKind, Refusal, Step};
use super::inventory::Power;
use super::subject::{Found, Subject, World, unknown};
use crate::error::Code;

/// How a machine is stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum StopMode {
    /// The guest is asked to shut down; the power is never cut.
    #[default]
    ShutDown,
    /// The power is cut.
    TurnOff,
    /// The memory is saved.
    Save,
}

/// The status of an integration service that works, and of one whose guest has never answered.
const OK: u32 = 2;
const NO_CONTACT: u32 = 12;

pub(super) fn stop(world: &World<'_>, subject: &Subject<'_>, mode: StopMode) -> Action {
    let vm = match subject.found {
        Found::Unknown => return subject.refuse(unknown()),
        Found::NotOurs(vm) => return subject.refuse(world.not_ours(subject, vm)),
        Found::Absent => {
            return nothing(
                subject,
                if subject.known.is_some() { "its VM is gone from Hyper-V" } else { "it has no VM" },
            );
        }
        Found::Ours(vm) | Found::Unrecorded(vm) => vm,
    };
    let act = |operation: &str, step| {
        subject.action(ActionKind::Stop, reason(vm.state.as_str())).doing(operation, vec![step])
    };
    match (Power::of(&vm.state), mode) {
        (Power::Critical, _) if vm.state == "OffCritical" => nothing(subject, "it is off"),
        (Power::Off, _) => nothing(subject, "it is off"),
        (Power::Saved, _) => nothing(subject, "its memory is saved; it does not run"),
        (Power::Critical, StopMode::TurnOff) => act("Turn off", Step::TurnOffVM),
        (Power::Critical, _) => subject.refuse(subject.critical()),
        (Power::Changing | Power::Starting, StopMode::ShutDown | StopMode::Save) => {
            subject.refuse(Refusal {
                remedy: "Run the command again when that has ended; where it does not end, cut the power with Stop-RagnaMachine -TurnOff."
                    .to_owned(),
                ..subject.changing()
            })
        }
        (_, StopMode::TurnOff) => act("Turn off", Step::TurnOffVM),
        (Power::Running | Power::Paused, StopMode::Save) => act("Save", Step::SaveVM),
        (Power::Paused, StopMode::ShutDown) => {
            subject.refuse(Refusal {
                remedy: "Let it go on with Start-RagnaMachine first, or stop it with Stop-RagnaMachine -Save (keeps its memory) or -TurnOff (cuts its power)."
                    .to_owned(),
                ..no_shutdown("it is paused, so its guest cannot shut down")
            })
        }
        (Power::Running, StopMode::ShutDown) => {
            match subject.details(world).and_then(|details| details.shutdown_status) {
                Some(OK) => act("Shut down", Step::ShutDownVM),
                Some(NO_CONTACT) => {
                    subject.refuse(no_shutdown("its guest does not answer the shutdown service (no contact)"))
                }
                Some(status) => subject.refuse(no_shutdown(&format!(
                    "the shutdown service of its guest does not work (status {status})"
                ))),
                None => subject.refuse(no_shutdown("its shutdown service is switched off, or Hyper-V does not show it")),
            }
        }
    }
}

fn reason(state: &str) -> String {
    match Power::of(state) {
        Power::Running => "it runs".to_owned(),
        Power::Paused => "it is paused".to_owned(),
        _ => format!("Hyper-V shows it as {state}"),
    }
}

fn no_shutdown(reason: &str) -> Refusal {
    Refusal::new(
        Code::ShutdownUnavailable,
        reason,
        "Shut it down from inside, or stop it with Stop-RagnaMachine -Save (keeps its memory) or -TurnOff (cuts its power).",
    )
}

fn nothing(subject: &Subject<'_>, reason: &str) -> Action {
    subject.action(ActionKind::None, reason)
}
