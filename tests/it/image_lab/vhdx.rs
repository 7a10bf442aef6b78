//! A writer of small VHDX files, from MS-VHDX: dynamic, fixed (by its flag) and differencing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use super::{MIB, bytes, crc, little_endian, patch, sectors};

pub(crate) const HEADERS: [u64; 2] = [64 << 10, 128 << 10];
pub(crate) const REGION_TABLES: [u64; 2] = [192 << 10, 256 << 10];
/// Where this writer puts the regions.
pub(crate) const METADATA: u64 = 2 * MIB;
pub(crate) const BLOCK_TABLE: u64 = 3 * MIB;
/// The items of the metadata begin here.
pub(crate) const ITEMS: u64 = METADATA + (64 << 10);
/// The parent locator, after the other items.
pub(crate) const LOCATOR: u64 = ITEMS + 4096;

pub(crate) const LOCATOR_TYPE: u128 = 0xB04A_EFB7_D19E_4A81_B789_25B8_E944_5913;

/// What is to be written.
#[derive(Debug, Clone)]
pub(crate) struct Vhdx {
    pub(crate) virtual_size: u64,
    pub(crate) sector_size: u32,
    pub(crate) block_size: u32,
    pub(crate) is_fixed: bool,
    pub(crate) data_id: u128,
    /// Not zero: changes are in the log.
    pub(crate) log_id: u128,
    /// The entries of the parent locator; with any the disk is a differencing one.
    pub(crate) locator: Vec<(String, String)>,
    /// What was written to the disk.
    pub(crate) data: Vec<(u64, Vec<u8>)>,
    /// The states of blocks in which nothing was written: (block, state).
    pub(crate) states: Vec<(u64, u64)>,
}

impl Vhdx {
    /// A disk of 64 MiB in blocks of 1 MiB.
    pub(crate) fn dynamic(data_id: u128) -> Self {
        Vhdx {
            virtual_size: 64 * MIB,
            sector_size: 512,
            block_size: 1 << 20,
            is_fixed: false,
            data_id,
            log_id: 0,
            locator: Vec::new(),
            data: Vec::new(),
            states: Vec::new(),
        }
    }

    /// A differencing disk of the same size, whose parent has the data id `linkage` and is at `relative_path`.
    pub(crate) fn child(data_id: u128, linkage: u128, relative_path: &str) -> Self {
        Vhdx::dynamic(data_id).linked(linkage).entry("relative_path", relative_path)
    }

    pub(crate) fn linked(self, linkage: u128) -> Self {
        let guid = ragnatramp::image::Guid(linkage);
        self.entry("parent_linkage", &format!("{{{guid}}}"))
    }

    /// One more entry of the parent locator.
    pub(crate) fn entry(mut self, key: &str, text: &str) -> Self {
        self.locator.push((key.to_owned(), text.to_owned()));
        self
    }

    /// Writes `bytes` to the disk; `offset` is one of a sector.
    pub(crate) fn with(mut self, offset: u64, bytes: &[u8]) -> Self {
        self.data.push((offset, bytes.to_vec()));
        self
    }

    pub(crate) fn sectors_of(mut self, sector_size: u32) -> Self {
        self.sector_size = sector_size;
        self
    }

    /// Makes the file, in place of what is there.
    pub(crate) fn write(&self, path: &Path) {
        let has_parent = !self.locator.is_empty();
        let (sector, block) = (u64::from(self.sector_size), u64::from(self.block_size));
        let chunk = (1 << 23) * sector / block;
        let payload = self.virtual_size.div_ceil(block);
        let chunks = payload.div_ceil(chunk);
        let entries = if has_parent { chunks * (chunk + 1) } else { payload + (payload - 1) / chunk };
        let table_length = (entries * 8).next_multiple_of(MIB);
        let mut end = BLOCK_TABLE + table_length;
        let mut allocate = |length: u64| {
            let at = end;
            end += length.next_multiple_of(MIB);
            at
        };

        let mut table = vec![0; entries as usize];
        for (block, state) in &self.states {
            table[(block + block / chunk) as usize] = *state;
        }
        let (mut blocks, mut bitmaps) = (BTreeMap::new(), BTreeMap::new());
        let mut writes = Vec::new();
        for (offset, bytes) in sectors(&self.data, sector) {
            let index = offset / block;
            let at = *blocks.entry(index).or_insert_with(|| allocate(block));
            table[(index + index / chunk) as usize] = at | if has_parent { 7 } else { 6 };
            writes.push((at + offset % block, bytes));
            if has_parent {
                let of_chunk = index / chunk;
                let (at, bits) =
                    bitmaps.entry(of_chunk).or_insert_with(|| (allocate(MIB), vec![0u8; MIB as usize]));
                table[(of_chunk * (chunk + 1) + chunk) as usize] = *at | 6;
                let bit = offset / sector % (1 << 23);
                bits[(bit / 8) as usize] |= 1 << (bit % 8);
            }
        }
        for (at, bits) in bitmaps.into_values() {
            let used = bits.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            writes.push((at, bits[..used].to_vec()));
        }
        writes.push((BLOCK_TABLE, table.iter().flat_map(|entry: &u64| entry.to_le_bytes()).collect()));
        writes.push((0, b"vhdxfile".to_vec()));
        for (at, sequence) in HEADERS.into_iter().zip([7, 8]) {
            writes.push((at, self.header(sequence)));
        }
        for at in REGION_TABLES {
            writes.push((at, regions(table_length)));
        }
        let (metadata, items) = self.metadata();
        writes.push((METADATA, metadata));
        writes.extend(items);

        fs::remove_file(path).ok();
        File::create(path).unwrap().set_len(end).unwrap();
        for (at, bytes) in writes {
            patch(path, at, &bytes);
        }
        seal(path);
    }

