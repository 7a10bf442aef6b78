//! What goes to guests through Data Exchange and comes back: items, updates, acknowledgements, and the preview of a dry run.

use std::collections::BTreeMap;

use crate::lab::{block_of, state};
use ragnatramp::discovery::KvpStatus;
use ragnatramp::guest::{
    Acknowledgement, AcknowledgementStatus, AwaitedUpdate, Component, GuestResult, GuestTransport,
    HostSettings, KvpMethod, KvpUpdate, KvpUpdates, Setting, SkipReason, SyncStatus, SyncTarget, Transport,
    Wait, acknowledged, block_in, item, items, kvp_update, kvp_updates, previews,
};
use ragnatramp::hash::{hash8, sha256_hex};
use ragnatramp::hosts::{HostsWarning, HostsWarningKind};
use ragnatramp::state::State;
use serde_json::json;

type Items = BTreeMap<String, String>;

fn guest(vm_id: &str) -> SyncTarget {
    SyncTarget::new("web".into(), vm_id.into(), "lab-web-1".into())
}

fn xml(name: &str, data: &str) -> String {
    format!(
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Caption\" PROPAGATED=\"true\" \
         TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{data}</VALUE></PROPERTY>\
         <PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>"
    )
}

#[test]
fn items_are_read_with_their_entities_and_other_texts_are_ignored() {
    let texts =
        [xml("OSName", "Tom &amp; Jerry &lt;12&gt;"), "<broken".into(), "<INSTANCE/>".into(), xml("x", "")];
    let read = items(&texts);
    assert_eq!(read.len(), 2);
    assert_eq!(read["OSName"], "Tom & Jerry <12>");
    assert_eq!(read["x"], "");
}

#[test]
fn the_status_follows_the_states_that_hyper_v_documents() {
    let status = |enabled_state, operational_status| {
        Component { enabled_state, operational_status, ..Component::default() }.kvp_status()
    };
    assert_eq!(status(2, 2), KvpStatus::Ok);
    assert_eq!(status(2, 3), KvpStatus::Ok);
    assert_eq!(status(2, 12), KvpStatus::NoContact);
    assert_eq!(status(3, 12), KvpStatus::Disabled);
    assert_eq!(status(0, 0), KvpStatus::Unknown);
}

fn block(names: usize) -> String {
    let lines: String = (0..names).map(|n| format!("172.20.{}.{} m{n}\n", n / 200, n % 200 + 1)).collect();
    format!("# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{lines}# END RAGNATRAMP\n")
}

/// The items of the guest after the calls, in their order.
fn carried_out(update: &KvpUpdate, mut standing: Items) -> Items {
    for call in &update.calls {
        for (name, value) in items(&call.data_items) {
            match call.method {
                KvpMethod::AddKvpItems => {
                    assert!(standing.insert(name, value).is_none(), "added what was there")
                }
                KvpMethod::ModifyKvpItems => {
                    assert!(standing.insert(name, value).is_some(), "modified what was not there")
                }
                KvpMethod::RemoveKvpItems => {
                    assert!(standing.remove(&name).is_some(), "removed what was not there")
                }
            }
        }
    }
    standing
}

#[test]
fn whatever_stood_there_the_guest_can_put_the_block_together() {
    let mut standing = BTreeMap::new();
    for names in [0, 1, 500, 40, 41, 0] {
        let update = kvp_update(&block(names), &standing).unwrap();
        standing = carried_out(&update, standing);
        assert_eq!(block_in(&standing), Some(block(names)));
        assert_eq!(
            standing["ragnatramp.block"],
            format!("v1 {} {}", standing.len() - 1, sha256_hex(block(names).as_bytes()))
        );
        assert!(standing.values().all(|value| value.len() <= 1_000));
    }
}

#[test]
fn no_call_carries_more_items_than_hyper_v_takes() {
    // Each line is as long as a line of names can be, so that a part holds few of them.
    let long: String = (0..4_000).map(|n| format!("172.20.1.1 {}{n:04}\n", "m".repeat(59))).collect();
    let long = format!(
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{long}# END RAGNATRAMP\n"
    );
    let first = kvp_update(&long, &BTreeMap::new()).unwrap();
    let standing = carried_out(&first, BTreeMap::new());
    assert!(standing.len() > 2 * 128, "{}", standing.len());
    assert_eq!(block_in(&standing), Some(long.clone()));
    let other = kvp_update(&long.replace("172.20.1.1 ", "172.20.1.2 "), &standing).unwrap();
    let shrunk = kvp_update(&block(1), &standing).unwrap();
    for (update, method) in [
        (first, KvpMethod::AddKvpItems),
        (other, KvpMethod::ModifyKvpItems),
        (shrunk, KvpMethod::RemoveKvpItems),
    ] {
        assert!(update.calls.iter().all(|call| call.data_items.len() <= 128));
        assert!(update.calls.iter().filter(|call| call.method == method).count() >= 3, "{method:?}");
    }
}

