//! The warnings and errors of a report: their wording.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use super::address_warnings::{ambiguous, duplicate, from_arp};
use super::report::{Warning, WarningCode};
use crate::discovery::{Discovery, Found, MachineName, MachineState, NotOwnedMachine, Row, Source};
use crate::error::{Code, Error, counted};
use crate::guest::{ExchangeFailure, GuestResult, SyncTarget};
use crate::hosts::{HostsWarning, HostsWarningKind};

/// The warnings that follow from a discovery, machine by machine. `shared` are the addresses that several machines have.
pub(super) fn of_discovery(discovery: &Discovery<'_>, shared: &HashSet<Ipv4Addr>) -> Vec<Warning> {
    let mut holders: HashMap<Ipv4Addr, Vec<&str>> = HashMap::new();
    for row in discovery.rows() {
        if let Some(ipv4) = row.network.ipv4.filter(|ipv4| shared.contains(ipv4)) {
            holders.entry(ipv4).or_default().push(&row.machine_name);
        }
    }
    let mut warnings = Vec::new();
    let is_of_another_host = discovery.is_of_another_host();
    for found in &discovery.machines {
        match found {
            Found::Row(row) => {
                of_row(row, is_of_another_host, &mut warnings);
                warnings.extend(duplicate(row, &holders));
            }
            Found::NotOwned(machine) if !machine.in_config => {
                warnings.push(not_in_config(&machine.machine_name));
            }
            Found::NotOwned(_) => {}
        }
    }
    warnings
}

fn of_row(row: &Row<'_>, is_of_another_host: bool, warnings: &mut Vec<Warning>) {
    let (name, vm) = (&row.machine_name, &row.vm_name);
    if !row.in_config {
        warnings.push(not_in_config(name));
    }
    match row.state {
        MachineState::Missing if row.known.is_some() => warnings.push(missing(row, is_of_another_host)),
        MachineState::Missing => warnings.push(
            Warning::new(
                WarningCode::MachineNotCreated,
                name,
                format!("{name}: its VM {vm} has not been created yet."),
            )
            .with_remedy("Start-RagnaMachine makes it; until then the others do not know its name."),
        ),
        MachineState::Off => {
            let state = row.vm_state.as_deref().unwrap_or("not running");
            let message = format!("{name}: its VM is {state}, so the others do not know its name for now.");
            warnings.push(
                Warning::new(WarningCode::MachineOff, name, message).with_remedy(remedy_of_state(state)),
            );
        }
        MachineState::NoIp => no_address(row, warnings),
        MachineState::Discovered if row.network.source == Some(Source::Arp) => warnings.push(from_arp(row)),
        MachineState::Discovered => {}
    }
    if row.state == MachineState::Discovered && row.is_off_switch() {
        warnings.push(off_switch(row));
    }
    warnings.extend(ambiguous(row));
}

fn missing(row: &Row<'_>, is_of_another_host: bool) -> Warning {
    let (name, vm) = (&row.machine_name, &row.vm_name);
    let id = row.vm_id.as_ref().map(|id| format!(" (Id {id})")).unwrap_or_default();
    let (message, remedy) = match &row.namesake {
        Some(other) => (
            format!("{name}: its VM {vm}{id} is gone from Hyper-V, and there is another of that name (Id {other})."),
            format!(
                "If that is this machine, imported anew, write its Id into state.json in place of the old one; else \
                 rename it, and make the machine again with Start-RagnaMachine. Compare: Get-VM -Id {other} | Format-List \
                 Name, Notes."
            ),
        ),
        None if is_of_another_host => (
            format!("{name}: its VM {vm} is not on this computer, and neither is any other VM of this lab."),
            "This folder comes from another computer, or Hyper-V was set up anew: reconcile on that computer, or make \
             the machines anew here with Start-RagnaMachine."
                .to_owned(),
        ),
        None => (
            format!("{name}: its VM {vm} is gone from Hyper-V."),
            "Create it again with Start-RagnaMachine, or take the machine out of the config.".to_owned(),
        ),
    };
    Warning::new(WarningCode::MachineMissing, name, message).with_remedy(remedy)
}

