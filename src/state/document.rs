//! The document of the state file: typed views where this crate reads it, verbatim everywhere else.

use std::net::Ipv4Addr;

use serde_json::{Map, Value};

use crate::config::names::same_path;
use crate::error::Result;

use super::error::StateError;
use super::seed_disc::{SEED, SeedDisc};
use super::timestamp::Timestamp;

/// The version of the format that this crate reads and writes.
pub(crate) const VERSION: u32 = 1;

/// A state document. Fields that this version does not know keep their value and their place.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub(super) document: Map<String, Value>,
}

/// What the state knows of one machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownMachine<'a> {
    /// The key of its entry: the machine's name in the config.
    pub machine_name: &'a str,
    entry: &'a Map<String, Value>,
}

/// What the state knows of a machine's network, as the last reconcile stored it. A field is `None` where it is missing
/// or not of its type.
#[derive(Debug, Clone, Copy)]
pub struct KnownNetwork<'a> {
    fields: &'a Map<String, Value>,
}

impl State {
    /// A state without machines, as the original tool starts one. `config_path` is absolute and as the platform
    /// writes paths.
    pub fn empty(config_path: &str, project: &str, config_hash: &str, now: Timestamp) -> Self {
        let mut document = Map::new();
        document.insert("version".into(), VERSION.into());
        for (key, text) in [("configHash", config_hash), ("configPath", config_path), ("project", project)] {
            document.insert(key.into(), text.into());
        }
        document.insert("createdAt".into(), now.to_string().into());
        document.insert("updatedAt".into(), now.to_string().into());
        document.insert("vms".into(), Map::new().into());
        State { document }
    }

    /// Takes a parsed document as it is. [`State::parse`] is the way in for bytes, and checks them.
    pub fn from_document(document: Map<String, Value>) -> Self {
        State { document }
    }

