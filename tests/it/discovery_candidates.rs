//! Which of several addresses counts, and when that is to be warned of.

use crate::lab::{DEFAULT_SWITCH, config, look, neighbour, options, state};
use ragnatramp::discovery::{Clock, HostAddress, Neighbour, Snapshot, merge_snapshots, poll};
use ragnatramp::reconcile::{WarningCode, plan_reconcile};
use ragnatramp::state::State;
use serde_json::{Value, json};

const DEADLINE: Clock = Clock { elapsed_seconds: 60.0, timeout_seconds: 60.0 };
const START: Clock = Clock { elapsed_seconds: 0.0, timeout_seconds: 60.0 };

/// A state that knows this address of `web`; none where it is empty.
fn knowing(ipv4: &str) -> State {
    let network = json!({"ipv4": ipv4, "ipv6": [], "mac": null, "adapterName": null, "source": "hyperv", "previousIpv4": null});
    state(&[("web", if ipv4.is_empty() { Value::Null } else { network })])
}

fn on_range(mut seen: Snapshot, range: &str) -> Snapshot {
    let address = range
        .split_once('/')
        .map(|(ip, bits)| HostAddress { ip: ip.into(), prefix_length: bits.parse().unwrap() });
    seen.host_addresses = Some(address.into_iter().collect());
    seen
}

/// The address that is taken, and the text of the warning.
fn taken(seen: &Snapshot, known: &str) -> (String, Option<String>) {
    let plan = plan_reconcile(&config(&["web"]), &knowing(known), seen, &options());
    let ipv4 = plan.report.discovery[0].network.ipv4.unwrap().to_string();
    let warning =
        plan.report.warnings.iter().find(|warning| warning.code == WarningCode::AddressAmbiguous).cloned();
    assert!(warning.iter().all(|warning| warning.remedy.is_some() && warning.machine_name.is_some()));
    (ipv4, warning.map(|warning| warning.message))
}

/// The same in every order in which the candidates can be shown.
fn in_any_order(seen: &Snapshot, known: &str) -> (String, Option<String>) {
    let mut told = Vec::new();
    let addresses = seen.adapters[0].ip_addresses.len();
    let entries = seen.neighbours.as_ref().map_or(0, Vec::len);
    for turn in 0..addresses.max(entries) {
        let mut turned = seen.clone();
        turned.adapters[0].ip_addresses.rotate_left(turn % addresses.max(1));
        if let Some(entries) = turned.neighbours.as_mut().filter(|entries| !entries.is_empty()) {
            let turn = turn % entries.len();
            entries.rotate_left(turn);
        }
        told.push(taken(&turned, known));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "the order does not count: {told:#?}");
    told.remove(0)
}

#[test]
fn of_several_reported_addresses_the_right_one_is_taken_in_any_order() {
    // The addresses, what the state knows, the host's address, what is taken, whether that is ambiguous.
    type Case = (&'static [&'static str], &'static str, &'static str, &'static str, bool);
    let cases: [Case; 13] = [
        (&["172.20.0.9"], "", "", "172.20.0.9", false),
        (&["172.20.0.9", "172.20.0.9"], "", "", "172.20.0.9", false),
        // A virtual address of a cluster beside the guest's own.
        (&["172.20.0.9", "172.20.0.5"], "172.20.0.9", "172.20.0.1/20", "172.20.0.9", false),
        (&["172.20.0.9", "172.20.0.5"], "", "172.20.0.1/20", "172.20.0.5", true),
        // An address of the switch's old range, known or not.
        (&["172.18.0.5", "172.20.0.9"], "172.18.0.5", "172.20.0.1/20", "172.20.0.9", false),
        (&["172.18.0.5", "172.20.0.9"], "", "172.20.0.1/20", "172.20.0.9", false),
        (&["172.18.0.5", "172.20.0.9", "172.20.15.254"], "172.18.0.5", "172.20.0.1/20", "172.20.0.9", true),
        (&["172.18.0.5", "172.20.15.254", "172.20.16.1"], "", "172.20.0.1/20", "172.20.15.254", false),
        // None is in the range: the one that is known, else the lowest as a number and not as a text.
        (&["10.0.0.9", "10.0.0.10"], "10.0.0.10", "172.20.0.1/20", "10.0.0.10", true),
        (&["10.0.0.9", "10.0.0.10"], "", "172.20.0.1/20", "10.0.0.9", true),
        // The range is unknown.
        (&["172.20.0.9", "172.20.0.5"], "172.20.0.9", "", "172.20.0.9", true),
        (&["172.20.0.9", "172.20.0.5"], "172.20.0.7", "", "172.20.0.5", true),
        (&["172.20.0.9", "169.254.1.1"], "", "", "172.20.0.9", false),
    ];
    for (addresses, known, range, expected, ambiguous) in cases {
        let seen = on_range(look(&[("web", addresses)]), range);
        let (ipv4, warning) = in_any_order(&seen, known);
        assert_eq!(
            (ipv4.as_str(), warning.is_some()),
            (expected, ambiguous),
            "{addresses:?} {known} {range}"
        );
    }
}

