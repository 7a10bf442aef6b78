//! VHD, as the Virtual Hard Disk Image Format Specification 1.0 has it. All numbers are big-endian.
//!
//! ```text
//! fixed: data | footer             dynamic, differencing: footer's copy | header | block table | blocks | footer
//! ```

mod footer;
mod header;
mod blocks;

use super::fault::ImageFault;
use super::file::ImageFile;
use super::model::{Format, Image, Kind};

pub(super) use blocks::Blocks;
pub(super) use footer::is_vhd;

/// What the image is, and where its data is.
pub(super) fn read(file: &ImageFile) -> Result<(Image, Blocks), ImageFault> {
    let footer = footer::read(file)?;
    let (blocks, parent) = match footer.header {
        None => (Blocks::Fixed, None),
        Some(at) => {
            let header = header::read(file, at)?;
            let has_parent = footer.kind == Kind::Differencing;
            let parent = if has_parent { Some(header.parent(file)?) } else { None };
            (Blocks::of_table(file, &header, footer.virtual_size, has_parent)?, parent)
        }
    };
    let image = Image {
        format: Format::Vhd,
        kind: footer.kind,
        virtual_size: footer.virtual_size,
        sector_size: footer::SECTOR_SIZE,
        data_id: footer.id,
        parent,
    };
    Ok((image, blocks))
}
