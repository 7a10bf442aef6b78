//! What a start plans: the table of the situations that a machine can be in, and what it never does.

use ragnatramp::config::{DiskStrategy, DynamicMemory, Generation, SecureBoot};
use ragnatramp::image::Generations;
use ragnatramp::lifecycle::{Action, ActionKind, Goal, Step};

use crate::lifecycle_model::{File, Host, IMAGE, MERGING, checkpoint, disk, folder, key, start, vm_name};

fn planned(host: &Host) -> Action {
    host.action(&start(), "web")
}

fn told(action: &Action) -> String {
    let refusal = action.refusal.as_ref().unwrap_or_else(|| panic!("not refused: {action:?}"));
    assert!(action.steps.is_empty());
    let message = refusal.message.trim_end_matches('.');
    format!("{message} ({})", serde_json::json!(refusal.code).as_str().unwrap())
}

#[test]
fn each_state_of_a_vm_has_its_action_and_its_reason() {
    let table = [
        ("Running", ActionKind::None, "it runs"),
        ("Starting", ActionKind::None, "it is starting"),
        ("Off", ActionKind::Start, "it is off"),
        ("Saved", ActionKind::Resume, "its memory is saved"),
        ("FastSaved", ActionKind::Resume, "its memory is saved"),
        ("Paused", ActionKind::Resume, "it is paused"),
        ("Stopping", ActionKind::Refuse, "Hyper-V is changing it (state Stopping)"),
        ("Saving", ActionKind::Refuse, "Hyper-V is changing it (state Saving)"),
        ("OffCritical", ActionKind::Refuse, "Hyper-V shows it as OffCritical: its storage is lost or full"),
        ("something new", ActionKind::Refuse, "Hyper-V is changing it (state something new)"),
    ];
    for (state, kind, reason) in table {
        let mut host = Host::up(&["web"]);
        host.vm("web").facts.state = state.into();
        let action = planned(&host);
        assert_eq!((action.kind, action.reason.as_str()), (kind, reason), "{state}");
        let starts = action.steps.contains(&Step::StartVM);
        assert_eq!(starts, matches!(kind, ActionKind::Start | ActionKind::Resume), "{state}");
        let operation = match kind {
            ActionKind::Start => Some("Start"),
            ActionKind::Resume => Some("Resume"),
            _ => None,
        };
        assert_eq!(action.operation.as_deref(), operation, "{state}");
    }
}

#[test]
fn without_auto_start_nothing_is_started_unless_it_is_named() {
    for state in ["Off", "Saved", "Paused"] {
        let mut host = Host::up(&["web"]);
        host.config.auto_start = false;
        host.vm("web").facts.state = state.into();
        let action = planned(&host);
        assert_eq!(
            (action.kind, action.reason.as_str()),
            (ActionKind::None, "auto_start is false"),
            "{state}"
        );
        assert!(host.plan(&start(), &["web"])[0].steps.contains(&Step::StartVM), "{state}");
    }
    let mut host = Host::new(&["web"]);
    host.config.auto_start = false;
    host.run(&start(), &[]);
    assert_eq!(host.vm("web").facts.state, "Off");
}

#[test]
fn a_machine_that_the_config_does_not_name_any_more_is_left_alone() {
    let mut host = Host::up(&["web", "db"]);
    host.config.machines.retain(|machine| machine.name == "web");
    host.vm("db").facts.state = "Off".into();
    let action = host.action(&start(), "db");
    assert_eq!((action.kind, action.steps.len()), (ActionKind::None, 0));
    // It can still be stopped and removed.
    assert_eq!(host.action(&Goal::Remove, "db").kind, ActionKind::Remove);
}

#[test]
fn names_that_other_languages_inherit_are_names_like_others() {
    let names = ["constructor", "toString", "__proto__", "hasOwnProperty"];
    let mut host = Host::new(&names);
    for name in names {
        assert_eq!(host.action(&start(), name).kind, ActionKind::Create, "{name}");
    }
    host.run(&start(), &[]);
    assert_eq!(host.state.machines().count(), names.len());
    host.run(&Goal::Remove, &[]);
    assert_eq!(host.end(), Host::new(&names).end());
}

