//! How the script in a guest acknowledges a block, and what follows from it. It is read strictly, since any program in the
//! guest may write there. `module/guest/PROTOCOL.md` is the contract with the script.

use serde::{Deserialize, Serialize};

use super::binding::{Binding, VERSION};
use super::exchange::{Component, Items, guest_items};
use super::result::{GuestResult, SkipReason, SyncStatus, SyncTarget, Transport};
use crate::hash::hash8;
use crate::hosts::{HostsWarning, HostsWarningKind, MAX_TEXT, is_own_name_on_loopback, printable};
use crate::terminal::visible;

/// The item by which the script says that it is installed.
pub(super) const GUEST: &str = "ragnatramp.guest";
/// The item that holds its acknowledgement.
pub(super) const ACKNOWLEDGEMENT: &str = "ragnatramp.answer";

/// Which version of the contract the script speaks that wrote this as [`GUEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptVersion {
    /// The one before: its blocks and acknowledgements name no VM.
    One,
    /// This one.
    Two,
    /// A later one, or none that is readable.
    Unknown,
}

impl ScriptVersion {
    pub(super) fn of(guest: &str) -> Self {
        match guest.split(' ').next() {
            Some("v1") => ScriptVersion::One,
            Some(VERSION) => ScriptVersion::Two,
            _ => ScriptVersion::Unknown,
        }
    }
}

/// Whether the script that wrote this as [`GUEST`] is started by cron, once a minute.
fn is_started_by_cron(guest: &str) -> bool {
    guest.split(' ').nth(4) == Some("cron")
}

/// What became of a block in its guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// What the guest did.
    pub status: AcknowledgementStatus,
    /// The digest of the block that this is about, or `-`.
    pub digest: String,
    /// The VM that the script runs in as far as it knows, and the lab whose block this is about.
    #[serde(skip)]
    pub binding: Binding,
    /// An outcome code, then warning codes.
    pub codes: Vec<String>,
    /// The same in words.
    pub text: String,
    /// The lines of the hosts file that the warning codes are about; a script of before reports none.
    pub places: Vec<Place>,
}

/// A line of the hosts file that a warning code is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The warning code.
    pub code: String,
    /// The line, from 1.
    pub line: usize,
    /// Its beginning, in printable ASCII.
    pub text: String,
}

impl Place {
    /// Reads `CODE LINE TEXT`. `None` where it is anything else.
    fn parse(place: &str) -> Option<Self> {
        let mut fields = place.splitn(3, ' ');
        let (code, line) = (fields.next()?.to_owned(), fields.next()?.parse().ok().filter(|line| *line > 0)?);
        Some(Place { code, line, text: printable(fields.next().unwrap_or_default().as_bytes()) })
    }
}

/// What a guest did with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AcknowledgementStatus {
    /// The hosts file was written for this block.
    Synced,
    /// It held the block already.
    Unchanged,
    /// The guest will not, and another try will not help.
    Refused,
    /// The guest could not.
    Failed,
}

impl Acknowledgement {
    /// Reads the item's value. `None` where it is of another version, was read while it was written, or is none.
    pub fn parse(value: &str) -> Option<Self> {
        let (body, check) = value.rsplit_once(" check=")?;
        if check != hash8(body.as_bytes()) {
            return None;
        }
        let mut fields = body.splitn(8, ' ');
        if fields.next()? != VERSION {
            return None;
        }
        let status = match fields.next()? {
            "synced" => AcknowledgementStatus::Synced,
            "unchanged" => AcknowledgementStatus::Unchanged,
            "refused" => AcknowledgementStatus::Refused,
            "failed" => AcknowledgementStatus::Failed,
            _ => return None,
        };
        let digest = fields.next()?.to_owned();
        let binding = Binding { vm_id: fields.next()?.into(), lab: fields.next()?.to_owned() };
        let _script_version = fields.next()?;
        let codes = fields.next()?.split(',').map(|code| visible(code).into_owned()).collect();
        let text = fields.next().unwrap_or_default();
        let (text, places) = text.split_once(" |").unwrap_or((text, ""));
        let places = places.split('|').filter_map(Place::parse).collect();
        let text = visible(text).into_owned();
        Some(Acknowledgement { status, digest, binding, codes, text, places })
    }

    /// The acknowledgement among the items of a guest.
    pub(super) fn among(items: &Items) -> Option<Self> {
        Self::parse(items.get(ACKNOWLEDGEMENT)?)
    }

    /// Whether this is about `update`: its block, in its VM, for its lab. A script that cannot tell its VM can only refuse.
    fn is_of(&self, update: &AwaitedUpdate) -> bool {
        let AwaitedUpdate { binding, digest, .. } = update;
        let is_refused = self.status == AcknowledgementStatus::Refused;
        self.digest == *digest
            && (self.binding == *binding || is_refused && self.binding.is_of_unknown_vm(&binding.lab))
    }

    /// Whether it may only mean that the guest read the items before all of them were there.
    fn is_for_now(&self) -> bool {
        self.codes.iter().any(|code| code == "digest" || code == "vm")
    }
}

/// An update whose acknowledgement is awaited.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AwaitedUpdate {
    /// The guest.
    #[serde(flatten)]
    pub guest: SyncTarget,
    /// The digest of the block: an acknowledgement with another one is of an earlier run.
    #[serde(skip)]
    pub digest: String,
    /// Whom it is for: an acknowledgement of another VM was copied with its disk.
    #[serde(skip)]
    pub binding: Binding,
    /// Whether anything new is sent.
    #[serde(skip)]
    pub sends: bool,
    /// Which of the run's calls it is sent, in their order: indices.
    pub calls: Vec<usize>,
}

