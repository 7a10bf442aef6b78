//! The atomic replacement: a reader at any moment, and a crash at any step, finds the whole old or the whole new state.
//!
//! 1. A temp file is made beside the target, exclusively; written; flushed to the disk.
//! 2. The old state gets a second name. A link costs no flush, and its content was flushed by its own save.
//! 3. The target is compared once more with what was read, because the original tool takes no lock.
//! 4. The temp file is renamed over the target, and the second name of the old state over the backup. In this order the
//!    backup never shares its content with the state.
//! 5. The folder is flushed.

use std::io;
use std::time::Duration;

use super::disk::{Disk, retry_while_held};
use super::error::{SaveWarning, StateError};
use super::files::{Files, TempFile, sweep};

/// What must be at the target just before it is replaced.
pub(crate) enum Expected<'a> {
    /// Nothing: this is the first state.
    Nothing,
    /// Exactly these bytes, a good state that becomes the backup.
    Good(&'a [u8]),
    /// Exactly these bytes, which are damaged, were kept aside, and must not become the backup.
    Damaged(&'a [u8]),
}

/// A save. Only to be used under the lock.
pub(crate) struct Save<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) files: &'a Files,
    /// How long to retry while another program holds a file.
    pub(crate) retry_limit: Duration,
}

impl Save<'_> {
    /// Replaces the state. The warnings say what failed beside it.
    pub(crate) fn replace(
        &self,
        bytes: &[u8],
        expected: &Expected<'_>,
    ) -> Result<Vec<SaveWarning>, StateError> {
        let (disk, files) = (self.disk, self.files);
        let mut warnings = Vec::new();
        sweep(disk, &files.folder);
        let new = self.write_temp(bytes, &mut warnings).map_err(StateError::io("write", &files.state))?;
        let old = match expected {
            Expected::Good(old) => match self.second_name(old, &mut warnings) {
                Ok(temp) => Some(temp),
                Err(source) => {
                    warnings.push(SaveWarning::Backup { source });
                    None
                }
            },
            Expected::Nothing | Expected::Damaged(_) => None,
        };
        self.rename(&new, expected)?;
        new.renamed();
        if let Some(old) = old {
            match retry_while_held(disk, self.retry_limit, || disk.replace(old.path(), &files.backup)) {
                Ok(()) => old.renamed(),
                Err(failure) => warnings.push(SaveWarning::Backup { source: failure.source }),
            }
        }
        if let Err(source) = disk.flush_folder(&files.folder) {
            warnings.push(SaveWarning::FolderNotFlushed { folder: files.folder.clone(), source });
        }
        Ok(warnings)
    }

    /// A temp file with these bytes, flushed, with the permissions of the present state.
    fn write_temp(&self, bytes: &[u8], warnings: &mut Vec<SaveWarning>) -> io::Result<TempFile<'_>> {
        let temp = TempFile::in_folder(self.disk, &self.files.folder);
        let mut file = self.disk.create(temp.path())?;
        self.disk.write(&mut file, bytes)?;
        match self.disk.protect_like(&file, temp.path(), &self.files.state) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                warnings.push(SaveWarning::Permissions { state: self.files.state.clone(), source });
            }
            _ => {}
        }
        self.disk.flush(&file)?;
        Ok(temp)
    }

    /// The old state under a temp name: by a link, or by a copy where the file system has no links.
    fn second_name(&self, old: &[u8], warnings: &mut Vec<SaveWarning>) -> io::Result<TempFile<'_>> {
        let temp = TempFile::in_folder(self.disk, &self.files.folder);
        match self.disk.link(&self.files.state, temp.path()) {
            Ok(()) => Ok(temp),
            Err(_) => self.write_temp(old, warnings),
        }
    }

    /// Compares and renames. A retry compares again.
    fn rename(&self, new: &TempFile<'_>, expected: &Expected<'_>) -> Result<(), StateError> {
        let target = &self.files.state;
        let attempt = || match self.is_still(expected)? {
            true => self.disk.replace(new.path(), target).map(|()| true),
            false => Ok(false),
        };
        match retry_while_held(self.disk, self.retry_limit, attempt) {
            Ok(true) => Ok(()),
            Ok(false) => Err(StateError::Changed { state: target.clone() }),
            Err(failure) => Err(failure.into_error("replace", target)),
        }
    }

    fn is_still(&self, expected: &Expected<'_>) -> io::Result<bool> {
        let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        match (expected, self.disk.read(&self.files.state)) {
            (Expected::Good(expected) | Expected::Damaged(expected), Ok(found)) => Ok(found == *expected),
            (Expected::Nothing, Ok(_)) => Ok(false),
            (Expected::Nothing, Err(error)) if absent(&error) => Ok(true),
            (_, Err(error)) if absent(&error) => Ok(false),
            (_, Err(error)) => Err(error),
        }
    }
}
