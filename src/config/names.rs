//! The names that follow from a config: the VM's, and the marker in its Notes that proves it ours.

use sha2::{Digest, Sha256};

/// The SHA-256 of `bytes` in hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 8 hex digits of the SHA-256 of `bytes`.
pub fn hash8(bytes: &[u8]) -> String {
    let mut digest = sha256_hex(bytes);
    digest.truncate(8);
    digest
}

/// The hash of a config's absolute path: `\` counts as `/`, and case does not count.
pub fn path_hash(config_path: &str) -> String {
    hash8(config_path.replace('\\', "/").to_lowercase().as_bytes())
}

/// The name of a machine's VM in Hyper-V.
pub fn vm_name(project: &str, machine: &str, config_path: &str) -> String {
    format!("{project}-{machine}-{}", path_hash(config_path))
}
