//! The exports that read and write the state file.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::error::{Code, Result};
use crate::report::ReconcilePlan;
use crate::state::{KnownMachine, RepairOutcome, Store, UpdateOptions, Waiting, repair};

/// `ragna_state_read`: the state that belongs to a config.
#[derive(Deserialize)]
pub(in crate::ffi) struct ReadRequest {
    config: Config,
}

/// The state. The document is text: PowerShell only carries it to the next request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct ReadAnswer {
    path: String,
    state: String,
    machine_names: Vec<String>,
    vm_ids: Vec<String>,
}

pub(in crate::ffi) fn state_read(request: ReadRequest) -> Result<ReadAnswer> {
    let store = store(&request.config);
    let state = store.read()?.state;
    Ok(ReadAnswer {
        path: store.path().display().to_string(),
        machine_names: state.machines().map(|known| known.machine_name.to_owned()).collect(),
        vm_ids: state
            .machines()
            .filter_map(|known: KnownMachine<'_>| known.vm_id().map(str::to_owned))
            .collect(),
        state: String::from_utf8_lossy(&state.to_bytes()).into_owned(),
    })
}

/// `ragna_state_record`: what a plan learned, and how long another run that holds the lock has been waited for.
#[derive(Deserialize)]
pub(in crate::ffi) struct RecordRequest {
    config: Config,
    plan: ReconcilePlan,
    wait: Wait,
}

/// In seconds: the bound, and what earlier calls have waited of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wait {
    bound: f64,
    waited: f64,
}

/// What became of it. Where `waiting` says who is waited for, nothing was written yet, and the caller calls again.
#[derive(Serialize)]
pub(in crate::ffi) struct RecordAnswer {
    written: bool,
    warnings: Vec<String>,
    waiting: Option<String>,
}

/// How long one call waits: the person sees who is waited for, and can end it, that often.
const AT_ONCE: Duration = Duration::from_secs(1);

pub(in crate::ffi) fn state_record(request: RecordRequest) -> Result<RecordAnswer> {
    let seconds = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let (wait, waited) = (seconds(request.wait.bound), seconds(request.wait.waited));
    let mut waiting = None;
    let mut on_wait = |now: &Waiting| waiting = Some(now.to_string());
    let options = UpdateOptions { wait, waited, at_once: AT_ONCE, on_wait: Some(&mut on_wait) };
    let saved = store(&request.config).update(options, |state| {
        let networks = request.plan.networks(state);
        Ok(networks
            .into_iter()
            .fold(false, |changed, (machine, network)| state.set_network(&machine, network) || changed))
    });
    match saved {
        Ok(saved) => Ok(RecordAnswer { written: saved.written, warnings: saved.warnings, waiting: None }),
        Err(error) if error.code == Code::StateLocked && waited + AT_ONCE < wait => {
            Ok(RecordAnswer { written: false, warnings: Vec::new(), waiting })
        }
        Err(error) => Err(error),
    }
}

/// `ragna_state_repair`: the config whose state is damaged.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct RepairRequest {
    path: String,
    dry_run: bool,
}

/// What was found and done, and what ShouldProcess asks before it is done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct RepairAnswer {
    outcome: RepairOutcome,
    operation: Option<String>,
}

pub(in crate::ffi) fn state_repair(request: RepairRequest) -> Result<RepairAnswer> {
    let outcome = repair(request.path, request.dry_run)?;
    let operation = outcome.damage.as_ref().map(|_| {
        let when = outcome.saved_at.as_deref().unwrap_or("an unknown time");
        format!(
            "Restore the state of {when} ({} machines), and keep the damaged file beside it",
            outcome.machines.len()
        )
    });
    Ok(RepairAnswer { outcome, operation })
}

fn store(config: &Config) -> Store {
    Store::new(&config.config_path).for_project(&config.project)
}
