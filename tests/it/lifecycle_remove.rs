//! Removal: what others lost data by. Each test is named after the fault of a tool that it keeps away.

use ragnatramp::lifecycle::{Action, ActionKind, Goal, Step};

use crate::lifecycle_model::{File, Host, IMAGE, MERGING, checkpoint, disk, folder, key, start, vm_name};

fn remove(host: &Host, machine: &str) -> Action {
    host.action(&Goal::Remove, machine)
}

fn message(action: &Action) -> String {
    let refusal = action.refusal.as_ref().unwrap_or_else(|| panic!("not refused: {action:?}"));
    assert_eq!(action.steps, [], "what is refused has no steps");
    assert!(refusal.remedy.as_ref().is_some_and(|remedy| !remedy.is_empty()));
    let message = refusal.message.trim_end_matches('.');
    format!("{message} ({})", serde_json::json!(refusal.code).as_str().unwrap())
}

/// The files that a plan deletes at once.
fn deleted(action: &Action) -> Vec<&str> {
    action
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::DeleteFile { path } => Some(path.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_disk_whose_name_begins_alike_stays() {
    let mut host = Host::up(&["web", "web2"]);
    host.files.insert(key("D:\\VMs\\web3.vhdx"), File::Other);
    host.run(&Goal::Remove, &["web"]);
    assert!(host.files.contains_key(&key(&disk("web2"))));
    assert!(host.files.contains_key(&key("D:\\VMs\\web3.vhdx")));
    assert!(!host.files.contains_key(&key(&disk("web"))));
    assert!(host.has_one_vm("web2"));
}

#[test]
fn the_folder_above_the_disks_stays_and_a_folder_that_is_deleted_is_the_machines_own() {
    let host = Host::up(&["web"]);
    let action = remove(&host, "web");
    let folders: Vec<&Step> =
        action.steps.iter().filter(|step| matches!(step, Step::DeleteFolder { .. })).collect();
    assert_eq!(folders, [&Step::DeleteFolder { path: folder("web") }]);
}

#[test]
fn the_base_image_below_the_chain_is_never_deleted() {
    for checkpoints in [0, 2] {
        let mut host = Host::up(&["web"]);
        for number in 0..checkpoints {
            host.run(&checkpoint(&number.to_string()), &[]);
        }
        host.run(&Goal::Remove, &[]);
        assert!(host.files.contains_key(&key(IMAGE)));
    }
}

#[test]
fn a_disk_that_the_config_names_as_a_base_image_is_not_deleted() {
    let mut host = Host::up(&["web", "db"]);
    host.config.machines[1].base_image = disk("web").to_uppercase().replace('\\', "/");
    assert!(message(&remove(&host, "web")).contains("the config names it as the base image of db"));
}

#[test]
fn a_disk_that_the_state_names_twice_is_not_deleted() {
    let mut host = Host::up(&["web", "db"]);
    host.vms.retain(|vm| vm.facts.name != vm_name("db"));
    assert_eq!(remove(&host, "db").reason, "its VM is gone from Hyper-V");
    let mut document: serde_json::Value = serde_json::from_slice(&host.state.to_bytes()).unwrap();
    document["vms"]["db"]["diskPath"] = disk("web").into();
    host.state = crate::lab::state_of(document);
    assert!(message(&remove(&host, "web")).contains("the state names it as the disk of db, too"));
}

#[test]
fn a_disk_that_another_vm_uses_is_not_deleted() {
    let mut host = Host::up(&["web"]);
    let spelt = disk("web").to_uppercase().replace('\\', "/");
    host.add_stranger("other", "E:\\other", &[&spelt]);
    let told = message(&remove(&host, "web"));
    assert!(told.contains("the VM other uses it") && told.contains("DISK_IN_USE"), "{told}");
}

#[test]
fn a_disk_that_a_checkpoint_of_another_vm_uses_is_not_deleted() {
    let mut host = Host::up(&["web"]);
    host.add_stranger("other", "E:\\other", &["E:\\other\\now.vhdx"]);
    host.folders.insert(key("E:\\other"));
    host.checkpoint_by_hand("stranger-other", "then");
    let other = host.vms.iter_mut().find(|vm| vm.facts.name == "other").unwrap();
    other.checkpoints[0].drives = vec![format!("\\\\?\\{}", disk("web"))];
    assert!(message(&remove(&host, "web")).contains("the VM other uses it"));
}

#[test]
fn a_disk_that_is_the_parent_of_another_vms_disk_is_not_deleted() {
    let mut host = Host::up(&["web"]);
    host.files.insert(key("E:\\child.vhdx"), File::Child { parent: disk("web") });
    host.add_stranger("other", "E:\\other", &["E:\\child.vhdx"]);
    assert!(message(&remove(&host, "web")).contains("E:\\child.vhdx is a child of it"));
    // Nor where our VM is gone, or where only the state knows the child.
    host.vms.retain(|vm| vm.facts.name == "other");
    assert!(message(&remove(&host, "web")).contains("E:\\child.vhdx is a child of it"));
}

#[test]
fn a_second_disk_that_somebody_attached_stays_and_nothing_is_done_before_that_is_told() {
    for checkpoints in [0, 1] {
        let mut host = Host::up(&["web"]);
        for number in 0..checkpoints {
            host.run(&checkpoint(&number.to_string()), &[]);
        }
        host.files.insert(key("E:\\data.vhdx"), File::Other);
        host.vm("web").drives.push("E:\\data.vhdx".into());
        host.vm("web").facts.state = "Off".into();
        let told = message(&remove(&host, "web"));
        assert!(told.contains("has the disk E:\\data.vhdx, which is not the one"), "{told}");
    }
}

#[test]
fn a_running_vm_whose_disk_cannot_be_read_is_turned_off_and_looked_at_again_before_anything_is_removed() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    let action = remove(&host, "web");
    assert!(matches!(action.steps[..], [Step::Record { .. }, Step::TurnOffVM, Step::LookAgain]));
}

#[test]
fn an_off_vm_whose_disk_cannot_be_read_is_refused() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    // A file is there, but its chain ends in one that is not.
    host.files.insert(key("E:\\top.avhdx"), File::Child { parent: "E:\\lost.vhdx".into() });
    host.vm("web").drives = vec!["E:\\top.avhdx".into()];
    assert!(message(&remove(&host, "web")).contains("its disk E:\\top.avhdx cannot be read"));
}

