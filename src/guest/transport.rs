//! Which transport reaches a guest. Where none does, the guest is skipped, and the user is told the exact next step.

use std::collections::HashMap;
use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::acknowledgement::{GUEST, ScriptVersion};
use super::exchange::Component;
use super::result::{GuestResult, SkipReason, SyncTarget, Transport};
use crate::discovery::{EXCHANGE_DISABLED, KvpStatus, NO_CONTACT, VmId, daemon_remedy, seed_hint};
use crate::state::SeedKind;

/// What the user asked for with `-GuestTransport`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TransportChoice {
    /// The transport that is known to reach the guest.
    Auto,
    /// Only Data Exchange.
    KeyValuePair,
    /// Only PowerShell Direct.
    PowerShellDirect,
    /// No guest is entered.
    None,
}

/// The transport of a guest, or why it has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuestTransport {
    /// The guest.
    #[serde(flatten)]
    pub guest: SyncTarget,
    /// Its transport; `None` where it is skipped.
    pub transport: Option<Transport>,
    /// Its result where it is skipped.
    #[serde(skip)]
    pub skipped: Option<GuestResult>,
}

impl GuestTransport {
    /// Says to what else it may be due that a guest has no script, where its machine was created with such a disc.
    pub fn blame_seed(&mut self, seed: Option<SeedKind>) {
        let without_script =
            self.skipped.as_mut().filter(|skipped| skipped.reason == Some(SkipReason::NoScript));
        let remedy = without_script.and_then(|skipped| skipped.remedy.as_mut());
        if let Some(remedy) = remedy.filter(|_| seed == Some(SeedKind::CloudInit)) {
            remedy.push_str(seed_hint(seed));
        }
    }
}

/// The transport's name, or `none:` with the reason and what to do.
impl Display for GuestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        match (self.transport, &self.skipped) {
            (Some(transport), _) => write!(f, "{transport:?}"),
            (None, Some(skipped)) => write!(f, "none: {}. {}", text(&skipped.message), text(&skipped.remedy)),
            (None, None) => f.write_str("none"),
        }
    }
}

/// What is known of the guests' side of Data Exchange.
#[derive(Debug, Clone, Copy)]
pub enum Known<'a> {
    /// What Hyper-V answered: of all VMs, those that are not ours included.
    Components(&'a [Component]),
    /// Hyper-V refused to answer.
    Refused,
}

/// Why something could not be done, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeFailure {
    /// In one sentence.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// Chooses for each guest.
pub fn choose(
    guests: Vec<SyncTarget>,
    choice: TransportChoice,
    has_credential: bool,
    known: Known<'_>,
) -> Vec<GuestTransport> {
    let (components, is_refused) = match known {
        Known::Components(components) => (components, false),
        Known::Refused => (&[][..], true),
    };
    let by_id: HashMap<&VmId, &Component> =
        components.iter().map(|component| (&component.vm_id, component)).collect();
    let of_one = |guest: SyncTarget| {
        let side = by_id.get(&guest.vm_id).map(|component| GuestSide::of(component)).unwrap_or_default();
        match transport(choice, has_credential, &side, is_refused) {
            Ok(transport) => GuestTransport { guest, transport: Some(transport), skipped: None },
            Err((reason, message, remedy)) => {
                let skipped = Some(GuestResult::skipped(&guest.machine_name, reason, message, remedy));
                GuestTransport { guest, transport: None, skipped }
            }
        }
    };
    guests.into_iter().map(of_one).collect()
}

/// What one guest's side of Data Exchange decides, each item read once; of a guest of which nothing is known, nothing.
#[derive(Default)]
struct GuestSide {
    status: KvpStatus,
    os_name: Option<String>,
    /// What Ragnatramp's script says of itself.
    script: Option<String>,
}

impl GuestSide {
    fn of(component: &Component) -> Self {
        let (os_name, script) = (component.os_name(), component.guest_item(GUEST));
        GuestSide { status: component.kvp_status(), os_name, script }
    }

    /// Whether the guest is known to run Linux: it has Ragnatramp's script, whatever it calls its system, or calls it by a name
    /// that is not of Windows. A password goes to no such guest. Any guest can say that it runs Windows.
    fn is_linux(&self) -> bool {
        self.script.is_some() || self.os_name.as_ref().is_some_and(|os| !is_windows(os))
    }
}

