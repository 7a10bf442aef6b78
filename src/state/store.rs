//! The store: reading the state of a config, and changing it so that nothing another run saved is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::names::same_path;
use crate::config::{Platform, Reach};
use crate::error::{Code, Error};

use super::disk::{Disk, RealDisk};
use super::document::State;
use super::error::{BackupCondition, Damage, SaveWarning, StateError};
use super::files::Files;
use super::lock::{Lock, LockOptions};
use super::reading::{Found, Snapshot, read_backup};
use super::save::{Expected, Save};
use super::timestamp::Timestamp;

/// The state of one config, on the disk.
pub struct Store {
    pub(crate) disk: Box<dyn Disk>,
    pub(crate) files: Files,
    project: Option<String>,
    retry_limit: Duration,
}

/// The result of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Whether the file was written; it is not where nothing changed.
    pub written: bool,
    /// The state as it is in the file now.
    pub state: State,
    /// What failed beside the save; the save itself is done.
    pub warnings: Vec<String>,
}

/// Does `run` for the config at `config_path`, and where the state there names the same file by another path (through a
/// junction, a link, a substituted or a mapped drive) again for that path: the names of the VMs and their Notes hold it.
///
/// # Errors
/// Those of `run`.
pub fn under_recorded_path<T>(
    config_path: &Path,
    run: impl Fn(&Path) -> Result<T, Error>,
) -> Result<T, Error> {
    match run(config_path) {
        Err(conflict) if conflict.code == Code::StateConflict => match recorded_path(config_path) {
            Some(recorded) => run(Path::new(&recorded)),
            None => Err(conflict),
        },
        done => done,
    }
}

/// The path of the config as its state names it; `None` where both name it alike, or where they are two files.
fn recorded_path(config_path: &Path) -> Option<String> {
    let Ok(Found::Good(snapshot)) = Store::new(config_path).find() else { return None };
    let recorded = snapshot.state.config_path();
    // A state may be a stranger's: a path into the network is not followed, since Windows would send it our name.
    let is_local = Platform::current().reach(recorded) == Reach::Disk;
    if same_path(recorded, &config_path.to_string_lossy()) || !is_local {
        return None;
    }
    let (theirs, ours) = (fs::canonicalize(recorded).ok()?, fs::canonicalize(config_path).ok()?);
    (theirs == ours).then(|| recorded.to_owned())
}

impl Store {
    /// The store of the config at `config_path`, which is absolute: `<its folder>/.ragnatramp/state.json`.
    pub fn new(config_path: impl Into<PathBuf>) -> Self {
        Store::on(RealDisk, config_path)
    }

    /// The same on another disk.
    pub fn on(disk: impl Disk + 'static, config_path: impl Into<PathBuf>) -> Self {
        Store {
            disk: Box::new(disk),
            files: Files::of(&config_path.into()),
            project: None,
            retry_limit: Duration::from_secs(10),
        }
    }

    /// Also refuses the state of another project.
    #[must_use]
    pub fn for_project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// How long to retry an operation while another program holds the file; 10 s by default.
    #[must_use]
    pub fn with_retry_limit(mut self, limit: Duration) -> Self {
        self.retry_limit = limit;
        self
    }

    /// The path of the state.
    pub fn path(&self) -> &Path {
        &self.files.state
    }

    /// Reads the state, without the lock: a save replaces the file as a whole, so there is always a whole one.
    ///
    /// # Errors
    /// `STATE_NOT_FOUND`, `STATE_CORRUPTED` (with the condition of the backup), `STATE_CONFLICT` where it belongs
    /// to another config or project, `STATE_IO_FAILED`.
    pub fn read(&self) -> Result<Snapshot, Error> {
        match self.find()? {
            Found::Good(snapshot) => {
                self.check_owner(&snapshot.state, self.project.as_deref())?;
                Ok(snapshot)
            }
            Found::Damaged { damage, recovered, .. } => {
                Err(self.damaged(damage, recovered.is_some(), condition(self.backup())).into())
            }
            Found::Missing => Err(self.missing(condition(self.backup())).into()),
        }
    }

    /// The same, and `None` where neither a state nor a backup of one is there: nothing was made of this config yet.
    ///
    /// # Errors
    /// Those of [`Store::read`], but for that case.
    pub fn read_if_begun(&self) -> Result<Option<Snapshot>, Error> {
        match (self.find()?, self.backup()) {
            (Found::Missing, Err(BackupCondition::Missing)) => Ok(None),
            _ => self.read().map(Some),
        }
    }