#[test]
fn what_stands_there_already_is_not_sent_again() {
    let standing = carried_out(&kvp_update(&block(100), &BTreeMap::new()).unwrap(), BTreeMap::new());
    assert_eq!(kvp_update(&block(100), &standing).unwrap().calls, []);
}

#[test]
fn the_head_goes_after_the_parts_and_removals_come_last() {
    let standing = carried_out(&kvp_update(&block(500), &BTreeMap::new()).unwrap(), BTreeMap::new());
    let calls = kvp_update(&block(3), &standing).unwrap().calls;
    let head = calls
        .iter()
        .position(|call| call.data_items.iter().any(|xml| xml.contains(">ragnatramp.block<")))
        .unwrap();
    let removal = calls.iter().position(|call| call.method == KvpMethod::RemoveKvpItems).unwrap();
    assert!(head > 0 && removal == calls.len() - 1 && head < removal, "{calls:?}");
}

fn sent(ids: &[&str], settings: &HostSettings, components: &[Component]) -> KvpUpdates {
    kvp_updates(ids.iter().map(|id| guest(id)).collect(), &block(0), settings, components).unwrap()
}

fn setting_after(sent: &KvpUpdates) -> HostSettings {
    let host_items = sent.updates[0].calls.iter().flat_map(|call| call.data_items.clone()).collect();
    HostSettings {
        lists: vec![host_items],
        settings: vec![Setting { instance_id: "Microsoft:AB-1\\x\\0".into(), list: 0 }],
    }
}

#[test]
fn a_block_that_is_there_and_was_acknowledged_is_not_sent_again() {
    let first = sent(&["AB-1"], &HostSettings::default(), &[]);
    assert!(first.items[0].sends && first.updates[0].calls.len() == 2, "{first:?}");
    let value = sealed(&format!("v1 synced {} 1.0.0 ok", first.items[0].digest));
    let guest_items = vec![item("ragnatramp.answer", &value)];
    let component = Component { vm_id: "ab-1".into(), guest_items, ..Component::default() };
    let again = sent(&["AB-1"], &setting_after(&first), std::slice::from_ref(&component));
    assert_eq!((again.items[0].sends, again.updates[0].calls.len()), (false, 0));
    let results = acknowledged(&again.items, &[component], WAITING);
    assert_eq!(results[0].status, SyncStatus::Unchanged);
}

#[test]
fn a_guest_that_has_the_block_and_did_not_acknowledge_it_is_sent_its_head_again() {
    let first = sent(&["AB-1"], &HostSettings::default(), &[]);
    let again = sent(&["AB-1"], &setting_after(&first), &[]);
    let calls = &again.updates[0].calls;
    assert_eq!((again.items[0].sends, calls.len()), (false, 1));
    assert_eq!(calls[0].method, KvpMethod::ModifyKvpItems);
    assert!(calls[0].data_items.len() == 1 && calls[0].data_items[0].contains(">ragnatramp.block<"));
}

#[test]
fn what_many_guests_are_sent_is_there_once() {
    let first = sent(&["a", "b", "c"], &HostSettings::default(), &[]);
    assert_eq!((first.items.len(), first.updates.len()), (3, 1));
    let mixed = sent(&["ab-1", "b", "c"], &setting_after(&first), &[]);
    assert_eq!(mixed.items.iter().map(|one| one.update).collect::<Vec<_>>(), [0, 1, 1]);
    assert_eq!(mixed.items.iter().map(|one| one.sends).collect::<Vec<_>>(), [false, true, true]);
}

fn sealed(body: &str) -> String {
    format!("{body} check={}", hash8(body.as_bytes()))
}

