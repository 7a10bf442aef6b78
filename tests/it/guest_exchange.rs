//! What goes to guests through Data Exchange: items, updates, and the preview of a dry run.

use std::collections::BTreeMap;

use crate::guest_acknowledgement::{WAITING, component};
use crate::lab::{block_of, state};
use ragnatramp::discovery::KvpStatus;
use ragnatramp::guest::{
    Acknowledgement, Binding, Component, GuestTransport, HostSettings, KvpCall, KvpMethod, KvpUpdate,
    KvpUpdates, Setting, SyncStatus, SyncTarget, Transport, acknowledged, block_in, items, kvp_update,
    kvp_updates, previews,
};
use ragnatramp::hash::{hash8, sha256_hex};
use ragnatramp::state::State;
use serde_json::json;

type Items = BTreeMap<String, String>;

pub(crate) fn guest(vm_id: &str) -> SyncTarget {
    SyncTarget::new("web".into(), vm_id.into(), "lab-web-1".into())
}

/// The lab of every test here, and the guest `ab-1` of it.
pub(crate) const LAB: &str = "lab-34c366ff";

pub(crate) fn binding() -> Binding {
    Binding::new(&"AB-1".into(), LAB)
}

fn update(block: &str, standing: &Items) -> KvpUpdate {
    kvp_update(block, &binding(), standing).unwrap()
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
        let update = update(&block(names), &standing);
        standing = carried_out(&update, standing);
        assert_eq!(block_in(&standing, &"ab-1".into()), Some(block(names)));
        assert_eq!(
            standing["ragnatramp.block"],
            format!("v2 {} {} ab-1 {LAB}", standing.len() - 1, sha256_hex(block(names).as_bytes()))
        );
        assert!(standing.values().all(|value| value.len() <= 1_000));
    }
}

/// The cases that the guest's script is tested by, too.
#[test]
fn the_items_and_the_answer_are_those_of_the_guests_vectors() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/kvp-update-cases.json")).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let binding = Binding::new(&text("vm").to_uppercase().into(), text("lab"));
        let update = kvp_update(text("block"), &binding, &Items::new()).unwrap();
        let wanted: Vec<(String, String)> = serde_json::from_value(case["items"].clone()).unwrap();
        let sent = update
            .calls
            .iter()
            .flat_map(|call| &call.data_items)
            .map(|text| items(std::slice::from_ref(text)));
        let sent: Vec<(String, String)> = sent.flatten().collect();
        assert_eq!(sent, wanted, "{}", text("name"));
        let answer = Acknowledgement::parse(&sealed(&format!("{} 2.0.0 ok", text("answer")))).unwrap();
        assert_eq!((answer.binding, answer.digest), (binding, sha256_hex(text("block").as_bytes())));
    }
}

#[test]
fn no_call_carries_more_items_than_hyper_v_takes() {
    // Each line is as long as a line of names can be, so that a part holds few of them.
    let long: String = (0..4_000).map(|n| format!("172.20.1.1 {}{n:04}\n", "m".repeat(59))).collect();
    let long = format!(
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{long}# END RAGNATRAMP\n"
    );
    let first = update(&long, &BTreeMap::new());
    let standing = carried_out(&first, BTreeMap::new());
    assert!(standing.len() > 2 * 128, "{}", standing.len());
    assert_eq!(block_in(&standing, &"ab-1".into()), Some(long.clone()));
    let other = update(&long.replace("172.20.1.1 ", "172.20.1.2 "), &standing);
    let shrunk = update(&block(1), &standing);
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
    let standing = carried_out(&update(&block(100), &BTreeMap::new()), BTreeMap::new());
    assert_eq!(update(&block(100), &standing).calls, []);
}

#[test]
fn the_head_goes_after_the_parts_and_removals_come_last() {
    let standing = carried_out(&update(&block(500), &BTreeMap::new()), BTreeMap::new());
    let calls = update(&block(3), &standing).calls;
    let head = calls
        .iter()
        .position(|call| call.data_items.iter().any(|xml| xml.contains(">ragnatramp.block<")))
        .unwrap();
    let removal = calls.iter().position(|call| call.method == KvpMethod::RemoveKvpItems).unwrap();
    assert!(head > 0 && removal == calls.len() - 1 && head < removal, "{calls:?}");
}

fn sent(ids: &[&str], settings: &HostSettings, components: &[Component]) -> KvpUpdates {
    kvp_updates(ids.iter().map(|id| guest(id)).collect(), LAB, &block(0), settings, components).unwrap()
}

/// The settings of a VM after these calls, which all add.
fn setting(instance_id: &str, calls: &[&KvpCall]) -> HostSettings {
    let texts: Vec<String> = calls.iter().flat_map(|call| call.data_items.clone()).collect();
    let items = (0..texts.len()).collect();
    HostSettings { texts, settings: vec![Setting { instance_id: instance_id.into(), items }] }
}

/// The calls of one guest of a run, in their order.
fn calls_of(sent: &KvpUpdates, number: usize) -> Vec<&KvpCall> {
    sent.items[number].calls.iter().map(|call| &sent.calls[*call]).collect()
}

