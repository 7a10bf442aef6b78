//! The metadata of a VHDX: a table, and the items that it refers to.

use crate::image::fault::{Flaw, ImageFault, Structure, Unsupported};
use crate::image::file::{ImageFile, field};
use crate::image::guid::Guid;

use super::header::{Extent, MIB, unsupported};

/// The table has this length, and the items come after it.
const TABLE_LENGTH: u32 = 65_536;
const MOST_ITEMS: u16 = 2047;
/// No item is longer.
const MOST_BYTES: u32 = 1 << 20;
const MOST_VIRTUAL_BYTES: u64 = 64 << 40;

const FILE_PARAMETERS: Guid = Guid(0xCAA1_6737_FA36_4D43_B3B6_33F0_AA44_E76B);
const VIRTUAL_SIZE: Guid = Guid(0x2FA5_4224_CD1B_4876_B211_5DBE_D83B_F4B8);
const VIRTUAL_DISK_ID: Guid = Guid(0xBECA_12AB_B2E6_4523_93EF_C309_E000_C746);
const LOGICAL_SECTOR_SIZE: Guid = Guid(0x8141_BF1D_A96F_4709_BA47_F233_A8FA_AB5F);
const PHYSICAL_SECTOR_SIZE: Guid = Guid(0xCDA3_48C7_445D_4471_9CC9_E988_5251_C556);
const PARENT_LOCATOR: Guid = Guid(0xA8D3_5F2D_B30B_454D_ABF7_D3D8_4834_AB0C);

/// What the metadata says, each number within what the format allows.
pub(super) struct Items {
    /// In bytes; a power of two.
    pub(super) block_size: u32,
    pub(super) is_fixed: bool,
    pub(super) has_parent: bool,
    /// In bytes; whole sectors.
    pub(super) virtual_size: u64,
    /// In bytes: 512 or 4096.
    pub(super) sector_size: u32,
    /// Where the parent locator is in the file; there exactly where `has_parent` is true.
    pub(super) parent_locator: Option<Extent>,
}

/// The items that this reader knows, where they are in the file.
#[derive(Default)]
struct Found {
    file_parameters: Option<Extent>,
    virtual_size: Option<Extent>,
    sector_size: Option<Extent>,
    parent_locator: Option<Extent>,
}

pub(super) fn read(file: &ImageFile, region: Extent) -> Result<Items, ImageFault> {
    let damaged = |flaw| file.damaged(Structure::MetadataTable, region.offset, flaw);
    let found = find(file, region)?;
    let number = |item: Option<Extent>, length| {
        let item = item.ok_or_else(|| damaged(Flaw::Incomplete))?;
        if item.length < length {
            return Err(file.damaged(Structure::MetadataItem, item.offset, Flaw::CutShort));
        }
        file.read(Structure::MetadataItem, item.offset, length as usize)
    };
    let within = |item: Option<Extent>, is_sound: bool| match is_sound {
        true => Ok(()),
        false => {
            let offset = item.map_or(region.offset, |item| item.offset);
            Err(file.damaged(Structure::MetadataItem, offset, Flaw::Value))
        }
    };
    let parameters = number(found.file_parameters, 8)?;
    let block_size = u32::from_le_bytes(field(&parameters, 0));
    let flags = u32::from_le_bytes(field(&parameters, 4));
    let is_block_size = block_size.is_power_of_two() && (MIB..=256 * MIB).contains(&block_size.into());
    within(found.file_parameters, is_block_size)?;
    let sector_size = u32::from_le_bytes(field(&number(found.sector_size, 4)?, 0));
    within(found.sector_size, matches!(sector_size, 512 | 4096))?;
    let virtual_size = u64::from_le_bytes(field(&number(found.virtual_size, 8)?, 0));
    let is_size = virtual_size.is_multiple_of(sector_size.into())
        && (u64::from(sector_size)..=MOST_VIRTUAL_BYTES).contains(&virtual_size);
    within(found.virtual_size, is_size)?;
    let has_parent = flags & 2 != 0;
    if has_parent && found.parent_locator.is_none() {
        return Err(damaged(Flaw::Incomplete));
    }
    let parent_locator = found.parent_locator.filter(|_| has_parent);
    Ok(Items { block_size, is_fixed: flags & 1 != 0, has_parent, virtual_size, sector_size, parent_locator })
}

fn find(file: &ImageFile, region: Extent) -> Result<Found, ImageFault> {
    let damaged = |flaw| file.damaged(Structure::MetadataTable, region.offset, flaw);
    if region.length < TABLE_LENGTH {
        return Err(damaged(Flaw::CutShort));
    }
    let table = file.read(Structure::MetadataTable, region.offset, TABLE_LENGTH as usize)?;
    if !table.starts_with(b"metadata") {
        return Err(damaged(Flaw::Signature));
    }
    let count = u16::from_le_bytes(field(&table, 10));
    if count > MOST_ITEMS {
        return Err(damaged(Flaw::Value));
    }
    let mut found = Found::default();
    let entries = table.get(32..).unwrap_or_default().chunks_exact(32).take(count.into());
    for entry in entries {
        let id = Guid::from_little_endian(field(entry, 0));
        let flags = u32::from_le_bytes(field(entry, 24));
        let (is_user, is_required) = (flags & 1 != 0, flags & 4 != 0);
        let item = match id {
            FILE_PARAMETERS if !is_user => &mut found.file_parameters,
            VIRTUAL_SIZE if !is_user => &mut found.virtual_size,
            LOGICAL_SECTOR_SIZE if !is_user => &mut found.sector_size,
            PARENT_LOCATOR if !is_user => &mut found.parent_locator,
            VIRTUAL_DISK_ID | PHYSICAL_SECTOR_SIZE if !is_user => continue,
            _ if is_required => return Err(unsupported(file, Unsupported::MetadataItem(id))),
            _ => continue,
        };
        let offset = u32::from_le_bytes(field(entry, 16));
        let length = u32::from_le_bytes(field(entry, 20));
        let end = offset.checked_add(length);
        if offset < TABLE_LENGTH || length > MOST_BYTES || end.is_none_or(|end| end > region.length) {
            return Err(damaged(Flaw::OutOfBounds));
        }
        // The region is inside the file, so its items are.
        let extent = Extent { offset: region.offset + u64::from(offset), length };
        if item.replace(extent).is_some() {
            return Err(damaged(Flaw::Duplicate));
        }
    }
    Ok(found)
}
