//! Everything that a reconcile decides before anything is written.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::diff::diff;
use super::eligibility::eligibility;
use super::messages;
use super::report::{DiffEntry, DiscoveryEntry, Report};
use super::stored_network::StoredNetwork;
use crate::config::Config;
use crate::discovery::{Discovery, Found, MachineName, Row, Snapshot, VmId, diagnose, discover};
use crate::guest::SyncTarget;
use crate::hosts;
use crate::state::{State, Timestamp};

/// How a reconcile is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// The time of the run, as it is stored.
    #[serde(default = "Timestamp::now")]
    pub now: Timestamp,
    /// Whether to go on without the machines that have no address.
    #[serde(default)]
    pub allow_partial: bool,
    /// Whether nothing is to be done but the report.
    #[serde(default)]
    pub dry_run: bool,
    /// For how many seconds the run waited for addresses.
    #[serde(default)]
    pub waited_seconds: f64,
}

/// What is to be done, and the report of it so far; [`conclude`](super::conclude()) completes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReconcilePlan {
    /// Whether the run goes on: false where a machine without an address stops it, or there is no machine.
    pub proceed: bool,
    /// The report; its guests are `planned` until they have a result.
    pub report: Report,
    /// The time that is recorded with it.
    pub now: Timestamp,
    /// The guests to enter.
    pub targets: Vec<SyncTarget>,
    /// What recording does, as ShouldProcess asks it.
    pub record_operation: String,
    /// What entering a guest does, as ShouldProcess asks it.
    pub write_operation: String,
}

impl ReconcilePlan {
    /// What was learned and is to be recorded: what was found of each machine that the state knows.
    pub fn learned(&self) -> impl Iterator<Item = &DiscoveryEntry> {
        let mut diffs = self.report.diffs.iter().map(|diff| &diff.machine_name).peekable();
        // Both are in the order of the machines.
        self.report.discovery.iter().filter(move |entry| diffs.next_if_eq(&&entry.machine_name).is_some())
    }

    /// The networks to set in a state that was read again under the lock: each machine's is computed against what
    /// it holds now. Machines that it does not know any more, or that have another VM, are left out.
    pub fn networks(&self, state: &State) -> Vec<(MachineName, StoredNetwork)> {
        self.learned()
            .filter_map(|learned| {
                let known = state.machine(&learned.machine_name)?;
                let is_same_vm = known.vm_id().map(VmId::from) == learned.vm_id;
                let network = || diff(known.network(), &learned.network, self.now).network;
                is_same_vm.then(|| (learned.machine_name.clone(), network()))
            })
            .collect()
    }
}

/// Decides a whole reconcile from the merged snapshot: what [`decide`] makes of what [`discover`] finds.
pub fn plan_reconcile(
    config: &Config,
    state: &State,
    snapshot: &Snapshot,
    options: &Options,
) -> ReconcilePlan {
    decide(config, discover(config, state, snapshot), options)
}

/// Decides a whole reconcile from what was discovered of the machines of this config.
///
/// A machine of the config that runs without an address stops the run: nothing is to be written, unless `allow_partial`
/// lets it go on without that machine. A state without machines is no failure; there is nothing to do then.
pub fn decide(config: &Config, discovery: Discovery<'_>, options: &Options) -> ReconcilePlan {
    let report = Report {
        dry_run: options.dry_run,
        project: config.project.clone(),
        config_path: config.config_path.clone(),
        ..Report::default()
    };
    let mut plan = ReconcilePlan {
        proceed: false,
        report,
        now: options.now,
        targets: Vec::new(),
        record_operation: String::new(),
        write_operation: String::new(),
    };
    if !discovery.machines.iter().any(Found::is_in_state) {
        plan.report.warnings.push(messages::no_machines(&config.project));
        plan.report.finish();
        return plan;
    }
    let shared = discovery.shared_ipv4();
    plan.report.warnings = messages::of_discovery(&discovery, &shared);
    judge_machines(&mut plan.report, &discovery, config, options);
    plan.proceed = options.allow_partial || discovery.without_address().next().is_none();
    if plan.proceed {
        go_on(&mut plan, &discovery, &shared);
    }
    plan.report.discovery = discovery.machines.into_iter().filter_map(discovery_entry).collect();
    plan.report.finish();
    plan
}

/// Errors, in the order of the machines; with `allow_partial` a machine without an address is a warning.
fn judge_machines(report: &mut Report, discovery: &Discovery<'_>, config: &Config, options: &Options) {
    for found in &discovery.machines {
        match found {
            Found::NotOwned(machine) => report.errors.push(messages::not_owned(machine, &config.config_path)),
            Found::Row(row) if row.is_without_address() => {
                let error = diagnose(row, options.waited_seconds);
                match options.allow_partial {
                    true => report.warnings.push(messages::without_address_allowed(&row.machine_name, error)),
                    false => report.errors.push(messages::without_address_stops(error)),
                }
            }
            Found::Row(_) => {}
        }
    }
}

fn go_on(plan: &mut ReconcilePlan, discovery: &Discovery<'_>, shared: &HashSet<Ipv4Addr>) {
    let machines = discovery.machines.len();
    plan.report.diffs.reserve_exact(machines);
    plan.report.host_sync.reserve_exact(machines);
    plan.targets.reserve_exact(machines);
    let mut peers = Vec::with_capacity(machines);
    let mut addresses = 0;
    for found in &discovery.machines {
        let (sync, target) = eligibility(found, shared);
        plan.report.host_sync.push(sync);
        let Found::Row(row) = found else { continue };
        if let Some(target) = target {
            peers.extend(row.network.ipv4.map(|ipv4| (row.machine_name.as_str(), ipv4)));
            plan.targets.push(target);
        }
        let Some(known) = row.known else { continue };
        let change = diff(known.network(), &row.network, plan.now);
        addresses += usize::from(row.network.ipv4.is_some());
        plan.report.diffs.push(DiffEntry {
            machine_name: row.machine_name.clone(),
            changed: change.changed,
            previous_ipv4: change.network.previous_ipv4.clone(),
            network: change.network,
        });
    }
    plan.report.hosts_block = Some(hosts::render(peers));
    plan.record_operation = messages::record_operation(addresses);
    plan.write_operation = messages::write_operation(plan.targets.len());
}

fn discovery_entry(found: Found<'_>) -> Option<DiscoveryEntry> {
    let Found::Row(row) = found else { return None };
    let Row { machine_name, vm_name, vm_id, state, vm_state, network, .. } = row;
    Some(DiscoveryEntry { machine_name, vm_name, vm_id, state, vm_state, network })
}
