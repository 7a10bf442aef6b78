//! What the user is told about each machine without an address at the deadline.

use crate::lab;
use crate::lab::{config, fresh_state, look, options};
use ragnatramp::discovery::{GuestFacts, KvpStatus, Snapshot, daemon_remedy};
use ragnatramp::error::{Code, Error};
use ragnatramp::reconcile::{WarningCode, plan_reconcile};
use ragnatramp::state::State;

fn diagnosis(seen: Snapshot) -> Error {
    let mut plan = plan_reconcile(&config(&["web"]), &fresh_state(&["web"]), &seen, &options());
    assert_eq!(plan.report.errors.len(), 1, "{:?}", plan.report.errors);
    let error = plan.report.errors.remove(0);
    assert_eq!((error.code, error.place.machine.as_deref()), (Code::ReconcileIpFailed, Some("web")));
    error
}

fn guest(status: KvpStatus, os_name: Option<&str>) -> Snapshot {
    let facts = GuestFacts {
        vm_id: lab::vm_id("web").into(),
        kvp_status: status,
        os_name: os_name.map(str::to_owned),
    };
    Snapshot { guests: vec![facts], ..look(&[("web", &[])]) }
}

fn assert_told(seen: Snapshot, finding: &str, remedy: &str) {
    let error = diagnosis(seen);
    assert_eq!(error.message, format!("web: no IPv4 address after 60 s. It runs, {finding}."));
    assert_eq!(
        error.remedy.unwrap(),
        format!("{remedy} Nothing was written. To go on without it: -AllowPartial.")
    );
}

const PLACE: &str = "adapter \"Network Adapter\" is on Default Switch";
const ALL_PACKAGES: &str = "Install its Hyper-V daemons inside the guest: hyperv-daemons (Debian, RHEL, Fedora), \
                            linux-cloud-tools-virtual (Ubuntu) or hyper-v (openSUSE).";

#[test]
fn a_guest_of_which_nothing_is_known_gets_both_remedies() {
    let remedy = format!("Look at its network inside the guest. {ALL_PACKAGES}");
    assert_told(look(&[("web", &[])]), &format!("{PLACE}, its guest reports no address"), &remedy);
}

/// A state in which web was created with a disc of this kind.
fn created_with(kind: &str) -> State {
    let mut document: serde_json::Value = serde_json::from_slice(&fresh_state(&["web"]).to_bytes()).unwrap();
    document["vms"]["web"]["seed"] =
        serde_json::json!({"kind": kind, "path": "D:\\VMs\\web.iso", "creationId": "x"});
    lab::state_of(document)
}

#[test]
fn a_guest_that_was_created_with_a_disc_and_is_not_heard_of_may_have_an_image_that_reads_none() {
    let known = created_with("cloud-init");
    let told = |known: &State, seen: &Snapshot| {
        let plan = plan_reconcile(&config(&["web"]), known, seen, &options());
        plan.report.errors[0].remedy.clone().unwrap()
    };
    for seen in [look(&[("web", &[])]), guest(KvpStatus::NoContact, None)] {
        assert!(told(&known, &seen).contains("Azure"), "{}", told(&known, &seen));
        assert!(!told(&fresh_state(&["web"]), &seen).contains("Azure"));
    }
    assert!(!told(&known, &guest(KvpStatus::Ok, None)).contains("Azure"), "its guest answers");
    let unattended = told(&created_with("unattend"), &guest(KvpStatus::NoContact, None));
    assert!(unattended.contains("answer_file") && !unattended.contains("Azure"), "{unattended}");
}

#[test]
fn the_same_is_said_where_the_neighbour_table_has_the_address_and_the_guest_is_not_heard_of() {
    let told = |known: &State, status| {
        let mut seen = guest(status, None);
        seen.neighbours = Some(vec![lab::neighbour("web", "172.20.144.12")]);
        let plan = plan_reconcile(&config(&["web"]), known, &seen, &options());
        let warnings = plan.report.warnings.into_iter();
        let from_arp = warnings.filter(|warning| warning.code == WarningCode::AddressFromArp);
        from_arp.map(|warning| warning.remedy.unwrap()).collect::<String>()
    };
    let known = created_with("cloud-init");
    assert!(told(&known, KvpStatus::NoContact).contains("Azure"), "{}", told(&known, KvpStatus::NoContact));
    assert!(!told(&fresh_state(&["web"]), KvpStatus::NoContact).contains("Azure"));
    for status in [KvpStatus::Ok, KvpStatus::Disabled] {
        let remedy = told(&known, status);
        assert!(!remedy.is_empty() && !remedy.contains("Azure"), "{remedy}");
    }
}

#[test]
fn a_guest_that_does_not_answer_needs_its_daemon() {
    let finding = format!("{PLACE}, its guest does not answer Hyper-V (Data Exchange: no contact)");
    assert_told(guest(KvpStatus::NoContact, None), &finding, ALL_PACKAGES);
    let remedy = "Install its Hyper-V daemons inside the guest: apt install linux-cloud-tools-virtual.";
    assert_told(guest(KvpStatus::NoContact, Some("Ubuntu 24.04 LTS")), &finding, remedy);
}

