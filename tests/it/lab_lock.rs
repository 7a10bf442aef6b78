//! A lab has one watch, which others can see while it runs and not after, and one run at a time that changes its machines.

use crate::border::{call_on, close, open, value};
use crate::state_lab::Lab;
use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};
use std::fs;

fn lab() -> Lab {
    let lab = Lab::new();
    fs::write(lab.config(), "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    lab
}

fn opened(lab: &Lab) -> u64 {
    open(lab.config().to_str().unwrap()).0
}

fn begin(handle: u64) -> (Status, Value) {
    let (status, bytes) = call_on(ffi::ragna_watch_begin, handle, b"{}");
    (status, if bytes.is_empty() { Value::Null } else { value(&bytes) })
}

fn begin_changes(handle: u64) -> (Status, Value) {
    let (status, bytes) = call_on(ffi::ragna_lifecycle_begin, handle, b"{}");
    (status, if bytes.is_empty() { Value::Null } else { value(&bytes) })
}

fn seen(handle: u64) -> Value {
    let (status, bytes) = call_on(ffi::ragna_machine_status, handle, br#"{"snapshot": null}"#);
    assert_eq!(status, Status::Ok);
    value(&bytes)["Watch"].clone()
}

#[test]
fn of_two_watches_the_second_is_told_who_the_first_is_and_has_its_turn_afterwards() {
    let lab = lab();
    let (first, second) = (opened(&lab), opened(&lab));
    assert_eq!(begin(first), (Status::Ok, Value::Null));
    assert_eq!(begin(first), (Status::Ok, Value::Null), "it is its own");
    let (status, error) = begin(second);
    assert_eq!((status, &error["code"]), (Status::Error, &json!("WATCH_RUNNING")));
    let who = format!("process {} on ", std::process::id());
    assert!(error["message"].as_str().unwrap().contains(&who), "{error}");
    assert_eq!(close(first).0, Status::Ok);
    assert_eq!(begin(second), (Status::Ok, Value::Null));
    assert_eq!(close(second).0, Status::Ok);
}

#[test]
fn a_status_shows_a_watch_while_it_runs_and_makes_no_file() {
    let lab = lab();
    let (watch, other) = (opened(&lab), opened(&lab));
    let before = lab.names();
    assert_eq!(seen(other), Value::Null);
    assert_eq!(lab.names(), before);
    assert_eq!(begin(watch).0, Status::Ok);
    for _ in 0..3 {
        let shown = seen(other);
        assert!(
            shown["Process"].as_str().unwrap().starts_with(&format!("process {} on ", std::process::id()))
        );
        assert!(shown["StartedAt"].as_str().unwrap().starts_with("20"), "{shown}");
    }
    assert_eq!(close(watch).0, Status::Ok);
    assert_eq!(seen(other), Value::Null, "its files stay, and say nothing");
    assert!(lab.file("watch.lock.json").exists());
    assert_eq!(close(other).0, Status::Ok);
}

#[test]
fn a_watch_whose_name_cannot_be_read_is_seen_all_the_same() {
    let lab = lab();
    let (watch, other) = (opened(&lab), opened(&lab));
    assert_eq!(begin(watch).0, Status::Ok);
    fs::remove_file(lab.file("watch.lock.json")).unwrap();
    assert_eq!(seen(other), json!({"Process": null, "StartedAt": null}));
    assert!(begin(other).1["message"].as_str().unwrap().ends_with("by another run."));
    assert_eq!((close(watch).0, close(other).0), (Status::Ok, Status::Ok));
}

#[test]
fn the_lock_of_the_state_is_another_one() {
    let lab = lab();
    let (watch, other) = (opened(&lab), opened(&lab));
    assert_eq!(begin(watch).0, Status::Ok);
    let snapshot = json!({"vms": {"id": [], "name": [], "state": []}});
    let discover = json!({"snapshot": snapshot, "clock": {"elapsedSeconds": 0, "timeoutSeconds": 0}});
    assert_eq!(call_on(ffi::ragna_discover, other, discover.to_string().as_bytes()).0, Status::Ok);
    assert_eq!(call_on(ffi::ragna_diff, other, b"{}").0, Status::Ok);
    let (status, bytes) = call_on(ffi::ragna_state_record, other, br#"{"bound": 0, "waited": 0}"#);
    assert_eq!((status, &value(&bytes)["waiting"]), (Status::Ok, &Value::Null));
    assert_eq!((close(watch).0, close(other).0), (Status::Ok, Status::Ok));
}

#[test]
fn of_two_runs_that_change_machines_the_second_is_refused_until_the_first_is_over_and_sees_then_what_it_did()
{
    let lab = lab();
    let (first, second, watch) = (opened(&lab), opened(&lab), opened(&lab));
    assert_eq!(begin(watch), (Status::Ok, Value::Null), "a watch is no such run");
    assert_eq!(begin_changes(first), (Status::Ok, Value::Null));
    assert_eq!(begin_changes(first), (Status::Ok, Value::Null), "it is its own");
    let (status, error) = begin_changes(second);
    assert_eq!((status, &error["code"]), (Status::Error, &json!("STATE_LOCKED")));
    let who = format!("process {} on ", std::process::id());
    assert!(error["message"].as_str().unwrap().contains(&who), "{error}");
    let intent = json!({"kind": "remove", "vmName": "lab-web", "diskPath": "/vms/web.vhdx"});
    let change = json!({"kind": "begin", "intent": intent});
    let request = json!({"machineName": "web", "change": change, "bound": 5, "waited": 0}).to_string();
    assert_eq!(call_on(ffi::ragna_lifecycle_record, first, request.as_bytes()).0, Status::Ok);
    let planned = |handle| {
        let inventory = json!({"complete": true,
            "vms": {"id": [], "name": [], "state": [], "notes": [], "path": [], "generation": []},
            "drives": {"vmId": [], "checkpointId": [], "path": []}, "details": [], "checkpoints": [], "host": {}});
        let request = json!({"inventory": inventory, "goal": {"kind": "remove"}}).to_string();
        let (status, bytes) = call_on(ffi::ragna_lifecycle_plan, handle, request.as_bytes());
        assert_eq!(status, Status::Ok);
        value(&bytes)["items"][0]["reason"].as_str().unwrap().to_owned()
    };
    let stale = planned(second);
    assert_eq!(close(first).0, Status::Ok);
    assert_eq!(begin_changes(second), (Status::Ok, Value::Null));
    assert_ne!(planned(second), stale, "the state is read again: a removal was begun");
    assert_eq!((close(second).0, close(watch).0), (Status::Ok, Status::Ok));
}

#[test]
#[cfg(unix)]
fn what_somebody_planted_is_no_watch_and_is_not_written_through() {
    let lab = lab();
    let handle = opened(&lab);
    let target = lab.config().with_file_name("mine.txt");
    fs::write(&target, "mine").unwrap();
    for name in ["watch.lock", "watch.lock.json"] {
        std::os::unix::fs::symlink(&target, lab.file(name)).unwrap();
        let (status, error) = begin(handle);
        if name == "watch.lock" {
            assert_eq!((status, &error["code"]), (Status::Error, &json!("STATE_IO_FAILED")));
            assert_eq!(seen(handle), Value::Null);
        } else {
            assert_eq!(status, Status::Ok, "who it is cannot be told, and it watches all the same");
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
        fs::remove_file(lab.file(name)).unwrap();
    }
    assert_eq!(close(handle).0, Status::Ok);
}
