//! What each export is asked and what it answers: the JSON of the border, and nothing that is decided.

mod config;
mod state;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::request::{pascal_case, read, text};
use crate::config::Config;
use crate::discovery::{Clock, Look, poll};
use crate::error::{Code, Error, Result};
use crate::guest::{
    self, Choice, Component, Deliveries, Delivery, Planned, Preview, Setting, Transport, Wait,
};
use crate::hosts;
use crate::report::{
    GuestAnswer, Options, ReconcilePlan, SyncTarget, ViewRow, conclude, plan_reconcile, view,
};
use crate::state::State;
use crate::status::status;

pub(in crate::ffi) use config::{config_parse, config_test};
pub(in crate::ffi) use state::{state_read, state_record, state_repair};

/// A list as an answer. It is wrapped in an object: Windows PowerShell does not take a bare JSON list apart.
#[derive(Serialize)]
pub(in crate::ffi) struct List<T> {
    items: Vec<T>,
}

fn list<T>(items: Vec<T>) -> Result<List<T>> {
    Ok(List { items })
}

/// `ragna_discover`: a newer look, and what the run has seen before it.
#[derive(Deserialize)]
pub(in crate::ffi) struct DiscoverRequest {
    config: Config,
    state: Map<String, Value>,
    previous: Option<Look>,
    look: Look,
    /// What the guests say of themselves; counts for every look after it.
    exchange: Vec<Component>,
    clock: Clock,
}

/// What follows from a look. The look itself is text: PowerShell only carries it to the next request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct DiscoverAnswer {
    look: String,
    /// The VMs to look at again.
    awaited: Vec<String>,
    done: bool,
    ask_neighbours: bool,
    progress: String,
    percent: u8,
}

pub(in crate::ffi) fn discover(request: DiscoverRequest) -> Result<DiscoverAnswer> {
    let state = State::from_document(request.state);
    let mut look = request.look;
    look.guests.extend(request.exchange.iter().map(Component::facts));
    let poll = poll(&request.config, &state, request.previous, look, request.clock);
    Ok(DiscoverAnswer {
        look: text(&poll.look)?,
        awaited: poll.awaited.into_iter().map(|machine| machine.vm_id).collect(),
        done: poll.done,
        ask_neighbours: poll.ask_neighbours,
        progress: poll.progress,
        percent: poll.percent,
    })
}

/// `ragna_diff`: everything that was seen, against what was known.
#[derive(Deserialize)]
pub(in crate::ffi) struct DiffRequest {
    config: Config,
    state: Map<String, Value>,
    look: Look,
    options: Options,
}

/// What PowerShell needs of a plan. The whole of it is text, which it only carries to the next requests.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct DiffAnswer {
    plan: String,
    proceed: bool,
    targets: Vec<SyncTarget>,
    hosts_block: Option<String>,
    record_operation: String,
    write_operation: String,
}

pub(in crate::ffi) fn diff(request: DiffRequest) -> Result<DiffAnswer> {
    let state = State::from_document(request.state);
    let plan = plan_reconcile(&request.config, &state, &request.look, &request.options);
    Ok(DiffAnswer {
        plan: text(&plan)?,
        proceed: plan.proceed,
        targets: plan.targets,
        hosts_block: plan.report.hosts_block,
        record_operation: plan.record_operation,
        write_operation: plan.write_operation,
    })
}

/// `ragna_hosts_render`: the names of a block, in any order.
#[derive(Deserialize)]
pub(in crate::ffi) struct RenderRequest {
    peers: Vec<Peer>,
}

#[derive(Deserialize)]
struct Peer {
    name: String,
    ipv4: String,
}

pub(in crate::ffi) fn hosts_render(request: RenderRequest) -> Result<String> {
    Ok(hosts::render(request.peers.iter().map(|peer| (peer.name.as_str(), peer.ipv4.as_str()))))
}

/// `ragna_guest_doors`: the guests to enter, and what is known of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ffi) struct DoorsRequest {
    targets: Vec<SyncTarget>,
    transport: Transport,
    has_credential: bool,
    exchange: Vec<Component>,
}

pub(in crate::ffi) fn guest_doors(request: DoorsRequest) -> Result<List<Choice>> {
    list(guest::choose(request.targets, request.transport, request.has_credential, &request.exchange))
}

