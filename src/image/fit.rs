//! Whether a differencing disk still fits the image that it was made from.

use std::path::Path;

use super::chain::{self, identity, is_linked};
use super::disk::Disk;
use super::fault::ImageFault;
use super::model::{Format, ParentLink};

/// How a disk and the image that should be its parent go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildFit {
    /// The disk was made from that image as it is, and leads to it.
    Fits,
    /// The same for a VHD whose parent was written at another time than the disk has noted. A VHD keeps its id when its
    /// data changes, so the time is all there is, and a copy or a restored backup may change it as well: Hyper-V decides
    /// (0xC03A000F).
    Undated,
    /// The disk leads to that image, whose data was changed since: Hyper-V refuses it (0xC03A000E), and what the disk
    /// reads through the image is no longer what it was made from.
    ParentChanged,
    /// The disk was made from that image, but the paths in it do not lead there: one of the two was moved (0xC03A000D).
    ParentMoved,
    /// The disk has another parent.
    OtherParent,
    /// The disk has no parent at all.
    NotDifferencing,
}

/// Whether the disk `child` has the image `parent` as its parent, as both are now.
///
/// # Errors
/// One of the two cannot be read. That the parent is elsewhere, or nowhere, is no error but a [`ChildFit`].
pub fn fits(child: &Path, parent: &Path) -> Result<ChildFit, ImageFault> {
    let child = chain::open(child)?;
    let Some(link) = &child.image.parent else { return Ok(ChildFit::NotDifferencing) };
    let parent = chain::open(parent)?;
    if parent.image.format != child.image.format {
        return Ok(ChildFit::OtherParent);
    }
    let found = match chain::parent(&child, link) {
        Ok(found) => Some(identity(found.file.path())?),
        Err(_) => None,
    };
    let wanted = identity(parent.file.path())?;
    Ok(match (found.map(|found| found == wanted), is_linked(link, &parent)) {
        (Some(true), true) if is_dated(link, &parent) => ChildFit::Fits,
        (Some(true), true) => ChildFit::Undated,
        (Some(true), false) => ChildFit::ParentChanged,
        (None, true) => ChildFit::ParentMoved,
        (None | Some(false), _) => ChildFit::OtherParent,
    })
}

/// Whether the parent was last written when the child says, as far as that counts. Times are rounded differently by
/// those who write them.
fn is_dated(link: &ParentLink, parent: &Disk) -> bool {
    const ROUNDED: u32 = 2;
    match (parent.image.format, link.written, parent.file.written()) {
        (Format::Vhd, Some(noted), Some(written)) => noted.abs_diff(written) <= ROUNDED,
        _ => true,
    }
}
