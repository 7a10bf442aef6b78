//! How much room there is where a file is to be made. Only Windows is asked; elsewhere it is not known.

#[cfg(windows)]
mod windows;

use std::path::Path;

#[cfg(windows)]
use windows as os;

/// A disk with a file system on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Where it begins, as in `D:\`. Two files are on one volume where theirs are equal.
    pub name: String,
    /// How many bytes this account may still write to it.
    pub free_bytes: u64,
}

/// The volume of a path, or of the nearest folder above that is there.
pub(super) fn volume(path: &Path) -> Option<Volume> {
    let (name, free_bytes) = free_room(path.ancestors().find(|folder| folder.is_dir())?)?;
    Some(Volume { name, free_bytes })
}

#[cfg(windows)]
fn free_room(folder: &Path) -> Option<(String, u64)> {
    os::free_room(folder)
}

#[cfg(not(windows))]
fn free_room(_folder: &Path) -> Option<(String, u64)> {
    None
}
