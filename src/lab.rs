//! One run on one lab: config, state, merged snapshot and plan, kept from one step to the next.
//!
//! ```text
//! open (config, state) ─► observe (as often as it takes) ─► plan ─► record ─► choose_transports
//!   ─► updates, acknowledge (Data Exchange) or merge_hosts (PowerShell Direct) ─► conclude
//! open ─► status
//! open ─► begin_watch (until the lab is closed)
//! open ─► observe ─► watch (whether there is something to reconcile)
//! plan or record_change ─► update_ssh_config
//! open ─► begin_changes (until the lab is closed) ─► plan_lifecycle ─► record_change (for each step that the state must know of)
//! ```
//!
//! What a step decides is decided in the room that it calls; here is only their order, and what is kept between them.

mod lifecycle;
mod names;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::names::VmNames;
use crate::config::{Config, Environment, load};
use crate::discovery::{Clock, MachineName, Poll, Snapshot, poll};
use crate::error::{Code, Error, Result};
use crate::guest::{
    self, AwaitedUpdate, Component, ExchangeFailure, GuestResult, GuestTransport, HostSettings, Known,
    KvpUpdates, Preview, SyncTarget, TransportChoice, Wait,
};
use crate::hosts::{self, HostsWarning};
use crate::reconcile::{Options, ReconcilePlan, Report, conclude, plan_reconcile, tell_exchange_failure};
use crate::state::{Attempt, LabLock, Role, State, Store, Timestamp, attempt, under_recorded_path, watched};
use crate::status::{Status, status};
use crate::watch::{self, Due, Last};

/// An opened lab.
pub struct Lab {
    config: Config,
    state: State,
    /// Whether there is no state file yet.
    is_new: bool,
    /// All that the run has seen so far; `None` before the first observation.
    snapshot: Option<Snapshot>,
    /// The guests' side of Data Exchange, as it was last handed over.
    components: Vec<Component>,
    plan: Option<ReconcilePlan>,
    /// The transport of each guest of the plan, by machine.
    transports: Vec<GuestTransport>,
    /// The KVP updates whose acknowledgement is awaited.
    awaited: Vec<AwaitedUpdate>,
    /// The hosts file that was merged last, with the block in it.
    merged: Vec<u8>,
    /// Why Data Exchange could not be asked, where it could not.
    exchange_failure: Option<ExchangeFailure>,
    /// The results that the library itself came to.
    results: Vec<GuestResult>,
    /// Held from [`Lab::begin_watch`] until the lab is closed.
    watch: Option<LabLock>,
    /// Held from [`Lab::begin_changes`] until the lab is closed.
    change: Option<LabLock>,
}

/// What became of an attempt to record the plan.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Whether the file was written; it is not where nothing changed.
    pub written: bool,
    /// What failed beside the save, which is done all the same.
    pub warnings: Vec<String>,
    /// Where the lock is held by another run: by whom. Nothing is written yet, and the caller tries again.
    pub waiting: Option<String>,
}

impl Lab {
    /// Reads a config and the state that belongs to it. Where the state names the same file by another path, that path counts.
    ///
    /// # Errors
    /// Those of [`load`] and of [`Store::read`].
    pub fn open(path: &str) -> Result<Lab> {
        under_recorded_path(Path::new(path), |path| Lab::at(path, false))
    }

    /// The same for a lab of which nothing was made yet: without a state file it begins with an empty state, which the first
    /// change that is recorded saves.
    ///
    /// # Errors
    /// Those of [`Lab::open`], but for `STATE_NOT_FOUND`.
    pub fn open_or_begin(path: &str) -> Result<Lab> {
        under_recorded_path(Path::new(path), |path| Lab::at(path, true))
    }

    fn at(path: &Path, may_begin: bool) -> Result<Lab> {
        let config = load(path, &Environment::of_process(path.to_string_lossy().into_owned()))?;
        let (state, is_new) = read_state(&config, may_begin)?;
        Ok(Lab {
            config,
            state,
            is_new,
            snapshot: None,
            components: Vec::new(),
            plan: None,
            transports: Vec::new(),
            awaited: Vec::new(),
            merged: Vec::new(),
            exchange_failure: None,
            results: Vec::new(),
            watch: None,
            change: None,
        })
    }

    /// The config.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the state is.
    pub fn state_path(&self) -> PathBuf {
        store(&self.config).path().to_owned()
    }

    /// The names of the machines of the config and of the state.
    pub fn machine_names(&self) -> Vec<&str> {
        crate::lifecycle::names(&self.config, &self.state)
    }

    /// The Ids of the VMs that the state knows.
    pub fn vm_ids(&self) -> Vec<&str> {
        self.state.machines().filter_map(|known| known.vm_id()).collect()
    }

