//! What a step records in the state.

use super::action::Change;
use crate::error::{Code, Error, Result};
use crate::hash::sha256_hex;
use crate::state::{State, Timestamp};

/// What only the caller knows of a step that it carried out.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// The Id of the VM that was made.
    pub vm_id: Option<String>,
    /// The Id of the checkpoint that was made.
    pub checkpoint_id: Option<String>,
}

/// Puts the change into the state. Returns whether anything changed.
///
/// # Errors
/// `INVALID_REQUEST` where the Id is missing that the change is about, or nothing was begun that it could belong to.
pub fn record(
    state: &mut State,
    machine: &str,
    change: &Change,
    made: &Made,
    now: Timestamp,
) -> Result<bool> {
    let before = state.clone();
    match change {
        Change::Begin { intent } => {
            let mut intent = intent.clone();
            if let Some(seed) = &mut intent.seed {
                let begun = state.intent(machine).filter(|begun| begun.kind == intent.kind);
                let begun = begun.and_then(|begun| begun.seed?.creation_id);
                seed.creation_id
                    .get_or_insert_with(|| begun.unwrap_or_else(|| creation_id(state, machine, now)));
            }
            state.set_intent(machine, &intent, now);
        }
        Change::Created => {
            let id = made.vm_id.as_deref().ok_or_else(|| incomplete(machine, "the Id of its VM"))?;
            let intent =
                state.intent(machine).ok_or_else(|| incomplete(machine, "the intent to create it"))?;
            state.set_vm(machine, id, &intent, now);
        }
        Change::End => {
            state.clear_intent(machine);
        }
        Change::Removed => {
            state.remove_machine(machine);
            state.clear_intent(machine);
        }
        Change::CheckpointMade { name } => {
            let id = made
                .checkpoint_id
                .as_deref()
                .ok_or_else(|| incomplete(machine, "the Id of its checkpoint"))?;
            state.add_checkpoint(machine, id, name, now);
        }
        Change::CheckpointRemoved { id } => {
            state.remove_checkpoint(machine, id);
        }
    }
    Ok(*state != before)
}

/// An id that no other creation has, in the form of a GUID: no machine of this lab is created twice at one moment.
fn creation_id(state: &State, machine: &str, now: Timestamp) -> String {
    let before = state.machine(machine).and_then(|known| known.seed()?.creation_id).unwrap_or_default();
    let text = format!("{}\0{machine}\0{before}\0{now}", state.config_path());
    let digest = sha256_hex(text.as_bytes());
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn incomplete(machine: &str, what: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("The change of {machine} cannot be recorded without {what}."))
        .with_remedy("The caller's steps are out of order; see include/ragnatramp.h.")
}