#[test]
fn a_merge_that_begins_after_the_look_is_waited_for_where_the_removal_was_begun() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    host.run_cut(&Goal::Remove, &["web"], 1);
    // The merge holds the drive, so that its chain cannot be read.
    host.files.insert(key("E:\\top.avhdx"), File::Child { parent: "E:\\lost.vhdx".into() });
    host.vm("web").drives = vec!["E:\\top.avhdx".into()];
    let action = remove(&host, "web");
    assert!(
        matches!(action.steps[..], [Step::Record { .. }, Step::WaitMerged { .. }, Step::LookAgain]),
        "{action:?}"
    );
}

#[test]
fn an_off_vm_that_merges_is_waited_for_where_a_disk_cannot_be_read() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.vm("web").facts.state = "Off".into();
    host.vm("web").details.secondary_status = Some(MERGING);
    host.files.insert(key("E:\\top.avhdx"), File::Child { parent: "E:\\lost.vhdx".into() });
    host.vm("web").drives = vec!["E:\\top.avhdx".into()];
    let action = remove(&host, "web");
    assert!(matches!(action.steps[..], [Step::Record { .. }, Step::WaitIdle, Step::LookAgain]), "{action:?}");
}

#[test]
fn a_second_disk_that_is_gone_does_not_stand_in_the_way() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    host.vm("web").drives.push("E:\\gone.vhdx".into());
    assert_eq!(deleted(&remove(&host, "web")), [disk("web")]);
}

