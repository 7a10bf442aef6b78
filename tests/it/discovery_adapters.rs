//! Of several adapters on the Default Switch, which one counts.

use crate::lab::{adapter, config, fresh_state, look};
use ragnatramp::discovery::{Adapter, Snapshot, discover, merge_snapshots};

/// The address of `web` where its adapters, all of one name, have these MACs and addresses.
fn address(adapters: &[(&str, &str)]) -> Option<String> {
    let of = |(mac, ip): &(&str, &str)| Adapter { mac: (*mac).into(), ..adapter("web", &[*ip]) };
    let seen = Snapshot { adapters: adapters.iter().map(of).collect(), ..look(&[("web", &[])]) };
    let (config, state) = (config(&["web"]), fresh_state(&["web"]));
    let found = discover(&config, &state, &seen);
    found.rows().next().and_then(|row| row.network.ipv4).map(|ipv4| ipv4.to_string())
}

#[test]
fn adapters_of_equal_name_are_ordered_by_the_value_of_their_mac_and_not_by_its_spelling() {
    for (first, second) in [
        ("00155d00000a", "00155D00000B"),
        ("00155D00000A", "00155d00000b"),
        ("00-15-5D-00-00-0A", "000155D0000B"),
    ] {
        let value = |mac: &str| u64::from_str_radix(&mac.replace('-', ""), 16).unwrap();
        let expected = if value(first) < value(second) { "172.20.0.1" } else { "172.20.0.2" };
        let pair = [(first, "172.20.0.1"), (second, "172.20.0.2")];
        assert_eq!(address(&pair).as_deref(), Some(expected), "{pair:?}");
        let turned = [pair[1], pair[0]];
        assert_eq!(address(&turned).as_deref(), Some(expected), "{turned:?}");
    }
}

#[test]
fn an_adapter_keeps_its_vanished_address_also_where_its_mac_is_spelt_in_another_way() {
    let before = look(&[("web", &["172.20.0.1"])]);
    let mut now = look(&[("web", &[])]);
    now.adapters[0].mac.make_ascii_lowercase();
    let merged = merge_snapshots(before, now);
    assert_eq!(merged.adapters[0].ip_addresses, ["172.20.0.1"]);
}
