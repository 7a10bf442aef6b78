//! A save that fails or dies at each of its steps: a reader sees the whole old or the whole new state, what is
//! reported is what happened, and the next save leaves no temp file.

use std::error::Error as _;
use std::fs;
use std::io::ErrorKind;
use std::time::Duration;

use crate::state_lab::faulty::{Fault, FaultyDisk};
use crate::state_lab::{Lab, NOW, address, learn};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::{LockOptions, RepairOutcome, Saved, State, Store};

/// Every step of a save, and what an error there means.
const STEPS: [(&str, Means); 11] = [
    ("read", Means::Refused("Could not read ")),
    ("names", Means::Saved(None)),
    ("create", Means::Refused("Could not write ")),
    ("write", Means::Refused("Could not write ")),
    ("protect", Means::Saved(Some("permissions"))),
    ("flush", Means::Refused("Could not write ")),
    ("link", Means::Saved(None)),
    ("read", Means::Refused("Could not replace ")),
    ("replace", Means::Refused("Could not replace ")),
    ("replace", Means::Saved(Some("its backup could not be renewed"))),
    ("flush folder", Means::Saved(Some("could not be flushed"))),
];

#[derive(Clone, Copy)]
enum Means {
    /// The old state stays, and the message begins so.
    Refused(&'static str),
    /// The new state is there, with a warning that says this.
    Saved(Option<&'static str>),
}

fn save(lab: &Lab, disk: &FaultyDisk) -> Result<Saved, Error> {
    Store::on(disk.clone(), lab.config()).update(LockOptions::default(), learn("172.20.0.2"))
}

/// A lab that has been saved once, so that there is a backup.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    lab
}

fn stored(lab: &Lab) -> String {
    address(&lab.store().read().unwrap().state).to_owned()
}

/// The next save works, and leaves only the files that belong there and a backup that can be read.
fn next_save_cleans_up(lab: &Lab, when: &str) {
    lab.store().update(LockOptions::default(), learn("172.20.0.3")).unwrap();
    assert_eq!(stored(lab), "172.20.0.3", "{when}");
    assert_eq!(lab.names(), ["state.json", "state.json.bak", "state.lock", "state.lock.json"], "{when}");
    fs::rename(lab.file("state.json.bak"), lab.file("state.json")).unwrap();
    assert!(lab.store().read().is_ok(), "{when}");
}

#[test]
fn a_save_has_these_steps_in_this_order() {
    let (lab, disk) = (lab(), FaultyDisk::new(usize::MAX, Fault::Death));
    assert!(save(&lab, &disk).unwrap().warnings.is_empty());
    assert_eq!(disk.steps(), STEPS.map(|(name, _)| name));
}

#[test]
fn an_error_at_any_step_is_told_as_what_it_is() {
    let kinds = [
        (ErrorKind::StorageFull, "Free some space"),
        (ErrorKind::PermissionDenied, "permissions of the file and its folder"),
        (ErrorKind::ReadOnlyFilesystem, "mounted read-only"),
        (ErrorKind::Other, "look at the disk"),
    ];
    for (at, (name, means)) in STEPS.iter().enumerate() {
        for (kind, remedy) in kinds {
            let when = format!("{kind} at step {at}, {name}");
            let (lab, disk) = (lab(), FaultyDisk::new(at, Fault::Error(kind)));
            match (means, save(&lab, &disk)) {
                (Means::Refused(begins), Err(error)) => {
                    assert_eq!(error.code, Code::StateIoFailed, "{when}");
                    assert!(error.message.starts_with(begins), "{when}: {error}");
                    assert!(error.message.contains(&kind.to_string()), "{when}: {error}");
                    assert_eq!(error.source().unwrap().to_string(), kind.to_string(), "{when}");
                    assert!(error.remedy.as_deref().unwrap().contains(remedy), "{when}: {error:?}");
                    assert_eq!(stored(&lab), "172.20.0.1", "{when}");
                    let left = lab.names().into_iter().filter(|name| name.ends_with(".tmp")).count();
                    assert_eq!(left, 0, "{when}");
                }
                (Means::Saved(warning), Ok(saved)) => {
                    assert_eq!(saved.warnings.len(), usize::from(warning.is_some()), "{when}: {saved:?}");
                    assert!(saved.warnings.iter().all(|said| said.contains(warning.unwrap())), "{when}");
                    assert_eq!(stored(&lab), "172.20.0.2", "{when}");
                }
                (_, other) => panic!("{when}: {other:?}"),
            }
            next_save_cleans_up(&lab, &when);
        }
    }
}

#[test]
fn death_at_any_step_leaves_the_whole_old_or_the_whole_new_state() {
    let committed = STEPS.iter().rposition(|(name, _)| *name == "replace").unwrap();
    for at in 0..=STEPS.len() {
        let when = format!("death at step {at}");
        let (lab, disk) = (lab(), FaultyDisk::new(at, Fault::Death));
        let _ = save(&lab, &disk);
        let expected = if at < committed { "172.20.0.1" } else { "172.20.0.2" };
        assert_eq!(stored(&lab), expected, "{when}");
        next_save_cleans_up(&lab, &when);
    }
}

#[test]
fn what_is_held_for_a_moment_is_tried_again() {
    for (at, (name, _)) in
        STEPS.iter().enumerate().filter(|(_, (name, _))| ["read", "replace"].contains(name))
    {
        let (lab, disk) = (lab(), FaultyDisk::new(at, Fault::Held(3)));
        let saved = save(&lab, &disk).unwrap();
        assert!(saved.warnings.is_empty(), "{name}: {saved:?}");
        assert!(disk.steps().len() >= STEPS.len() + 3, "{name}: {:?}", disk.steps());
        assert_eq!(stored(&lab), "172.20.0.2", "{name}");
    }
}

#[test]
fn what_stays_held_is_given_up_with_a_word_about_who_may_hold_it() {
    for at in [0, 8] {
        let (lab, disk) = (lab(), FaultyDisk::new(at, Fault::Held(usize::MAX / 2)));
        let store = Store::on(disk.clone(), lab.config()).with_retry_limit(Duration::from_millis(20));
        let error = store.update(LockOptions::default(), learn("172.20.0.2")).unwrap_err();
        assert_eq!(error.code, Code::StateIoFailed);
        assert!(error.message.contains("another program has held it for 0 s"), "{error}");
        assert!(error.remedy.unwrap().contains("a virus scanner"), "{at}");
        assert!(disk.steps().len() > at + 2, "tried again: {:?}", disk.steps());
        assert_eq!(stored(&lab), "172.20.0.1");
        next_save_cleans_up(&lab, "held");
    }
}

#[test]
fn a_file_that_is_read_only_is_told_as_such_and_not_as_held() {
    let (lab, disk) = (lab(), FaultyDisk::new(8, Fault::Held(usize::MAX / 2)));
    let state = lab.file("state.json");
    let mut permissions = std::fs::metadata(&state).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&state, permissions).unwrap();
    let store = Store::on(disk, lab.config()).with_retry_limit(Duration::from_millis(20));
    let error = store.update(LockOptions::default(), learn("172.20.0.2")).unwrap_err();
    assert_eq!(error.code, Code::StateIoFailed);
    assert!(error.message.contains("it is read-only") && !error.message.contains("held"), "{error}");
    assert!(error.remedy.unwrap().contains("IsReadOnly"));
    assert_eq!(stored(&lab), "172.20.0.1");
}

