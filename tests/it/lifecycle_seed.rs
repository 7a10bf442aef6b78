//! The disc that names a machine at its first boot: a machine has one first boot, and what follows it changes nothing. All of it
//! holds for the disc that cloud-init reads as for the one that Windows Setup reads.

use ragnatramp::config::{CloudInit, Machine, Unattend};
use ragnatramp::error::Code;
use ragnatramp::lifecycle::{ActionKind, Change, Goal, Step, read_own_file};
use ragnatramp::state::SeedKind;

use crate::lifecycle_model::{File, Host, checkpoint, disk, folder, key, restore, start};

const OWN_FILE: &str = "D:\\lab\\web.own";
const KINDS: [SeedKind; 2] = [SeedKind::CloudInit, SeedKind::Unattend];

fn disc(kind: SeedKind) -> String {
    let what = if kind == SeedKind::CloudInit { "seed" } else { "unattend" };
    format!("{}\\web-{what}.iso", folder("web"))
}

/// The config asks for a disc of this kind, with this file of the user's own, and for no other.
fn ask(machine: &mut Machine, kind: SeedKind, own: Option<&str>) {
    let own = own.map(str::to_owned);
    (machine.cloud_init, machine.unattend) = match kind {
        SeedKind::CloudInit => (Some(CloudInit { user_data: own }), None),
        SeedKind::Unattend => (None, Some(Unattend { answer_file: own })),
    };
}

fn ask_for_none(machine: &mut Machine) {
    (machine.cloud_init, machine.unattend) = (None, None);
}

/// A lab of one machine that is created with a disc.
fn lab(kind: SeedKind) -> Host {
    let mut host = Host::new(&["web"]);
    ask(&mut host.config.machines[0], kind, None);
    host
}

fn with_own_file(kind: SeedKind) -> Host {
    let mut host = lab(kind);
    ask(&mut host.config.machines[0], kind, Some(OWN_FILE));
    host.files.insert(key(OWN_FILE), File::Other);
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
    for kind in KINDS {
        let action = lab(kind).action(&start(), "web");
        let place =
            |wanted: fn(&Step) -> bool| action.steps.iter().position(wanted).expect("a step is missing");
        let begun = place(|step| matches!(step, Step::Record { .. }));
        let written = place(|step| matches!(step, Step::WriteSeed { .. }));
        let made = place(|step| matches!(step, Step::NewVM { .. }));
        let attached = place(|step| matches!(step, Step::AttachSeed { .. }));
        let first = place(|step| matches!(step, Step::BootFromDisk { .. }));
        let started = place(|step| matches!(step, Step::StartVM));
        assert!(begun < written && written < made && made < attached && attached < first && first < started);
        assert!(action.touches.contains(&disc(kind)), "{:?}", action.touches);
        let host = up(lab(kind));
        assert_eq!(host.files[&key(&disc(kind))], File::Seed { kind, id: id(&host) });
    }
}

#[test]
fn a_machine_that_is_born_is_not_told_anew_what_the_config_says_now() {
    for kind in KINDS {
        let mut host = up(with_own_file(kind));
        host.files.remove(&key(OWN_FILE));
        let before = (host.end(), id(&host));
        let asked = KINDS.map(|kind| [(kind, None), (kind, Some("D:\\other.own"))]).concat();
        for said in asked.into_iter().map(Some).chain([None]) {
            ask_for_none(&mut host.config.machines[0]);
            if let Some((kind, own)) = said {
                ask(&mut host.config.machines[0], kind, own);
            }
            for force in [false, true] {
                assert_eq!(host.plan(&Goal::Start { force }, &[])[0].kind, ActionKind::None);
            }
            host.vm("web").facts.state = "Off".into();
            host.run(&Goal::Start { force: true }, &[]);
            assert_eq!((host.end(), id(&host)), before);
        }
        let mut host = up(Host::new(&["web"]));
        ask(&mut host.config.machines[0], kind, None);
        assert_eq!(
            host.plan(&start(), &[])[0].kind,
            ActionKind::None,
            "it had its first boot without a disc"
        );
    }
}

