//! Repair: the damaged file is kept aside, the last good state takes its place, and nothing else ever does.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::state_lab::{Lab, learn};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::{self, Attempt, LockOptions, RepairOutcome, RepairSource};

fn repair(config: impl Into<PathBuf>, dry_run: bool) -> Result<RepairOutcome, Error> {
    match state::repair(config, dry_run, Duration::from_secs(30), Duration::ZERO)? {
        Attempt::Done(outcome) => Ok(outcome),
        Attempt::Held(holder) => panic!("{holder}"),
    }
}

const DAMAGE: &[u8] = b"{ \"version\": 1, \"vms\"";

/// A lab with a backup, and a state that is damaged.
fn damaged(bytes: &[u8]) -> (Lab, Vec<u8>) {
    let lab = Lab::new();
    lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    let backup = lab.bytes("state.json.bak");
    fs::write(lab.file("state.json"), bytes).unwrap();
    (lab, backup)
}

fn kept(outcome: &RepairOutcome) -> &Path {
    let kept = Path::new(outcome.kept_aside.as_deref().unwrap());
    let name = kept.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("state.json.damaged-20") && name.ends_with('Z'), "{name}");
    kept
}

#[test]
fn a_damaged_file_is_replaced_by_the_backup_and_kept_aside() {
    let (lab, backup) = damaged(DAMAGE);
    let outcome = repair(lab.config(), false).unwrap();
    assert!(outcome.repaired && outcome.warnings.is_empty(), "{outcome:?}");
    assert_eq!(outcome.source, Some(RepairSource::Backup));
    assert!(outcome.damage.as_deref().unwrap().starts_with("it is cut off in the middle"));
    assert_eq!(outcome.saved_at.unwrap().to_string(), "2026-11-22T20:48:55.435Z");
    assert_eq!(outcome.machines, ["web"]);
    assert_eq!(
        outcome.operation().as_deref(),
        Some(
            "Restore the state of 2026-11-22T20:48:55.435Z (1 machine), and keep the damaged file beside it"
        )
    );
    assert_eq!(fs::read(kept(&outcome)).unwrap(), DAMAGE);
    assert_eq!(lab.store().read().unwrap().bytes, backup);
    assert_eq!(lab.bytes("state.json.bak"), backup, "the damaged file never becomes the backup");
    assert_eq!(lab.names().len(), 5, "{:?}", lab.names());
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let (lab, _) = damaged(DAMAGE);
    let before = lab.names();
    let planned = repair(lab.config(), true).unwrap();
    assert_eq!(lab.names(), before);
    assert_eq!(lab.bytes("state.json"), DAMAGE);
    let mut done = repair(lab.config(), false).unwrap();
    assert!(done.kept_aside.take().is_some());
    done.repaired = false;
    assert_eq!(planned, done);
}

#[test]
fn a_file_that_only_its_encoding_makes_unreadable_loses_nothing() {
    let (lab, _) = damaged(b"");
    lab.store().repair(false, LockOptions::default()).unwrap();
    lab.store().update(LockOptions::default(), learn("172.20.0.9")).unwrap();
    let newest = lab.bytes("state.json");
    let marked = [b"\xEF\xBB\xBF".as_slice(), &newest].concat();
    let utf16: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(String::from_utf8(newest.clone()).unwrap().encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [marked, utf16] {
        fs::write(lab.file("state.json"), &bytes).unwrap();
        let told = lab.store().read().unwrap_err().remedy.unwrap();
        assert!(told.starts_with("All of its content can still be read: Repair-RagnaState"), "{told}");
        let outcome = repair(lab.config(), false).unwrap();
        assert_eq!(outcome.source, Some(RepairSource::Content));
        assert_eq!(lab.bytes("state.json"), newest);
        assert_eq!(fs::read(kept(&outcome)).unwrap(), bytes);
    }
}

#[test]
fn a_folder_in_the_place_of_the_file_is_moved_aside_whole() {
    let (lab, backup) = damaged(b"");
    fs::remove_file(lab.file("state.json")).unwrap();
    fs::create_dir(lab.file("state.json")).unwrap();
    fs::write(lab.file("state.json").join("notes"), "mine").unwrap();
    let outcome = repair(lab.config(), false).unwrap();
    assert_eq!(fs::read(kept(&outcome).join("notes")).unwrap(), b"mine");
    assert_eq!(lab.bytes("state.json"), backup);
}

#[test]
fn a_missing_file_comes_back_from_the_backup() {
    let (lab, backup) = damaged(b"");
    fs::remove_file(lab.file("state.json")).unwrap();
    let outcome = repair(lab.config(), false).unwrap();
    assert_eq!((outcome.damage.as_deref(), outcome.kept_aside), (Some("it is gone"), None));
    assert_eq!(lab.bytes("state.json"), backup);
}

#[test]
fn a_good_file_is_left_alone() {
    let (lab, _) = damaged(b"");
    repair(lab.config(), false).unwrap();
    let (before, names) = (lab.bytes("state.json"), lab.names());
    let outcome = repair(lab.config(), false).unwrap();
    assert!(
        !outcome.repaired
            && outcome.damage.is_none()
            && outcome.operation().is_none()
            && outcome.source.is_none(),
        "{outcome:?}"
    );
    assert_eq!((lab.bytes("state.json"), lab.names()), (before, names));
}

#[test]
fn without_a_good_backup_there_is_no_fresh_start() {
    let (lab, _) = damaged(DAMAGE);
    fs::write(lab.file("state.json.bak"), "{}").unwrap();
    let error = repair(lab.config(), false).unwrap_err();
    assert_eq!(error.code, Code::StateCorrupted);
    assert!(error.remedy.unwrap().contains("The backup is damaged too: version is missing."));
    assert_eq!(lab.bytes("state.json"), DAMAGE);

    let bare = tempfile::tempdir().unwrap();
    let error = repair(bare.path().join("ragnatramp.yaml"), false).unwrap_err();
    assert_eq!(error.code, Code::StateNotFound);
    assert_eq!(fs::read_dir(bare.path()).unwrap().count(), 0);
}

#[test]
fn the_state_of_another_config_is_not_taken_for_damage() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let error = repair(lab.folder.path().join("second.yaml"), false).unwrap_err();
    assert_eq!(error.code, Code::StateConflict);
    assert_eq!(lab.bytes("state.json"), before);
}

#[test]
fn behind_a_lock_is_tried_for_a_second_at_a_time_and_fails_only_at_its_bound() {
    let lab = Lab::new();
    let lock = fs::File::create(lab.file("state.lock")).unwrap();
    lock.lock().unwrap();
    let (bound, before) = (Duration::from_secs(30), std::time::Instant::now());
    let held = state::repair(lab.config(), false, bound, Duration::from_secs(3)).unwrap();
    assert!(
        matches!(&held, Attempt::Held(text) if text.contains("holds the state; waited ") && text.ends_with(" of 30 s")),
        "{held:?}"
    );
    assert!(before.elapsed() < Duration::from_secs(5));
    let error = state::repair(lab.config(), false, bound, bound).unwrap_err();
    assert_eq!(error.code, Code::StateLocked);
    drop(lock);
    assert!(repair(lab.config(), false).is_ok());
}
