//! The requests and responses of the exports as JSON. Field names are those of the header.

use std::borrow::Cow;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value, json};

use super::tables::{InventoryTables, SnapshotTables};
use crate::discovery::{Clock, MachineName, Snapshot};
use crate::error::{Code, Error, Result};
use crate::guest::media::MediaFormat;
use crate::guest::{Component, ExchangeFailure, GuestResult, HostSettings, TransportChoice, Wait};
use crate::lab::Recorded;
use crate::lifecycle::{Change, Goal, Inventory, SystemAccess};
use crate::state::Timestamp;
use crate::terminal::visible_strings;
use crate::watch::RegisteredTask;

/// `ragna_config_parse`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PathRequest {
    pub(super) path: String,
}

/// `ragna_lab_open`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OpenRequest {
    pub(super) path: String,
    #[serde(default)]
    pub(super) may_begin: bool,
}

/// `ragna_lifecycle_plan`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LifecycleRequest {
    #[serde(deserialize_with = "inventory")]
    pub(super) inventory: Inventory,
    pub(super) goal: Goal,
    #[serde(default)]
    pub(super) machine_names: Vec<MachineName>,
}

/// `ragna_lifecycle_preflight`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PreflightRequest {
    #[serde(deserialize_with = "inventory")]
    pub(super) inventory: Inventory,
    #[serde(default)]
    pub(super) system_access: Option<SystemAccess>,
    #[serde(default)]
    pub(super) machine_names: Vec<MachineName>,
}

/// `ragna_lifecycle_record`, in seconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeRequest {
    pub(super) machine_name: MachineName,
    pub(super) change: Change,
    #[serde(default)]
    pub(super) vm_id: Option<String>,
    #[serde(default)]
    pub(super) checkpoint_id: Option<String>,
    pub(super) bound: f64,
    pub(super) waited: f64,
}

/// `ragna_disk_copy`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyRequest {
    pub(super) source: String,
    pub(super) path: String,
    pub(super) restart: bool,
}

/// `ragna_disk_delete`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeleteRequest {
    pub(super) path: String,
    pub(super) is_folder: bool,
}

/// `ragna_discover`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscoverRequest {
    #[serde(deserialize_with = "snapshot")]
    pub(super) snapshot: Snapshot,
    #[serde(default)]
    pub(super) exchange: Option<Vec<Component>>,
    pub(super) clock: Clock,
}

/// `ragna_state_record`, in seconds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordRequest {
    pub(super) bound: f64,
    pub(super) waited: f64,
}

/// `ragna_state_repair`, times in seconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RepairRequest {
    pub(super) path: String,
    pub(super) dry_run: bool,
    #[serde(default = "default_bound")]
    pub(super) bound: f64,
    #[serde(default)]
    pub(super) waited: f64,
}

/// How long a repair waits for the lock where the caller does not say, in seconds.
fn default_bound() -> f64 {
    30.0
}

/// A time of a request, in seconds; one that is none counts as 0.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// `ragna_hosts_render`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenderRequest<'a> {
    #[serde(borrow)]
    pub(super) peers: Vec<Peer<'a>>,
}

/// A name of the block and its address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Peer<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    pub(super) ipv4: Ipv4Addr,
}

/// `ragna_guest_transports`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TransportsRequest {
    pub(super) transport: TransportChoice,
    pub(super) has_credential: bool,
    #[serde(default)]
    pub(super) exchange_failure: Option<ExchangeFailure>,
}

/// `ragna_guest_previews`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewsRequest {
    pub(super) settings: HostSettings,
}

/// `ragna_hosts_warnings`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WarningsRequest {
    pub(super) machine_name: MachineName,
}

/// `ragna_guest_updates`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UpdatesRequest {
    pub(super) machine_names: Vec<MachineName>,
    pub(super) settings: HostSettings,
    #[serde(default)]
    pub(super) exchange: Option<Vec<Component>>,
}

/// `ragna_guest_acknowledgements`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgementsRequest {
    #[serde(default)]
    pub(super) exchange: Option<Vec<Component>>,
    #[serde(default)]
    pub(super) failed: Vec<MachineName>,
    pub(super) wait: Wait,
}