    /// Merges one more snapshot of Hyper-V into what the run has seen. The guests' side of Data Exchange (`components`)
    /// counts for every snapshot after it.
    pub fn observe(&mut self, mut newer: Snapshot, components: Option<Vec<Component>>, clock: Clock) -> Poll {
        if let Some(components) = components {
            newer.guests.extend(components.iter().map(Component::facts));
            self.components = components;
        }
        let mut poll = poll(&self.config, &self.state, self.snapshot.take(), newer, clock);
        self.snapshot = Some(std::mem::take(&mut poll.snapshot));
        poll
    }

    /// Decides the whole reconcile from what was observed; nothing is written.
    ///
    /// # Errors
    /// `INVALID_REQUEST` before anything was observed.
    pub fn plan(&mut self, options: &Options) -> Result<&ReconcilePlan> {
        let snapshot = self.snapshot.as_ref().ok_or_else(|| out_of_order("planned", "observed"))?;
        let plan = plan_reconcile(&self.config, &self.state, snapshot, options);
        Ok(self.plan.insert(plan))
    }

    /// Records what the plan learned: reads the state again under its lock, merges, and saves it whole. `bound` is how
    /// long to wait in all for another run that holds the lock, `waited` what earlier attempts have waited of that.
    ///
    /// # Errors
    /// Those of [`Store::update`].
    pub fn record(&self, bound: Duration, waited: Duration) -> Result<Recorded> {
        let plan = self.planned()?;
        let saved = attempt(bound, waited, |options| {
            store(&self.config).update(options, |state| {
                let networks = plan.networks(state);
                Ok(networks.into_iter().fold(false, |changed, (machine, network)| {
                    state.set_network(&machine, network.fields()) || changed
                }))
            })
        })?;
        Ok(match saved {
            Attempt::Done(saved) => {
                Recorded { written: saved.written, warnings: saved.warnings, waiting: None }
            }
            Attempt::Held(waiting) => Recorded { waiting: Some(waiting), ..Recorded::default() },
        })
    }

    /// Chooses the transport of every guest that the plan enters. A guest that none reaches has its result at once.
    /// `exchange_failure` is why Data Exchange could not be asked; it is told once, in the report.
    ///
    /// # Errors
    /// `INVALID_REQUEST` before there is a plan.
    pub fn choose_transports(
        &mut self,
        choice: TransportChoice,
        has_credential: bool,
        exchange_failure: Option<ExchangeFailure>,
    ) -> Result<&[GuestTransport]> {
        let targets = self.planned()?.targets.clone();
        let known = match exchange_failure {
            None => Known::Components(&self.components),
            Some(_) => Known::Refused,
        };
        self.transports = guest::choose(targets, choice, has_credential, known);
        for chosen in &mut self.transports {
            let machine = self.state.machine(&chosen.guest.machine_name);
            chosen.blame_seed(machine.and_then(|machine| machine.seed()).map(|seed| seed.kind));
        }
        self.exchange_failure = exchange_failure;
        self.results = self.transports.iter().filter_map(|guest| guest.skipped.clone()).collect();
        Ok(&self.transports)
    }

    /// Shows what the hosts file of each guest that has a transport would become.
    ///
    /// # Errors
    /// `INVALID_REQUEST` before there is a plan that goes on.
    pub fn previews(&self, settings: &HostSettings) -> Result<Vec<Preview>> {
        let block = self.block()?;
        Ok(guest::previews(&self.transports, block, settings, &self.state))
    }

    /// The KVP updates of the guests of these machines; their acknowledgements are awaited from now on, beside those of the
    /// guests that were sent theirs before. Without `components`, what was observed counts.
    ///
    /// # Errors
    /// Where the block is none that a guest would take.
    pub fn updates(
        &mut self,
        machines: &[MachineName],
        settings: &HostSettings,
        components: Option<&[Component]>,
    ) -> Result<KvpUpdates> {
        let block = self.block()?;
        let by_name: HashMap<&MachineName, &SyncTarget> =
            self.transports.iter().map(|chosen| (&chosen.guest.machine_name, &chosen.guest)).collect();
        let guests = machines.iter().filter_map(|name| by_name.get(name).copied().cloned()).collect();
        let lab = VmNames::new(&self.config.project, &self.config.config_path).lab();
        let components = components.unwrap_or(&self.components);
        let updates = guest::kvp_updates(guests, &lab, block, settings, components)?;
        self.awaited.retain(|update| !machines.contains(&update.guest.machine_name));
        self.awaited.extend(updates.items.iter().cloned());
        Ok(updates)
    }

