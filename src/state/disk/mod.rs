//! The operations on files of which reading and saving a state consist, and the retry of one while another program holds
//! the file.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::StateError;
use crate::file::{Opened, open_to_read, read_up_to};

#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

pub(crate) use os::{create_private_folder, host, open_no_link};

/// The most bytes of a state that are read. That of 1,024 machines has less than 1 MB.
pub const LONGEST: u64 = 64 << 20;

/// Whether this is what a file system answers that has no locks: a share of another system, or a folder that a virtual machine
/// or a sandbox hands through.
pub(crate) fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
        || error.raw_os_error().is_some_and(|code| os::NO_LOCKS.contains(&code))
}

/// One method for each operation that can fail, so that a test can make it fail. None retries.
#[allow(clippy::missing_errors_doc, reason = "the errors are those of the operating system")]
pub trait Disk {
    /// The whole content of a file. A folder in its place is [`io::ErrorKind::IsADirectory`], what is neither (a pipe, a device)
    /// [`io::ErrorKind::InvalidInput`], and a file of more than [`LONGEST`] bytes [`io::ErrorKind::FileTooLarge`].
    fn read(&self, file: &Path) -> io::Result<Vec<u8>>;

    /// Takes the lock of an open file, or says at once that another program holds it.
    fn try_lock(&self, file: &File) -> Result<(), TryLockError>;

    /// Makes a file that must not exist yet, readable by its owner alone.
    fn create(&self, file: &Path) -> io::Result<File>;

    /// Writes all of the bytes.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;

    /// Gives a new file, open as `file` at `path`, the mode and owner (Linux) or access list (Windows) of `model`.
    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()>;

    /// Returns when the content of the file has reached the disk.
    fn flush(&self, file: &File) -> io::Result<()>;

    /// Gives a file a second name, which must not exist yet.
    fn link(&self, file: &Path, name: &Path) -> io::Result<()>;

    /// Renames `from` over `to` atomically: a reader of `to` gets the whole old or the whole new file.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Returns when the names in the folder have reached the disk. Does nothing on Windows, where [`Disk::replace`]
    /// waits for that.
    fn flush_folder(&self, folder: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// The names in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Whether another program holds the file, so that a retry may succeed.
    fn is_held(&self, error: &io::Error) -> bool;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        let file = match open_to_read(file)? {
            Opened::File(file) => file,
            Opened::Folder => return Err(io::ErrorKind::IsADirectory.into()),
            Opened::Device => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a device or a pipe"));
            }
        };
        // One byte more than allowed is enough to refuse a file, however long it is.
        let bytes = read_up_to(file, LONGEST + 1)?;
        match bytes.len() as u64 > LONGEST {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(bytes),
        }
    }

    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        file.try_lock()
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

/// Waits that grow up to a limit, with jitter, so that two runs that began together do not stay together.
pub(crate) struct Backoff {
    began: Instant,
    limit: Duration,
    step: Duration,
    longest: Duration,
}

impl Backoff {
    /// Waits that begin at 2 ms and grow to `longest`, `limit` in all.
    pub(crate) fn new(limit: Duration, longest: Duration) -> Self {
        Backoff { began: Instant::now(), limit, step: Duration::from_millis(2), longest }
    }

    /// Sleeps for the next step and returns true; returns false at once where the limit is reached.
    pub(crate) fn wait(&mut self) -> bool {
        let left = self.limit.saturating_sub(self.waited());
        if left.is_zero() {
            return false;
        }
        let share = u32::try_from(random() % 512).unwrap_or_default();
        let jittered = self.step.mul_f64(0.5 + f64::from(share) / 1024.0);
        thread::sleep(jittered.min(left));
        self.step = (self.step * 2).min(self.longest);
        true
    }

    /// How long it has been since the beginning.
    pub(crate) fn waited(&self) -> Duration {
        self.began.elapsed()
    }
}

/// The error of the last attempt, and how long it was retried where another program held the file.
pub(crate) struct Failure {
    pub(crate) source: io::Error,
    pub(crate) held_for: Option<Duration>,
}

impl Failure {
    /// `operation` is as in "write".
    pub(crate) fn into_error(self, operation: &'static str, path: &Path) -> StateError {
        let Failure { source, held_for } = self;
        let is_read_only = || fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
        match held_for {
            // Windows refuses a read-only file in the same words as one that somebody has open.
            Some(_) if is_read_only() => StateError::ReadOnly { operation, path: path.into(), source },
            Some(held_for) => StateError::FileInUse { operation, path: path.into(), held_for, source },
            None => StateError::Io { operation, path: path.into(), source },
        }
    }
}

/// Repeats `attempt` while another program holds the file, up to `limit`.
pub(crate) fn retry_while_held<T>(
    disk: &dyn Disk,
    limit: Duration,
    mut attempt: impl FnMut() -> io::Result<T>,
) -> Result<T, Failure> {
    let mut backoff = Backoff::new(limit, Duration::from_millis(250));
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(source) if !disk.is_held(&source) => return Err(Failure { source, held_for: None }),
            Err(source) if !backoff.wait() => {
                return Err(Failure { source, held_for: Some(backoff.waited()) });
            }
            Err(_) => {}
        }
    }
}

/// A random number for names and jitter, not for secrets.
pub(crate) fn random() -> u64 {
    // Every RandomState is seeded anew by the standard library.
    RandomState::new().build_hasher().finish()
}
