//! What others may have put into the folder of the state: links, pipes, files without end; and a file system without locks.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::time::Duration;

use crate::state_lab::faulty::{Fault, FaultyDisk};
use crate::state_lab::{Lab, learn};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::disk::LONGEST;
use ragnatramp::state::{LockOptions, Store};

fn at_once() -> LockOptions<'static> {
    LockOptions { wait: Duration::ZERO, ..LockOptions::default() }
}

fn save(lab: &Lab) -> Result<(), Error> {
    lab.store().update(at_once(), learn("172.20.0.2")).map(drop)
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::time::Instant;

    #[test]
    fn a_state_that_is_a_link_is_refused_by_name_and_stays_one() {
        let lab = Lab::new();
        let elsewhere = lab.folder.path().join("elsewhere.json");
        fs::rename(lab.file("state.json"), &elsewhere).unwrap();
        symlink(&elsewhere, lab.file("state.json")).unwrap();
        let before = fs::read(&elsewhere).unwrap();
        assert!(lab.store().read().is_ok(), "it is read");
        for refused in [save(&lab), lab.store().repair(false, at_once()).map(drop)] {
            let error = refused.unwrap_err();
            assert_eq!(error.code, Code::StateIoFailed);
            let said = format!("state.json is a link to {}, and", elsewhere.display());
            assert!(error.message.contains(&said), "{error}");
        }
        assert!(fs::symlink_metadata(lab.file("state.json")).unwrap().is_symlink());
        assert_eq!(fs::read(&elsewhere).unwrap(), before);
    }

    #[test]
    fn a_planted_link_in_the_place_of_the_lock_is_refused_and_its_target_is_not_made() {
        let lab = Lab::new();
        let target = lab.folder.path().join("target");
        symlink(&target, lab.file("state.lock")).unwrap();
        let error = save(&lab).unwrap_err();
        assert!(error.message.contains("state.lock is a link to "), "{error}");
        assert!(!target.exists());
    }

    #[test]
    fn the_holder_is_never_written_through_a_planted_link_nor_over_another_file() {
        for symbolic in [true, false] {
            let lab = Lab::new();
            let victim = lab.folder.path().join("victim");
            fs::write(&victim, "a key of the user's\n").unwrap();
            let planted = lab.file("state.lock.json");
            if symbolic { symlink(&victim, planted) } else { fs::hard_link(&victim, planted) }.unwrap();
            save(&lab).unwrap();
            assert_eq!(fs::read_to_string(&victim).unwrap(), "a key of the user's\n", "symbolic: {symbolic}");
        }
        let lab = Lab::new();
        let target = lab.folder.path().join("target");
        symlink(&target, lab.file("state.lock.json")).unwrap();
        save(&lab).unwrap();
        assert!(!target.exists(), "nor is the target of a link made");
    }

    #[test]
    fn a_file_that_begins_like_a_holder_and_is_longer_is_not_written_over() {
        let lab = Lab::new();
        let other = format!("{{\"pid\":1}}{}", "x".repeat(600));
        fs::write(lab.file("state.lock.json"), &other).unwrap();
        save(&lab).unwrap();
        assert_eq!(lab.bytes("state.lock.json"), other.as_bytes());
    }

    #[test]
    fn an_earlier_holder_is_written_over() {
        let lab = Lab::new();
        save(&lab).unwrap();
        let older = lab.bytes("state.lock.json");
        fs::write(
            lab.file("state.lock.json"),
            String::from_utf8(older).unwrap().replace("since\":\"20", "since\":\"19"),
        )
        .unwrap();
        lab.store().update(at_once(), learn("172.20.0.3")).unwrap();
        assert!(String::from_utf8(lab.bytes("state.lock.json")).unwrap().contains("since\":\"20"));
    }

    /// To read it would not end.
    #[test]
    fn a_pipe_in_the_place_of_the_state_is_told_and_not_read() {
        let lab = Lab::without_state();
        let made = std::process::Command::new("mkfifo").arg(lab.file("state.json")).status().unwrap();
        assert!(made.success());
        let error = lab.store().read().unwrap_err();
        assert_eq!(error.code, Code::StateIoFailed);
        assert!(error.message.contains("it is a device or a pipe"), "{error}");
    }

    #[test]
    fn a_temp_file_is_for_its_owner_alone_and_the_owner_of_the_state_is_kept() {
        use ragnatramp::state::disk::{Disk, RealDisk};
        use std::os::unix::fs::{MetadataExt, chown};
        let lab = Lab::new();
        let temp = lab.file("temp");
        RealDisk.create(&temp).unwrap();
        assert_eq!(fs::metadata(&temp).unwrap().mode() & 0o777, 0o600);
        // Only root can give a file away.
        let owner = match chown(lab.file("state.json"), Some(1234), Some(2345)) {
            Ok(()) => (1234, 2345),
            Err(_) => (fs::metadata(&temp).unwrap().uid(), fs::metadata(&temp).unwrap().gid()),
        };
        save(&lab).unwrap();
        let found = fs::metadata(lab.file("state.json")).unwrap();
        assert_eq!((found.uid(), found.gid()), owner);
    }

    #[test]
    fn a_file_system_without_locks_has_a_sentence_of_its_own() {
        // EOPNOTSUPP, ENOSYS, ENOLCK.
        for code in [95, 38, 37] {
            let lab = Lab::new();
            let store = Store::on(FaultyDisk::new(0, Fault::Lock(code)), lab.config());
            let error = store.update(LockOptions::default(), learn("172.20.0.2")).unwrap_err();
            assert_eq!(error.code, Code::StateIoFailed, "{code}");
            assert!(error.message.contains("has no locks"), "{code}: {error}");
            assert!(error.remedy.unwrap().starts_with("Move the lab to a local disk"), "{code}");
        }
    }

    #[test]
    fn an_error_of_the_lock_is_not_taken_for_a_lock_that_is_held() {
        let lab = Lab::new();
        let store = Store::on(FaultyDisk::new(0, Fault::Lock(5)), lab.config());
        let began = Instant::now();
        let error = store.update(LockOptions::default(), learn("172.20.0.2")).unwrap_err();
        assert_eq!(error.code, Code::StateIoFailed);
        assert!(error.message.starts_with("Could not lock "), "{error}");
        assert!(began.elapsed() < Duration::from_secs(20), "it is told at once, and not waited for");
    }
}

