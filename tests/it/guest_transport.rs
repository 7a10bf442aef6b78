//! Which transport reaches a guest, and what the user is told where none does.

use ragnatramp::guest::{
    Component, GuestTransport, Known, SkipReason, SyncStatus, SyncTarget, Transport, TransportChoice, choose,
    item,
};

fn component(os: Option<&str>, has_script: bool) -> Component {
    Component {
        vm_id: "AB".into(),
        enabled_state: 2,
        operational_status: if os.is_some() { 2 } else { 12 },
        intrinsic_items: os.map(|os| item("OSName", os)).into_iter().collect(),
        guest_items: if has_script {
            vec![item("ragnatramp.guest", "v2 2.0.0 debian 12")]
        } else {
            Vec::new()
        },
    }
}

fn chosen(choice: TransportChoice, has_credential: bool, component: Option<Component>) -> GuestTransport {
    let guest = SyncTarget::new("web".into(), "ab".into(), "lab-web-1".into());
    let components: Vec<Component> = component.into_iter().collect();
    choose(vec![guest], choice, has_credential, Known::Components(&components)).remove(0)
}

#[test]
fn auto_takes_the_transport_that_is_known_to_reach_the_guest() {
    let windows = || Some(component(Some("Windows 11 Pro"), false));
    assert_eq!(chosen(TransportChoice::Auto, true, windows()).transport, Some(Transport::PowerShellDirect));
    let linux = || Some(component(Some("Debian GNU/Linux"), true));
    assert_eq!(chosen(TransportChoice::Auto, true, linux()).transport, Some(Transport::KeyValuePair));
    assert_eq!(chosen(TransportChoice::Auto, false, linux()).transport, Some(Transport::KeyValuePair));
}

#[test]
fn a_guest_without_a_transport_is_told_its_own_next_step() {
    let disabled = Component { enabled_state: 3, ..component(None, false) };
    for (component, reason, step) in [
        (Some(component(Some("Windows 11 Pro"), false)), SkipReason::NoCredential, "-Credential"),
        (Some(component(Some("Ubuntu"), false)), SkipReason::NoScript, "Export-RagnaGuest"),
        (Some(component(None, true)), SkipReason::NoContact, "hyperv-daemons"),
        (Some(disabled), SkipReason::ExchangeDisabled, "Integration Services"),
        (None, SkipReason::NoTransport, "-GuestTransport PowerShellDirect"),
    ] {
        let chosen = chosen(TransportChoice::Auto, false, component);
        assert_eq!(chosen.transport, None, "{reason:?}");
        let skipped = chosen.skipped.unwrap();
        assert_eq!((skipped.status, skipped.reason), (SyncStatus::Skipped, Some(reason)));
        assert!(skipped.remedy.as_deref().unwrap().contains(step), "{skipped:?}");
    }
}

#[test]
fn a_script_of_another_version_is_not_sent_anything_and_told_apart_from_none() {
    for (greeting, words, step) in [
        ("v1 1.1.0 debian 12", "of version 1,", "install.sh in the guest again"),
        ("v1", "of version 1,", "install.sh in the guest again"),
        ("v3 9.0.0 debian 12", "does not know", "Update this module"),
        ("v22 2.0.0 debian 12", "does not know", "Update this module"),
        ("", "does not know", "Update this module"),
    ] {
        let guest_items = vec![item("ragnatramp.guest", greeting)];
        let component = Component { guest_items, ..component(Some("Debian GNU/Linux"), false) };
        for choice in [TransportChoice::Auto, TransportChoice::KeyValuePair] {
            let skipped = chosen(choice, false, Some(component.clone())).skipped.unwrap();
            assert_eq!(skipped.reason, Some(SkipReason::ScriptVersion), "{greeting}");
            assert!(skipped.message.unwrap().contains(words), "{greeting}");
            assert!(skipped.remedy.unwrap().contains(step), "{greeting}");
        }
    }
}

#[test]
fn a_transport_that_is_asked_for_is_the_only_one() {
    let linux = || Some(component(Some("Debian GNU/Linux"), true));
    let unknown = || Some(component(None, false));
    assert_eq!(
        chosen(TransportChoice::PowerShellDirect, true, unknown()).transport,
        Some(Transport::PowerShellDirect)
    );
    let refused = chosen(TransportChoice::PowerShellDirect, false, unknown());
    assert_eq!(refused.skipped.unwrap().reason, Some(SkipReason::NoCredential));
    assert_eq!(
        chosen(TransportChoice::KeyValuePair, true, Some(component(Some("Windows"), false))).transport,
        None
    );
    assert_eq!(
        chosen(TransportChoice::None, true, linux()).skipped.unwrap().reason,
        Some(SkipReason::Declined)
    );
}

#[test]
fn a_guest_that_is_known_to_run_linux_never_gets_a_password() {
    for (why, component) in [
        ("its name", component(Some("Debian GNU/Linux"), false)),
        ("its script", component(None, true)),
        ("its script, though it calls itself Windows", component(Some("Windows 11 Pro"), true)),
    ] {
        for choice in [TransportChoice::Auto, TransportChoice::PowerShellDirect] {
            let chosen = chosen(choice, true, Some(component.clone()));
            assert_ne!(chosen.transport, Some(Transport::PowerShellDirect), "{why}, {choice:?}");
        }
    }
}

#[test]
fn no_guest_is_told_to_give_a_credential_where_hyper_v_refused_to_answer() {
    for (choice, transport) in [
        (TransportChoice::Auto, None),
        (TransportChoice::KeyValuePair, None),
        (TransportChoice::PowerShellDirect, Some(Transport::PowerShellDirect)),
    ] {
        let guest = SyncTarget::new("web".into(), "ab".into(), "lab-web-1".into());
        let chosen = choose(vec![guest], choice, true, Known::Refused).remove(0);
        assert_eq!(chosen.transport, transport, "{choice:?}");
        if let Some(skipped) = chosen.skipped {
            assert_eq!(skipped.reason, Some(SkipReason::ExchangeRefused));
            assert!(!skipped.remedy.unwrap().contains("redential"));
        }
    }
}