#[test]
fn a_restore_keeps_the_disc_and_the_id() {
    for kind in KINDS {
        let mut host = up(lab(kind));
        let before = id(&host);
        host.run(&checkpoint("clean"), &[]);
        host.run(&restore("clean"), &[]);
        host.run(&start(), &[]);
        assert_eq!(host.files[&key(&disc(kind))], File::Seed { kind, id: before });
        assert_eq!(host.vm("web").details.disc_paths, [disc(kind)]);
    }
}

#[test]
fn a_vm_that_is_made_anew_on_its_own_disk_has_no_second_first_boot() {
    for kind in KINDS {
        for disc_is_there in [true, false] {
            let mut host = up(lab(kind));
            let before = id(&host);
            host.vms.clear();
            if !disc_is_there {
                host.files.remove(&key(&disc(kind)));
            }
            host.run(&start(), &[]);
            assert_eq!(id(&host), before);
            assert_eq!(host.files[&key(&disc(kind))], File::Seed { kind, id: before });
        }
        let mut host = up(lab(kind));
        let before = id(&host);
        host.vms.clear();
        ask_for_none(&mut host.config.machines[0]);
        host.run(&start(), &[]);
        assert_eq!(id(&host), before, "the disc belongs to the disk, whatever the config says now");
        assert_eq!(host.vm("web").details.disc_paths, [disc(kind)]);
        let mut host = up(Host::new(&["web"]));
        host.vms.clear();
        ask(&mut host.config.machines[0], kind, None);
        host.run(&start(), &[]);
        assert!(
            host.state.machine("web").unwrap().seed().is_none(),
            "its disk had its first boot without one"
        );
    }
}

#[test]
fn a_new_disk_has_a_first_boot_of_its_own_at_every_cut() {
    for kind in KINDS {
        let mut gone = up(lab(kind));
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
                host.files[&key(&disc(kind))],
                File::Seed { kind, id: id(&host) },
                "after {after} of {steps} steps"
            );
        }
    }
}

#[test]
fn a_new_disk_without_a_disc_leaves_none_of_an_earlier_one_at_every_cut() {
    for kind in KINDS {
        let mut gone = up(lab(kind));
        gone.vms.clear();
        gone.files.remove(&key(&disk("web")));
        ask_for_none(&mut gone.config.machines[0]);
        let whole = up(gone.clone());
        assert!(!whole.files.contains_key(&key(&disc(kind))));
        let steps = gone.clone().run(&start(), &[]);
        for after in 0..=steps {
            let mut host = gone.clone();
            host.run_cut(&start(), &[], after);
            host.run(&start(), &[]);
            assert_eq!(host.end(), whole.end(), "after {after} of {steps} steps");
        }
    }
}

#[test]
fn a_disc_that_was_deleted_before_the_first_start_is_written_again_with_its_id() {
    for kind in KINDS {
        let steps = lab(kind).run(&start(), &[]);
        let mut host = lab(kind);
        host.run_cut(&start(), &[], steps - 2);
        let begun = host.state.intent("web").unwrap().seed.unwrap().creation_id.unwrap();
        host.files.remove(&key(&disc(kind)));
        host.run(&start(), &[]);
        assert_eq!(host.files[&key(&disc(kind))], File::Seed { kind, id: begun });
    }
}

