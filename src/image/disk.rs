//! An open image of either format.

use std::path::Path;

use super::fault::{ImageFault, Structure};
use super::file::ImageFile;
use super::model::Image;
use super::place::Place;
use super::{vhd, vhdx};

/// An image that was read, and that can be asked for its data.
pub(super) struct Disk {
    pub(super) file: ImageFile,
    pub(super) image: Image,
    blocks: Blocks,
}

enum Blocks {
    Vhdx(vhdx::Blocks),
    Vhd(vhd::Blocks),
}

impl Disk {
    /// Opens the image at an absolute path, to whose folder the path of its parent is relative.
    pub(super) fn open(path: &Path) -> Result<Self, ImageFault> {
        let file = ImageFile::open(path)?;
        let signature = vhdx::SIGNATURE;
        let is_vhdx = file.length() >= signature.len() as u64
            && file.read(Structure::Header, 0, signature.len())?.starts_with(signature);
        if is_vhdx {
            let (image, blocks) = vhdx::read(&file)?;
            return Ok(Disk { file, image, blocks: Blocks::Vhdx(blocks) });
        }
        if vhd::is_vhd(&file)? {
            let (image, blocks) = vhd::read(&file)?;
            return Ok(Disk { file, image, blocks: Blocks::Vhd(blocks) });
        }
        Err(ImageFault::NotAnImage { path: path.into() })
    }

    /// Where the sector at `offset` is. Past the end of the disk are zeros: a child may be larger than its parent.
    pub(super) fn place(&self, offset: u64) -> Result<Place, ImageFault> {
        match &self.blocks {
            _ if offset >= self.image.virtual_size => Ok(Place::Zeros),
            Blocks::Vhdx(blocks) => blocks.place(&self.file, offset),
            Blocks::Vhd(blocks) => blocks.place(&self.file, offset),
        }
    }
}
