//! Whose state it is: another config or project in the same folder is refused, with both names and the way out.

use crate::state_lab::{Lab, NOW};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::{LockOptions, State, Store};

const PATH: &str = "C:\\Users\\dev\\lab\\ragnatramp.yaml";

fn check(config_path: &str, project: Option<&str>) -> Result<(), Error> {
    State::empty(PATH, "lab", "d78b35a5", NOW.parse().unwrap()).check_owner(config_path, project)
}

fn refusal(config_path: &str, project: Option<&str>) -> (String, String) {
    let error = check(config_path, project).unwrap_err();
    assert_eq!(error.code, Code::StateConflict);
    (error.message, error.remedy.unwrap())
}

#[test]
fn the_same_path_in_another_spelling_is_the_same_config() {
    for path in [PATH, "c:\\users\\DEV\\lab\\ragnatramp.yaml", "C:/Users/dev/lab\\Ragnatramp.yaml"] {
        assert!(check(path, None).is_ok(), "{path}");
        assert!(check(path, Some("lab")).is_ok(), "{path}");
    }
}

#[test]
fn another_config_in_the_folder_is_refused_with_both_names() {
    let other = "C:\\Users\\dev\\lab\\second.yaml";
    let (message, remedy) = refusal(other, Some("lab"));
    assert!(message.contains(PATH) && message.contains(other), "{message}");
    assert!(remedy.contains("a folder of its own") && remedy.contains("was renamed"), "{remedy}");
}

#[test]
fn a_config_that_moved_is_told_apart() {
    let moved = "D:\\labs\\lab\\ragnatramp.yaml";
    let (message, remedy) = refusal(moved, None);
    assert!(
        message.contains("was written for") && message.contains(PATH) && message.contains(moved),
        "{message}"
    );
    assert!(
        remedy.contains("If you moved the config, move its folder back to C:\\Users\\dev\\lab:"),
        "{remedy}"
    );
}

#[test]
fn another_project_is_refused_with_both_names() {
    let (message, remedy) = refusal(PATH, Some("Lab"));
    assert!(message.contains("project lab") && message.contains("now says Lab"), "{message}");
    assert!(remedy.contains("back to lab"), "{remedy}");
}

#[test]
fn neither_reading_nor_changing_passes_another_config_or_project() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let second = lab.folder.path().join("second.yaml");
    for store in [Store::new(second), lab.store().for_project("other")] {
        let read = store.read().unwrap_err();
        let changed = store.update(LockOptions::default(), |_| unreachable!()).unwrap_err();
        for error in [read, changed] {
            assert_eq!(error.code, Code::StateConflict);
            assert_eq!(error.place.path.as_deref(), store.path().to_str());
        }
    }
    assert!(lab.store().for_project("lab").read().is_ok());
    assert_eq!(lab.bytes("state.json"), before);
}

#[cfg(unix)]
#[test]
fn the_same_folder_under_another_path_is_the_same_lab_with_the_path_of_its_state() {
    use std::fs;
    let lab = Lab::new();
    let config = lab.config();
    fs::write(&config, "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    let links = tempfile::tempdir().unwrap();
    let link = links.path().join("by-another-way");
    std::os::unix::fs::symlink(lab.folder.path(), &link).unwrap();
    let other_way = link.join("ragnatramp.yaml");

    let opened = ragnatramp::lab::Lab::open(other_way.to_str().unwrap()).unwrap();
    assert_eq!(opened.config().config_path, config.to_str().unwrap());
    assert_eq!(opened.machine_names(), ["web"]);
    let repaired =
        ragnatramp::state::repair(&other_way, true, std::time::Duration::ZERO, std::time::Duration::ZERO)
            .unwrap();
    assert!(
        matches!(&repaired, ragnatramp::state::Attempt::Done(outcome) if outcome.damage.is_none()),
        "{repaired:?}"
    );

    // A copy is another lab, and so is one whose state names a file that is not there or is in the network.
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join(".ragnatramp")).unwrap();
    fs::copy(&config, copy.path().join("ragnatramp.yaml")).unwrap();
    let copied = copy.path().join("ragnatramp.yaml");
    let state = |path: &str| {
        let text = String::from_utf8(lab.bytes("state.json")).unwrap();
        let own = config.to_str().unwrap();
        fs::write(copy.path().join(".ragnatramp/state.json"), text.replace(own, path)).unwrap();
    };
    for path in [config.to_str().unwrap(), "/nowhere/ragnatramp.yaml", &format!("/{}", copied.display())] {
        state(path);
        let error = ragnatramp::lab::Lab::open(copied.to_str().unwrap()).err().unwrap();
        assert_eq!(error.code, Code::StateConflict, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn only_a_conflict_of_paths_is_tried_again_under_the_path_of_the_state() {
    use std::cell::RefCell;
    let lab = Lab::new();
    std::fs::write(lab.config(), "").unwrap();
    let links = tempfile::tempdir().unwrap();
    let link = links.path().join("by-another-way");
    std::os::unix::fs::symlink(lab.folder.path(), &link).unwrap();
    let given = link.join("ragnatramp.yaml");
    for (code, paths) in
        [(Code::StateConflict, vec![given.clone(), lab.config()]), (Code::StateLocked, vec![given.clone()])]
    {
        let tried = RefCell::new(Vec::new());
        let outcome = ragnatramp::state::under_recorded_path(&given, |path| {
            tried.borrow_mut().push(path.to_owned());
            Err::<(), Error>(Error::new(code, "it fails"))
        });
        assert_eq!(outcome.unwrap_err().code, code);
        assert_eq!(tried.into_inner(), paths, "{code:?}");
    }
}