/// How long a guest may take to acknowledge, in seconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// The timeout.
    #[serde(rename = "bound")]
    pub timeout: f64,
    /// What has passed of it.
    pub waited: f64,
}

/// The results of those guests among `awaited` that have acknowledged their block; after the timeout, of all of them.
pub fn acknowledged(awaited: &[AwaitedUpdate], components: &[Component], wait: Wait) -> Vec<GuestResult> {
    let guest_items = guest_items(components);
    let result = |update: &AwaitedUpdate| {
        let items = guest_items.get(&update.guest.vm_id);
        let is_over = wait.waited >= wait.timeout;
        let acknowledgement = items
            .and_then(Acknowledgement::among)
            .filter(|found| found.is_of(update) && (is_over || !found.is_for_now()));
        let guest = || items.and_then(|items| items.get(GUEST));
        match acknowledgement {
            Some(acknowledgement) => Some(result(update, &acknowledgement)),
            None if !is_over => None,
            None if guest().is_some_and(|text| is_started_by_cron(text)) => Some(not_yet(update)),
            None => Some(timed_out(update, wait.timeout)),
        }
    };
    let results = awaited.iter().filter_map(result);
    results.map(|result| result.through(Transport::KeyValuePair)).collect()
}

/// A guest that cannot have acknowledged yet. Nothing is wrong with it.
fn not_yet(update: &AwaitedUpdate) -> GuestResult {
    let message = "cron starts the script in its guest, which takes the names within a minute";
    let remedy = "The next Invoke-RagnaReconcile sees its answer.";
    GuestResult::skipped(
        &update.guest.machine_name,
        SkipReason::NotYet,
        message.to_owned(),
        remedy.to_owned(),
    )
}

fn timed_out(update: &AwaitedUpdate, timeout: f64) -> GuestResult {
    let message = format!("its guest was sent the names and did not answer within {timeout} s");
    let remedy = "The names stay there for it. Look inside the guest: systemctl status ragnatramp-guest.path";
    GuestResult::failed(&update.guest.machine_name, message, remedy.to_owned())
}

fn result(update: &AwaitedUpdate, acknowledgement: &Acknowledgement) -> GuestResult {
    let machine = &update.guest.machine_name;
    let Acknowledgement { status, codes, text, places, .. } = acknowledgement;
    let status = match status {
        AcknowledgementStatus::Synced if update.sends => SyncStatus::Synced,
        AcknowledgementStatus::Synced | AcknowledgementStatus::Unchanged => SyncStatus::Unchanged,
        AcknowledgementStatus::Refused | AcknowledgementStatus::Failed => {
            let code = codes.first().map(String::as_str).unwrap_or_default();
            let text = if text.is_empty() { code } else { text };
            let message = format!("its guest did not take the names: {text}");
            return GuestResult::failed(
                machine,
                message,
                format!("Nothing was written there. {}", remedy(code)),
            );
        }
    };
    let warnings = codes.iter().flat_map(|code| warnings(code, places, machine.as_str())).collect();
    GuestResult { warnings, ..GuestResult::new(machine, status) }
}

fn remedy(code: &str) -> &'static str {
    match code {
        "version" => "Install the guest files of this version of Ragnatramp in the guest.",
        "vm" => {
            "Hyper-V tells a guest its VM when the guest's daemon starts: restart the guest, and reconcile again."
        }
        "digest" => "Run Invoke-RagnaReconcile again.",
        "markers" => {
            "Open /etc/hosts inside the guest and remove these marker lines with what Ragnatramp wrote between them."
        }
        "utf16" => "Save /etc/hosts inside the guest as UTF-8 or ASCII.",
        "read-only" => "Make the guest's /etc writable.",
        "no-space" => "Free room on the guest's disk; it tries again by itself.",
        "link" => {
            "Make /etc/hosts inside the guest a file, or a link to one; the guest tries again by itself."
        }
        "busy" => {
            "Another program keeps changing the guest's /etc/hosts; run Invoke-RagnaReconcile again later."
        }
        _ => "Look at the guest's log: journalctl -t ragnatramp-guest",
    }
}

/// The warnings of one code: one for each of its lines, or one without a line where none is reported.
fn warnings(code: &str, places: &[Place], machine_name: &str) -> Vec<HostsWarning> {
    let kind = match code {
        "cloud-init" => HostsWarningKind::CloudInitManagesHosts,
        "own-name" => HostsWarningKind::OwnNameOnLoopback,
        "hidden-name" => HostsWarningKind::NameHidden,
        _ => return Vec::new(),
    };
    // The script does not know which of the block's names is its own.
    let kind_of = |text: &str| match kind {
        HostsWarningKind::OwnNameOnLoopback
            if text.len() < MAX_TEXT && !is_own_name_on_loopback(text, machine_name) =>
        {
            HostsWarningKind::NameHidden
        }
        _ => kind,
    };
    let of_line = |place: &Place| HostsWarning {
        kind: kind_of(&place.text),
        line: Some(place.line),
        text: Some(place.text.clone()),
    };
    let found: Vec<HostsWarning> = places.iter().filter(|place| place.code == code).map(of_line).collect();
    if found.is_empty() { vec![HostsWarning { kind, line: None, text: None }] } else { found }
}
