//! What a guest's hosts file would become, for a dry run under `-Verbose`.
//!
//! Nothing outside the block ever changes, so the change of the file is the change of its block; and a dry run logs in
//! to no guest. So the block is compared with the one that the guest was last sent: with Data Exchange the one in the VM's
//! own items, else the one that follows from what the state recorded.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::exchange::{Setting, host_items};
use super::kvp_update::block_in;
use super::result::{SyncTarget, Transport};
use super::transport::GuestTransport;
use crate::discovery::{MachineName, shared};
use crate::hosts::{diff_lines, render};
use crate::state::State;

/// What would become of one guest's hosts file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The machine's name.
    pub machine_name: MachineName,
    /// A sentence, and under it the lines that go (`-`), come (`+`) and stay, as in a unified diff.
    pub text: String,
}

/// Shows for each guest that has a transport how `block` differs from the one it was last sent.
pub fn previews(guests: &[GuestTransport], block: &str, settings: &[Setting], state: &State) -> Vec<Preview> {
    let host_items = host_items(settings);
    let recorded = recorded_block(state);
    let preview = |GuestTransport { guest, transport, .. }: &GuestTransport| {
        let before = match (*transport)? {
            Transport::KeyValuePair => host_items.get(&guest.vm_id).and_then(block_in),
            Transport::PowerShellDirect => recorded.clone(),
        };
        let text = text(guest, before.as_deref(), block);
        Some(Preview { machine_name: guest.machine_name.clone(), text })
    };
    guests.iter().filter_map(preview).collect()
}

fn text(guest: &SyncTarget, before: Option<&str>, block: &str) -> String {
    let target = &guest.target;
    let lines = diff_lines(before.unwrap_or_default().as_bytes(), block.as_bytes());
    let sentence = match before {
        Some(_) if lines.is_empty() => {
            return format!("{target}: the block in its hosts file would stay as it is.");
        }
        Some(_) => "the block in its hosts file would become",
        None => "its hosts file would get a block",
    };
    let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    format!("{target}: {sentence}{lines}")
}

/// The block that follows from the addresses in the state; `None` where there never was a reconcile.
fn recorded_block(state: &State) -> Option<String> {
    let ipv4 = |network: &serde_json::Map<_, serde_json::Value>| network.get("ipv4")?.as_str()?.parse().ok();
    let known: Vec<(&str, Option<Ipv4Addr>)> = state
        .machines()
        .filter_map(|machine| Some((machine.machine_name, ipv4(machine.network()?))))
        .collect();
    let shared = shared(known.iter().filter_map(|(_, ipv4)| *ipv4));
    let peers = known.iter().filter_map(|(name, ipv4)| Some((*name, (*ipv4)?)));
    (!known.is_empty()).then(|| render(peers.filter(|(_, ipv4)| !shared.contains(ipv4))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::guest::kvp_update;

    const OLD: [(&str, Ipv4Addr); 2] =
        [("db", Ipv4Addr::new(172, 20, 0, 2)), ("web", Ipv4Addr::new(172, 20, 0, 1))];
    const NEW: [(&str, Ipv4Addr); 2] =
        [("db", Ipv4Addr::new(172, 20, 0, 2)), ("web", Ipv4Addr::new(172, 20, 7, 7))];

    fn guest(transport: Transport) -> GuestTransport {
        let guest = SyncTarget {
            machine_name: "web".into(),
            vm_name: "lab-web-1".into(),
            vm_id: "AB-1".into(),
            target: "web (lab-web-1)".into(),
        };
        GuestTransport { guest, transport: Some(transport), skipped: None }
    }

    fn state(networks: &[(&str, Option<&str>)]) -> State {
        let mut state =
            State::empty("C:\\lab\\ragnatramp.yaml", "lab", "00000000", "2026-11-22T20:48:55.435Z");
        for (name, ipv4) in networks {
            state.add_machine(name, serde_json::Map::new());
            state.set_network(name, serde_json::Map::from_iter([("ipv4".to_owned(), (*ipv4).into())]));
        }
        state
    }

    fn given(block: &str) -> Setting {
        let calls = kvp_update(block, &BTreeMap::new()).unwrap().calls;
        let host_items = calls.into_iter().flat_map(|call| call.data_items).collect();
        Setting { instance_id: "Microsoft:ab-1\\x\\0".into(), host_items }
    }

    const CHANGE: &str = "web (lab-web-1): the block in its hosts file would become
   # BEGIN RAGNATRAMP
   # Managed by ragnatramp - do not edit this block
   172.20.0.2 db
  -172.20.0.1 web
  +172.20.7.7 web
   # END RAGNATRAMP";

    fn shown(transport: Transport, settings: &[Setting], state: &State) -> String {
        previews(&[guest(transport)], &render(NEW), settings, state).remove(0).text
    }

    #[test]
    fn a_guest_of_data_exchange_is_compared_with_its_own_items() {
        let elsewhere = state(&[("db", Some("172.20.9.9"))]);
        assert_eq!(shown(Transport::KeyValuePair, &[given(&render(OLD))], &elsewhere), CHANGE);
        let same = shown(Transport::KeyValuePair, &[given(&render(NEW))], &elsewhere);
        assert_eq!(same, "web (lab-web-1): the block in its hosts file would stay as it is.");
        let first = shown(Transport::KeyValuePair, &[], &elsewhere);
        assert!(
            first.starts_with("web (lab-web-1): its hosts file would get a block\n  +# BEGIN"),
            "{first}"
        );
        assert_eq!(first.lines().filter(|line| line.starts_with("  +")).count(), 5, "{first}");
    }

    #[test]
    fn items_that_are_no_whole_block_count_as_none() {
        let mut torn = given(&render(OLD));
        torn.host_items.remove(0);
        assert!(shown(Transport::KeyValuePair, &[torn], &state(&[])).contains("would get a block"));
    }

    #[test]
    fn a_guest_of_power_shell_direct_is_compared_with_what_the_state_knows() {
        let known = state(&[
            ("web", Some("172.20.0.1")),
            ("db", Some("172.20.0.2")),
            ("off", None),
            ("same1", Some("172.20.0.9")),
            ("same2", Some("172.20.0.9")),
        ]);
        assert_eq!(shown(Transport::PowerShellDirect, &[], &known), CHANGE);
        assert!(shown(Transport::PowerShellDirect, &[], &state(&[])).contains("would get a block"));
    }
}
