//! Whatever step a run is interrupted after, the next run ends where an uninterrupted one would have ended: nothing is made twice,
//! nothing is left behind, and nothing that is not the lab's is touched.

use ragnatramp::config::{CloudInit, DiskStrategy, Generation, Unattend};
use ragnatramp::image::Generations;
use ragnatramp::lifecycle::{ActionKind, Goal};

use crate::lifecycle_model::{File, Host, IMAGE, checkpoint, disk, folder, key, restore, start};

/// Labs of one machine in every way in which its disk and its VM can be made, with a stranger's VM and files around it.
fn labs() -> Vec<(String, Host)> {
    let mut labs = Vec::new();
    for strategy in [DiskStrategy::Differencing, DiskStrategy::Copy] {
        for generation in [Generation::One, Generation::Two] {
            let mut host = Host::new(&["web"]);
            host.config.machines[0].disk_strategy = strategy;
            let starts = if generation == Generation::One { Generations::One } else { Generations::Both };
            host.files.insert(key(IMAGE), File::Image(starts));
            host.files.insert(key("D:\\VMs\\web2.vhdx"), File::Child { parent: IMAGE.into() });
            host.files.insert(key("D:\\VMs\\notes.txt"), File::Other);
            host.add_stranger("lab-web2", "D:\\VMs\\lab-web2", &["D:\\VMs\\web2.vhdx"]);
            labs.push((format!("{strategy:?}, generation {generation:?}"), host));
        }
    }
    // The same with a disc for the first boot.
    let mut with_disc: Vec<_> = labs.iter().take(3).cloned().collect();
    for (number, (what, host)) in with_disc.iter_mut().enumerate() {
        let machine = &mut host.config.machines[0];
        if number < 2 {
            machine.cloud_init = Some(CloudInit::default());
            what.push_str(", cloud-init");
        } else {
            machine.unattend = Some(Unattend::default());
            what.push_str(", unattend");
        }
    }
    labs.extend(with_disc);
    labs
}

/// Interrupts a run after each of its steps, and lets `again` go on; every end must be that of the run without interruption.
fn at_every_cut(what: &str, before: &Host, goal: &Goal, again: &Goal) -> Host {
    let mut whole = before.clone();
    let steps = whole.run(goal, &[]);
    assert!(steps > 0, "{what}: nothing was done");
    for after in 0..=steps {
        let mut host = before.clone();
        host.run_cut(goal, &[], after);
        let refused = host.plan(again, &[]).into_iter().find_map(|action| action.refusal);
        assert_eq!(refused, None, "{what}: after {after} of {steps} steps");
        host.run(again, &[]);
        assert_eq!(host.end(), whole.end(), "{what}: interrupted after {after} of {steps} steps");
    }
    whole
}

#[test]
fn a_start_that_was_interrupted_anywhere_is_completed_by_the_next() {
    for (what, host) in labs() {
        let up = at_every_cut(&what, &host, &start(), &start());
        assert!(up.has_one_vm("web"));
        assert_eq!(up.plan(&start(), &[])[0].kind, ActionKind::None, "{what}: the second start does nothing");
        assert_eq!(up.plan(&start(), &[])[0].steps, []);
    }
}

#[test]
fn a_start_that_was_interrupted_twice_is_completed_too() {
    for (what, before) in labs() {
        let mut whole = before.clone();
        let steps = whole.run(&start(), &[]);
        for first in 0..=steps {
            for second in 0..=steps {
                let mut host = before.clone();
                host.run_cut(&start(), &[], first);
                host.run_cut(&start(), &[], second);
                host.run(&start(), &[]);
                assert_eq!(host.end(), whole.end(), "{what}: after {first}, then {second}");
            }
        }
    }
}

#[test]
fn a_machine_whose_vm_was_removed_by_hand_is_made_again_on_its_own_disk_at_every_cut() {
    for (what, mut host) in labs() {
        host.run(&start(), &[]);
        host.vms.retain(|vm| vm.facts.name == "lab-web2");
        let disk_before = host.files[&key(&disk("web"))].clone();
        let up = at_every_cut(&what, &host, &start(), &start());
        assert_eq!(up.files[&key(&disk("web"))], disk_before, "{what}");
    }
}

#[test]
fn a_vm_that_was_removed_by_hand_in_the_middle_of_a_restore_is_made_again_at_every_cut() {
    for (what, mut host) in labs() {
        host.run(&start(), &[]);
        host.run(&checkpoint("clean"), &[]);
        host.run_cut(&restore("clean"), &[], 1);
        host.vms.retain(|vm| vm.facts.name == "lab-web2");
        host.files.retain(|path, _| !path.ends_with(".avhdx"));
        at_every_cut(&what, &host, &start(), &start());
    }
}

#[test]
fn a_creation_that_was_interrupted_anywhere_can_be_removed() {
    for (what, before) in labs() {
        let steps = before.clone().run(&start(), &[]);
        for after in 0..=steps {
            let mut host = before.clone();
            host.run_cut(&start(), &[], after);
            host.run(&Goal::Remove, &[]);
            assert_eq!(host.end(), before.end(), "{what}: removed after {after} of {steps} steps");
        }
    }
}

