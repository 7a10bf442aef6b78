//! The KVP updates of a run: the hosts block as key-value pairs, and the calls that bring it to each guest.
//!
//! `module/guest/PROTOCOL.md` is the contract with the script in the guest.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::acknowledgement::{Acknowledgement, AwaitedUpdate};
use super::binding::{Binding, VERSION};
use super::exchange::{Component, HostItems, HostSettings, Items, guest_items, item};
use super::result::SyncTarget;
use crate::discovery::VmId;
use crate::error::{Code, Error, Result};
use crate::hash::sha256_hex;

/// The item that holds the number of parts, their digest, and whom they are for.
pub(super) const HEAD: &str = "ragnatramp.block";
/// Hyper-V takes 1,023 characters; the contract says 1,000.
const LONGEST_VALUE: usize = 1_000;
const MOST_PARTS: usize = 512;
/// How many items one call may carry: "at most 128 elements" by Microsoft's reference of `DataItems` of
/// `Msvm_VirtualSystemManagementService.AddKvpItems` and the two methods beside it.
const MOST_ITEMS: usize = 128;

/// A method of `Msvm_VirtualSystemManagementService`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KvpCall {
    /// The method.
    pub method: KvpMethod,
    /// `DataItems`: CIM-XML texts.
    pub data_items: Vec<String>,
}

/// What has to be sent to one guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvpUpdate {
    /// The calls in their order; none where the block is there already.
    pub calls: Vec<KvpCall>,
}

/// What has to be sent to all guests of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KvpUpdates {
    /// One for each guest.
    pub items: Vec<AwaitedUpdate>,
    /// The calls that they are made of. What many guests are sent is here once.
    pub calls: Vec<KvpCall>,
}

/// What has to be sent to each guest of the lab of that name. A guest that has the block and never acknowledged it is sent the
/// head again, which starts its script.
///
/// # Errors
/// Where the block is none that a guest would take.
pub fn kvp_updates(
    guests: Vec<SyncTarget>,
    lab: &str,
    block: &str,
    settings: &HostSettings,
    components: &[Component],
) -> Result<KvpUpdates> {
    let (host_items, guest_items) = (HostItems::read(settings), guest_items(components));
    let parts = Parts::of(block)?;
    let mut all = KvpUpdates::default();
    let mut known: HashMap<KvpCall, usize> = HashMap::new();
    for guest in guests {
        let binding = Binding::new(&guest.vm_id, lab);
        let acknowledgement = guest_items.get(&guest.vm_id).and_then(Acknowledgement::among);
        let is_acknowledged =
            acknowledgement.is_some_and(|found| found.digest == parts.digest && found.binding == binding);
        let (update, sends) = choose(&parts, &binding, &host_items.of(&guest.vm_id), is_acknowledged);
        let number = |call: KvpCall| {
            *known.entry(call).or_insert_with_key(|call| {
                all.calls.push(call.clone());
                all.calls.len() - 1
            })
        };
        let calls = update.calls.into_iter().map(number).collect();
        all.items.push(AwaitedUpdate { guest, digest: parts.digest.clone(), binding, sends, calls });
    }
    Ok(all)
}

/// The update of a guest, and whether it sends anything new.
fn choose(parts: &Parts, binding: &Binding, standing: &Items, is_acknowledged: bool) -> (KvpUpdate, bool) {
    let update = parts.update(binding, standing);
    let sends = !update.calls.is_empty();
    if is_acknowledged || sends {
        return (update, sends);
    }
    let (name, value) = parts.head(binding);
    (KvpUpdate { calls: calls(KvpMethod::ModifyKvpItems, &[item(&name, &value)]) }, false)
}

/// The update that replaces the items `standing` of the guest of `binding` by those of `block`.
///
/// # Errors
/// Where the block does not fit into the parts that the contract allows.
pub fn kvp_update(block: &str, binding: &Binding, standing: &Items) -> Result<KvpUpdate> {
    Ok(Parts::of(block)?.update(binding, standing))
}

/// A block as the items that every guest is sent alike.
struct Parts {
    digest: String,
    items: Vec<(String, String)>,
}

impl Parts {
    fn of(block: &str) -> Result<Parts> {
        let name = |(number, part)| (format!("{HEAD}.{number}"), part);
        Ok(Parts {
            digest: sha256_hex(block.as_bytes()),
            items: cut(block)?.into_iter().enumerate().map(name).collect(),
        })
    }

    /// The item that names the block and the VM that it is for.
    fn head(&self, binding: &Binding) -> (String, String) {
        (HEAD.to_owned(), format!("{VERSION} {} {} {binding}", self.items.len(), self.digest))
    }

    /// The parts come first, then the head, then the removal of parts that are no longer any: a guest that reads in between
    /// finds a digest that does not match, and waits.
    fn update(&self, binding: &Binding, standing: &Items) -> KvpUpdate {
        let mut all = put(&self.items, standing);
        all.extend(put(&[self.head(binding)], standing));
        let wanted: HashSet<&str> = self.items.iter().map(|(name, _)| name.as_str()).collect();
        let old: Vec<String> = standing
            .keys()
            .filter(|name| name.starts_with("ragnatramp.block.") && !wanted.contains(name.as_str()))
            .map(|name| item(name, ""))
            .collect();
        all.extend(calls(KvpMethod::RemoveKvpItems, &old));
        KvpUpdate { calls: all }
    }
}

/// The block in the items of a guest; `None` where they are no whole block for its VM.
pub fn block_in(standing: &Items, vm_id: &VmId) -> Option<String> {
    let mut head = standing.get(HEAD)?.strip_prefix(VERSION)?.strip_prefix(' ')?.split(' ');
    let (count, digest) = (head.next()?.parse::<usize>().ok()?, head.next()?);
    if VmId::from(head.next()?) != *vm_id {
        return None;
    }
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
            return Err(refuse("it has a line that no guest would take").with_remedy(
                "This is a defect of Ragnatramp; please report it with the names of the machines.",
            ));
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
