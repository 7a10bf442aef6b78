//! The footer of a VHD: its last 512 bytes.

use crate::image::checksum::{complement_sum, without_checksum};
use crate::image::fault::{Flaw, ImageFault, Structure, Unsupported};
use crate::image::file::{ImageFile, field};
use crate::image::guid::Guid;
use crate::image::model::Kind;

/// A VHD knows no other size.
pub(super) const SECTOR_SIZE: u32 = 512;

const SIGNATURE: &[u8; 8] = b"conectix";
const FOOTER_LENGTH: usize = 512;
/// The number of a block's sector has 32 bits.
const MOST_VIRTUAL_BYTES: u64 = 2 << 40;

/// What the footer says, each number within what the format allows.
pub(super) struct Footer {
    pub(super) kind: Kind,
    /// In bytes; whole sectors.
    pub(super) virtual_size: u64,
    pub(super) id: Guid,
    /// Where the header of a dynamic or differencing disk is.
    pub(super) header: Option<u64>,
}

/// Whether the file begins or ends as a VHD.
pub(in crate::image) fn is_vhd(file: &ImageFile) -> Result<bool, ImageFault> {
    for at in [Some(0), file.length().checked_sub(FOOTER_LENGTH as u64)].into_iter().flatten() {
        if file.length() >= FOOTER_LENGTH as u64
            && file.read(Structure::Footer, at, SIGNATURE.len())?.starts_with(SIGNATURE)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn read(file: &ImageFile) -> Result<Footer, ImageFault> {
    let at = file.length().saturating_sub(FOOTER_LENGTH as u64);
    let damaged = |flaw| file.damaged(Structure::Footer, at, flaw);
    let unsupported = |what| ImageFault::Unsupported { path: file.path().into(), what };
    let bytes = file.read(Structure::Footer, at, FOOTER_LENGTH)?;
    if !bytes.starts_with(SIGNATURE) {
        return Err(damaged(Flaw::Signature));
    }
    if complement_sum(&without_checksum(&bytes, 64)) != u32::from_be_bytes(field(&bytes, 64)) {
        return Err(damaged(Flaw::Checksum));
    }
    let version = u32::from_be_bytes(field(&bytes, 12));
    // The lower half is a minor version, which changes nothing that matters here.
    if version >> 16 != 1 {
        return Err(unsupported(Unsupported::Version(version)));
    }
    let kind = match u32::from_be_bytes(field(&bytes, 60)) {
        2 => Kind::Fixed,
        3 => Kind::Dynamic,
        4 => Kind::Differencing,
        other => return Err(unsupported(Unsupported::DiskType(other))),
    };
    let virtual_size = u64::from_be_bytes(field(&bytes, 48));
    let sector = u64::from(SECTOR_SIZE);
    if !virtual_size.is_multiple_of(sector) || !(sector..=MOST_VIRTUAL_BYTES).contains(&virtual_size) {
        return Err(damaged(Flaw::Value));
    }
    if kind == Kind::Fixed && virtual_size > at {
        return Err(file.damaged(Structure::Block, 0, Flaw::CutShort));
    }
    let header = (kind != Kind::Fixed).then(|| u64::from_be_bytes(field(&bytes, 16)));
    Ok(Footer { kind, virtual_size, id: Guid::from_big_endian(field(&bytes, 68)), header })
}
