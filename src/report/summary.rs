//! A run in numbers.

use serde::{Deserialize, Serialize};

use super::{Report, SyncStatus};
use crate::discovery::MachineState;
use crate::error::Code;

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
    /// Machines whose VM is not provably ours.
    pub not_owned: usize,
    /// The line above the table, as in `4 machines: 3 discovered, 3 changed, 3 synced, 1 off`.
    pub headline: String,
}

impl Summary {
    /// Counts what a report holds.
    pub(super) fn of(report: &Report) -> Self {
        let found = |state| report.discovery.iter().filter(|entry| entry.state == state).count();
        let synced = |status| report.host_sync.iter().filter(|sync| sync.status == status).count();
        let not_owned = |code| report.errors.iter().filter(|error| error.code == code).count();
        let not_owned = not_owned(Code::OwnershipVerificationFailed);
        let mut summary = Summary {
            machines: report.discovery.len() + not_owned,
            discovered: found(MachineState::Discovered),
            changed: report.diffs.iter().filter(|diff| diff.changed).count(),
            synced: synced(SyncStatus::Synced),
            unchanged: synced(SyncStatus::Unchanged),
            planned: synced(SyncStatus::Planned),
            skipped: synced(SyncStatus::Skipped),
            failed: synced(SyncStatus::Failed),
            off: found(MachineState::Off),
            missing: found(MachineState::Missing),
            no_ip: found(MachineState::NoIp),
            not_owned,
            headline: String::new(),
        };
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
        let noun = if self.machines == 1 { "machine" } else { "machines" };
        let mut line =
            format!("{} {noun}: {} discovered, {} changed", self.machines, self.discovered, self.changed);
        for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
            line.push_str(&format!(", {count} {what}"));
        }
        line
    }
}
