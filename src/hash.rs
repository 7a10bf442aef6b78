//! SHA-256: in the names of VMs, in the acknowledgements of guests and in the instance id of a cloud-init seed.

use sha2::{Digest, Sha256};

/// The SHA-256 of `bytes` in hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// The first `digits` hex digits of the SHA-256 of `bytes`.
pub fn hash_prefix(bytes: &[u8], digits: usize) -> String {
    let mut digest = sha256_hex(bytes);
    digest.truncate(digits);
    digest
}

/// The first 8 hex digits of the SHA-256 of `bytes`.
pub fn hash8(bytes: &[u8]) -> String {
    hash_prefix(bytes, 8)
}
