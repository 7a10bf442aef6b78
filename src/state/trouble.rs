//! From an error of the disk to one that says what was tried, on which file, and what may help.

use std::io;
use std::path::Path;

use crate::error::{Code, Error};

use super::patience::GaveUp;

/// The disk refused `doing` (as in "write") with `path`.
pub(crate) fn io_failed(doing: &str, path: &Path, error: &io::Error) -> Error {
    let shown = path.display();
    Error::new(Code::StateIoFailed, format!("Could not {doing} {shown}: {error}."))
        .in_file(shown.to_string())
        .with_remedy(remedy(error.kind()))
}

/// The attempt at `doing` with `path` was given up.
pub(crate) fn gave_up(doing: &str, path: &Path, how: &GaveUp) -> Error {
    let Some(held_for) = how.held_for else { return io_failed(doing, path, &how.error) };
    let (shown, seconds, error) = (path.display(), held_for.as_secs(), &how.error);
    Error::new(
        Code::StateIoFailed,
        format!("Could not {doing} {shown}: another program has held it for {seconds} s ({error})."),
    )
    .in_file(shown.to_string())
    .with_remedy(
        "An editor, a virus scanner, a backup or a program that syncs folders may have it open, or it is \
         read-only or not yours to write. Close what holds it and run the command again. The state is as it was.",
    )
}

fn remedy(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied => {
            "Look at the permissions of the file and its folder: they must be yours to write. The state is as it was."
        }
        io::ErrorKind::ReadOnlyFilesystem => "The file system is mounted read-only. The state is as it was.",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some space on that disk and run the command again. The state is as it was."
        }
        _ => "The state is as it was. If it happens again, look at the disk.",
    }
}
