//! What a creation says of itself, and which disk of an unfinished VM is its own.

use ragnatramp::config::DiskStrategy;
use ragnatramp::lifecycle::{Action, ActionKind, Change, Step};

use crate::lifecycle_model::{File, Host, disk, key, start};

fn planned(host: &Host) -> Action {
    host.action(&start(), "web")
}

/// A lab whose creation was interrupted just before the step that `is_next` knows.
fn cut_before(is_next: fn(&Step) -> bool) -> Host {
    let mut host = Host::new(&["web"]);
    let done = planned(&host).steps.iter().position(is_next).unwrap();
    host.run_cut(&start(), &[], done);
    host
}

fn is_the_end(step: &Step) -> bool {
    *step == Step::Record { change: Change::End }
}

#[test]
fn a_creation_is_told_by_its_image_and_what_is_made_of_it() {
    let mut host = Host::new(&["web"]);
    let told = "Create from base.vhdx (generation 2, differencing, 2 CPU, 2048 MB), then start";
    assert_eq!(planned(&host).operation.as_deref(), Some(told));
    host.config.machines[0].disk_strategy = DiskStrategy::Copy;
    host.config.auto_start = false;
    let told = "Create from base.vhdx (generation 2, copy, 2 CPU, 2048 MB)";
    assert_eq!(planned(&host).operation.as_deref(), Some(told));
}

#[test]
fn a_disk_that_somebody_attached_to_an_unfinished_vm_does_not_stand_for_its_own() {
    let mut host = cut_before(|step| matches!(step, Step::AddDrive { .. }));
    host.files.insert(key("E:\\data.vhdx"), File::Other);
    host.vm("web").drives.push("E:\\data.vhdx".into());
    assert!(planned(&host).steps.contains(&Step::AddDrive { path: disk("web") }));
}

#[test]
fn the_disk_of_an_unfinished_vm_is_known_below_a_checkpoint_and_where_it_cannot_be_read() {
    let whole = cut_before(is_the_end);
    let (end, begin) = (Step::Record { change: Change::End }, Step::StartVM);
    assert_eq!(planned(&whole).steps, [end.clone(), begin.clone()]);

    let mut with_checkpoint = whole.clone();
    let id = with_checkpoint.vm("web").facts.id.clone();
    with_checkpoint.checkpoint_by_hand(id.as_str(), "by hand");
    assert_ne!(with_checkpoint.vm("web").drives, [disk("web")]);
    assert_eq!(planned(&with_checkpoint).steps, [end.clone(), begin]);

    // Hyper-V lets nobody read the disk of a VM that runs.
    let mut running = whole;
    running.vm("web").facts.state = "Running".into();
    let action = planned(&running);
    assert_eq!((action.kind, action.steps), (ActionKind::Complete, vec![end]));
}
