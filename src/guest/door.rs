//! Which door reaches a guest. Where none does, the guest is skipped, and the person is told the exact next step.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::exchange::Component;
use super::reply::GUEST;
use crate::discovery::{KvpStatus, daemon_remedy};
use crate::report::{GuestAnswer, SyncStatus, SyncTarget};

/// What the person asked for with `-GuestTransport`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Transport {
    /// The door that is known to reach the guest.
    Auto,
    /// Only Data Exchange.
    KeyValuePair,
    /// Only PowerShell Direct.
    PowerShellDirect,
    /// No guest is entered.
    None,
}

/// A way into a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// `Invoke-Command -VMId`: needs a credential, reaches Windows guests.
    PowerShellDirect,
    /// Data Exchange: reaches guests in which Ragnatramp's script answers.
    KeyValuePair,
}

/// Which door a guest has, or why it has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The guest.
    #[serde(flatten)]
    pub guest: SyncTarget,
    /// Its door; `None` where it is skipped.
    #[serde(rename = "transport")]
    pub door: Option<Door>,
    /// What to report of it where it is skipped.
    #[serde(skip)]
    pub skipped: Option<GuestAnswer>,
}

impl std::fmt::Display for Choice {
    /// The transport's name, or `none:` with the reason and what to do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.door, &self.skipped) {
            (Some(Door::KeyValuePair), _) => f.write_str("KeyValuePair"),
            (Some(Door::PowerShellDirect), _) => f.write_str("PowerShellDirect"),
            (None, Some(skipped)) => {
                let text = |part: &Option<String>| part.clone().unwrap_or_default();
                write!(f, "none: {}. {}", text(&skipped.message), text(&skipped.remedy))
            }
            (None, None) => f.write_str("none"),
        }
    }
}

/// Chooses for each guest. `components` is what Hyper-V's Data Exchange says of all VMs, those of others included.
pub fn choose(
    guests: Vec<SyncTarget>,
    transport: Transport,
    has_credential: bool,
    components: &[Component],
) -> Vec<Choice> {
    let by_id: HashMap<String, &Component> =
        components.iter().map(|component| (component.vm_id.to_lowercase(), component)).collect();
    guests
        .into_iter()
        .map(|guest| {
            let component = by_id.get(&guest.vm_id.to_lowercase()).copied();
            match verdict(transport, has_credential, component) {
                Ok(door) => Choice { guest, door: Some(door), skipped: None },
                Err(skip) => {
                    let skipped = Some(skip.answer(&guest.machine_name));
                    Choice { guest, door: None, skipped }
                }
            }
        })
        .collect()
}

/// Why a guest is skipped: as a word, in a sentence, and what to do about it.
struct Skip {
    reason: &'static str,
    message: String,
    remedy: String,
}

impl Skip {
    fn answer(self, machine: &str) -> GuestAnswer {
        GuestAnswer {
            machine_name: machine.to_owned(),
            status: SyncStatus::Skipped,
            door: None,
            reason: Some(self.reason.to_owned()),
            message: Some(self.message),
            remedy: Some(self.remedy),
            warnings: Vec::new(),
        }
    }
}

