//! The store on a real disk: read, change, backup, lock, and whose state it is.

use std::fs;
use std::time::Duration;

use crate::state_lab::{Lab, NOW, address, learn, object};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::{LockOptions, State, Store, Waiting};
use serde_json::json;

#[test]
fn a_change_is_saved_and_read_back_and_the_state_before_it_is_the_backup() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let saved = lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    assert!(saved.written && saved.warnings.is_empty(), "{saved:?}");
    let snapshot = lab.store().read().unwrap();
    assert_eq!(snapshot.state, saved.state);
    assert_eq!(address(&snapshot.state), "172.20.0.1");
    assert_ne!(snapshot.state.updated_at().unwrap().to_string(), NOW, "the time of the save is noted");
    assert_eq!(lab.bytes("state.json.bak"), before);
    assert_eq!(lab.names(), ["state.json", "state.json.bak", "state.lock", "state.lock.json"]);

    let second = lab.bytes("state.json");
    lab.store().update(LockOptions::default(), learn("172.20.0.2")).unwrap();
    assert_eq!(lab.bytes("state.json.bak"), second);
    assert_eq!(lab.names().len(), 4, "{:?}", lab.names());
}

#[test]
fn where_nothing_changes_nothing_is_written() {
    let lab = Lab::new();
    // Not as this crate prints it: a rewrite would show.
    let text = String::from_utf8(lab.bytes("state.json")).unwrap().replace("\n", "\r\n") + "\n";
    fs::write(lab.file("state.json"), &text).unwrap();
    let kept = |change: fn(&mut State) -> Result<bool, Error>| {
        let saved = lab.store().update(LockOptions::default(), change).unwrap();
        assert!(!saved.written);
        assert_eq!(lab.bytes("state.json"), text.as_bytes());
        assert!(!lab.file("state.json.bak").exists());
    };
    kept(|_| Ok(false));
    kept(|state| {
        state.remove_machine("web");
        Ok(false)
    });
}

#[test]
fn a_change_that_fails_leaves_everything_as_it_was() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let refused = lab.store().update(LockOptions::default(), |state| {
        state.remove_machine("web");
        Err(Error::new(Code::OwnershipVerificationFailed, "not ours"))
    });
    assert_eq!(refused.unwrap_err().code, Code::OwnershipVerificationFailed);
    assert_eq!(lab.bytes("state.json"), before);
    assert!(!lab.file("state.json.bak").exists());
}

#[test]
fn the_state_is_read_again_under_the_lock() {
    let lab = Lab::new();
    let store = lab.store();
    let known_before = store.read().unwrap();
    lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    let saved = store
        .update(LockOptions::default(), |state| {
            assert_ne!(*state, known_before.state);
            Ok(state.set_network("web", object(json!({"mac": "00:15:5D:01:02:03"}))))
        })
        .unwrap();
    assert_eq!(address(&saved.state), "172.20.0.1", "what another run learned is still there");
}

#[test]
fn a_file_that_changes_without_the_lock_is_not_written_over() {
    let lab = Lab::new();
    let theirs = String::from_utf8(lab.bytes("state.json")).unwrap().replace("d78b35a5", "00000000");
    let error = lab
        .store()
        .update(LockOptions::default(), |state| {
            fs::write(lab.file("state.json"), &theirs).unwrap();
            learn("172.20.0.1")(state)
        })
        .unwrap_err();
    assert_eq!(error.code, Code::StateConflict);
    assert!(error.message.contains("changed by another program"), "{error}");
    assert_eq!(lab.bytes("state.json"), theirs.as_bytes());
    assert_eq!(lab.names(), ["state.json", "state.lock", "state.lock.json"], "no temp file, no backup");
}

#[test]
fn a_file_that_goes_without_the_lock_is_not_brought_back() {
    let lab = Lab::new();
    let error = lab
        .store()
        .update(LockOptions::default(), |state| {
            fs::remove_file(lab.file("state.json")).unwrap();
            learn("172.20.0.1")(state)
        })
        .unwrap_err();
    assert_eq!(error.code, Code::StateConflict);
    assert!(!lab.file("state.json").exists());
}

#[test]
fn without_a_state_there_is_nothing_to_read_or_to_change() {
    let lab = Lab::without_state();
    let error = lab.store().read().unwrap_err();
    assert_eq!(error.code, Code::StateNotFound);
    assert!(error.message.contains("nothing was created"), "{error}");
    assert!(error.place.path.unwrap().ends_with("state.json"));
    let error = lab.store().update(LockOptions::default(), |_| unreachable!()).unwrap_err();
    assert_eq!(error.code, Code::StateNotFound);

    let bare = tempfile::tempdir().unwrap();
    let store = Store::new(bare.path().join("ragnatramp.yaml"));
    let error = store.update(LockOptions::default(), |_| unreachable!()).unwrap_err();
    assert_eq!(error.code, Code::StateNotFound);
    assert_eq!(fs::read_dir(bare.path()).unwrap().count(), 0, "no folder was made");
}