    /// Reads which of the awaited guests have acknowledged (without `components`: had, when they were observed); returns the
    /// machines that are awaited still. Those in `failed` could not be sent everything, and are awaited no more.
    pub fn acknowledge(
        &mut self,
        components: Option<&[Component]>,
        failed: &[MachineName],
        wait: Wait,
    ) -> Vec<MachineName> {
        let components = components.unwrap_or(&self.components);
        let failed: HashSet<&MachineName> = failed.iter().collect();
        self.awaited.retain(|update| !failed.contains(&update.guest.machine_name));
        let results = guest::acknowledged(&self.awaited, components, wait);
        let answered: HashSet<&MachineName> = results.iter().map(|result| &result.machine_name).collect();
        self.awaited.retain(|update| !answered.contains(&update.guest.machine_name));
        self.results.extend(results);
        self.awaited.iter().map(|update| update.guest.machine_name.clone()).collect()
    }

    /// Merges the block of the plan into the bytes of a guest's hosts file; `None` where the file is as it should be.
    ///
    /// # Errors
    /// `RECONCILE_HOSTS_FAILED` where the file cannot be merged into.
    pub fn merge_hosts(&mut self, file: &[u8]) -> Result<Option<Vec<u8>>> {
        let merged = hosts::merge(file, self.block()?).map_err(|refusal| {
            let message = format!("its hosts file was left as it is: {refusal}");
            Error { message, ..refusal.into_error("", r"%SystemRoot%\System32\drivers\etc\hosts") }
        })?;
        self.merged = merged.bytes;
        Ok(merged.changed.then(|| self.merged.clone()))
    }

    /// The lines of the hosts file that was merged last which make the block ineffective in the guest of this machine.
    pub fn hosts_warnings(&self, machine: &MachineName) -> Vec<HostsWarning> {
        hosts::warnings(&self.merged, machine.as_str())
    }

    /// Ends the run with the results that the library came to and those that only the caller knows.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for a result of a machine that the plan does not enter, or two for one.
    pub fn conclude(&mut self, results: Vec<GuestResult>) -> Result<Report> {
        let plan = self.plan.take().ok_or_else(|| out_of_order("concluded", "planned"))?;
        let mut all = std::mem::take(&mut self.results);
        all.extend(results);
        let mut report = conclude(plan, all)?;
        if let Some(cause) = self.exchange_failure.take() {
            tell_exchange_failure(&mut report, cause);
        }
        Ok(report)
    }

    /// The status of every machine. `snapshot` is `None` where Hyper-V did not answer.
    pub fn status(&self, snapshot: Option<&Snapshot>, components: &[Component], now: Timestamp) -> Status {
        let mut status = status(&self.config, &self.state, snapshot, now);
        status.say_transports(components);
        status.watch = watched(Path::new(&self.config.config_path)).map(Into::into);
        status
    }

    /// Makes this lab the one that a watch runs over, until it is closed.
    ///
    /// # Errors
    /// Those of [`LabLock::take`].
    pub fn begin_watch(&mut self) -> Result<()> {
        if self.watch.is_none() {
            self.watch = Some(LabLock::take(Path::new(&self.config.config_path), Role::Watch)?);
        }
        Ok(())
    }

    /// The mark of what was observed last; see [`watch::mark`].
    ///
    /// # Errors
    /// `INVALID_REQUEST` before anything was observed.
    pub fn mark(&self) -> Result<String> {
        let snapshot = self.snapshot.as_ref().ok_or_else(|| out_of_order("watched", "observed"))?;
        Ok(watch::mark(&self.config, &self.state, snapshot, &self.components))
    }

    /// The mark of what was observed last, and whether there is something to reconcile.
    ///
    /// # Errors
    /// Those of [`Lab::mark`].
    pub fn watch(&self, last: Option<&Last>) -> Result<(String, Option<Due>)> {
        let mark = self.mark()?;
        let snapshot = self.snapshot.as_ref().ok_or_else(|| out_of_order("watched", "observed"))?;
        let due = watch::due(&self.config, &self.state, snapshot, &mark, last);
        Ok((mark, due))
    }

    fn planned(&self) -> Result<&ReconcilePlan> {
        self.plan.as_ref().ok_or_else(|| out_of_order("gone on with", "planned"))
    }

    fn block(&self) -> Result<&str> {
        self.planned()?.report.hosts_block.as_deref().ok_or_else(|| out_of_order("written", "planned"))
    }
}

/// The state of a config, and whether there is none yet.
fn read_state(config: &Config, may_begin: bool) -> Result<(State, bool)> {
    let store = store(config);
    let found = if may_begin { store.read_if_begun()? } else { Some(store.read()?) };
    let is_new = found.is_none();
    let begin = || State::empty(&config.config_path, &config.project, &config.config_hash, Timestamp::now());
    Ok((found.map_or_else(begin, |snapshot| snapshot.state), is_new))
}

fn store(config: &Config) -> Store {
    Store::new(&config.config_path).for_project(&config.project)
}

fn out_of_order(step: &str, before: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("The lab cannot be {step} before it was {before}."))
        .with_remedy("The caller's steps are out of order; see include/ragnatramp.h.")
}