fn skip(reason: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Result<Door, Skip> {
    Err(Skip { reason, message: message.into(), remedy: remedy.into() })
}

const GIVE_CREDENTIAL: &str = "Give an administrator account of the guest with -Credential.";

fn verdict(transport: Transport, has_credential: bool, component: Option<&Component>) -> Result<Door, Skip> {
    match transport {
        Transport::None => skip("declined", "no guest is entered", "Leave -GuestTransport None out."),
        Transport::PowerShellDirect if has_credential => Ok(Door::PowerShellDirect),
        Transport::PowerShellDirect => {
            skip("no-credential", "PowerShell Direct needs a credential", GIVE_CREDENTIAL)
        }
        Transport::KeyValuePair => key_value_pair(component),
        Transport::Auto => automatic(has_credential, component),
    }
}

fn automatic(has_credential: bool, component: Option<&Component>) -> Result<Door, Skip> {
    match component.and_then(Component::os_name) {
        Some(os) if is_windows(&os) && has_credential => Ok(Door::PowerShellDirect),
        Some(os) if is_windows(&os) => {
            let why = format!("its guest runs {os}, which PowerShell Direct reaches with a credential");
            skip("no-credential", why, GIVE_CREDENTIAL)
        }
        _ => key_value_pair(component),
    }
}

fn key_value_pair(component: Option<&Component>) -> Result<Door, Skip> {
    let os = component.and_then(Component::os_name);
    match component.map(Component::kvp_status).unwrap_or_default() {
        KvpStatus::Ok if component.is_some_and(|guest| guest.answers().contains_key(GUEST)) => {
            Ok(Door::KeyValuePair)
        }
        KvpStatus::Ok => skip(
            "no-script",
            format!(
                "its guest runs {} and has no script that takes the names",
                os.as_deref().unwrap_or("a system that it does not name")
            ),
            "Install Ragnatramp's script in its base image, once: Export-RagnaGuest writes the files, install.sh \
             among them.",
        ),
        KvpStatus::NoContact => skip(
            "no-contact",
            "its guest does not answer Hyper-V (Data Exchange: no contact)",
            format!("{}; then Ragnatramp's script (Export-RagnaGuest).", daemon_remedy(os.as_deref())),
        ),
        KvpStatus::Disabled => skip(
            "exchange-disabled",
            "Data Exchange is switched off for its VM",
            "Switch it on in the settings of the VM, under Integration Services.",
        ),
        KvpStatus::Unknown => skip(
            "no-door",
            "Hyper-V says nothing of its guest's Data Exchange",
            "For a Windows guest try -GuestTransport PowerShellDirect with -Credential.",
        ),
    }
}

fn is_windows(os_name: &str) -> bool {
    os_name.contains("Windows")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, value: &str) -> String {
        format!(
            "<INSTANCE><PROPERTY NAME=\"Name\"><VALUE>{name}</VALUE></PROPERTY>\
             <PROPERTY NAME=\"Data\"><VALUE>{value}</VALUE></PROPERTY></INSTANCE>"
        )
    }

    fn component(os: Option<&str>, has_script: bool) -> Component {
        Component {
            vm_id: "AB".into(),
            enabled_state: 2,
            operational_status: if os.is_some() { 2 } else { 12 },
            intrinsic_items: os.map(|os| item("OSName", os)).into_iter().collect(),
            guest_items: if has_script { vec![item(GUEST, "v1 1.0.0 debian 12")] } else { Vec::new() },
        }
    }

    fn chosen(transport: Transport, has_credential: bool, component: Option<Component>) -> Choice {
        let guest = SyncTarget {
            machine_name: "web".into(),
            vm_name: "lab-web-1".into(),
            vm_id: "ab".into(),
            target: "web (lab-web-1)".into(),
        };
        let components: Vec<Component> = component.into_iter().collect();
        choose(vec![guest], transport, has_credential, &components).remove(0)
    }

    #[test]
    fn auto_takes_the_door_that_is_known_to_reach_the_guest() {
        let windows = || Some(component(Some("Windows 11 Pro"), false));
        assert_eq!(chosen(Transport::Auto, true, windows()).door, Some(Door::PowerShellDirect));
        let linux = || Some(component(Some("Debian GNU/Linux"), true));
        assert_eq!(chosen(Transport::Auto, true, linux()).door, Some(Door::KeyValuePair));
        assert_eq!(chosen(Transport::Auto, false, linux()).door, Some(Door::KeyValuePair));
    }

    #[test]
    fn a_guest_without_a_door_is_told_its_own_next_step() {
        let disabled = Component { enabled_state: 3, ..component(None, false) };
        for (component, reason, step) in [
            (Some(component(Some("Windows 11 Pro"), false)), "no-credential", "-Credential"),
            (Some(component(Some("Ubuntu"), false)), "no-script", "Export-RagnaGuest"),
            (Some(component(None, true)), "no-contact", "hyperv-daemons"),
            (Some(disabled), "exchange-disabled", "Integration Services"),
            (None, "no-door", "-GuestTransport PowerShellDirect"),
        ] {
            let choice = chosen(Transport::Auto, false, component);
            assert_eq!(choice.door, None, "{reason}");
            let skipped = choice.skipped.unwrap();
            assert_eq!((skipped.status, skipped.reason.as_deref()), (SyncStatus::Skipped, Some(reason)));
            assert!(skipped.remedy.as_deref().unwrap().contains(step), "{skipped:?}");
        }
    }

    #[test]
    fn a_door_that_is_asked_for_is_the_only_one() {
        let linux = || Some(component(Some("Debian GNU/Linux"), true));
        assert_eq!(chosen(Transport::PowerShellDirect, true, linux()).door, Some(Door::PowerShellDirect));
        let refused = chosen(Transport::PowerShellDirect, false, linux());
        assert_eq!(refused.skipped.unwrap().reason.as_deref(), Some("no-credential"));
        assert_eq!(chosen(Transport::KeyValuePair, true, Some(component(Some("Windows"), false))).door, None);
        assert_eq!(
            chosen(Transport::None, true, linux()).skipped.unwrap().reason.as_deref(),
            Some("declined")
        );
    }
}
