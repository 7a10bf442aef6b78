//! What a VHDX or a VHD is, read from its file: without Hyper-V, without mounting it, without elevation.
//!
//! ```text
//! path ─► file ─► vhdx | vhd ─► disk (what it is, where its data is) ─► chain (with its parents)
//!                                                                       ├─► partitions ─► boot: generation, system
//!                                                                       └─► fit: whether a child fits its parent
//! ```
//!
//! An image may be a stranger's file. Every number in it is bounded before it is used, reads are small, nothing is ever
//! written, and a path in it is followed only to a local file. Whatever is not as its format has it is a fault or an
//! unknown verdict, never a guess. The files of this room are listed in the order in which they use each other.

mod guid;
mod checksum;
mod model;
mod fault;
mod file;
mod place;
mod parent_path;
mod vhdx;
mod vhd;
mod disk;
mod chain;
mod verdict;
mod partitions;
mod boot;
mod fit;
mod traits;

pub use boot::boot;
pub use chain::{MOST_PARENTS, chain, chain_that_is_there, read_image};
pub use fault::{Flaw, ImageFault, Structure, Unsupported};
pub use fit::{ChildFit, fits};
pub use guid::Guid;
pub use model::{Format, Image, Kind, ParentLink};
pub use traits::{FileTraits, file_traits};
pub use verdict::{BootVerdict, Generations, System, Undecided};
