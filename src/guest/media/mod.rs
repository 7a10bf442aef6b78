//! What brings the guest's files into a guest: a disc that every system mounts, the same disc as a seed for cloud-init, or
//! cloud-init's document alone; and the discs that name a machine at its first boot.

mod tree;
mod record;
mod image;
mod cloud_init;
mod seed;
mod unattend;

use serde::Deserialize;

use crate::error::Result;
pub use cloud_init::{CloudInit, cloud_init};
pub use image::image;
pub use seed::{Seed, seed};
pub use tree::File;
use tree::refused;
pub use unattend::{Unattend, unattend};

/// The label by which cloud-init knows a disc as its seed (NoCloud).
const SEED_LABEL: &str = "cidata";
/// The label of a disc that is none. In the drive of a guest whose cloud-init has another source, a seed would be taken for a
/// new instance: new host keys, and the first boot's work once more.
const PLAIN_LABEL: &str = "RAGNATRAMP";

/// What the guest's files are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum MediaFormat {
    /// An image of a disc with the files.
    Iso,
    /// The same as a seed for cloud-init: with user-data and meta-data beside them.
    Seed,
    /// The user-data alone.
    CloudInit,
}

/// The guest's files in that format. The bytes of the files, of which the name and the length are given, follow each other
/// in `contents`.
///
/// # Errors
/// As [`image()`], and where the lengths do not add up to the contents.
pub fn media(format: MediaFormat, files: &[(&str, usize)], contents: &[u8]) -> Result<Vec<u8>> {
    let mut parts = split(files, contents)?;
    match format {
        MediaFormat::Iso => image(PLAIN_LABEL, &parts),
        MediaFormat::CloudInit => Ok(cloud_init(&parts).user_data.into_bytes()),
        MediaFormat::Seed => {
            let CloudInit { user_data, meta_data } = cloud_init(&parts);
            parts.push(File { name: "user-data", bytes: user_data.as_bytes() });
            parts.push(File { name: "meta-data", bytes: meta_data.as_bytes() });
            image(SEED_LABEL, &parts)
        }
    }
}

/// The files whose bytes follow each other in `contents`; the name and the length of each are given.
///
/// # Errors
/// `INVALID_REQUEST` where the lengths do not add up to the contents.
pub fn split<'a>(files: &[(&'a str, usize)], contents: &'a [u8]) -> Result<Vec<File<'a>>> {
    let mut rest = contents;
    let mut parts = Vec::with_capacity(files.len());
    for (name, size) in files {
        let Some((bytes, others)) = rest.split_at_checked(*size) else { break };
        parts.push(File { name, bytes });
        rest = others;
    }
    if parts.len() != files.len() || !rest.is_empty() {
        return Err(refused("their sizes do not add up to what was handed over"));
    }
    Ok(parts)
}
