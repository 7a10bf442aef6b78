//! A snapshot of Hyper-V and of the host's neighbour table: what PowerShell copied, before anything is decided; and how
//! the snapshots of one run are merged.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Deserializer, Serialize};

use super::identifiers::{VmId, neighbour_mac, usable_ipv4};

/// The Id of Hyper-V's Default Switch, the same on every Windows; its name is translated.
pub const DEFAULT_SWITCH: &str = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

/// What Hyper-V showed at one moment, VMs that are not ours included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Every VM of the host.
    pub vms: Vec<Vm>,
    /// The adapters of all VMs, or only of those that were asked for.
    #[serde(default)]
    pub adapters: Vec<Adapter>,
    /// The host's neighbour table; `None` where it was not read.
    #[serde(default)]
    pub neighbours: Option<Vec<Neighbour>>,
    /// The host's own IPv4 addresses on the Default Switch; `None` where they were not asked for.
    #[serde(default)]
    pub host_addresses: Option<Vec<HostAddress>>,
    /// What is known of the guests' side of Data Exchange; VMs of which nothing was asked are not in it.
    #[serde(default)]
    pub guests: Vec<GuestFacts>,
}

/// A VM as Hyper-V shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vm {
    /// Its Id.
    pub id: VmId,
    /// Its name. Names are not unique in Hyper-V.
    pub name: String,
    /// Its state as Hyper-V spells it, in English: `Running`, `Off`, `Saved`, ...
    pub state: String,
    /// Its Notes.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub notes: String,
    /// Its virtual processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor_count: Option<u32>,
    /// Its memory at start, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_startup_bytes: Option<u64>,
    /// Its generation, 1 or 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u8>,
    /// Whether each start makes a checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_checkpoints: Option<bool>,
    /// For how many seconds it has been running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime_seconds: Option<f64>,
}

impl Vm {
    /// Whether it runs; see [`is_running`].
    pub fn is_running(&self) -> bool {
        is_running(&self.state)
    }
}

/// Whether a VM in this state, as Hyper-V spells it, counts as running: only in `Running` itself. A saved VM counts as
/// off, and so does one that is paused, or on the way to or from running.
pub fn is_running(vm_state: &str) -> bool {
    vm_state == "Running"
}

/// A network adapter of a VM as Hyper-V shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adapter {
    /// The Id of its VM.
    pub vm_id: VmId,
    /// Its name.
    pub name: String,
    /// Its MAC address, 12 hex digits; all zero before a VM with a dynamic one was first started.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub mac: String,
    /// The name of the switch it is connected to, which depends on the language of Windows.
    #[serde(default)]
    pub switch_name: Option<String>,
    /// The Id of that switch.
    #[serde(default)]
    pub switch_id: Option<String>,
    /// The addresses that the guest reports for it, in the order in which it reports them.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub ip_addresses: Vec<String>,
}

impl Adapter {
    /// Whether it is on the Default Switch: only its addresses count.
    pub fn is_on_default_switch(&self) -> bool {
        self.switch_id.as_deref().is_some_and(|switch| switch.eq_ignore_ascii_case(DEFAULT_SWITCH))
    }
}

/// The adapter whose addresses count: on the Default Switch, the first by name, then by the value of its MAC, however that is
/// spelt.
pub(super) fn chosen<'a>(adapters: impl IntoIterator<Item = &'a Adapter>) -> Option<&'a Adapter> {
    let on_switch = adapters.into_iter().filter(|adapter| adapter.is_on_default_switch());
    on_switch.min_by(|a, b| {
        let by_mac = || neighbour_mac(&a.mac).cmp(&neighbour_mac(&b.mac)).then_with(|| a.mac.cmp(&b.mac));
        a.name.cmp(&b.name).then_with(by_mac)
    })
}

/// An entry of the host's neighbour table (IPv4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Neighbour {
    /// The address.
    pub ip: String,
    /// Its MAC address, as in `00-15-5D-01-02-03`.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub mac: String,
    /// How sure the host is of it: `Permanent`, `Reachable`, `Stale`, `Unreachable`, `Incomplete`, ...
    pub state: String,
    /// The host's interface, as in `vEthernet (Default Switch)`.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub interface: String,
}

/// An IPv4 address of the host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostAddress {
    /// The address.
    pub ip: String,
    /// How many of its first bits are those of its network.
    pub prefix_length: i64,
}

