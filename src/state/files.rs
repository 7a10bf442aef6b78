//! The files in `.ragnatramp`: the state, its backup, its lock, the locks of a watch and of a run, and the temp files of a save
//! (`.state.json.<process id>.<16 hex digits>.tmp`).

use std::path::{Path, PathBuf};
use std::process;

use super::disk::{Disk, random};

/// The paths of the files of one config's state, all in `<config folder>/.ragnatramp`.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// The config, as it was given.
    pub(crate) config: PathBuf,
    /// The folder of all the others.
    pub(crate) folder: PathBuf,
    /// The state itself.
    pub(crate) state: PathBuf,
    /// The state before the last save.
    pub(crate) backup: PathBuf,
    /// The file that is locked while the state is read, changed and written. Never deleted.
    pub(crate) lock: PathBuf,
    /// Who holds that lock: a file of its own, because a locked file cannot be read on Windows.
    pub(crate) holder: PathBuf,
    /// The file that a watch keeps locked as long as it runs. Never deleted.
    pub(crate) watch_lock: PathBuf,
    /// Which watch that is.
    pub(crate) watch_holder: PathBuf,
    /// The file that a run which changes machines keeps locked as long as it lasts. Never deleted.
    pub(crate) change_lock: PathBuf,
    /// Which run that is.
    pub(crate) change_holder: PathBuf,
}

impl Files {
    pub(crate) fn of(config: &Path) -> Self {
        let folder = config.parent().unwrap_or(Path::new("")).join(".ragnatramp");
        Files {
            config: config.to_owned(),
            state: folder.join("state.json"),
            backup: folder.join("state.json.bak"),
            lock: folder.join("state.lock"),
            holder: folder.join("state.lock.json"),
            watch_lock: folder.join("watch.lock"),
            watch_holder: folder.join("watch.lock.json"),
            change_lock: folder.join("run.lock"),
            change_holder: folder.join("run.lock.json"),
            folder,
        }
    }

    /// The config's path as text, as it is compared and shown.
    pub(crate) fn config_text(&self) -> String {
        self.config.to_string_lossy().into_owned()
    }
}

const PREFIX: &str = ".state.json.";
const SUFFIX: &str = ".tmp";

/// The path of a temp file, which is removed when this is dropped.
pub(crate) struct TempFile<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    remove_on_drop: bool,
}

impl<'a> TempFile<'a> {
    /// Chooses a name; makes no file.
    pub(crate) fn in_folder(disk: &'a dyn Disk, folder: &Path) -> Self {
        let name = format!("{PREFIX}{}.{:016x}{SUFFIX}", process::id(), random());
        TempFile { disk, path: folder.join(name), remove_on_drop: true }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file has another name now, so there is nothing to remove.
    pub(crate) fn renamed(mut self) {
        self.remove_on_drop = false;
    }
}

impl Drop for TempFile<'_> {
    fn drop(&mut self) {
        if self.remove_on_drop {
            // The next save sweeps what cannot be removed now.
            let _ = self.disk.remove(&self.path);
        }
    }
}

/// Removes the temp files of runs that died. Only to be called under the lock: temp files are made under the lock only,
/// so none of them can be in use.
pub(crate) fn sweep(disk: &dyn Disk, folder: &Path) {
    for name in disk.names(folder).unwrap_or_default() {
        if name.to_str().is_some_and(is_temp) {
            let _ = disk.remove(&folder.join(name));
        }
    }
}

fn is_temp(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.and_then(|middle| middle.split_once('.')).is_some_and(|(process, random)| {
        !process.is_empty()
            && process.bytes().all(|c| c.is_ascii_digit())
            && random.len() == 16
            && random.bytes().all(|c| c.is_ascii_hexdigit())
    })
}