#[test]
fn an_acknowledgement_is_read_with_all_its_fields() {
    let read = Acknowledgement::parse(&sealed("v1 refused abc 1.0.0 markers,own-name two blocks, lines 3,7"))
        .unwrap();
    assert_eq!((read.status, read.digest.as_str()), (AcknowledgementStatus::Refused, "abc"));
    assert_eq!(read.codes, ["markers", "own-name"]);
    assert_eq!(read.text, "two blocks, lines 3,7");
    assert_eq!(Acknowledgement::parse(&sealed("v1 synced abc 1.0.0 ok")).unwrap().text, "");
}

#[test]
fn what_is_torn_newer_or_something_else_is_none() {
    let whole = sealed("v1 synced abc 1.0.0 ok all well");
    assert!(Acknowledgement::parse(&whole).is_some());
    for cut in 0..whole.len() {
        assert_eq!(Acknowledgement::parse(&whole[..cut]), None, "cut at {cut}");
    }
    assert_eq!(Acknowledgement::parse(&sealed("v2 synced abc 1.0.0 ok")), None);
    assert_eq!(Acknowledgement::parse(&sealed("v1 done abc 1.0.0 ok")), None);
    assert_eq!(Acknowledgement::parse(""), None);
}

const WAITING: Wait = Wait { timeout: 5.0, waited: 1.0 };

fn awaited() -> AwaitedUpdate {
    AwaitedUpdate { guest: guest("AB-1"), digest: "d1".into(), sends: true, update: 0 }
}

fn component(name: &str, value: &str) -> Component {
    Component { vm_id: "ab-1".into(), guest_items: vec![item(name, value)], ..Component::default() }
}

fn results(body: &str) -> Vec<GuestResult> {
    acknowledged(&[awaited()], &[component("ragnatramp.answer", &sealed(body))], WAITING)
}

#[test]
fn acknowledgements_of_another_run_do_not_count_and_refusals_are_failures() {
    assert_eq!(results("v1 synced 00 1.0.0 ok"), []);
    assert_eq!(results("v1 refused d1 1.0.0 digest parts missing"), []);
    let refused = results("v1 refused d1 1.0.0 markers two blocks, lines 3,7").remove(0);
    assert_eq!(refused.status, SyncStatus::Failed);
    assert!(
        refused.message.unwrap().contains("lines 3,7") && refused.remedy.unwrap().contains("marker lines")
    );
    let lost = results("v1 failed d1 1.0.0 link /etc/hosts is a link to x, where nothing is").remove(0);
    assert!(lost.remedy.unwrap().contains("Make /etc/hosts inside the guest a file"));
    let synced = results("v1 synced d1 1.0.0 ok,cloud-init manage_etc_hosts is on").remove(0);
    assert_eq!(synced.status, SyncStatus::Synced);
    assert_eq!(synced.warnings[0].kind, HostsWarningKind::CloudInitManagesHosts);
}

#[test]
fn the_lines_behind_a_warning_come_with_it_and_a_script_of_before_has_none() {
    let told = |places: &str| {
        let body =
            format!("v1 synced d1 1.0.0 ok,own-name,hidden-name,cloud-init written; warning: x{places}");
        let kind = |w: HostsWarning| (w.kind, w.line, w.text.unwrap_or_default());
        results(&body).remove(0).warnings.into_iter().map(kind).collect::<Vec<_>>()
    };
    let (own, hidden, cloud) = (
        HostsWarningKind::OwnNameOnLoopback,
        HostsWarningKind::NameHidden,
        HostsWarningKind::CloudInitManagesHosts,
    );
    let without = |kind| (kind, None, String::new());
    let at = |kind, line, text: &str| (kind, Some(line), text.to_owned());
    assert_eq!(told(""), [without(own), without(hidden), without(cloud)]);
    assert_eq!(
        told(" |hidden-name 3 10.0.0.9 db|own-name 4 127.0.1.1 ab-1 web|hidden-name 7 10.0.0.8 x check=1"),
        [
            at(own, 4, "127.0.1.1 ab-1 web"),
            at(hidden, 3, "10.0.0.9 db"),
            at(hidden, 7, "10.0.0.8 x check=1"),
            without(cloud)
        ]
    );
    // The script takes each name of the block for the guest's own.
    assert_eq!(told(" |own-name 4 127.0.0.1 db")[0], at(hidden, 4, "127.0.0.1 db"));
    // What no script writes.
    assert_eq!(
        told(" |own-name 0 x|own-name|own-name -1 x||| |hidden-name 1"),
        [without(own), at(hidden, 1, ""), without(cloud)]
    );
    let long = format!(" |hidden-name 2 é\u{202e}{}", "a".repeat(500));
    assert_eq!(told(&long)[1], at(hidden, 2, &format!("?????{}", "a".repeat(55))));
    let failed = results("v1 failed d1 1.0.0 write,own-name no luck |own-name 4 127.0.0.1 web").remove(0);
    assert_eq!(failed.message.unwrap(), "its guest did not take the names: no luck");
}

