//! What a step records in the state.

use super::action::Change;
use crate::error::{Code, Error, Result};
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
        Change::Begin { intent } => state.set_intent(machine, intent, now),
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

fn incomplete(machine: &str, what: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("The change of {machine} cannot be recorded without {what}."))
        .with_remedy("The caller's steps are out of order; see include/ragnatramp.h.")
}