#[test]
fn what_an_interrupted_copy_left_is_removed_with_the_machine() {
    let before = Host::new(&["web"]);
    let mut host = before.clone();
    host.config.machines[0].disk_strategy = DiskStrategy::Copy;
    host.run_cut(&start(), &[], 2);
    host.files.insert(key(&format!("{}.partial", disk("web"))), File::Partial);
    host.run(&Goal::Remove, &[]);
    assert_eq!(host.end(), before.end());
}

#[test]
fn a_restore_that_was_interrupted_anywhere_is_completed_by_the_next_restore_or_start() {
    for (what, mut host) in labs() {
        host.run(&start(), &[]);
        // The checkpoint is older than the marker, and was made on another switch with automatic checkpoints.
        let vm = host.vm("web");
        let ours = vm.clone();
        vm.facts.notes = String::new();
        vm.facts.name = "before".into();
        vm.details.switch_ids = vec![String::new()];
        vm.details.automatic_checkpoints = true;
        let id = vm.facts.id.clone();
        host.checkpoint_by_hand(id.as_str(), "clean");
        let vm = host.vms.iter_mut().find(|vm| vm.facts.id == id).unwrap();
        vm.facts.name = ours.facts.name;
        vm.facts.notes = ours.facts.notes;
        vm.details = ours.details;
        let restored = at_every_cut(&what, &host, &restore("clean"), &restore("clean"));
        assert!(restored.has_one_vm("web"), "{what}: its name was not given back");
        let mut whole = restored.clone();
        whole.run(&start(), &[]);
        let steps = host.clone().run(&restore("clean"), &[]);
        for after in 2..=steps {
            let mut host = host.clone();
            host.run_cut(&restore("clean"), &[], after);
            host.run(&start(), &[]);
            assert_eq!(host.end(), whole.end(), "{what}: after {after} of {steps} steps, then a start");
        }
    }
}

#[test]
fn a_restore_with_a_checkpoint_before_leaves_both_checkpoints() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.run(&Goal::Restore { name: "clean".into(), first: Some("before".into()) }, &[]);
    let names: Vec<_> =
        host.vm("web").checkpoints.iter().map(|saved| saved.checkpoint.name.clone()).collect();
    assert_eq!(names, ["clean", "before"]);
    let known = host.state.machine("web").unwrap().entry()["checkpoints"].as_array().unwrap().len();
    assert_eq!(known, 2);
}

#[test]
fn a_removal_that_was_interrupted_anywhere_is_completed_by_the_next() {
    for (what, before) in labs() {
        for checkpoints in [0, 1, 3] {
            for state in ["Running", "Off", "Saved", "Paused"] {
                let mut host = before.clone();
                host.run(&start(), &[]);
                for number in 0..checkpoints {
                    host.run(&checkpoint(&format!("c{number}")), &[]);
                }
                host.vm("web").facts.state = state.into();
                let what = format!("{what}, {checkpoints} checkpoints, {state}");
                let gone = at_every_cut(&what, &host, &Goal::Remove, &Goal::Remove);
                assert_eq!(gone.end(), before.end(), "{what}: something is left");
            }
        }
    }
}

#[test]
fn a_removal_whose_checkpoints_are_older_than_the_marker_is_completed_at_every_cut() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.notes = "by hand".into();
    let id = host.vm("web").facts.id.clone();
    host.checkpoint_by_hand(id.as_str(), "old");
    host.vm("web").facts.notes = ragnatramp::ownership::notes(crate::lab::CONFIG_PATH);
    let gone = at_every_cut("older than the marker", &host, &Goal::Remove, &Goal::Remove);
    assert_eq!(gone.end(), Host::new(&["web"]).end());
}

#[test]
fn a_checkpoint_whose_removal_was_interrupted_is_forgotten_by_the_next() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    let goal = Goal::RemoveCheckpoint { name: "clean".into() };
    let gone = at_every_cut_but_the_last(&host, &goal);
    assert_eq!(gone.state.machine("web").unwrap().entry()["checkpoints"].as_array().unwrap().len(), 0);
}

/// When its last step is done the checkpoint is gone, and to remove it again is an error.
fn at_every_cut_but_the_last(before: &Host, goal: &Goal) -> Host {
    let mut whole = before.clone();
    let steps = whole.run(goal, &[]);
    for after in 0..steps {
        let mut host = before.clone();
        host.run_cut(goal, &[], after);
        host.run(goal, &[]);
        assert_eq!(host.end(), whole.end(), "after {after} of {steps} steps");
        assert_eq!(
            host.state.machine("web").unwrap().entry()["checkpoints"],
            whole.state.machine("web").unwrap().entry()["checkpoints"]
        );
    }
    whole
}

#[test]
fn files_of_the_user_in_the_folder_of_a_machine_stay_with_it() {
    let mut host = Host::up(&["web"]);
    host.files.insert(key(&format!("{}\\mine.txt", folder("web"))), File::Other);
    host.run(&Goal::Remove, &[]);
    assert!(host.files.contains_key(&key(&format!("{}\\mine.txt", folder("web")))));
    assert!(host.folders.contains(&key(&folder("web"))));
    assert!(!host.files.contains_key(&key(&disk("web"))));
}
