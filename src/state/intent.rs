//! What a run has begun with a machine and not yet ended. An intent is saved before the first change, so that a run that was
//! interrupted is completed by the next one. Intents stand beside `vms`, which the original tool reads.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::document::State;
use super::seed_disc::{SEED, SeedDisc};
use super::timestamp::Timestamp;

/// What was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntentKind {
    /// Its creation: the VM is not complete until the intent is gone.
    Create,
    /// A restore: the VM's name, Notes and switch may be those of the checkpoint.
    Restore,
    /// Its removal.
    Remove,
}

/// What was begun with one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// What it is.
    pub kind: IntentKind,
    /// The name of its VM.
    pub vm_name: String,
    /// The folder made for it alone, absolute; `None` where there is none.
    #[serde(default)]
    pub folder: Option<String>,
    /// Its disk, absolute.
    pub disk_path: String,
    /// The files that a removal deletes, absolute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The disc that names it at its first boot; `None` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<SeedDisc>,
}

const INTENTS: &str = "pending";

impl State {
    /// What was begun with the machine of that name and not ended. The shape of the file is checked when it is read, so that none
    /// is passed over.
    pub fn intent(&self, machine: &str) -> Option<Intent> {
        let intent = self.document.get(INTENTS)?.as_object()?.get(machine)?;
        serde_json::from_value(intent.clone()).ok()
    }

    /// The machines with which something was begun and not ended, in the order of the file.
    pub fn intents(&self) -> impl Iterator<Item = &str> {
        self.document
            .get(INTENTS)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    }

    /// Records that something was begun; what was recorded before for that machine is replaced.
    pub fn set_intent(&mut self, machine: &str, intent: &Intent, now: Timestamp) {
        let mut value = json!(intent);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("beganAt".into(), now.to_string().into());
        }
        let intents = self.document.entry(INTENTS).or_insert_with(|| Map::new().into());
        if let Some(intents) = intents.as_object_mut() {
            intents.insert(machine.into(), value);
        }
    }

    /// Records that it has ended.
    pub fn clear_intent(&mut self, machine: &str) {
        let Some(intents) = self.document.get_mut(INTENTS).and_then(Value::as_object_mut) else { return };
        intents.shift_remove(machine);
        if intents.is_empty() {
            self.document.shift_remove(INTENTS);
        }
    }

    /// Records the VM of a machine: its Id, what its intent says, and nothing that an earlier VM of it left. A machine that
    /// is there already keeps its place and the fields that this version does not know.
    pub fn set_vm(&mut self, machine: &str, vm_id: &str, intent: &Intent, now: Timestamp) {
        let Some(machines) = self.document.get_mut("vms").and_then(Value::as_object_mut) else { return };
        let entry = machines.entry(machine).or_insert_with(|| Map::new().into());
        let Some(entry) = entry.as_object_mut() else { return };
        match &intent.seed {
            Some(seed) => entry.insert(SEED.into(), json!(seed)),
            None => entry.shift_remove(SEED),
        };
        if entry.get("id").and_then(Value::as_str).is_some_and(|known| known.eq_ignore_ascii_case(vm_id)) {
            return;
        }
        for (field, text) in [
            ("id", vm_id),
            ("name", &intent.vm_name),
            ("machineName", machine),
            ("diskPath", &intent.disk_path),
        ] {
            entry.insert(field.into(), text.into());
        }
        match &intent.folder {
            Some(folder) => entry.insert("folder".into(), folder.as_str().into()),
            None => entry.shift_remove("folder"),
        };
        // That of an earlier VM: its adapter, and so its address, is gone.
        entry.shift_remove("network");
        entry.insert("createdAt".into(), now.to_string().into());
        entry.insert("checkpoints".into(), Vec::<Value>::new().into());
    }

    /// Records a checkpoint of a machine. One of that Id that is there already stays as it is.
    pub fn add_checkpoint(&mut self, machine: &str, id: &str, name: &str, created_at: Timestamp) {
        let Some(entry) = self.entry_mut(machine) else { return };
        let list = entry.entry("checkpoints").or_insert_with(|| Vec::<Value>::new().into());
        let Some(list) = list.as_array_mut() else { return };
        if !list.iter().any(|checkpoint| has_id(checkpoint, id)) {
            list.push(json!({"id": id, "name": name, "createdAt": created_at.to_string()}));
        }
    }

    /// Records that a checkpoint of a machine is gone.
    pub fn remove_checkpoint(&mut self, machine: &str, id: &str) {
        let list = self.entry_mut(machine).and_then(|entry| entry.get_mut("checkpoints")?.as_array_mut());
        let Some(list) = list else { return };
        list.retain(|checkpoint| !has_id(checkpoint, id));
    }
}

fn has_id(checkpoint: &Value, id: &str) -> bool {
    checkpoint.get("id").and_then(Value::as_str).is_some_and(|known| known.eq_ignore_ascii_case(id))
}
