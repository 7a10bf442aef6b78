//! What scripts in guests acknowledge, and what the host believes of it.

use crate::guest_exchange::{LAB, binding, guest, sealed};
use ragnatramp::guest::{
    Acknowledgement, AcknowledgementStatus, AwaitedUpdate, Component, GuestResult, SkipReason, SyncStatus,
    Wait, acknowledged, item,
};
use ragnatramp::hosts::{HostsWarning, HostsWarningKind};

#[test]
fn an_acknowledgement_is_read_with_all_its_fields() {
    let value = sealed("v2 refused abc AB-1 lab-34c366ff 2.0.0 markers,own-name two blocks, lines 3,7");
    let read = Acknowledgement::parse(&value).unwrap();
    assert_eq!(read.binding, binding());
    assert_eq!((read.status, read.digest.as_str()), (AcknowledgementStatus::Refused, "abc"));
    assert_eq!(read.codes, ["markers", "own-name"]);
    assert_eq!(read.text, "two blocks, lines 3,7");
    assert_eq!(Acknowledgement::parse(&sealed("v2 synced abc ab-1 lab 2.0.0 ok")).unwrap().text, "");
}

#[test]
fn what_is_torn_newer_or_something_else_is_none() {
    let whole = sealed("v2 synced abc ab-1 lab 2.0.0 ok all well");
    assert!(Acknowledgement::parse(&whole).is_some());
    for cut in 0..whole.len() {
        assert_eq!(Acknowledgement::parse(&whole[..cut]), None, "cut at {cut}");
    }
    assert_eq!(Acknowledgement::parse(&sealed("v1 synced abc 1.0.0 ok a b c")), None);
    assert_eq!(Acknowledgement::parse(&sealed("v3 synced abc ab-1 lab 2.0.0 ok")), None);
    assert_eq!(Acknowledgement::parse(&sealed("v2 done abc ab-1 lab 2.0.0 ok")), None);
    assert_eq!(Acknowledgement::parse(""), None);
}

pub(crate) const WAITING: Wait = Wait { timeout: 5.0, waited: 1.0 };

fn awaited() -> AwaitedUpdate {
    AwaitedUpdate {
        guest: guest("AB-1"),
        digest: "d1".into(),
        binding: binding(),
        sends: true,
        calls: vec![0],
    }
}

pub(crate) fn component(name: &str, value: &str) -> Component {
    Component { vm_id: "ab-1".into(), guest_items: vec![item(name, value)], ..Component::default() }
}

fn results(body: &str) -> Vec<GuestResult> {
    results_at(body, WAITING)
}

/// What follows from an acknowledgement of this guest for its lab: `status digest code text`.
fn results_at(body: &str, wait: Wait) -> Vec<GuestResult> {
    let mut words = body.splitn(3, ' ');
    let (status, digest, rest) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    raw_results(&format!("v2 {status} {digest} ab-1 {LAB} 2.0.0 {rest}"), wait)
}

fn raw_results(body: &str, wait: Wait) -> Vec<GuestResult> {
    acknowledged(&[awaited()], &[component("ragnatramp.answer", &sealed(body))], wait)
}

#[test]
fn what_the_script_of_another_vm_or_for_another_lab_acknowledged_is_not_believed() {
    assert_eq!(raw_results(&format!("v2 synced d1 AB-1 {LAB} 2.0.0 ok"), WAITING).len(), 1);
    let over = Wait { timeout: 5.0, waited: 5.1 };
    for body in [
        format!("v2 synced d1 ab-2 {LAB} 2.0.0 ok"),
        format!("v2 refused d1 ab-2 {LAB} 2.0.0 markers two blocks"),
        "v2 synced d1 ab-1 lab-00000000 2.0.0 ok".to_owned(),
        format!("v2 synced d1 - {LAB} 2.0.0 ok"),
        "v1 synced d1 1.1.0 ok".to_owned(),
    ] {
        assert_eq!(raw_results(&body, WAITING), [], "{body}");
        let failed = raw_results(&body, over).remove(0);
        assert!(failed.message.unwrap().ends_with("did not answer within 5 s"), "{body}");
    }
}

#[test]
fn a_refusal_that_may_only_be_for_now_counts_after_the_timeout() {
    let over = Wait { timeout: 5.0, waited: 5.0 };
    for body in [
        format!("v2 refused d1 - {LAB} 2.0.0 vm Hyper-V has not said which VM this is"),
        format!("v2 refused d1 ab-1 {LAB} 2.0.0 digest the parts do not fit"),
    ] {
        assert_eq!(raw_results(&body, WAITING), [], "{body}");
        let failed = raw_results(&body, over).remove(0);
        assert_eq!(failed.status, SyncStatus::Failed);
        assert!(failed.message.unwrap().starts_with("its guest did not take the names: "), "{body}");
    }
}

#[test]
fn acknowledgements_of_another_run_do_not_count_and_refusals_are_failures() {
    assert_eq!(results("synced 00 ok"), []);
    assert_eq!(results("refused d1 digest parts missing"), []);
    let refused = results("refused d1 markers two blocks, lines 3,7").remove(0);
    assert_eq!(refused.status, SyncStatus::Failed);
    assert!(
        refused.message.unwrap().contains("lines 3,7") && refused.remedy.unwrap().contains("marker lines")
    );
    let lost = results("failed d1 link /etc/hosts is a link to x, where nothing is").remove(0);
    assert!(lost.remedy.unwrap().contains("Make /etc/hosts inside the guest a file"));
    let synced = results("synced d1 ok,cloud-init manage_etc_hosts is on").remove(0);
    assert_eq!(synced.status, SyncStatus::Synced);
    assert_eq!(synced.warnings[0].kind, HostsWarningKind::CloudInitManagesHosts);
}

#[test]
fn the_lines_behind_a_warning_come_with_it_and_a_script_of_before_has_none() {
    let told = |places: &str| {
        let body = format!("synced d1 ok,own-name,hidden-name,cloud-init written; warning: x{places}");
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
    let failed = results("failed d1 write,own-name no luck |own-name 4 127.0.0.1 web").remove(0);
    assert_eq!(failed.message.unwrap(), "its guest did not take the names: no luck");
}

#[test]
fn after_the_timeout_no_acknowledgement_is_a_failure_unless_cron_starts_the_script() {
    let over = Wait { timeout: 5.0, waited: 5.1 };
    let told = |text, wait| acknowledged(&[awaited()], &[component("ragnatramp.guest", text)], wait);
    assert_eq!(told("v2 2.0.0 debian 12", WAITING), []);
    let failed = told("v2 2.0.0 debian 12", over).remove(0);
    assert_eq!((failed.status, failed.reason), (SyncStatus::Failed, None));
    assert!(failed.message.unwrap().ends_with("did not answer within 5 s"));
    assert_eq!(told("v2 2.0.0 debian 12 cron", WAITING), []);
    assert_eq!(told("v2 2.0.0 cron cron", over)[0].status, SyncStatus::Failed, "the word has its place");
    let later = told("v2 2.0.0 debian 12 cron", over).remove(0);
    assert_eq!((later.status, later.reason), (SyncStatus::Skipped, Some(SkipReason::NotYet)));
}
