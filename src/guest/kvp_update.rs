//! The KVP updates of a run: the hosts block as key-value pairs, and the calls that bring it to each guest.
//!
//! `module/guest/PROTOCOL.md` is the contract with the script in the guest.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::acknowledgement::{Acknowledgement, AwaitedUpdate};
use super::exchange::{Component, HostItems, HostSettings, Items, guest_items, item};
use super::result::SyncTarget;
use crate::error::{Code, Error, Result};
use crate::hash::sha256_hex;

/// The item that holds the number of parts and their digest.
pub(super) const HEAD: &str = "ragnatramp.block";
/// Hyper-V takes 1,023 characters; the contract says 1,000.
const LONGEST_VALUE: usize = 1_000;
const MOST_PARTS: usize = 512;
/// How many items one call may carry: "at most 128 elements" by Microsoft's reference of `DataItems` of
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
    settings: &HostSettings,
    components: &[Component],
) -> Result<KvpUpdates> {
    let (host_items, guest_items) = (HostItems::read(settings), guest_items(components));
    let nothing = Items::new();
    let digest = sha256_hex(block.as_bytes());
    let mut all = KvpUpdates::default();
    // A guest's update depends on its items, and on whether it acknowledged this block; nothing else.
    let mut made: HashMap<(Option<usize>, bool), (usize, bool)> = HashMap::new();
    for guest in guests {
        let list = host_items.list_of(&guest.vm_id);
        let standing = list.and_then(|list| host_items.list(list)).unwrap_or(&nothing);
        let acknowledgement = guest_items.get(&guest.vm_id).and_then(Acknowledgement::among);
        let is_acknowledged = acknowledgement.is_some_and(|found| found.digest == digest);
        let (update, sends) = match made.get(&(list, is_acknowledged)) {
            Some(same) => *same,
            None => {
                let (update, sends) = choose(block, standing, is_acknowledged)?;
                all.updates.push(update);
                *made.entry((list, is_acknowledged)).or_insert((all.updates.len() - 1, sends))
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
    let old: Vec<String> = standing
        .keys()
        .filter(|name| name.starts_with("ragnatramp.block.") && !wanted.contains(name.as_str()))
        .map(|name| item(name, ""))
        .collect();
    all.extend(calls(KvpMethod::RemoveKvpItems, &old));
    Ok(KvpUpdate { calls: all })
}

/// The block in the items of a guest; `None` where they are no whole block.
pub fn block_in(standing: &Items) -> Option<String> {
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
            None => add.push(item(name, value)),
            Some(there) if there != value => modify.push(item(name, value)),
            Some(_) => {}
        }
    }
    [calls(KvpMethod::AddKvpItems, &add), calls(KvpMethod::ModifyKvpItems, &modify)].concat()
}

/// As many calls as it takes to carry these items; none for none.
fn calls(method: KvpMethod, items: &[String]) -> Vec<KvpCall> {
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
