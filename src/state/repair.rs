//! The repair of a damaged state: the damaged file is kept aside under a name of its own, and the last good state is put
//! in its place. No repair starts with an empty state, because that would lose the VMs that are ours.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, iter};

use serde::Serialize;

use crate::config::refuse_device;
use crate::error::{Result, counted};

use super::document::State;
use super::error::StateError;
use super::lock::{Attempt, Lock, LockOptions, attempt};
use super::reading::{Found, Snapshot};
use super::save::Expected;
use super::store::{Store, texts, under_recorded_path};
use super::timestamp::Timestamp;

/// Where the good state comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RepairSource {
    /// The backup: the state before the last save.
    Backup,
    /// The damaged file itself: only its encoding was wrong, so nothing is lost.
    Content,
}

/// What a repair found, and did or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepairOutcome {
    /// The state file.
    pub path: String,
    /// What is wrong with it; `None` where it is good and there is nothing to do.
    pub damage: Option<String>,
    /// Where the good state comes from.
    pub source: Option<RepairSource>,
    /// When that state was saved.
    pub saved_at: Option<Timestamp>,
    /// The machines in it, in its order.
    pub machines: Vec<String>,
    /// Where the damaged file is kept; `None` where there was no file, and in a dry run.
    pub kept_aside: Option<String>,
    /// Whether the file was repaired.
    pub repaired: bool,
    /// What failed beside the repair; the repair itself is done.
    pub warnings: Vec<String>,
}

impl RepairOutcome {
    /// What the user is asked to confirm; `None` where there is nothing to repair.
    pub fn operation(&self) -> Option<String> {
        self.damage.as_ref()?;
        let when = self.saved_at.map_or("an unknown time".to_owned(), |when| when.to_string());
        let machines = counted(self.machines.len(), "machine", "machines");
        Some(format!("Restore the state of {when} ({machines}), and keep the damaged file beside it"))
    }
}

/// Repairs the state of the config at `config_path` (absolute), or in a dry run only returns what would be done. One attempt:
/// `bound` and `waited` are those of [`attempt`].
///
/// # Errors
/// `STATE_CORRUPTED` or `STATE_NOT_FOUND` where there is no good state to put back, `STATE_CONFLICT` where the file
/// is good but belongs to another config, `STATE_LOCKED`, `STATE_IO_FAILED`. Nothing is changed then.
pub fn repair(
    config_path: impl Into<PathBuf>,
    dry_run: bool,
    bound: Duration,
    waited: Duration,
) -> Result<Attempt<RepairOutcome>> {
    let config_path = config_path.into();
    refuse_device(&config_path)?;
    under_recorded_path(&config_path, |path| {
        attempt(bound, waited, |lock| Store::new(path).repair(dry_run, lock))
    })
}

impl Store {
    /// The same as [`repair`], with options for the lock. A dry run neither takes the lock nor writes anything.
    ///
    /// # Errors
    /// Those of [`repair`].
    pub fn repair(&self, dry_run: bool, options: LockOptions<'_>) -> Result<RepairOutcome> {
        if dry_run || !self.files.folder.is_dir() {
            return Ok(self.plan()?.0);
        }
        let _lock = Lock::take(self.disk.as_ref(), &self.files, options)?;
        let (mut outcome, work) = self.plan()?;
        let Some(Work { good, damaged }) = work else { return Ok(outcome) };
        let aside = self.free_name();
        self.keep(&damaged, &aside).map_err(StateError::io("keep aside", &self.files.state))?;
        let expected = match &damaged {
            Damaged::File(bytes) => Expected::Damaged(bytes),
            Damaged::Nothing | Damaged::Unread => Expected::Nothing,
        };
        let saved = self.replace(&good, &expected);
        if saved.is_err() {
            self.undo(&damaged, &aside);
        }
        outcome.warnings = texts(&saved?);
        outcome.repaired = true;
        outcome.kept_aside = (!matches!(damaged, Damaged::Nothing)).then(|| aside.display().to_string());
        Ok(outcome)
    }

    fn plan(&self) -> Result<(RepairOutcome, Option<Work>)> {
        let backup = self.backup();
        let (damage, damaged, content) = match self.find()? {
            Found::Good(snapshot) => {
                self.check_owner(&snapshot.state, None)?;
                return Ok((self.outcome(None, None, &snapshot.state), None));
            }
            Found::Missing => (None, Damaged::Nothing, None),
            Found::Damaged { bytes, damage, recovered } => {
                let ours = recovered.filter(|found| self.check_owner(&found.state, None).is_ok());
                (Some(damage), bytes.map_or(Damaged::Unread, Damaged::File), ours)
            }
        };
        let (source, Snapshot { state, bytes: good }) = match (content, backup) {
            (Some(content), _) => (RepairSource::Content, content),
            (None, Ok(backup)) => (RepairSource::Backup, backup),
            (None, Err(condition)) => {
                return Err(match damage {
                    Some(damage) => self.damaged(damage, false, condition).into(),
                    None => self.missing(condition).into(),
                });
            }
        };
        let what = damage.map_or("it is gone".to_owned(), |damage| damage.to_string());
        Ok((self.outcome(Some(what), Some(source), &state), Some(Work { good, damaged })))
    }

    fn outcome(&self, damage: Option<String>, source: Option<RepairSource>, state: &State) -> RepairOutcome {
        RepairOutcome {
            path: self.files.state.display().to_string(),
            damage,
            source,
            saved_at: state.updated_at(),
            machines: state.machines().map(|machine| machine.machine_name.to_owned()).collect(),
            kept_aside: None,
            repaired: false,
            warnings: Vec::new(),
        }
    }

    /// Gives the damaged file a second name, which remains when the good state takes the first. What was not read is moved.
    fn keep(&self, damaged: &Damaged, aside: &Path) -> io::Result<()> {
        match damaged {
            Damaged::Nothing => Ok(()),
            Damaged::Unread => self.disk.replace(&self.files.state, aside),
            Damaged::File(bytes) => self.disk.link(&self.files.state, aside).or_else(|_| {
                self.copy(bytes, aside).inspect_err(|_| {
                    let _ = self.disk.remove(aside);
                })
            }),
        }
    }

    /// Takes back [`Self::keep`] after a save that failed. Where that fails too, there is one more copy, or what was moved
    /// stays aside; nothing is lost.
    fn undo(&self, damaged: &Damaged, aside: &Path) {
        let _ = match damaged {
            Damaged::Nothing => Ok(()),
            Damaged::Unread => self.disk.replace(aside, &self.files.state),
            Damaged::File(_) => self.disk.remove(aside),
        };
    }

    fn copy(&self, bytes: &[u8], to: &Path) -> io::Result<()> {
        let mut file = self.disk.create(to)?;
        self.disk.write(&mut file, bytes)?;
        self.disk.flush(&file)
    }

    /// A name for the damaged file that is free: a repair that failed in the same millisecond may have kept it already.
    fn free_name(&self) -> PathBuf {
        let now = Timestamp::now().to_file_name();
        let first = format!("state.json.damaged-{now}");
        let more = (2u32..).map(|n| format!("state.json.damaged-{now}-{n}"));
        let mut free = iter::once(first).chain(more).map(|name| self.files.folder.join(name));
        free.find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_default()
    }
}

/// What a repair has to do.
struct Work {
    good: Vec<u8>,
    damaged: Damaged,
}

/// What is at the path of the state.
enum Damaged {
    Nothing,
    File(Vec<u8>),
    /// A folder, or a file that is too long to be read: it is moved as a whole.
    Unread,
}
