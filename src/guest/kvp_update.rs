//! The KVP updates of a run: the hosts block as key-value pairs, and the calls that bring it to each guest.
//!
//! `module/guest/PROTOCOL.md` is the contract with the script in the guest.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::acknowledgement::{Acknowledgement, AwaitedUpdate};
use super::exchange::{Component, Items, Setting, guest_items, host_items};
use super::result::SyncTarget;
use crate::error::{Code, Error, Result};
use crate::hash::sha256_hex;

/// The item that holds the number of parts and their digest.
pub(super) const HEAD: &str = "ragnatramp.block";
/// Hyper-V takes 1,023 characters; the contract says 1,000.
const LONGEST_VALUE: usize = 1_000;
const MOST_PARTS: usize = 512;
/// How many items one call may carry: "at most 128 elements", says Microsoft's reference on `DataItems` of
/// `Msvm_VirtualSystemManagementService.AddKvpItems` and the two methods beside it.
const MOST_ITEMS: usize = 128;

/// A method of `Msvm_VirtualSystemManagementService`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(clippy::enum_variant_names, reason = "the names of Hyper-V")]
pub enum KvpMethod {
    /// For items that are not there.
    AddKvpItems,
    /// For items that are there.
    ModifyKvpItems,
    /// For items that are there.
    RemoveKvpItems,
}

/// One call of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KvpCall {
    /// The method.
    pub method: KvpMethod,
    /// `DataItems`: CIM-XML texts.
    pub data_items: Vec<String>,
}

/// What has to be sent to one guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KvpUpdate {
    /// The calls in their order; none where the block is there already.
    pub calls: Vec<KvpCall>,
}

/// What has to be sent to all guests of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KvpUpdates {
    /// One for each guest.
    pub items: Vec<AwaitedUpdate>,
    /// What they are sent. Guests with the same items are sent the same, and that is here once.
    pub updates: Vec<KvpUpdate>,
}

/// What has to be sent to each guest. A guest that has the block and never acknowledged it is sent the head again, which
/// starts its script.
///
/// # Errors
/// Where the block is none that a guest would take.
pub fn kvp_updates(
    guests: Vec<SyncTarget>,
    block: &str,
    settings: &[Setting],
    components: &[Component],
) -> Result<KvpUpdates> {
    let (host_items, guest_items) = (host_items(settings), guest_items(components));
    let nothing = Items::new();
    let digest = sha256_hex(block.as_bytes());
    let mut all = KvpUpdates::default();
    // A guest's update depends on its items, and on whether it acknowledged this block; nothing else.
    let mut made: HashMap<(&Items, bool), (usize, bool)> = HashMap::new();
    for guest in guests {
        let standing = host_items.get(&guest.vm_id).unwrap_or(&nothing);
        let acknowledgement = guest_items.get(&guest.vm_id).and_then(Acknowledgement::among);
        let is_acknowledged = acknowledgement.is_some_and(|found| found.digest == digest);
        let (update, sends) = match made.get(&(standing, is_acknowledged)) {
            Some(same) => *same,
            None => {
                let (update, sends) = choose(block, standing, is_acknowledged)?;
                all.updates.push(update);
                *made.entry((standing, is_acknowledged)).or_insert((all.updates.len() - 1, sends))
            }
        };
        all.items.push(AwaitedUpdate { guest, digest: digest.clone(), sends, update });
    }
    Ok(all)
}

/// The update of a guest, and whether it sends anything new.
fn choose(block: &str, standing: &Items, is_acknowledged: bool) -> Result<(KvpUpdate, bool)> {
    let update = kvp_update(block, standing)?;
    let sends = !update.calls.is_empty();
    if is_acknowledged || sends {
        return Ok((update, sends));
    }
    let mut without_head = standing.clone();
    without_head.remove(HEAD);
    let mut head = kvp_update(block, &without_head)?;
    for call in &mut head.calls {
        call.method = KvpMethod::ModifyKvpItems;
    }
    Ok((head, false))
}

