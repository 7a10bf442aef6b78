//! What an image is.

use std::path::PathBuf;

use super::guid::Guid;

/// The file format. A generation 2 VM takes VHDX only, and a differencing disk has the format of its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// VHDX (version 2 of the format).
    Vhdx,
    /// VHD (version 1).
    Vhd,
}

/// How the file holds the disk's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All of it, in a file of the disk's size.
    Fixed,
    /// What was written to it; the rest is zeros.
    Dynamic,
    /// What was written to it; the rest is the parent's.
    Differencing,
}

/// A VHDX or VHD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its file format.
    pub format: Format,
    /// How it holds its data.
    pub kind: Kind,
    /// The size of the disk that a VM sees, in bytes.
    pub virtual_size: u64,
    /// The logical sector size, in bytes: 512 or 4096.
    pub sector_size: u32,
    /// What a child's linkage is compared with. A VHDX has another one after its data changed (DataWriteGuid); the
    /// unique id of a VHD stays the same for ever.
    pub data_id: Guid,
    /// Where its parent is; there for differencing disks only.
    pub parent: Option<ParentLink>,
}

/// What a differencing disk knows of its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentLink {
    /// The data ids that the parent may have; one of them must be its.
    pub linkages: Vec<Guid>,
    /// When the parent was written, as far as the child knows it: seconds since 2000-01-01 UTC. VHD only.
    pub written: Option<u32>,
    /// Where the parent may be, in the order in which to try: relative to the folder of the child, on its volume, the
    /// absolute path.
    pub candidates: Vec<PathBuf>,
    /// Paths in the image that are not followed: they name another computer, a device, or nothing that could be a
    /// file. As they stand in the image, so untrusted.
    pub refused: Vec<String>,
}
