//! One run at a time: the lock around read, change and write, and who holds it.
//!
//! The lock is the operating system's own, on a file that is never deleted, so it ends with the process that holds
//! it, however that ends.

use std::fmt::{self, Display};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;
use std::process;
use std::sync::OnceLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};

use super::clock;
use super::os;
use super::paths::Paths;
use super::patience::Patience;
use super::store::UpdateOptions;
use super::trouble::io_failed;

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The computer that process runs on.
    pub host: String,
    /// When it took the lock, an ISO time.
    pub since: String,
}

impl Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} on {} since {}", self.pid, self.host, self.since)
    }
}

/// What a run that waits for the lock is told, about once a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who holds it, where that can be said.
    pub holder: Option<Holder>,
    /// How long it has waited.
    pub waited: Duration,
    /// How long it will wait in all.
    pub bound: Duration,
}

/// As a progress line: "process 4711 on LAB1 since 2026-11-22T20:48:55.435Z holds the state; waited 3 of 30 s".
impl Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.holder {
            Some(holder) => holder.fmt(f)?,
            None => f.write_str("another run")?,
        }
        write!(f, " holds the state; waited {} of {} s", self.waited.as_secs(), self.bound.as_secs())
    }
}

/// The lock, held until this is dropped.
pub(crate) struct Lock {
    _file: File,
}

/// How often a waiting run is told so.
const TELL_EVERY: Duration = Duration::from_secs(1);

impl Lock {
    /// Takes the lock, waiting as `options` say; its listener is told at once that it waits, and then every second.
    /// The folder must be there.
    pub(crate) fn take(paths: &Paths, options: UpdateOptions<'_>) -> Result<Lock> {
        let UpdateOptions { wait: bound, waited: before, at_once, mut on_wait } = options;
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&paths.lock);
        let file = open.map_err(|error| io_failed("open", &paths.lock, &error))?;
        let mut patience =
            Patience::new(bound.saturating_sub(before).min(at_once), Duration::from_millis(50));
        let mut told = None;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(io_failed("lock", &paths.lock, &error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = patience.waited();
            if told.is_none_or(|told| waited.saturating_sub(told) >= TELL_EVERY) {
                if let Some(on_wait) = &mut on_wait {
                    on_wait(&Waiting { holder: holder(&paths.holder), waited: before + waited, bound });
                }
                told = Some(waited);
            }
            if !patience.wait() {
                return Err(still_held(paths, before + patience.waited()));
            }
        }
        sign(&paths.holder);
        Ok(Lock { _file: file })
    }
}

/// Leaves word of who holds the lock. It is for people, so a failure changes nothing.
///
/// Always of the same length and never truncated: ext4 writes a truncated file out at once, and the flush of the save
/// that follows would wait for that (measured: a third of its time).
fn sign(path: &Path) {
    static HOST: OnceLock<String> = OnceLock::new();
    let us = Holder { pid: process::id(), host: HOST.get_or_init(os::host).clone(), since: clock::now() };
    if let Ok(text) = serde_json::to_string(&us) {
        let open = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let _ = open.and_then(|mut file| file.write_all(format!("{text:<SIGNED_LENGTH$}").as_bytes()));
    }
}

/// Room for the longest host name, and for numbers of any length.
const SIGNED_LENGTH: usize = 512;

fn holder(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn still_held(paths: &Paths, waited: Duration) -> Error {
    let who = holder(&paths.holder).map_or("another run".to_owned(), |holder| holder.to_string());
    Error::new(
        Code::StateLocked,
        format!("The state is in use by {who}; gave up after {} s. Nothing was written.", waited.as_secs()),
    )
    .in_file(paths.state.display().to_string())
    .with_remedy(
        "Wait until that run is over, or end it, and run the command again. There is no lock to remove.",
    )
}
