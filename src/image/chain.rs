//! A differencing disk and its parents.

use std::fs;
use std::path::{Path, PathBuf, absolute};

use super::disk::Disk;
use super::fault::{ImageFault, Structure};
use super::model::{Image, ParentLink};
use super::place::Place;

/// How many parents a disk may have. Hyper-V allows more, but each checkpoint is one, and it has 50 checkpoints at most.
pub const MOST_PARENTS: usize = 64;

/// What of a disk is read at once: a sector, or a part of a larger one.
const PIECE: usize = 512;

/// What a parent must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Linkage {
    /// What its child was made from.
    Required,
    /// There.
    Preferred,
    /// Nothing: where it is not there, the chain ends.
    Optional,
}

/// What the image at `path` is.
///
/// # Errors
/// The file is not there, is held, or is no sound image; its parents are not looked at.
pub fn read_image(path: &Path) -> Result<Image, ImageFault> {
    open(path).map(|disk| disk.image)
}

/// The files of which the disk at `path` consists: itself, its parent, and so on to the one that has none.
///
/// A parent counts as found where a file is at one of the places that its child names, though it be another disk by now;
/// [`super::fits`] says whether it is.
///
/// # Errors
/// One of the files cannot be read, or there is no end to them.
pub fn chain(path: &Path) -> Result<Vec<PathBuf>, ImageFault> {
    let chain = Chain::linked(path, Linkage::Preferred)?;
    Ok(chain.disks().map(|disk| disk.file.path().to_path_buf()).collect())
}

/// The same, as far as it is there: a parent that is at none of its places ends it.
///
/// # Errors
/// Those of [`chain`], but for that one.
pub fn chain_that_is_there(path: &Path) -> Result<Vec<PathBuf>, ImageFault> {
    let chain = Chain::linked(path, Linkage::Optional)?;
    Ok(chain.disks().map(|disk| disk.file.path().to_path_buf()).collect())
}

/// The disk at `path`, by its absolute path.
pub(super) fn open(path: &Path) -> Result<Disk, ImageFault> {
    let unreadable = |source| ImageFault::Unreadable { path: path.into(), source };
    Disk::open(&absolute(path).map_err(unreadable)?)
}

/// The parent of `child` at the first place that holds what it was made from; without such a one, what is at the first
/// place that holds an image.
pub(super) fn parent(child: &Disk, link: &ParentLink) -> Result<Disk, ImageFault> {
    let (mut other, mut fault) = (None, None);
    for candidate in &link.candidates {
        match Disk::open(candidate) {
            Ok(disk) if is_linked(link, &disk) => return Ok(disk),
            Ok(disk) => {
                other.get_or_insert(disk);
            }
            Err(ImageFault::NotThere { .. }) => {}
            Err(new) => {
                fault.get_or_insert(new);
            }
        }
    }
    match (other, fault) {
        (Some(disk), _) => Ok(disk),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(ImageFault::ParentMissing {
            child: child.file.path().into(),
            tried: link.candidates.clone(),
            refused: link.refused.clone(),
        }),
    }
}

/// Whether the ids say that `disk` is what the child with `link` was made from.
pub(super) fn is_linked(link: &ParentLink, disk: &Disk) -> bool {
    link.linkages.contains(&disk.image.data_id)
}

/// The one path of a file, however it is spelt. Two files are the same where theirs are equal.
pub(super) fn identity(path: &Path) -> Result<PathBuf, ImageFault> {
    fs::canonicalize(path).map_err(|source| ImageFault::Unreadable { path: path.into(), source })
}

/// A disk with its parents, all open.
pub(super) struct Chain {
    disk: Disk,
    /// The nearest one first; the last one has no parent.
    parents: Vec<Disk>,
}

impl Chain {
    /// The disk at `path` with its parents, each of which is what its child was made from.
    pub(super) fn open(path: &Path) -> Result<Self, ImageFault> {
        Chain::linked(path, Linkage::Required)
    }

    fn linked(path: &Path, linkage: Linkage) -> Result<Self, ImageFault> {
        let disk = open(path)?;
        let mut known = vec![identity(disk.file.path())?];
        let mut parents: Vec<Disk> = Vec::new();
        loop {
            let child = parents.last().unwrap_or(&disk);
            let Some(link) = &child.image.parent else { break };
            let parent = match parent(child, link) {
                Err(ImageFault::ParentMissing { .. }) if linkage == Linkage::Optional => break,
                found => found?,
            };
            if linkage == Linkage::Required && !is_linked(link, &parent) {
                return Err(ImageFault::ParentDiffers {
                    child: child.file.path().into(),
                    parent: parent.file.path().into(),
                });
            }
            let identity = identity(parent.file.path())?;
            if known.contains(&identity) {
                return Err(ImageFault::Circular { path: parent.file.path().into() });
            }
            if parents.len() == MOST_PARENTS {
                return Err(ImageFault::TooDeep { path: path.into(), limit: MOST_PARENTS });
            }
            known.push(identity);
            parents.push(parent);
        }
        Ok(Chain { disk, parents })
    }

    fn disks(&self) -> impl Iterator<Item = &Disk> {
        std::iter::once(&self.disk).chain(&self.parents)
    }

    /// The image at the beginning, which is what a VM has as its disk.
    pub(super) fn image(&self) -> &Image {
        &self.disk.image
    }

    /// The `pieces` times 512 bytes of the disk at `offset`, a multiple of 512.
    pub(super) fn read(&self, offset: u64, pieces: u16) -> Result<Vec<u8>, ImageFault> {
        let mut bytes = Vec::with_capacity(usize::from(pieces) * PIECE);
        for piece in 0..u64::from(pieces) {
            bytes.extend(self.piece(offset.saturating_add(piece * PIECE as u64))?);
        }
        Ok(bytes)
    }

    fn piece(&self, offset: u64) -> Result<Vec<u8>, ImageFault> {
        for disk in self.disks() {
            match disk.place(offset)? {
                Place::Here(at) => return disk.file.read(Structure::Block, at, PIECE),
                Place::Zeros => break,
                Place::Parent => {}
            }
        }
        Ok(vec![0; PIECE])
    }
}