#[test]
fn a_neighbour_entry_of_the_old_range_or_a_stale_one_is_not_taken() {
    let entry = |state: &str, ip: &str| Neighbour { state: state.into(), ..neighbour("web", ip) };
    let seen = |entries: &[(&str, &str)], range: &str| {
        let mut seen = on_range(look(&[("web", &[])]), range);
        seen.neighbours = Some(entries.iter().map(|(state, ip)| entry(state, ip)).collect());
        seen
    };
    let range = "172.20.0.1/20";
    let told = |entries: &[(&str, &str)], known: &str, range: &str| {
        let (ipv4, warning) = in_any_order(&seen(entries, range), known);
        (ipv4, warning.is_some())
    };
    let old = [("Permanent", "172.18.0.5"), ("Stale", "172.20.0.9")];
    assert_eq!(told(&old, "172.18.0.5", range), ("172.20.0.9".into(), false), "the range before the state");
    assert_eq!(told(&old, "", ""), ("172.18.0.5".into(), true), "without a range the state of the entry");
    let doubtful = [("Stale", "172.20.0.5"), ("Reachable", "172.20.0.9")];
    assert_eq!(told(&doubtful, "", range), ("172.20.0.9".into(), true));
    assert_eq!(told(&doubtful, "172.20.0.9", range), ("172.20.0.9".into(), false));
    assert_eq!(
        told(&doubtful, "172.20.0.5", range),
        ("172.20.0.5".into(), true),
        "kept, but it may have moved"
    );
    assert_eq!(
        told(&doubtful, "172.20.0.5", ""),
        ("172.20.0.9".into(), true),
        "known, and outside of any range"
    );
    let twice = [("Stale", "172.20.0.5"), ("Reachable", "172.20.0.5"), ("Delay", "172.20.0.9")];
    assert_eq!(told(&twice, "", range), ("172.20.0.5".into(), true), "its best entry counts");
    let reported = seen(&doubtful, range);
    let adapter = look(&[("web", &["172.20.0.77"])]).adapters;
    assert_eq!(taken(&Snapshot { adapters: adapter, ..reported }, "172.20.0.5").0, "172.20.0.77");
}

#[test]
fn a_machine_that_was_off_keeps_the_address_it_had_before() {
    let network = json!({"ipv4": null, "source": "hyperv", "previousIpv4": "172.20.0.9"});
    let seen = on_range(look(&[("web", &["172.20.0.5", "172.20.0.9"])]), "172.20.0.1/20");
    let plan = plan_reconcile(&config(&["web"]), &state(&[("web", network)]), &seen, &options());
    assert_eq!(plan.report.discovery[0].network.ipv4.unwrap().to_string(), "172.20.0.9");
}

#[test]
fn the_warning_lists_the_candidates_and_says_which_was_taken_and_why() {
    let of = |addresses: &[&str], known: &str, range: &str| {
        taken(&on_range(look(&[("web", addresses)]), range), known).1.unwrap()
    };
    let range = "172.20.0.1/20";
    assert_eq!(
        of(&["172.20.0.10", "172.20.0.9"], "", range),
        "web: it shows several addresses (172.20.0.9, 172.20.0.10), more than one of them in the range of the Default Switch \
         (172.20.0.0/20); 172.20.0.9 was taken, the lowest of them."
    );
    assert_eq!(
        of(&["10.0.0.9", "10.0.0.1"], "10.0.0.9", range),
        "web: it shows several addresses (10.0.0.1, 10.0.0.9), none of them in the range of the Default Switch \
         (172.20.0.0/20); 10.0.0.9 was taken, the one that the state knows."
    );
    let many = ["10.0.0.5", "10.0.0.4", "10.0.0.3", "10.0.0.2", "10.0.0.1"];
    assert_eq!(
        of(&many, "", ""),
        "web: it shows several addresses (10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, ...), and the range of the Default Switch \
         is unknown; 10.0.0.1 was taken, the lowest of them."
    );
}

#[test]
fn a_range_that_no_network_has_counts_as_unknown() {
    for range in
        ["172.20.0.1/0", "172.20.0.1/33", "172.20.0.1/-1", "169.254.3.1/16", "0.0.0.0/8", "fe80::1/64"]
    {
        let seen = on_range(look(&[("web", &["172.20.0.9", "10.0.0.5"])]), range);
        let (ipv4, warning) = taken(&seen, "");
        assert_eq!(ipv4, "10.0.0.5", "{range}");
        assert!(warning.unwrap().contains("is unknown"), "{range}");
    }
    let single = on_range(look(&[("web", &["172.20.0.9", "172.20.0.8"])]), "172.20.0.9/32");
    assert_eq!(taken(&single, ""), ("172.20.0.9".into(), None));
}

#[test]
fn the_range_is_asked_for_once_a_run_and_only_where_there_is_a_choice() {
    let (config, known) = (config(&["web", "db"]), state(&[("web", Value::Null), ("db", Value::Null)]));
    let one_each = look(&[("web", &["172.20.0.5"]), ("db", &["172.20.0.6"])]);
    assert_eq!(poll(&config, &known, None, one_each, START).ask_range_of, None);
    let waiting = look(&[("web", &["172.20.0.5", "10.0.0.1"]), ("db", &[])]);
    let polled = poll(&config, &known, None, waiting.clone(), START);
    assert_eq!((polled.done, polled.ask_range_of), (false, None), "the wait is not over");
    let over = poll(&config, &known, Some(polled.snapshot), waiting.clone(), DEADLINE);
    assert_eq!((over.ask_neighbours, over.ask_range_of), (true, None), "first the neighbour table");
    let read = Snapshot { neighbours: Some(Vec::new()), ..waiting.clone() };
    let asked = poll(&config, &known, Some(over.snapshot), read.clone(), DEADLINE);
    assert_eq!(asked.ask_range_of, Some(DEFAULT_SWITCH));
    let refused = Snapshot { host_addresses: Some(Vec::new()), ..read.clone() };
    let told = poll(&config, &known, Some(asked.snapshot), refused, DEADLINE);
    assert_eq!(told.ask_range_of, None, "a refused question is not asked again");
    let later = merge_snapshots(told.snapshot, waiting);
    assert_eq!(later.host_addresses, Some(Vec::new()));
}
