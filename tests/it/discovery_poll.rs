//! Waiting: who is awaited after a look, when neighbours may speak, and what a newer look replaces.

use crate::lab::{adapter, config, fresh_state, look, neighbour, state, vm};
use ragnatramp::discovery::{
    Clock, GuestFacts, KvpStatus, Neighbour, Poll, Snapshot, Source, discover, merge_snapshots, poll,
};
use serde_json::json;

const START: Clock = Clock { elapsed_seconds: 0.0, timeout_seconds: 60.0 };
const LATER: Clock = Clock { elapsed_seconds: 3.0, timeout_seconds: 60.0 };
const DEADLINE: Clock = Clock { elapsed_seconds: 60.0, timeout_seconds: 60.0 };

fn awaited(poll: &Poll) -> Vec<&str> {
    poll.awaited.iter().map(|machine| machine.machine_name.as_str()).collect()
}

fn up_for(mut seen: Snapshot, seconds: f64) -> Snapshot {
    for vm in &mut seen.vms {
        vm.uptime_seconds = Some(seconds);
    }
    seen
}

fn ipv4(seen: &Snapshot, machine: &str) -> Option<String> {
    let (config, state) = (config(&[machine]), fresh_state(&[machine]));
    let found = discover(&config, &state, seen);
    found.rows().next().and_then(|row| row.network.ipv4).map(|ipv4| ipv4.to_string())
}

#[test]
fn only_running_machines_of_the_config_that_are_ours_and_have_no_ipv4_are_awaited() {
    let names = ["has", "silent", "apipa", "ipv6", "off", "alien", "new"];
    let mut seen = look(&[
        ("has", &["172.20.0.1"]),
        ("silent", &[]),
        ("apipa", &["169.254.1.1"]),
        ("ipv6", &["fe80::1"]),
        ("off", &[]),
        ("alien", &[]),
        ("dropped", &[]),
    ]);
    seen.vms[4].state = "Starting".into();
    seen.vms[5].notes.clear();
    let known = fresh_state(&["has", "silent", "apipa", "ipv6", "off", "alien", "dropped"]);
    let polled = poll(&config(&names), &known, None, seen, START);
    assert_eq!(awaited(&polled), ["silent", "apipa", "ipv6"]);
    assert_eq!(polled.progress, "Waiting for addresses: silent, apipa, ipv6 (3 of 4)");
    assert_eq!((polled.percent, polled.done), (25, false));
    assert_eq!(polled.awaited[0].vm_id.as_str(), "id-of-silent");
}

#[test]
fn nobody_awaited_ends_the_wait() {
    let polled =
        poll(&config(&["web"]), &fresh_state(&["web"]), None, look(&[("web", &["10.0.0.1"])]), START);
    assert!(polled.done && polled.awaited.is_empty() && polled.percent == 100 && !polled.ask_neighbours);
}

#[test]
fn the_deadline_ends_the_wait_for_all_and_lets_neighbours_speak() {
    let polled =
        poll(&config(&["web"]), &fresh_state(&["web"]), None, up_for(look(&[("web", &[])]), 5.0), DEADLINE);
    assert!(polled.done && polled.ask_neighbours);
    let mut answer = polled.snapshot.clone();
    answer.neighbours = Some(vec![neighbour("web", "172.20.0.9")]);
    let polled = poll(&config(&["web"]), &fresh_state(&["web"]), Some(polled.snapshot), answer, DEADLINE);
    assert!(polled.done && polled.awaited.is_empty() && !polled.ask_neighbours);
}

#[test]
fn a_progress_line_names_five_machines_and_counts_the_rest() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let seen = look(&names.map(|name| (name, &[] as &[&str])));
    let polled = poll(&config(&names), &fresh_state(&names), None, seen, START);
    assert_eq!(polled.progress, "Waiting for addresses: a, b, c, d, e and 2 more (7 of 7)");
}

#[test]
fn neighbours_do_not_speak_for_a_guest_that_boots() {
    let (config, known) = (config(&["web"]), fresh_state(&["web"]));
    let booting = up_for(look(&[("web", &[])]), 20.0);
    let first = poll(&config, &known, None, booting.clone(), START);
    let second = poll(&config, &known, Some(first.snapshot), booting.clone(), LATER);
    assert!(!second.ask_neighbours);
    // Their table was read for another machine: the old address in it is not believed either.
    let told = Snapshot { neighbours: Some(vec![neighbour("web", "172.20.0.9")]), ..booting };
    let third = poll(&config, &known, Some(second.snapshot), told, LATER);
    assert_eq!(awaited(&third), ["web"]);
    assert!(!third.done);
}

#[test]
fn neighbours_speak_for_a_guest_that_is_up_and_was_silent_in_two_looks() {
    let (config, known) = (config(&["web"]), fresh_state(&["web"]));
    let silent = up_for(look(&[("web", &[])]), 3600.0);
    let first = poll(&config, &known, None, silent.clone(), START);
    assert!(!first.ask_neighbours);
    let second = poll(&config, &known, Some(first.snapshot), silent.clone(), LATER);
    assert!(second.ask_neighbours);
    let told = Snapshot { neighbours: Some(vec![neighbour("web", "172.20.0.9")]), ..silent };
    let third = poll(&config, &known, Some(second.snapshot), told, LATER);
    assert!(third.done && third.awaited.is_empty());
    assert_eq!(ipv4(&third.snapshot, "web").as_deref(), Some("172.20.0.9"));
}

