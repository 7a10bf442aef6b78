//! What the planner asks of the disk files: each question is answered by reading, and changes nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::image::{self, ChildFit, Generations, ImageFault, Kind, System};

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Absent,
    /// A file.
    File,
    /// A folder, a device or a link to nowhere.
    Other,
    /// It could not be found out: why.
    Unknown(String),
}

/// Whether a disk is what a machine's disk would be made into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// It is.
    Fits,
    /// It is a child of that image, which was changed since: the child cannot be used any more.
    ParentChanged,
    /// It is something else: what.
    Other(String),
    /// It could not be found out: why.
    Unknown(String),
}

/// What an image says of how it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootFacts {
    /// The generations of a VM that start it.
    pub generations: Generations,
    /// Why that is unknown, where it is.
    pub why_unknown: String,
    /// The system in it.
    pub system: System,
}

/// The disk files of the host.
pub trait Disks {
    /// What is at the path. A link counts as what it leads to.
    fn presence(&self, path: &str) -> Presence;

    /// Whether `disk` is a differencing disk on top of `image` and still fits it.
    fn is_child(&self, disk: &str, image: &str) -> Fit;

    /// Whether `disk` is a whole disk of the size of `image`.
    fn is_copy(&self, disk: &str, image: &str) -> Fit;

    /// How the image starts.
    fn boot(&self, image: &str) -> BootFacts;

    /// The disk and those below it, down to the one without a parent, or whose parent is not there any more; `None` where one
    /// cannot be read, as the disk of a VM that runs.
    fn chain(&self, disk: &str) -> Option<Vec<String>>;
}

/// Those that are there.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisks;

impl Disks for RealDisks {
    fn presence(&self, path: &str) -> Presence {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Presence::File,
            Ok(_) => Presence::Other,
            Err(error) if error.kind() == ErrorKind::NotFound => match fs::symlink_metadata(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Presence::Absent,
                _ => Presence::Other,
            },
            Err(error) => Presence::Unknown(error.to_string()),
        }
    }

    fn is_child(&self, disk: &str, image: &str) -> Fit {
        match image::fits(Path::new(disk), Path::new(image)) {
            Ok(ChildFit::Fits | ChildFit::Undated) => Fit::Fits,
            Ok(ChildFit::ParentChanged) => Fit::ParentChanged,
            Ok(ChildFit::ParentMoved) => {
                Fit::Other(format!("a child of {image} from when that was elsewhere"))
            }
            Ok(ChildFit::OtherParent) => Fit::Other("a child of another image".to_owned()),
            Ok(ChildFit::NotDifferencing) => Fit::Other("no differencing disk".to_owned()),
            Err(fault) => unreadable(&fault),
        }
    }

    fn is_copy(&self, disk: &str, image: &str) -> Fit {
        let read = |path: &str| image::read_image(Path::new(path));
        match (read(disk), read(image)) {
            (Ok(disk), Ok(_)) if disk.kind == Kind::Differencing => {
                Fit::Other("a differencing disk".to_owned())
            }
            (Ok(disk), Ok(image)) if disk.format != image.format => {
                Fit::Other("a disk of another format".to_owned())
            }
            (Ok(disk), Ok(image)) if disk.virtual_size != image.virtual_size => {
                Fit::Other("a disk of another size".to_owned())
            }
            (Ok(_), Ok(_)) => Fit::Fits,
            (Err(fault), _) | (_, Err(fault)) => unreadable(&fault),
        }
    }

    fn boot(&self, image: &str) -> BootFacts {
        let verdict = image::boot(Path::new(image));
        let why_unknown = verdict.reason.map(|reason| reason.to_string()).unwrap_or_default();
        BootFacts { generations: verdict.generations, system: verdict.system, why_unknown }
    }

    fn chain(&self, disk: &str) -> Option<Vec<String>> {
        let chain = image::chain_that_is_there(Path::new(disk)).ok()?;
        Some(chain.iter().map(|file| file.to_string_lossy().into_owned()).collect())
    }
}

fn unreadable(fault: &ImageFault) -> Fit {
    match fault {
        ImageFault::NotAnImage { .. } => Fit::Other("no disk image".to_owned()),
        fault => Fit::Unknown(fault.to_string()),
    }
}
