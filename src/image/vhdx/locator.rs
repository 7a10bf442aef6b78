//! The parent locator of a differencing VHDX: a list of texts by key.

use std::ops::Range;
use std::path::Path;

use crate::image::fault::{Flaw, ImageFault, Structure, Unsupported};
use crate::image::file::{ImageFile, field};
use crate::image::guid::Guid;
use crate::image::model::ParentLink;
use crate::image::parent_path;

use super::header::{Extent, unsupported};

const HEADER_LENGTH: usize = 20;
const ENTRY_LENGTH: usize = 12;
/// The parent is a VHDX.
const VHDX: Guid = Guid(0xB04A_EFB7_D19E_4A81_B789_25B8_E944_5913);

/// The keys that lead to the parent. Hyper-V writes the second linkage too, though the specification knows one only.
const LINKAGES: [&str; 2] = ["parent_linkage", "parent_linkage2"];
/// In the order in which they are tried.
const RELATIVE: &str = "relative_path";
const ABSOLUTE: [&str; 2] = ["volume_path", "absolute_win32_path"];

/// The locator that `item` is; its length is bounded.
pub(super) fn read(file: &ImageFile, item: Extent) -> Result<ParentLink, ImageFault> {
    let damaged = |flaw| file.damaged(Structure::ParentLocator, item.offset, flaw);
    let bytes = file.read(Structure::ParentLocator, item.offset, item.length as usize)?;
    if bytes.len() < HEADER_LENGTH {
        return Err(damaged(Flaw::CutShort));
    }
    let kind = Guid::from_little_endian(field(&bytes, 0));
    if kind != VHDX {
        return Err(unsupported(file, Unsupported::LocatorType(kind)));
    }
    let count = usize::from(u16::from_le_bytes(field(&bytes, 18)));
    let entries = bytes.get(HEADER_LENGTH..HEADER_LENGTH + count * ENTRY_LENGTH);
    let entries = Entries { locator: &bytes, entries: entries.ok_or_else(|| damaged(Flaw::CutShort))? };

    let mut linkages = Vec::new();
    for key in LINKAGES {
        if let Some(text) = entries.text(key).map_err(damaged)? {
            linkages.push(Guid::parse(&text).ok_or_else(|| damaged(Flaw::Text))?);
        }
    }
    if linkages.is_empty() {
        return Err(damaged(Flaw::Incomplete));
    }
    let mut paths = Vec::new();
    let folder = file.path().parent().unwrap_or(Path::new(""));
    if let Some(text) = entries.text(RELATIVE).map_err(damaged)? {
        paths.push((parent_path::relative(folder, &text), text));
    }
    for key in ABSOLUTE {
        if let Some(text) = entries.text(key).map_err(damaged)? {
            paths.push((parent_path::absolute(&text), text));
        }
    }
    let (candidates, refused) = parent_path::followed(paths);
    Ok(ParentLink { linkages, written: None, candidates, refused })
}

struct Entries<'a> {
    locator: &'a [u8],
    entries: &'a [u8],
}

impl Entries<'_> {
    /// The text that has the key. Only keys that are asked for are decoded, so that many entries which share one long
    /// text cost nothing.
    fn text(&self, key: &str) -> Result<Option<String>, Flaw> {
        let key: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut found = None;
        for entry in self.entries.chunks_exact(ENTRY_LENGTH) {
            if self.part(field(entry, 0), field(entry, 8))? != key {
                continue;
            }
            if found.is_some() {
                return Err(Flaw::Duplicate);
            }
            found = Some(decoded(self.part(field(entry, 4), field(entry, 10))?)?);
        }
        Ok(found)
    }

    fn part(&self, offset: [u8; 4], length: [u8; 2]) -> Result<&[u8], Flaw> {
        let from = u32::from_le_bytes(offset) as usize;
        let part = Range { start: from, end: from.saturating_add(u16::from_le_bytes(length).into()) };
        self.locator.get(part).ok_or(Flaw::OutOfBounds)
    }
}

fn decoded(bytes: &[u8]) -> Result<String, Flaw> {
    if !bytes.len().is_multiple_of(2) {
        return Err(Flaw::Text);
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes(field(unit, 0))).collect();
    String::from_utf16(&units).map_err(|_| Flaw::Text)
}