#[test]
fn a_guest_that_answers_without_an_address_needs_its_network_looked_at() {
    let finding = format!("{PLACE}, its guest answers Hyper-V and reports no address");
    let remedy =
        "Look at its network inside the guest: the adapter is down, or nothing asks for an address there.";
    assert_told(guest(KvpStatus::Ok, Some("Debian GNU/Linux 12")), &finding, remedy);
}

#[test]
fn a_vm_without_data_exchange_needs_it_switched_on() {
    let finding = format!("{PLACE}, Data Exchange is switched off for its VM");
    let remedy = format!(
        "Switch Data Exchange on in the settings of {}, under Integration Services.",
        lab::vm_name("web")
    );
    assert_told(guest(KvpStatus::Disabled, None), &finding, &remedy);
}

#[test]
fn a_neighbour_table_that_was_asked_in_vain_is_mentioned() {
    let seen = Snapshot { neighbours: Some(Vec::new()), ..guest(KvpStatus::NoContact, Some("Fedora Linux")) };
    let finding = format!(
        "{PLACE}, its guest does not answer Hyper-V (Data Exchange: no contact), \
         and the host's neighbour table does not know it"
    );
    assert_told(seen, &finding, "Install its Hyper-V daemons inside the guest: dnf install hyperv-daemons.");
}

#[test]
fn addresses_that_are_none_are_shown() {
    let waits = "Look at its network inside the guest: it waits for DHCP, or has none on this adapter.";
    assert_told(
        look(&[("web", &["fe80::1", "169.254.7.7"])]),
        &format!("{PLACE}, its guest reports no address that peers can reach (fe80::1, 169.254.7.7)"),
        waits,
    );
    assert_told(
        look(&[("web", &["fe80::1", "2001:db8::1"])]),
        &format!("{PLACE}, its guest reports only IPv6 addresses (fe80::1, 2001:db8::1)"),
        "Turn IPv4 with DHCP on for this adapter inside the guest.",
    );
}

#[test]
fn a_machine_off_the_default_switch_is_told_where_its_adapters_are() {
    let mut seen = look(&[("web", &[])]);
    let mut second = seen.adapters[0].clone();
    seen.adapters[0].switch_id = Some("5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5".into());
    seen.adapters[0].switch_name = Some("Lab internal".into());
    (second.name, second.switch_id, second.switch_name) = ("Second".into(), None, None);
    seen.adapters.push(second);
    assert_told(
        seen.clone(),
        "but no adapter of it is on the Default Switch: \"Network Adapter\" is on Lab internal, \"Second\" is not connected",
        &format!("Connect one to the Default Switch: Connect-VMNetworkAdapter for {}.", lab::vm_name("web")),
    );
    seen.adapters.clear();
    let remedy = format!("Add one on the Default Switch: Add-VMNetworkAdapter for {}.", lab::vm_name("web"));
    assert_told(seen, "but it has no network adapter", &remedy);
}

#[test]
fn an_adapter_without_a_mac_is_told() {
    let mut seen = look(&[("web", &[])]);
    seen.adapters[0].mac = "000000000000".into();
    let remedy = format!(
        "Look at the network adapter of {} in Hyper-V Manager, and start the VM again.",
        lab::vm_name("web")
    );
    assert_told(seen, &format!("{PLACE}, but it has no MAC address yet"), &remedy);
}

#[test]
fn the_switch_is_named_as_this_windows_names_it() {
    let mut seen = look(&[("web", &[])]);
    seen.adapters[0].switch_name = Some("Standardswitch".into());
    assert!(diagnosis(seen).message.contains("is on Standardswitch"));
}

#[test]
fn each_distribution_gets_its_own_package() {
    for (os_name, command) in [
        ("Debian GNU/Linux 12 (bookworm)", "apt install hyperv-daemons"),
        ("Ubuntu 22.04.4 LTS", "apt install linux-cloud-tools-virtual"),
        ("Red Hat Enterprise Linux 9.4", "dnf install hyperv-daemons"),
        ("Fedora Linux 41", "dnf install hyperv-daemons"),
        ("openSUSE Tumbleweed", "zypper install hyper-v"),
    ] {
        assert!(
            daemon_remedy(Some(os_name)).ends_with(command),
            "{os_name}: {}",
            daemon_remedy(Some(os_name))
        );
    }
    assert!(daemon_remedy(Some("Windows Server 2022")).contains("vmickvpexchange"));
    for unknown in [None, Some("Plan 9")] {
        let all = daemon_remedy(unknown);
        assert!(
            ["hyperv-daemons", "linux-cloud-tools-virtual", "hyper-v (openSUSE)"]
                .iter()
                .all(|word| all.contains(word))
        );
    }
}
