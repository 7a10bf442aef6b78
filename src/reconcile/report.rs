//! The result of a reconcile.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::stored_network::{StoredIpv4, StoredNetwork};
use crate::discovery::{MachineName, MachineState, Network, VmId};
use crate::error::{Code, Error, counted};
use crate::guest::{SkipReason, SyncStatus, Transport};

/// The result of a reconcile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether [`exit_code`](Report::exit_code) is 0.
    pub success: bool,
    /// Whether nothing was done: it is the report of a dry run.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// The config, absolute.
    pub config_path: String,
    /// What was found, a row for each machine that is ours or not there.
    pub discovery: Vec<DiscoveryEntry>,
    /// What became of each machine's network; empty where the run stopped.
    pub diffs: Vec<DiffEntry>,
    /// The block that goes into every guest; `None` where the run stopped.
    pub hosts_block: Option<String>,
    /// What became of each guest's hosts file; empty where the run stopped.
    pub host_sync: Vec<HostSync>,
    /// All of it in numbers.
    pub summary: Summary,
    /// What the user should know though it stopped nothing.
    pub warnings: Vec<Warning>,
    /// Why something was not done, one for each cause.
    pub errors: Vec<Error>,
    /// The highest exit code of the errors; 0 without one.
    pub exit_code: u8,
}

impl Report {
    /// Counts what the report holds, and derives its exit code.
    pub(super) fn finish(&mut self) {
        self.summary = Summary::of(self);
        self.exit_code = self.errors.iter().map(|error| error.code.exit_code()).max().unwrap_or(0);
        self.success = self.exit_code == 0;
    }
}

/// What was found of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryEntry {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The name of its VM.
    pub vm_name: Arc<str>,
    /// The Id of its VM; `None` where it was never created.
    pub vm_id: Option<VmId>,
    /// How it was found.
    pub state: MachineState,
    /// The state of its VM as Hyper-V spells it; `None` where there is none.
    pub vm_state: Option<String>,
    /// What was found of its network.
    pub network: Arc<Network>,
}

/// What became of one machine's network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffEntry {
    /// The machine's name.
    pub machine_name: MachineName,
    /// Whether its IPv4 address differs from the one known before; none counts as a value.
    pub changed: bool,
    /// The last address before the present one.
    pub previous_ipv4: Option<StoredIpv4>,
    /// Its network as state.json now holds it, or would.
    pub network: StoredNetwork,
}

/// What became of one guest's hosts file. Every field is always there: a table takes its columns from its first row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostSync {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The name of its VM.
    pub vm_name: Arc<str>,
    /// What became of it.
    pub status: SyncStatus,
    /// The transport that was taken.
    #[serde(default)]
    pub transport: Option<Transport>,
    /// Why it was skipped.
    #[serde(default)]
    pub reason: Option<SkipReason>,
    /// What failed, as a sentence.
    #[serde(default)]
    pub error: Option<String>,
}

/// A run in numbers, and in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// All machines of the config and of the state.
    pub machines: usize,
    /// Those that run and have an address.
    pub discovered: usize,
    /// Those whose address is not the one known before.
    pub changed: usize,
    /// Guests whose hosts file was written.
    pub synced: usize,
    /// Guests whose hosts file was right already.
    pub unchanged: usize,
    /// Guests whose hosts file a real run would write.
    pub planned: usize,
    /// Guests that were not entered.
    pub skipped: usize,
    /// Guests whose hosts file could not be written.
    pub failed: usize,
    /// Machines that do not run.
    pub off: usize,
    /// Machines without a VM.
    pub missing: usize,
    /// Machines that run without an address.
    pub no_ip: usize,
    /// Machines whose VM is not ours.
    pub not_owned: usize,
    /// The line above the table, as in `4 machines: 3 discovered, 3 changed, 3 synced, 1 off`.
    pub headline: String,
}

