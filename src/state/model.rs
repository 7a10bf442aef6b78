//! The state file's document, typed where this crate reads it and verbatim everywhere else.

use serde_json::{Map, Value};

/// The version of the format that this crate reads and writes.
pub(crate) const VERSION: u64 = 1;

/// A state document. Fields that this version does not know keep their value and their place.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    document: Map<String, Value>,
}

/// What the state knows of one machine.
#[derive(Debug, Clone, Copy)]
pub struct KnownMachine<'a> {
    /// The key under which it stands: the machine's name in the config.
    pub machine_name: &'a str,
    entry: &'a Map<String, Value>,
}

impl State {
    /// A state without machines, as the original tool starts one. `config_path` is absolute and as the platform
    /// writes paths, `now` is an ISO time.
    pub fn empty(config_path: &str, project: &str, config_hash: &str, now: &str) -> Self {
        let mut document = Map::new();
        document.insert("version".into(), VERSION.into());
        for (key, text) in [("configHash", config_hash), ("configPath", config_path), ("project", project)] {
            document.insert(key.into(), text.into());
        }
        document.insert("createdAt".into(), now.into());
        document.insert("updatedAt".into(), now.into());
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

    /// When the file was last written, an ISO time; empty where it is missing.
    pub fn updated_at(&self) -> &str {
        self.text("updatedAt")
    }

    /// The machines in the order in which they stand in the file.
    pub fn machines(&self) -> impl Iterator<Item = KnownMachine<'_>> {
        self.document.get("vms").and_then(Value::as_object).into_iter().flatten().filter_map(
            |(machine_name, entry)| entry.as_object().map(|entry| KnownMachine { machine_name, entry }),
        )
    }

    /// The machine of exactly that name.
    pub fn machine(&self, name: &str) -> Option<KnownMachine<'_>> {
        let (machine_name, entry) = self.document.get("vms")?.as_object()?.get_key_value(name)?;
        Some(KnownMachine { machine_name, entry: entry.as_object()? })
    }

    /// Merges what a run learned into the `network` of a machine: fields that are given are set, others stay.
    /// Returns whether the document changed; a machine that is not in the state (any more) changes nothing.
    pub fn set_network(&mut self, machine: &str, network: Map<String, Value>) -> bool {
        let Some(entry) = self.entry_mut(machine) else { return false };
        let Some(stored) = entry.get_mut("network").and_then(Value::as_object_mut) else {
            entry.insert("network".into(), network.into());
            return true;
        };
        let mut changed = false;
        for (field, value) in network {
            if stored.get(&field) != Some(&value) {
                stored.insert(field, value);
                changed = true;
            }
        }
        changed
    }

    /// Adds a machine at the end. Returns false, and changes nothing, where one of that name is there already.
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

    /// Notes when the file is written.
    pub(crate) fn set_updated_at(&mut self, now: String) {
        self.document.insert("updatedAt".into(), now.into());
    }

    fn entry_mut(&mut self, machine: &str) -> Option<&mut Map<String, Value>> {
        self.document.get_mut("vms")?.as_object_mut()?.get_mut(machine)?.as_object_mut()
    }

    fn text(&self, key: &str) -> &str {
        self.document.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

impl<'a> KnownMachine<'a> {
    /// The Id of its VM in Hyper-V.
    pub fn vm_id(&self) -> Option<&'a str> {
        self.entry.get("id").and_then(Value::as_str)
    }

    /// The name its VM was given.
    pub fn vm_name(&self) -> Option<&'a str> {
        self.entry.get("name").and_then(Value::as_str)
    }

    /// Its network as the last reconcile stored it; `None` before the first one.
    pub fn network(&self) -> Option<&'a Map<String, Value>> {
        self.entry.get("network").and_then(Value::as_object)
    }

    /// Everything that stands in its entry, known to this version or not.
    pub fn entry(&self) -> &'a Map<String, Value> {
        self.entry
    }
}