#[test]
fn after_the_timeout_no_acknowledgement_is_a_failure_unless_cron_starts_the_script() {
    let over = Wait { timeout: 5.0, waited: 5.1 };
    let told = |text, wait| acknowledged(&[awaited()], &[component("ragnatramp.guest", text)], wait);
    assert_eq!(told("v1 1.0.0 debian 12", WAITING), []);
    let failed = told("v1 1.0.0 debian 12", over).remove(0);
    assert_eq!((failed.status, failed.reason), (SyncStatus::Failed, None));
    assert!(failed.message.unwrap().ends_with("did not answer within 5 s"));
    assert_eq!(told("v1 1.0.0 debian 12 cron", WAITING), []);
    assert_eq!(told("v1 1.0.0 cron cron", over)[0].status, SyncStatus::Failed, "the word has its place");
    let later = told("v1 1.0.0 debian 12 cron", over).remove(0);
    assert_eq!((later.status, later.reason), (SyncStatus::Skipped, Some(SkipReason::NotYet)));
}

const OLD: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.0.1")];
const NEW: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.7.7")];

fn addresses(machines: &[(&str, Option<&str>)]) -> State {
    state(&machines.iter().map(|(name, ipv4)| (*name, json!({"ipv4": ipv4}))).collect::<Vec<_>>())
}

fn given(block: &str) -> HostSettings {
    let calls = kvp_update(block, &BTreeMap::new()).unwrap().calls;
    let host_items = calls.into_iter().flat_map(|call| call.data_items).collect();
    HostSettings {
        lists: vec![host_items],
        settings: vec![Setting { instance_id: "Microsoft:ab-1\\x\\0".into(), list: 0 }],
    }
}

const CHANGE: &str = "web (lab-web-1): the block in its hosts file would become
   # BEGIN RAGNATRAMP
   # Managed by ragnatramp - do not edit this block
   172.20.0.2 db
  -172.20.0.1 web
  +172.20.7.7 web
   # END RAGNATRAMP";

fn shown(transport: Transport, settings: &HostSettings, state: &State) -> String {
    previews(
        &[GuestTransport { guest: guest("AB-1"), transport: Some(transport), skipped: None }],
        &block_of(&NEW),
        settings,
        state,
    )
    .remove(0)
    .text
}

#[test]
fn a_guest_of_data_exchange_is_compared_with_its_own_items() {
    let elsewhere = addresses(&[("db", Some("172.20.9.9"))]);
    assert_eq!(shown(Transport::KeyValuePair, &given(&block_of(&OLD)), &elsewhere), CHANGE);
    let same = shown(Transport::KeyValuePair, &given(&block_of(&NEW)), &elsewhere);
    assert_eq!(same, "web (lab-web-1): the block in its hosts file would stay as it is.");
    let first = shown(Transport::KeyValuePair, &HostSettings::default(), &elsewhere);
    assert!(first.starts_with("web (lab-web-1): its hosts file would get a block\n  +# BEGIN"), "{first}");
    assert_eq!(first.lines().filter(|line| line.starts_with("  +")).count(), 5, "{first}");
}

#[test]
fn items_that_are_no_whole_block_count_as_none() {
    let mut torn = given(&block_of(&OLD));
    torn.lists[0].remove(0);
    assert!(shown(Transport::KeyValuePair, &torn, &addresses(&[])).contains("would get a block"));
}

#[test]
fn a_guest_of_power_shell_direct_is_compared_with_what_the_state_knows() {
    let known = addresses(&[
        ("web", Some("172.20.0.1")),
        ("db", Some("172.20.0.2")),
        ("off", None),
        ("same1", Some("172.20.0.9")),
        ("same2", Some("172.20.0.9")),
    ]);
    assert_eq!(shown(Transport::PowerShellDirect, &HostSettings::default(), &known), CHANGE);
    assert!(
        shown(Transport::PowerShellDirect, &HostSettings::default(), &addresses(&[]))
            .contains("would get a block")
    );
}
