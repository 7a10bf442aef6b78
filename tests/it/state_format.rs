//! The format of the state file: what the original tool writes comes back byte for byte, and a change touches
//! nothing but what it changes.

use std::net::Ipv4Addr;
use std::time::Duration;

use ragnatramp::state::{State, Timestamp};
use serde_json::{Map, Value, json};

const VECTORS: [(&str, &str); 5] = [
    ("state-example.json", include_str!("../vectors/state-example.json")),
    ("state-no-machines.json", include_str!("../vectors/state-no-machines.json")),
    ("state-created.json", include_str!("../vectors/state-created.json")),
    ("state-reconciled.json", include_str!("../vectors/state-reconciled.json")),
    ("state-newer.json", include_str!("../vectors/state-newer.json")),
];

const NEWER: &str = VECTORS[4].1;

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

fn printed(state: &State) -> String {
    String::from_utf8(state.to_bytes()).unwrap()
}

/// The lines of which one side has more than the other.
fn changed_lines<'a>(before: &'a str, after: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let missing = |from: &'a str, of: &str| {
        let mut of: Vec<&str> = of.lines().collect();
        from.lines()
            .filter(|line| match of.iter().position(|other| other == line) {
                Some(at) => {
                    of.remove(at);
                    false
                }
                None => true,
            })
            .collect::<Vec<_>>()
    };
    (missing(before, after), missing(after, before))
}

#[test]
fn what_the_original_writes_comes_back_byte_for_byte() {
    for (name, text) in VECTORS {
        let state = State::parse(text.as_bytes()).unwrap_or_else(|damage| panic!("{name}: {damage}"));
        assert_eq!(printed(&state), text, "{name}");
    }
}

#[test]
fn the_first_state_of_a_config_is_printed_as_the_original_prints_it() {
    let now = "2026-11-22T20:48:55.435Z";
    let state = State::empty("C:\\Users\\dev\\lab\\ragnatramp.yaml", "lab", "d78b35a5", now.parse().unwrap());
    assert_eq!(printed(&state), VECTORS[1].1.replace("2026-11-22T20:48:59.535Z", now));
}

#[test]
fn what_is_known_of_machines_is_read() {
    let state = State::parse(VECTORS[3].1.as_bytes()).unwrap();
    let names: Vec<_> = state.machines().map(|machine| machine.machine_name).collect();
    assert_eq!(names, ["web", "db"], "the order of the file");
    assert_eq!(state.config_path(), "C:\\Users\\dev\\lab\\ragnatramp.yaml");
    assert_eq!(state.project(), "lab");
    assert_eq!(state.updated_at().unwrap().to_string(), "2026-11-22T20:48:59.535Z");
    let web = state.machine("web").unwrap();
    assert_eq!(web.vm_id(), Some("5f1c2a90-7b3e-4c1d-9a52-0e6d4b8f7a11"));
    assert_eq!(web.vm_name(), Some("lab-web-1e34e7cc"));
    assert_eq!(web.network().unwrap().fields()["ipv4"], "172.20.144.10");
    assert!(state.machine("Web").is_none(), "names are compared exactly");
    assert!(state.machine("constructor").is_none());
    assert!(State::parse(VECTORS[2].1.as_bytes()).unwrap().machine("web").unwrap().network().is_none());
}

#[test]
fn a_new_address_changes_its_lines_and_no_others() {
    let mut state = State::parse(NEWER.as_bytes()).unwrap();
    let learned = json!({"ipv4": "172.20.150.1", "previousIpv4": "172.20.144.10", "source": "hyperv"});
    assert!(state.set_network("web", object(learned)));
    let after = printed(&state);
    let (gone, come) = changed_lines(NEWER, &after);
    assert_eq!(gone, ["        \"ipv4\": \"172.20.144.10\",", "        \"previousIpv4\": null,"]);
    assert_eq!(come, ["        \"ipv4\": \"172.20.150.1\",", "        \"previousIpv4\": \"172.20.144.10\","]);
}

#[test]
fn a_first_network_stands_at_the_end_of_its_entry() {
    let mut state = State::parse(VECTORS[2].1.as_bytes()).unwrap();
    assert!(state.set_network("db", object(json!({"ipv4": null, "ipv6": []}))));
    let db = state.machine("db").unwrap();
    assert_eq!(db.entry().keys().next_back().unwrap(), "network");
    assert!(
        printed(&state).contains("\"network\": {\n        \"ipv4\": null,\n        \"ipv6\": []\n      }")
    );
}