    /// The bytes of the file, as the original tool writes them: indented by two blanks, no newline at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Text keys and no maps of another kind: the one way in which writing to memory could fail.
        serde_json::to_vec_pretty(&self.document).unwrap_or_default()
    }

    /// The absolute path of the config that this state belongs to; empty where it is missing.
    pub fn config_path(&self) -> &str {
        self.text("configPath")
    }

    /// The project's name; empty where it is missing.
    pub fn project(&self) -> &str {
        self.text("project")
    }

    /// When the file was last written; `None` where that is missing or no time.
    pub fn updated_at(&self) -> Option<Timestamp> {
        self.text("updatedAt").parse().ok()
    }

    /// Makes sure that this state, which is in the folder of the config at `config_path`, belongs to that config, and to
    /// `project` where one is named. Paths are compared as in the Notes of a VM, by [`path_key`](crate::config::names::path_key).
    ///
    /// # Errors
    /// [`StateConflict`](crate::error::Code::StateConflict), which names both and what to do.
    pub fn check_owner(&self, config_path: &str, project: Option<&str>) -> Result<()> {
        let theirs = self.config_path();
        let conflict = if !same_path(theirs, config_path) {
            let (theirs, project, ours) = (theirs.into(), self.project().into(), config_path.into());
            match folder(self.config_path()) {
                their_folder if same_path(their_folder, folder(config_path)) => {
                    StateError::OtherConfig { theirs, project, ours }
                }
                their_folder => {
                    StateError::OtherFolder { theirs, their_folder: their_folder.into(), project, ours }
                }
            }
        } else if let Some(project) = project.filter(|project| *project != self.project()) {
            StateError::OtherProject {
                config: config_path.into(),
                theirs: self.project().into(),
                ours: project.into(),
            }
        } else {
            return Ok(());
        };
        Err(conflict.into())
    }

    /// The machines in the order in which they stand in the file.
    pub fn machines(&self) -> impl Iterator<Item = KnownMachine<'_>> {
        self.document.get("vms").and_then(Value::as_object).into_iter().flatten().filter_map(
            |(machine_name, entry)| entry.as_object().map(|entry| KnownMachine { machine_name, entry }),
        )
    }

    /// The machine of that name; case counts.
    pub fn machine(&self, name: &str) -> Option<KnownMachine<'_>> {
        let (machine_name, entry) = self.document.get("vms")?.as_object()?.get_key_value(name)?;
        Some(KnownMachine { machine_name, entry: entry.as_object()? })
    }

    /// Merges what a run learned into the `network` of a machine: fields that are given are set, others stay.
    /// Returns whether the document changed; a machine that is not in the state (any more) changes nothing.
    pub fn set_network<N: AsRef<str> + Into<String>>(
        &mut self,
        machine: &str,
        network: impl IntoIterator<Item = (N, Value)>,
    ) -> bool {
        let Some(entry) = self.entry_mut(machine) else { return false };
        let Some(stored) = entry.get_mut("network").and_then(Value::as_object_mut) else {
            let fields = network.into_iter().map(|(field, value)| (field.into(), value));
            entry.insert("network".into(), fields.collect::<Map<String, Value>>().into());
            return true;
        };
        let mut changed = false;
        for (field, value) in network {
            match stored.get_mut(field.as_ref()) {
                Some(stored) if *stored == value => continue,
                Some(stored) => *stored = value,
                None => drop(stored.insert(field.into(), value)),
            }
            changed = true;
        }
        changed
    }

    /// Adds a machine at the end. Returns false, and changes nothing, where there is one of that name.
    pub fn add_machine(&mut self, machine: &str, entry: Map<String, Value>) -> bool {
        match self.document.get_mut("vms").and_then(Value::as_object_mut) {
            Some(machines) if !machines.contains_key(machine) => {
                machines.insert(machine.into(), entry.into());
                true
            }
            _ => false,
        }
    }

    /// Removes a machine and returns its entry; the others keep their order.
    pub fn remove_machine(&mut self, machine: &str) -> Option<Map<String, Value>> {
        let machines = self.document.get_mut("vms")?.as_object_mut()?;
        match machines.shift_remove(machine)? {
            Value::Object(entry) => Some(entry),
            _ => None,
        }
    }

    /// Records when the file is written.
    pub(crate) fn set_updated_at(&mut self, now: Timestamp) {
        self.document.insert("updatedAt".into(), now.to_string().into());
    }

    pub(super) fn entry_mut(&mut self, machine: &str) -> Option<&mut Map<String, Value>> {
        self.document.get_mut("vms")?.as_object_mut()?.get_mut(machine)?.as_object_mut()
    }

    fn text(&self, key: &str) -> &str {
        self.document.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

impl<'a> KnownMachine<'a> {
    /// The Id of its VM in Hyper-V.
    pub fn vm_id(&self) -> Option<&'a str> {
        self.field("id").and_then(Value::as_str)
    }

    /// The name its VM was given.
    pub fn vm_name(&self) -> Option<&'a str> {
        self.field("name").and_then(Value::as_str)
    }

    /// The disk that it was given, absolute.
    pub fn disk_path(&self) -> Option<&'a str> {
        self.field("diskPath").and_then(Value::as_str).filter(|path| !path.is_empty())
    }

    /// The folder that was made for it alone; `None` for a machine of the original tool, which made none.
    pub fn folder(&self) -> Option<&'a str> {
        self.field("folder").and_then(Value::as_str).filter(|path| !path.is_empty())
    }

    /// The disc that named it at its first boot; `None` where there was none.
    pub fn seed(&self) -> Option<SeedDisc> {
        serde_json::from_value(self.field(SEED)?.clone()).ok()
    }

    /// Id and name of each of its checkpoints that the state knows.
    pub fn checkpoints(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let list = self.field("checkpoints").and_then(Value::as_array);
        let text = |checkpoint: &'a Value, field| checkpoint.get(field).and_then(Value::as_str);
        list.into_iter()
            .flatten()
            .filter_map(move |checkpoint| Some((text(checkpoint, "id")?, text(checkpoint, "name")?)))
    }

    /// Its network; `None` before the first reconcile.
    pub fn network(&self) -> Option<KnownNetwork<'a>> {
        let fields = self.field("network").and_then(Value::as_object)?;
        Some(KnownNetwork { fields })
    }

    /// One of the few fields of its entry: to look at each is faster than to hash the name of the one.
    fn field(&self, name: &str) -> Option<&'a Value> {
        self.entry.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// Its whole entry, fields that this version does not know included.
    pub fn entry(&self) -> &'a Map<String, Value> {
        self.entry
    }
}

impl<'a> KnownNetwork<'a> {
    /// Its IPv4 address.
    pub fn ipv4(&self) -> Option<Ipv4Addr> {
        self.text("ipv4")?.parse().ok()
    }

    /// Its IPv6 addresses, verbatim: one may carry a zone.
    pub fn ipv6(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let list = self.fields.get("ipv6").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Its MAC address.
    pub fn mac(&self) -> Option<&'a str> {
        self.text("mac")
    }

    /// The name of the adapter that has the addresses.
    pub fn adapter_name(&self) -> Option<&'a str> {
        self.text("adapterName")
    }

    /// When the addresses were found.
    pub fn discovered_at(&self) -> Option<Timestamp> {
        self.text("discoveredAt")?.parse().ok()
    }

    /// Where the address was read, as in `hyperv` or `arp`.
    pub fn source(&self) -> Option<&'a str> {
        self.text("source")
    }

    /// The last address before the present one.
    pub fn previous_ipv4(&self) -> Option<Ipv4Addr> {
        self.text("previousIpv4")?.parse().ok()
    }

    /// All of its fields verbatim, those that this version does not know included.
    pub fn fields(&self) -> &'a Map<String, Value> {
        self.fields
    }

    fn text(self, field: &str) -> Option<&'a str> {
        self.fields.get(field)?.as_str()
    }
}

/// Everything before the last separator. Both kinds count on every system.
fn folder(path: &str) -> &str {
    path.rfind(['/', '\\']).map_or("", |end| &path[..end])
}
