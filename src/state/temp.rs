//! Files that exist only while a state is saved: `.state.json.<process id>.<16 hex digits>.tmp`.

use std::path::{Path, PathBuf};
use std::process;

use super::disk::Disk;
use super::patience::random;

const PREFIX: &str = ".state.json.";
const SUFFIX: &str = ".tmp";

/// A name in that form, and the promise that no file of that name stays behind.
pub(crate) struct Temp<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    present: bool,
}

impl<'a> Temp<'a> {
    /// Chooses a name; makes no file yet.
    pub(crate) fn in_folder(disk: &'a dyn Disk, folder: &Path) -> Self {
        let name = format!("{PREFIX}{}.{:016x}{SUFFIX}", process::id(), random());
        Temp { disk, path: folder.join(name), present: true }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file has been renamed: there is nothing left to remove.
    pub(crate) fn gone(mut self) {
        self.present = false;
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if self.present {
            // What cannot be removed now is swept before the next save.
            let _ = self.disk.remove(&self.path);
        }
    }
}

/// Removes what savers that died have left behind. To be called under the lock only: such files are made under
/// the lock only, so whoever holds it knows that nobody works on any of them.
pub(crate) fn sweep(disk: &dyn Disk, folder: &Path) {
    for name in disk.names(folder).unwrap_or_default() {
        if name.to_str().is_some_and(is_ours) {
            let _ = disk.remove(&folder.join(name));
        }
    }
}

fn is_ours(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.and_then(|middle| middle.split_once('.')).is_some_and(|(process, random)| {
        !process.is_empty()
            && process.bytes().all(|c| c.is_ascii_digit())
            && random.len() == 16
            && random.bytes().all(|c| c.is_ascii_hexdigit())
    })
}
