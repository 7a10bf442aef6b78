//! The name of a machine's VM, and when two paths are the same.

use super::environment::Platform;
use super::patterns::{MACHINE_NAME_LENGTH, is_name};
use crate::hash::hash8;

/// The most characters of a computer name of Windows: it is its name in NetBIOS, too, which has no room for a sixteenth.
pub const COMPUTER_NAME_LENGTH: usize = 15;

/// The hash of a config's absolute path: `\` counts as `/`, and case does not count.
pub fn path_hash(config_path: &str) -> String {
    hash8(config_path.replace('\\', "/").to_lowercase().as_bytes())
}

/// The names of the VMs of a config in Hyper-V.
#[derive(Debug, Clone)]
pub struct VmNames<'a> {
    project: &'a str,
    path_hash: String,
}

impl<'a> VmNames<'a> {
    /// Those of the config of that project at that path (absolute).
    pub fn new(project: &'a str, config_path: &str) -> Self {
        VmNames { project, path_hash: path_hash(config_path) }
    }

    /// The lab: project and config, without blanks. Guests are told it beside their block.
    pub fn lab(&self) -> String {
        format!("{}-{}", self.project, self.path_hash)
    }

    /// The name of a machine's VM.
    pub fn of(&self, machine: &str) -> String {
        format!("{}-{machine}-{}", self.project, self.path_hash)
    }
}

/// Whether `text` has the form of the name of a machine; it may still be reserved.
pub fn is_machine_name(text: &str) -> bool {
    text.len() <= MACHINE_NAME_LENGTH && is_name(text)
}

/// Whether two absolute paths are the same to Windows: their [`path_key`] is.
pub fn same_path(left: &str, right: &str) -> bool {
    left == right || path_key(left) == path_key(right)
}

/// An absolute path in the one spelling that all spellings of it share: case does not count, `/` is `\`, a separator at the end or
/// a second one in a row does not count, nor does the prefix `\\?\` of a long path. `.` and `..` are folded as Windows folds them: by
/// the text alone. Links are not followed.
pub fn path_key(path: &str) -> String {
    let mut key = if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase() };
    if key.contains('/') {
        key = key.replace('/', "\\");
    }
    if let Some(share) = key.strip_prefix("\\\\?\\unc\\") {
        key = format!("\\\\{share}");
    } else if let Some(long) = key.strip_prefix("\\\\?\\") {
        key = long.to_owned();
    }
    let may_fold = key.contains("\\.") || key.get(1..).is_some_and(|rest| rest.contains("\\\\"));
    if may_fold && Platform::Windows.is_absolute(&key) {
        let folded = Platform::Windows.resolve("", &key);
        // What begins like a share and is none stays as it is, so that it is no path of this computer.
        if folded.starts_with("\\\\") == key.starts_with("\\\\") {
            key = folded;
        }
    }
    key.truncate(key.trim_end_matches('\\').len());
    key
}
