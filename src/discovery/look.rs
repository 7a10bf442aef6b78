//! One look at Hyper-V and at the host's neighbour table: what PowerShell copied, before anything is decided.

use serde::{Deserialize, Deserializer, Serialize};

/// Everything that was seen at one moment, VMs of others included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Look {
    /// Every VM of the host.
    pub vms: Vec<Vm>,
    /// The adapters of all VMs, or only of those that were asked for.
    #[serde(default)]
    pub adapters: Vec<Adapter>,
    /// The host's neighbour table; `None` where it was not asked.
    #[serde(default)]
    pub neighbours: Option<Vec<Neighbour>>,
    /// What is known of the guests' side of Data Exchange; VMs that were not asked are not in it.
    #[serde(default)]
    pub guests: Vec<GuestFacts>,
}

/// A VM as Hyper-V shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vm {
    /// Its Id, a GUID; compared without case.
    pub id: String,
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
    /// For how many seconds it has been running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime_seconds: Option<f64>,
}

impl Vm {
    /// Whether it runs. Every other state, also one on the way to or from running, counts as off.
    pub fn is_running(&self) -> bool {
        self.state == "Running"
    }
}

/// A network adapter of a VM as Hyper-V shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adapter {
    /// The Id of its VM; compared without case.
    pub vm_id: String,
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

/// An entry of the host's neighbour table (IPv4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Neighbour {
    /// The address.
    pub ip: String,
    /// The MAC address behind it, as in `00-15-5D-01-02-03`.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub mac: String,
    /// How sure the host is of it: `Permanent`, `Reachable`, `Stale`, `Unreachable`, `Incomplete`, ...
    pub state: String,
    /// The host's interface, as in `vEthernet (Default Switch)`.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub interface: String,
}

/// What is known of one guest's side of Data Exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestFacts {
    /// The Id of the VM; compared without case.
    pub vm_id: String,
    /// Whether its daemon answers.
    #[serde(default)]
    pub kvp_status: KvpStatus,
    /// What the guest calls its system, as in `Ubuntu 24.04 LTS`; `None` where it never said.
    #[serde(default)]
    pub os_name: Option<String>,
}

/// Whether a guest's Data Exchange daemon answers Hyper-V.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KvpStatus {
    /// It answers.
    #[serde(rename = "OK")]
    Ok,
    /// Data Exchange is on, and nobody answers.
    NoContact,
    /// Data Exchange is switched off for this VM.
    Disabled,
    /// Nobody asked, or Hyper-V says nothing of it.
    #[default]
    Unknown,
}

/// PowerShell has no empty text or list where Hyper-V has nothing: it sends null.
fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
