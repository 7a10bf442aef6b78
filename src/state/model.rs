//! The state file's document, typed where this crate reads it and verbatim everywhere else.

use serde_json::{Map, Value};

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
    /// Takes a parsed document as it is.
    pub fn from_document(document: Map<String, Value>) -> Self {
        State { document }
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
