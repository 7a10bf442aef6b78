//! The hosts block as key-value pairs: how it is cut into items, and what must be sent where some stand already.
//!
//! `module/guest/PROTOCOL.md` is the contract with the script in the guest.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::config::names::sha256_hex;
use crate::error::{Code, Error, Result};

/// The item that says how many parts there are and what their digest is.
pub(super) const HEAD: &str = "ragnatramp.block";
/// Hyper-V takes 1,023 characters; the contract says 1,000.
const LONGEST_VALUE: usize = 1_000;
const MOST_PARTS: usize = 512;
/// How many items one call may carry.
const MOST_ITEMS: usize = 128;

/// One call of `Msvm_VirtualSystemManagementService`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// `AddKvpItems`, `ModifyKvpItems` or `RemoveKvpItems`.
    pub method: &'static str,
    /// `DataItems`: CIM-XML texts.
    pub data_items: Vec<String>,
}

/// What has to be sent to one guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parcel {
    /// The calls in their order; none where everything stands there already.
    #[serde(rename = "calls")]
    pub steps: Vec<Step>,
}

/// What has to be sent so that `block` stands at the guest, where the items `standing` do now.
///
/// The parts come first, then the head, then the removal of parts that are no longer any: a guest that looks in
/// between sees a digest that does not fit, and waits.
///
/// # Errors
/// Where the block does not fit into the parts that the contract allows.
pub fn parcel(block: &str, standing: &BTreeMap<String, String>) -> Result<Parcel> {
    let parts = cut(block)?;
    let digest = sha256_hex(block.as_bytes());
    let head = (HEAD.to_owned(), format!("v1 {} {digest}", parts.len()));
    let parts: Vec<(String, String)> =
        parts.into_iter().enumerate().map(|(number, part)| (format!("{HEAD}.{number}"), part)).collect();

    let mut steps = put(&parts, standing);
    steps.extend(put(std::slice::from_ref(&head), standing));
    let wanted: HashSet<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let old = standing
        .keys()
        .filter(|name| name.starts_with("ragnatramp.block.") && !wanted.contains(name.as_str()))
        .map(|name| xml(name, ""))
        .collect();
    steps.extend(calls("RemoveKvpItems", old));
    Ok(Parcel { steps })
}

/// The block that stands in the items of a guest; `None` where they are no whole block.
pub(super) fn unpack(standing: &BTreeMap<String, String>) -> Option<String> {
    let mut head = standing.get(HEAD)?.strip_prefix("v1 ")?.split(' ');
    let (count, digest) = (head.next()?.parse::<usize>().ok()?, head.next()?);
    let parts: Option<Vec<&String>> =
        (0..count.min(MOST_PARTS)).map(|number| standing.get(&format!("{HEAD}.{number}"))).collect();
    let block: String = parts?.into_iter().map(|part| part.replace('|', "\n") + "\n").collect();
    (sha256_hex(block.as_bytes()) == digest).then_some(block)
}

fn put(items: &[(String, String)], standing: &BTreeMap<String, String>) -> Vec<Step> {
    let (mut add, mut modify) = (Vec::new(), Vec::new());
    for (name, value) in items {
        match standing.get(name) {
            None => add.push(xml(name, value)),
            Some(there) if there != value => modify.push(xml(name, value)),
            Some(_) => {}
        }
    }
    [calls("AddKvpItems", add), calls("ModifyKvpItems", modify)].concat()
}

/// As many calls as it takes to carry these items; none for none.
fn calls(method: &'static str, items: Vec<String>) -> Vec<Step> {
    items.chunks(MOST_ITEMS).map(|some| Step { method, data_items: some.to_vec() }).collect()
}

/// Whole lines, joined by `|`, as many in a part as fit.
fn cut(block: &str) -> Result<Vec<String>> {
    let refuse =
        |why: &str| Error::new(Code::ReconcileHostsFailed, format!("The hosts block cannot be sent: {why}."));
    let mut parts: Vec<String> = Vec::new();
    for line in block.lines() {
        if line.is_empty() || line.len() > LONGEST_VALUE || line.contains('|') || !line.is_ascii() {
            return Err(refuse("it has a line that no guest would take"));
        }
        match parts.last_mut() {
            Some(part) if part.len() + 1 + line.len() <= LONGEST_VALUE => {
                part.push('|');
                part.push_str(line);
            }
            _ => parts.push(line.to_owned()),
        }
    }
    if parts.len() > MOST_PARTS {
        return Err(refuse("it is too long")
            .with_remedy("Split the lab into several configs; a guest takes about 500,000 characters."));
    }
    Ok(parts)
}

