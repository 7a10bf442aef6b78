//! The warnings about where an address is from, and whether it is the right one.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::report::{Warning, WarningCode};
use crate::discovery::{
    Choice, EXCHANGE_DISABLED, KvpStatus, NO_CONTACT, Reason, Row, Source, daemon_remedy, enable_exchange,
    first_few, seed_hint,
};

/// The warning of a machine whose address is from the host's neighbour table.
pub(super) fn from_arp(row: &Row<'_>) -> Warning {
    let name = &row.machine_name;
    let guest = row.evidence.as_ref().and_then(|seen| seen.guest.as_ref());
    let hint = seed_hint(row.evidence.as_ref().and_then(|seen| seen.seed));
    let daemons = daemon_remedy(guest.and_then(|guest| guest.os_name.as_deref()));
    let status = guest.map(|guest| guest.kvp_status).unwrap_or_default();
    let why = match status {
        KvpStatus::Disabled => EXCHANGE_DISABLED,
        KvpStatus::NoContact => NO_CONTACT,
        KvpStatus::Ok | KvpStatus::Unknown => "its guest reports no address to Hyper-V",
    };
    let remedy = match status {
        KvpStatus::Disabled => enable_exchange(&row.vm_name),
        KvpStatus::Ok => format!("{daemons}."),
        KvpStatus::NoContact | KvpStatus::Unknown => format!("{daemons}.{hint}"),
    };
    let message = format!("{name}: {why}; its address was found through the host's neighbour table.");
    Warning::new(WarningCode::AddressFromArp, name, message).with_remedy(remedy)
}

/// The warning of a machine whose address another one has, too. `holders` are the machines by address that
/// several have.
pub(super) fn duplicate(row: &Row<'_>, holders: &HashMap<Ipv4Addr, Vec<&str>>) -> Option<Warning> {
    let ipv4 = row.network.ipv4?;
    let all = holders.get(&ipv4)?;
    let name = &row.machine_name;
    // The first few are enough: a list of hundreds would be as long again for each of them.
    let others: Vec<&str> = all.iter().copied().filter(|other| name.as_str() != *other).take(3).collect();
    if others.is_empty() {
        return None;
    }
    let more = if all.len() > others.len() + 1 { " and others" } else { "" };
    let message = format!(
        "{name}: its address {ipv4} is also that of {}{more}, so none of them is named or entered.",
        others.join(", ")
    );
    let remedy = "Give each its own address. Clones of one image often share the id by which DHCP knows them \
                  (/etc/machine-id on Linux): make a new one in one of them and start it again.";
    Some(Warning::new(WarningCode::DuplicateIpv4, name, message).with_remedy(remedy))
}

/// The warning of a machine that shows several addresses of which another one may be meant.
pub(super) fn ambiguous(row: &Row<'_>) -> Option<Warning> {
    let choice = row.choice.as_ref().filter(|choice| choice.is_ambiguous)?;
    let (name, taken) = (&row.machine_name, row.network.ipv4?);
    let several = first_few(&choice.candidates);
    let why = match choice.reason {
        Reason::Known => "the one that the state knows",
        Reason::Surest => "the one that the host's neighbour table is surest of",
        Reason::InRange | Reason::Lowest => "the lowest of them",
    };
    let message = format!(
        "{name}: it shows several addresses ({several}), {}; {taken} was taken, {why}.",
        place(choice, taken)
    );
    let remedy = match row.network.source {
        Some(Source::Arp) => {
            "If it is not the right one, let the guest tell its address itself, through its Hyper-V daemons."
        }
        _ => {
            "It is kept from run to run while the guest shows it. If it is not the right one, take the others off that \
             adapter inside the guest."
        }
    };
    Some(Warning::new(WarningCode::AddressAmbiguous, name, message).with_remedy(remedy))
}

/// Where the addresses of a choice are.
fn place(choice: &Choice, taken: Ipv4Addr) -> String {
    if choice.ranges.is_empty() {
        return "and the range of the Default Switch is unknown".to_owned();
    }
    let how_many =
        if choice.ranges.iter().any(|range| range.holds(taken)) { "more than one" } else { "none" };
    format!("{how_many} of them in the range of the Default Switch ({})", first_few(&choice.ranges))
}
