//! What PowerShell reports about each guest it went to.

use serde::{Deserialize, Serialize};

use super::SyncStatus;
use crate::hosts::HostsWarning;

/// The reason of a guest whose daemon does not answer, so that Data Exchange cannot carry the block in.
pub(super) const NO_CONTACT: &str = "no-contact";
/// The reason of a guest that the person chose not to enter.
pub(super) const DECLINED: &str = "declined";

/// What became of one guest, as the door into it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestAnswer {
    /// The machine's name.
    pub machine_name: String,
    /// What became of it.
    pub status: SyncStatus,
    /// The door that was taken: `KeyValuePair` or `PowerShellDirect`.
    #[serde(default, rename = "transport")]
    pub door: Option<String>,
    /// Why it was skipped, as a word: `no-contact` (its daemon does not answer), `declined` (the person said no), or
    /// any other that the door has.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why it was skipped or failed, as a sentence without the machine's name in front.
    #[serde(default)]
    pub message: Option<String>,
    /// What to do about it.
    #[serde(default)]
    pub remedy: Option<String>,
    /// What was noticed in its hosts file.
    #[serde(default)]
    pub warnings: Vec<HostsWarning>,
}