    fn header(&self, sequence: u64) -> Vec<u8> {
        let mut header = vec![0; 4096];
        header[..4].copy_from_slice(b"head");
        header[8..16].copy_from_slice(&sequence.to_le_bytes());
        header[16..32].copy_from_slice(&little_endian(0x1111));
        header[32..48].copy_from_slice(&little_endian(self.data_id));
        header[48..64].copy_from_slice(&little_endian(self.log_id));
        header[66..68].copy_from_slice(&1u16.to_le_bytes());
        header[68..72].copy_from_slice(&(MIB as u32).to_le_bytes());
        header[72..80].copy_from_slice(&MIB.to_le_bytes());
        header
    }

    /// The table, and the items by their place in the file.
    fn metadata(&self) -> (Vec<u8>, Vec<(u64, Vec<u8>)>) {
        const VIRTUAL_DISK: u32 = 2;
        const REQUIRED: u32 = 4;
        let has_parent = !self.locator.is_empty();
        let flags = u32::from(self.is_fixed) | if has_parent { 2 } else { 0 };
        let mut items = vec![
            (
                0xCAA1_6737_FA36_4D43_B3B6_33F0_AA44_E76B,
                REQUIRED,
                [self.block_size.to_le_bytes(), flags.to_le_bytes()].concat(),
            ),
            (
                0x2FA5_4224_CD1B_4876_B211_5DBE_D83B_F4B8,
                REQUIRED | VIRTUAL_DISK,
                self.virtual_size.to_le_bytes().to_vec(),
            ),
            (
                0xBECA_12AB_B2E6_4523_93EF_C309_E000_C746,
                REQUIRED | VIRTUAL_DISK,
                little_endian(0x2222).to_vec(),
            ),
            (
                0x8141_BF1D_A96F_4709_BA47_F233_A8FA_AB5F,
                REQUIRED | VIRTUAL_DISK,
                self.sector_size.to_le_bytes().to_vec(),
            ),
            (
                0xCDA3_48C7_445D_4471_9CC9_E988_5251_C556,
                REQUIRED | VIRTUAL_DISK,
                4096u32.to_le_bytes().to_vec(),
            ),
        ];
        if has_parent {
            items.push((0xA8D3_5F2D_B30B_454D_ABF7_D3D8_4834_AB0C, REQUIRED, self.locator()));
        }
        let mut table = b"metadata\0\0".to_vec();
        table.extend((items.len() as u16).to_le_bytes());
        table.resize(32, 0);
        let mut placed = Vec::new();
        for (index, (id, flags, bytes)) in items.into_iter().enumerate() {
            let at = if index == 5 { LOCATOR } else { ITEMS + index as u64 * 64 };
            table.extend(little_endian(id));
            table.extend(((at - METADATA) as u32).to_le_bytes());
            table.extend((bytes.len() as u32).to_le_bytes());
            table.extend(flags.to_le_bytes());
            table.extend([0; 4]);
            placed.push((at, bytes));
        }
        (table, placed)
    }

    fn locator(&self) -> Vec<u8> {
        let mut locator = little_endian(LOCATOR_TYPE).to_vec();
        locator.extend([0, 0]);
        locator.extend((self.locator.len() as u16).to_le_bytes());
        let mut texts: Vec<u8> = Vec::new();
        let first = 20 + 12 * self.locator.len();
        for (key, text) in &self.locator {
            let [key, text] = [key, text].map(|text| {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let at = (first + texts.len()) as u32;
                texts.extend(&bytes);
                (at, bytes.len() as u16)
            });
            locator.extend(key.0.to_le_bytes());
            locator.extend(text.0.to_le_bytes());
            locator.extend(key.1.to_le_bytes());
            locator.extend(text.1.to_le_bytes());
        }
        locator.extend(texts);
        locator
    }
}

fn regions(table_length: u64) -> Vec<u8> {
    let mut table = b"regi\0\0\0\0".to_vec();
    table.extend(2u64.to_le_bytes());
    let regions = [
        (0x2DC2_7766_F623_4200_9D64_115E_9BFD_4A08, BLOCK_TABLE, table_length),
        (0x8B7C_A206_4790_4B9A_B8FE_575F_050F_886E, METADATA, MIB),
    ];
    for (id, at, length) in regions {
        table.extend(little_endian(id));
        table.extend(at.to_le_bytes());
        table.extend((length as u32).to_le_bytes());
        table.extend(1u32.to_le_bytes());
    }
    table.resize(65_536, 0);
    table
}

/// Puts the right checksums into the headers and region tables of a VHDX that was changed.
pub(crate) fn seal(path: &Path) {
    let headers = HEADERS.map(|at| (at, 4096));
    let tables = REGION_TABLES.map(|at| (at, 65_536));
    for (at, length) in headers.into_iter().chain(tables) {
        patch(path, at + 4, &[0; 4]);
        let checksum = crc(0x82F6_3B78, &bytes(path, at, length));
        patch(path, at + 4, &checksum.to_le_bytes());
    }
}

/// Changes a place in both copies of a header or region table, with the right checksums.
pub(crate) fn patch_both(path: &Path, copies: [u64; 2], at: u64, with: &[u8]) {
    for copy in copies {
        patch(path, copy + at, with);
    }
    seal(path);
}