#[test]
fn the_same_network_again_changes_nothing() {
    let mut state = State::parse(NEWER.as_bytes()).unwrap();
    let stored = state.machine("web").unwrap().network().unwrap().fields().clone();
    assert!(!state.set_network("web", stored));
    assert!(!state.set_network("gone", object(json!({"ipv4": null}))), "not in the state any more");
    assert_eq!(printed(&state), NEWER);
}

#[test]
fn a_machine_comes_last_and_goes_without_moving_the_others() {
    let text = VECTORS[2].1;
    let mut state = State::parse(text.as_bytes()).unwrap();
    let entry = object(json!({"id": "1", "name": "lab-x-1e34e7cc"}));
    assert!(state.add_machine("x", entry.clone()));
    assert!(!state.add_machine("web", entry.clone()), "there is one of that name");
    let names = |state: &State| state.machines().map(|m| m.machine_name.to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&state), ["web", "db", "x"]);
    assert!(state.remove_machine("web").is_some());
    assert!(state.remove_machine("web").is_none());
    assert_eq!(names(&state), ["db", "x"]);
    assert_eq!(state.remove_machine("x"), Some(entry));
}

#[test]
fn a_network_is_read_with_its_types_and_what_is_none_of_them_is_none() {
    let state = State::parse(VECTORS[3].1.as_bytes()).unwrap();
    let web = state.machine("web").unwrap().network().unwrap();
    assert_eq!(web.ipv4(), Some(Ipv4Addr::new(172, 20, 144, 10)));
    assert_eq!(web.ipv6().collect::<Vec<_>>(), ["fe80::215:5dff:fe01:203"]);
    assert_eq!(web.mac(), Some("00:15:5D:01:02:03"));
    assert_eq!(web.adapter_name(), Some("Network Adapter"));
    assert_eq!(web.discovered_at().unwrap().to_string(), "2026-11-23T08:00:00.000Z");
    assert_eq!(web.source(), Some("hyperv"));
    assert_eq!(web.previous_ipv4(), Some(Ipv4Addr::new(172, 20, 131, 10)));

    let mut state = State::parse(VECTORS[2].1.as_bytes()).unwrap();
    let odd = json!({"ipv4": "172.20.144", "ipv6": null, "discoveredAt": "yesterday", "previousIpv4": "172.20.0.1"});
    assert!(state.set_network("db", object(odd.clone())));
    let db = state.machine("db").unwrap().network().unwrap();
    assert_eq!((db.ipv4(), db.discovered_at(), db.mac()), (None, None, None));
    assert_eq!((db.ipv6().count(), db.previous_ipv4()), (0, Some(Ipv4Addr::new(172, 20, 0, 1))));
    assert_eq!(db.fields(), &object(odd), "the document keeps what was written");
}

#[test]
fn a_time_is_printed_as_the_original_prints_it_and_compared_as_a_time() {
    let time = |text: &str| text.parse::<Timestamp>();
    let shown = time("2026-11-22T20:48:55.435Z").unwrap();
    assert_eq!(shown.to_string(), "2026-11-22T20:48:55.435Z");
    for same in ["2026-11-22T20:48:55.4350000Z", "2026-11-22T20:48:55.435+00:00"] {
        assert_eq!(time(same), Ok(shown), "{same}");
    }
    for other in
        ["", "yesterday", "2026-11-22 20:48:55", "2026-11-22T20:48:55", "2026-11-22T20:48:55.435+01:00"]
    {
        assert!(time(other).is_err(), "{other}");
    }
    let earlier = time("2026-11-22T20:48:55Z").unwrap();
    assert!(earlier < shown);
    assert_eq!(shown.since(earlier), Duration::from_millis(435));
    assert_eq!(earlier.since(shown), Duration::ZERO);
    assert_eq!(shown.before(Duration::from_millis(435)), Some(earlier));
    assert_eq!(shown.before(Duration::MAX), None);
    let now = Timestamp::now();
    assert_eq!(time(&now.to_string()), Ok(now));
    let json = serde_json::to_string(&shown).unwrap();
    assert_eq!(json, "\"2026-11-22T20:48:55.435Z\"");
    assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), shown);
}
