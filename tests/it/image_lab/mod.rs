//! Images for tests: writers of small VHDX and VHD files, the partition tables in them, and tools that damage them.
#![allow(dead_code, reason = "each test file uses its part of it")]

pub(crate) mod tables;
pub(crate) mod vhd;
pub(crate) mod vhdx;

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub(crate) const MIB: u64 = 1 << 20;

/// A folder in which a test makes its images.
pub(crate) struct Shelf {
    folder: TempDir,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Shelf { folder: tempfile::tempdir().unwrap() }
    }

    /// The path of an image in it, whose folder is made where it is missing.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// A raw disk of `size` bytes that begins with `data`.
    pub(crate) fn raw(&self, name: &str, size: u64, data: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, data).unwrap();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
        path
    }
}

/// Runs qemu-img; false where this machine has none.
pub(crate) fn qemu_img(arguments: &[&str], files: &[&Path]) -> bool {
    let output = match Command::new("qemu-img").args(arguments).args(files).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: qemu-img is not there: {error}");
            return false;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// Writes `bytes` over what stands at `at`.
pub(crate) fn patch(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

/// The `length` bytes at `at`.
pub(crate) fn bytes(path: &Path, at: u64, length: usize) -> Vec<u8> {
    let mut file = fs::File::open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes).unwrap();
    bytes
}

/// Inverts the bits of the byte at `at`.
pub(crate) fn spoil(path: &Path, at: u64) {
    let byte = bytes(path, at, 1)[0];
    patch(path, at, &[!byte]);
}

/// Cuts the file off after `length` bytes.
pub(crate) fn cut(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

/// A GUID in the order of VHDX and GPT.
pub(crate) fn little_endian(guid: u128) -> [u8; 16] {
    let mut bytes = guid.to_be_bytes();
    bytes[..4].reverse();
    bytes[4..6].reverse();
    bytes[6..8].reverse();
    bytes
}

/// A CRC: `0x82F6_3B78` is CRC-32C, `0xEDB8_8320` CRC-32.
pub(crate) fn crc(polynomial: u32, bytes: &[u8]) -> u32 {
    let remainder =
        |byte: u32| (0..8).fold(byte, |crc, _| (crc >> 1) ^ if crc & 1 == 1 { polynomial } else { 0 });
    let table: Vec<u32> = (0..256).map(remainder).collect();
    !bytes.iter().fold(u32::MAX, |crc, byte| table[(crc as u8 ^ byte) as usize] ^ (crc >> 8))
}

/// What is written to a disk, by its offset, cut into sectors of `sector` bytes: (offset, sector).
fn sectors(data: &[(u64, Vec<u8>)], sector: u64) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    for (offset, bytes) in data {
        assert!(offset.is_multiple_of(sector), "data begins at a sector");
        for (index, piece) in bytes.chunks(sector as usize).enumerate() {
            let mut whole = piece.to_vec();
            whole.resize(sector as usize, 0);
            all.push((offset + index as u64 * sector, whole));
        }
    }
    all
}
