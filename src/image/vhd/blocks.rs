//! Where each part of a VHD's data is. Before the data of a block stands the bitmap of its sectors.

use crate::image::fault::{Flaw, ImageFault, Structure};
use crate::image::file::{ImageFile, field};
use crate::image::place::Place;

use super::footer::SECTOR_SIZE;
use super::header::Header;

const SECTOR: u64 = SECTOR_SIZE as u64;
const ENTRY_LENGTH: usize = 4;
const ABSENT: u32 = u32::MAX;

/// How one image holds its data.
#[derive(Debug)]
pub(in crate::image) enum Blocks {
    /// From the first byte on.
    Fixed,
    /// By a block allocation table.
    Table {
        /// Where it begins in the file.
        table: u64,
        block_size: u64,
        has_parent: bool,
    },
}

impl Blocks {
    /// Fails where the table is too short for the disk's size, or not inside the file.
    pub(super) fn of_table(
        file: &ImageFile,
        header: &Header,
        virtual_size: u64,
        has_parent: bool,
    ) -> Result<Self, ImageFault> {
        let Header { table, entries, block_size, .. } = *header;
        let block_size = u64::from(block_size);
        let length = u64::from(entries) * ENTRY_LENGTH as u64;
        let is_inside = table.checked_add(length).is_some_and(|end| end <= file.length());
        match is_inside && u64::from(entries) >= virtual_size.div_ceil(block_size) {
            true => Ok(Blocks::Table { table, block_size, has_parent }),
            false => Err(file.damaged(Structure::BlockTable, table, Flaw::CutShort)),
        }
    }

    /// Where the sector at `offset` of the disk is, which is below the disk's size.
    pub(in crate::image) fn place(&self, file: &ImageFile, offset: u64) -> Result<Place, ImageFault> {
        let Blocks::Table { table, block_size, has_parent } = *self else {
            return Ok(Place::Here(offset));
        };
        let absent = if has_parent { Place::Parent } else { Place::Zeros };
        let at = table + offset / block_size * ENTRY_LENGTH as u64;
        let entry = u32::from_be_bytes(field(&file.read(Structure::BlockTable, at, ENTRY_LENGTH)?, 0));
        if entry == ABSENT {
            return Ok(absent);
        }
        let bitmap = u64::from(entry) * SECTOR;
        let sector = offset % block_size / SECTOR;
        let byte = file.read(Structure::SectorBitmap, bitmap + sector / 8, 1)?;
        // The first sector is the highest bit.
        if u8::from_be_bytes(field(&byte, 0)) << (sector % 8) & 0x80 == 0 {
            return Ok(absent);
        }
        let bitmap_length = (block_size / SECTOR).div_ceil(8).next_multiple_of(SECTOR);
        Ok(Place::Here(bitmap + bitmap_length + offset % block_size))
    }
}
