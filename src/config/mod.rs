//! `ragnatramp.yaml` → [`Config`]: the only file that a person writes.

pub mod marker;
mod model;
pub mod names;

pub use model::{Config, DiskStrategy, Fault, Machine};
