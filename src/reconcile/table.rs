//! The table of a report that the user sees, a row for each machine.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::report::{DiffEntry, DiscoveryEntry, HostSync, Report};
use super::stored_network::StoredIpv4;
use crate::discovery::Source;
use crate::guest::{SkipReason, SyncStatus};

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableRow {
    /// The machine's name.
    pub machine: String,
    /// How it was found, in words.
    pub state: String,
    /// Its address, old and new where it changed, or the last one known.
    pub address: String,
    /// Where the address is from.
    pub source: String,
    /// What became of its guest's hosts file.
    pub hosts: String,
}

/// The rows of a report, sorted by name.
pub fn table(report: &Report) -> Vec<TableRow> {
    let diffs: HashMap<&str, &DiffEntry> =
        report.diffs.iter().map(|diff| (diff.machine_name.as_str(), diff)).collect();
    let mut syncs: HashMap<&str, &HostSync> =
        report.host_sync.iter().map(|sync| (sync.machine_name.as_str(), sync)).collect();
    let mut rows = Vec::with_capacity(report.discovery.len());
    for entry in &report.discovery {
        let name = entry.machine_name.as_str();
        rows.push(TableRow {
            machine: name.to_owned(),
            state: entry.state.to_string(),
            address: address(entry, diffs.get(name).copied()),
            source: entry.network.source.map(Source::name).unwrap_or_default().to_owned(),
            hosts: syncs.remove(name).map(hosts).unwrap_or_default(),
        });
    }
    // A machine without an entry is not ours. Where the run stopped, there is no `host_sync` and only an error names it.
    rows.extend(syncs.into_values().map(|sync| TableRow {
        machine: sync.machine_name.to_string(),
        state: SkipReason::NotOwned.to_string(),
        address: String::new(),
        source: String::new(),
        hosts: hosts(sync),
    }));
    rows.sort_by(|one, other| one.machine.cmp(&other.machine));
    rows
}

fn address(entry: &DiscoveryEntry, diff: Option<&DiffEntry>) -> String {
    let previous = diff.and_then(|diff| diff.previous_ipv4.as_ref());
    match (entry.network.ipv4, previous) {
        (Some(ipv4), Some(old))
            if *old != StoredIpv4::Ipv4(ipv4) && diff.is_some_and(|diff| diff.changed) =>
        {
            format!("{old} \u{2192} {ipv4}")
        }
        (Some(ipv4), _) => ipv4.to_string(),
        (None, Some(old)) => format!("was {old}"),
        (None, None) => String::new(),
    }
}

fn hosts(sync: &HostSync) -> String {
    match (sync.status, sync.reason) {
        (SyncStatus::Skipped, Some(reason)) => format!("skipped: {reason}"),
        (status, _) => status.to_string(),
    }
}