impl Summary {
    fn of(report: &Report) -> Self {
        let mut summary = Summary {
            changed: report.diffs.iter().filter(|diff| diff.changed).count(),
            not_owned: report
                .errors
                .iter()
                .filter(|error| error.code == Code::OwnershipVerificationFailed)
                .count(),
            ..Summary::default()
        };
        summary.machines = report.discovery.len() + summary.not_owned;
        for entry in &report.discovery {
            *match entry.state {
                MachineState::Discovered => &mut summary.discovered,
                MachineState::NoIp => &mut summary.no_ip,
                MachineState::Off => &mut summary.off,
                MachineState::Missing => &mut summary.missing,
            } += 1;
        }
        for sync in &report.host_sync {
            *match sync.status {
                SyncStatus::Planned => &mut summary.planned,
                SyncStatus::Synced => &mut summary.synced,
                SyncStatus::Unchanged => &mut summary.unchanged,
                SyncStatus::Skipped => &mut summary.skipped,
                SyncStatus::Failed => &mut summary.failed,
            } += 1;
        }
        summary.headline = summary.line();
        summary
    }

    fn line(&self) -> String {
        let parts = [
            (self.planned, "to be written"),
            (self.synced, "synced"),
            (self.unchanged, "up to date"),
            (self.failed, "failed"),
            (self.off, "off"),
            (self.missing, "missing"),
            (self.no_ip, "without an address"),
            (self.not_owned, "not ours"),
        ];
        let machines = counted(self.machines, "machine", "machines");
        let mut line = format!("{machines}: {} discovered, {} changed", self.discovered, self.changed);
        for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
            line.push_str(&format!(", {count} {what}"));
        }
        line
    }
}

/// What a warning is about: a stable name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningCode {
    /// The state knows no machine: there is nothing to reconcile.
    ReconcileNoVms,
    /// The state knows the machine, the config does not name it any more.
    MachineNotInConfig,
    /// The config names the machine, and it was not created yet.
    MachineNotCreated,
    /// The state knows the machine, Hyper-V does not any more.
    MachineMissing,
    /// The machine does not run.
    MachineOff,
    /// The machine runs without an adapter on the Default Switch.
    NotOnDefaultSwitch,
    /// The machine has IPv6 addresses only.
    #[serde(rename = "IPV6_ONLY")]
    Ipv6Only,
    /// The address is from the host's neighbour table.
    AddressFromArp,
    /// The machine shows several addresses, and more than one of them may be meant.
    AddressAmbiguous,
    /// Two or more machines have the same address.
    #[serde(rename = "DUPLICATE_IPV4")]
    DuplicateIpv4,
    /// The machine has no address, and the run went on without it.
    ReconcileIpFailed,
    /// No transport reaches the guest.
    GuestSkipped,
    /// Hyper-V refused to answer for Data Exchange, so it is not known what reaches the guests.
    ExchangeRefused,
    /// The machine's own name has a loopback address in its hosts file.
    OwnNameOnLoopback,
    /// A line of its hosts file gives a name of the block another address, which is found first.
    NameHidden,
    /// cloud-init writes the hosts file again at each boot.
    CloudInitManagesHosts,
    /// The guest calls itself by another name than its machine has.
    GuestNameDiffers,
}

/// Something that the user should know though it stopped nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// Which machine; `None` where it is about the whole run.
    pub machine_name: Option<MachineName>,
    /// What was found, in one sentence that names the machine.
    pub message: String,
    /// What to do about it, if anything.
    #[serde(default)]
    pub remedy: Option<String>,
    /// Whether another message of this run names the same cause. Such a warning is in the report, but not printed.
    #[serde(default)]
    pub covered: bool,
}

impl Warning {
    pub(super) fn new(code: WarningCode, machine_name: &MachineName, message: String) -> Self {
        Warning { code, machine_name: Some(machine_name.clone()), message, remedy: None, covered: false }
    }

    pub(super) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(super) fn covered_if(mut self, covered: bool) -> Self {
        self.covered = covered;
        self
    }
}
