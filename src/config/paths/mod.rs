//! Paths as text, by the rules of either platform, as node's `path` module has them. Nothing is looked up on a disk.

mod expand;
mod posix;
mod reach;
#[cfg(test)]
mod tests;
mod windows;

pub(super) use expand::{LONGEST, PathError, expand};
pub(crate) use reach::Reach;

use super::environment::Platform;

impl Platform {
    /// Whether `path` needs no other path to be complete. On Windows a path without a drive may be.
    pub(crate) fn is_absolute(self, path: &str) -> bool {
        match self {
            Platform::Windows => windows::is_absolute(path),
            Platform::Posix => path.starts_with('/'),
        }
    }

    /// `path` as seen from the absolute folder `base`: absolute, without `.`, `..`, doubled or trailing slashes.
    pub(crate) fn resolve(self, base: &str, path: &str) -> String {
        match self {
            Platform::Windows => windows::resolve(base, path),
            Platform::Posix => posix::resolve(base, path),
        }
    }

    /// `rest` below `folder`, without `.`, `..` and doubled slashes. A trailing slash stays.
    pub(crate) fn join(self, folder: &str, rest: &str) -> String {
        match self {
            Platform::Windows => windows::join(folder, rest),
            Platform::Posix => posix::join(folder, rest),
        }
    }

    /// The folder that holds `path`, which is absolute and resolved.
    pub(crate) fn folder_of(self, path: &str) -> &str {
        match self {
            Platform::Windows => windows::folder_of(path),
            Platform::Posix => posix::folder_of(path),
        }
    }

    /// The last part of `path`.
    pub(crate) fn file_name(self, path: &str) -> &str {
        let separators: &[char] = match self {
            Platform::Windows => &['\\', '/'],
            Platform::Posix => &['/'],
        };
        path.rsplit(separators).next().unwrap_or(path)
    }
}