#[test]
fn an_incomplete_look_at_hyper_v_creates_nothing() {
    let mut host = Host::new(&["web", "db"]);
    host.complete = false;
    for action in host.plan(&start(), &[]) {
        assert!(told(&action).contains("whether its VM is there is not known (HYPERV_ERROR)"));
    }
    // A VM that the state knows may be there though another of its name is seen.
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.id = "another".into();
    host.complete = false;
    assert!(told(&planned(&host)).contains("HYPERV_ERROR"));
    host.complete = true;
    assert!(
        told(&planned(&host)).contains("is gone from Hyper-V, and another of that name has the Id another")
    );
}

#[test]
fn an_unfinished_vm_is_adopted_in_exactly_its_folder_however_that_is_spelt() {
    let mut before = Host::new(&["web"]);
    // After the VM is made and before its Id is recorded.
    before.run_cut(&start(), &[], 4);
    assert!(before.has_one_vm("web") && before.state.machine("web").is_none());
    let own = folder("web");
    for path in
        [own.clone(), own.to_uppercase(), own.replace('\\', "/"), format!("{own}\\"), format!("\\\\?\\{own}")]
    {
        let mut host = before.clone();
        host.vm("web").facts.path.clone_from(&path);
        let action = planned(&host);
        let reason = "an interrupted run made its VM, and the state does not know it yet";
        assert_eq!((action.kind, action.reason.as_str()), (ActionKind::Adopt, reason), "{path}");
    }
    for path in ["E:\\elsewhere", "D:\\VMs", &format!("{own}2"), ""] {
        let mut host = before.clone();
        host.vm("web").facts.path = path.into();
        assert!(told(&planned(&host)).contains("OWNERSHIP_VERIFICATION_FAILED"), "{path}");
    }
}

#[test]
fn an_unfinished_vm_that_was_started_by_hand_is_not_changed_while_it_runs() {
    let mut host = Host::new(&["web"]);
    host.run_cut(&start(), &[], 6);
    host.vm("web").facts.state = "Running".into();
    assert!(told(&planned(&host)).contains("its creation has not ended, and its VM is not off (VM_STATE)"));
    host.run(&Goal::Stop { mode: ragnatramp::lifecycle::StopMode::TurnOff }, &[]);
    host.run(&start(), &[]);
    assert_eq!(planned(&host).kind, ActionKind::None);
}

#[test]
fn a_renamed_vm_or_one_with_other_notes_is_refused_and_none_is_made_beside_it() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.notes = "managed:true\nconfig:E:\\other.yaml".into();
    assert!(told(&planned(&host)).contains("say that it was made from E:\\other.yaml"));
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.name = "renamed".into();
    assert!(told(&planned(&host)).contains("its VM is named renamed"));
}

#[test]
fn the_case_of_an_id_does_not_matter() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.id = "VM-1".into();
    host.vm("web").details.vm_id = "VM-1".into();
    assert_eq!(planned(&host).kind, ActionKind::None);
}

#[test]
fn a_disk_in_place_that_no_run_made_is_refused() {
    for (file, why) in [
        (File::Other, "no differencing disk"),
        (File::Child { parent: "D:\\Images\\old.vhdx".into() }, "a child of another image"),
        (File::Copy { of: IMAGE.into() }, "no differencing disk"),
    ] {
        let mut host = Host::new(&["web"]);
        host.folders.insert(key(&folder("web")));
        host.files.insert(key(&disk("web")), file);
        let told = told(&planned(&host));
        assert!(told.contains(why) && told.contains("DISK_IN_PLACE"), "{told}");
    }
    let mut host = Host::new(&["web"]);
    host.config.machines[0].disk_strategy = DiskStrategy::Copy;
    host.files.insert(key(&disk("web")), File::Copy { of: IMAGE.into() });
    assert!(told(&planned(&host)).contains("a disk that no run of this lab made"));
}

#[test]
fn a_fitting_disk_that_another_vm_uses_is_refused() {
    let mut host = Host::new(&["web"]);
    host.files.insert(key(&disk("web")), File::Child { parent: IMAGE.into() });
    host.add_stranger("other", "E:\\other", &[&disk("web").to_uppercase()]);
    assert!(told(&planned(&host)).contains("the VM other uses it"));
}

