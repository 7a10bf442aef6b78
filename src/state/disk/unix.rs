//! The operations whose implementation is Linux' own.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

pub(crate) fn create_private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)
}

/// Makes a folder that only its owner may enter; the folder above it must be there.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(folder)
}

/// `ENOLCK`: what NFS answers without its lock daemon.
pub(crate) const NO_LOCKS: [i32; 1] = [37];

/// Opens a file for reading and writing, and makes it where it is missing. A link in its place is an error, and not followed.
pub(crate) fn open_no_link(file: &Path) -> io::Result<File> {
    // O_NOFOLLOW, whose number depends on the processor.
    let no_follow =
        if cfg!(any(target_arch = "aarch64", target_arch = "arm")) { 0o100_000 } else { 0o400_000 };
    OpenOptions::new().read(true).write(true).create(true).truncate(false).custom_flags(no_follow).open(file)
}

pub(crate) fn protect_like(file: &File, _path: &Path, model: &Path) -> io::Result<()> {
    let wanted = fs::metadata(model)?;
    let given = file.metadata()?;
    if (wanted.uid(), wanted.gid()) != (given.uid(), given.gid()) {
        // Only root may change the owner. Any other user who replaces the file of another becomes its owner.
        let _ = fchown(file, Some(wanted.uid()), Some(wanted.gid()));
    }
    match wanted.mode() == given.mode() {
        true => Ok(()),
        false => file.set_permissions(Permissions::from_mode(wanted.mode() & 0o7777)),
    }
}

pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// On Linux no program can prevent the replacement of a file by having it open.
pub(crate) fn is_held(_error: &io::Error) -> bool {
    false
}

pub(crate) fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}