const DAMAGE: &[u8] = b"{ \"version\": 1, ";

fn repair(lab: &Lab, disk: &FaultyDisk) -> Result<RepairOutcome, Error> {
    Store::on(disk.clone(), lab.config()).repair(false, LockOptions::default())
}

/// A repair that fails or dies at any step loses neither the damaged bytes nor the backup, and can be done again.
#[test]
fn a_repair_can_fail_or_die_at_any_step() {
    let whole = FaultyDisk::new(usize::MAX, Fault::Death);
    let damaged = || {
        let lab = lab();
        fs::write(lab.file("state.json"), DAMAGE).unwrap();
        lab
    };
    assert!(repair(&damaged(), &whole).unwrap().repaired);
    assert!(whole.steps().len() > 8, "{:?}", whole.steps());
    for at in 0..whole.steps().len() {
        for fault in [Fault::Death, Fault::Error(ErrorKind::StorageFull)] {
            let when = format!("{fault:?} at step {at}");
            let lab = damaged();
            let outcome = repair(&lab, &FaultyDisk::new(at, fault));
            let bytes: Vec<_> = lab.names().into_iter().map(|name| lab.bytes(&name)).collect();
            let kept = bytes.iter().filter(|bytes| *bytes == DAMAGE).count();
            assert!(kept == 1 || fault == Fault::Death && kept == 2, "{when}: {:?}", lab.names());
            let restored = lab.bytes("state.json") != DAMAGE;
            assert!(outcome.is_ok() == restored || fault == Fault::Death, "{when}: {outcome:?}");
            lab.store().repair(false, LockOptions::default()).unwrap();
            assert!(lab.store().read().is_ok(), "{when}");
            next_save_cleans_up_but_what_was_kept(&lab, &when);
        }
    }
}

fn next_save_cleans_up_but_what_was_kept(lab: &Lab, when: &str) {
    lab.store().update(LockOptions::default(), learn("172.20.0.3")).unwrap();
    let extra: Vec<_> = lab.names().into_iter().filter(|name| name.contains(".tmp")).collect();
    assert!(extra.is_empty(), "{when}: {extra:?}");
}

#[test]
fn a_first_state_is_not_written_over_what_cannot_be_read() {
    let first =
        |lab: &Lab| State::empty(lab.config().to_str().unwrap(), "lab", "d78b35a5", NOW.parse().unwrap());
    let (fresh, disk) = (Lab::without_state(), FaultyDisk::new(usize::MAX, Fault::Death));
    Store::on(disk.clone(), fresh.config()).create(first(&fresh), LockOptions::default()).unwrap();
    let read = disk.steps().iter().position(|step| *step == "read").unwrap();

    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let disk = FaultyDisk::new(read, Fault::Error(ErrorKind::PermissionDenied));
    let error = Store::on(disk, lab.config()).create(first(&lab), LockOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::StateIoFailed);
    assert!(error.message.starts_with("Could not replace "), "{error}");
    assert_eq!(lab.bytes("state.json"), before);
}
