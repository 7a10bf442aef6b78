//! What a network becomes, byte for byte: in the report, and in state.json.

use crate::lab;
use crate::lab::{config, look, options, state};
use ragnatramp::discovery::Snapshot;
use ragnatramp::reconcile::{DiffEntry, plan_reconcile};
use serde_json::{Value, json};

/// The network of web in the report and in state.json after a run, and its entry of the report read back.
fn told(before: Value, seen: &Snapshot) -> (String, String) {
    let mut known = state(&[("web", before)]);
    let plan = plan_reconcile(&config(&["web"]), &known, seen, &options());
    let diff = &plan.report.diffs[0];
    let text = serde_json::to_string(diff).unwrap();
    assert_eq!(&serde_json::from_str::<DiffEntry>(&text).unwrap(), diff, "it survives being printed");
    for (machine, network) in plan.networks(&known) {
        known.set_network(&machine, network.fields());
    }
    let stored = known.machine("web").unwrap().network().unwrap();
    (serde_json::to_string(&diff.network).unwrap(), serde_json::to_string(stored.fields()).unwrap())
}

/// What both hold, where they hold the same.
fn both(before: Value, seen: &Snapshot) -> String {
    let (reported, stored) = told(before, seen);
    assert_eq!(reported, stored);
    stored
}

fn running() -> Snapshot {
    look(&[("web", &["172.20.0.2", "2001:db8::2", "fe80::1%3"])])
}

const FOUND: &str = r#""ipv4":"172.20.0.2","ipv6":["2001:db8::2"]"#;

fn mac() -> String {
    let digits = lab::mac("web");
    let pairs: Vec<&str> = (0..6).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
    format!(r#""mac":"{}""#, pairs.join(":"))
}

#[test]
fn a_first_network_has_its_fields_in_their_order() {
    let (mac, now) = (mac(), lab::NOW);
    let expected = format!(
        r#"{{{FOUND},{mac},"adapterName":"Network Adapter","discoveredAt":"{now}","source":"hyperv","previousIpv4":null}}"#
    );
    assert_eq!(both(Value::Null, &running()), expected);
}

#[test]
fn fields_stay_where_they_are_also_unknown_ones_and_missing_ones_follow() {
    let (mac, now) = (mac(), lab::NOW);
    let before = json!({"lease": {"hours": [8, 0.50]}, "source": "arp", "note": null, "previousIpv4": "172.20.0.8",
                        "ipv4": "172.20.0.9", "\u{e4}": 1, "Mac": "unknown for its case"});
    let known = r#""lease":{"hours":[8,0.5]},"source":"hyperv","note":null,"previousIpv4":"172.20.0.9","ipv4":"172.20.0.2""#;
    let others = r#""ä":1,"Mac":"unknown for its case","ipv6":["2001:db8::2"]"#;
    let missing = format!(r#"{mac},"adapterName":"Network Adapter","discoveredAt":"{now}""#);
    let expected = format!("{{{known},{others},{missing}}}");
    assert_eq!(both(before, &running()), expected);
}

#[test]
fn unknown_fields_before_between_and_after_all_known_ones_stay() {
    let before = json!({"a": 1, "b": 2, "ipv4": null, "ipv6": [], "mac": null, "c": 3, "adapterName": null,
                        "discoveredAt": null, "source": "hyperv", "previousIpv4": "172.20.0.7", "d": 4, "e": 5});
    let off = Snapshot { vms: vec![lab::vm("web", "Off")], ..Snapshot::default() };
    let expected = before.to_string();
    assert_eq!(both(before, &off), expected);
}

#[test]
fn texts_that_are_no_address_and_no_source_stay_as_they_are() {
    let off = Snapshot { vms: vec![lab::vm("web", "Off")], ..Snapshot::default() };
    let gone = |ipv4: Value, source: Value, previous: Value| {
        let told = both(json!({"ipv4": ipv4, "source": source, "previousIpv4": previous}), &off);
        let told: Value = serde_json::from_str(&told).unwrap();
        (told["source"].clone(), told["previousIpv4"].clone())
    };
    for text in ["172.020.0.1", "172.20.0.1 ", "", "::1", "172.20.0.1"] {
        assert_eq!(gone(text.into(), "by hand".into(), Value::Null), ("by hand".into(), text.into()));
        assert_eq!(gone(Value::Null, "arp".into(), text.into()), ("arp".into(), text.into()));
    }
    assert_eq!(
        gone(7.into(), 7.into(), json!({})),
        ("hyperv".into(), Value::Null),
        "of no type that is known"
    );
}

#[test]
fn what_the_report_says_of_the_previous_address_is_what_is_stored() {
    for (before, previous, changed) in [
        (json!({"ipv4": "172.20.0.9"}), json!("172.20.0.9"), true),
        (json!({"ipv4": "172.20.0.2", "previousIpv4": "172.20.0.5"}), json!("172.20.0.5"), false),
        (json!({"ipv4": "172.020.0.2"}), json!("172.020.0.2"), true),
        (json!({"ipv4": null, "previousIpv4": "172.20.0.5"}), json!("172.20.0.5"), true),
        (Value::Null, Value::Null, true),
    ] {
        let plan = plan_reconcile(&config(&["web"]), &state(&[("web", before)]), &running(), &options());
        let diff = serde_json::to_value(&plan.report.diffs[0]).unwrap();
        assert_eq!(
            diff.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["machineName", "changed", "previousIpv4", "network"]
        );
        assert_eq!((&diff["previousIpv4"], &diff["changed"]), (&previous, &Value::from(changed)));
        assert_eq!(diff["network"]["previousIpv4"], previous);
    }
}

#[test]
fn what_was_learned_is_of_the_machines_that_the_state_knows_wherever_they_stand() {
    let known = state(&[("old", Value::Null), ("db", Value::Null), ("web", Value::Null)]);
    let seen = look(&[("web", &["172.20.0.2"]), ("db", &["172.20.0.3"]), ("old", &["172.20.0.4"])]);
    let plan = plan_reconcile(&config(&["new", "web", "newer", "db", "newest"]), &known, &seen, &options());
    assert_eq!(plan.report.discovery.len(), 6);
    let learned: Vec<&str> = plan.learned().map(|learned| learned.machine_name.as_str()).collect();
    assert_eq!(learned, ["web", "db", "old"]);
    let recorded: Vec<(String, Option<String>)> = plan
        .networks(&known)
        .into_iter()
        .map(|(name, network)| (name.to_string(), network.found.ipv4.map(|ipv4| ipv4.to_string())))
        .collect();
    let expected = [("web", "172.20.0.2"), ("db", "172.20.0.3"), ("old", "172.20.0.4")];
    assert_eq!(recorded, expected.map(|(name, ipv4)| (name.to_owned(), Some(ipv4.to_owned()))));
}

#[test]
fn the_id_of_a_vm_is_spelt_as_the_state_spells_it() {
    let known = state(&[("web", Value::Null)]);
    let mut seen = running();
    seen.vms[0].id = lab::vm_id("web").to_uppercase().as_str().into();
    let plan = plan_reconcile(&config(&["web"]), &known, &seen, &options());
    assert_eq!(plan.report.discovery[0].vm_id.as_deref(), Some(lab::vm_id("web").as_str()));
    assert_eq!(plan.targets[0].vm_id.as_str(), lab::vm_id("web"));
}
