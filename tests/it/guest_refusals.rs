//! What a guest answers when it will not, or could not: each code with its own remedy, and no text of a guest's as it is.

use ragnatramp::guest::{
    AwaitedUpdate, Binding, Component, GuestResult, SyncStatus, SyncTarget, Wait, acknowledged, item,
};
use ragnatramp::hash::hash8;

fn result(body: &str) -> GuestResult {
    let guest = SyncTarget::new("web".into(), "ab-1".into(), "lab-web-1e34e7cc".into());
    let binding = Binding::new(&"ab-1".into(), "1e34e7cc");
    let update = AwaitedUpdate { guest, digest: "d1".into(), binding, sends: true, calls: vec![0] };
    let answer = format!("{body} check={}", hash8(body.as_bytes()));
    let items = vec![item("ragnatramp.answer", &answer)];
    let component = Component { vm_id: "ab-1".into(), guest_items: items, ..Component::default() };
    acknowledged(&[update], &[component], Wait { timeout: 5.0, waited: 1.0 }).remove(0)
}

#[test]
fn each_code_of_a_guest_that_gives_no_access_has_its_remedy() {
    for (answer, remedy) in [
        ("refused d1 ab-1 1e34e7cc 1 version newer", "Install the guest files of this version"),
        ("refused d1 ab-1 1e34e7cc 1 form line 3", "Look at the guest's log"),
        ("refused d1 ab-1 1e34e7cc 1 markers lines 3,7", "remove these marker lines"),
        ("refused d1 ab-1 1e34e7cc 1 utf16 UTF-16", "Save /etc/hosts inside the guest as UTF-8"),
        (
            "failed d1 ab-1 1e34e7cc 1 read-only /etc/hosts may not be written: Permission denied",
            "Make the guest's /etc writable.",
        ),
        ("failed d1 ab-1 1e34e7cc 1 no-space no room", "Free room on the guest's disk"),
        ("failed d1 ab-1 1e34e7cc 1 link a link to nowhere", "Make /etc/hosts inside the guest a file"),
        ("failed d1 ab-1 1e34e7cc 1 busy changed", "Another program keeps changing"),
        ("failed d1 ab-1 1e34e7cc 1 write something", "Look at the guest's log"),
        ("failed d1 ab-1 1e34e7cc 1 unheard-of something", "Look at the guest's log"),
    ] {
        let told = result(&format!("v2 {answer}"));
        assert_eq!(told.status, SyncStatus::Failed, "{answer}");
        let text = answer.splitn(7, ' ').last().unwrap();
        assert!(told.message.unwrap().ends_with(&format!("did not take the names: {text}")), "{answer}");
        let told = told.remedy.unwrap();
        assert!(told.starts_with("Nothing was written there. ") && told.contains(remedy), "{answer}: {told}");
    }
}

#[test]
fn a_guest_cannot_put_controls_into_what_is_told_of_its_answer() {
    for body in [
        "v2 refused d1 ab-1 1e34e7cc 1 markers a\u{9b}31mb\u{7f}\u{202e}",
        "v2 failed d1 ab-1 1e34e7cc 1 wr\u{9b}ite\u{7f}\u{202e}",
    ] {
        let message = result(body).message.unwrap();
        assert!(message.contains(r"\u{9b}") && message.contains(r"\u{202e}"), "{message:?}");
        assert!(!message.contains(['\u{9b}', '\u{7f}', '\u{202e}']), "{message:?}");
    }
}