fn setting_after(sent: &KvpUpdates) -> HostSettings {
    setting("Microsoft:AB-1\\x\\0", &calls_of(sent, 0))
}

fn acknowledging(answer: &str) -> Component {
    Component { vm_id: "ab-1".into(), ..component("ragnatramp.answer", answer) }
}

#[test]
fn a_block_that_is_there_and_was_acknowledged_is_not_sent_again() {
    let first = sent(&["AB-1"], &HostSettings::default(), &[]);
    assert!(first.items[0].sends && first.items[0].calls == [0, 1], "{first:?}");
    let component =
        acknowledging(&sealed(&format!("v2 synced {} ab-1 {LAB} 2.0.0 ok", first.items[0].digest)));
    let again = sent(&["AB-1"], &setting_after(&first), std::slice::from_ref(&component));
    assert_eq!((again.items[0].sends, again.items[0].calls.len()), (false, 0));
    let results = acknowledged(&again.items, &[component], WAITING);
    assert_eq!(results[0].status, SyncStatus::Unchanged);
}

#[test]
fn a_guest_that_has_the_block_and_did_not_acknowledge_it_is_sent_its_head_again() {
    let first = sent(&["AB-1"], &HostSettings::default(), &[]);
    let digest = &first.items[0].digest;
    for answer in [
        "".to_owned(),
        format!("v1 synced {digest} 1.1.0 ok"),
        format!("v2 synced {digest} ab-2 {LAB} 2.0.0 ok"),
        format!("v2 synced {digest} ab-1 lab-00000000 2.0.0 ok"),
        format!("v2 synced {digest} - - 2.0.0 ok"),
    ] {
        let again = sent(&["AB-1"], &setting_after(&first), &[acknowledging(&sealed(&answer))]);
        let calls = calls_of(&again, 0);
        assert_eq!((again.items[0].sends, calls.len()), (false, 1), "{answer}");
        assert_eq!(calls[0].method, KvpMethod::ModifyKvpItems);
        assert!(calls[0].data_items.len() == 1 && calls[0].data_items[0].contains(">ragnatramp.block<"));
    }
}

#[test]
fn what_many_guests_are_sent_is_there_once_and_each_head_names_its_vm() {
    let first = sent(&["a", "B", "c"], &HostSettings::default(), &[]);
    let calls: Vec<&[usize]> = first.items.iter().map(|one| one.calls.as_slice()).collect();
    assert_eq!(calls, [[0, 1], [0, 2], [0, 3]]);
    for (number, vm) in ["a", "b", "c"].into_iter().enumerate() {
        let head = items(&calls_of(&first, number)[1].data_items);
        assert!(head["ragnatramp.block"].ends_with(&format!(" {vm} {LAB}")), "{head:?}");
    }
    let mixed =
        sent(&["ab-1", "b", "c"], &setting_after(&sent(&["ab-1"], &HostSettings::default(), &[])), &[]);
    assert_eq!(mixed.items.iter().map(|one| one.calls.len()).collect::<Vec<_>>(), [1, 2, 2]);
    assert_eq!(mixed.items.iter().map(|one| one.sends).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn the_items_of_another_vm_and_those_of_version_one_are_replaced() {
    let first = sent(&["AB-1"], &HostSettings::default(), &[]);
    for (from, to) in [(" ab-1 ", " ab-2 "), ("v2 ", "v1 "), (" ab-1 lab-34c366ff", "")] {
        let mut settings = setting_after(&first);
        for text in &mut settings.texts {
            *text = text.replace(from, to);
        }
        let again = sent(&["AB-1"], &settings, &[]);
        let calls = calls_of(&again, 0);
        assert!(again.items[0].sends && calls.len() == 1, "{calls:?}");
        assert_eq!(calls[0].method, KvpMethod::ModifyKvpItems);
        assert!(items(&calls[0].data_items)["ragnatramp.block"].ends_with(" ab-1 lab-34c366ff"));
    }
}

pub(crate) fn sealed(body: &str) -> String {
    format!("{body} check={}", hash8(body.as_bytes()))
}

const OLD: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.0.1")];
const NEW: [(&str, &str); 2] = [("db", "172.20.0.2"), ("web", "172.20.7.7")];

fn addresses(machines: &[(&str, Option<&str>)]) -> State {
    state(&machines.iter().map(|(name, ipv4)| (*name, json!({"ipv4": ipv4}))).collect::<Vec<_>>())
}

fn given(block: &str) -> HostSettings {
    let update = update(block, &BTreeMap::new());
    setting("Microsoft:ab-1\\x\\0", &update.calls.iter().collect::<Vec<_>>())
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
fn items_that_are_no_whole_block_or_for_another_vm_count_as_none() {
    let mut copied = given(&block_of(&OLD));
    for text in &mut copied.texts {
        *text = text.replace(" ab-1 ", " ab-2 ");
    }
    assert!(shown(Transport::KeyValuePair, &copied, &addresses(&[])).contains("would get a block"));
    let mut torn = given(&block_of(&OLD));
    torn.texts.remove(0);
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