#[test]
fn the_primary_disk_is_not_attached_or_removed_at_the_second_start() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.files.insert(key("E:\\data.vhdx"), File::Other);
    host.vm("web").drives.insert(0, "E:\\data.vhdx".into());
    host.vm("web").facts.state = "Off".into();
    assert_eq!(planned(&host).steps, [Step::StartVM]);
}

#[test]
fn the_generation_follows_vm_config_and_image_in_this_order() {
    let cases = [
        (Generations::One, None, Some(Generation::One)),
        (Generations::Two, None, Some(Generation::Two)),
        (Generations::Both, None, Some(Generation::Two)),
        (Generations::Unknown, None, None),
        (Generations::Unknown, Some(Generation::One), Some(Generation::One)),
        (Generations::Two, Some(Generation::One), Some(Generation::One)),
    ];
    for (image, said, expected) in cases {
        let mut host = Host::new(&["web"]);
        host.files.insert(key(IMAGE), File::Image(image));
        host.config.machines[0].generation = said;
        let action = planned(&host);
        let made = action.steps.iter().find_map(|step| match step {
            Step::NewVM { generation, .. } => Some(*generation),
            _ => None,
        });
        assert_eq!(made, expected, "{image:?}, {said:?}");
        if expected.is_none() {
            assert!(told(&action).contains("GENERATION_UNKNOWN"));
        }
    }
}

#[test]
fn a_lab_in_the_root_of_a_drive_is_made_there_and_not_in_the_drives_present_folder() {
    for (artifact_path, parent) in
        [("E:\\", "E:\\"), ("E:/", "E:\\"), ("\\\\nas\\vms", "\\\\nas\\vms"), ("/", "C:\\")]
    {
        let mut host = Host::new(&["web"]);
        host.config.artifact_path = artifact_path.into();
        let made = planned(&host).steps.into_iter().find_map(|step| match step {
            Step::NewVM { path, .. } => Some(path),
            _ => None,
        });
        assert_eq!(made.as_deref(), Some(parent));
    }
}

#[test]
fn drift_is_told_and_mended_only_with_force_and_while_it_is_off() {
    let mut host = Host::up(&["web"]);
    host.config.machines[0].cpu = 4;
    host.config.machines[0].dynamic_memory = Some(DynamicMemory { min: 512, max: 4096 });
    host.config.machines[0].generation = Some(Generation::One);
    host.config.machines[0].secure_boot = Some(SecureBoot::Off);
    let force = Goal::Start { force: true };
    let running = host.action(&force, "web");
    assert_eq!((running.kind, running.drift.len()), (ActionKind::None, 3));
    host.vm("web").facts.state = "Off".into();
    assert_eq!(planned(&host).kind, ActionKind::Start);
    let updated = host.action(&force, "web");
    assert_eq!((updated.kind, updated.drift.len()), (ActionKind::Update, 1), "the generation stays");
    assert_eq!(updated.reason, "its VM is not as the config says");
    let anew = "; that cannot be changed in a VM that is there: remove it and create it anew";
    assert_eq!(updated.drift[0], format!("it is of generation 2, the config says 1{anew}"));
    assert_eq!(updated.operation.as_deref(), Some("Bring its VM to what the config says, then start"));
    let told = [&running, &planned(&host)].map(|action| action.drift[0].clone());
    let processors = "2 processors, the config says 4; ";
    assert_eq!(
        told,
        [
            format!("{processors}it can be changed only while the machine is off: Stop-RagnaMachine first"),
            format!("{processors}Start-RagnaMachine -Force changes it"),
        ]
    );
    let mut stays_off = host.clone();
    stays_off.config.auto_start = false;
    let operation = stays_off.action(&force, "web").operation;
    assert_eq!(operation.as_deref(), Some("Bring its VM to what the config says"));
    host.run(&force, &[]);
    assert_eq!(host.action(&force, "web").drift.len(), 1);
}