#[test]
fn a_first_state_is_made_with_its_folder_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ragnatramp.yaml");
    let first = State::empty(config.to_str().unwrap(), "lab", "d78b35a5", NOW.parse().unwrap());
    let store = Store::new(&config);
    let saved = store.create(first.clone(), LockOptions::default()).unwrap();
    assert!(saved.written && saved.warnings.is_empty(), "{saved:?}");
    assert_eq!(store.read().unwrap().bytes, first.to_bytes());
    let other = State::empty(config.to_str().unwrap(), "other", "d78b35a5", NOW.parse().unwrap());
    assert_eq!(store.create(other, LockOptions::default()).unwrap_err().code, Code::StateConflict);
    assert_eq!(store.read().unwrap().bytes, first.to_bytes());
}

#[test]
fn whoever_waits_is_told_who_holds_the_lock_and_gives_up_at_the_bound() {
    let lab = Lab::new();
    let mut seen: Vec<Waiting> = Vec::new();
    let outer = lab.store().update(LockOptions::default(), |state| {
        let mut tell = |waiting: &Waiting| seen.push(waiting.clone());
        let wait = Duration::from_millis(30);
        let options = LockOptions { wait, on_wait: Some(&mut tell), ..LockOptions::default() };
        let error = lab.store().update(options, |_| unreachable!()).unwrap_err();
        assert_eq!(error.code, Code::StateLocked);
        let us = format!("process {}", std::process::id());
        assert!(error.message.contains(&us), "{error}");
        learn("172.20.0.1")(state)
    });
    assert!(outer.unwrap().written);
    let holder = seen[0].holder.as_ref().unwrap();
    assert_eq!(holder.pid, std::process::id());
    assert!(!holder.host.is_empty() && holder.since.to_string().ends_with('Z'), "{holder:?}");
    assert_eq!(seen[0].bound, Duration::from_millis(30));
    assert_eq!(seen[0].to_string(), format!("{holder} holds the state; waited 0 of 0 s"));
    assert_eq!(address(&lab.store().read().unwrap().state), "172.20.0.1");
}

#[test]
fn whoever_waits_is_told_again_after_a_second_and_not_before() {
    let lab = Lab::new();
    let mut seen: Vec<Waiting> = Vec::new();
    let outer = lab.store().update(LockOptions::default(), |_| {
        let mut tell = |waiting: &Waiting| seen.push(waiting.clone());
        let wait = Duration::from_millis(1500);
        let options = LockOptions { wait, on_wait: Some(&mut tell), ..LockOptions::default() };
        assert_eq!(lab.store().update(options, |_| unreachable!()).unwrap_err().code, Code::StateLocked);
        Ok(false)
    });
    assert!(!outer.unwrap().written);
    let waited: Vec<Duration> = seen.iter().map(|waiting| waiting.waited).collect();
    assert!(waited.len() > 1, "{waited:?}");
    assert!(waited.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_secs(1)), "{waited:?}");
}

#[test]
fn a_lab_that_may_begin_has_no_state_only_where_nothing_of_one_is_there() {
    let lab = Lab::without_state();
    assert!(lab.store().read_if_begun().unwrap().is_none());
    let lab = Lab::new();
    let read = lab.store().read_if_begun().unwrap().unwrap();
    assert_eq!(read.bytes, lab.bytes("state.json"));
    fs::rename(lab.file("state.json"), lab.file("state.json.bak")).unwrap();
    let error = lab.store().read_if_begun().unwrap_err();
    assert_eq!(error.code, Code::StateNotFound);
    assert!(error.message.ends_with("is gone, but its backup is there."), "{error}");
}

#[test]
fn only_temp_files_of_ours_are_swept() {
    let lab = Lab::new();
    let theirs = [
        "state.json.tmp",
        ".state.json.1.tmp",
        ".state.json.x.0123456789abcdef.tmp",
        ".state.json..0123456789abcdef.tmp",
        ".state.json.42.0123456789abcde.tmp",
        ".state.json.42.0123456789abcdef0.tmp",
        ".state.json.42.0123456789abcdeg.tmp",
        ".state.json.42.0123456789abcdef.tmp.bak",
        "a.state.json.42.0123456789abcdef.tmp",
        ".state.json.42.0123456789abcdef",
        "notes.txt",
    ];
    for name in theirs.iter().chain([&".state.json.4242.0123456789abcdef.tmp"]) {
        fs::write(lab.file(name), "x").unwrap();
    }
    lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    assert!(theirs.iter().all(|name| lab.file(name).exists()), "{:?}", lab.names());
    assert!(!lab.file(".state.json.4242.0123456789abcdef.tmp").exists());
}

#[cfg(unix)]
#[test]
fn the_mode_of_the_file_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o600, 0o640, 0o664, 0o444] {
        let lab = Lab::new();
        fs::set_permissions(lab.file("state.json"), fs::Permissions::from_mode(mode)).unwrap();
        lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
        let now = fs::metadata(lab.file("state.json")).unwrap().permissions().mode() & 0o777;
        assert_eq!(now, mode, "{now:o} for {mode:o}");
    }
}