#[test]
fn a_disk_that_somebody_attached_to_a_vm_that_was_not_completed_stays_and_does_not_stand_in_the_way() {
    let interrupted = (1..).map(|after| {
        let mut host = Host::new(&["web"]);
        host.run_cut(&start(), &["web"], after);
        host
    });
    let begun = interrupted.take(50).find(|host| !host.vms.is_empty()).unwrap();
    for attached in [File::Other, File::Child { parent: "E:\\lost.vhdx".into() }] {
        let mut host = begun.clone();
        host.files.insert(key("E:\\data.vhdx"), attached);
        host.vm("web").drives.push("E:\\data.vhdx".into());
        host.run(&Goal::Remove, &[]);
        assert!(host.vms.is_empty() && host.files.contains_key(&key("E:\\data.vhdx")));
        assert!(!host.files.contains_key(&key(&disk("web"))));
    }
}

#[test]
fn a_vm_that_has_lost_its_disk_is_removed_all_the_same() {
    let mut host = Host::up(&["web"]);
    host.files.remove(&key(&disk("web")));
    let action = remove(&host, "web");
    assert_eq!(deleted(&action), [""; 0]);
    assert_eq!(action.operation.as_deref(), Some("Remove; it has no disk of its own"));
    host.run(&Goal::Remove, &[]);
    assert_eq!(host.end(), Host::new(&["web"]).end());
}

#[test]
fn an_existing_vm_of_the_same_name_is_neither_taken_over_nor_deleted() {
    let mut host = Host::new(&["web"]);
    host.add_stranger(&vm_name("web"), "E:\\theirs", &["E:\\theirs\\web.vhdx"]);
    for goal in [start(), Goal::Remove, Goal::Stop { mode: ragnatramp::lifecycle::StopMode::TurnOff }] {
        let told = message(&host.action(&goal, "web"));
        assert!(told.ends_with("state.json does not know it (OWNERSHIP_VERIFICATION_FAILED)"), "{told}");
    }
}

#[test]
fn naming_one_absent_machine_drops_only_that_one() {
    let mut host = Host::up(&["web", "db"]);
    host.vms.clear();
    host.run(&Goal::Remove, &["web"]);
    assert!(host.state.machine("web").is_none());
    assert!(host.state.machine("db").is_some());
    assert!(host.files.contains_key(&key(&disk("db"))));
}

#[test]
fn an_absent_machine_is_dropped_while_another_is_removed() {
    let mut host = Host::up(&["web", "db"]);
    host.vms.retain(|vm| vm.facts.name == vm_name("db"));
    host.run(&Goal::Remove, &[]);
    assert_eq!(host.end(), Host::new(&["web", "db"]).end());
}

#[test]
fn no_entry_is_forgotten_while_hyper_v_tells_of_no_vm() {
    let mut host = Host::up(&["web", "db"]);
    host.vms.clear();
    host.complete = false;
    for action in host.plan(&Goal::Remove, &[]) {
        assert!(message(&action).contains("Hyper-V did not tell of every VM"));
    }
}

#[test]
fn nothing_is_deleted_while_another_user_of_a_disk_may_be_untold() {
    let mut host = Host::up(&["web"]);
    host.complete = false;
    assert!(message(&remove(&host, "web")).contains("whether another VM uses its disk is not known"));
}

#[test]
fn a_vm_that_merges_is_waited_for_before_it_is_removed() {
    let mut host = Host::up(&["web"]);
    for state in ["Off", "Running"] {
        host.vm("web").facts.state = state.into();
        host.vm("web").details.secondary_status = Some(MERGING);
        let action = remove(&host, "web");
        assert!(!action.steps.contains(&Step::RemoveVM), "{state}");
        assert!(action.steps.contains(&Step::WaitMerged { path: disk("web") }), "{state}");
    }
}

