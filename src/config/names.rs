//! The name of a machine's VM, and when two config paths are the same.

use super::patterns::{MACHINE_NAME_LENGTH, is_name};
use crate::hash::hash8;

/// The hash of a config's absolute path: `\` counts as `/`, and case does not count.
pub fn path_hash(config_path: &str) -> String {
    hash8(config_path.replace('\\', "/").to_lowercase().as_bytes())
}

/// The names of the VMs of a config in Hyper-V.
#[derive(Debug, Clone)]
pub struct VmNames<'a> {
    project: &'a str,
    path_hash: String,
}

impl<'a> VmNames<'a> {
    /// Those of the config of that project at that path (absolute).
    pub fn new(project: &'a str, config_path: &str) -> Self {
        VmNames { project, path_hash: path_hash(config_path) }
    }

    /// The lab: project and config, without blanks. Guests are told it beside their block.
    pub fn lab(&self) -> String {
        format!("{}-{}", self.project, self.path_hash)
    }

    /// The name of a machine's VM.
    pub fn of(&self, machine: &str) -> String {
        format!("{}-{machine}-{}", self.project, self.path_hash)
    }
}

/// Whether `text` has the form of the name of a machine; it may still be reserved.
pub fn is_machine_name(text: &str) -> bool {
    text.len() <= MACHINE_NAME_LENGTH && is_name(text)
}

/// Whether two config paths are the same to Windows: case does not count, and `/` is `\`.
pub fn same_path(left: &str, right: &str) -> bool {
    let folded = |path: &str| path.replace('/', "\\").to_lowercase();
    left == right || folded(left) == folded(right)
}
