//! `.ragnatramp/state.json`: the only record of which machines are ours.
//!
//! ```text
//! reading: file ─► bytes ─► text ─► JSON ─► shape ─► document
//! store:   lock ─► read again ─► change ─► save (temp file, write, flush, rename, flush the folder)
//! repair:  lock ─► read, and the backup ─► keep the damaged file aside ─► save
//! ```
//!
//! Every operation on a file goes through [`disk::Disk`], so that a test can make each of them fail. The files of this
//! room are listed in the order in which they use each other.

mod timestamp;
mod error;
pub mod disk;
mod seed_disc;
mod document;
mod intent;
mod files;
mod shape;
mod reading;
mod holder;
mod lock;
mod lab_lock;
mod save;
mod store;
mod repair;

pub use document::{KnownMachine, KnownNetwork, State};
pub use error::Damage;
pub use holder::Holder;
pub use intent::{Intent, IntentKind};
pub use lab_lock::{LabLock, Role, Watched, watched};
pub use lock::{Attempt, LockOptions, Waiting, attempt};
pub use reading::Snapshot;
pub use repair::{RepairOutcome, RepairSource, repair};
pub use seed_disc::{SeedDisc, SeedKind};
pub use store::{Saved, Store, under_recorded_path};
pub use timestamp::{NotATimestamp, Timestamp};
