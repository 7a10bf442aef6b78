//! The headers and the region tables of a VHDX: each is there twice, so that one survives a crash.

use crate::image::checksum::{crc32c, without_checksum};
use crate::image::fault::{Flaw, ImageFault, Structure, Unsupported};
use crate::image::file::{ImageFile, field};
use crate::image::guid::Guid;

const KIB: u64 = 1024;
pub(super) const MIB: u64 = 1024 * KIB;

const HEADERS: [u64; 2] = [64 * KIB, 128 * KIB];
const HEADER_LENGTH: usize = 4096;
const REGION_TABLES: [u64; 2] = [192 * KIB, 256 * KIB];
const REGION_TABLE_LENGTH: usize = 65_536;
const MOST_REGIONS: u32 = 2047;

const BLOCK_TABLE: Guid = Guid(0x2DC2_7766_F623_4200_9D64_115E_9BFD_4A08);
const METADATA: Guid = Guid(0x8B7C_A206_4790_4B9A_B8FE_575F_050F_886E);

/// What the current header says.
pub(super) struct Header {
    sequence: u64,
    pub(super) data_id: Guid,
    /// The log that has to be replayed; nil where there is none.
    pub(super) log_id: Guid,
}

/// A part of the file, inside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) offset: u64,
    pub(super) length: u32,
}

/// Where the two regions are that every VHDX has.
pub(super) struct Regions {
    pub(super) blocks: Extent,
    pub(super) metadata: Extent,
}

/// The sound header with the higher sequence number.
pub(super) fn current(file: &ImageFile) -> Result<Header, ImageFault> {
    let [first, second] = HEADERS.map(|offset| header(file, offset));
    match (first, second) {
        (Ok(first), Ok(second)) => Ok(if second.sequence > first.sequence { second } else { first }),
        (Ok(sound), Err(_)) | (Err(_), Ok(sound)) => Ok(sound),
        (Err(fault), Err(_)) => Err(fault),
    }
}

fn header(file: &ImageFile, offset: u64) -> Result<Header, ImageFault> {
    let bytes = checked(file, Structure::Header, offset, HEADER_LENGTH, b"head")?;
    let version = u16::from_le_bytes(field(&bytes, 66));
    let log_id = Guid::from_little_endian(field(&bytes, 48));
    let log_version = u16::from_le_bytes(field(&bytes, 64));
    if version != 1 {
        return Err(unsupported(file, Unsupported::Version(version.into())));
    }
    if log_id != Guid::NIL && log_version != 0 {
        return Err(unsupported(file, Unsupported::Version(log_version.into())));
    }
    Ok(Header {
        sequence: u64::from_le_bytes(field(&bytes, 8)),
        data_id: Guid::from_little_endian(field(&bytes, 32)),
        log_id,
    })
}

/// The regions by the first sound table.
pub(super) fn regions(file: &ImageFile) -> Result<Regions, ImageFault> {
    let [first, second] = REGION_TABLES;
    region_table(file, first).or_else(|fault| region_table(file, second).map_err(|_| fault))
}

fn region_table(file: &ImageFile, at: u64) -> Result<Regions, ImageFault> {
    let damaged = |flaw| file.damaged(Structure::RegionTable, at, flaw);
    let bytes = checked(file, Structure::RegionTable, at, REGION_TABLE_LENGTH, b"regi")?;
    let count = u32::from_le_bytes(field(&bytes, 8));
    if count > MOST_REGIONS {
        return Err(damaged(Flaw::Value));
    }
    let entries = bytes.get(16..).unwrap_or_default().chunks_exact(32).take(count as usize);
    let (mut blocks, mut metadata) = (None, None);
    for entry in entries {
        let id = Guid::from_little_endian(field(entry, 0));
        let region = match id {
            BLOCK_TABLE => &mut blocks,
            METADATA => &mut metadata,
            _ if u32::from_le_bytes(field(entry, 28)) & 1 == 1 => {
                return Err(unsupported(file, Unsupported::Region(id)));
            }
            _ => continue,
        };
        let extent = Extent {
            offset: u64::from_le_bytes(field(entry, 16)),
            length: u32::from_le_bytes(field(entry, 24)),
        };
        let end = extent.offset.checked_add(extent.length.into());
        if extent.offset < MIB
            || !extent.offset.is_multiple_of(MIB)
            || end.is_none_or(|end| end > file.length())
        {
            return Err(damaged(Flaw::OutOfBounds));
        }
        if region.replace(extent).is_some() {
            return Err(damaged(Flaw::Duplicate));
        }
    }
    match (blocks, metadata) {
        (Some(blocks), Some(metadata)) => Ok(Regions { blocks, metadata }),
        _ => Err(damaged(Flaw::Incomplete)),
    }
}

/// A structure whose signature and checksum are right.
fn checked(
    file: &ImageFile,
    structure: Structure,
    offset: u64,
    length: usize,
    signature: &[u8],
) -> Result<Vec<u8>, ImageFault> {
    let bytes = file.read(structure, offset, length)?;
    if !bytes.starts_with(signature) {
        return Err(file.damaged(structure, offset, Flaw::Signature));
    }
    if crc32c(&without_checksum(&bytes, 4)) != u32::from_le_bytes(field(&bytes, 4)) {
        return Err(file.damaged(structure, offset, Flaw::Checksum));
    }
    Ok(bytes)
}

pub(super) fn unsupported(file: &ImageFile, what: Unsupported) -> ImageFault {
    ImageFault::Unsupported { path: file.path().into(), what }
}
