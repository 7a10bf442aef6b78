//! What the state keeps of the disc that names a machine at its first boot.

use serde::{Deserialize, Serialize};

/// The field of a machine and of an intent that holds it.
pub(super) const SEED: &str = "seed";

/// The disc that names a machine at its first boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedDisc {
    /// Who reads it.
    #[serde(default, skip_serializing_if = "SeedKind::is_cloud_init")]
    pub kind: SeedKind,
    /// The file, absolute.
    pub path: String,
    /// What the machine's first boot is known by: given when its creation is recorded, and the same as long as its disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_id: Option<String>,
}

/// Who reads a disc for the first boot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeedKind {
    /// cloud-init: it is a NoCloud seed. A state that says nothing means this one.
    #[default]
    CloudInit,
    /// Windows Setup: it holds an answer file.
    Unattend,
}

impl SeedKind {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
    fn is_cloud_init(&self) -> bool {
        *self == SeedKind::CloudInit
    }
}
