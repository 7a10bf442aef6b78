//! What the preflight asks of files and folders beyond what a plan needs: each question is answered by reading.

use std::fs;
use std::path::Path;

use super::disks::{Disks, RealDisks};
use super::volume::{Volume, volume};
use crate::image::{self, FileTraits, Image, ImageFault, Kind, Undecided};

/// The disk files of the host, and where they are.
pub trait Storage: Disks {
    /// What the image is.
    ///
    /// # Errors
    /// It, or a disk that it is a child of, cannot be read or is not what it should be.
    fn image(&self, path: &str) -> Result<Image, ImageFault>;

    /// What Windows says of the file or folder; where there is none, of the nearest folder above.
    fn traits(&self, path: &str) -> FileTraits;

    /// How long the file is, in bytes; `None` where there is none.
    fn length(&self, path: &str) -> Option<u64>;

    /// The volume of the path; `None` where that is not known.
    fn volume(&self, path: &str) -> Option<Volume>;
}

impl Storage for RealDisks {
    fn image(&self, path: &str) -> Result<Image, ImageFault> {
        let path = Path::new(path);
        let found = image::read_image(path)?;
        if found.kind == Kind::Differencing
            && let Some(Undecided::Image(fault)) = image::boot(path).reason
        {
            return Err(fault);
        }
        Ok(found)
    }

    fn traits(&self, path: &str) -> FileTraits {
        image::file_traits(Path::new(path))
    }

    fn length(&self, path: &str) -> Option<u64> {
        fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
    }

    fn volume(&self, path: &str) -> Option<Volume> {
        volume(Path::new(path))
    }
}
