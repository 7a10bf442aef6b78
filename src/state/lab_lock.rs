//! What a lab has one of at a time: a watch, and a run that changes its machines. Each holds a lock as long as it lasts, so that the
//! second one is told who the first is.
//!
//! It is the operating system's, as that of the state, so it ends with its process; but nobody waits for it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Error;

use super::disk::{Backoff, has_no_locks, open_no_link};
use super::error::StateError;
use super::files::Files;
use super::holder::{Holder, holder_text, read_holder, write_holder};
use super::lock::refuse_link;

/// Long enough for all who only look at the lock at that moment.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a lab has one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A watch.
    Watch,
    /// A run that changes its machines. Without it, a second run would take for interrupted what the first is doing.
    Change,
}

impl Role {
    /// The file that is locked, and the one that says by whom.
    fn files(self, files: &Files) -> (&PathBuf, &PathBuf) {
        match self {
            Role::Watch => (&files.watch_lock, &files.watch_holder),
            Role::Change => (&files.change_lock, &files.change_holder),
        }
    }

    fn held(self, config: PathBuf, holder: String) -> StateError {
        match self {
            Role::Watch => StateError::Watched { config, holder },
            Role::Change => StateError::Changing { config, holder },
        }
    }
}

/// The lock; dropping this releases it.
#[derive(Debug)]
pub struct LabLock {
    _file: File,
}

impl LabLock {
    /// Takes the lock of this role over the lab of this config. The folder `.ragnatramp` beside it is made where it is missing.
    ///
    /// # Errors
    /// `WATCH_RUNNING` or `STATE_LOCKED` where another one has it, `STATE_IO_FAILED`.
    pub fn take(config: &Path, role: Role) -> Result<LabLock, Error> {
        let files = Files::of(config);
        let (lock, holder) = role.files(&files);
        fs::create_dir_all(&files.folder).map_err(StateError::io("make the folder", &files.folder))?;
        refuse_link(lock)?;
        let file = open_no_link(lock).map_err(StateError::io("open", lock))?;
        let mut backoff = Backoff::new(PATIENCE, Duration::from_millis(50));
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) if has_no_locks(&source) => {
                    return Err(StateError::NoLocks { folder: files.folder, source }.into());
                }
                Err(TryLockError::Error(source)) => {
                    return Err(StateError::io("lock", lock)(source).into());
                }
                Err(TryLockError::WouldBlock) if backoff.wait() => {}
                Err(TryLockError::WouldBlock) => {
                    let holder = holder_text(read_holder(holder).as_ref());
                    return Err(role.held(files.config, holder).into());
                }
            }
        }
        write_holder(holder);
        Ok(LabLock { _file: file })
    }
}

/// A watch that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Who it is, where that can be read.
    pub holder: Option<Holder>,
}

/// The watch that runs over the lab of this config, if one does. Makes no file and waits for nothing.
pub fn watched(config: &Path) -> Option<Watched> {
    let files = Files::of(config);
    // A link, or what is no file, was not made by a watch.
    if !std::fs::symlink_metadata(&files.watch_lock).ok()?.is_file() {
        return None;
    }
    match File::open(&files.watch_lock).ok()?.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(Watched { holder: read_holder(&files.watch_holder) }),
        _ => None,
    }
}
