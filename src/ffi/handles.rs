//! The handles of opened labs.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::error::{Code, Error, Result};
use crate::lab::Lab;

/// The labs that are open now, by handle.
static OPEN: LazyLock<Mutex<Table>> = LazyLock::new(|| Mutex::new(Table::default()));

#[derive(Default)]
struct Table {
    labs: HashMap<u64, Arc<Mutex<Lab>>>,
    opened: u64,
    seed: RandomState,
}

impl Table {
    /// A handle that was never given out before. Handles are spread over all 64 bits, so that a number that is none is
    /// refused rather than taken for another lab's.
    fn next(&mut self) -> u64 {
        loop {
            self.opened += 1;
            let handle = self.seed.hash_one(self.opened);
            if handle != 0 && !self.labs.contains_key(&handle) {
                return handle;
            }
        }
    }
}

/// Keeps a lab and returns its handle, which is never 0.
pub(super) fn keep(lab: Lab) -> u64 {
    let mut table = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = table.next();
    table.labs.insert(handle, Arc::new(Mutex::new(lab)));
    handle
}

/// Forgets a lab. A call that is using it on another thread ends undisturbed.
///
/// # Errors
/// `INVALID_REQUEST` where no open lab has this handle.
pub(super) fn forget(handle: u64) -> Result<()> {
    let mut table = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    table.labs.remove(&handle).map(drop).ok_or_else(unknown)
}

/// Runs `step` on a lab. Calls on one lab wait for each other; labs do not.
///
/// # Errors
/// `INVALID_REQUEST` where no open lab has this handle, `INTERNAL` where a panic ended an earlier call on it, and those
/// of `step`.
pub(super) fn with<T>(handle: u64, step: impl FnOnce(&mut Lab) -> Result<T>) -> Result<T> {
    let lab = {
        let table = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(table.labs.get(&handle).ok_or_else(unknown)?)
    };
    // The mutex of a lab is poisoned by a panic inside `step`: what the lab holds may be half changed.
    let mut lab = lab.lock().map_err(|_| {
        Error::new(
            Code::Internal,
            "An internal error ended an earlier call on this lab, so it is not used any more.",
        )
        .with_remedy("Run the command again; it opens the lab anew.")
    })?;
    step(&mut lab)
}

fn unknown() -> Error {
    Error::new(Code::InvalidRequest, "No open lab has this handle: it was closed, or never opened.")
        .with_remedy("The caller uses a handle of ragna_lab_open after ragna_lab_close, or none of it.")
}
