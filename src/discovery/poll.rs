//! After each snapshot: which machines are still awaited, and whether the host's neighbour table is believed for them.

use serde::{Deserialize, Serialize};

use super::identifiers::{MachineName, VmId};
use super::machine::{MachineState, Row, Source};
use super::snapshot::{DEFAULT_SWITCH, KvpStatus, Snapshot, merge_snapshots};
use super::{Discovery, discover};
use crate::config::Config;
use crate::state::State;

/// For how many seconds after its VM's start a guest without an address is taken to be booting.
const BOOT_SECONDS: f64 = 60.0;
/// How many awaited machines are named before they are only counted.
const NAMED_AT_MOST: usize = 5;

/// How far the wait has come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clock {
    /// Seconds since the wait began.
    pub elapsed_seconds: f64,
    /// Seconds after which it ends, for all machines together.
    pub timeout_seconds: f64,
}

impl Clock {
    /// Whether the wait is over, also for machines that are still without an address.
    pub fn is_over(&self) -> bool {
        self.elapsed_seconds >= self.timeout_seconds
    }
}

/// What follows from a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// All that the run has seen so far: `previous` of the next poll, or the snapshot to reconcile with.
    pub snapshot: Snapshot,
    /// The machines without an address that counts.
    pub awaited: Vec<Awaited>,
    /// Whether no machine is awaited any more, or the time is over. Where `ask_neighbours` is true, that comes first.
    pub done: bool,
    /// Whether to read the neighbour table now, and to poll again with it before Hyper-V is asked again.
    pub ask_neighbours: bool,
    /// The Id of the switch whose range is to be asked of the host now, and to poll again with it: asked once a run, and only
    /// where a machine has several addresses to choose from.
    pub ask_range_of: Option<&'static str>,
    /// The text of the progress bar.
    pub progress: String,
    /// The share of running machines that have an address, 0 to 100.
    pub percent: u8,
}

/// A running machine of the config without an address that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Awaited {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The Id of its VM.
    pub vm_id: VmId,
}

/// Merges a newer snapshot into what the run has seen, and says which machines are still awaited.
///
/// The neighbour table is believed for a machine at the deadline; or when its guest's daemon is known not to answer; or
/// when its address came from there at the last reconcile; or when its VM has been up for a minute and was without an
/// address in two snapshots. Sooner, a table that still holds the address of an earlier boot would be believed over a
/// guest that is about to report its own.
pub fn poll(
    config: &Config,
    state: &State,
    previous: Option<Snapshot>,
    newer: Snapshot,
    clock: Clock,
) -> Poll {
    let is_first = previous.is_none();
    let asked = newer.neighbours.is_some();
    let snapshot = match previous {
        Some(previous) => merge_snapshots(previous, newer),
        None => newer,
    };
    let discovery = discover(config, state, &snapshot);
    let believed = |row: &Row<'_>| clock.is_over() || is_believed_early(row, is_first);
    let waits = |row: &&Row<'_>| {
        row.is_without_address()
            || (row.network.source == Some(Source::Arp) && row.in_config && !believed(row))
    };
    let awaited: Vec<&Row<'_>> = discovery.rows().filter(waits).collect();
    let ask_neighbours = !asked && awaited.iter().any(|row| row.network.mac.is_some() && believed(row));
    let done = awaited.is_empty() || clock.is_over();
    let has_choice = || discovery.rows().any(|row| row.choice.is_some());
    let ask_range = done && !ask_neighbours && snapshot.host_addresses.is_none() && has_choice();
    let (running, names) = (running(&discovery), names(&awaited));
    Poll {
        done,
        ask_neighbours,
        ask_range_of: ask_range.then_some(DEFAULT_SWITCH),
        progress: format!("Waiting for addresses: {names} ({} of {running})", awaited.len()),
        percent: percent(running - awaited.len().min(running), running),
        awaited: awaited.into_iter().filter_map(to_awaited).collect(),
        snapshot,
    }
}

/// Whether the neighbour table is believed for a machine before the deadline.
fn is_believed_early(row: &Row<'_>, is_first: bool) -> bool {
    let Some(seen) = &row.evidence else { return false };
    if seen.uptime_seconds.is_some_and(|uptime| uptime < BOOT_SECONDS) {
        return false;
    }
    let status = seen.guest.as_ref().map(|guest| guest.kvp_status).unwrap_or_default();
    let network = row.known.and_then(|known| known.network());
    let source = network.and_then(|network| network.source());
    !is_first
        || matches!(status, KvpStatus::NoContact | KvpStatus::Disabled)
        || source == Some(Source::Arp.name())
}

fn running(discovery: &Discovery<'_>) -> usize {
    let runs =
        |row: &&Row<'_>| row.in_config && matches!(row.state, MachineState::Discovered | MachineState::NoIp);
    discovery.rows().filter(runs).count()
}

fn names(awaited: &[&Row<'_>]) -> String {
    let named: Vec<&str> = awaited.iter().take(NAMED_AT_MOST).map(|row| row.machine_name.as_str()).collect();
    match awaited.len().saturating_sub(NAMED_AT_MOST) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from((part * 100).checked_div(whole).unwrap_or(100)).unwrap_or(100)
}

fn to_awaited(row: &Row<'_>) -> Option<Awaited> {
    let vm_id = row.vm_id.clone()?;
    Some(Awaited { machine_name: row.machine_name.clone(), vm_id })
}