/// What to do about a VM that does not run, by its state as Hyper-V spells it.
fn remedy_of_state(vm_state: &str) -> &'static str {
    match vm_state {
        "Paused" => "Resume it (Resume-VM) and reconcile again.",
        "Saved" | "FastSaved" | "Hibernated" => {
            "Start it, which resumes it from its saved state, and reconcile again."
        }
        "Starting" | "Resuming" | "Reset" | "ForceReboot" => {
            "It is about to run: reconcile again when it does."
        }
        "Stopping" | "Saving" | "FastSaving" | "Pausing" | "ForceShutdown" => {
            "Wait until it has stopped, start it, and reconcile again."
        }
        critical if critical.ends_with("Critical") => {
            "Hyper-V cannot reach its files: look whether their disk is there and has room, then start or resume it and \
             reconcile again."
        }
        _ => "Start it and reconcile again.",
    }
}

fn no_address(row: &Row<'_>, warnings: &mut Vec<Warning>) {
    if row.is_off_switch() {
        warnings.push(off_switch(row));
    }
    if !row.network.ipv6.is_empty() {
        let name = &row.machine_name;
        let message = format!("{name}: it has IPv6 addresses only, which the hosts block does not hold.");
        let warning = Warning::new(WarningCode::Ipv6Only, name, message)
            .with_remedy("Turn IPv4 with DHCP on for its adapter inside the guest.");
        warnings.push(warning.covered_if(row.is_without_address()));
    }
}

fn off_switch(row: &Row<'_>) -> Warning {
    let name = &row.machine_name;
    let message = format!("{name}: none of its network adapters is on the Default Switch.");
    Warning::new(WarningCode::NotOnDefaultSwitch, name, message)
        .with_remedy(format!("Connect one: Connect-VMNetworkAdapter for {}.", row.vm_name))
        .covered_if(row.is_without_address())
}

fn not_in_config(name: &MachineName) -> Warning {
    let message =
        format!("{name}: the config does not name it any more, so it is neither named nor entered.");
    Warning::new(WarningCode::MachineNotInConfig, name, message)
        .with_remedy("Put it back into the config, or remove it with Remove-RagnaMachine.")
}

/// The error of a machine whose VM is not ours.
pub(super) fn not_owned(machine: &NotOwnedMachine, config_path: &str) -> Error {
    let NotOwnedMachine { machine_name: name, vm_name, actual_vm_name: actual, reason, .. } = machine;
    let finding = reason.finding(actual, vm_name);
    Error::new(Code::OwnershipVerificationFailed, format!("{name}: {finding}, so it was left alone."))
        .of_machine(name.as_str())
        .with_remedy(reason.remedy(vm_name, config_path))
}

/// The warning of a state without machines.
pub(super) fn no_machines(project: &str) -> Warning {
    Warning {
        code: WarningCode::ReconcileNoVms,
        machine_name: None,
        message: format!("{project}: no machine has been created yet, so there is nothing to reconcile."),
        remedy: Some("Start-RagnaMachine makes the machines of the config.".to_owned()),
        covered: false,
    }
}

/// The error of a machine without an address as a warning, where `-AllowPartial` lets the run go on.
pub(super) fn without_address_allowed(machine: &MachineName, error: Error) -> Warning {
    let warning = Warning::new(WarningCode::ReconcileIpFailed, machine, error.message);
    Warning { remedy: error.remedy, ..warning }
}

/// The error of a machine without an address, where it stops the run.
pub(super) fn without_address_stops(error: Error) -> Error {
    let remedy = error.remedy.clone().unwrap_or_default();
    error.with_remedy(format!("{remedy} Nothing was written. To go on without it: -AllowPartial."))
}

/// What recording does, as ShouldProcess asks it: `Record 3 addresses`.
pub(super) fn record_operation(addresses: usize) -> String {
    format!("Record {}", counted(addresses, "address", "addresses"))
}

