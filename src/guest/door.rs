//! Which door reaches a guest. Where none does, the guest is skipped, and the person is told the exact next step.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::exchange::{Component, Contact};
use super::reply::GUEST;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Door {
    /// `Invoke-Command -VMId`: needs a credential, reaches Windows guests.
    PowerShellDirect,
    /// Data Exchange: reaches guests in which Ragnatramp's script answers.
    KeyValuePair,
}

/// A guest that is to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuestRef {
    /// The machine's name in the config.
    pub machine_name: String,
    /// Its VM's name.
    pub vm_name: String,
    /// Its VM's Id.
    pub vm_id: String,
}

/// Which door a guest has, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The guest.
    #[serde(flatten)]
    pub guest: GuestRef,
    /// Its door; `None` where it is skipped.
    pub door: Option<Door>,
    /// Why it is skipped, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The same in a sentence, with the next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Chooses for each guest. `components` is what Hyper-V's Data Exchange says of all VMs, those of others included.
pub fn choose(
    guests: Vec<GuestRef>,
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
                Ok(door) => Choice { guest, door: Some(door), reason: None, warning: None },
                Err(skip) => {
                    let warning =
                        skip.next_step.map(|step| format!("{}: {}. {step}", guest.machine_name, skip.why));
                    Choice { guest, door: None, reason: Some(skip.reason), warning }
                }
            }
        })
        .collect()
}

/// Why a guest is skipped.
struct Skip {
    reason: &'static str,
    why: String,
    next_step: Option<&'static str>,
}

fn skip(reason: &'static str, why: impl Into<String>, next_step: &'static str) -> Result<Door, Skip> {
    Err(Skip { reason, why: why.into(), next_step: Some(next_step) })
}

const GIVE_CREDENTIAL: &str = "Give an administrator account of the guest with -Credential.";
const INSTALL_SCRIPT: &str = "Install Ragnatramp's script in its base image, once: Export-RagnaGuest writes the files, install.sh among them.";
const INSTALL_DAEMONS: &str = "Install Hyper-V's daemons in its base image: hyperv-daemons (Debian, RHEL, Fedora), \
     linux-cloud-tools-virtual (Ubuntu) or hyper-v (openSUSE); then Ragnatramp's script: Export-RagnaGuest.";

fn verdict(transport: Transport, has_credential: bool, component: Option<&Component>) -> Result<Door, Skip> {
    match transport {
        Transport::None => Err(Skip { reason: "transport is None", why: String::new(), next_step: None }),
        Transport::PowerShellDirect if has_credential => Ok(Door::PowerShellDirect),
        Transport::PowerShellDirect => {
            skip("no credential", "PowerShell Direct needs a credential", GIVE_CREDENTIAL)
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
            skip("no credential", why, GIVE_CREDENTIAL)
        }
        _ => key_value_pair(component),
    }
}

fn key_value_pair(component: Option<&Component>) -> Result<Door, Skip> {
    match component.map_or(Contact::Unknown, Component::contact) {
        Contact::Ok if component.is_some_and(|guest| guest.answers().contains_key(GUEST)) => {
            Ok(Door::KeyValuePair)
        }
        Contact::Ok => {
            let os = component
                .and_then(Component::os_name)
                .unwrap_or_else(|| "a system it does not name".to_owned());
            skip(
                "no door",
                format!("its guest runs {os} and has no script that takes the names"),
                INSTALL_SCRIPT,
            )
        }
        Contact::NoContact => {
            skip("no door", "its guest does not answer Hyper-V (Data Exchange: no contact)", INSTALL_DAEMONS)
        }
        Contact::Disabled => skip(
            "no door",
            "Data Exchange is switched off for its VM",
            "Switch it on in the VM's settings, under Integration Services.",
        ),
        Contact::Unknown => skip(
            "no door",
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
        let guest = GuestRef { machine_name: "web".into(), vm_name: "lab-web-1".into(), vm_id: "ab".into() };
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
        for (component, step) in [
            (Some(component(Some("Windows 11 Pro"), false)), "-Credential"),
            (Some(component(Some("Ubuntu"), false)), "Export-RagnaGuest"),
            (Some(component(None, true)), "hyperv-daemons"),
            (Some(disabled), "Integration Services"),
            (None, "-GuestTransport PowerShellDirect"),
        ] {
            let choice = chosen(Transport::Auto, false, component);
            assert_eq!(choice.door, None, "{step}");
            let warning = choice.warning.unwrap();
            assert!(warning.starts_with("web: ") && warning.contains(step), "{warning}");
        }
    }

    #[test]
    fn a_door_that_is_asked_for_is_the_only_one() {
        let linux = || Some(component(Some("Debian GNU/Linux"), true));
        assert_eq!(chosen(Transport::PowerShellDirect, true, linux()).door, Some(Door::PowerShellDirect));
        assert_eq!(chosen(Transport::PowerShellDirect, false, linux()).reason, Some("no credential"));
        assert_eq!(chosen(Transport::KeyValuePair, true, Some(component(Some("Windows"), false))).door, None);
        let none = chosen(Transport::None, true, linux());
        assert_eq!((none.door, none.warning), (None, None));
    }
}
