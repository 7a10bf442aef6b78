//! The block allocation table of a VHDX: where each part of the disk's data is. Entries are read when they are asked
//! for, since the table of a large disk is large.
//!
//! After the entries of the payload blocks of a chunk comes one for the bitmap of the chunk's sectors.

use crate::image::fault::{Flaw, ImageFault, Structure};
use crate::image::file::{ImageFile, field};
use crate::image::place::Place;

use super::header::{Extent, MIB};
use super::metadata::Items;

const ENTRY_LENGTH: usize = 8;
/// The bits of a bitmap: one block of 1 MiB.
const SECTORS_OF_A_CHUNK: u64 = 1 << 23;

/// What an entry says of its block.
mod state {
    pub(super) const NOT_PRESENT: u64 = 0;
    pub(super) const UNDEFINED: u64 = 1;
    pub(super) const ZERO: u64 = 2;
    pub(super) const UNMAPPED: u64 = 3;
    pub(super) const FULLY_PRESENT: u64 = 6;
    pub(super) const PARTIALLY_PRESENT: u64 = 7;
    pub(super) const BITMAP_PRESENT: u64 = 6;
}

/// The table of one image.
#[derive(Debug)]
pub(in crate::image) struct Blocks {
    table: Extent,
    block_size: u64,
    sector_size: u64,
    has_parent: bool,
}

impl Blocks {
    /// Fails where the table is too short for the disk's size.
    pub(super) fn new(file: &ImageFile, table: Extent, items: &Items) -> Result<Self, ImageFault> {
        let blocks = Blocks {
            table,
            block_size: items.block_size.into(),
            sector_size: items.sector_size.into(),
            has_parent: items.has_parent,
        };
        let payload = items.virtual_size.div_ceil(blocks.block_size);
        let entries = match items.has_parent {
            true => payload.div_ceil(blocks.chunk()) * (blocks.chunk() + 1),
            false => payload + (payload - 1) / blocks.chunk(),
        };
        match entries * ENTRY_LENGTH as u64 > table.length.into() {
            true => Err(file.damaged(Structure::BlockTable, table.offset, Flaw::CutShort)),
            false => Ok(blocks),
        }
    }

    /// How many payload blocks a chunk has.
    fn chunk(&self) -> u64 {
        SECTORS_OF_A_CHUNK * self.sector_size / self.block_size
    }

    /// Where the sector at `offset` of the disk is, which is below the disk's size.
    pub(in crate::image) fn place(&self, file: &ImageFile, offset: u64) -> Result<Place, ImageFault> {
        let block = offset / self.block_size;
        let index = block + block / self.chunk();
        let (state, at) = self.entry(file, index)?;
        match state {
            state::NOT_PRESENT if self.has_parent => Ok(Place::Parent),
            state::NOT_PRESENT | state::UNDEFINED | state::ZERO | state::UNMAPPED => Ok(Place::Zeros),
            state::FULLY_PRESENT => self.data(file, index, at, offset),
            state::PARTIALLY_PRESENT if self.has_parent => match self.is_here(file, offset)? {
                true => self.data(file, index, at, offset),
                false => Ok(Place::Parent),
            },
            _ => Err(self.damaged(file, index, Flaw::Value)),
        }
    }

    fn data(&self, file: &ImageFile, index: u64, at: u64, offset: u64) -> Result<Place, ImageFault> {
        match at < MIB {
            // The first MiB holds the headers.
            true => Err(self.damaged(file, index, Flaw::OutOfBounds)),
            false => Ok(Place::Here(at.saturating_add(offset % self.block_size))),
        }
    }

    /// Whether the sector at `offset` is in this file, by the bitmap of its chunk.
    fn is_here(&self, file: &ImageFile, offset: u64) -> Result<bool, ImageFault> {
        let sector = offset / self.sector_size;
        let (chunk, bit) = (sector / SECTORS_OF_A_CHUNK, sector % SECTORS_OF_A_CHUNK);
        let index = chunk * (self.chunk() + 1) + self.chunk();
        match self.entry(file, index)? {
            (state::BITMAP_PRESENT, at) if at >= MIB => {
                let byte = file.read(Structure::SectorBitmap, at.saturating_add(bit / 8), 1)?;
                Ok(u8::from_le_bytes(field(&byte, 0)) >> (bit % 8) & 1 == 1)
            }
            _ => Err(self.damaged(file, index, Flaw::Value)),
        }
    }

    /// The state of an entry, and where in the file its block begins.
    fn entry(&self, file: &ImageFile, index: u64) -> Result<(u64, u64), ImageFault> {
        let at = self.entry_offset(index);
        let entry = u64::from_le_bytes(field(&file.read(Structure::BlockTable, at, ENTRY_LENGTH)?, 0));
        // Bits 20 to 63 count MiB, so they need no shift.
        Ok((entry & 7, entry & !(MIB - 1)))
    }

    fn entry_offset(&self, index: u64) -> u64 {
        self.table.offset + index * ENTRY_LENGTH as u64
    }

    fn damaged(&self, file: &ImageFile, index: u64, flaw: Flaw) -> ImageFault {
        file.damaged(Structure::BlockTable, self.entry_offset(index), flaw)
    }
}
