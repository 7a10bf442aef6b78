//! The table that a person sees, a row for each machine.

use serde::{Deserialize, Serialize};

use super::{DiffEntry, DiscoveryEntry, HostSync, Report, SyncStatus};
use crate::discovery::{MachineState, Source};
use std::collections::HashMap;

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ViewRow {
    /// The machine's name.
    pub machine: String,
    /// How it was found, in words.
    pub state: String,
    /// Its address, old and new where it changed, or the last one known.
    pub address: String,
    /// Who told it.
    pub source: String,
    /// What became of its guest's hosts file.
    pub hosts: String,
}

/// The rows of a report, sorted by name.
pub fn view(report: &Report) -> Vec<ViewRow> {
    let diffs: HashMap<&str, &DiffEntry> =
        report.diffs.iter().map(|diff| (diff.machine_name.as_str(), diff)).collect();
    let mut syncs: HashMap<&str, &HostSync> =
        report.host_sync.iter().map(|sync| (sync.machine_name.as_str(), sync)).collect();
    let mut rows = Vec::with_capacity(report.discovery.len());
    for entry in &report.discovery {
        let name = entry.machine_name.as_str();
        rows.push(ViewRow {
            machine: name.to_owned(),
            state: state(entry.state).to_owned(),
            address: address(entry, diffs.get(name).copied()),
            source: source(entry.network.source).to_owned(),
            hosts: syncs.remove(name).map(hosts).unwrap_or_default(),
        });
    }
    // What found no row is not ours; where the run could not go on, its errors alone name it.
    rows.extend(syncs.into_values().map(|sync| ViewRow {
        machine: sync.machine_name.clone(),
        state: "not ours".to_owned(),
        address: String::new(),
        source: String::new(),
        hosts: hosts(sync),
    }));
    rows.sort_by(|one, other| one.machine.cmp(&other.machine));
    rows
}

fn state(state: MachineState) -> &'static str {
    match state {
        MachineState::Discovered => "discovered",
        MachineState::NoIp => "no address",
        MachineState::Off => "off",
        MachineState::Missing => "missing",
    }
}

fn address(entry: &DiscoveryEntry, diff: Option<&DiffEntry>) -> String {
    let previous = diff.and_then(|diff| diff.previous_ipv4.as_deref());
    match (entry.network.ipv4.as_deref(), previous) {
        (Some(ipv4), Some(old)) if old != ipv4 && diff.is_some_and(|diff| diff.changed) => {
            format!("{old} \u{2192} {ipv4}")
        }
        (Some(ipv4), _) => ipv4.to_owned(),
        (None, Some(old)) => format!("was {old}"),
        (None, None) => String::new(),
    }
}

fn source(source: Option<Source>) -> &'static str {
    match source {
        Some(Source::Hyperv) => "hyperv",
        Some(Source::Arp) => "arp",
        None => "",
    }
}

fn hosts(sync: &HostSync) -> String {
    match sync.status {
        SyncStatus::Planned => "to be written".to_owned(),
        SyncStatus::Synced => "synced".to_owned(),
        SyncStatus::Unchanged => "unchanged".to_owned(),
        SyncStatus::Failed => "failed".to_owned(),
        SyncStatus::Skipped => format!("skipped: {}", reason(sync.reason.as_deref().unwrap_or_default())),
    }
}

fn reason(code: &str) -> &str {
    match code {
        "not-created" => "not created",
        "not-owned" => "not ours",
        "missing" => "gone",
        "not-in-config" => "not in the config",
        "off" => "not running",
        "no-ip" => "no address",
        "duplicate-ipv4" => "shared address",
        "no-door" => "no door",
        "no-contact" => "no contact",
        "no-credential" => "no credential",
        "no-script" => "no script",
        "exchange-disabled" => "Data Exchange off",
        "not-yet" => "not yet",
        other => other,
    }
}
