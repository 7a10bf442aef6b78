//! Where a sector of a disk is.

/// Where an image has a sector of its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the image's file, at this byte.
    Here(u64),
    /// Nowhere: it is zeros.
    Zeros,
    /// In the parent.
    Parent,
}
