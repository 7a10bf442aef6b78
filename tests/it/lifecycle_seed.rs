//! The disc that names a machine at its first boot: a machine has one first boot, and what follows it changes nothing.

use ragnatramp::config::CloudInit;
use ragnatramp::error::Code;
use ragnatramp::lifecycle::{ActionKind, Change, Goal, Step};

use crate::lifecycle_model::{File, Host, checkpoint, disk, folder, key, restore, start};

const USER_DATA: &str = "D:\\lab\\web.yaml";

fn disc(machine: &str) -> String {
    format!("{}\\{machine}-seed.iso", folder(machine))
}

/// A lab of one machine that is created with a disc.
fn lab() -> Host {
    let mut host = Host::new(&["web"]);
    host.config.machines[0].cloud_init = Some(CloudInit::default());
    host
}

fn with_user_data() -> Host {
    let mut host = lab();
    host.config.machines[0].cloud_init = Some(CloudInit { user_data: Some(USER_DATA.into()) });
    host.files.insert(key(USER_DATA), File::Other);
    host
}

fn up(mut host: Host) -> Host {
    host.run(&start(), &[]);
    host
}

fn id(host: &Host) -> String {
    host.state.machine("web").unwrap().seed().unwrap().creation_id.unwrap()
}

#[test]
fn the_disc_is_written_before_the_vm_is_made_and_attached_before_it_starts_from_its_disk() {
    let action = lab().action(&start(), "web");
    let place = |wanted: fn(&Step) -> bool| action.steps.iter().position(wanted).expect("a step is missing");
    let begun = place(|step| matches!(step, Step::Record { .. }));
    let written = place(|step| matches!(step, Step::WriteSeed { .. }));
    let made = place(|step| matches!(step, Step::NewVM { .. }));
    let attached = place(|step| matches!(step, Step::AttachSeed { .. }));
    let first = place(|step| matches!(step, Step::BootFromDisk { .. }));
    let started = place(|step| matches!(step, Step::StartVM));
    assert!(begun < written && written < made && made < attached && attached < first && first < started);
    assert!(action.touches.contains(&disc("web")), "{:?}", action.touches);
    let host = up(lab());
    assert_eq!(host.files[&key(&disc("web"))], File::Seed { id: id(&host) });
}

#[test]
fn a_machine_that_is_born_is_not_told_anew_what_the_config_says_now() {
    let mut host = up(with_user_data());
    host.files.remove(&key(USER_DATA));
    let before = (host.end(), id(&host));
    for said in
        [None, Some(CloudInit::default()), Some(CloudInit { user_data: Some("D:\\other.yaml".into()) })]
    {
        host.config.machines[0].cloud_init = said;
        for force in [false, true] {
            assert_eq!(host.plan(&Goal::Start { force }, &[])[0].kind, ActionKind::None);
        }
        host.vm("web").facts.state = "Off".into();
        host.run(&Goal::Start { force: true }, &[]);
        assert_eq!((host.end(), id(&host)), before);
    }
    let mut host = up(Host::new(&["web"]));
    host.config.machines[0].cloud_init = Some(CloudInit::default());
    assert_eq!(host.plan(&start(), &[])[0].kind, ActionKind::None, "it had its first boot without a disc");
}

#[test]
fn a_restore_keeps_the_disc_and_the_id() {
    let mut host = up(lab());
    let before = id(&host);
    host.run(&checkpoint("clean"), &[]);
    host.run(&restore("clean"), &[]);
    host.run(&start(), &[]);
    assert_eq!(host.files[&key(&disc("web"))], File::Seed { id: before });
    assert_eq!(host.vm("web").details.disc_paths, [disc("web")]);
}

#[test]
fn a_vm_that_is_made_anew_on_its_own_disk_has_no_second_first_boot() {
    for disc_is_there in [true, false] {
        let mut host = up(lab());
        let before = id(&host);
        host.vms.clear();
        if !disc_is_there {
            host.files.remove(&key(&disc("web")));
        }
        host.run(&start(), &[]);
        assert_eq!(id(&host), before);
        assert_eq!(host.files[&key(&disc("web"))], File::Seed { id: before });
    }
    let mut host = up(lab());
    let before = id(&host);
    host.vms.clear();
    host.config.machines[0].cloud_init = None;
    host.run(&start(), &[]);
    assert_eq!(id(&host), before, "the disc belongs to the disk, whatever the config says now");
    assert_eq!(host.vm("web").details.disc_paths, [disc("web")]);
    let mut host = up(Host::new(&["web"]));
    host.vms.clear();
    host.config.machines[0].cloud_init = Some(CloudInit::default());
    host.run(&start(), &[]);
    assert!(host.state.machine("web").unwrap().seed().is_none(), "its disk had its first boot without one");
}