/// Why a guest is skipped: the reason, a sentence, and what to do.
type Skip = (SkipReason, String, String);

fn skip(
    reason: SkipReason,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Result<Transport, Skip> {
    Err((reason, message.into(), remedy.into()))
}

const GIVE_CREDENTIAL: &str = "Give an administrator account of the guest with -Credential.";

fn transport(
    choice: TransportChoice,
    has_credential: bool,
    side: &GuestSide,
    is_refused: bool,
) -> Result<Transport, Skip> {
    let needs_exchange = matches!(choice, TransportChoice::Auto | TransportChoice::KeyValuePair);
    if needs_exchange && is_refused {
        return skip(
            SkipReason::ExchangeRefused,
            "Hyper-V refused to say what its Data Exchange holds",
            "See the warning of the run.",
        );
    }
    match choice {
        TransportChoice::None => {
            skip(SkipReason::Declined, "no guest is entered", "Leave -GuestTransport None out.")
        }
        TransportChoice::PowerShellDirect if side.is_linux() => skip(
            SkipReason::NoTransport,
            "its guest runs Linux, which PowerShell Direct never reaches; it gets no credential",
            "Leave -GuestTransport out, or take KeyValuePair.",
        ),
        TransportChoice::PowerShellDirect if has_credential => Ok(Transport::PowerShellDirect),
        TransportChoice::PowerShellDirect => {
            skip(SkipReason::NoCredential, "PowerShell Direct needs a credential", GIVE_CREDENTIAL)
        }
        TransportChoice::KeyValuePair => key_value_pair(side),
        TransportChoice::Auto => automatic(has_credential, side),
    }
}

fn automatic(has_credential: bool, side: &GuestSide) -> Result<Transport, Skip> {
    match side.os_name.as_deref() {
        _ if side.is_linux() => key_value_pair(side),
        Some(os) if is_windows(os) && has_credential => Ok(Transport::PowerShellDirect),
        Some(os) if is_windows(os) => {
            let why = format!("its guest runs {os}, which PowerShell Direct reaches with a credential");
            skip(SkipReason::NoCredential, why, GIVE_CREDENTIAL)
        }
        _ => key_value_pair(side),
    }
}

fn key_value_pair(side: &GuestSide) -> Result<Transport, Skip> {
    let os = side.os_name.as_deref();
    let version = side.script.as_deref().map(ScriptVersion::of);
    match (side.status, version) {
        (KvpStatus::Ok, Some(ScriptVersion::Two)) => Ok(Transport::KeyValuePair),
        (KvpStatus::Ok, Some(ScriptVersion::One)) => skip(
            SkipReason::ScriptVersion,
            "its guest script is of version 1, whose blocks name no VM",
            "Update it: Export-RagnaGuest writes the files; run their install.sh in the guest again.",
        ),
        (KvpStatus::Ok, Some(ScriptVersion::Unknown)) => skip(
            SkipReason::ScriptVersion,
            "its guest script is of a version that this module does not know",
            "Update this module, or install its own guest files: Export-RagnaGuest writes them.",
        ),
        (KvpStatus::Ok, None) => skip(
            SkipReason::NoScript,
            format!(
                "its guest runs {} and has no script that takes the names",
                os.unwrap_or("a system that it does not name")
            ),
            "Install Ragnatramp's script in its base image, once: Export-RagnaGuest writes the files, install.sh \
             among them.",
        ),
        (KvpStatus::NoContact, _) => skip(
            SkipReason::NoContact,
            NO_CONTACT,
            format!("{}; then Ragnatramp's script (Export-RagnaGuest).", daemon_remedy(os)),
        ),
        (KvpStatus::Disabled, _) => skip(
            SkipReason::ExchangeDisabled,
            EXCHANGE_DISABLED,
            "Switch it on in the settings of the VM, under Integration Services.",
        ),
        (KvpStatus::Unknown, _) => skip(
            SkipReason::NoTransport,
            "Hyper-V says nothing of its guest's Data Exchange",
            "For a Windows guest try -GuestTransport PowerShellDirect with -Credential.",
        ),
    }
}

fn is_windows(os_name: &str) -> bool {
    os_name.contains("Windows")
}
