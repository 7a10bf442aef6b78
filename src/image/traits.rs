//! What Windows says of a file apart from its content: some of it makes Hyper-V refuse a disk (0xC03A001A).

use std::fs::{self, Metadata};
use std::path::{Path, absolute};

/// The attributes that matter for a disk, and for a folder in which disks are made: new files take over compression
/// and encryption from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileTraits {
    /// Holes take no room. `fsutil sparse setflag FILE 0` ends it; a copy is not sparse.
    pub sparse: bool,
    /// NTFS compresses it.
    pub compressed: bool,
    /// NTFS encrypts it.
    pub encrypted: bool,
    /// Its content may be in a cloud only, and reading it would download it.
    pub placeholder: bool,
    /// It may not be written to. A copy takes that over.
    pub read_only: bool,
    /// It is on this computer.
    pub local: bool,
}

/// The traits of the file or folder at `path`, or, where there is none, of the nearest folder above. Where the system
/// says nothing, none of them holds, and it counts as local. Only Windows knows all of them; elsewhere every file is
/// local, and `read_only` is all that may hold.
pub fn file_traits(path: &Path) -> FileTraits {
    let path = absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there = path.ancestors().find_map(|path| Some((path, fs::metadata(path).ok()?)));
    match there {
        Some((path, metadata)) => of(path, &metadata),
        None => FileTraits {
            sparse: false,
            compressed: false,
            encrypted: false,
            placeholder: false,
            read_only: false,
            local: is_local(&path),
        },
    }
}

fn of(path: &Path, metadata: &Metadata) -> FileTraits {
    let attributes = attributes(metadata);
    let has = |mask: u32| attributes & mask != 0;
    FileTraits {
        sparse: has(0x200),
        compressed: has(0x800),
        encrypted: has(0x4000),
        // OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS.
        placeholder: has(0x1000 | 0x4_0000 | 0x40_0000),
        read_only: metadata.is_file() && metadata.permissions().readonly(),
        local: is_local(&fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())),
    }
}

#[cfg(windows)]
fn attributes(metadata: &Metadata) -> u32 {
    std::os::windows::fs::MetadataExt::file_attributes(metadata)
}

#[cfg(not(windows))]
fn attributes(_metadata: &Metadata) -> u32 {
    0
}

/// Whether `path` is on this computer: the canonical path of a mapped drive names the other computer.
fn is_local(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    match path.components().next() {
        Some(Component::Prefix(prefix)) => {
            !matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
        }
        _ => true,
    }
}
