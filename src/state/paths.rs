//! Where the files of a state lie.

use std::path::{Path, PathBuf};

/// The files of one config's state, all in `<config folder>/.ragnatramp`.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The config, as it was given.
    pub(crate) config: PathBuf,
    /// The folder of all the others.
    pub(crate) folder: PathBuf,
    /// The state itself.
    pub(crate) state: PathBuf,
    /// The state before the last save.
    pub(crate) backup: PathBuf,
    /// What is locked while the state is read, changed and written. Never deleted.
    pub(crate) lock: PathBuf,
    /// Who holds that lock: a file of its own, because a locked one cannot be read on Windows.
    pub(crate) holder: PathBuf,
}

impl Paths {
    pub(crate) fn of(config: &Path) -> Self {
        let folder = config.parent().unwrap_or(Path::new("")).join(".ragnatramp");
        Paths {
            config: config.to_owned(),
            state: folder.join("state.json"),
            backup: folder.join("state.json.bak"),
            lock: folder.join("state.lock"),
            holder: folder.join("state.lock.json"),
            folder,
        }
    }

    /// The config's path as text, as it is compared and shown.
    pub(crate) fn config_text(&self) -> String {
        self.config.to_string_lossy().into_owned()
    }
}