#[test]
fn neighbours_speak_at_once_where_the_daemon_is_known_not_to_answer_or_did_not_last_time() {
    let silent = up_for(look(&[("web", &[])]), 3600.0);
    for (status, expected) in [
        (KvpStatus::NoContact, true),
        (KvpStatus::Disabled, true),
        (KvpStatus::Ok, false),
        (KvpStatus::Unknown, false),
    ] {
        let guests = vec![GuestFacts { vm_id: "ID-OF-WEB".into(), kvp_status: status, os_name: None }];
        let seen = Snapshot { guests, ..silent.clone() };
        let polled = poll(&config(&["web"]), &fresh_state(&["web"]), None, seen, START);
        assert_eq!(polled.ask_neighbours, expected, "{status:?}");
    }
    let known = state(&[("web", json!({"ipv4": "172.20.0.9", "source": "arp"}))]);
    assert!(poll(&config(&["web"]), &known, None, silent, START).ask_neighbours);
}

#[test]
fn neighbours_are_not_asked_for_a_machine_without_a_mac_or_off_the_default_switch() {
    let mut seen = look(&[("nomac", &[]), ("elsewhere", &[])]);
    seen.adapters[0].mac = "000000000000".into();
    seen.adapters[1].switch_id = Some("5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5".into());
    let names = ["nomac", "elsewhere"];
    let polled = poll(&config(&names), &fresh_state(&names), None, seen, DEADLINE);
    assert!(!polled.ask_neighbours);
    assert_eq!(awaited(&polled), names);
}

#[test]
fn neighbours_that_the_host_could_not_reach_do_not_count() {
    let mut seen = look(&[("web", &[])]);
    for (state, expected) in [
        ("Incomplete", None),
        ("Unreachable", None),
        ("Stale", Some("172.20.0.9")),
        ("Probe", Some("172.20.0.9")),
    ] {
        let entry = neighbour("web", "172.20.0.9");
        seen.neighbours = Some(vec![ragnatramp::discovery::Neighbour { state: state.into(), ..entry }]);
        assert_eq!(ipv4(&seen, "web").as_deref(), expected, "{state}");
    }
}

#[test]
fn an_empty_answer_for_a_poll_is_transient() {
    let before = up_for(look(&[("web", &["172.20.0.1", "fe80::1"])]), 100.0);
    for vanished in [&[][..], &["169.254.3.4"], &["fe80::1"]] {
        let merged = merge_snapshots(before.clone(), up_for(look(&[("web", vanished)]), 103.0));
        assert_eq!(ipv4(&merged, "web").as_deref(), Some("172.20.0.1"), "{vanished:?}");
    }
    let no_adapters = Snapshot { adapters: Vec::new(), ..up_for(look(&[("web", &[])]), 103.0) };
    assert_eq!(ipv4(&merge_snapshots(before, no_adapters), "web").as_deref(), Some("172.20.0.1"));
}

#[test]
fn a_newer_address_replaces_the_older_one() {
    let merged = merge_snapshots(look(&[("web", &["172.20.0.1"])]), look(&[("web", &["172.20.0.2"])]));
    assert_eq!(ipv4(&merged, "web").as_deref(), Some("172.20.0.2"));
}

#[test]
fn what_a_look_did_not_ask_for_stays() {
    let names = ["web", "db"];
    let before = look(&[("web", &["172.20.0.1"]), ("db", &[])]);
    let mut newer = look(&[("web", &[]), ("db", &["172.20.0.2"])]);
    newer.adapters.remove(0);
    let polled = poll(&config(&names), &fresh_state(&names), Some(before), newer, LATER);
    assert!(polled.awaited.is_empty(), "{:?}", polled.awaited);
    let mut told = look(&[("web", &[])]);
    told.neighbours = Some(vec![neighbour("web", "172.20.0.7")]);
    let merged = merge_snapshots(told, look(&[("web", &[])]));
    assert_eq!(ipv4(&merged, "web").as_deref(), Some("172.20.0.7"));
}

#[test]
fn an_older_address_is_dropped_when_the_vm_stopped_or_started_anew() {
    let before = up_for(look(&[("web", &["172.20.0.1"])]), 100.0);
    let restarted = merge_snapshots(before.clone(), up_for(look(&[("web", &[])]), 2.0));
    assert_eq!(ipv4(&restarted, "web"), None);
    let mut stopped = look(&[("web", &[])]);
    stopped.vms[0].state = "Off".into();
    let stopped = merge_snapshots(before.clone(), stopped);
    assert_eq!(ipv4(&stopped, "web"), None);
    assert_eq!(ipv4(&merge_snapshots(stopped, look(&[("web", &[])])), "web"), None);
    let mut was_off = look(&[("web", &["172.20.0.1"])]);
    was_off.vms[0].state = "Saved".into();
    let not_asked_yet = Snapshot { vms: vec![vm("web", "Running")], ..Snapshot::default() };
    assert_eq!(ipv4(&merge_snapshots(was_off, not_asked_yet), "web"), None);
    let gone = Snapshot { vms: vec![vm("db", "Running")], ..Snapshot::default() };
    assert!(merge_snapshots(before, gone).adapters.is_empty());
}

