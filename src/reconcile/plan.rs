//! Everything that a reconcile decides before anything is written.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::diff::diff;
use super::eligibility::eligibility;
use super::messages;
use super::report::{DiffEntry, DiscoveryEntry, Report};
use crate::config::Config;
use crate::discovery::{Discovery, Found, MachineName, Network, Row, Snapshot, VmId, diagnose, discover};
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
    /// What was learned and is to be recorded, for [`ReconcilePlan::networks`].
    pub learned: Vec<Learned>,
    /// The time that is recorded with it.
    pub now: Timestamp,
    /// The guests to enter.
    pub targets: Vec<SyncTarget>,
    /// What recording does, as ShouldProcess asks it.
    pub record_operation: String,
    /// What entering a guest does, as ShouldProcess asks it.
    pub write_operation: String,
}

/// What was learned of one machine that the state knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Learned {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The Id of its VM.
    pub vm_id: Option<VmId>,
    /// What was found.
    pub network: Network,
}

impl ReconcilePlan {
    /// The networks to set in a state that was read again under the lock: each machine's is computed against what
    /// it holds now. Machines that it does not know any more, or that have another VM, are left out.
    pub fn networks(&self, state: &State) -> Vec<(MachineName, Map<String, Value>)> {
        self.learned
            .iter()
            .filter_map(|learned| {
                let known = state.machine(&learned.machine_name)?;
                let network = diff(known.network(), &learned.network, self.now).network;
                let is_same_vm = known.vm_id().map(VmId::from) == learned.vm_id;
                is_same_vm.then(|| (learned.machine_name.clone(), network))
            })
            .collect()
    }
}

/// Decides a whole reconcile from the merged snapshot.
///
/// A machine of the config that runs without an address stops the run: nothing is to be written, unless `allow_partial`
/// lets it go on without that machine. A state without machines is no failure; there is nothing to do then.
pub fn plan_reconcile(
    config: &Config,
    state: &State,
    snapshot: &Snapshot,
    options: &Options,
) -> ReconcilePlan {
    let report = Report {
        dry_run: options.dry_run,
        project: config.project.clone(),
        config_path: config.config_path.clone(),
        ..Report::default()
    };
    let mut plan = ReconcilePlan {
        proceed: false,
        report,
        learned: Vec::new(),
        now: options.now,
        targets: Vec::new(),
        record_operation: String::new(),
        write_operation: String::new(),
    };
    if state.machines().next().is_none() {
        plan.report.warnings.push(messages::no_machines(&config.project));
        plan.report.finish();
        return plan;
    }
    let discovery = discover(config, state, snapshot);
    plan.report.discovery = discovery.rows().map(discovery_entry).collect();
    plan.report.warnings = messages::of_discovery(&discovery);
    judge_machines(&mut plan.report, &discovery, config, options);
    plan.proceed = options.allow_partial || discovery.without_address().next().is_none();
    if plan.proceed {
        go_on(&mut plan, &discovery, state);
    }
    plan.report.finish();
    plan
}

/// Errors, in the order of the machines; with `allow_partial` a machine without an address is a warning.
fn judge_machines(report: &mut Report, discovery: &Discovery, config: &Config, options: &Options) {
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

fn go_on(plan: &mut ReconcilePlan, discovery: &Discovery, state: &State) {
    let shared = discovery.shared_ipv4();
    for row in discovery.rows() {
        let Some(known) = state.machine(&row.machine_name) else { continue };
        let change = diff(known.network(), &row.network, plan.now);
        plan.report.diffs.push(DiffEntry {
            machine_name: row.machine_name.clone(),
            changed: change.changed,
            previous_ipv4: change.previous_ipv4().map(str::to_owned),
            network: change.network,
        });
        plan.learned.push(Learned {
            machine_name: row.machine_name.clone(),
            vm_id: row.vm_id.clone(),
            network: row.network.clone(),
        });
    }
    for found in &discovery.machines {
        let (sync, target) = eligibility(found, &shared);
        plan.report.host_sync.push(sync);
        plan.targets.extend(target);
    }
    let entered: HashSet<&MachineName> = plan.targets.iter().map(|target| &target.machine_name).collect();
    let named = discovery.rows().filter(|row| entered.contains(&row.machine_name));
    let peers = named.filter_map(|row| Some((row.machine_name.as_str(), row.network.ipv4?)));
    plan.report.hosts_block = Some(hosts::render(peers));
    let addresses = plan.learned.iter().filter(|learned| learned.network.ipv4.is_some()).count();
    plan.record_operation = messages::record_operation(addresses);
    plan.write_operation = messages::write_operation(plan.targets.len());
}

fn discovery_entry(row: &Row) -> DiscoveryEntry {
    DiscoveryEntry {
        machine_name: row.machine_name.clone(),
        vm_name: row.vm_name.clone(),
        vm_id: row.vm_id.clone(),
        state: row.state,
        vm_state: row.vm_state.clone(),
        network: row.network.clone(),
    }
}
