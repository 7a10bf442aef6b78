//! The partition table of a disk, read through its chain: an MBR, or a GPT (UEFI 2.10, chapter 5).

use super::chain::Chain;
use super::checksum::{crc32, without_checksum};
use super::fault::ImageFault;
use super::file::field;
use super::guid::Guid;
use super::verdict::Undecided;

const SECTOR: u64 = 512;
const GPT_SIGNATURE: &[u8; 8] = b"EFI PART";
/// The entry of an MBR that announces a GPT.
const PROTECTIVE: u8 = 0xEE;
/// What a table of partitions may take. The usual one has 16 KiB.
const MOST_TABLE_BYTES: u32 = 128 << 10;

/// A partition of an MBR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MbrPartition {
    pub(super) is_active: bool,
    pub(super) kind: u8,
}

/// The partitions that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Partitions {
    Mbr(Vec<MbrPartition>),
    /// Their types.
    Gpt(Vec<Guid>),
}

pub(super) fn read(disk: &Chain) -> Result<Partitions, Undecided> {
    let first = disk.read(0, 1)?;
    let partitions = mbr(&first).ok_or(Undecided::NoTable)?;
    match partitions.iter().any(|partition| partition.kind == PROTECTIVE) {
        true => gpt(disk).map(Partitions::Gpt),
        false => Ok(Partitions::Mbr(partitions)),
    }
}

/// The used entries of a boot record; `None` where `sector` is none, as the first sector of a file system is none.
fn mbr(sector: &[u8]) -> Option<Vec<MbrPartition>> {
    if field(sector, 510) != [0x55, 0xAA] {
        return None;
    }
    let mut partitions = Vec::new();
    for entry in sector.get(446..510)?.chunks_exact(16) {
        let [status] = field(entry, 0);
        let [kind] = field(entry, 4);
        let start = u32::from_le_bytes(field(entry, 8));
        match (status, kind) {
            (0x00 | 0x80, 0) => {}
            (0x00 | 0x80, _) if start > 0 => {
                partitions.push(MbrPartition { is_active: status == 0x80, kind });
            }
            _ => return None,
        }
    }
    if partitions.is_empty() { None } else { Some(partitions) }
}

fn gpt(disk: &Chain) -> Result<Vec<Guid>, Undecided> {
    let actual = disk.image().sector_size;
    let header = header_for(disk, actual)?;
    if !header.starts_with(GPT_SIGNATURE) {
        let written = if actual == 512 { 4096 } else { 512 };
        return Err(match header_for(disk, written)?.starts_with(GPT_SIGNATURE) {
            true => Undecided::OtherSectorSize { written, actual },
            false => Undecided::DamagedGpt,
        });
    }
    let length = u32::from_le_bytes(field(&header, 12)) as usize;
    let sound = header.get(..length).filter(|header| header.len() >= 92).ok_or(Undecided::DamagedGpt)?;
    if crc32(&without_checksum(sound, 16)) != u32::from_le_bytes(field(sound, 16)) {
        return Err(Undecided::DamagedGpt);
    }
    let at = u64::from_le_bytes(field(sound, 72)).checked_mul(actual.into()).ok_or(Undecided::DamagedGpt)?;
    let count = u32::from_le_bytes(field(sound, 80));
    let entry = u32::from_le_bytes(field(sound, 84));
    let length = count.checked_mul(entry).filter(|length| *length <= MOST_TABLE_BYTES);
    let length = length.filter(|_| entry >= 128).ok_or(Undecided::DamagedGpt)?;
    let table = pieces(disk, at, length)?;
    let table = table.get(..length as usize).unwrap_or_default();
    if crc32(table) != u32::from_le_bytes(field(sound, 88)) {
        return Err(Undecided::DamagedGpt);
    }
    let types = table.chunks_exact(entry as usize).map(|entry| Guid::from_little_endian(field(entry, 0)));
    Ok(types.filter(|kind| *kind != Guid::NIL).collect())
}

/// What is in the second sector of a disk with sectors of `sector_size` bytes, where a GPT has its header.
fn header_for(disk: &Chain, sector_size: u32) -> Result<Vec<u8>, ImageFault> {
    disk.read(sector_size.into(), 1)
}

/// Whole pieces of 512 bytes that hold `length` bytes from `at` on, which is at most [`MOST_TABLE_BYTES`].
fn pieces(disk: &Chain, at: u64, length: u32) -> Result<Vec<u8>, ImageFault> {
    let pieces = u64::from(length).div_ceil(SECTOR);
    disk.read(at, u16::try_from(pieces).unwrap_or(u16::MAX))
}
