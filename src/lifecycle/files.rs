//! The work on disk files that is not Hyper-V's: copies and deletions, in pieces that are short enough to be cancelled between
//! them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::error::{Code, Error, Result};

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// How many bytes there are of it.
    pub copied_bytes: u64,
    /// How many it will have.
    pub total_bytes: u64,
    /// Whether it is whole and has its name.
    pub done: bool,
}

/// How long one piece of a copy takes, about.
const PIECE: Duration = Duration::from_millis(500);

/// Copies one more piece of `source` to `<path>.partial`, which becomes `path` when it is whole and on the disk. With `restart`
/// it begins anew. A file at `path` is never overwritten.
///
/// # Errors
/// `DISK_IO_FAILED`, `DISK_IN_PLACE` where there is a file at `path`.
pub fn copy_piece(source: &Path, path: &Path, restart: bool) -> Result<Copied> {
    let partial = begin_partial(path, restart)?;
    let mut from = File::open(source).map_err(|error| io_failed("read", source, error))?;
    let total_bytes = from.metadata().map_err(|error| io_failed("read", source, error))?.len();
    let mut options = OpenOptions::new();
    if restart {
        options.write(true).create_new(true)
    } else {
        options.append(true)
    };
    let mut to = options.open(&partial).map_err(|error| io_failed("write", &partial, error))?;
    let mut copied_bytes = to.metadata().map_err(|error| io_failed("read", &partial, error))?.len();
    io::Seek::seek(&mut from, io::SeekFrom::Start(copied_bytes))
        .map_err(|error| io_failed("read", source, error))?;
    if copied_bytes > total_bytes {
        return Err(changed(source));
    }
    let until = Instant::now() + PIECE;
    let mut buffer = vec![0; 1 << 20];
    while copied_bytes < total_bytes && Instant::now() < until {
        let read = from.read(&mut buffer).map_err(|error| io_failed("read", source, error))?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
            return Err(changed(source));
        };
        to.write_all(piece).map_err(|error| io_failed("write", &partial, error))?;
        copied_bytes += piece.len() as u64;
    }
    let done = copied_bytes == total_bytes;
    if done {
        to.sync_all().map_err(|error| io_failed("write", &partial, error))?;
        drop(to);
        complete_partial(&partial, path)?;
    }
    Ok(Copied { copied_bytes, total_bytes, done })
}

/// Writes a file: as `<path>.partial`, which becomes `path` when it is whole and on the disk. A file at `path` is never
/// overwritten.
///
/// # Errors
/// `DISK_IO_FAILED`, `DISK_IN_PLACE` where there is a file at `path`.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: io::Error| io_failed("write", path, error);
    let partial = begin_partial(path, true)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(&partial).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    drop(file);
    complete_partial(&partial, path)
}

/// Where a file is written until it is whole; with `restart`, what an earlier run left there is deleted.
fn begin_partial(path: &Path, restart: bool) -> Result<PathBuf> {
    refuse_in_place(path)?;
    let partial = PathBuf::from(partial_of(&path.to_string_lossy()));
    if restart {
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(io_failed("delete", &partial, error));
            }
            _ => {}
        }
    }
    Ok(partial)
}

/// Gives a file that is whole, and on the disk, its name. Looks again first: the copy took its time.
fn complete_partial(partial: &Path, path: &Path) -> Result<()> {
    refuse_in_place(path)?;
    fs::rename(partial, path).map_err(|error| io_failed("rename", partial, error))
}

fn refuse_in_place(path: &Path) -> Result<()> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    Err(Error::new(Code::DiskInPlace, format!("{} is there already.", path.display()))
        .with_remedy("It is never overwritten. Move it away or delete it if it is not needed.")
        .in_file(path.display().to_string()))
}

fn changed(source: &Path) -> Error {
    Error::new(Code::DiskIoFailed, format!("{} became shorter while it was copied.", source.display()))
        .with_remedy("Let no VM and no program change a base image; then run the command again.")
        .in_file(source.display().to_string())
}

/// What a copy that is not whole is called.
pub(super) fn partial_of(path: &str) -> String {
    format!("{path}.partial")
}

/// What became of a deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// Whether nothing is there any more.
    pub done: bool,
    /// Why it is there still; where another program holds it, the caller tries again.
    pub left: Option<String>,
    /// Whether trying again can help.
    pub can_retry: bool,
}

impl Deleted {
    fn gone() -> Self {
        Self { done: true, left: None, can_retry: false }
    }

    fn left(why: impl Into<String>) -> Self {
        Self { done: false, left: Some(why.into()), can_retry: false }
    }

    /// What a failed deletion means.
    fn refused(path: &Path, error: io::Error) -> Result<Self> {
        if error.kind() == ErrorKind::NotFound {
            return Ok(Self::gone());
        }
        if is_held(&error) {
            return Ok(Self { can_retry: true, ..Self::left(format!("another program holds it ({error})")) });
        }
        Err(io_failed("delete", path, error))
    }
}

/// Deletes one file; what is no file, a link included, is left. A file that is not there counts as deleted.
///
/// # Errors
/// `DISK_IO_FAILED` where that fails for good.
pub fn delete_file(path: &Path) -> Result<Deleted> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Deleted::gone());
        }
        Err(error) => return Err(io_failed("read", path, error)),
    };
    if !found.is_file() {
        return Ok(Deleted::left("it is no file"));
    }
    match fs::remove_file(path).or_else(|error| writable(path, &found, error)) {
        Ok(()) => Ok(Deleted::gone()),
        Err(error) => Deleted::refused(path, error),
    }
}

/// Windows deletes no file that is read-only, which a copy of a read-only image is.
#[allow(clippy::permissions_set_readonly_false, reason = "the file is deleted at once")]
fn writable(path: &Path, found: &fs::Metadata, error: io::Error) -> io::Result<()> {
    let mut permissions = found.permissions();
    if !(cfg!(windows) && permissions.readonly()) {
        return Err(error);
    }
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions)?;
    fs::remove_file(path)
}

/// The folders that Hyper-V makes in a VM's own and leaves behind.
const LEFT_BY_HYPER_V: [&str; 3] = ["Virtual Machines", "Snapshots", "Virtual Hard Disks"];

/// Deletes a folder that holds nothing but Hyper-V's own empty folders; any other is left.
///
/// # Errors
/// `DISK_IO_FAILED` where it cannot be read.
pub fn delete_folder(path: &Path) -> Result<Deleted> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Ok(Deleted::left("it is no folder")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Deleted::gone());
        }
        Err(error) => return Err(io_failed("read", path, error)),
    }
    for name in LEFT_BY_HYPER_V {
        let inner = path.join(name);
        if fs::symlink_metadata(&inner).is_ok_and(|found| found.is_dir()) {
            // A folder that is not empty is refused by the system, and stays.
            let _ = fs::remove_dir(&inner);
        }
    }
    match fs::remove_dir(path) {
        Ok(()) => Ok(Deleted::gone()),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {
            let entries = fs::read_dir(path).map_err(|error| io_failed("read", path, error))?;
            let names: Vec<String> = entries
                .flatten()
                .take(5)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            Ok(Deleted::left(format!("it holds {}", names.join(", "))))
        }
        Err(error) => Deleted::refused(path, error),
    }
}

/// Sharing violation, lock violation, access denied: what a scanner or a merge that ends late causes for a moment.
fn is_held(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

fn io_failed(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(Code::DiskIoFailed, format!("Could not {what} {}: {error}", path.display()))
        .with_remedy(
            "Look at the file's rights, at the room on the disk, and whether another program holds it.",
        )
        .in_file(path.display().to_string())
        .caused_by(error)
}
