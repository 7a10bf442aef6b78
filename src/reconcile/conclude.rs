//! The plan and the results of the guests make the report.

use std::collections::{HashMap, HashSet};

use super::messages;
use super::plan::ReconcilePlan;
use super::report::{HostSync, Report, Warning, WarningCode};
use crate::discovery::MachineName;
use crate::error::{Error, Result};
use crate::guest::{ExchangeFailure, GuestResult, SkipReason, SyncStatus, other_name};

/// Ends a run. Results may come in any order; a guest without one failed, or stays `planned` in a dry run.
///
/// # Errors
/// `INVALID_REQUEST` for a result of a machine that the plan does not enter, or two for one machine.
pub fn conclude(plan: ReconcilePlan, results: Vec<GuestResult>) -> Result<Report> {
    let ReconcilePlan { mut report, targets, .. } = plan;
    let mut by_machine: HashMap<MachineName, GuestResult> = HashMap::with_capacity(results.len());
    for result in results {
        if let Some(twice) = by_machine.insert(result.machine_name.clone(), result) {
            return Err(messages::unexpected_result(&twice.machine_name, "gave two results"));
        }
    }
    let mut positions: HashMap<MachineName, usize> =
        report.host_sync.iter().enumerate().map(|(at, sync)| (sync.machine_name.clone(), at)).collect();
    let found_by_arp = found_by_arp(&report.warnings);
    for target in targets {
        let result = by_machine.remove(&target.machine_name);
        let place = positions.remove(&target.machine_name).and_then(|at| report.host_sync.get_mut(at));
        let Some(sync) = place else { continue };
        let host_name = result.as_ref().and_then(|result| result.host_name.clone());
        let (error, warnings) =
            take(sync, result, report.dry_run, found_by_arp.contains(&target.machine_name));
        report.errors.extend(error);
        report.warnings.extend(warnings);
        let other_name = host_name.and_then(|name| other_name(&target.machine_name, &name));
        report.warnings.extend(other_name.map(|name| messages::name_differs(&target, &name)));
    }
    if let Some(machine) = by_machine.into_keys().next() {
        return Err(messages::unexpected_result(&machine, "was not to be entered, and gave a result"));
    }
    report.finish();
    Ok(report)
}

/// Tells once why Data Exchange could not be asked, where guests were skipped for that.
pub fn tell_exchange_failure(report: &mut Report, cause: ExchangeFailure) {
    if report.host_sync.iter().any(|sync| sync.reason == Some(SkipReason::ExchangeRefused)) {
        report.warnings.push(messages::exchange_refused(cause));
    }
}

/// Enters a result into its row; returns the error and the warnings that follow.
fn take(
    sync: &mut HostSync,
    result: Option<GuestResult>,
    dry_run: bool,
    found_by_arp: bool,
) -> (Option<Error>, Vec<Warning>) {
    let name = sync.machine_name.clone();
    let result = match result {
        Some(result) => result,
        None if dry_run => return (None, Vec::new()),
        None => messages::no_result(&name),
    };
    sync.status = result.status;
    sync.transport = result.transport;
    let mut warnings: Vec<Warning> =
        result.warnings.iter().map(|warning| messages::hosts_warning(&name, warning)).collect();
    let message = result.message.unwrap_or_else(|| "it gave no reason".to_owned());
    let mut error = None;
    match result.status {
        SyncStatus::Failed => {
            error = Some(messages::guest_failed(&name, &message, result.remedy));
            sync.error = Some(message);
        }
        SyncStatus::Skipped => {
            let reason = result.reason.unwrap_or(SkipReason::NoTransport);
            if reason != SkipReason::Declined {
                let warning = messages::guest_skipped(&name, &message, result.remedy);
                let told_once = reason == SkipReason::ExchangeRefused;
                warnings
                    .push(warning.covered_if(told_once || reason == SkipReason::NoContact && found_by_arp));
            }
            sync.reason = Some(reason);
        }
        SyncStatus::Planned | SyncStatus::Synced | SyncStatus::Unchanged => {}
    }
    (error, warnings)
}

/// The machines for which a warning already names the guest that does not answer.
fn found_by_arp(warnings: &[Warning]) -> HashSet<MachineName> {
    let arp = warnings.iter().filter(|warning| warning.code == WarningCode::AddressFromArp);
    arp.filter_map(|warning| warning.machine_name.clone()).collect()
}
