//! Everything that a reconcile decides before anything is written.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::sync::{SyncTarget, decide};
use super::warning::{Warning, WarningCode};
use super::{DiffEntry, DiscoveryEntry, Report, Summary, warnings};
use crate::config::Config;
use crate::diff::diff;
use crate::discovery::{Discovery, Found, Look, Network, Row, diagnose, discover};
use crate::error::Error;
use crate::hosts;
use crate::state::State;

/// How a reconcile is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// The time of the run, as it is stored: ISO 8601, UTC.
    #[serde(default = "crate::state::now")]
    pub now: String,
    /// Whether to go on without the machines that stay silent.
    #[serde(default)]
    pub allow_partial: bool,
    /// Whether only to say what would be done.
    #[serde(default)]
    pub dry_run: bool,
    /// For how many seconds the run waited for addresses.
    #[serde(default)]
    pub waited_seconds: f64,
}

/// What is to be done, and the report of it so far. It crosses the border to PowerShell and comes back to
/// [`conclude`](super::conclude()).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReconcilePlan {
    /// Whether the run goes on: false where the gate failed or there is no machine.
    pub proceed: bool,
    /// The report; its guests are `planned` until they have answered.
    pub report: Report,
    /// What was learned and is to be recorded, for [`ReconcilePlan::networks`].
    pub learned: Vec<Learned>,
    /// The time that is recorded with it.
    pub now: String,
    /// The guests to enter.
    pub targets: Vec<SyncTarget>,
    /// What recording does, as ShouldProcess asks it: `Record 3 addresses`.
    pub record_operation: String,
    /// What entering a guest does, as ShouldProcess asks it: `Write the hosts block (3 names)`.
    pub write_operation: String,
}

/// What was learned of one machine that the state knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Learned {
    /// The machine's name.
    pub machine_name: String,
    /// The Id of its VM.
    pub vm_id: Option<String>,
    /// What was found.
    pub network: Network,
}

impl ReconcilePlan {
    /// The networks to set in a state that was read again under the lock: each machine's is computed against what
    /// stands there now. Machines that are gone from it, or have another VM, are left out.
    pub fn networks(&self, state: &State) -> Vec<(String, Map<String, Value>)> {
        let same_vm = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            (one, other) => one == other,
        };
        self.learned
            .iter()
            .filter_map(|learned| {
                let known = state.machine(&learned.machine_name)?;
                let network = diff(known.network(), &learned.network, &self.now).network;
                same_vm(known.vm_id(), learned.vm_id.as_deref())
                    .then(|| (learned.machine_name.clone(), network))
            })
            .collect()
    }
}

/// Decides a whole reconcile from the last look.
///
/// Where a machine of the config runs without an address, the gate fails: nothing is to be written, unless
/// `allow_partial` lets the run go on without it. A state without machines is no failure, and nothing to do.
pub fn plan_reconcile(config: &Config, state: &State, look: &Look, options: &Options) -> ReconcilePlan {
    let mut plan = empty(config, options);
    if state.machines().next().is_none() {
        plan.report.warnings.push(no_machines(config));
        plan.report.summary = Summary::of(&plan.report);
        return plan;
    }
    let discovery = discover(config, state, look);
    plan.report.discovery = discovery.rows().map(discovery_entry).collect();
    plan.report.warnings = warnings::of_discovery(&discovery);
    judge_machines(&mut plan.report, &discovery, config, options);
    plan.proceed = options.allow_partial || discovery.silent().next().is_none();
    if plan.proceed {
        go_on(&mut plan, &discovery, state);
    }
    plan.report.summary = Summary::of(&plan.report);
    plan.report.judge();
    plan
}

fn empty(config: &Config, options: &Options) -> ReconcilePlan {
    ReconcilePlan {
        proceed: false,
        report: Report {
            success: true,
            dry_run: options.dry_run,
            project: config.project.clone(),
            config_path: config.config_path.clone(),
            discovery: Vec::new(),
            diffs: Vec::new(),
            hosts_block: None,
            host_sync: Vec::new(),
            summary: Summary::default(),
            warnings: Vec::new(),
            errors: Vec::new(),
            exit_code: 0,
        },
        learned: Vec::new(),
        now: options.now.clone(),
        targets: Vec::new(),
        record_operation: String::new(),
        write_operation: String::new(),
    }
}

fn no_machines(config: &Config) -> Warning {
    let message =
        format!("{}: no machine has been created yet, so there is nothing to reconcile.", config.project);
    Warning {
        code: WarningCode::ReconcileNoVms,
        machine_name: None,
        message,
        remedy: Some("Create the machines of the config first.".to_owned()),
        covered: false,
    }
}

/// Errors, in the order of the machines; what `allow_partial` forgives becomes a warning.
fn judge_machines(report: &mut Report, discovery: &Discovery, config: &Config, options: &Options) {
    for found in &discovery.machines {
        match found {
            Found::NotOwned(machine) => report.errors.push(warnings::not_owned(machine, &config.config_path)),
            Found::Row(row) if row.is_silent() => {
                let error = diagnose(row, options.waited_seconds);
                match options.allow_partial {
                    true => report.warnings.push(forgiven(&row.machine_name, error)),
                    false => report.errors.push(final_word(error)),
                }
            }
            Found::Row(_) => {}
        }
    }
}

fn forgiven(machine: &str, error: Error) -> Warning {
    let warning = Warning::new(WarningCode::ReconcileIpFailed, machine, error.message);
    Warning { remedy: error.remedy, ..warning }
}

fn final_word(error: Error) -> Error {
    let remedy = error.remedy.clone().unwrap_or_default();
    error.with_remedy(format!("{remedy} Nothing was written. To go on without it: -AllowPartial."))
}

fn go_on(plan: &mut ReconcilePlan, discovery: &Discovery, state: &State) {
    let shared = discovery.shared_ipv4();
    for row in discovery.rows() {
        let Some(known) = state.machine(&row.machine_name) else { continue };
        let change = diff(known.network(), &row.network, &plan.now);
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
        let (sync, target) = decide(found, &shared);
        plan.report.host_sync.push(sync);
        plan.targets.extend(target);
    }
    let entered: HashSet<&str> = plan.targets.iter().map(|target| target.machine_name.as_str()).collect();
    let named = discovery.rows().filter(|row| entered.contains(row.machine_name.as_str()));
    let peers = named.filter_map(|row| Some((row.machine_name.as_str(), row.network.ipv4.as_deref()?)));
    plan.report.hosts_block = Some(hosts::render(peers));
    let addresses = plan.learned.iter().filter(|learned| learned.network.ipv4.is_some()).count();
    plan.record_operation = format!("Record {}", counted(addresses, "address", "addresses"));
    plan.write_operation =
        format!("Write the hosts block ({})", counted(plan.targets.len(), "name", "names"));
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
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
