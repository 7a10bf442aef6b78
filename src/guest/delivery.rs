//! From blocks to parcels and from replies to results, for all guests of a run at once.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::exchange::{Component, items};
use super::parcel::{HEAD, Parcel, parcel};
use super::reply::{ANSWER, GUEST, Reply, ReplyStatus, looks_once_a_minute, reply};
use crate::config::names::sha256_hex;
use crate::error::Result;
use crate::hosts::{HostsWarning, HostsWarningKind};
use crate::report::{GuestAnswer, SyncStatus, SyncTarget};

/// One VM's `Msvm_KvpExchangeComponentSettingData`, as PowerShell copies it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Setting {
    /// `InstanceID`: `Microsoft:<the VM's Id>\...`.
    pub instance_id: String,
    /// `HostExchangeItems`: what the host left for the guest.
    pub host_items: Vec<String>,
}

/// What has to be sent to one guest, and what it will answer with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The guest.
    #[serde(flatten)]
    pub guest: SyncTarget,
    /// The digest of the block: an answer with another one is of another time.
    #[serde(skip)]
    pub digest: String,
    /// Whether anything new is sent.
    #[serde(skip)]
    pub sends: bool,
    /// Which of the parcels it is sent.
    #[serde(rename = "update")]
    pub parcel: usize,
}

/// What has to be sent to all guests of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deliveries {
    /// One for each guest.
    pub items: Vec<Delivery>,
    /// What they are sent. Guests at which the same stands are sent the same, and that is here once.
    #[serde(rename = "updates")]
    pub parcels: Vec<Parcel>,
}

/// Says what to send to each guest. A guest that holds the block but never answered for it is woken by its head.
///
/// # Errors
/// Where the block is none that a guest would take.
pub fn deliveries(
    guests: Vec<SyncTarget>,
    block: &str,
    settings: &[Setting],
    components: &[Component],
) -> Result<Deliveries> {
    let standing = standing_items(settings);
    let (nothing, said) = (BTreeMap::new(), said(components));
    let digest = sha256_hex(block.as_bytes());
    let mut all = Deliveries::default();
    let mut made: HashMap<Situation<'_>, (usize, bool)> = HashMap::new();
    for guest in guests {
        let id = guest.vm_id.to_lowercase();
        let there = standing.get(&id).unwrap_or(&nothing);
        let answered = said.get(&id).and_then(answer).is_some_and(|reply| reply.digest == digest);
        let situation = Situation { there, answered };
        let (parcel, sends) = match made.get(&situation) {
            Some(same) => *same,
            None => {
                let (parcel, sends) = choose(block, situation)?;
                all.parcels.push(parcel);
                *made.entry(situation).or_insert((all.parcels.len() - 1, sends))
            }
        };
        all.items.push(Delivery { guest, digest: digest.clone(), sends, parcel });
    }
    Ok(all)
}

/// All that a guest's parcel depends on: what stands there, and whether it answered for this block.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Situation<'a> {
    there: &'a BTreeMap<String, String>,
    answered: bool,
}

/// The parcel for a guest, and whether it says anything new.
fn choose(block: &str, Situation { there, answered }: Situation<'_>) -> Result<(Parcel, bool)> {
    let new = parcel(block, there)?;
    let sends = !new.steps.is_empty();
    if answered || sends {
        return Ok((new, sends));
    }
    let woken =
        there.iter().filter(|(name, _)| *name != HEAD).map(|(name, value)| (name.clone(), value.clone()));
    let mut head = parcel(block, &woken.collect())?;
    for step in &mut head.steps {
        step.method = "ModifyKvpItems";
    }
    Ok((head, false))
}

/// How long answers are awaited, in seconds: all in all, and by now.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Wait {
    /// The bound.
    pub bound: f64,
    /// What has passed of it.
    pub waited: f64,
}

/// What has become of the guests among `awaited` that have answered for their block; once the wait is over, of them all.
pub fn delivered(awaited: &[Delivery], components: &[Component], wait: Wait) -> Vec<GuestAnswer> {
    let said = said(components);
    let outcome = |delivery: &Delivery| {
        let items = said.get(&delivery.guest.vm_id.to_lowercase());
        // A refusal for its digest may only mean that the guest looked before all parts were there.
        let reply = items.and_then(answer).filter(|reply| {
            reply.digest == delivery.digest && !reply.codes.iter().any(|code| code == "digest")
        });
        let greeting = || items.and_then(|items| items.get(GUEST));
        match reply {
            Some(reply) => Some(result(delivery, &reply)),
            None if wait.waited < wait.bound => None,
            None if greeting().is_some_and(|text| looks_once_a_minute(text)) => Some(not_yet(delivery)),
            None => Some(silent(delivery, wait.bound)),
        }
    };
    awaited.iter().filter_map(outcome).collect()
}

