//! What a creation says of itself, and which disk of an unfinished VM is its own.

use ragnatramp::config::DiskStrategy;
use ragnatramp::lifecycle::{Action, ActionKind, Change, Goal, Step};
use ragnatramp::state::State;

use crate::lifecycle_model::{File, Host, checkpoint, disk, key, start, vm_name};

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

/// The folder of the lab, as a config may spell it.
const SPELT: [&str; 4] = ["D:/VMs", "D:\\\\VMs\\", "D:\\other\\..\\VMs", "d:/./VMs"];

#[test]
fn however_the_config_spells_its_folder_what_is_made_is_spelt_as_hyper_v_does() {
    for spelt in SPELT {
        let mut host = Host::new(&["web"]);
        host.config.artifact_path = spelt.to_owned();
        host.run(&start(), &[]);
        let (vm, expected) = (host.vm("web").clone(), disk("web"));
        assert!(vm.drives[0].eq_ignore_ascii_case(&expected), "{spelt}: {:?}", vm.drives);
        let first = vm.details.firmware.unwrap().first_boot_path;
        assert!(first.eq_ignore_ascii_case(&expected), "{spelt}: {first}");
    }
    for (spelt, made) in [
        ("//srv/share/vms", "\\\\srv\\share\\vms"),
        ("/vms", "C:\\vms"),
        ("D:/", "D:"),
        ("//?/D:/vms", "\\\\?\\D:\\vms"),
    ] {
        let mut host = Host::new(&["web"]);
        host.config.artifact_path = spelt.to_owned();
        let path = format!("{made}\\{}", vm_name("web"));
        assert!(planned(&host).steps.contains(&Step::MakeFolder { path }), "{spelt}");
    }
}

#[test]
fn on_a_system_with_one_root_the_folder_keeps_its_slashes() {
    let mut host = Host::new(&["web"]);
    host.config.config_path = "/srv/lab/ragnatramp.yaml".into();
    host.config.artifact_path = "/srv//lab/../vms/".into();
    let action = planned(&host);
    assert!(action.steps.contains(&Step::MakeFolder { path: format!("/srv/vms/{}", action.vm_name) }));
}

#[test]
fn a_machine_that_the_state_spells_in_another_way_is_known_and_removed() {
    for spelt in SPELT {
        let mut host = Host::up(&["web"]);
        host.run(&checkpoint("clean"), &[]);
        let escaped = |text: &str| text.replace('\\', "\\\\");
        let state = String::from_utf8(host.state.to_bytes()).unwrap();
        let state = state.replace(&escaped("D:\\VMs\\"), &escaped(&format!("{spelt}/")));
        host.state = State::parse(state.as_bytes()).unwrap();
        let known = host.state.machine("web").unwrap().disk_path().unwrap().to_owned();
        assert!(known.starts_with(spelt), "{known}");
        assert_eq!(host.action(&start(), "web").kind, ActionKind::None, "{spelt}");
        let steps = host.action(&Goal::RemoveCheckpoint { name: "clean".into() }, "web").steps;
        let is_waited_for = |step: &Step| matches!(step, Step::WaitMerged { path } if path.eq_ignore_ascii_case(&disk("web")));
        assert!(steps.iter().any(is_waited_for), "{spelt}: {steps:?}");
        let steps = host.action(&Goal::Remove, "web").steps;
        assert!(steps.contains(&Step::TurnOffVM), "{spelt}: {steps:?}");
        host.run(&Goal::Remove, &[]);
        assert!(host.vms.is_empty() && host.files.len() == 1, "{spelt}: {:?}", host.files);
    }
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