#[test]
fn secure_boot_trusts_what_starts_linux_and_has_no_template_where_it_is_off() {
    let mut host = Host::new(&["web"]);
    for (secure_boot, template) in
        [(SecureBoot::On, Some("272e7447-90a4-4563-a4b9-8e4ab00526ce")), (SecureBoot::Off, None)]
    {
        host.config.machines[0].secure_boot = Some(secure_boot);
        let set = Step::SetFirmware { secure_boot: template.is_some(), template_id: template };
        assert!(planned(&host).steps.contains(&set), "{:?}", planned(&host).steps);
    }
}

#[test]
fn a_creation_that_was_interrupted_sets_what_is_not_as_the_config_says_and_nothing_else() {
    let sets = |host: &Host| planned(host).steps.iter().any(|step| matches!(step, Step::SetVM(_)));
    let whole = planned(&Host::new(&["web"])).steps;
    let set = whole.iter().position(|step| matches!(step, Step::SetVM(_))).unwrap();
    let mut host = Host::new(&["web"]);
    host.run_cut(&start(), &[], set + 1);
    assert!(!sets(&host), "all of it was set");
    let mut stays_off = host.clone();
    stays_off.config.auto_start = false;
    assert!(
        planned(&host).steps.contains(&Step::StartVM) && !planned(&stays_off).steps.contains(&Step::StartVM)
    );
    type Change = fn(&mut ragnatramp::lifecycle::VmDetails);
    let changes: [Change; 6] = [
        |vm| vm.processor_count += 1,
        |vm| vm.memory_startup_bytes += 1,
        |vm| vm.dynamic_memory = !vm.dynamic_memory,
        |vm| vm.automatic_checkpoints = !vm.automatic_checkpoints,
        |vm| vm.start_action = "Start".into(),
        |vm| vm.stop_action = "Save".into(),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut host = host.clone();
        change(&mut host.vm("web").details);
        assert!(sets(&host), "{index}");
    }
}

#[test]
fn an_update_after_an_interrupted_restore_connects_the_switch_once() {
    let mut host = Host::up(&["web"]);
    host.run(&checkpoint("clean"), &[]);
    host.run_cut(&crate::lifecycle_model::restore("clean"), &[], 2);
    host.vm("web").details.switch_ids = vec![String::new()];
    let action = host.action(&Goal::Start { force: true }, "web");
    let connects = action.steps.iter().filter(|step| matches!(step, Step::ConnectSwitch { .. })).count();
    assert_eq!(connects, 1);
}

#[test]
fn a_vm_that_merges_is_waited_for_before_it_starts() {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    host.vm("web").details.secondary_status = Some(MERGING);
    assert_eq!(planned(&host).steps, [Step::WaitIdle, Step::StartVM]);
}

#[test]
fn starts_follow_what_machines_depend_on_and_stops_go_the_other_way() {
    let mut host = Host::up(&["web", "db", "dc", "alone"]);
    for (machine, after) in [(0, vec!["db", "dc"]), (1, vec!["dc"])] {
        host.config.machines[machine].depends_on = after.into_iter().map(str::to_owned).collect();
    }
    let order = |goal: &Goal| -> Vec<(String, usize)> {
        let named = |action: Action| (action.machine_name.as_str().to_owned(), action.wave);
        host.plan(goal, &[]).into_iter().map(named).collect()
    };
    let expected = |list: &[(&str, usize)]| -> Vec<(String, usize)> {
        list.iter().map(|(name, wave)| ((*name).to_owned(), *wave)).collect()
    };
    assert_eq!(order(&start()), expected(&[("dc", 0), ("alone", 0), ("db", 1), ("web", 2)]));
    let reverse = expected(&[("web", 0), ("db", 1), ("dc", 2), ("alone", 2)]);
    assert_eq!(order(&Goal::Remove), reverse);
    assert_eq!(order(&Goal::Stop { mode: Default::default() }), reverse);
}

#[test]
fn a_circle_ends() {
    let mut host = Host::new(&["web", "db"]);
    host.config.machines[0].depends_on = vec!["db".into()];
    host.config.machines[1].depends_on = vec!["web".into()];
    assert_eq!(host.plan(&start(), &[]).len(), 2);
}

#[test]
fn the_name_of_the_vm_is_that_of_project_machine_and_path() {
    assert!(vm_name("web").starts_with("lab-web-"));
    assert_eq!(planned(&Host::new(&["web"])).vm_name, vm_name("web"));
}
