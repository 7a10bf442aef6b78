//! A guest to enter, and what became of it.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::discovery::{MachineName, VmId};
use crate::hosts::HostsWarning;
use crate::terminal::visible;

/// A guest to enter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncTarget {
    /// The machine's name.
    pub machine_name: MachineName,
    /// The Id of its VM.
    pub vm_id: VmId,
    /// The name of its VM.
    pub vm_name: Arc<str>,
    /// Both names, as ShouldProcess shows them.
    pub target: String,
}

impl SyncTarget {
    /// The guest of that machine in that VM.
    pub fn new(machine_name: MachineName, vm_id: VmId, vm_name: Arc<str>) -> Self {
        let both = [&machine_name, " (", &vm_name, ")"].concat();
        let target = match visible(&both) {
            Cow::Borrowed(_) => both,
            Cow::Owned(shown) => shown,
        };
        SyncTarget { machine_name, vm_id, vm_name, target }
    }
}

/// A way into a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// `Invoke-Command -VMId`: needs a credential, reaches Windows guests.
    PowerShellDirect,
    /// Data Exchange: reaches guests in which Ragnatramp's script answers.
    KeyValuePair,
}

/// What became of a guest's hosts file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncStatus {
    /// A real run would write it; only in a dry run.
    Planned,
    /// It was written.
    Synced,
    /// It was right already.
    Unchanged,
    /// Its guest was not entered.
    Skipped,
    /// It could not be written.
    Failed,
}

/// As the table of a report has it.
impl Display for SyncStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SyncStatus::Planned => "to be written",
            SyncStatus::Synced => "synced",
            SyncStatus::Unchanged => "unchanged",
            SyncStatus::Skipped => "skipped",
            SyncStatus::Failed => "failed",
        })
    }
}

/// Every reason for which a guest is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Its machine has no VM yet.
    NotCreated,
    /// Its VM is not ours.
    NotOwned,
    /// Its VM is gone from Hyper-V.
    Missing,
    /// The config does not name its machine any more.
    NotInConfig,
    /// Its VM does not run.
    Off,
    /// It runs without an IPv4 address.
    NoIp,
    /// Another machine has the same address.
    DuplicateIpv4,
    /// Nothing is known by which it could be reached.
    NoTransport,
    /// Its Data Exchange daemon does not answer.
    NoContact,
    /// PowerShell Direct would reach it, with a credential.
    NoCredential,
    /// Its Data Exchange daemon answers, but Ragnatramp's script is not installed.
    NoScript,
    /// Ragnatramp's script in it speaks another version of the contract.
    ScriptVersion,
    /// Data Exchange is switched off for its VM.
    ExchangeDisabled,
    /// Hyper-V refused to say what its Data Exchange holds.
    ExchangeRefused,
    /// It was sent the block, and takes it within a minute.
    NotYet,
    /// The user chose not to enter it.
    Declined,
}

/// As the table of a report has it.
impl Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipReason::NotCreated => "not created",
            SkipReason::NotOwned => "not ours",
            SkipReason::Missing => "gone",
            SkipReason::NotInConfig => "not in the config",
            SkipReason::Off => "not running",
            SkipReason::NoIp => "no address",
            SkipReason::DuplicateIpv4 => "shared address",
            SkipReason::NoTransport => "no transport",
            SkipReason::NoContact => "no contact",
            SkipReason::NoCredential => "no credential",
            SkipReason::NoScript => "no script",
            SkipReason::ScriptVersion => "script version",
            SkipReason::ExchangeDisabled => "Data Exchange off",
            SkipReason::ExchangeRefused => "Data Exchange refused",
            SkipReason::NotYet => "not yet",
            SkipReason::Declined => "declined",
        })
    }
}

/// What became of one guest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestResult {
    /// The machine's name.
    pub machine_name: MachineName,
    /// What became of it.
    pub status: SyncStatus,
    /// The transport that was taken.
    #[serde(default)]
    pub transport: Option<Transport>,
    /// Why it was skipped.
    #[serde(default)]
    pub reason: Option<SkipReason>,
    /// Why it was skipped or failed, as a sentence without the machine's name in front.
    #[serde(default)]
    pub message: Option<String>,
    /// What to do about it.
    #[serde(default)]
    pub remedy: Option<String>,
    /// What was noticed in its hosts file.
    #[serde(default)]
    pub warnings: Vec<HostsWarning>,
    /// What it calls itself, in its own words; `None` where it was not asked.
    #[serde(default)]
    pub host_name: Option<String>,
}

impl GuestResult {
    /// A result without a transport and without a text.
    pub fn new(machine: &MachineName, status: SyncStatus) -> Self {
        GuestResult {
            machine_name: machine.clone(),
            status,
            transport: None,
            reason: None,
            message: None,
            remedy: None,
            warnings: Vec::new(),
            host_name: None,
        }
    }

    /// A guest that is not entered.
    pub fn skipped(machine: &MachineName, reason: SkipReason, message: String, remedy: String) -> Self {
        GuestResult {
            reason: Some(reason),
            message: Some(message),
            remedy: Some(remedy),
            ..GuestResult::new(machine, SyncStatus::Skipped)
        }
    }

    /// A guest whose hosts file was not brought up to date.
    pub fn failed(machine: &MachineName, message: String, remedy: String) -> Self {
        GuestResult {
            message: Some(message),
            remedy: Some(remedy),
            ..GuestResult::new(machine, SyncStatus::Failed)
        }
    }

    /// The same through `transport`.
    #[must_use]
    pub fn through(mut self, transport: Transport) -> Self {
        self.transport = Some(transport);
        self
    }
}
