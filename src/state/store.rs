//! The store: reading the state of a config, and changing it so that nothing is ever lost.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Result;
use crate::hash::sha256_hex;

use super::backup::{Backup, corrupted, not_found};
use super::clock;
use super::disk::{Disk, RealDisk};
use super::lock::{Lock, Waiting};
use super::look::Look;
use super::model::State;
use super::paths::Paths;
use super::save::{Over, Saving};
use super::trouble::io_failed;

/// The state of one config, on the disk.
pub struct Store {
    pub(crate) disk: Box<dyn Disk>,
    pub(crate) paths: Paths,
    project: Option<String>,
    pub(crate) patience: Duration,
}

/// A state as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What it says.
    pub state: State,
    /// The bytes that said so.
    pub bytes: Vec<u8>,
}

impl Snapshot {
    /// The SHA-256 of the file's bytes, in lower-case hex.
    pub fn digest(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Whether the file was written; it is not where nothing changed.
    pub written: bool,
    /// The state as it now stands in the file.
    pub state: State,
    /// What failed beside the save, which is done all the same.
    pub warnings: Vec<String>,
}

/// How a change waits for its turn.
pub struct UpdateOptions<'a> {
    /// How long to wait in all for another run that holds the lock; 30 s unless told otherwise.
    pub wait: Duration,
    /// How much of that earlier calls have waited already.
    pub waited: Duration,
    /// How long this call may wait at most, where its caller wants to do something in between.
    pub at_once: Duration,
    /// Told at once when there is somebody to wait for, and then every second.
    pub on_wait: Option<&'a mut dyn FnMut(&Waiting)>,
}

impl Default for UpdateOptions<'_> {
    fn default() -> Self {
        let wait = Duration::from_secs(30);
        UpdateOptions { wait, waited: Duration::ZERO, at_once: Duration::MAX, on_wait: None }
    }
}

impl Store {
    /// The store of the config at `config_path`, which is absolute: `<its folder>/.ragnatramp/state.json`.
    pub fn new(config_path: impl Into<PathBuf>) -> Self {
        Store::on(RealDisk, config_path)
    }

    /// The same on another disk.
    pub fn on(disk: impl Disk + 'static, config_path: impl Into<PathBuf>) -> Self {
        let paths = Paths::of(&config_path.into());
        Store { disk: Box::new(disk), paths, project: None, patience: Duration::from_secs(10) }
    }

    /// Also refuses the state of another project.
    #[must_use]
    pub fn for_project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// How long a file may be held by another program before an operation is given up; 10 s unless told otherwise.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Where the state is.
    pub fn path(&self) -> &Path {
        &self.paths.state
    }

    /// Reads the state, without the lock: a save replaces the file as a whole, so there is always a whole one.
    ///
    /// # Errors
    /// `STATE_NOT_FOUND`, `STATE_CORRUPTED` (with the condition of the backup), `STATE_CONFLICT` where it belongs
    /// to another config or project, `STATE_IO_FAILED`.
    pub fn read(&self) -> Result<Snapshot> {
        match self.look()? {
            Look::Good(snapshot) => {
                self.check_owner(&snapshot.state, self.project.as_deref())?;
                Ok(snapshot)
            }
            Look::Damaged { damage, recovered, .. } => {
                Err(corrupted(&self.paths, &damage, recovered.is_some(), &self.backup()))
            }
            Look::Missing => Err(not_found(&self.paths, &self.backup())),
        }
    }

    /// Changes the state: takes the lock, reads the file again, lets `change` put in what it learned, and saves.
    /// `change` answers whether anything changed; where it did not, the file is left alone, byte for byte.
    ///
    /// # Errors
    /// Those of [`Store::read`] and of `change`; `STATE_LOCKED` where another run holds the lock until the wait is
    /// over; `STATE_CONFLICT` where somebody without the lock changed the file meanwhile; `STATE_IO_FAILED`. After
    /// an error the file is as it was.
    pub fn update(
        &self,
        options: UpdateOptions<'_>,
        change: impl FnOnce(&mut State) -> Result<bool>,
    ) -> Result<Saved> {
        if !self.paths.folder.is_dir() {
            return Err(not_found(&self.paths, &self.backup()));
        }
        let _lock = self.lock(options)?;
        let Snapshot { mut state, bytes } = self.read()?;
        if !change(&mut state)? {
            // Whatever it did to the document, it does not count. Cheaper than a copy on every change.
            let state = State::parse(&bytes).unwrap_or(state);
            return Ok(Saved { written: false, state, warnings: Vec::new() });
        }
        state.set_updated_at(clock::now());
        let warnings = self.saving().save(&state.to_bytes(), &Over::Good(&bytes))?;
        Ok(Saved { written: true, state, warnings })
    }

    /// Writes the first state of a config, and makes its folder where it is missing.
    ///
    /// # Errors
    /// `STATE_CONFLICT` where there is a state already, `STATE_LOCKED`, `STATE_IO_FAILED`.
    pub fn create(&self, state: State, options: UpdateOptions<'_>) -> Result<Saved> {
        let folder = &self.paths.folder;
        std::fs::create_dir_all(folder).map_err(|error| io_failed("make the folder", folder, &error))?;
        let _lock = self.lock(options)?;
        let mut warnings = self.saving().save(&state.to_bytes(), &Over::Nothing)?;
        if let Some(Err(error)) = folder.parent().map(|parent| self.disk.flush_folder(parent)) {
            warnings.push(format!("{} is made, but not flushed to the disk ({error}).", folder.display()));
        }
        Ok(Saved { written: true, state, warnings })
    }

    pub(crate) fn lock(&self, options: UpdateOptions<'_>) -> Result<Lock> {
        Lock::take(&self.paths, options)
    }

    pub(crate) fn saving(&self) -> Saving<'_> {
        Saving { disk: self.disk.as_ref(), paths: &self.paths, patience: self.patience }
    }

    /// The backup, as far as it can be put back.
    pub(crate) fn backup(&self) -> Backup {
        Backup::look(self.disk.as_ref(), &self.paths)
    }

    pub(crate) fn check_owner(&self, state: &State, project: Option<&str>) -> Result<()> {
        let checked = state.check_owner(&self.paths.config_text(), project);
        checked.map_err(|error| error.in_file(self.paths.state.display().to_string()))
    }
}
