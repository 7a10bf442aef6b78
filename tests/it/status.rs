//! What Get-RagnaStatus shows of each machine.

use std::net::Ipv4Addr;

use crate::lab;
use crate::lab::{NOW, config, fresh_state, state, vm};
use ragnatramp::config::Generation;
use ragnatramp::discovery::{Snapshot, Vm};
use ragnatramp::status::{DriftCode, Status, StatusRow, status};
use serde_json::{Value, json};

fn network() -> Value {
    json!({"ipv4": "172.20.0.2", "ipv6": ["fe80::1"], "mac": "00:15:5D:00:00:01", "adapterName": "Network Adapter",
           "discoveredAt": "2026-11-23T07:58:00.000Z", "source": "hyperv", "previousIpv4": "172.20.0.1"})
}

fn healthy(name: &str) -> Vm {
    Vm {
        processor_count: Some(2),
        memory_startup_bytes: Some(2048 * 1024 * 1024),
        uptime_seconds: Some(3600.0),
        ..vm(name, "Running")
    }
}

fn codes(row: &StatusRow) -> Vec<DriftCode> {
    row.drift.iter().map(|drift| drift.code).collect()
}

fn row_of(vms: Vec<Vm>) -> StatusRow {
    let known = state(&[("web", network())]);
    status(&config(&["web"]), &known, Some(&Snapshot { vms, ..Snapshot::default() }), NOW.parse().unwrap())
        .machines
        .remove(0)
}

#[test]
fn a_machine_in_order_has_no_drift_and_all_its_fields() {
    let row = row_of(vec![healthy("web")]);
    assert_eq!(codes(&row), []);
    assert_eq!((row.state.as_str(), row.ipv4), ("Running", Some(Ipv4Addr::new(172, 20, 0, 2))));
    assert_eq!((row.mac.as_deref(), row.source.as_deref()), (Some("00:15:5D:00:00:01"), Some("hyperv")));
    assert_eq!(
        (row.previous_ipv4, row.seen.as_deref()),
        (Some(Ipv4Addr::new(172, 20, 0, 1)), Some("2 min ago"))
    );
    assert_eq!((row.adapter_name.as_deref(), row.ipv6.len()), (Some("Network Adapter"), 1));
    assert_eq!((row.processor_count, row.memory_mb, row.in_config), (Some(2), Some(2048), true));
    assert_eq!(row.vm_name, lab::vm_name("web"));
}

#[test]
fn cpu_and_memory_that_differ_from_the_config_are_drift() {
    let row =
        row_of(vec![Vm { processor_count: Some(4), memory_startup_bytes: Some(4 << 30), ..healthy("web") }]);
    assert_eq!(codes(&row), [DriftCode::CpuDiffers, DriftCode::MemoryDiffers]);
    assert_eq!(row.drift[0].message, "4 processors, the config says 2");
    assert_eq!(row.drift[1].message, "4096 MB memory, the config says 2048 MB");
}

#[test]
fn a_generation_that_differs_and_automatic_checkpoints_are_drift() {
    let mut config = lab::config(&["web"]);
    config.machines[0].generation = Some(Generation::Two);
    let vm = |generation, automatic| Vm {
        generation: Some(generation),
        automatic_checkpoints: Some(automatic),
        ..healthy("web")
    };
    let seen = |vm| {
        let snapshot = Snapshot { vms: vec![vm], ..Snapshot::default() };
        let state = lab::state(&[("web", network())]);
        status(&config, &state, Some(&snapshot), lab::NOW.parse().unwrap()).machines.remove(0)
    };
    let row = seen(vm(1, true));
    assert_eq!(codes(&row), [DriftCode::GenerationDiffers, DriftCode::AutomaticCheckpoints]);
    assert_eq!(row.drift[0].message, "it is of generation 1, the config says 2");
    assert_eq!(codes(&seen(vm(2, false))), []);
}

#[test]
fn a_machine_not_in_the_config_any_more_is_drift_and_stands_last() {
    let known = fresh_state(&["old", "web", "aged"]);
    let all = status(&config(&["web"]), &known, None, NOW.parse().unwrap()).machines;
    assert_eq!(all.iter().map(|row| row.machine_name.as_str()).collect::<Vec<_>>(), ["web", "aged", "old"]);
    assert!(codes(&all[1]).contains(&DriftCode::NotInConfig) && !all[1].in_config);
    assert!(!codes(&all[0]).contains(&DriftCode::NotInConfig));
}

