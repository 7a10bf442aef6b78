//! The warnings that follow from what was found, and the error of a VM that is not ours: their wording.

use std::collections::HashMap;

use super::warning::{Warning, WarningCode as Code};
use crate::discovery::{
    Discovery, KvpStatus, MachineState, NotOwned, NotOwnedReason, Row, Source, daemon_remedy,
};
use crate::error::{self, Error};

/// Every warning that a discovery gives rise to, machine by machine.
pub(super) fn of_discovery(discovery: &Discovery) -> Vec<Warning> {
    let mut holders: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in discovery.rows() {
        if let Some(ipv4) = &row.network.ipv4 {
            holders.entry(ipv4).or_default().push(&row.machine_name);
        }
    }
    let mut warnings = Vec::new();
    for found in &discovery.machines {
        match found {
            crate::discovery::Found::Row(row) => {
                of_row(row, &mut warnings);
                warnings.extend(duplicate(row, &holders));
            }
            crate::discovery::Found::NotOwned(machine) if !machine.in_config => {
                warnings.push(not_in_config(&machine.machine_name));
            }
            crate::discovery::Found::NotOwned(_) => {}
        }
    }
    warnings
}

fn of_row(row: &Row, warnings: &mut Vec<Warning>) {
    let (name, vm) = (row.machine_name.as_str(), row.vm_name.as_str());
    if !row.in_config {
        warnings.push(not_in_config(name));
    }
    match row.state {
        MachineState::Missing if row.in_state => warnings.push(
            Warning::new(Code::MachineMissing, name, format!("{name}: its VM {vm} is gone from Hyper-V."))
                .with_remedy("Create it again, or take the machine out of the config."),
        ),
        MachineState::Missing => warnings.push(
            Warning::new(
                Code::MachineNotCreated,
                name,
                format!("{name}: its VM {vm} has not been created yet."),
            )
            .with_remedy("Create it first; until then the others do not know its name."),
        ),
        MachineState::Off => {
            let state = row.vm_state.as_deref().unwrap_or("not running");
            let message = format!("{name}: its VM is {state}, so the others do not know its name for now.");
            warnings.push(
                Warning::new(Code::MachineOff, name, message).with_remedy("Start it and reconcile again."),
            );
        }
        MachineState::NoIp => no_address(row, warnings),
        MachineState::Discovered if row.network.source == Some(Source::Arp) => warnings.push(from_arp(row)),
        MachineState::Discovered => {}
    }
    if row.state == MachineState::Discovered && row.is_off_switch() {
        warnings.push(off_switch(row));
    }
}

fn no_address(row: &Row, warnings: &mut Vec<Warning>) {
    if row.is_off_switch() {
        warnings.push(off_switch(row));
    }
    if !row.network.ipv6.is_empty() {
        let name = &row.machine_name;
        let message = format!("{name}: it has IPv6 addresses only, which the hosts block does not hold.");
        let warning = Warning::new(Code::Ipv6Only, name, message)
            .with_remedy("Turn IPv4 with DHCP on for its adapter inside the guest.");
        warnings.push(warning.covered_if(row.is_silent()));
    }
}

fn off_switch(row: &Row) -> Warning {
    let name = &row.machine_name;
    let message = format!("{name}: none of its network adapters is on the Default Switch.");
    Warning::new(Code::NotOnDefaultSwitch, name, message)
        .with_remedy(format!("Connect one: Connect-VMNetworkAdapter for {}.", row.vm_name))
        .covered_if(row.is_silent())
}

fn from_arp(row: &Row) -> Warning {
    let name = &row.machine_name;
    let guest = row.evidence.as_ref().and_then(|seen| seen.guest.as_ref());
    let status = guest.map(|guest| guest.kvp_status).unwrap_or_default();
    let why = match status {
        KvpStatus::Disabled => "Data Exchange is switched off for its VM",
        KvpStatus::NoContact => "its guest does not answer Hyper-V (Data Exchange: no contact)",
        KvpStatus::Ok | KvpStatus::Unknown => "its guest reports no address to Hyper-V",
    };
    let remedy = match status {
        KvpStatus::Disabled => {
            format!("Switch Data Exchange on in the settings of {}, under Integration Services.", row.vm_name)
        }
        _ => format!("{}.", daemon_remedy(guest.and_then(|guest| guest.os_name.as_deref()))),
    };
    let message = format!("{name}: {why}; its address was found through the host's neighbour table.");
    Warning::new(Code::AddressFromArp, name, message).with_remedy(remedy)
}

fn duplicate(row: &Row, holders: &HashMap<&str, Vec<&str>>) -> Option<Warning> {
    let ipv4 = row.network.ipv4.as_deref()?;
    let all = holders.get(ipv4)?;
    let name = row.machine_name.as_str();
    // The first few are enough: a list of hundreds would be as long again for each of them.
    let others: Vec<&str> = all.iter().copied().filter(|other| *other != name).take(3).collect();
    if others.is_empty() {
        return None;
    }
    let more = if all.len() > others.len() + 1 { " and others" } else { "" };
    let message = format!(
        "{name}: its address {ipv4} is also that of {}{more}, so none of them is named or entered.",
        others.join(", ")
    );
    let remedy = "Give each its own address. Clones of one image often share the id by which DHCP knows them \
                  (/etc/machine-id on Linux): make it anew in one of them and start it again.";
    Some(Warning::new(Code::DuplicateIpv4, name, message).with_remedy(remedy))
}

fn not_in_config(name: &str) -> Warning {
    let message =
        format!("{name}: the config does not name it any more, so it is neither named nor entered.");
    Warning::new(Code::MachineNotInConfig, name, message)
        .with_remedy("Put it back into the config, or remove its VM.")
}

/// The error of a machine whose VM is not provably ours.
pub(super) fn not_owned(machine: &NotOwned, config_path: &str) -> Error {
    let NotOwned { machine_name: name, vm_name, actual_vm_name: actual, .. } = machine;
    let (fault, remedy) = match &machine.reason {
        NotOwnedReason::NotInState => (
            format!("there is a VM {actual}, but state.json does not know it"),
            "Rename or remove that VM if it is not needed; Ragnatramp never takes over a VM by its name."
                .to_owned(),
        ),
        NotOwnedReason::NoMarker => (
            format!("the Notes of VM {actual} do not hold the line managed:true"),
            format!(
                "If it is yours, put the lines managed:true and config:{config_path} back into its Notes."
            ),
        ),
        NotOwnedReason::OtherConfig { marked } => (
            match marked {
                Some(marked) => format!("the Notes of VM {actual} say that it was made from {marked}"),
                None => format!("the Notes of VM {actual} do not say from which config it was made"),
            },
            format!(
                "If it belongs to this config, let the config line in its Notes be config:{config_path}."
            ),
        ),
        NotOwnedReason::OtherName => (
            format!("its VM is named {actual}, not {vm_name}"),
            format!("Give it its name back: Rename-VM to {vm_name}."),
        ),
    };
    Error::new(error::Code::OwnershipVerificationFailed, format!("{name}: {fault}, so it was left alone."))
        .of_machine(name)
        .with_remedy(remedy)
}