#[test]
fn a_disc_that_the_config_asks_for_after_an_interruption_is_made_at_every_cut() {
    for kind in KINDS {
        let whole = up(lab(kind));
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
}

#[test]
fn a_file_of_the_users_own_that_is_not_there_is_refused_before_anything_is_made() {
    for kind in KINDS {
        let mut host = with_own_file(kind);
        host.files.remove(&key(OWN_FILE));
        let action = host.action(&start(), "web");
        let refusal = action.refusal.unwrap();
        let (code, named) = match kind {
            SeedKind::CloudInit => (Code::UserDataUnreadable, "user-data"),
            SeedKind::Unattend => (Code::AnswerFileUnreadable, "answer file"),
        };
        assert_eq!((refusal.code, action.steps), (code, Vec::new()));
        assert_eq!(refusal.message, format!("web: its {named} {OWN_FILE} is not there."));
        assert!(refusal.remedy.is_some());
    }
}

#[test]
fn a_strangers_file_in_the_place_of_the_disc_is_neither_used_nor_overwritten() {
    for kind in KINDS {
        let mut host = lab(kind);
        host.folders.insert(key(&folder("web")));
        host.files.insert(key(&disc(kind)), File::Other);
        let refusal = host.action(&start(), "web").refusal.unwrap();
        assert_eq!(refusal.code, Code::DiskInPlace);
        assert!(refusal.message.contains(".iso is there already"), "{}", refusal.message);
    }
}

#[test]
fn the_disc_goes_with_the_machine_and_is_named_before() {
    for kind in KINDS {
        for at in ["Running", "Off"] {
            let mut host = up(lab(kind));
            host.vm("web").facts.state = at.into();
            let action = host.action(&Goal::Remove, "web");
            assert!(action.operation.unwrap().contains(&disc(kind)));
            host.run(&Goal::Remove, &[]);
            assert_eq!(host.end(), Host::new(&["web"]).end(), "{at}");
        }
        let mut host = lab(kind);
        host.run_cut(&start(), &[], 4);
        host.files.insert(key(&format!("{}.partial", disc(kind))), File::Partial);
        host.run(&Goal::Remove, &[]);
        assert_eq!(host.end(), Host::new(&["web"]).end(), "what an interrupted run left of it");
    }
}

#[test]
fn a_new_disk_for_another_reader_leaves_no_disc_of_the_earlier_one_at_every_cut() {
    for [before, after] in [KINDS, [KINDS[1], KINDS[0]]] {
        let mut gone = up(lab(before));
        gone.vms.clear();
        gone.files.remove(&key(&disk("web")));
        ask(&mut gone.config.machines[0], after, None);
        let steps = gone.clone().run(&start(), &[]);
        for cut in 0..=steps {
            let mut host = gone.clone();
            host.run_cut(&start(), &[], cut);
            host.run(&start(), &[]);
            assert!(!host.files.contains_key(&key(&disc(before))), "after {cut} of {steps} steps");
            assert_eq!(host.files[&key(&disc(after))], File::Seed { kind: after, id: id(&host) });
            assert_eq!(host.vm("web").details.disc_paths, [disc(after)]);
        }
    }
}

#[test]
fn what_was_begun_for_one_reader_is_ended_for_it_whatever_the_config_says_by_then() {
    for [before, after] in [KINDS, [KINDS[1], KINDS[0]]] {
        let steps = lab(before).run(&start(), &[]);
        for cut in 1..steps {
            let mut host = lab(before);
            host.run_cut(&start(), &[], cut);
            ask(&mut host.config.machines[0], after, None);
            host.run(&start(), &[]);
            assert_eq!(host.end(), up(lab(before)).end(), "after {cut} of {steps} steps");
        }
    }
}

#[test]
fn a_file_of_the_users_own_of_16_mib_is_taken_whole_and_a_byte_more_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.own");
    let mut machine = crate::lab::config(&["web"]).machines.remove(0);
    let most = 16 << 20;
    for kind in KINDS {
        ask(&mut machine, kind, path.to_str());
        std::fs::write(&path, vec![b'#'; most]).unwrap();
        assert_eq!(read_own_file(&machine, kind).unwrap().unwrap().len(), most);
        std::fs::write(&path, vec![b'#'; most + 1]).unwrap();
        assert!(read_own_file(&machine, kind).unwrap_err().message.ends_with("has more than 16 MiB."));
    }
}