#[test]
fn a_vm_without_its_marker_is_not_removed() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.notes = "mine now".into();
    assert!(message(&remove(&host, "web")).contains("OWNERSHIP_VERIFICATION_FAILED"));
}

#[test]
fn a_vm_that_another_config_claimed_is_not_removed_though_its_removal_was_begun() {
    let mut host = Host::up(&["web"]);
    host.run_cut(&Goal::Remove, &[], 1);
    host.vm("web").facts.notes = "managed:true\nconfig:E:\\other\\ragnatramp.yaml".into();
    assert!(message(&remove(&host, "web")).contains("E:\\other\\ragnatramp.yaml"));
}

#[test]
fn a_vm_that_was_imported_in_its_place_is_not_removed_though_a_removal_was_begun() {
    let mut host = Host::up(&["web"]);
    host.run_cut(&Goal::Remove, &[], 1);
    host.vm("web").facts.id = "imported".into();
    assert!(message(&remove(&host, "web")).contains("another of that name has the Id imported"));
}

#[test]
fn the_question_names_every_file_that_is_deleted_also_after_an_interruption() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    let whole = remove(&host, "web");
    assert_eq!(whole.operation, Some(format!("Remove, and delete {}", disk("web"))));
    assert_eq!(whole.touches, [disk("web"), folder("web")]);
    host.run_cut(&Goal::Remove, &[], 2);
    assert!(host.vms.is_empty(), "the VM is removed, the files are there");
    let rest = remove(&host, "web");
    assert_eq!(rest.operation, whole.operation);
    assert_eq!(rest.touches, whole.touches);
    assert_eq!(rest.reason, "its removal was begun");
}

#[test]
fn a_machine_whose_disk_the_state_does_not_name_is_dropped_once_its_vm_is_gone() {
    let mut host = Host::new(&[]);
    host.state = crate::lab::fresh_state(&["old"]);
    let action = remove(&host, "old");
    assert_eq!(action.operation.as_deref(), Some("Remove from the state"));
    assert_eq!(action.kind, ActionKind::Remove);
    host.run(&Goal::Remove, &[]);
    assert!(host.state.machine("old").is_none());
}

#[test]
fn a_machine_that_was_removed_cannot_be_started_until_that_has_ended() {
    let mut host = Host::up(&["web"]);
    host.run_cut(&Goal::Remove, &[], 1);
    for goal in [start(), checkpoint("x")] {
        assert!(message(&host.action(&goal, "web")).contains("its removal was begun"));
    }
    host.run(&Goal::Remove, &[]);
    host.run(&start(), &[]);
    assert!(host.has_one_vm("web"));
}

#[test]
fn what_was_removed_already_needs_nothing() {
    let action = remove(&Host::new(&["web"]), "web");
    assert_eq!((action.kind, action.steps.len()), (ActionKind::None, 0));
}

#[test]
fn a_vm_is_turned_off_unless_it_is_off_and_one_without_a_vm_is_told() {
    let mut host = Host::up(&["web"]);
    for (state, turns_off) in
        [("Off", false), ("OffCritical", false), ("Running", true), ("RunningCritical", true)]
    {
        host.vm("web").facts.state = state.into();
        let action = remove(&host, "web");
        assert_eq!(action.steps.contains(&Step::TurnOffVM), turns_off, "{state}");
    }
    let mut begun = Host::new(&["web"]);
    begun.run_cut(&start(), &[], 1);
    assert_eq!(remove(&begun, "web").reason, "its creation was begun; it has no VM");
}

#[test]
fn the_question_names_the_files_also_where_they_are_deleted_only_after_another_look() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.vm("web").facts.state = "Off".into();
    let (disk, layer) = (disk("web"), host.vm("web").drives[0].clone());
    let action = remove(&host, "web");
    assert_eq!(deleted(&action), [""; 0]);
    assert_eq!(action.operation, Some(format!("Remove with its checkpoint, and delete {layer}, {disk}")));
    assert_eq!(action.touches, [layer, disk]);
}
