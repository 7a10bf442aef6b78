//! What the state keeps of the disc that names a machine at its first boot.

use serde::{Deserialize, Serialize};

/// The field of a machine and of an intent that holds it.
pub(super) const SEED: &str = "seed";

/// The disc that names a machine at its first boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedDisc {
    /// The file, absolute.
    pub path: String,
    /// What the machine's first boot is known by: given when its creation is recorded, and the same as long as its disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_id: Option<String>,
}
