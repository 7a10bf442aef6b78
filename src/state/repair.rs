//! Putting a damaged state right: the damaged file is kept aside under a name of its own, and the last good state
//! takes its place. There is never a fresh start.

use std::path::{Path, PathBuf};
use std::{fs, io, iter};

use serde::Serialize;

use crate::error::Result;

use super::backup::{Backup, corrupted, not_found};
use super::clock;
use super::look::Look;
use super::reading::Recovered;
use super::save::Over;
use super::store::{Store, UpdateOptions};
use super::trouble::io_failed;

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
    /// When that state was saved, an ISO time.
    pub saved_at: Option<String>,
    /// The machines in it, in its order.
    pub machines: Vec<String>,
    /// Where the damaged file is kept; `None` where there was no file, and in a dry run.
    pub kept_aside: Option<String>,
    /// Whether the file was repaired.
    pub repaired: bool,
    /// What failed beside the repair, which is done all the same.
    pub warnings: Vec<String>,
}

impl RepairOutcome {
    /// What a user is asked to confirm; `None` where there is nothing to repair.
    pub fn operation(&self) -> Option<String> {
        self.damage.as_ref()?;
        let when = self.saved_at.as_deref().unwrap_or("an unknown time");
        let machines = self.machines.len();
        Some(format!(
            "Restore the state of {when} ({machines} machines), and keep the damaged file beside it"
        ))
    }
}

/// Repairs the state of the config at `config_path` (absolute), or only says what would be done.
///
/// # Errors
/// `STATE_CORRUPTED` or `STATE_NOT_FOUND` where there is no good state to put back, `STATE_CONFLICT` where the file
/// is good but belongs to another config, `STATE_LOCKED`, `STATE_IO_FAILED`. Nothing is changed then.
pub fn repair(config_path: impl Into<PathBuf>, dry_run: bool) -> Result<RepairOutcome> {
    Store::new(config_path).repair(dry_run, UpdateOptions::default())
}

impl Store {
    /// The same as [`repair`], with its own way of waiting. A dry run neither takes the lock nor writes anything.
    ///
    /// # Errors
    /// Those of [`repair`].
    pub fn repair(&self, dry_run: bool, options: UpdateOptions<'_>) -> Result<RepairOutcome> {
        if dry_run || !self.paths.folder.is_dir() {
            return Ok(self.plan()?.0);
        }
        let _lock = self.lock(options)?;
        let (mut outcome, work) = self.plan()?;
        let Some(Work { good, damaged }) = work else { return Ok(outcome) };
        let aside = self.aside();
        self.keep(&damaged, &aside).map_err(|error| io_failed("keep aside", &self.paths.state, &error))?;
        let over = match &damaged {
            Damaged::File(bytes) => Over::Damaged(bytes),
            Damaged::Nothing | Damaged::Folder => Over::Nothing,
        };
        let saved = self.saving().save(&good, &over);
        if saved.is_err() {
            self.undo(&damaged, &aside);
        }
        outcome.warnings = saved?;
        outcome.repaired = true;
        outcome.kept_aside = (!matches!(damaged, Damaged::Nothing)).then(|| aside.display().to_string());
        Ok(outcome)
    }

    fn plan(&self) -> Result<(RepairOutcome, Option<Work>)> {
        let backup = self.backup();
        let (damage, damaged, content) = match self.look()? {
            Look::Good(snapshot) => {
                self.check_owner(&snapshot.state, None)?;
                return Ok((self.outcome(None, None, &snapshot.state), None));
            }
            Look::Missing => (None, Damaged::Nothing, None),
            Look::Damaged { bytes, damage, recovered } => {
                let ours = recovered.filter(|found| self.check_owner(&found.state, None).is_ok());
                (Some(damage), bytes.map_or(Damaged::Folder, Damaged::File), ours)
            }
        };
        let (source, Recovered { state, bytes: good }) = match (content, backup) {
            (Some(content), _) => (RepairSource::Content, content),
            (None, Backup::Good(backup)) => (RepairSource::Backup, backup),
            (None, none) => {
                return Err(match damage {
                    Some(damage) => corrupted(&self.paths, &damage, false, &none),
                    None => not_found(&self.paths, &none),
                });
            }
        };
        let what = damage.map_or("it is gone".to_owned(), |damage| damage.to_string());
        Ok((self.outcome(Some(what), Some(source), &state), Some(Work { good, damaged })))
    }

    fn outcome(
        &self,
        damage: Option<String>,
        source: Option<RepairSource>,
        state: &super::State,
    ) -> RepairOutcome {
        RepairOutcome {
            path: self.paths.state.display().to_string(),
            damage,
            source,
            saved_at: Some(state.updated_at().to_owned()).filter(|when| !when.is_empty()),
            machines: state.machines().map(|machine| machine.machine_name.to_owned()).collect(),
            kept_aside: None,
            repaired: false,
            warnings: Vec::new(),
        }
    }

    /// Gives the damaged file a second name, which stays when the first goes to the good state. A folder is moved.
    fn keep(&self, damaged: &Damaged, aside: &Path) -> io::Result<()> {
        match damaged {
            Damaged::Nothing => Ok(()),
            Damaged::Folder => self.disk.replace(&self.paths.state, aside),
            Damaged::File(bytes) => self.disk.link(&self.paths.state, aside).or_else(|_| {
                self.copy(bytes, aside).inspect_err(|_| {
                    let _ = self.disk.remove(aside);
                })
            }),
        }
    }

    /// Nothing was put in the damaged file's place after all. What cannot be undone either does no harm: it is one
    /// more copy, or a folder that stays aside.
    fn undo(&self, damaged: &Damaged, aside: &Path) {
        let _ = match damaged {
            Damaged::Nothing => Ok(()),
            Damaged::Folder => self.disk.replace(aside, &self.paths.state),
            Damaged::File(_) => self.disk.remove(aside),
        };
    }

    fn copy(&self, bytes: &[u8], to: &Path) -> io::Result<()> {
        let mut file = self.disk.create(to)?;
        self.disk.write(&mut file, bytes)?;
        self.disk.flush(&file)
    }

    /// A name that is still free: a repair that failed a moment ago may have kept the file already.
    fn aside(&self) -> PathBuf {
        let now = clock::now_in_file_name();
        let first = format!("state.json.damaged-{now}");
        let more = (2u32..).map(|n| format!("state.json.damaged-{now}-{n}"));
        let mut free = iter::once(first).chain(more).map(|name| self.paths.folder.join(name));
        free.find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_default()
    }
}

/// What a repair has to do.
struct Work {
    good: Vec<u8>,
    damaged: Damaged,
}

/// What stands in the state's place.
enum Damaged {
    Nothing,
    File(Vec<u8>),
    Folder,
}