    /// Changes the state: takes the lock, reads the file again, lets `change` put in what it learned, and saves.
    /// `change` returns whether anything changed; where not, the file is left alone, byte for byte.
    ///
    /// # Errors
    /// Those of [`Store::read`] and of `change`; `STATE_LOCKED` where another run holds the lock until the wait is
    /// over; `STATE_CONFLICT` where a program without the lock changed the file at the same time; `STATE_IO_FAILED`.
    /// After an error the file is as it was.
    pub fn update(
        &self,
        options: LockOptions<'_>,
        change: impl FnOnce(&mut State) -> Result<bool, Error>,
    ) -> Result<Saved, Error> {
        if !self.files.folder.is_dir() {
            return Err(self.missing(condition(self.backup())).into());
        }
        let _lock = Lock::take(self.disk.as_ref(), &self.files, options)?;
        let Snapshot { mut state, bytes } = self.read()?;
        if !change(&mut state)? {
            // `change` may have changed the document all the same. To parse again costs less than a copy every time.
            let state = State::parse(&bytes).unwrap_or(state);
            return Ok(Saved { written: false, state, warnings: Vec::new() });
        }
        state.set_updated_at(Timestamp::now());
        let warnings = self.replace(&state.to_bytes(), &Expected::Good(&bytes))?;
        Ok(Saved { written: true, state, warnings: texts(&warnings) })
    }

    /// Writes the first state of a config, and makes its folder where it is missing.
    ///
    /// # Errors
    /// `STATE_CONFLICT` where there is a state already, `STATE_LOCKED`, `STATE_IO_FAILED`.
    pub fn create(&self, state: State, options: LockOptions<'_>) -> Result<Saved, Error> {
        let folder = &self.files.folder;
        std::fs::create_dir_all(folder).map_err(StateError::io("make the folder", folder))?;
        let _lock = Lock::take(self.disk.as_ref(), &self.files, options)?;
        let mut warnings = self.replace(&state.to_bytes(), &Expected::Nothing)?;
        if let Some(Err(source)) = folder.parent().map(|parent| self.disk.flush_folder(parent)) {
            warnings.push(SaveWarning::NewFolderNotFlushed { folder: folder.clone(), source });
        }
        Ok(Saved { written: true, state, warnings: texts(&warnings) })
    }

    /// What is at the path of the state, whichever config it belongs to.
    pub(crate) fn find(&self) -> Result<Found, StateError> {
        Found::read(self.disk.as_ref(), &self.files, self.retry_limit)
    }

    pub(crate) fn backup(&self) -> Result<Snapshot, BackupCondition> {
        read_backup(self.disk.as_ref(), &self.files)
    }

    /// Only to be called under the lock.
    pub(crate) fn replace(
        &self,
        bytes: &[u8],
        expected: &Expected<'_>,
    ) -> Result<Vec<SaveWarning>, StateError> {
        let save = Save { disk: self.disk.as_ref(), files: &self.files, retry_limit: self.retry_limit };
        save.replace(bytes, expected)
    }

    pub(crate) fn check_owner(&self, state: &State, project: Option<&str>) -> Result<(), Error> {
        let checked = state.check_owner(&self.files.config_text(), project);
        checked.map_err(|error| error.in_file(self.files.state.display().to_string()))
    }

    pub(crate) fn damaged(&self, damage: Damage, recoverable: bool, backup: BackupCondition) -> StateError {
        let (state, config) = (self.files.state.clone(), self.files.config_text());
        StateError::Damaged { state, config, damage, recoverable, backup }
    }

    pub(crate) fn missing(&self, backup: BackupCondition) -> StateError {
        let state = self.files.state.clone();
        match backup {
            BackupCondition::Good { .. } => {
                StateError::Gone { state, config: self.files.config_text(), backup }
            }
            _ => StateError::NotFound { state },
        }
    }
}

fn condition(backup: Result<Snapshot, BackupCondition>) -> BackupCondition {
    backup.map_or_else(
        |condition| condition,
        |Snapshot { state, .. }| BackupCondition::Good {
            saved_at: state.updated_at(),
            machines: state.machines().count(),
        },
    )
}

pub(crate) fn texts(warnings: &[SaveWarning]) -> Vec<String> {
    warnings.iter().map(SaveWarning::to_string).collect()
}