/// What is known of one guest's side of Data Exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestFacts {
    /// The Id of the VM.
    pub vm_id: VmId,
    /// Whether its daemon answers.
    #[serde(default)]
    pub kvp_status: KvpStatus,
    /// What the guest calls its system, as in `Ubuntu 24.04 LTS`; `None` where it never reported one.
    #[serde(default)]
    pub os_name: Option<String>,
}

/// Whether a guest's Data Exchange daemon answers Hyper-V.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KvpStatus {
    /// It answers.
    #[serde(rename = "OK")]
    Ok,
    /// Data Exchange is on, and its daemon does not answer.
    NoContact,
    /// Data Exchange is switched off for this VM.
    Disabled,
    /// It was not asked for, or Hyper-V does not show it.
    #[default]
    Unknown,
}

/// PowerShell sends null where Hyper-V has an empty text or list.
fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Merges a newer snapshot into what the run saw before.
///
/// The newer list of VMs replaces the older one. Adapters, neighbours, addresses of the host and guests that the newer
/// snapshot was not asked for stay as they were. An adapter that had a usable IPv4 address and now reports none keeps what it reported:
/// addresses vanish for a poll. That holds only while the VM keeps running: one that does not run, or started again,
/// keeps nothing.
pub fn merge_snapshots(previous: Snapshot, newer: Snapshot) -> Snapshot {
    let Snapshot { vms, mut adapters, neighbours, host_addresses, mut guests } = newer;
    let lasting = lasting_vms(&previous.vms, &vms);
    let now = by_vm(&adapters);
    let (older, not_asked_for): (Vec<Adapter>, Vec<Adapter>) = previous
        .adapters
        .into_iter()
        .filter(|adapter| lasting.contains(&adapter.vm_id))
        .partition(|adapter| now.contains_key(&adapter.vm_id));
    let kept: Vec<(usize, Vec<String>)> = by_vm(&older)
        .into_iter()
        .filter_map(|(vm_id, known)| vanished_address(now.get(vm_id)?, &known))
        .collect();
    for (position, addresses) in kept {
        if let Some(adapter) = adapters.get_mut(position) {
            adapter.ip_addresses = addresses;
        }
    }
    adapters.extend(not_asked_for);
    let reported: HashSet<VmId> = guests.iter().map(|facts| facts.vm_id.clone()).collect();
    guests.extend(previous.guests.into_iter().filter(|facts| !reported.contains(&facts.vm_id)));
    Snapshot {
        vms,
        adapters,
        neighbours: neighbours.or(previous.neighbours),
        host_addresses: host_addresses.or(previous.host_addresses),
        guests,
    }
}

/// The adapters of each VM, each with its position.
fn by_vm(adapters: &[Adapter]) -> HashMap<&VmId, Vec<(usize, &Adapter)>> {
    let mut all: HashMap<&VmId, Vec<(usize, &Adapter)>> = HashMap::with_capacity(adapters.len());
    for (position, adapter) in adapters.iter().enumerate() {
        all.entry(&adapter.vm_id).or_default().push((position, adapter));
    }
    all
}

/// The VMs that ran in both snapshots without a start in between.
fn lasting_vms<'a>(previous: &[Vm], newer: &'a [Vm]) -> HashSet<&'a VmId> {
    let running: HashMap<&VmId, &Vm> =
        previous.iter().filter(|vm| vm.is_running()).map(|vm| (&vm.id, vm)).collect();
    let lasts = |vm: &&Vm| {
        let before = running.get(&vm.id).filter(|_| vm.is_running());
        before.is_some_and(|before| match (before.uptime_seconds, vm.uptime_seconds) {
            (Some(then), Some(now)) => now >= then,
            _ => true,
        })
    };
    newer.iter().filter(lasts).map(|vm| &vm.id).collect()
}

/// Where the adapter of a VM that counts had a usable address and reports none any more: its position, and what it reported.
fn vanished_address(now: &[(usize, &Adapter)], known: &[(usize, &Adapter)]) -> Option<(usize, Vec<String>)> {
    let newest = chosen(now.iter().map(|(_, adapter)| *adapter))?;
    let known = chosen(known.iter().map(|(_, adapter)| *adapter))?;
    let position = now.iter().find(|(_, adapter)| std::ptr::eq(*adapter, newest))?.0;
    let same = newest.name == known.name && neighbour_mac(&newest.mac) == neighbour_mac(&known.mac);
    let has_usable = |adapter: &Adapter| usable_ipv4(&adapter.ip_addresses).next().is_some();
    (same && has_usable(known) && !has_usable(newest)).then(|| (position, known.ip_addresses.clone()))
}
