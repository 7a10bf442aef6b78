//! What a guest's hosts file would become, for a dry run under `-Verbose`.
//!
//! Nothing outside the block ever changes, so the change of the file is the change of its block; and a dry run logs in
//! to no guest. So the block is held against the one that the guest was last given: with Data Exchange that is what
//! stands in the VM's own items, else what the state says that the last run found.

use serde::{Deserialize, Serialize};

use super::delivery::{Setting, standing_items};
use super::door::Door;
use super::parcel::unpack;
use crate::discovery::shared;
use crate::hosts::{diff_lines, render};
use crate::report::SyncTarget;
use crate::state::State;

/// A guest that a real run would enter.
#[derive(Debug, Clone, Deserialize)]
pub struct Planned {
    /// The guest.
    #[serde(flatten)]
    pub guest: SyncTarget,
    /// Its door.
    pub door: Door,
}

/// What would become of one guest's hosts file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The machine's name.
    pub machine_name: String,
    /// A sentence, and under it the lines that go (`-`), come (`+`) and stay, as in a unified diff.
    pub text: String,
}

/// Shows for each guest how `block` differs from the one it was last given.
pub fn previews(guests: &[Planned], block: &str, settings: &[Setting], state: &State) -> Vec<Preview> {
    let standing = standing_items(settings);
    let recorded = recorded_block(state);
    guests
        .iter()
        .map(|Planned { guest, door }| {
            let before = match door {
                Door::KeyValuePair => standing.get(&guest.vm_id.to_lowercase()).and_then(unpack),
                Door::PowerShellDirect => recorded.clone(),
            };
            Preview { machine_name: guest.machine_name.clone(), text: text(guest, before.as_deref(), block) }
        })
        .collect()
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
    let known: Vec<(&str, Option<&str>)> = state
        .machines()
        .filter_map(|machine| {
            Some((machine.machine_name, machine.network()?.get("ipv4").and_then(|ipv4| ipv4.as_str())))
        })
        .collect();
    let shared = shared(known.iter().filter_map(|(_, ipv4)| *ipv4));
    let peers = known.iter().filter_map(|(name, ipv4)| Some((*name, (*ipv4)?)));
    let peers = peers.filter(|(_, ipv4)| !shared.contains(ipv4));
    (!known.is_empty()).then(|| render(peers))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::guest::parcel::parcel;

    const OLD: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.0.1")];
    const NEW: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.7.7")];

    fn guest(door: Door) -> Planned {
        let guest = SyncTarget {
            machine_name: "web".into(),
            vm_name: "lab-web-1".into(),
            vm_id: "AB-1".into(),
            target: "web (lab-web-1)".into(),
        };
        Planned { guest, door }
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
        let steps = parcel(block, &BTreeMap::new()).unwrap().steps;
        let host_items = steps.into_iter().flat_map(|step| step.data_items).collect();
        Setting { instance_id: "Microsoft:ab-1\\x\\0".into(), host_items }
    }

    const CHANGE: &str = "web (lab-web-1): the block in its hosts file would become
   # BEGIN RAGNATRAMP
   # Managed by ragnatramp - do not edit this block
   172.20.0.2 db
  -172.20.0.1 web
  +172.20.7.7 web
   # END RAGNATRAMP";

    fn shown(door: Door, settings: &[Setting], state: &State) -> String {
        previews(&[guest(door)], &render(NEW), settings, state).remove(0).text
    }

    #[test]
    fn a_guest_of_data_exchange_is_held_against_its_own_items() {
        let elsewhere = state(&[("db", Some("172.20.9.9"))]);
        assert_eq!(shown(Door::KeyValuePair, &[given(&render(OLD))], &elsewhere), CHANGE);
        let same = shown(Door::KeyValuePair, &[given(&render(NEW))], &elsewhere);
        assert_eq!(same, "web (lab-web-1): the block in its hosts file would stay as it is.");
        let first = shown(Door::KeyValuePair, &[], &elsewhere);
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
        assert!(shown(Door::KeyValuePair, &[torn], &state(&[])).contains("would get a block"));
    }

    #[test]
    fn a_guest_of_power_shell_direct_is_held_against_what_the_state_knows() {
        let known = state(&[
            ("web", Some("172.20.0.1")),
            ("db", Some("172.20.0.2")),
            ("off", None),
            ("twin1", Some("172.20.0.9")),
            ("twin2", Some("172.20.0.9")),
        ]);
        assert_eq!(shown(Door::PowerShellDirect, &[], &known), CHANGE);
        assert!(shown(Door::PowerShellDirect, &[], &state(&[])).contains("would get a block"));
    }
}
