//! Plan + what the guests answered → the report.

use std::collections::{HashMap, HashSet};

use super::guest::{DECLINED, GuestAnswer, NO_CONTACT};
use super::warning::{Warning, WarningCode};
use super::{HostSync, ReconcilePlan, Report, Summary, SyncStatus};
use crate::error::{Code, Error, Result};
use crate::hosts::{HostsWarning, HostsWarningKind};

/// Closes a run. Answers may come in any order; a guest that gave none failed, or stays `planned` in a dry run.
///
/// An answer for a machine that the plan does not enter, or two for one machine, are [`Code::InvalidRequest`].
pub fn conclude(plan: ReconcilePlan, answers: Vec<GuestAnswer>) -> Result<Report> {
    let ReconcilePlan { mut report, targets, .. } = plan;
    let mut told: HashMap<String, GuestAnswer> = HashMap::with_capacity(answers.len());
    for answer in answers {
        if let Some(twice) = told.insert(answer.machine_name.clone(), answer) {
            return Err(misplaced(&twice.machine_name, "gave two answers"));
        }
    }
    let mut positions: HashMap<String, usize> =
        report.host_sync.iter().enumerate().map(|(at, sync)| (sync.machine_name.clone(), at)).collect();
    let found_by_arp = found_by_arp(&report.warnings);
    for target in targets {
        let answer = told.remove(&target.machine_name);
        let place = positions.remove(&target.machine_name).and_then(|at| report.host_sync.get_mut(at));
        let Some(sync) = place else { continue };
        let (error, warnings) =
            take(sync, answer, report.dry_run, found_by_arp.contains(&target.machine_name));
        report.errors.extend(error);
        report.warnings.extend(warnings);
    }
    if let Some(stranger) = told.into_keys().next() {
        return Err(misplaced(&stranger, "was not to be entered, and answered"));
    }
    report.summary = Summary::of(&report);
    report.judge();
    Ok(report)
}

fn misplaced(machine: &str, what: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("{machine}: its guest {what}."))
        .of_machine(machine)
        .with_remedy("This is a defect of Ragnatramp.")
}

/// Enters an answer into its row; returns the error and the warnings that follow.
fn take(
    sync: &mut HostSync,
    answer: Option<GuestAnswer>,
    dry_run: bool,
    found_by_arp: bool,
) -> (Option<Error>, Vec<Warning>) {
    let name = sync.machine_name.clone();
    let answer = match answer {
        Some(answer) => answer,
        None if dry_run => return (None, Vec::new()),
        None => no_answer(&name),
    };
    sync.status = answer.status;
    sync.door = answer.door;
    let mut warnings: Vec<Warning> =
        answer.warnings.iter().map(|warning| hosts_warning(&name, warning)).collect();
    let message = answer.message.unwrap_or_else(|| "it gave no reason".to_owned());
    let mut error = None;
    match answer.status {
        SyncStatus::Failed => {
            let failure = Error::new(Code::ReconcileHostsFailed, format!("{name}: {}", sentence(&message)));
            let failure = failure.of_machine(&name);
            sync.error = Some(message);
            error = Some(match answer.remedy {
                Some(remedy) => failure.with_remedy(remedy),
                None => failure,
            });
        }
        SyncStatus::Skipped => {
            let reason = answer.reason.unwrap_or_else(|| "no-door".to_owned());
            if reason != DECLINED {
                let covered = reason == NO_CONTACT && found_by_arp;
                let warning =
                    Warning::new(WarningCode::GuestSkipped, &name, format!("{name}: {}", sentence(&message)));
                warnings.push(Warning { remedy: answer.remedy, ..warning }.covered_if(covered));
            }
            sync.reason = Some(reason);
        }
        SyncStatus::Planned | SyncStatus::Synced | SyncStatus::Unchanged => {}
    }
    (error, warnings)
}

fn no_answer(machine: &str) -> GuestAnswer {
    GuestAnswer {
        machine_name: machine.to_owned(),
        status: SyncStatus::Failed,
        door: None,
        reason: None,
        message: Some("its guest was asked and did not answer in time".to_owned()),
        remedy: Some("Run again; if it stays so, look whether the guest is busy or hangs.".to_owned()),
        warnings: Vec::new(),
    }
}

/// The machines of which a warning says already that their guest does not answer.
fn found_by_arp(warnings: &[Warning]) -> HashSet<String> {
    let arp = warnings.iter().filter(|warning| warning.code == WarningCode::AddressFromArp);
    arp.filter_map(|warning| warning.machine_name.clone()).collect()
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn hosts_warning(machine: &str, warning: &HostsWarning) -> Warning {
    let line = match (warning.line, &warning.text) {
        (Some(line), Some(text)) => format!("line {line} of its hosts file ({})", text.trim()),
        (Some(line), None) => format!("line {line} of its hosts file"),
        (None, Some(text)) => format!("a line of its hosts file ({})", text.trim()),
        (None, None) => "a line of its hosts file".to_owned(),
    };
    match warning.kind {
        HostsWarningKind::OwnNameOnLoopback => Warning::new(
            WarningCode::OwnNameOnLoopback,
            machine,
            format!("{machine}: {line} gives its own name a loopback address, which it finds before the one in the block."),
        )
        .with_remedy("Take its name off that line inside the guest, if programs there should see its real address."),
        HostsWarningKind::CloudInitManagesHosts => Warning::new(
            WarningCode::CloudInitManagesHosts,
            machine,
            format!("{machine}: {line} says that cloud-init writes the file anew at each boot, without the block."),
        )
        .with_remedy("Set manage_etc_hosts to false in its cloud-init config, or reconcile after each boot."),
    }
}
