//! A watch: what counts as a change since the last reconcile, what does not, and that looks leave nothing behind.

use std::fs;

use crate::border::{call_on, close, open, value};
use crate::lab::{config, fresh_state, look, state};
use crate::state_lab::Lab;
use ragnatramp::config::Config;
use ragnatramp::discovery::Snapshot;
use ragnatramp::ffi;
use ragnatramp::state::State;
use ragnatramp::watch::{Due, Last, due, mark};
use serde_json::json;

/// What is due, where the last reconcile saw `then` and ended so many seconds ago.
fn due_after(then: &Snapshot, now: &Snapshot, seconds: f64) -> Option<Due> {
    let (config, state) = usual();
    let last = Last { mark: mark(&config, &state, then, &[]), seconds };
    due(&config, &state, now, &mark(&config, &state, now, &[]), Some(&last))
}

fn usual() -> (Config, State) {
    (config(&["db", "web"]), fresh_state(&["db", "web", "gone"]))
}

fn both() -> Snapshot {
    look(&[("db", &["172.20.0.1"]), ("web", &["172.20.0.2"]), ("gone", &["172.20.0.3"])])
}

#[test]
fn the_first_look_is_always_reconciled() {
    let (config, state) = usual();
    assert_eq!(due(&config, &state, &both(), "any", None), Some(Due::First));
}

#[test]
fn each_change_that_a_reconcile_acts_on_is_one() {
    type Change = fn(&mut Snapshot);
    let changes: [(&str, Change); 6] = [
        ("another address", |now| now.adapters[1].ip_addresses = vec!["172.28.64.2".into()]),
        ("a VM that was stopped", |now| now.vms[0].state = "Off".into()),
        ("a VM that was saved", |now| now.vms[0].state = "Saved".into()),
        ("a VM that was removed", |now| drop(now.vms.remove(1))),
        ("a VM that is not ours any more", |now| now.vms[1].notes.clear()),
        ("addresses of two machines that changed places", |now| {
            let first = now.adapters[0].ip_addresses.clone();
            now.adapters[0].ip_addresses = std::mem::replace(&mut now.adapters[1].ip_addresses, first);
        }),
    ];
    for (name, change) in changes {
        let mut now = both();
        change(&mut now);
        assert_eq!(due_after(&both(), &now, 60.0), Some(Due::Changed), "{name}");
        assert_eq!(due_after(&now, &both(), 60.0), Some(Due::Changed), "{name}, undone");
    }
}

#[test]
fn a_config_that_was_edited_is_a_change() {
    let (old, state) = usual();
    let mut new = old.clone();
    new.config_hash = "00000000".into();
    assert_ne!(mark(&old, &state, &both(), &[]), mark(&new, &state, &both(), &[]));
}

#[test]
fn what_no_reconcile_acts_on_is_no_change() {
    type Change = fn(&mut Snapshot);
    let changes: [(&str, Change); 4] = [
        ("nothing", |_| {}),
        ("the order of Hyper-V's answer", |now| {
            now.vms.reverse();
            now.adapters.reverse();
        }),
        ("a VM of somebody else", |now| now.vms.push(crate::lab::vm("another", "Running"))),
        ("another IPv6 address", |now| now.adapters[0].ip_addresses.push("fe80::7".into())),
    ];
    for (name, change) in changes {
        let mut now = both();
        change(&mut now);
        assert_eq!(due_after(&both(), &now, 60.0), None, "{name}");
    }
}

#[test]
fn an_address_that_vanishes_for_a_look_is_no_change_and_a_new_one_is() {
    let network = json!({"ipv4": "172.20.0.1", "source": "hyperv"});
    let (config, state) = (config(&["web"]), state(&[("web", network)]));
    let of = |addresses: &[&str]| mark(&config, &state, &look(&[("web", addresses)]), &[]);
    assert_eq!(of(&["172.20.0.1"]), of(&[]));
    assert_eq!(of(&["172.20.0.1"]), of(&["169.254.1.1"]));
    assert_ne!(of(&["172.20.0.1"]), of(&["172.20.0.2"]));
}