#[test]
fn a_new_disk_has_a_first_boot_of_its_own_at_every_cut() {
    let mut gone = up(lab());
    let before = id(&gone);
    gone.vms.clear();
    gone.files.remove(&key(&disk("web")));
    let steps = gone.clone().run(&start(), &[]);
    for after in 0..=steps {
        let mut host = gone.clone();
        host.run_cut(&start(), &[], after);
        host.run(&start(), &[]);
        assert_ne!(id(&host), before, "after {after} of {steps} steps");
        assert_eq!(
            host.files[&key(&disc("web"))],
            File::Seed { id: id(&host) },
            "after {after} of {steps} steps"
        );
    }
}

#[test]
fn a_new_disk_without_a_disc_leaves_none_of_an_earlier_one_at_every_cut() {
    let mut gone = up(lab());
    gone.vms.clear();
    gone.files.remove(&key(&disk("web")));
    gone.config.machines[0].cloud_init = None;
    let whole = up(gone.clone());
    assert!(!whole.files.contains_key(&key(&disc("web"))));
    let steps = gone.clone().run(&start(), &[]);
    for after in 0..=steps {
        let mut host = gone.clone();
        host.run_cut(&start(), &[], after);
        host.run(&start(), &[]);
        assert_eq!(host.end(), whole.end(), "after {after} of {steps} steps");
    }
}

#[test]
fn a_disc_that_was_deleted_before_the_first_start_is_written_again_with_its_id() {
    let steps = lab().run(&start(), &[]);
    let mut host = lab();
    host.run_cut(&start(), &[], steps - 2);
    let begun = host.state.intent("web").unwrap().seed.unwrap().creation_id.unwrap();
    host.files.remove(&key(&disc("web")));
    host.run(&start(), &[]);
    assert_eq!(host.files[&key(&disc("web"))], File::Seed { id: begun });
}

#[test]
fn a_disc_that_the_config_asks_for_after_an_interruption_is_made_at_every_cut() {
    let whole = up(lab());
    let plain = Host::new(&["web"]);
    let steps = plain.clone().run(&start(), &[]);
    let recorded = |step: &Step| matches!(step, Step::Record { change: Change::Created });
    // From there on its disk counts as one that may have been in use.
    let known = plain.action(&start(), "web").steps.iter().position(recorded).unwrap();
    for after in 0..=known {
        let mut host = plain.clone();
        host.run_cut(&start(), &[], after);
        host.config = whole.config.clone();
        host.run(&start(), &[]);
        assert_eq!(host.end(), whole.end(), "after {after} of {steps} steps");
    }
}

#[test]
fn user_data_that_is_not_there_is_refused_before_anything_is_made() {
    let mut host = with_user_data();
    host.files.remove(&key(USER_DATA));
    let action = host.action(&start(), "web");
    let refusal = action.refusal.unwrap();
    assert_eq!((refusal.code, action.steps), (Code::UserDataUnreadable, Vec::new()));
    assert_eq!(refusal.message, format!("web: its user-data {USER_DATA} is not there."));
    assert!(refusal.remedy.is_some());
}

#[test]
fn a_strangers_file_in_the_place_of_the_disc_is_neither_used_nor_overwritten() {
    let mut host = lab();
    host.folders.insert(key(&folder("web")));
    host.files.insert(key(&disc("web")), File::Other);
    let refusal = host.action(&start(), "web").refusal.unwrap();
    assert_eq!(refusal.code, Code::DiskInPlace);
    assert!(refusal.message.contains("-seed.iso is there already"), "{}", refusal.message);
}

#[test]
fn the_disc_goes_with_the_machine_and_is_named_before() {
    for at in ["Running", "Off"] {
        let mut host = up(lab());
        host.vm("web").facts.state = at.into();
        let action = host.action(&Goal::Remove, "web");
        assert!(action.operation.unwrap().contains(&disc("web")));
        host.run(&Goal::Remove, &[]);
        assert_eq!(host.end(), Host::new(&["web"]).end(), "{at}");
    }
    let mut host = lab();
    host.run_cut(&start(), &[], 4);
    host.files.insert(key(&format!("{}.partial", disc("web"))), File::Partial);
    host.run(&Goal::Remove, &[]);
    assert_eq!(host.end(), Host::new(&["web"]).end(), "what an interrupted run left of it");
}
