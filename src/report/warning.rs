//! Warnings and their codes.

use serde::{Deserialize, Serialize};

/// The stable name of what a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningCode {
    /// The state knows no machine: there is nothing to reconcile.
    ReconcileNoVms,
    /// The state knows the machine, the config does not name it any more.
    MachineNotInConfig,
    /// The config names the machine, nobody has created it yet.
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
    /// Two or more machines have the same address.
    #[serde(rename = "DUPLICATE_IPV4")]
    DuplicateIpv4,
    /// The machine has no address, and the run went on without it.
    ReconcileIpFailed,
    /// No door leads into the guest.
    GuestSkipped,
    /// The machine's own name stands on a loopback address in its hosts file.
    OwnNameOnLoopback,
    /// cloud-init writes the hosts file anew at each boot.
    CloudInitManagesHosts,
}

/// Something a person should know though it stopped nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// Which machine; `None` where it is about the whole run.
    pub machine_name: Option<String>,
    /// What is so, in one sentence that names the machine.
    pub message: String,
    /// What to do about it, if anything.
    #[serde(default)]
    pub remedy: Option<String>,
    /// Whether another message of this run tells the same cause. Such a warning is for scripts, not to be printed.
    #[serde(default)]
    pub covered: bool,
}

impl Warning {
    pub(super) fn new(code: WarningCode, machine_name: &str, message: String) -> Self {
        Warning { code, machine_name: Some(machine_name.to_owned()), message, remedy: None, covered: false }
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
