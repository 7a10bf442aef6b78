//! `ragnatramp.yaml` → [`Config`]: the only file that a person writes.

mod model;
pub mod names;

pub use model::{Config, DiskStrategy, Fault, Machine};
