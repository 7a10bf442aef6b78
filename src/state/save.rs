//! The atomic replacement: whoever reads the file, at whatever moment, and whatever dies, gets the whole old or
//! the whole new one.
//!
//! 1. A temp file is made beside the target, exclusively; written; flushed to the disk.
//! 2. The old state gets a second name. A link costs no flush, and its content has been flushed by its own save.
//! 3. The target is compared once more with what was read: the original tool takes no lock.
//! 4. The temp file is renamed over the target, and the second name of the old state over the backup. In this
//!    order the backup never shares its content with the state.
//! 5. The folder is flushed.

use std::io;
use std::time::Duration;

use crate::error::{Code, Error, Result};

use super::disk::Disk;
use super::paths::Paths;
use super::patience::patiently;
use super::temp::{self, Temp};
use super::trouble::{gave_up, io_failed};

/// What must stand at the target just before it is replaced.
pub(crate) enum Over<'a> {
    /// Nothing: the state is made for the first time.
    Nothing,
    /// Exactly these bytes, a good state that becomes the backup.
    Good(&'a [u8]),
    /// Exactly these bytes, which are damaged, have been kept aside, and must not become the backup.
    Damaged(&'a [u8]),
}

/// A save in the making. The lock must be held.
pub(crate) struct Saving<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) paths: &'a Paths,
    /// How long a file may be held by another program before the save is given up.
    pub(crate) patience: Duration,
}

impl Saving<'_> {
    /// Replaces the state. What it returns are warnings: the state is saved, but something beside it failed.
    pub(crate) fn save(&self, bytes: &[u8], over: &Over<'_>) -> Result<Vec<String>> {
        let (disk, paths) = (self.disk, self.paths);
        let mut warnings = Vec::new();
        temp::sweep(disk, &paths.folder);
        let new = self.write_new(bytes, &mut warnings);
        let new = new.map_err(|error| io_failed("write", &paths.state, &error))?;
        let old = match over {
            Over::Good(old) => match self.second_name(old, &mut warnings) {
                Ok(temp) => Some(temp),
                Err(error) => {
                    warnings.push(no_backup(&error));
                    None
                }
            },
            Over::Nothing | Over::Damaged(_) => None,
        };
        self.put(&new, over)?;
        new.gone();
        if let Some(old) = old {
            match patiently(disk, self.patience, || disk.replace(old.path(), &paths.backup)) {
                Ok(()) => old.gone(),
                Err(how) => warnings.push(no_backup(&how.error)),
            }
        }
        if let Err(error) = disk.flush_folder(&paths.folder) {
            warnings.push(format!(
                "The state is saved, but {} could not be flushed to the disk ({error}): a power failure now could \
                 bring the old state back.",
                paths.folder.display()
            ));
        }
        Ok(warnings)
    }

    /// A temp file with these bytes, on the disk, protected as the present state is.
    fn write_new(&self, bytes: &[u8], warnings: &mut Vec<String>) -> io::Result<Temp<'_>> {
        let temp = Temp::in_folder(self.disk, &self.paths.folder);
        let mut file = self.disk.create(temp.path())?;
        self.disk.write(&mut file, bytes)?;
        match self.disk.protect_like(&file, temp.path(), &self.paths.state) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => warnings.push(format!(
                "The permissions of {} could not be kept ({error}).",
                self.paths.state.display()
            )),
            _ => {}
        }
        self.disk.flush(&file)?;
        Ok(temp)
    }

    /// The old state under a temp name: by a link, or by a copy where the file system has no links.
    fn second_name(&self, old: &[u8], warnings: &mut Vec<String>) -> io::Result<Temp<'_>> {
        let temp = Temp::in_folder(self.disk, &self.paths.folder);
        match self.disk.link(&self.paths.state, temp.path()) {
            Ok(()) => Ok(temp),
            Err(_) => self.write_new(old, warnings),
        }
    }

    /// Compares and renames, again and again while somebody holds the target.
    fn put(&self, new: &Temp<'_>, over: &Over<'_>) -> Result<()> {
        let target = &self.paths.state;
        let attempt = || match self.is_still(over)? {
            true => self.disk.replace(new.path(), target).map(|()| true),
            false => Ok(false),
        };
        match patiently(self.disk, self.patience, attempt) {
            Ok(true) => Ok(()),
            Ok(false) => Err(changed(self.paths)),
            Err(how) => Err(gave_up("replace", target, &how)),
        }
    }

    fn is_still(&self, over: &Over<'_>) -> io::Result<bool> {
        let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        match (over, self.disk.read(&self.paths.state)) {
            (Over::Good(expected) | Over::Damaged(expected), Ok(found)) => Ok(found == *expected),
            (Over::Nothing, Ok(_)) => Ok(false),
            (Over::Nothing, Err(error)) if absent(&error) => Ok(true),
            (_, Err(error)) if absent(&error) => Ok(false),
            (_, Err(error)) => Err(error),
        }
    }
}

fn changed(paths: &Paths) -> Error {
    let shown = paths.state.display();
    Error::new(
        Code::StateConflict,
        format!("{shown} was changed by another program while this command was about to write it. Nothing was written."),
    )
    .in_file(shown.to_string())
    .with_remedy("If the original ragnatramp is running on this folder, wait for it; then run the command again.")
}

fn no_backup(error: &io::Error) -> String {
    format!("The state is saved, but its backup could not be renewed ({error}): it is still the one before.")
}
