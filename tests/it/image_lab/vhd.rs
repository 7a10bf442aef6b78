//! A writer of small VHD files, from the Virtual Hard Disk Image Format Specification 1.0: fixed, dynamic, differencing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use super::{bytes, patch, sectors};

/// Where this writer puts the header of a dynamic or differencing disk, its block table and its locators.
pub(crate) const HEADER: u64 = 512;
pub(crate) const BLOCK_TABLE: u64 = 1536;
pub(crate) const LOCATORS: u64 = 1 << 16;
const BLOCKS: u64 = 1 << 17;
const BLOCK_SIZE: u64 = 2 << 20;

/// How the data is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Fixed = 2,
    Dynamic = 3,
    Differencing = 4,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub(crate) struct Vhd {
    pub(crate) kind: Type,
    pub(crate) virtual_size: u64,
    pub(crate) id: u128,
    pub(crate) parent_id: u128,
    /// Seconds since 2000.
    pub(crate) parent_written: u32,
    pub(crate) parent_name: String,
    /// The locators by their platform: `W2ru`, `W2ku`.
    pub(crate) locators: Vec<([u8; 4], String)>,
    /// What was written to the disk.
    pub(crate) data: Vec<(u64, Vec<u8>)>,
}

impl Vhd {
    pub(crate) fn new(kind: Type, id: u128) -> Self {
        Vhd {
            kind,
            virtual_size: 16 << 20,
            id,
            parent_id: 0,
            parent_written: 0,
            parent_name: String::new(),
            locators: Vec::new(),
            data: Vec::new(),
        }
    }

    /// A differencing disk whose parent has the id `parent_id` and is at `relative_path`.
    pub(crate) fn child(id: u128, parent_id: u128, relative_path: &str) -> Self {
        let mut child = Vhd::new(Type::Differencing, id);
        child.parent_id = parent_id;
        child.locators.push((*b"W2ru", relative_path.to_owned()));
        child
    }

    /// Writes `bytes` to the disk; `offset` is one of a sector.
    pub(crate) fn with(mut self, offset: u64, bytes: &[u8]) -> Self {
        self.data.push((offset, bytes.to_vec()));
        self
    }

    /// Makes the file, in place of what is there.
    pub(crate) fn write(&self, path: &Path) {
        let mut writes: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut end = self.virtual_size;
        if self.kind == Type::Fixed {
            writes.extend(self.data.clone());
        } else {
            end = BLOCKS;
            let mut table = vec![u32::MAX; self.virtual_size.div_ceil(BLOCK_SIZE) as usize];
            let mut bitmaps: BTreeMap<u64, (u64, Vec<u8>)> = BTreeMap::new();
            for (offset, bytes) in sectors(&self.data, 512) {
                let index = offset / BLOCK_SIZE;
                let (at, bits) = bitmaps.entry(index).or_insert_with(|| {
                    let at = end;
                    end += 512 + BLOCK_SIZE;
                    (at, vec![0; 512])
                });
                table[index as usize] = (*at / 512) as u32;
                let sector = offset % BLOCK_SIZE / 512;
                bits[(sector / 8) as usize] |= 0x80 >> (sector % 8);
                writes.push((*at + 512 + offset % BLOCK_SIZE, bytes));
            }
            writes.extend(bitmaps.into_values());
            writes.push((BLOCK_TABLE, table.iter().flat_map(|entry| entry.to_be_bytes()).collect()));
            writes.push((0, self.footer()));
            writes.push((HEADER, self.header(table.len() as u32)));
            for (index, (_, text)) in self.locators.iter().enumerate() {
                let bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                writes.push((LOCATORS + index as u64 * 512, bytes));
            }
        }
        writes.push((end, self.footer()));
        fs::remove_file(path).ok();
        File::create(path).unwrap().set_len(end).unwrap();
        for (at, bytes) in writes {
            patch(path, at, &bytes);
        }
        seal(path);
    }

    fn footer(&self) -> Vec<u8> {
        let mut footer = vec![0; 512];
        footer[..8].copy_from_slice(b"conectix");
        footer[8..12].copy_from_slice(&2u32.to_be_bytes());
        footer[12..16].copy_from_slice(&0x0001_0000u32.to_be_bytes());
        let header = if self.kind == Type::Fixed { u64::MAX } else { HEADER };
        footer[16..24].copy_from_slice(&header.to_be_bytes());
        footer[40..48].copy_from_slice(&self.virtual_size.to_be_bytes());
        footer[48..56].copy_from_slice(&self.virtual_size.to_be_bytes());
        // 16 MiB in cylinders, heads and sectors, for readers that count so.
        footer[56..60].copy_from_slice(&[0x01, 0xE1, 4, 17]);
        footer[60..64].copy_from_slice(&(self.kind as u32).to_be_bytes());
        footer[68..84].copy_from_slice(&self.id.to_be_bytes());
        footer
    }

    fn header(&self, entries: u32) -> Vec<u8> {
        let mut header = vec![0; 1024];
        header[..8].copy_from_slice(b"cxsparse");
        header[8..16].fill(0xFF);
        header[16..24].copy_from_slice(&BLOCK_TABLE.to_be_bytes());
        header[24..28].copy_from_slice(&0x0001_0000u32.to_be_bytes());
        header[28..32].copy_from_slice(&entries.to_be_bytes());
        header[32..36].copy_from_slice(&(BLOCK_SIZE as u32).to_be_bytes());
        header[40..56].copy_from_slice(&self.parent_id.to_be_bytes());
        header[56..60].copy_from_slice(&self.parent_written.to_be_bytes());
        let name: Vec<u8> = self.parent_name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        header[64..64 + name.len()].copy_from_slice(&name);
        for (index, (platform, text)) in self.locators.iter().enumerate() {
            let locator = &mut header[576 + index * 24..][..24];
            locator[..4].copy_from_slice(platform);
            locator[4..8].copy_from_slice(&512u32.to_be_bytes());
            locator[8..12].copy_from_slice(&(text.encode_utf16().count() as u32 * 2).to_be_bytes());
            locator[16..24].copy_from_slice(&(LOCATORS + index as u64 * 512).to_be_bytes());
        }
        header
    }
}

/// Puts the right checksums into a VHD of this writer that was changed.
pub(crate) fn seal(path: &Path) {
    let end = fs::metadata(path).unwrap().len() - 512;
    let is_fixed = !bytes(path, 0, 8).starts_with(b"conectix");
    let records: &[(u64, usize, u64)] =
        if is_fixed { &[(end, 512, 64)] } else { &[(0, 512, 64), (HEADER, 1024, 36), (end, 512, 64)] };
    for (at, length, field) in records {
        patch(path, at + field, &[0; 4]);
        let sum: u32 = bytes(path, *at, *length).iter().map(|byte| u32::from(*byte)).sum();
        patch(path, at + field, &(!sum).to_be_bytes());
    }
}