/// `ragna_report`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportRequest {
    pub(super) guests: Vec<GuestResult>,
}

/// `ragna_watch`, in seconds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchRequest {
    pub(super) mark: Option<String>,
    pub(super) seconds: f64,
}

/// `ragna_watch_begin` and `ragna_lifecycle_begin`: an object without fields. A derived struct without fields would be read from a list, too.
pub(super) struct EmptyRequest;

impl<'de> Deserialize<'de> for EmptyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        match Map::<String, Value>::deserialize(deserializer)?.keys().next() {
            None => Ok(EmptyRequest),
            Some(name) => Err(de::Error::unknown_field(name, &[])),
        }
    }
}

/// `ragna_watch_task`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskRequest {
    pub(super) path: String,
    #[serde(default)]
    pub(super) project: Option<String>,
    pub(super) tasks: Vec<RegisteredTask>,
}

/// `ragna_ssh_config`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SshConfigRequest {
    pub(super) dry_run: bool,
}

/// `ragna_machine_status`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusRequest {
    #[serde(deserialize_with = "snapshot_or_none")]
    pub(super) snapshot: Option<Snapshot>,
    #[serde(default)]
    pub(super) exchange: Vec<Component>,
    #[serde(default = "Timestamp::now")]
    pub(super) now: Timestamp,
}

fn snapshot<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Snapshot, D::Error> {
    SnapshotTables::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
}

fn inventory<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Inventory, D::Error> {
    InventoryTables::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
}

fn snapshot_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Snapshot>, D::Error> {
    let tables = Option::<SnapshotTables>::deserialize(deserializer)?;
    tables.map(Snapshot::try_from).transpose().map_err(de::Error::custom)
}

/// `ragna_seed_write`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SeedRequest {
    pub(super) machine_name: MachineName,
    pub(super) path: String,
    pub(super) files: Vec<MediaFile>,
}

/// `ragna_guest_media`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MediaRequest {
    pub(super) format: MediaFormat,
    pub(super) files: Vec<MediaFile>,
}

/// A file of the second buffer, which holds their bytes one behind the other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MediaFile {
    pub(super) name: String,
    pub(super) size: usize,
}

/// A list as a response. It is wrapped in an object: Windows PowerShell 5.1 does not take a bare JSON list apart.
#[derive(Serialize)]
pub(super) struct List<T> {
    pub(super) items: T,
}

/// Reads a request.
pub(super) fn read<'a, Q: Deserialize<'a>>(request: &'a [u8]) -> Result<Q> {
    serde_json::from_slice(request).map_err(|error| misunderstood("request", error))
}

/// Prints a response.
pub(super) fn print(response: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(response).map_err(|error| misunderstood("response", error))
}

/// What became of an attempt to record, as it crosses.
pub(super) fn recorded(recorded: Recorded) -> Value {
    let Recorded { written, warnings, waiting } = recorded;
    visible_strings(json!({"written": written, "warnings": warnings, "waiting": waiting}))
}

/// A part of a response that PowerShell hands to the user as it is: the names of its fields begin with a capital, as
/// those of PowerShell's own objects do, and no string acts on a terminal. To rename them there would take longer than all the
/// rest of a run.
pub(super) fn pascal_case(part: &impl Serialize) -> Result<Value> {
    let value = serde_json::to_value(part).map_err(|error| misunderstood("response", error))?;
    Ok(capitalize(visible_strings(value)))
}

fn capitalize(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(capitalize).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (capital(&name), capitalize(value))).collect()
        }
        other => other,
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn misunderstood(what: &str, error: serde_json::Error) -> Error {
    Error::new(Code::InvalidRequest, format!("The {what} does not have the form that the library's header describes: {error}"))
        .with_remedy("The module and its library are of different versions, or one has a defect. Install the module again, whole.")
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_a_capital_at_every_depth_and_values_stay() {
        let part = json!({"hostsBlock": null, "diffs": [{"network": {"ipv4": "a"}}], "IPv6": ["x"], "": 1});
        let told = json!({"HostsBlock": null, "Diffs": [{"Network": {"Ipv4": "a"}}], "IPv6": ["x"], "": 1});
        assert_eq!(pascal_case(&part).unwrap(), told);
    }
}
