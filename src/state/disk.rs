//! The seam between a save and the disk: one method for each step that can fail.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::os;

/// The steps of which reading and saving a state consist. Each is done once; who wants to try again calls again.
pub trait Disk {
    /// The whole content of a file. A folder in its place is [`io::ErrorKind::IsADirectory`].
    fn read(&self, file: &Path) -> io::Result<Vec<u8>>;

    /// Makes a file that must not be there yet, readable by its owner alone.
    fn create(&self, file: &Path) -> io::Result<File>;

    /// Writes all of the bytes.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;

    /// Gives a new file, open as `file` at `path`, the mode and owner (Linux) or access list (Windows) that
    /// `model` has.
    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()>;

    /// Returns when the content of the file has reached the disk.
    fn flush(&self, file: &File) -> io::Result<()>;

    /// Gives a file a second name, which must not be there yet.
    fn link(&self, file: &Path, name: &Path) -> io::Result<()>;

    /// Renames `from` over `to` in one step: whoever opens `to` gets the whole old or the whole new file.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Returns when the names in the folder have reached the disk. Does nothing where [`Disk::replace`] sees to
    /// that itself (Windows).
    fn flush_folder(&self, folder: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// The names in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Whether an error may go away by itself, because another program holds the file at the moment.
    fn is_held(&self, error: &io::Error) -> bool;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        fs::read(file).map_err(|error| match file.is_dir() {
            true => io::Error::from(io::ErrorKind::IsADirectory),
            false => error,
        })
    }

    fn create(&self, file: &Path) -> io::Result<File> {
        os::create_private(file)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()> {
        os::protect_like(file, path, model)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        fs::hard_link(file, name)
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        os::replace(from, to)
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        os::flush_folder(folder)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn is_held(&self, error: &io::Error) -> bool {
        os::is_held(error)
    }
}
