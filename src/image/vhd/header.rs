//! The header of a dynamic or differencing VHD, and where it says the parent is.

use std::path::Path;

use crate::image::checksum::{complement_sum, without_checksum};
use crate::image::fault::{Flaw, ImageFault, Structure, Unsupported};
use crate::image::file::{ImageFile, field};
use crate::image::guid::Guid;
use crate::image::model::ParentLink;
use crate::image::parent_path;

const HEADER_LENGTH: usize = 1024;
/// Of the bytes in which a path may stand. No path of Windows has more.
const MOST_PATH_BYTES: u32 = 65_536;

/// What the header says.
pub(super) struct Header {
    offset: u64,
    bytes: Vec<u8>,
    /// Where the block table begins in the file.
    pub(super) table: u64,
    /// How many entries the block table has.
    pub(super) entries: u32,
    /// In bytes; a power of two, one sector at least.
    pub(super) block_size: u32,
}

pub(super) fn read(file: &ImageFile, offset: u64) -> Result<Header, ImageFault> {
    let damaged = |flaw| file.damaged(Structure::DynamicHeader, offset, flaw);
    let bytes = file.read(Structure::DynamicHeader, offset, HEADER_LENGTH)?;
    if !bytes.starts_with(b"cxsparse") {
        return Err(damaged(Flaw::Signature));
    }
    if complement_sum(&without_checksum(&bytes, 36)) != u32::from_be_bytes(field(&bytes, 36)) {
        return Err(damaged(Flaw::Checksum));
    }
    let version = u32::from_be_bytes(field(&bytes, 24));
    if version >> 16 != 1 {
        return Err(ImageFault::Unsupported {
            path: file.path().into(),
            what: Unsupported::Version(version),
        });
    }
    let block_size = u32::from_be_bytes(field(&bytes, 32));
    if !block_size.is_power_of_two() || !(512..=256 << 20).contains(&block_size) {
        return Err(damaged(Flaw::Value));
    }
    let table = u64::from_be_bytes(field(&bytes, 16));
    let entries = u32::from_be_bytes(field(&bytes, 28));
    Ok(Header { offset, bytes, table, entries, block_size })
}

impl Header {
    /// Where the parent of this differencing disk is.
    pub(super) fn parent(&self, file: &ImageFile) -> Result<ParentLink, ImageFault> {
        let damaged = |flaw| file.damaged(Structure::ParentLocator, self.offset, flaw);
        let folder = file.path().parent().unwrap_or(Path::new(""));
        let relative = |text: &str| parent_path::relative(folder, text);
        let name = self.bytes.get(64..64 + 512).unwrap_or_default();
        let name = decoded(name, u16::from_be_bytes).ok_or_else(|| damaged(Flaw::Text))?;
        let mut found = Vec::new();
        for platform in [*b"W2ru", *b"W2ku"] {
            if let Some(text) = self.locator(file, platform)? {
                let path = if platform == *b"W2ru" { relative(&text) } else { parent_path::absolute(&text) };
                found.push((path, text));
            }
        }
        if !name.is_empty() {
            // Most writers put the name alone here, some the whole path.
            found.push((relative(&name).or_else(|| parent_path::absolute(&name)), name));
        }
        let (candidates, refused) = parent_path::followed(found);
        Ok(ParentLink {
            linkages: vec![Guid::from_big_endian(field(&self.bytes, 40))],
            written: Some(u32::from_be_bytes(field(&self.bytes, 56))),
            candidates,
            refused,
        })
    }

    /// The path that the first locator for `platform` refers to.
    fn locator(&self, file: &ImageFile, platform: [u8; 4]) -> Result<Option<String>, ImageFault> {
        let locators = self.bytes.get(576..576 + 8 * 24).unwrap_or_default();
        let Some(locator) = locators.chunks_exact(24).find(|locator| locator.starts_with(&platform)) else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(field(locator, 8));
        let offset = u64::from_be_bytes(field(locator, 16));
        if length > MOST_PATH_BYTES {
            return Err(file.damaged(Structure::ParentLocator, self.offset, Flaw::Value));
        }
        let bytes = file.read(Structure::ParentLocator, offset, length as usize)?;
        // Unlike everything else, these texts are little-endian.
        let text = decoded(&bytes, u16::from_le_bytes);
        text.map(Some).ok_or_else(|| file.damaged(Structure::ParentLocator, offset, Flaw::Text))
    }
}

/// UTF-16 up to the first NUL.
fn decoded(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| unit(field(pair, 0))).take_while(|unit| *unit != 0);
    String::from_utf16(&units.collect::<Vec<u16>>()).ok()
}
