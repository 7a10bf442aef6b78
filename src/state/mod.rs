//! `.ragnatramp/state.json`: the only record of which machines are ours.

mod model;

pub use model::{KnownMachine, State};
