//! The lock that a watch holds as long as it runs, so that a lab has one watch, and so that others can see that it has.
//!
//! It is the operating system's, as that of the state, so it ends with its process; but nobody waits for it.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::Error;

use super::disk::{Backoff, has_no_locks, open_no_link};
use super::error::StateError;
use super::files::Files;
use super::holder::{Holder, holder_text, read_holder, write_holder};
use super::lock::refuse_link;

/// Long enough for all who only look at the lock at that moment.
const PATIENCE: Duration = Duration::from_millis(500);

/// The lock; dropping this releases it.
#[derive(Debug)]
pub struct WatchLock {
    _file: File,
}

impl WatchLock {
    /// Takes the lock of the watch over the lab of this config. The folder `.ragnatramp` beside it must exist.
    ///
    /// # Errors
    /// `WATCH_RUNNING` where another watch has it, `STATE_IO_FAILED`.
    pub fn take(config: &Path) -> Result<WatchLock, Error> {
        let files = Files::of(config);
        refuse_link(&files.watch_lock)?;
        let file = open_no_link(&files.watch_lock).map_err(StateError::io("open", &files.watch_lock))?;
        let mut backoff = Backoff::new(PATIENCE, Duration::from_millis(50));
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) if has_no_locks(&source) => {
                    return Err(StateError::NoLocks { folder: files.folder, source }.into());
                }
                Err(TryLockError::Error(source)) => {
                    return Err(StateError::io("lock", &files.watch_lock)(source).into());
                }
                Err(TryLockError::WouldBlock) if backoff.wait() => {}
                Err(TryLockError::WouldBlock) => {
                    let holder = holder_text(read_holder(&files.watch_holder).as_ref());
                    return Err(StateError::Watched { config: files.config, holder }.into());
                }
            }
        }
        write_holder(&files.watch_holder);
        Ok(WatchLock { _file: file })
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
