//! What a guest's hosts file would become, for a dry run under `-Verbose`.
//!
//! Nothing outside the block ever changes, so the change of the file is the change of its block; and a dry run logs in
//! to no guest. So the block is compared with the one that the guest was last sent: with Data Exchange the one in the VM's
//! own items, else the one that follows from what the state recorded.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::exchange::{HostItems, HostSettings};
use super::kvp_update::block_in;
use super::result::{SyncTarget, Transport};
use super::transport::GuestTransport;
use crate::discovery::{MachineName, shared};
use crate::hosts::{diff_lines, render};
use crate::state::State;
use crate::terminal::visible_line;

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
pub fn previews(
    guests: &[GuestTransport],
    block: &str,
    settings: &HostSettings,
    state: &State,
) -> Vec<Preview> {
    let host_items = HostItems::read(settings);
    let recorded = recorded_block(state);
    let preview = |GuestTransport { guest, transport, .. }: &GuestTransport| {
        let before = match (*transport)? {
            Transport::KeyValuePair => block_in(&host_items.of(&guest.vm_id), &guest.vm_id),
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
    let mut text = format!("{target}: {sentence}");
    for line in lines {
        text.push_str(&format!("\n  {}", visible_line(&line.to_string())));
    }
    text
}

/// The block that follows from the addresses in the state; `None` where there never was a reconcile.
fn recorded_block(state: &State) -> Option<String> {
    let known: Vec<(&str, Option<Ipv4Addr>)> = state
        .machines()
        .filter_map(|machine| Some((machine.machine_name, machine.network()?.ipv4())))
        .collect();
    let shared = shared(known.iter().filter_map(|(_, ipv4)| *ipv4));
    let peers = known.iter().filter_map(|(name, ipv4)| Some((*name, (*ipv4)?)));
    (!known.is_empty()).then(|| render(peers.filter(|(_, ipv4)| !shared.contains(ipv4))))
}