/// The update that replaces the items `standing` of a guest by those of `block`.
///
/// The parts come first, then the head, then the removal of parts that are no longer any: a guest that reads in between
/// finds a digest that does not match, and waits.
///
/// # Errors
/// Where the block does not fit into the parts that the contract allows.
pub fn kvp_update(block: &str, standing: &Items) -> Result<KvpUpdate> {
    let parts = cut(block)?;
    let digest = sha256_hex(block.as_bytes());
    let head = (HEAD.to_owned(), format!("v1 {} {digest}", parts.len()));
    let parts: Vec<(String, String)> =
        parts.into_iter().enumerate().map(|(number, part)| (format!("{HEAD}.{number}"), part)).collect();

    let mut all = put(&parts, standing);
    all.extend(put(std::slice::from_ref(&head), standing));
    let wanted: HashSet<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let old = standing
        .keys()
        .filter(|name| name.starts_with("ragnatramp.block.") && !wanted.contains(name.as_str()))
        .map(|name| xml(name, ""))
        .collect();
    all.extend(calls(KvpMethod::RemoveKvpItems, old));
    Ok(KvpUpdate { calls: all })
}

/// The block in the items of a guest; `None` where they are no whole block.
pub(super) fn block_in(standing: &Items) -> Option<String> {
    let mut head = standing.get(HEAD)?.strip_prefix("v1 ")?.split(' ');
    let (count, digest) = (head.next()?.parse::<usize>().ok()?, head.next()?);
    let parts: Option<Vec<&String>> =
        (0..count.min(MOST_PARTS)).map(|number| standing.get(&format!("{HEAD}.{number}"))).collect();
    let block: String = parts?.into_iter().map(|part| part.replace('|', "\n") + "\n").collect();
    (sha256_hex(block.as_bytes()) == digest).then_some(block)
}

fn put(items: &[(String, String)], standing: &Items) -> Vec<KvpCall> {
    let (mut add, mut modify) = (Vec::new(), Vec::new());
    for (name, value) in items {
        match standing.get(name) {
            None => add.push(xml(name, value)),
            Some(there) if there != value => modify.push(xml(name, value)),
            Some(_) => {}
        }
    }
    [calls(KvpMethod::AddKvpItems, add), calls(KvpMethod::ModifyKvpItems, modify)].concat()
}

