//! The name of a machine's VM, and when two config paths are the same.

use crate::hash::hash8;

/// The hash of a config's absolute path: `\` counts as `/`, and case does not count.
pub fn path_hash(config_path: &str) -> String {
    hash8(config_path.replace('\\', "/").to_lowercase().as_bytes())
}

/// The name of a machine's VM in Hyper-V.
pub fn vm_name(project: &str, machine: &str, config_path: &str) -> String {
    format!("{project}-{machine}-{}", path_hash(config_path))
}

/// Whether two config paths are the same to Windows: case does not count, and `/` is `\`.
pub fn same_path(left: &str, right: &str) -> bool {
    let folded = |path: &str| path.replace('/', "\\").to_lowercase();
    folded(left) == folded(right)
}