/// One `Msvm_KvpExchangeDataItem` as WMI's DTD 2.0 text; source 0 is the host.
fn xml(name: &str, value: &str) -> String {
    let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">\
         <PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{escaped}</VALUE></PROPERTY>\
         <PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{name}</VALUE></PROPERTY>\
         <PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>0</VALUE></PROPERTY></INSTANCE>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::items;

    fn block(names: usize) -> String {
        let lines: String =
            (0..names).map(|n| format!("172.20.{}.{} m{n}\n", n / 200, n % 200 + 1)).collect();
        format!(
            "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{lines}# END RAGNATRAMP\n"
        )
    }

    /// What stands at the guest when the steps were carried out, in their order.
    fn carried_out(parcel: &Parcel, mut standing: BTreeMap<String, String>) -> BTreeMap<String, String> {
        for step in &parcel.steps {
            for (name, value) in items(&step.data_items) {
                match step.method {
                    "AddKvpItems" => assert!(standing.insert(name, value).is_none(), "added what was there"),
                    "ModifyKvpItems" => {
                        assert!(standing.insert(name, value).is_some(), "modified what was not there")
                    }
                    _ => assert!(standing.remove(&name).is_some(), "removed what was not there"),
                }
            }
        }
        standing
    }

    #[test]
    fn whatever_stood_there_the_guest_can_put_the_block_together() {
        let mut standing = BTreeMap::new();
        for names in [0, 1, 500, 40, 41, 0] {
            let parcel = parcel(&block(names), &standing).unwrap();
            standing = carried_out(&parcel, standing);
            assert_eq!(unpack(&standing), Some(block(names)));
            assert_eq!(
                standing[HEAD],
                format!("v1 {} {}", standing.len() - 1, sha256_hex(block(names).as_bytes()))
            );
            assert!(standing.values().all(|value| value.len() <= LONGEST_VALUE));
        }
    }

    #[test]
    fn no_call_carries_more_items_than_hyper_v_takes() {
        // Each line is as long as a line of names can be, so that a part holds few of them.
        let long: String = (0..4_000).map(|n| format!("172.20.1.1 {}{n:04}\n", "m".repeat(59))).collect();
        let long = format!(
            "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{long}# END RAGNATRAMP\n"
        );
        let first = parcel(&long, &BTreeMap::new()).unwrap();
        let standing = carried_out(&first, BTreeMap::new());
        assert!(standing.len() > 2 * MOST_ITEMS, "{}", standing.len());
        assert_eq!(unpack(&standing), Some(long.clone()));
        let other = parcel(&long.replace("172.20.1.1 ", "172.20.1.2 "), &standing).unwrap();
        let shrunk = parcel(&block(1), &standing).unwrap();
        for (parcel, method) in
            [(first, "AddKvpItems"), (other, "ModifyKvpItems"), (shrunk, "RemoveKvpItems")]
        {
            assert!(parcel.steps.iter().all(|step| step.data_items.len() <= MOST_ITEMS));
            assert!(parcel.steps.iter().filter(|step| step.method == method).count() >= 3, "{method}");
        }
    }

    #[test]
    fn what_stands_there_already_is_not_sent_again() {
        let standing = carried_out(&parcel(&block(100), &BTreeMap::new()).unwrap(), BTreeMap::new());
        assert_eq!(parcel(&block(100), &standing).unwrap().steps, []);
    }

    #[test]
    fn the_head_goes_after_the_parts_and_removals_come_last() {
        let standing = carried_out(&parcel(&block(500), &BTreeMap::new()).unwrap(), BTreeMap::new());
        let steps = parcel(&block(3), &standing).unwrap().steps;
        let head = steps
            .iter()
            .position(|step| step.data_items.iter().any(|xml| xml.contains(">ragnatramp.block<")))
            .unwrap();
        let removal = steps.iter().position(|step| step.method == "RemoveKvpItems").unwrap();
        assert!(head > 0 && removal == steps.len() - 1 && head < removal, "{steps:?}");
    }
}