#[test]
fn an_older_address_is_dropped_when_the_adapter_moved_to_another_switch() {
    let before = look(&[("web", &["172.20.0.1"])]);
    let mut moved = look(&[("web", &[])]);
    moved.adapters[0].switch_id = Some("5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5".into());
    assert_eq!(ipv4(&merge_snapshots(before.clone(), moved), "web"), None);
    let mut other = look(&[("web", &[])]);
    other.adapters[0] = ragnatramp::discovery::Adapter { mac: "00155D0000FF".into(), ..adapter("web", &[]) };
    assert_eq!(ipv4(&merge_snapshots(before, other), "web"), None);
}

#[test]
fn hyper_v_wins_over_the_neighbour_table_once_it_speaks() {
    let (config, known) = (config(&["web"]), fresh_state(&["web"]));
    let mut told = look(&[("web", &[])]);
    told.neighbours = Some(vec![neighbour("web", "172.20.0.7")]);
    let merged = merge_snapshots(told, look(&[("web", &["172.20.0.8"])]));
    let found = discover(&config, &known, &merged);
    let row = found.rows().next().unwrap();
    let ipv4 = row.network.ipv4.map(|ipv4| ipv4.to_string());
    assert_eq!((ipv4.as_deref(), row.network.source), (Some("172.20.0.8"), Some(Source::Hyperv)));
}

#[test]
fn a_look_crosses_the_border_with_nulls_and_refuses_what_it_does_not_know() {
    let text = json!({
        "vms": [{"id": "1", "name": "x", "state": "Off", "notes": null}],
        "adapters": [{"vmId": "1", "name": "n", "mac": null, "switchName": null, "switchId": null, "ipAddresses": null}],
        "neighbours": null,
    });
    let seen: Snapshot = serde_json::from_value(text).unwrap();
    assert_eq!(serde_json::from_value::<Snapshot>(serde_json::to_value(&seen).unwrap()).unwrap(), seen);
    let misspelt = json!({"vms": [{"id": "1", "name": "x", "state": "Off", "upTime": 3}]});
    assert!(serde_json::from_value::<Snapshot>(misspelt).unwrap_err().to_string().contains("upTime"));
}

#[test]
fn of_several_neighbours_the_one_that_the_host_is_surest_of_is_taken_in_any_order() {
    let entry = |state: &str, ip: &str| Neighbour { state: state.into(), ..neighbour("web", ip) };
    let address = |mut entries: Vec<Neighbour>| {
        let mut found = Vec::new();
        for _ in 0..entries.len() {
            entries.rotate_left(1);
            let mut seen = look(&[("web", &[])]);
            seen.neighbours = Some(entries.clone());
            let polled = poll(&config(&["web"]), &fresh_state(&["web"]), None, seen, DEADLINE);
            let (config, state) = (config(&["web"]), fresh_state(&["web"]));
            let discovery = discover(&config, &state, &polled.snapshot);
            found.push(discovery.rows().next().unwrap().network.ipv4.map(|ipv4| ipv4.to_string()));
        }
        found.dedup();
        assert_eq!(found.len(), 1, "the order of the table does not count: {found:?}");
        found.remove(0)
    };
    let order = ["Permanent", "Reachable", "Delay", "Probe", "Stale", "Other"];
    for (at, surer) in order.iter().enumerate() {
        for doubtful in &order[at + 1..] {
            let both = vec![entry(surer, "172.20.0.9"), entry(doubtful, "172.20.0.2")];
            assert_eq!(address(both).as_deref(), Some("172.20.0.9"), "{surer} before {doubtful}");
        }
    }
    let same =
        vec![entry("Stale", "172.20.0.9"), entry("Stale", "172.20.0.10"), entry("Stale", "172.20.0.2")];
    assert_eq!(address(same).as_deref(), Some("172.20.0.2"), "the lowest");
    assert_eq!(address(vec![entry("Unreachable", "172.20.0.2"), entry("Incomplete", "172.20.0.3")]), None);
}

#[test]
fn an_address_that_no_guest_would_take_is_none() {
    for address in
        ["240.0.0.1", "254.1.2.3", "255.255.255.255", "224.0.0.9", "239.1.1.1", "127.0.0.9", "0.1.2.3"]
    {
        assert_eq!(ipv4(&look(&[("web", &[address])]), "web"), None, "{address}");
        assert_eq!(ipv4(&look(&[("web", &[address, "172.20.0.9"])]), "web").as_deref(), Some("172.20.0.9"));
    }
    assert_eq!(ipv4(&look(&[("web", &["223.255.255.254"])]), "web").as_deref(), Some("223.255.255.254"));
}
