//! VHDX, as MS-VHDX has it. All numbers are little-endian.
//!
//! ```text
//! 0 identifier | 64 KiB, 128 KiB headers | 192 KiB, 256 KiB region tables | log, block table, metadata, blocks
//! ```

mod header;
mod metadata;
mod locator;
mod blocks;

use super::fault::ImageFault;
use super::file::ImageFile;
use super::guid::Guid;
use super::model::{Format, Image, Kind};

pub(super) use blocks::Blocks;

/// How every VHDX begins.
pub(super) const SIGNATURE: &[u8; 8] = b"vhdxfile";

/// What the image is, and where its data is.
pub(super) fn read(file: &ImageFile) -> Result<(Image, Blocks), ImageFault> {
    let header = header::current(file)?;
    if header.log_id != Guid::NIL {
        return Err(ImageFault::DirtyLog { path: file.path().into() });
    }
    let regions = header::regions(file)?;
    let items = metadata::read(file, regions.metadata)?;
    let parent = match items.parent_locator {
        Some(item) => Some(locator::read(file, item)?),
        None => None,
    };
    let kind = match (items.has_parent, items.is_fixed) {
        (true, _) => Kind::Differencing,
        (false, true) => Kind::Fixed,
        (false, false) => Kind::Dynamic,
    };
    let blocks = Blocks::new(file, regions.blocks, &items)?;
    let image = Image {
        format: Format::Vhdx,
        kind,
        virtual_size: items.virtual_size,
        sector_size: items.sector_size,
        data_id: header.data_id,
        parent,
    };
    Ok((image, blocks))
}
