//! `ragnatramp.yaml` → [`Config`]: the only file that the user writes.
//!
//! ```text
//! bytes ─► yaml (text to values with places) ─► check (every fault at once) ─► resolve (defaults, absolute paths) ─► Config
//!            └──────────────► faults (offsets to lines and columns) ─► Fault
//! ```

mod check;
mod environment;
mod faults;
mod load;
mod lookalikes;
mod model;
pub mod names;
mod parse;
mod paths;
mod patterns;
mod resolve;
#[cfg(test)]
mod schema_tests;
mod yaml;

pub use crate::error::Fault;
pub use environment::{Environment, Platform, Variables};
pub use faults::render_faults;
pub(crate) use load::refuse_device;
pub use load::{FileFinding, FileNote, NamedFile, file_notes, is_file_here, load};
pub use model::{
    CloudInit, Config, DiskStrategy, DynamicMemory, FirstBoot, Generation, Machine, SecureBoot, Unattend,
};
pub use parse::{MAX_BYTES, parse};
pub(crate) use paths::Reach;
