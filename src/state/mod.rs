//! `.ragnatramp/state.json`: the only record of which machines are ours.
//!
//! ```text
//! bytes ─► reading (encoding, JSON, shape) ─► model ─► identity (is it this config's?)
//!                                               │
//! store: lock ─► read again ─► change ─► save (temp, write, flush, rename, flush the folder)
//! repair: the damaged file is kept aside, the last good state takes its place by the same save
//! ```
//!
//! Everything that touches the disk goes through [`disk::Disk`], so that a test can fail or die at each step.

mod backup;
mod clock;
pub mod disk;
mod encoding;
mod identity;
mod lock;
mod look;
mod model;
mod os;
mod paths;
mod patience;
mod reading;
mod repair;
mod save;
mod shape;
mod store;
mod temp;
mod trouble;

pub(crate) use clock::now;
pub use lock::{Holder, Waiting};
pub use model::{KnownMachine, State};
pub use reading::Damage;
pub use repair::{RepairOutcome, RepairSource, repair};
pub use store::{Saved, Snapshot, Store, UpdateOptions};
