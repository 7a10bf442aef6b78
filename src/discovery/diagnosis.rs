//! Why a running machine has no address at the deadline, and what to do about it.

use std::fmt::Display;

use super::identifiers;
use super::machine::{Evidence, Row};
use super::snapshot::{Adapter, KvpStatus};
use crate::error::{Code, Error};
use crate::state::SeedKind;

/// Where Hyper-V's Data Exchange shows that the guest's daemon does not answer.
pub const NO_CONTACT: &str = "its guest does not answer Hyper-V (Data Exchange: no contact)";
/// Where Data Exchange is switched off.
pub const EXCHANGE_DISABLED: &str = "Data Exchange is switched off for its VM";

/// Where a machine was created with a disc for cloud-init, and its guest is not heard of.
const SEED_NOT_READ: &str = " If its console shows another name than the config's, its image has not read the disc for cloud-init: \
                             an image for Azure or one without cloud-init never does, and one with the kernel linux-azure may \
                             look for it too early; take the distribution's generic cloud image.";

/// Where a machine was created with a disc for Windows Setup, and its guest is not heard of.
const ANSWERS_MISSING: &str = " If its console asks questions, answer them there, or create it with an answer file of your own \
                               that does (unattend: {answer_file: FILE}); an image that was sealed with an answer file of \
                               its own takes that one.";

/// Why the disc for the first boot of a guest that is not heard of may have done nothing: a sentence after a blank, or nothing.
pub fn seed_hint(seed: Option<SeedKind>) -> &'static str {
    match seed {
        Some(SeedKind::CloudInit) => SEED_NOT_READ,
        Some(SeedKind::Unattend) => ANSWERS_MISSING,
        None => "",
    }
}

/// The remedy for [`EXCHANGE_DISABLED`].
pub fn enable_exchange(vm: &str) -> String {
    format!("Switch Data Exchange on in the settings of {vm}, under Integration Services.")
}

/// The error of a machine without an address: what was seen of it, and the remedy that fits. `waited_seconds` is how
/// long the run waited.
pub fn diagnose(row: &Row<'_>, waited_seconds: f64) -> Error {
    let nothing = Evidence::default();
    let seen = row.evidence.as_deref().unwrap_or(&nothing);
    let (finding, remedy) = finding(row, seen);
    let (name, waited) = (&row.machine_name, waited_seconds.round());
    Error::new(
        Code::ReconcileIpFailed,
        format!("{name}: no IPv4 address after {waited} s. It runs, {finding}."),
    )
    .of_machine(name.as_str())
    .with_remedy(remedy)
}

fn finding(row: &Row<'_>, seen: &Evidence) -> (String, String) {
    let vm = &row.vm_name;
    let Some(adapter) = row.network.adapter_name.as_deref() else { return off_switch(vm, &seen.adapters) };
    let switch = seen.adapters.iter().find(|a| a.is_on_default_switch() && a.name == adapter);
    let switch = switch.and_then(|a| a.switch_name.as_deref()).unwrap_or("the Default Switch");
    let place = format!("adapter \"{adapter}\" is on {switch}");
    if row.network.mac.is_none() {
        return (
            format!("{place}, but it has no MAC address yet"),
            format!("Look at the network adapter of {vm} in Hyper-V Manager, and start the VM again."),
        );
    }
    let reported: Vec<&str> = seen.reported.iter().map(String::as_str).filter(|ip| !ip.is_empty()).collect();
    if reported.is_empty() {
        return unreported(vm, &place, seen);
    }
    let ipv6_only = identifiers::ipv6(&seen.reported).len() == reported.len();
    match ipv6_only {
        true => (
            format!("{place}, its guest reports only IPv6 addresses ({})", first_few(&reported)),
            "Turn IPv4 with DHCP on for this adapter inside the guest.".to_owned(),
        ),
        false => (
            format!("{place}, its guest reports no address that peers can reach ({})", first_few(&reported)),
            "Look at its network inside the guest: it waits for DHCP, or has none on this adapter."
                .to_owned(),
        ),
    }
}

fn off_switch(vm: &str, adapters: &[Adapter]) -> (String, String) {
    if adapters.is_empty() {
        let finding = "but it has no network adapter".to_owned();
        return (finding, format!("Add one on the Default Switch: Add-VMNetworkAdapter for {vm}."));
    }
    let places: Vec<String> = adapters
        .iter()
        .map(|adapter| match adapter.switch_name.as_deref().filter(|name| !name.is_empty()) {
            Some(switch) => format!("\"{}\" is on {switch}", adapter.name),
            None => format!("\"{}\" is not connected", adapter.name),
        })
        .collect();
    let finding = format!("but no adapter of it is on the Default Switch: {}", places.join(", "));
    (finding, format!("Connect one to the Default Switch: Connect-VMNetworkAdapter for {vm}."))
}

fn unreported(vm: &str, place: &str, seen: &Evidence) -> (String, String) {
    let status = seen.guest.as_ref().map(|guest| guest.kvp_status).unwrap_or_default();
    let os_name = seen.guest.as_ref().and_then(|guest| guest.os_name.as_deref());
    let daemons = daemon_remedy(os_name);
    let unknown =
        if seen.unknown_to_neighbours { ", and the host's neighbour table does not know it" } else { "" };
    let hint = seed_hint(seen.seed);
    match status {
        KvpStatus::Ok => (
            format!("{place}, its guest answers Hyper-V and reports no address{unknown}"),
            "Look at its network inside the guest: the adapter is down, or nothing asks for an address there."
                .to_owned(),
        ),
        KvpStatus::NoContact => (
            format!("{place}, {NO_CONTACT}{unknown}"),
            format!("{daemons}.{hint}"),
        ),
        KvpStatus::Disabled => (
            format!("{place}, {EXCHANGE_DISABLED}{unknown}"),
            enable_exchange(vm),
        ),
        KvpStatus::Unknown => (
            format!("{place}, its guest reports no address{unknown}"),
            format!("Look at its network inside the guest. {daemons}.{hint}"),
        ),
    }
}

/// The first few of a list, as it stands in a sentence.
pub fn first_few(items: &[impl Display]) -> String {
    const SHOWN_AT_MOST: usize = 4;
    let mut text = items.iter().take(SHOWN_AT_MOST).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN_AT_MOST {
        text.push_str(", ...");
    }
    text
}

/// Words in what a guest calls its system, and how its daemons are installed there. The first line that fits counts.
const SYSTEMS: [(&[&str], &str); 4] = [
    (&["ubuntu", "mint"], "apt install linux-cloud-tools-virtual"),
    (&["debian"], "apt install hyperv-daemons"),
    (&["red hat", "rhel", "fedora", "centos", "rocky", "alma", "oracle"], "dnf install hyperv-daemons"),
    (&["suse", "sles"], "zypper install hyper-v"),
];

/// How to install the Hyper-V daemons in a guest that calls itself `os_name`; without a name that is known, how to do
/// it in each of the usual distributions. A sentence without its full stop.
pub fn daemon_remedy(os_name: Option<&str>) -> String {
    let name = os_name.unwrap_or_default().to_lowercase();
    if name.contains("windows") {
        return "Start the service vmickvpexchange inside the guest".to_owned();
    }
    match SYSTEMS.iter().find(|(words, _)| words.iter().any(|word| name.contains(word))) {
        Some((_, command)) => format!("Install its Hyper-V daemons inside the guest: {command}"),
        None => "Install its Hyper-V daemons inside the guest: hyperv-daemons (Debian, RHEL, Fedora), \
                 linux-cloud-tools-virtual (Ubuntu) or hyper-v (openSUSE)"
            .to_owned(),
    }
}
