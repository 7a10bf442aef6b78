//! A watch over a lab: whether there is something to reconcile since the last time.
//!
//! Nothing of an earlier look is kept but a digest, the mark, so a watch needs as much memory after a year as after a minute.

mod task;

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::config::Config;
use crate::discovery::{Found, MachineState, Row, Snapshot, Vm, VmId, discover};
use crate::guest::{Component, GuestTransport, Known, SyncTarget, TransportChoice, choose};
use crate::hash::sha256_hex;
use crate::state::State;

pub use task::{OwnTask, RegisteredTask, WatchTask, own, watch_task};

/// By how many seconds the age of a VM may be behind: it is told in whole seconds, and asked for before the clock is read.
const UPTIME_MARGIN: f64 = 5.0;

/// What a watch knows of the last reconcile.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// The [`mark`] of what it saw.
    pub mark: String,
    /// How many seconds ago it ended.
    pub seconds: f64,
}

/// Why a lab is to be reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It never was since the watch began.
    First,
    /// Something of what a reconcile acts on is another than it saw: the config, a machine, its VM, its address, or the way into
    /// its guest.
    Changed,
    /// A VM was started since, though nothing else shows it: what it boots may be of an earlier time.
    StartedAgain,
}

impl Due {
    /// In a sentence of the verbose stream.
    pub fn text(self) -> &'static str {
        match self {
            Due::First => "it is the first look",
            Due::Changed => "something changed since the last reconcile",
            Due::StartedAgain => "a machine was started since the last reconcile",
        }
    }
}

/// The digest of all that a reconcile acts on. Two snapshots with the same mark lead to the same hosts files.
///
/// A running machine that shows no address counts with the one that the state has of it: an address vanishes for a moment, and
/// until there is another one there is nothing to tell the others.
pub fn mark(config: &Config, state: &State, snapshot: &Snapshot, components: &[Component]) -> String {
    let mut text = format!("{}\n{}\n{}\n", config.config_path, config.config_hash, config.project);
    let discovery = discover(config, state, snapshot);
    let entered = discovery.rows().filter_map(to_enter).collect();
    let mut chosen = choose(entered, TransportChoice::Auto, true, Known::Components(components)).into_iter();
    // A string takes whatever is written.
    for found in &discovery.machines {
        let _ = match found {
            Found::NotOwned(machine) => {
                writeln!(text, "{:?}", (&machine.machine_name, &machine.actual_vm_name))
            }
            Found::Row(row) => {
                let transport = to_enter(row).and_then(|_| chosen.next());
                writeln!(text, "{}", row_text(row, transport.as_ref()))
            }
        };
    }
    sha256_hex(text.as_bytes())
}

fn runs(row: &Row<'_>) -> bool {
    matches!(row.state, MachineState::Discovered | MachineState::NoIp)
}

/// The guest of a running machine of the config.
fn to_enter(row: &Row<'_>) -> Option<SyncTarget> {
    let vm_id = row.vm_id.clone().filter(|_| runs(row) && row.in_config)?;
    Some(SyncTarget::new(row.machine_name.clone(), vm_id, row.vm_name.clone()))
}

fn row_text(row: &Row<'_>, transport: Option<&GuestTransport>) -> String {
    let known = || row.known.filter(|_| runs(row))?.network()?.ipv4();
    let ipv4 = row.network.ipv4.or_else(known);
    let transport = transport.map(ToString::to_string);
    format!("{:?}", (&row.machine_name, &row.vm_id, runs(row), row.in_config, ipv4, transport))
}

/// Whether there is something to reconcile; `now` is the [`mark`] of what is there.
pub fn due(
    config: &Config,
    state: &State,
    snapshot: &Snapshot,
    now: &str,
    last: Option<&Last>,
) -> Option<Due> {
    let Some(last) = last else { return Some(Due::First) };
    if last.mark != now {
        return Some(Due::Changed);
    }
    let ours = discover(config, state, snapshot);
    let vms: HashMap<&VmId, &Vm> = snapshot.vms.iter().rev().map(|vm| (&vm.id, vm)).collect();
    let is_young = |row: &Row<'_>| {
        let vm = row.vm_id.as_ref().and_then(|id| vms.get(id));
        let uptime = vm.filter(|vm| vm.is_running()).and_then(|vm| vm.uptime_seconds);
        uptime.is_some_and(|uptime| uptime + UPTIME_MARGIN < last.seconds)
    };
    ours.rows().any(|row| row.in_config && is_young(row)).then_some(Due::StartedAgain)
}
