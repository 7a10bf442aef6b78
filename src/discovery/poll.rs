//! After each look: who is still awaited, and whether the host's neighbour table may speak for them.

use serde::{Deserialize, Serialize};

use super::look::{KvpStatus, Look};
use super::machine::{MachineState, Row, Source};
use super::{Discovery, discover, merge_looks};
use crate::config::Config;
use crate::state::State;

/// How long a guest that boots may stay silent before that means anything, in seconds since the VM's start.
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
    /// Whether the wait is over, whoever is still silent.
    pub fn is_over(&self) -> bool {
        self.elapsed_seconds >= self.timeout_seconds
    }
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// All that the run has seen so far: `previous` of the next poll, or the look to reconcile with.
    pub look: Look,
    /// The machines without an address that counts, in the order of the house.
    pub awaited: Vec<Awaited>,
    /// Whether nothing is left to wait for, or the time is up. Where `ask_neighbours` is true, ask them first.
    pub done: bool,
    /// Whether to ask the neighbour table now, and to poll again with its answer, before the next question to Hyper-V.
    pub ask_neighbours: bool,
    /// What a progress bar says.
    pub progress: String,
    /// The share of running machines that have an address, 0 to 100.
    pub percent: u8,
}

/// A running machine of the config without an address that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Awaited {
    /// The machine's name.
    pub machine_name: String,
    /// The Id of its VM.
    pub vm_id: String,
    /// The name of its VM.
    pub vm_name: String,
}

/// Takes a newer look into what the run has seen, and says who is still awaited.
///
/// The neighbour table speaks for a machine once silence means something: at the deadline; or when its guest's daemon
/// is known not to answer; or when it did not answer at the last reconcile either; or when its VM has been up for a
/// minute and was silent in two looks. Sooner, a table that still holds the address of an earlier boot would be
/// believed over a guest that is about to speak.
pub fn poll(config: &Config, state: &State, previous: Option<Look>, newer: Look, clock: Clock) -> Poll {
    let is_first = previous.is_none();
    let asked = newer.neighbours.is_some();
    let look = match previous {
        Some(previous) => merge_looks(previous, newer),
        None => newer,
    };
    let discovery = discover(config, state, &look);
    let speak = |row: &Row| clock.is_over() || silence_counts(row, state, is_first);
    let waits = |row: &&Row| {
        row.is_silent() || (row.network.source == Some(Source::Arp) && row.in_config && !speak(row))
    };
    let awaited: Vec<&Row> = discovery.rows().filter(waits).collect();
    let ask_neighbours = !asked && awaited.iter().any(|row| row.network.mac.is_some() && speak(row));
    let (running, names) = (running(&discovery), names(&awaited));
    Poll {
        done: awaited.is_empty() || clock.is_over(),
        ask_neighbours,
        progress: format!("Waiting for addresses: {names} ({} of {running})", awaited.len()),
        percent: percent(running - awaited.len().min(running), running),
        awaited: awaited.into_iter().filter_map(to_awaited).collect(),
        look,
    }
}

fn silence_counts(row: &Row, state: &State, is_first: bool) -> bool {
    let Some(seen) = &row.evidence else { return false };
    if seen.uptime_seconds.is_some_and(|uptime| uptime < BOOT_SECONDS) {
        return false;
    }
    let status = seen.guest.as_ref().map(|guest| guest.kvp_status).unwrap_or_default();
    let network = state.machine(&row.machine_name).and_then(|known| known.network());
    let source = network.and_then(|network| network.get("source")).and_then(|source| source.as_str());
    !is_first || matches!(status, KvpStatus::NoContact | KvpStatus::Disabled) || source == Some("arp")
}

fn running(discovery: &Discovery) -> usize {
    let runs =
        |row: &&Row| row.in_config && matches!(row.state, MachineState::Discovered | MachineState::NoIp);
    discovery.rows().filter(runs).count()
}

fn names(awaited: &[&Row]) -> String {
    let named: Vec<&str> = awaited.iter().take(NAMED_AT_MOST).map(|row| row.machine_name.as_str()).collect();
    match awaited.len().saturating_sub(NAMED_AT_MOST) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from((part * 100).checked_div(whole).unwrap_or(100)).unwrap_or(100)
}

fn to_awaited(row: &Row) -> Option<Awaited> {
    let vm_id = row.vm_id.clone()?;
    Some(Awaited { machine_name: row.machine_name.clone(), vm_id, vm_name: row.vm_name.clone() })
}