/// What entering a guest does, as ShouldProcess asks it: `Write the hosts block (3 names)`.
pub(super) fn write_operation(names: usize) -> String {
    format!("Write the hosts block ({})", counted(names, "name", "names"))
}

/// The result of a guest that gave none.
pub(super) fn no_result(machine: &MachineName) -> GuestResult {
    let remedy = "Run again; if it stays so, look whether the guest is busy or hangs.";
    GuestResult::failed(
        machine,
        "its guest was asked and did not answer in time".to_owned(),
        remedy.to_owned(),
    )
}

/// The error of a guest whose hosts file was not brought up to date.
pub(super) fn guest_failed(machine: &MachineName, message: &str, remedy: Option<String>) -> Error {
    let error = Error::new(Code::ReconcileHostsFailed, format!("{machine}: {}", sentence(message)));
    Error { remedy, ..error }.of_machine(machine.as_str())
}

/// The warning of a guest that was skipped.
pub(super) fn guest_skipped(machine: &MachineName, message: &str, remedy: Option<String>) -> Warning {
    let message = format!("{machine}: {}", sentence(message));
    Warning { remedy, ..Warning::new(WarningCode::GuestSkipped, machine, message) }
}

/// The warning of a run whose guests could not be told apart, because Hyper-V refused to answer for Data Exchange.
pub(super) fn exchange_refused(cause: ExchangeFailure) -> Warning {
    Warning {
        code: WarningCode::ExchangeRefused,
        machine_name: None,
        message: format!("{} So no guest was entered.", sentence(&cause.message)),
        remedy: Some(cause.remedy),
        covered: false,
    }
}

/// The warning of a Windows guest that calls itself by another name than its machine has.
pub(super) fn name_differs(target: &SyncTarget, host_name: &str) -> Warning {
    let SyncTarget { machine_name: name, vm_id, .. } = target;
    let message = format!("{name}: its guest calls itself {host_name}, and the others know it as {name}.");
    let remedy = format!(
        "Rename it, which restarts it: Invoke-Command -VMId {vm_id} -Credential (Get-Credential) {{ Rename-Computer \
         -NewName {name} -Restart }}"
    );
    Warning::new(WarningCode::GuestNameDiffers, name, message).with_remedy(remedy)
}

/// The error of a result that the plan does not allow.
pub(super) fn unexpected_result(machine: &MachineName, what: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("{machine}: its guest {what}."))
        .of_machine(machine.as_str())
        .with_remedy("This is a defect of Ragnatramp.")
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The warning of a line in a guest's hosts file.
pub(super) fn hosts_warning(machine: &MachineName, warning: &HostsWarning) -> Warning {
    let line = match (warning.line, &warning.text) {
        (Some(line), Some(text)) => format!("line {line} of its hosts file ({})", text.trim()),
        (Some(line), None) => format!("line {line} of its hosts file"),
        (None, Some(text)) => format!("a line of its hosts file ({})", text.trim()),
        (None, None) => "a line of its hosts file".to_owned(),
    };
    match warning.kind {
        HostsWarningKind::OwnNameOnLoopback => Warning::new(
            WarningCode::OwnNameOnLoopback,
            machine,
            format!("{machine}: {line} gives its own name a loopback address, which it finds before the one in the block."),
        )
        .with_remedy("Take its name off that line inside the guest, if programs there should see its real address."),
        HostsWarningKind::NameHidden => Warning::new(
            WarningCode::NameHidden,
            machine,
            format!("{machine}: {line} gives a machine of the lab another address, which it finds before the one in the block."),
        )
        .with_remedy("Take the name off that line inside the guest, or move the line behind the block."),
        HostsWarningKind::CloudInitManagesHosts => Warning::new(
            WarningCode::CloudInitManagesHosts,
            machine,
            match warning.line {
                Some(_) => format!("{machine}: {line} says that cloud-init writes the file again at each boot, without the block."),
                None => format!("{machine}: cloud-init writes its hosts file again at each boot, without the block."),
            },
        )
        .with_remedy("Set manage_etc_hosts to false in its cloud-init config, or reconcile after each boot."),
    }
}