#[test]
fn a_vm_that_is_not_ours_is_drift_and_its_size_is_not_compared() {
    let unmarked = Vm { notes: String::new(), processor_count: Some(9), ..healthy("web") };
    assert_eq!(codes(&row_of(vec![unmarked])), [DriftCode::NotOurs]);
    let elsewhere = Vm { notes: "config:D:\\x.yaml\nmanaged:true".into(), ..healthy("web") };
    assert_eq!(codes(&row_of(vec![elsewhere])), [DriftCode::NotOurs]);
}

#[test]
fn a_namesake_of_a_machine_that_was_never_created_is_not_ours() {
    let seen = Snapshot { vms: vec![healthy("web")], ..Snapshot::default() };
    let row = &status(&config(&["web"]), &fresh_state(&[]), Some(&seen), NOW.parse().unwrap()).machines[0];
    assert_eq!((row.state.as_str(), codes(row)), ("NotCreated", vec![DriftCode::NotOurs]));
    let row = &status(&config(&["web"]), &fresh_state(&[]), Some(&Snapshot::default()), NOW.parse().unwrap())
        .machines[0];
    assert_eq!((row.state.as_str(), codes(row)), ("NotCreated", vec![DriftCode::NotCreated]));
}

#[test]
fn a_renamed_vm_is_found_by_its_id_and_told() {
    let row = row_of(vec![Vm { name: "mine".into(), id: "ID-OF-WEB".into(), ..healthy("web") }]);
    assert_eq!((row.vm_name.as_str(), codes(&row)), ("mine", vec![DriftCode::NameChanged]));
}

#[test]
fn a_machine_that_was_never_reconciled_is_drift() {
    let seen = Snapshot { vms: vec![healthy("web")], ..Snapshot::default() };
    let row =
        &status(&config(&["web"]), &fresh_state(&["web"]), Some(&seen), NOW.parse().unwrap()).machines[0];
    assert_eq!(codes(row), [DriftCode::NeverReconciled]);
    assert_eq!((row.ipv4, row.source.as_deref(), row.seen.as_deref()), (None, None, None));
}

#[test]
fn an_address_older_than_the_last_start_is_drift() {
    for (uptime, expected) in [(119.0, vec![DriftCode::AddressOlderThanStart]), (121.0, vec![])] {
        assert_eq!(
            codes(&row_of(vec![Vm { uptime_seconds: Some(uptime), ..healthy("web") }])),
            expected,
            "{uptime}"
        );
    }
    let off = Vm { uptime_seconds: Some(0.0), ..vm("web", "Off") };
    assert_eq!(codes(&row_of(vec![off])), [], "a VM that is off has no last start to compare with");
}

#[test]
fn a_vm_that_is_gone_is_missing() {
    let row = row_of(vec![]);
    assert_eq!((row.state.as_str(), codes(&row)), ("Missing", vec![DriftCode::Missing]));
    assert_eq!(row.vm_id.as_deref(), Some("id-of-web"));
}

#[test]
fn it_works_on_what_the_state_knows_when_hyper_v_does_not_answer() {
    let Status { hyper_v_answered, machines, .. } =
        status(&config(&["web"]), &state(&[("web", network())]), None, NOW.parse().unwrap());
    assert!(!hyper_v_answered);
    assert_eq!(
        (machines[0].state.as_str(), machines[0].ipv4),
        ("Unknown", Some(Ipv4Addr::new(172, 20, 0, 2)))
    );
    assert_eq!(codes(&machines[0]), []);
}

#[test]
fn checkpoints_are_shown_as_the_state_has_them() {
    let checkpoint = json!({"id": "0b7e", "name": "before-update", "createdAt": "2026-11-22T20:48:58.155Z"});
    let known = lab::state_of(json!({"vms": {"web": {"id": "1", "name": "x", "checkpoints": [checkpoint]}}}));
    let row = &status(&config(&["web"]), &known, None, NOW.parse().unwrap()).machines[0];
    assert_eq!(row.checkpoints, [checkpoint]);
}

#[test]
fn seen_is_told_in_the_largest_whole_unit() {
    for (at, expected) in [
        ("2026-11-23T07:59:30.000Z", "just now"),
        ("2026-11-23T09:00:00.000Z", "just now"),
        ("2026-11-23T07:01:00.000Z", "59 min ago"),
        ("2026-11-22T09:00:00.000Z", "23 h ago"),
        ("2026-11-20T08:00:00.000Z", "3 d ago"),
    ] {
        let known = state(&[("web", json!({"ipv4": "172.20.0.2", "discoveredAt": at}))]);
        let row = &status(&config(&["web"]), &known, None, NOW.parse().unwrap()).machines[0];
        assert_eq!(row.seen.as_deref(), Some(expected), "{at}");
    }
    let known = state(&[("web", json!({"discoveredAt": "yesterday"}))]);
    assert_eq!(status(&config(&["web"]), &known, None, NOW.parse().unwrap()).machines[0].seen, None);
}