#[test]
fn a_vm_that_was_started_since_is_due_although_nothing_else_shows_it() {
    let aged = |seconds: f64| {
        let mut now = both();
        now.vms.iter_mut().for_each(|vm| vm.uptime_seconds = Some(500.0));
        now.vms[1].uptime_seconds = Some(seconds);
        now
    };
    assert_eq!(due_after(&aged(440.0), &aged(20.0), 60.0), Some(Due::StartedAgain));
    assert_eq!(due_after(&aged(20.0), &aged(80.0), 60.0), None, "it was started before");
    assert_eq!(due_after(&aged(20.0), &aged(59.0), 60.0), None, "its age is told in whole seconds");
}

/// 10,000 looks in a process of its own, which tells how much memory it needs after the first tenth and at the end.
#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_looks_need_no_more_memory_than_a_thousand() {
    const ALONE: &str = "RAGNA_WATCH_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let itself = std::env::current_exe().unwrap();
        let name = "watch::ten_thousand_looks_need_no_more_memory_than_a_thousand";
        let run = std::process::Command::new(itself)
            .args(["--exact", name, "--nocapture"])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            run.status.success() && told.contains("1 passed"),
            "{told}{}",
            String::from_utf8_lossy(&run.stderr)
        );
        return;
    }
    let lab = Lab::new();
    fs::write(lab.config(), "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    let path = lab.config().to_str().unwrap().to_owned();
    let mut marks = std::collections::HashSet::new();
    let mut after_a_tenth = 0;
    for number in 0..10_000 {
        marks.insert(one_look(&path));
        if number == 1_000 {
            after_a_tenth = resident_pages();
        }
    }
    let grown = resident_pages().saturating_sub(after_a_tenth);
    // 9,000 looks that each kept a hundred bytes would be 220 pages.
    assert!(grown < 64, "{grown} pages of 4 KiB");
    assert_eq!(marks.len(), 1, "nothing changed");
}

#[cfg(target_os = "linux")]
fn resident_pages() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse().unwrap()
}

/// What PowerShell does at each look.
#[cfg(target_os = "linux")]
fn one_look(path: &str) -> String {
    let (lab, status, opened) = open(path);
    assert_eq!(status, ffi::Status::Ok, "{opened}");
    let name = opened["vmNames"][0].as_str().unwrap();
    let notes = format!("ragnatramp:v0.1.0\nconfig:{path}\nmanaged:true");
    let discover = json!({
        "snapshot": {
            "vms": {"id": ["1"], "name": [name], "state": ["Running"], "notes": [notes], "uptimeSeconds": [9]},
            "adapters": {
                "vmId": ["1"], "name": ["Network Adapter"], "mac": ["00155D000001"], "switchName": ["Default Switch"],
                "switchId": [crate::lab::DEFAULT_SWITCH], "ipAddresses": [["172.20.0.7"]],
            },
        },
        "exchange": [],
        "clock": {"elapsedSeconds": 0, "timeoutSeconds": 0},
    });
    let (status, told) = call_on(ffi::ragna_discover, lab, discover.to_string().as_bytes());
    assert_eq!(status, ffi::Status::Ok, "{}", value(&told));
    let (status, told) = call_on(ffi::ragna_watch, lab, br#"{"mark": null, "seconds": 0}"#);
    assert_eq!(status, ffi::Status::Ok, "{}", value(&told));
    assert_eq!(close(lab).0, ffi::Status::Ok);
    let told = value(&told);
    assert_eq!(told["due"], "it is the first look");
    told["mark"].as_str().unwrap().to_owned()
}

#[test]
fn a_lab_that_was_not_observed_has_no_mark() {
    let lab = Lab::new();
    fs::write(lab.config(), "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    let (handle, _, _) = open(lab.config().to_str().unwrap());
    let (status, told) = call_on(ffi::ragna_watch, handle, br#"{"mark": null, "seconds": 0}"#);
    assert_eq!((status, &value(&told)["code"]), (ffi::Status::Error, &json!("INVALID_REQUEST")));
    assert_eq!(close(handle).0, ffi::Status::Ok);
}