/// A guest that cannot have answered yet. Nothing is wrong with it.
fn not_yet(delivery: &Delivery) -> GuestAnswer {
    GuestAnswer {
        machine_name: delivery.guest.machine_name.clone(),
        status: SyncStatus::Skipped,
        door: Some("KeyValuePair".to_owned()),
        reason: Some("not-yet".to_owned()),
        message: Some(
            "cron starts the script in its guest, which takes the names within a minute".to_owned(),
        ),
        remedy: Some("The next Invoke-RagnaReconcile sees its answer.".to_owned()),
        warnings: Vec::new(),
    }
}

fn silent(delivery: &Delivery, bound: f64) -> GuestAnswer {
    GuestAnswer {
        status: SyncStatus::Failed,
        reason: None,
        message: Some(format!("its guest was sent the names and did not answer within {bound} s")),
        remedy: Some(
            "The names stay there for it. Look inside the guest: systemctl status ragnatramp-guest.path"
                .to_owned(),
        ),
        ..not_yet(delivery)
    }
}

fn result(delivery: &Delivery, reply: &Reply) -> GuestAnswer {
    let status = match reply.status {
        ReplyStatus::Synced if delivery.sends => SyncStatus::Synced,
        ReplyStatus::Synced | ReplyStatus::Unchanged => SyncStatus::Unchanged,
        ReplyStatus::Refused | ReplyStatus::Failed => SyncStatus::Failed,
    };
    let failed = status == SyncStatus::Failed;
    let code = reply.codes.first().map(String::as_str).unwrap_or_default();
    let text = if reply.text.is_empty() { code } else { &reply.text };
    GuestAnswer {
        machine_name: delivery.guest.machine_name.clone(),
        status,
        door: Some("KeyValuePair".to_owned()),
        reason: None,
        message: failed.then(|| format!("its guest did not take the names: {text}")),
        remedy: failed.then(|| format!("Nothing was written there. {}", remedy(code))),
        warnings: if failed {
            Vec::new()
        } else {
            reply.codes.iter().filter_map(|code| warning(code)).collect()
        },
    }
}

fn remedy(code: &str) -> &'static str {
    match code {
        "version" => "Install the guest files of this version of Ragnatramp in the guest.",
        "markers" => {
            "Open /etc/hosts inside the guest and remove these marker lines with what Ragnatramp wrote between them."
        }
        "utf16" => "Save /etc/hosts inside the guest as UTF-8 or ASCII.",
        "read-only" => "Make the guest's /etc writable.",
        "no-space" => "Free room on the guest's disk; it tries again by itself.",
        "busy" => {
            "Another program keeps changing the guest's /etc/hosts; run Invoke-RagnaReconcile again later."
        }
        _ => "Look at the guest's log: journalctl -t ragnatramp-guest",
    }
}

fn warning(code: &str) -> Option<HostsWarning> {
    let kind = match code {
        "cloud-init" => HostsWarningKind::CloudInitManagesHosts,
        "own-name" => HostsWarningKind::OwnNameOnLoopback,
        _ => return None,
    };
    Some(HostsWarning { kind, line: None, text: None })
}

/// What programs in each guest left for the host: the items by name, by the VM's Id in lower case.
fn said(components: &[Component]) -> HashMap<String, BTreeMap<String, String>> {
    components.iter().map(|component| (component.vm_id.to_lowercase(), component.answers())).collect()
}

fn answer(items: &BTreeMap<String, String>) -> Option<Reply> {
    reply(items.get(ANSWER)?)
}

/// What the host left for each guest: the items by name, by the VM's Id in lower case.
pub(super) fn standing_items(settings: &[Setting]) -> HashMap<String, BTreeMap<String, String>> {
    let of_one = |setting: &Setting| Some((vm_id(&setting.instance_id)?, items(&setting.host_items)));
    settings.iter().filter_map(of_one).collect()
}

