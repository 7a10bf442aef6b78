//! The structures of a disc, byte for byte as ECMA-119 has them.

use super::tree::{Directory, Entry, Naming, Tree};

/// A sector, and so a block, of a disc.
pub(super) const SECTOR: usize = SECTOR_BYTES as usize;
const SECTOR_BYTES: u16 = 2048;

/// Midnight of 1980-01-01 in UTC: the date of everything.
const DATE: [u8; 7] = [80, 1, 1, 0, 0, 0, 0];
const LONG_DATE: &[u8; 17] = b"1980010100000000\0";
const NO_DATE: &[u8; 17] = b"0000000000000000\0";

/// Where a file or a directory is, and its length.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    pub(super) sector: u32,
    pub(super) bytes: u32,
}

pub(super) fn sectors(bytes: usize) -> usize {
    bytes.div_ceil(SECTOR)
}

/// Numbers that a disc holds in both byte orders.
fn both32(value: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&value.to_le_bytes());
    bytes[4..].copy_from_slice(&value.to_be_bytes());
    bytes
}

fn both16(value: u16) -> [u8; 4] {
    let [low, high] = value.to_le_bytes();
    [low, high, high, low]
}

/// A length that the tree has bounded: names have 103 characters at most.
fn byte(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

fn record(identifier: &[u8], extent: Extent, is_directory: bool) -> Vec<u8> {
    let length = (33 + identifier.len()).next_multiple_of(2);
    // Directories are whole sectors long.
    let bytes = if is_directory { extent.bytes.next_multiple_of(SECTOR_BYTES.into()) } else { extent.bytes };
    let mut record = vec![byte(length), 0];
    record.extend(both32(extent.sector));
    record.extend(both32(bytes));
    record.extend(DATE);
    record.extend([if is_directory { 2 } else { 0 }, 0, 0]);
    record.extend(both16(1));
    record.push(byte(identifier.len()));
    record.extend(identifier);
    record.resize(length, 0);
    record
}

/// A directory as it is on the disc; no record crosses the end of a sector. Without extents it has the right length.
pub(super) fn directory(one: &Directory, directories: &[Extent], contents: &[Extent]) -> Vec<u8> {
    let at = |list: &[Extent], index: usize| list.get(index).copied().unwrap_or_default();
    let mut records =
        vec![record(&[0], at(directories, one.place), true), record(&[1], at(directories, one.parent), true)];
    records.extend(one.entries.iter().map(|(identifier, entry)| match entry {
        Entry::Directory(index) => record(identifier, at(directories, *index), true),
        Entry::File(index) => record(identifier, at(contents, *index), false),
    }));
    let mut bytes: Vec<u8> = Vec::new();
    for record in records {
        if bytes.len() % SECTOR + record.len() > SECTOR {
            bytes.resize(bytes.len().next_multiple_of(SECTOR), 0);
        }
        bytes.extend(record);
    }
    bytes
}

/// The list of all directories, in one of the two byte orders.
pub(super) fn path_table(tree: &Tree, directories: &[Extent], is_big: bool) -> Vec<u8> {
    let mut table = Vec::new();
    for (one, extent) in tree.directories.iter().zip(directories) {
        let parent = u16::try_from(one.parent + 1).unwrap_or(u16::MAX);
        table.extend([byte(one.identifier.len()), 0]);
        if is_big {
            table.extend(extent.sector.to_be_bytes());
            table.extend(parent.to_be_bytes());
        } else {
            table.extend(extent.sector.to_le_bytes());
            table.extend(parent.to_le_bytes());
        }
        table.extend(&one.identifier);
        table.resize(table.len().next_multiple_of(2), 0);
    }
    table
}

/// A volume descriptor: the primary one, or Joliet's.
pub(super) fn volume(naming: Naming, label: &str, total: u32, tables: &[Extent; 2], root: Extent) -> Vec<u8> {
    let is_joliet = naming == Naming::Joliet;
    let text = |text: &str, length: usize| -> Vec<u8> {
        let mut bytes: Vec<u8> =
            if is_joliet { text.encode_utf16().flat_map(u16::to_be_bytes).collect() } else { text.into() };
        while bytes.len() + usize::from(is_joliet) < length {
            bytes.extend(if is_joliet { &b"\0 "[..] } else { b" " });
        }
        bytes.resize(length, 0);
        bytes
    };
    let [little, big] = tables;
    let mut volume = vec![if is_joliet { 2 } else { 1 }];
    volume.extend(b"CD001\x01\0");
    volume.extend(text("", 32));
    volume.extend(text(label, 32));
    volume.extend([0; 8]);
    volume.extend(both32(total));
    let mut escape = [0; 32];
    if is_joliet {
        // UCS-2, level 3.
        escape[..3].copy_from_slice(b"%/E");
    }
    volume.extend(escape);
    volume.extend(both16(1));
    volume.extend(both16(1));
    volume.extend(both16(SECTOR_BYTES));
    volume.extend(both32(little.bytes));
    volume.extend(little.sector.to_le_bytes());
    volume.extend([0; 4]);
    volume.extend(big.sector.to_be_bytes());
    volume.extend([0; 4]);
    volume.extend(record(&[0], root, true));
    // Volume set, publisher, preparer, application; copyright, abstract, bibliography.
    for length in [128, 128, 128, 128, 37, 37, 37] {
        volume.extend(text("", length));
    }
    for date in [LONG_DATE, LONG_DATE, NO_DATE, NO_DATE] {
        volume.extend(date);
    }
    volume.push(1);
    volume.resize(SECTOR, 0);
    volume
}
