//! Checkpoints: names are compared before anything is done, a wrong name is an error, and what is restored is ours again.

use ragnatramp::lifecycle::{Action, ActionKind, Change, Goal, Step};

use crate::lifecycle_model::{Host, MERGING, checkpoint, disk, restore, start};

fn code(action: &Action) -> String {
    let refusal = action.refusal.as_ref().unwrap_or_else(|| panic!("not refused: {action:?}"));
    assert!(action.steps.is_empty() && refusal.remedy.is_some());
    serde_json::json!(refusal.code).as_str().unwrap().to_owned()
}

#[test]
fn names_that_hyper_v_does_not_take_are_refused() {
    let host = Host::up(&["web"]);
    let long = "ä".repeat(101);
    for name in ["", "  ", "a\nb", "a\u{1b}[2J", long.as_str(), &"😀".repeat(51)] {
        assert_eq!(code(&host.action(&checkpoint(name), "web")), "CHECKPOINT_NAME_INVALID", "{name:?}");
    }
    for name in ["a", "[x]*?", "'; Remove-VM", &"ä".repeat(100), &"😀".repeat(50)] {
        assert_eq!(host.action(&checkpoint(name), "web").kind, ActionKind::Checkpoint, "{name:?}");
    }
}

#[test]
fn an_equal_name_is_refused_before_anything_is_done_also_for_the_checkpoint_before_a_restore() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    assert_eq!(code(&host.action(&checkpoint("clean"), "web")), "CHECKPOINT_EXISTS");
    assert_eq!(host.action(&checkpoint("Clean"), "web").kind, ActionKind::Checkpoint);
    for (first, expected) in [("clean", "CHECKPOINT_EXISTS"), ("", "CHECKPOINT_NAME_INVALID")] {
        let goal = Goal::Restore { name: "clean".into(), first: Some(first.into()) };
        assert_eq!(code(&host.action(&goal, "web")), expected);
    }
}

#[test]
fn a_wrong_name_is_an_error_that_tells_the_right_ones() {
    let mut host = Host::up(&["web"]);
    for goal in [restore("cleen"), Goal::RemoveCheckpoint { name: "cleen".into() }] {
        let action = host.action(&goal, "web");
        assert_eq!(code(&action), "CHECKPOINT_NOT_FOUND");
        assert!(action.reason.ends_with("it has none"), "{}", action.reason);
    }
    host.run(&checkpoint("clean"), &[]);
    assert!(host.action(&restore("cleen"), "web").reason.ends_with("it has clean"));
}

#[test]
fn of_the_checkpoints_that_are_gone_from_hyper_v_only_the_one_that_is_named_is_forgotten() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.run(&checkpoint("older"), &[]);
    let gone = host.vm("web").checkpoints.iter().find(|saved| saved.checkpoint.name == "clean").unwrap();
    let id = gone.checkpoint.id.clone();
    host.vm("web").checkpoints.clear();
    let action = host.action(&Goal::RemoveCheckpoint { name: "clean".into() }, "web");
    let forgotten: Vec<&Step> =
        action.steps.iter().filter(|step| matches!(step, Step::Record { .. })).collect();
    assert_eq!(forgotten, [&Step::Record { change: Change::CheckpointRemoved { id } }]);
}

#[test]
fn a_removal_ends_where_one_has_the_checkpoint_and_is_refused_where_none_has() {
    let goal = Goal::RemoveCheckpoint { name: "clean".into() };
    let told = |host: &Host| {
        let of = |machine| host.action(&goal, machine);
        let (web, db) = (of("web"), of("db"));
        assert!(web.operation.is_none() && web.steps.is_empty());
        (web.kind, web.reason, db.kind)
    };
    let without = "it has no checkpoint clean";
    let mut host = Host::up(&["web", "db"]);
    host.run(&checkpoint("other"), &["web"]);
    host.run(&checkpoint("clean"), &["db"]);
    assert_eq!(told(&host), (ActionKind::None, without.into(), ActionKind::RemoveCheckpoint));
    assert_eq!(code(&host.plan(&goal, &["web"])[0]), "CHECKPOINT_NOT_FOUND");

    // Where it is left to be forgotten.
    let mut forgetful = host.clone();
    forgetful.vm("db").checkpoints.clear();
    assert_eq!(told(&forgetful), (ActionKind::None, without.into(), ActionKind::RemoveCheckpoint));

    // Where one has several of that name, that is what is refused.
    let mut doubled = host.clone();
    let id = doubled.vm("db").facts.id.clone();
    doubled.checkpoint_by_hand(id.as_str(), "clean");
    assert_eq!(told(&doubled), (ActionKind::None, without.into(), ActionKind::Refuse));
    assert_eq!(code(&doubled.action(&goal, "db")), "CHECKPOINT_AMBIGUOUS");

    // A restore is one of all machines.
    assert_eq!(code(&host.action(&restore("clean"), "web")), "CHECKPOINT_NOT_FOUND");

    host.run(&goal, &[]);
    for machine in ["web", "db"] {
        assert_eq!(code(&host.action(&goal, machine)), "CHECKPOINT_NOT_FOUND", "{machine}");
    }
}