/// The VM's Id in an `InstanceID`, in lower case.
fn vm_id(instance_id: &str) -> Option<String> {
    let rest = instance_id.strip_prefix("Microsoft:")?;
    Some(rest.split('\\').next()?.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::names::hash8;

    const BLOCK: &str =
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n# END RAGNATRAMP\n";

    fn guest() -> SyncTarget {
        SyncTarget {
            machine_name: "web".into(),
            vm_name: "lab-web-1".into(),
            vm_id: "AB-1".into(),
            target: "web (lab-web-1)".into(),
        }
    }

    fn component(body: &str) -> Component {
        let value = format!("{body} check={}", hash8(body.as_bytes()));
        let xml = format!(
            "<INSTANCE><PROPERTY NAME=\"Name\"><VALUE>{ANSWER}</VALUE></PROPERTY>\
             <PROPERTY NAME=\"Data\"><VALUE>{value}</VALUE></PROPERTY></INSTANCE>"
        );
        Component { vm_id: "ab-1".into(), guest_items: vec![xml], ..Component::default() }
    }

    const WAITING: Wait = Wait { bound: 5.0, waited: 1.0 };

    fn standing_after(sent: &Deliveries) -> Setting {
        let host_items = sent.parcels[0].steps.iter().flat_map(|step| step.data_items.clone()).collect();
        Setting { instance_id: "Microsoft:AB-1\\x\\0".into(), host_items }
    }

    #[test]
    fn a_block_that_stands_and_was_answered_for_is_not_sent_again() {
        let first = deliveries(vec![guest()], BLOCK, &[], &[]).unwrap();
        assert!(first.items[0].sends && first.parcels[0].steps.len() == 2, "{first:?}");
        let setting = standing_after(&first);
        let answer = component(&format!("v1 synced {} 1.0.0 ok", first.items[0].digest));
        let again = deliveries(vec![guest()], BLOCK, &[setting], std::slice::from_ref(&answer)).unwrap();
        assert_eq!((again.items[0].sends, again.parcels[0].steps.len()), (false, 0));
        assert_eq!(delivered(&again.items, &[answer], WAITING)[0].status, SyncStatus::Unchanged);
    }

    #[test]
    fn a_guest_that_holds_the_block_and_is_silent_is_woken_by_its_head_alone() {
        let first = deliveries(vec![guest()], BLOCK, &[], &[]).unwrap();
        let again = deliveries(vec![guest()], BLOCK, &[standing_after(&first)], &[]).unwrap();
        let steps = &again.parcels[0].steps;
        assert_eq!((again.items[0].sends, steps.len()), (false, 1));
        assert_eq!(steps[0].method, "ModifyKvpItems");
        assert!(steps[0].data_items.len() == 1 && steps[0].data_items[0].contains(">ragnatramp.block<"));
    }

    #[test]
    fn what_many_guests_are_sent_is_there_once() {
        let guests = |ids: &[&str]| {
            ids.iter().map(|id| SyncTarget { vm_id: (*id).into(), ..guest() }).collect::<Vec<_>>()
        };
        let sent = deliveries(guests(&["a", "b", "c"]), BLOCK, &[], &[]).unwrap();
        assert_eq!((sent.items.len(), sent.parcels.len()), (3, 1));
        let setting = standing_after(&sent);
        let mixed = deliveries(guests(&["ab-1", "b", "c"]), BLOCK, &[setting], &[]).unwrap();
        assert_eq!(mixed.items.iter().map(|one| one.parcel).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!(mixed.items.iter().map(|one| one.sends).collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn answers_of_another_time_do_not_count_and_refusals_are_failures() {
        let delivery = deliveries(vec![guest()], BLOCK, &[], &[]).unwrap().items.remove(0);
        assert_eq!(
            delivered(std::slice::from_ref(&delivery), &[component("v1 synced 00 1.0.0 ok")], WAITING),
            []
        );
        let torn = component(&format!("v1 refused {} 1.0.0 digest parts missing", delivery.digest));
        assert_eq!(delivered(std::slice::from_ref(&delivery), &[torn], WAITING), []);
        let refused =
            component(&format!("v1 refused {} 1.0.0 markers two blocks, lines 3,7", delivery.digest));
        let result = delivered(std::slice::from_ref(&delivery), &[refused], WAITING).remove(0);
        assert_eq!(result.status, SyncStatus::Failed);
        assert!(
            result.message.unwrap().contains("lines 3,7") && result.remedy.unwrap().contains("marker lines")
        );
        let synced =
            component(&format!("v1 synced {} 1.0.0 ok,cloud-init manage_etc_hosts is on", delivery.digest));
        let result = delivered(&[delivery], &[synced], WAITING).remove(0);
        assert_eq!(result.status, SyncStatus::Synced);
        assert_eq!(result.warnings[0].kind, HostsWarningKind::CloudInitManagesHosts);
    }

    #[test]
    fn at_the_bound_silence_is_a_failure_unless_cron_starts_the_script() {
        let delivery = deliveries(vec![guest()], BLOCK, &[], &[]).unwrap().items.remove(0);
        let over = Wait { bound: 5.0, waited: 5.1 };
        let greeting = |text: &str| Component {
            vm_id: "ab-1".into(),
            guest_items: vec![format!(
                "<INSTANCE><PROPERTY NAME=\"Name\"><VALUE>{GUEST}</VALUE></PROPERTY>\
                 <PROPERTY NAME=\"Data\"><VALUE>{text}</VALUE></PROPERTY></INSTANCE>"
            )],
            ..Component::default()
        };
        let told = |text, wait| delivered(std::slice::from_ref(&delivery), &[greeting(text)], wait);
        assert_eq!(told("v1 1.0.0 debian 12", WAITING), []);
        let failed = told("v1 1.0.0 debian 12", over).remove(0);
        assert_eq!((failed.status, failed.reason), (SyncStatus::Failed, None));
        assert!(failed.message.unwrap().ends_with("did not answer within 5 s"));
        assert_eq!(told("v1 1.0.0 debian 12 cron", WAITING), []);
        let later = told("v1 1.0.0 debian 12 cron", over).remove(0);
        assert_eq!((later.status, later.reason.as_deref()), (SyncStatus::Skipped, Some("not-yet")));
    }
}