#[test]
fn a_state_at_the_bound_is_read() {
    let lab = Lab::new();
    save(&lab).unwrap();
    let mut bytes = lab.bytes("state.json");
    bytes.resize(usize::try_from(LONGEST).unwrap(), b' ');
    fs::write(lab.file("state.json"), bytes).unwrap();
    assert!(lab.store().read().is_ok());
}

#[test]
fn a_state_beyond_the_bound_is_not_read_and_a_repair_moves_it_aside() {
    let lab = Lab::new();
    save(&lab).unwrap();
    File::create(lab.file("state.json")).unwrap().set_len(LONGEST + 1).unwrap();
    let error = lab.store().read().unwrap_err();
    assert_eq!(error.code, Code::StateCorrupted);
    assert!(error.message.contains("it has more than 64 MiB"), "{error}");
    let outcome = lab.store().repair(false, at_once()).unwrap();
    assert!(outcome.repaired && lab.store().read().is_ok(), "{outcome:?}");
    assert_eq!(fs::metadata(outcome.kept_aside.unwrap()).unwrap().len(), LONGEST + 1);
}

const DAMAGE: &[u8] = b"{ \"version\": 1, ";

#[test]
fn a_repair_waits_for_the_lock() {
    let lab = Lab::new();
    save(&lab).unwrap();
    fs::write(lab.file("state.json"), DAMAGE).unwrap();
    let other_run = File::options().read(true).write(true).open(lab.file("state.lock")).unwrap();
    other_run.lock().unwrap();
    let error = lab.store().repair(false, at_once()).unwrap_err();
    assert_eq!(error.code, Code::StateLocked);
    assert_eq!(lab.bytes("state.json"), DAMAGE, "nothing is changed");
    drop(other_run);
    assert!(lab.store().repair(false, at_once()).unwrap().repaired);
}

#[test]
fn the_copy_that_a_repair_keeps_is_flushed_before_the_good_state_takes_its_place() {
    let damaged = || {
        let lab = Lab::new();
        save(&lab).unwrap();
        fs::write(lab.file("state.json"), DAMAGE).unwrap();
        lab
    };
    let whole = FaultyDisk::new(usize::MAX, Fault::Death);
    Store::on(whole.clone(), damaged().config()).repair(false, at_once()).unwrap();
    let link = whole.steps().iter().position(|step| *step == "link").unwrap();
    // A file system without links: the damaged file is copied.
    let lab = damaged();
    let disk = FaultyDisk::new(link, Fault::Error(ErrorKind::Unsupported));
    let outcome = Store::on(disk.clone(), lab.config()).repair(false, at_once()).unwrap();
    assert_eq!(disk.steps()[link..link + 4], ["link", "create", "write", "flush"]);
    assert_eq!(fs::read(outcome.kept_aside.unwrap()).unwrap(), DAMAGE);
}
