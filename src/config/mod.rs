//! `ragnatramp.yaml` → [`Config`]: the only file that a person writes.
//!
//! ```text
//! bytes ─► yaml (text to values with places) ─► check (every fault at once) ─► expand, paths (absolute paths) ─► Config
//!            └──────────────► places (offsets to lines and columns) ─► Fault ─► render
//! ```

mod check;
mod describe;
mod expand;
mod images;
mod load;
mod model;
pub mod names;
mod parse;
mod paths;
mod places;
mod render;
#[cfg(test)]
mod schema_tests;
mod surroundings;
mod yaml;

pub use crate::error::Fault;
pub use images::{MissingImage, missing_images};
pub use load::load;
pub use model::{Config, DiskStrategy, Machine};
pub use parse::{MAX_BYTES, parse};
pub use render::render_faults;
pub use surroundings::{Environment, Platform, Surroundings};
