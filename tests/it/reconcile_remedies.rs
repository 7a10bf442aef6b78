//! A remedy is chosen by what was seen: each situation of a machine that has no name in the block has its own.

use crate::lab;
use crate::lab::{config, fresh_state, look, options, vm};
use ragnatramp::discovery::Snapshot;
use ragnatramp::reconcile::plan_reconcile;
use ragnatramp::state::State;

/// What is told of web, whose state knows it, in this snapshot: message and remedy.
fn told_of_web(seen: &Snapshot, known: &State) -> (String, String) {
    let plan = plan_reconcile(&config(&["web", "db"]), known, seen, &options());
    let about = |warning: &&ragnatramp::reconcile::Warning| warning.machine_name.as_deref() == Some("web");
    let warning = plan.report.warnings.iter().find(about).unwrap();
    (warning.message.clone(), warning.remedy.clone().unwrap())
}

#[test]
fn each_state_of_hyper_v_has_a_remedy_of_its_own() {
    for (vm_state, remedy) in [
        ("Off", "Start it and reconcile again."),
        ("Paused", "Resume it (Resume-VM)"),
        ("Saved", "resumes it from its saved state"),
        ("FastSaved", "resumes it from its saved state"),
        ("Starting", "It is about to run"),
        ("Resuming", "It is about to run"),
        ("Stopping", "Wait until it has stopped"),
        ("Saving", "Wait until it has stopped"),
        ("Pausing", "Wait until it has stopped"),
        ("PausedCritical", "Hyper-V cannot reach its files"),
        ("OffCritical", "Hyper-V cannot reach its files"),
        ("SomethingNew", "Start it and reconcile again."),
    ] {
        let mut seen = look(&[("db", &["172.20.0.1"])]);
        seen.vms.push(vm("web", vm_state));
        let (message, told) = told_of_web(&seen, &fresh_state(&["web", "db"]));
        assert!(
            message.contains(&format!("its VM is {vm_state}")) && told.contains(remedy),
            "{message} {told}"
        );
    }
}

#[test]
fn a_vm_of_the_name_with_another_id_is_told_with_both_ids() {
    let mut seen = look(&[("db", &["172.20.0.1"])]);
    seen.vms.push(ragnatramp::discovery::Vm { id: "other-id".into(), ..vm("web", "Running") });
    let (message, remedy) = told_of_web(&seen, &fresh_state(&["web", "db"]));
    assert!(
        message.contains(&lab::vm_id("web")) && message.contains("another of that name (Id other-id)"),
        "{message}"
    );
    assert!(remedy.contains("state.json") && remedy.contains("Get-VM -Id other-id"), "{remedy}");
}

#[test]
fn where_no_vm_of_the_lab_is_on_this_host_nobody_is_told_to_create_one_again() {
    let (message, remedy) = told_of_web(&look(&[]), &fresh_state(&["web", "db"]));
    assert!(message.contains("neither is any other VM of this lab"), "{message}");
    assert!(remedy.contains("comes from another computer"), "{remedy}");
    let (message, remedy) = told_of_web(&look(&[("db", &["172.20.0.1"])]), &fresh_state(&["web", "db"]));
    assert!(
        message.ends_with("is gone from Hyper-V.") && remedy.contains("Create it again"),
        "{message} {remedy}"
    );
}