#[test]
fn a_name_that_several_checkpoints_have_is_refused() {
    let mut host = Host::up(&["web"]);
    let id = host.vm("web").facts.id.clone();
    host.checkpoint_by_hand(id.as_str(), "clean");
    host.checkpoint_by_hand(id.as_str(), "clean");
    for goal in [restore("clean"), Goal::RemoveCheckpoint { name: "clean".into() }] {
        assert_eq!(code(&host.action(&goal, "web")), "CHECKPOINT_AMBIGUOUS");
    }
}

#[test]
fn a_restore_is_done_by_id_and_looks_again() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    let id = host.vm("web").checkpoints[0].checkpoint.id.clone();
    let action = host.action(&restore("clean"), "web");
    assert!(matches!(&action.steps[..],
        [Step::Record { .. }, Step::RestoreCheckpoint { id: restored, .. }, Step::LookAgain] if *restored == id));
    assert!(action.operation.unwrap().contains("what changed since is lost"));
}

#[test]
fn after_a_restore_hyper_v_is_waited_for_before_anything_is_set() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.run_cut(&restore("clean"), &[], 2);
    host.vm("web").details.secondary_status = Some(32769);
    assert_eq!(host.action(&Goal::Restored, "web").steps[0], Step::WaitIdle);
}

#[test]
fn the_last_checkpoint_is_merged_and_the_others_are_only_waited_for() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("one"), &[]);
    host.run(&checkpoint("two"), &[]);
    let goal = |name: &str| Goal::RemoveCheckpoint { name: name.into() };
    assert!(host.action(&goal("two"), "web").steps.contains(&Step::WaitIdle));
    host.run(&goal("two"), &[]);
    assert!(host.action(&goal("one"), "web").steps.contains(&Step::WaitMerged { path: disk("web") }));
    host.run(&goal("one"), &[]);
    assert_eq!(host.vm("web").drives, [disk("web")]);
}

#[test]
fn nothing_is_decided_about_checkpoints_that_hyper_v_may_not_have_told_of() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.complete = false;
    for goal in [checkpoint("new"), restore("clean"), Goal::RemoveCheckpoint { name: "clean".into() }] {
        assert_eq!(code(&host.action(&goal, "web")), "HYPERV_ERROR");
    }
}

#[test]
fn a_machine_whose_creation_has_not_ended_has_no_checkpoints_to_make_or_to_restore() {
    let mut host = Host::new(&["web"]);
    let steps = host.clone().run(&start(), &[]);
    host.run_cut(&start(), &[], steps - 2);
    assert_eq!(host.state.intents().count(), 1);
    for goal in [checkpoint("new"), restore("clean")] {
        let action = host.action(&goal, "web");
        assert_eq!((action.kind, action.reason.as_str()), (ActionKind::None, "its creation has not ended"));
    }
}

#[test]
fn what_is_not_ours_is_neither_restored_nor_saved() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.vm("web").facts.notes.clear();
    for goal in [checkpoint("new"), restore("clean"), Goal::Restored] {
        assert_eq!(code(&host.action(&goal, "web")), "OWNERSHIP_VERIFICATION_FAILED");
    }
}

#[test]
fn a_vm_that_hyper_v_is_changing_is_not_restored() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.vm("web").facts.state = "Saving".into();
    host.vm("web").details.secondary_status = Some(MERGING);
    assert_eq!(code(&host.action(&restore("clean"), "web")), "VM_STATE");
}

#[test]
fn a_machine_whose_vm_is_gone_is_told_apart_from_one_that_has_none() {
    let mut gone = Host::up(&["web"]);
    gone.vms.clear();
    for goal in [checkpoint("new"), restore("clean"), Goal::RemoveCheckpoint { name: "clean".into() }] {
        for (host, reason) in [(&gone, "its VM is gone from Hyper-V"), (&Host::new(&["web"]), "it has no VM")]
        {
            let action = host.action(&goal, "web");
            assert_eq!((action.kind, action.reason.as_str()), (ActionKind::None, reason));
        }
    }
}

#[test]
fn a_machine_that_was_not_restored_has_nothing_to_be_completed() {
    let action = Host::up(&["web"]).action(&Goal::Restored, "web");
    assert_eq!((action.kind, action.steps), (ActionKind::None, Vec::new()));
}

#[test]
fn a_start_that_starts_nothing_says_that_it_completes_a_restore() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.run_cut(&restore("clean"), &[], 2);
    for (state, auto_start) in [("Running", true), ("Off", false)] {
        host.vm("web").facts.state = state.into();
        host.config.auto_start = auto_start;
        let action = host.action(&start(), "web");
        assert_eq!(action.steps, [Step::Record { change: Change::End }], "{state}");
        assert_eq!(
            (action.kind, action.reason.as_str(), action.operation.as_deref()),
            (ActionKind::Complete, "its restore was interrupted", Some("Complete its restore")),
            "{state}"
        );
    }
}
