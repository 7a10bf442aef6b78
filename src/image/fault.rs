//! Why an image could not be read: every text of this room about the file itself.

use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};

use crate::terminal::visible;

use super::guid::Guid;

/// Why an image, or a parent of it, could not be read. Each fault names its file.
#[derive(Debug, thiserror::Error)]
pub enum ImageFault {
    /// There is no file of this name.
    #[error("{} is not there", shown(.path))]
    NotThere {
        /// The image.
        path: PathBuf,
    },

    /// Another program has the file open and shares it with nobody, as Hyper-V does with a running VM's own disk.
    #[error("{} is in use by another program, as the disk of a running VM is", shown(.path))]
    InUse {
        /// The image.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },

    /// The system refused to open or to read it, or it is no file.
    #[error("{} could not be read ({source})", shown(.path))]
    Unreadable {
        /// The image.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },

    /// The file is neither a VHDX nor a VHD.
    #[error("{} is neither a VHDX nor a VHD", shown(.path))]
    NotAnImage {
        /// The file.
        path: PathBuf,
    },

    /// A structure of it is not as its format has it.
    #[error("{} is damaged: its {structure} at byte {offset} {flaw}", shown(.path))]
    Damaged {
        /// The image.
        path: PathBuf,
        /// Which structure.
        structure: Structure,
        /// Where that structure begins in the file, in bytes.
        offset: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },

    /// Changes stand in the log of the VHDX that are not in its tables yet: it is open now, or was not closed cleanly.
    #[error("{} was not closed cleanly or is open now: its log holds changes", shown(.path))]
    DirtyLog {
        /// The image.
        path: PathBuf,
    },

    /// It asks for something that this reader does not know.
    #[error("{} has {what}, which is not supported", shown(.path))]
    Unsupported {
        /// The image.
        path: PathBuf,
        /// What it asks for.
        what: Unsupported,
    },

    /// The parent of a differencing disk is at none of the places that the disk names.
    #[error("the parent of {} was not found{}", shown(.child), searched(.tried, .refused))]
    ParentMissing {
        /// The differencing disk.
        child: PathBuf,
        /// The places where it was looked for.
        tried: Vec<PathBuf>,
        /// The paths in the disk that are not followed: another computer or a device.
        refused: Vec<String>,
    },

    /// The file at the parent's place is not, or is no longer, what the differencing disk was made from.
    #[error("{} is not what {} was made from: it was changed, or is another disk", shown(.parent), shown(.child))]
    ParentDiffers {
        /// The differencing disk.
        child: PathBuf,
        /// The file at the parent's place.
        parent: PathBuf,
    },

    /// A disk is among its own parents.
    #[error("{} is among its own parents", shown(.path))]
    Circular {
        /// That disk.
        path: PathBuf,
    },

    /// The chain of parents does not end where every sensible one does.
    #[error("{} has more than {limit} parents", shown(.path))]
    TooDeep {
        /// The disk at which the chain begins.
        path: PathBuf,
        /// How many parents a disk may have.
        limit: usize,
    },
}

/// A structure of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// VHDX: one of the two headers.
    Header,
    /// VHDX: one of the two region tables.
    RegionTable,
    /// VHDX: the table of metadata items.
    MetadataTable,
    /// VHDX: a metadata item other than the parent locator.
    MetadataItem,
    /// Both: where the parent is.
    ParentLocator,
    /// Both: the block allocation table.
    BlockTable,
    /// Both: the bitmap that says which sectors of a block are there.
    SectorBitmap,
    /// Both: the data of a block.
    Block,
    /// VHD: the last 512 bytes.
    Footer,
    /// VHD: the header of a dynamic or differencing disk.
    DynamicHeader,
}

impl Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Structure::Header => "header",
            Structure::RegionTable => "region table",
            Structure::MetadataTable => "metadata table",
            Structure::MetadataItem => "metadata item",
            Structure::ParentLocator => "parent locator",
            Structure::BlockTable => "block allocation table",
            Structure::SectorBitmap => "sector bitmap",
            Structure::Block => "data block",
            Structure::Footer => "footer",
            Structure::DynamicHeader => "dynamic disk header",
        })
    }
}

/// What is wrong with a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The file ends before it does.
    CutShort,
    /// It does not begin as such a structure begins.
    Signature,
    /// Its checksum is not that of its bytes.
    Checksum,
    /// A number in it is outside of what the format allows.
    Value,
    /// It refers to a place outside of the file or of its region.
    OutOfBounds,
    /// Something that must be in it is not.
    Incomplete,
    /// Something that may be in it once is there twice.
    Duplicate,
    /// A text in it is not UTF-16, or not what it has to be.
    Text,
}

impl Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::CutShort => "is cut short",
            Flaw::Signature => "has a wrong signature",
            Flaw::Checksum => "has a wrong checksum",
            Flaw::Value => "holds an impossible number",
            Flaw::OutOfBounds => "refers to a place outside of it",
            Flaw::Incomplete => "is incomplete",
            Flaw::Duplicate => "holds the same thing twice",
            Flaw::Text => "holds a text that cannot be read",
        })
    }
}

/// What an image may ask for that this reader does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// Another version of the format.
    Version(u32),
    /// VHDX: a region that must be understood.
    Region(Guid),
    /// VHDX: a metadata item that must be understood.
    MetadataItem(Guid),
    /// VHDX: a parent that is no VHDX.
    LocatorType(Guid),
    /// VHD: another type of disk.
    DiskType(u32),
}

impl Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsupported::Version(version) => write!(f, "version {version:#x} of its format"),
            Unsupported::Region(guid) => write!(f, "a region {guid}"),
            Unsupported::MetadataItem(guid) => write!(f, "a metadata item {guid}"),
            Unsupported::LocatorType(guid) => write!(f, "a parent locator {guid}"),
            Unsupported::DiskType(number) => write!(f, "disk type {number}"),
        }
    }
}

/// A path as a message may have it.
pub(super) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

fn searched(tried: &[PathBuf], refused: &[String]) -> String {
    let mut text = String::new();
    if !tried.is_empty() {
        let places: Vec<String> = tried.iter().map(|path| shown(path)).collect();
        text.push_str("; it is not at ");
        text.push_str(&places.join(" or "));
    }
    if !refused.is_empty() {
        let paths: Vec<String> = refused.iter().map(|path| visible(path).into_owned()).collect();
        text.push_str("; not followed: ");
        text.push_str(&paths.join(", "));
    }
    text
}