/// As many calls as it takes to carry these items; none for none.
fn calls(method: KvpMethod, items: Vec<String>) -> Vec<KvpCall> {
    items.chunks(MOST_ITEMS).map(|some| KvpCall { method, data_items: some.to_vec() }).collect()
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
    use crate::guest::exchange::items;
    use crate::hash::hash8;

    fn block(names: usize) -> String {
        let lines: String =
            (0..names).map(|n| format!("172.20.{}.{} m{n}\n", n / 200, n % 200 + 1)).collect();
        format!(
            "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{lines}# END RAGNATRAMP\n"
        )
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
        let mut standing = Items::new();
        for names in [0, 1, 500, 40, 41, 0] {
            let update = kvp_update(&block(names), &standing).unwrap();
            standing = carried_out(&update, standing);
            assert_eq!(block_in(&standing), Some(block(names)));
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
        let first = kvp_update(&long, &Items::new()).unwrap();
        let standing = carried_out(&first, Items::new());
        assert!(standing.len() > 2 * MOST_ITEMS, "{}", standing.len());
        assert_eq!(block_in(&standing), Some(long.clone()));
        let other = kvp_update(&long.replace("172.20.1.1 ", "172.20.1.2 "), &standing).unwrap();
        let shrunk = kvp_update(&block(1), &standing).unwrap();
        for (update, method) in [
            (first, KvpMethod::AddKvpItems),
            (other, KvpMethod::ModifyKvpItems),
            (shrunk, KvpMethod::RemoveKvpItems),
        ] {
            assert!(update.calls.iter().all(|call| call.data_items.len() <= MOST_ITEMS));
            assert!(update.calls.iter().filter(|call| call.method == method).count() >= 3, "{method:?}");
        }
    }

    #[test]
    fn what_stands_there_already_is_not_sent_again() {
        let standing = carried_out(&kvp_update(&block(100), &Items::new()).unwrap(), Items::new());
        assert_eq!(kvp_update(&block(100), &standing).unwrap().calls, []);
    }

    #[test]
    fn the_head_goes_after_the_parts_and_removals_come_last() {
        let standing = carried_out(&kvp_update(&block(500), &Items::new()).unwrap(), Items::new());
        let calls = kvp_update(&block(3), &standing).unwrap().calls;
        let head = calls
            .iter()
            .position(|call| call.data_items.iter().any(|xml| xml.contains(">ragnatramp.block<")))
            .unwrap();
        let removal = calls.iter().position(|call| call.method == KvpMethod::RemoveKvpItems).unwrap();
        assert!(head > 0 && removal == calls.len() - 1 && head < removal, "{calls:?}");
    }

    fn guest(vm_id: &str) -> SyncTarget {
        SyncTarget {
            machine_name: "web".into(),
            vm_name: "lab-web-1".into(),
            vm_id: vm_id.into(),
            target: "web (lab-web-1)".into(),
        }
    }

    fn sent(ids: &[&str], settings: &[Setting], components: &[Component]) -> KvpUpdates {
        kvp_updates(ids.iter().map(|id| guest(id)).collect(), &block(0), settings, components).unwrap()
    }

    fn setting_after(sent: &KvpUpdates) -> Setting {
        let host_items = sent.updates[0].calls.iter().flat_map(|call| call.data_items.clone()).collect();
        Setting { instance_id: "Microsoft:AB-1\\x\\0".into(), host_items }
    }

    #[test]
    fn a_block_that_is_there_and_was_acknowledged_is_not_sent_again() {
        let first = sent(&["AB-1"], &[], &[]);
        assert!(first.items[0].sends && first.updates[0].calls.len() == 2, "{first:?}");
        let body = format!("v1 synced {} 1.0.0 ok", first.items[0].digest);
        let value = format!("{body} check={}", hash8(body.as_bytes()));
        let guest_items = vec![xml(crate::guest::acknowledgement::ACKNOWLEDGEMENT, &value)];
        let component = Component { vm_id: "ab-1".into(), guest_items, ..Component::default() };
        let again = sent(&["AB-1"], &[setting_after(&first)], std::slice::from_ref(&component));
        assert_eq!((again.items[0].sends, again.updates[0].calls.len()), (false, 0));
        let wait = crate::guest::Wait { timeout: 5.0, waited: 1.0 };
        let results = crate::guest::acknowledged(&again.items, &[component], wait);
        assert_eq!(results[0].status, crate::guest::SyncStatus::Unchanged);
    }

    #[test]
    fn a_guest_that_has_the_block_and_did_not_acknowledge_it_is_sent_its_head_again() {
        let first = sent(&["AB-1"], &[], &[]);
        let again = sent(&["AB-1"], &[setting_after(&first)], &[]);
        let calls = &again.updates[0].calls;
        assert_eq!((again.items[0].sends, calls.len()), (false, 1));
        assert_eq!(calls[0].method, KvpMethod::ModifyKvpItems);
        assert!(calls[0].data_items.len() == 1 && calls[0].data_items[0].contains(">ragnatramp.block<"));
    }

    #[test]
    fn what_many_guests_are_sent_is_there_once() {
        let first = sent(&["a", "b", "c"], &[], &[]);
        assert_eq!((first.items.len(), first.updates.len()), (3, 1));
        let mixed = sent(&["ab-1", "b", "c"], &[setting_after(&first)], &[]);
        assert_eq!(mixed.items.iter().map(|one| one.update).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!(mixed.items.iter().map(|one| one.sends).collect::<Vec<_>>(), [false, true, true]);
    }
}
