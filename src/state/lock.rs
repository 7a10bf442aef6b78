//! The lock around reading, changing and writing the state, so that no run overwrites what another one saved.
//!
//! It is the operating system's lock on a file that is never deleted, so it ends with the process that holds it, however
//! that ends. The holder writes its name into another file, for the message of those who wait.

use std::fmt::{self, Display};
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::{Code, Error};

use super::disk::{Backoff, Disk, has_no_locks, open_no_link};
use super::error::StateError;
use super::files::Files;
use super::holder::{Holder, holder_text, read_holder, write_holder};

/// The wait for the lock, as it is reported about once a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who holds the lock, where that is known.
    pub holder: Option<Holder>,
    /// How long the run has waited.
    pub waited: Duration,
    /// How long it will wait in all.
    pub bound: Duration,
}

/// As a progress line: "process 4711 on LAB1 since 2026-11-22T20:48:55.435Z holds the state; waited 3 of 30 s".
impl Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (waited, bound) = (self.waited.as_secs(), self.bound.as_secs());
        write!(f, "{} holds the state; waited {waited} of {bound} s", holder_text(self.holder.as_ref()))
    }
}

/// How long a run waits for the lock.
pub struct LockOptions<'a> {
    /// How long to wait in all while another run holds it; 30 s by default.
    pub wait: Duration,
    /// How much of that earlier calls have waited.
    pub waited: Duration,
    /// How long this call may wait at most, for a caller that does something between its calls.
    pub wait_per_call: Duration,
    /// Called when the wait begins, and then every second.
    pub on_wait: Option<&'a mut dyn FnMut(&Waiting)>,
}

impl Default for LockOptions<'_> {
    fn default() -> Self {
        LockOptions {
            wait: Duration::from_secs(30),
            waited: Duration::ZERO,
            wait_per_call: Duration::MAX,
            on_wait: None,
        }
    }
}

/// How long one attempt at work under the lock waits for it. After each, the user sees who holds it and can cancel.
const ATTEMPT: Duration = Duration::from_secs(1);

/// What became of one attempt at work under the lock.
#[derive(Debug)]
pub enum Attempt<T> {
    /// It is done.
    Done(T),
    /// Another run holds the lock, as the text says; nothing was changed, and the caller tries again.
    Held(String),
}

/// Tries `work` once. `bound` is how long to wait in all for another run that holds the lock, `waited` what earlier attempts
/// have waited of that.
///
/// # Errors
/// Those of `work`; `STATE_LOCKED` only once the bound is reached.
pub fn attempt<T>(
    bound: Duration,
    waited: Duration,
    work: impl FnOnce(LockOptions<'_>) -> Result<T, Error>,
) -> Result<Attempt<T>, Error> {
    let mut held = String::new();
    let mut on_wait = |now: &Waiting| held = now.to_string();
    let options = LockOptions { wait: bound, waited, wait_per_call: ATTEMPT, on_wait: Some(&mut on_wait) };
    match work(options) {
        Ok(done) => Ok(Attempt::Done(done)),
        Err(error) if error.code == Code::StateLocked && waited.saturating_add(ATTEMPT) < bound => {
            Ok(Attempt::Held(held))
        }
        Err(error) => Err(error),
    }
}

/// The lock; dropping this releases it.
pub(crate) struct Lock {
    _file: File,
}

const REPORT_EVERY: Duration = Duration::from_secs(1);

impl Lock {
    /// Takes the lock. The folder must exist.
    ///
    /// What happens when the lock is held by another run: this call waits with a backoff, and reports the holder to
    /// `options.on_wait` at once and then every second. Once the wait of `options` is over it fails with
    /// [`StateError::Locked`]; nothing was read or written then. The lock is free as soon as its holder ends, so there
    /// is no stale lock to remove.
    pub(crate) fn take(disk: &dyn Disk, files: &Files, options: LockOptions<'_>) -> Result<Lock, StateError> {
        let LockOptions { wait, waited: before, wait_per_call, mut on_wait } = options;
        // Nobody but this module makes these names, so a link under one of them was planted, or leads to another lab's.
        refuse_link(&files.lock)?;
        refuse_link(&files.state)?;
        let file = open_no_link(&files.lock).map_err(StateError::io("open", &files.lock))?;
        let mut backoff =
            Backoff::new(wait.saturating_sub(before).min(wait_per_call), Duration::from_millis(50));
        let mut reported = None;
        loop {
            match disk.try_lock(&file) {
                Ok(()) => break,
                Err(TryLockError::Error(source)) if has_no_locks(&source) => {
                    return Err(StateError::NoLocks { folder: files.folder.clone(), source });
                }
                Err(TryLockError::Error(source)) => return Err(StateError::io("lock", &files.lock)(source)),
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = backoff.waited();
            if reported.is_none_or(|reported| waited.saturating_sub(reported) >= REPORT_EVERY) {
                if let Some(on_wait) = &mut on_wait {
                    on_wait(&Waiting {
                        holder: read_holder(&files.holder),
                        waited: before + waited,
                        bound: wait,
                    });
                }
                reported = Some(waited);
            }
            if !backoff.wait() {
                return Err(StateError::Locked {
                    state: files.state.clone(),
                    holder: holder_text(read_holder(&files.holder).as_ref()),
                    waited: before + backoff.waited(),
                });
            }
        }
        write_holder(&files.holder);
        Ok(Lock { _file: file })
    }
}

pub(super) fn refuse_link(path: &Path) -> Result<(), StateError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            Err(StateError::Link { path: path.into(), target: fs::read_link(path).ok() })
        }
        _ => Ok(()),
    }
}
