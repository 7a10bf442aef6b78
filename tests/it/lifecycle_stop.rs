//! What a stop plans: the table of states and modes. A VM whose guest cannot shut down is told of at once.

use ragnatramp::lifecycle::{ActionKind, Goal, Step, StopMode};

use crate::lifecycle_model::Host;

#[test]
fn each_state_and_mode_has_its_step_or_its_reason() {
    use StopMode::{Save, ShutDown, TurnOff};
    let table = [
        ("Running", ShutDown, Ok(Some(Step::ShutDownVM))),
        ("Running", TurnOff, Ok(Some(Step::TurnOffVM))),
        ("Running", Save, Ok(Some(Step::SaveVM))),
        (
            "Paused",
            ShutDown,
            Err((
                "it is paused, so its guest cannot shut down",
                "Let it go on with Start-RagnaMachine first",
            )),
        ),
        ("Paused", TurnOff, Ok(Some(Step::TurnOffVM))),
        ("Paused", Save, Ok(Some(Step::SaveVM))),
        ("Off", TurnOff, Ok(None)),
        ("OffCritical", ShutDown, Ok(None)),
        ("Saved", ShutDown, Ok(None)),
        // The memory that was saved is not thrown away.
        ("Saved", TurnOff, Ok(None)),
        ("Stopping", ShutDown, Err(("Hyper-V is changing it", "where it does not end, cut the power"))),
        // A guest that hangs while it shuts down: only the power ends it.
        ("Stopping", TurnOff, Ok(Some(Step::TurnOffVM))),
        ("Starting", Save, Err(("Hyper-V is changing it", "where it does not end, cut the power"))),
        ("RunningCritical", ShutDown, Err(("its storage is lost or full", "Make room on the disk"))),
        ("RunningCritical", TurnOff, Ok(Some(Step::TurnOffVM))),
    ];
    for (state, mode, expected) in table {
        let mut host = Host::up(&["web"]);
        host.vm("web").facts.state = state.into();
        let action = host.action(&Goal::Stop { mode }, "web");
        match expected {
            Ok(step) => {
                assert_eq!(action.refusal, None, "{state}, {mode:?}");
                assert_eq!(action.steps, step.into_iter().collect::<Vec<_>>(), "{state}, {mode:?}");
                let kind = if action.steps.is_empty() { ActionKind::None } else { ActionKind::Stop };
                assert_eq!(action.kind, kind, "{state}, {mode:?}");
            }
            Err((reason, remedy)) => {
                assert_eq!((action.kind, action.steps.len()), (ActionKind::Refuse, 0), "{state}, {mode:?}");
                assert!(action.reason.contains(reason), "{state}, {mode:?}: {}", action.reason);
                let told = action.refusal.unwrap().remedy.unwrap();
                assert!(told.contains(remedy), "{state}, {mode:?}: {told}");
            }
        }
    }
}

#[test]
fn a_guest_that_cannot_shut_down_is_told_of_at_once_with_a_way_out() {
    for (status, why) in [
        (Some(12), "its guest does not answer the shutdown service (no contact)"),
        (Some(13), "(status 13)"),
        (None, "its shutdown service is switched off"),
    ] {
        let mut host = Host::up(&["web"]);
        host.vm("web").details.shutdown_status = status;
        let action = host.action(&Goal::Stop { mode: StopMode::ShutDown }, "web");
        let refusal = action.refusal.unwrap();
        assert!(refusal.message.contains(why), "{}", refusal.message);
        assert!(refusal.remedy.unwrap().contains("-TurnOff"));
    }
}

#[test]
fn what_is_not_there_needs_no_stop_and_what_is_not_ours_is_refused() {
    let stop = Goal::Stop { mode: StopMode::TurnOff };
    assert_eq!(Host::new(&["web"]).action(&stop, "web").reason, "it has no VM");
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.notes.clear();
    assert_eq!(host.action(&stop, "web").kind, ActionKind::Refuse);
    host.vms.clear();
    assert_eq!(host.action(&stop, "web").reason, "its VM is gone from Hyper-V");
}

#[test]
fn a_stop_says_in_which_state_the_machine_is() {
    for (state, reason) in [
        ("Running", "it runs"),
        ("Paused", "it is paused"),
        ("Stopping", "Hyper-V shows it as Stopping"),
        ("RunningCritical", "Hyper-V shows it as RunningCritical"),
    ] {
        let mut host = Host::up(&["web"]);
        host.vm("web").facts.state = state.into();
        assert_eq!(host.action(&Goal::Stop { mode: StopMode::TurnOff }, "web").reason, reason);
    }
}
