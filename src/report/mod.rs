//! What a reconcile did or would do, as it is printed and as JSON: the same object for a dry run and for a real one.

mod conclude;
mod guest;
mod plan;
mod summary;
mod sync;
mod view;
mod warning;
mod warnings;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::discovery::{MachineState, Network};
use crate::error::Error;

pub use conclude::conclude;
pub use guest::GuestAnswer;
pub use plan::{Learned, Options, ReconcilePlan, plan_reconcile};
pub use summary::Summary;
pub use sync::SyncTarget;
pub use view::{ViewRow, view};
pub use warning::{Warning, WarningCode};

/// The result of a reconcile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether nothing stood in the way; true where [`exit_code`](Report::exit_code) is 0.
    pub success: bool,
    /// Whether it only says what would be done.
    pub dry_run: bool,
    /// The project's name.
    pub project: String,
    /// The config, absolute.
    pub config_path: String,
    /// What was found, a row for each machine that is ours or not there.
    pub discovery: Vec<DiscoveryEntry>,
    /// What became of each machine's network; empty where the run could not go on.
    pub diffs: Vec<DiffEntry>,
    /// The block that goes into every guest; `None` where the run could not go on.
    pub hosts_block: Option<String>,
    /// What became of each guest's hosts file; empty where the run could not go on.
    pub host_sync: Vec<HostSync>,
    /// All of it in numbers.
    pub summary: Summary,
    /// What a person should know though nothing stood in the way.
    pub warnings: Vec<Warning>,
    /// What stood in the way, one for each cause.
    pub errors: Vec<Error>,
    /// 0 done, 1 the person can mend it, 2 the system is in the way.
    pub exit_code: u8,
}

impl Report {
    /// Says by the errors how it went: the gravest decides.
    fn judge(&mut self) {
        self.exit_code = self.errors.iter().map(|error| error.code.exit_code()).max().unwrap_or(0);
        self.success = self.exit_code == 0;
    }
}

/// What was found of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryEntry {
    /// The machine's name.
    pub machine_name: String,
    /// The name of its VM.
    pub vm_name: String,
    /// The Id of its VM; `None` where it was never created.
    pub vm_id: Option<String>,
    /// How it was found.
    pub state: MachineState,
    /// The state of its VM as Hyper-V spells it; `None` where there is none.
    pub vm_state: Option<String>,
    /// What was found of its network.
    pub network: Network,
}

/// What became of one machine's network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffEntry {
    /// The machine's name.
    pub machine_name: String,
    /// Whether its IPv4 address differs from the one known before; none counts as a value.
    pub changed: bool,
    /// The last address before the present one.
    pub previous_ipv4: Option<String>,
    /// Its network as state.json now holds it, or would.
    pub network: Map<String, Value>,
}

/// What became of one guest's hosts file. Every field is always there: a table takes its columns from its first row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostSync {
    /// The machine's name.
    pub machine_name: String,
    /// The name of its VM.
    pub vm_name: String,
    /// What became of it.
    pub status: SyncStatus,
    /// The way into the guest that was taken.
    #[serde(default, rename = "transport")]
    pub door: Option<String>,
    /// Why it was skipped, as a word for scripts.
    #[serde(default)]
    pub reason: Option<String>,
    /// What failed, as a sentence.
    #[serde(default)]
    pub error: Option<String>,
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