/// `ragna_guest_previews`: the guests that a real run would enter, and what they were given before.
#[derive(Deserialize)]
pub(in crate::ffi) struct PreviewsRequest {
    guests: Vec<Planned>,
    block: String,
    settings: Vec<Setting>,
    state: Map<String, Value>,
}

pub(in crate::ffi) fn guest_previews(request: PreviewsRequest) -> Result<List<Preview>> {
    let state = State::from_document(request.state);
    list(guest::previews(&request.guests, &request.block, &request.settings, &state))
}

/// `ragna_guest_deliveries`: the guests to send a block to, and what stands at them.
#[derive(Deserialize)]
pub(in crate::ffi) struct DeliveriesRequest {
    targets: Vec<SyncTarget>,
    block: String,
    settings: Vec<Setting>,
    exchange: Vec<Component>,
}

pub(in crate::ffi) fn guest_deliveries(request: DeliveriesRequest) -> Result<Deliveries> {
    guest::deliveries(request.targets, &request.block, &request.settings, &request.exchange)
}

/// `ragna_guest_delivered`: the guests whose answer is awaited, and what they say now.
#[derive(Deserialize)]
pub(in crate::ffi) struct DeliveredRequest {
    awaited: Vec<Delivery>,
    exchange: Vec<Component>,
    wait: Wait,
}

pub(in crate::ffi) fn guest_delivered(request: DeliveredRequest) -> Result<List<GuestAnswer>> {
    list(guest::delivered(&request.awaited, &request.exchange, request.wait))
}

/// `ragna_report`: the plan as `ragna_diff` answered it, and what became of the guests.
#[derive(Deserialize)]
pub(in crate::ffi) struct ReportRequest {
    plan: ReconcilePlan,
    guests: Vec<GuestAnswer>,
}

/// The report, and the table that shows it.
#[derive(Serialize)]
pub(in crate::ffi) struct ReportAnswer {
    view: Vec<ViewRow>,
    /// As the person gets it, see [`pascal_case`].
    report: Value,
}

pub(in crate::ffi) fn report(request: ReportRequest) -> Result<ReportAnswer> {
    let report = conclude(request.plan, request.guests)?;
    Ok(ReportAnswer { view: view(&report), report: pascal_case(&report)? })
}

/// `ragna_status`: what Hyper-V says now; no look where it does not answer.
#[derive(Deserialize)]
pub(in crate::ffi) struct StatusRequest {
    config: Config,
    state: Map<String, Value>,
    look: Option<Look>,
    now: String,
}

pub(in crate::ffi) fn machine_status(request: StatusRequest) -> Result<Value> {
    let state = State::from_document(request.state);
    pascal_case(&status(&request.config, &state, request.look.as_ref(), &request.now))
}

/// `ragna_hosts_merge`: the new bytes, or none where the file is as it should be.
pub(in crate::ffi) fn hosts_merge(file: &[u8], block: &[u8]) -> Result<Vec<u8>> {
    let block = std::str::from_utf8(block).map_err(|error| {
        Error::new(Code::InvalidRequest, format!("The hosts block is not UTF-8: {error}"))
    })?;
    let merged = hosts::merge(file, block).map_err(|refusal| {
        let message = format!("its hosts file was left as it is: {refusal}");
        Error { message, ..refusal.into_error("", r"%SystemRoot%\System32\drivers\etc\hosts") }
    })?;
    Ok(if merged.changed { merged.bytes } else { Vec::new() })
}

/// `ragna_guest_iso`: the label of the image, and how the contents are to be cut up.
#[derive(Deserialize)]
struct IsoRequest {
    label: String,
    files: Vec<IsoPart>,
}

#[derive(Deserialize)]
struct IsoPart {
    name: String,
    size: usize,
}

pub(in crate::ffi) fn guest_iso(request: &[u8], contents: &[u8]) -> Result<Vec<u8>> {
    let request: IsoRequest = read(request)?;
    let mut rest = contents;
    let mut files = Vec::new();
    for part in &request.files {
        let Some((bytes, behind)) = rest.split_at_checked(part.size) else { break };
        files.push(guest::IsoFile { name: &part.name, bytes });
        rest = behind;
    }
    if files.len() != request.files.len() || !rest.is_empty() {
        return Err(Error::new(
            Code::InvalidRequest,
            "The sizes of the files do not add up to what was handed over.",
        ));
    }
    guest::image(&request.label, &files)
}
