//! The operations whose implementation is Windows' own.
#![allow(unsafe_code)]

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetFileSecurityW, GetSecurityDescriptorControl, SE_DACL_AUTO_INHERIT_REQ,
    SE_DACL_AUTO_INHERITED, SetFileSecurityW, SetSecurityDescriptorControl,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_OPEN_REPARSE_POINT, MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW,
};

/// A new file has the access list of its folder, which is what keeps a user's files private on Windows.
pub(crate) fn create_private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(file)
}

/// Makes a folder; it has the access list of the folder above it, as [`create_private`].
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// `ERROR_INVALID_FUNCTION` and `ERROR_NOT_SUPPORTED`.
pub(crate) const NO_LOCKS: [i32; 2] = [1, 50];

/// Opens a file for reading and writing, and makes it where it is missing. A link in its place is an error, and not followed.
pub(crate) fn open_no_link(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let opened = options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(file)?;
    match opened.metadata()?.file_type().is_symlink() {
        true => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link")),
        false => Ok(opened),
    }
}

/// Copies the whole access list, inherited entries included, so that nobody gains or loses access.
pub(crate) fn protect_like(_file: &File, path: &Path, model: &Path) -> io::Result<()> {
    let (model, path) = (wide(model), wide(path));
    // Of u64, because a descriptor must be aligned. 1 KiB holds any ordinary one.
    let mut descriptor = vec![0u64; 128];
    let mut needed = 0;
    loop {
        let room = u32::try_from(size_of_val(&*descriptor)).unwrap_or_default();
        let into = descriptor.as_mut_ptr().cast();
        // SAFETY: `model` ends with a zero, and no more than `room` bytes are written to the vector.
        if unsafe { GetFileSecurityW(model.as_ptr(), DACL_SECURITY_INFORMATION, into, room, &raw mut needed) }
            != 0
        {
            break;
        }
        let error = io::Error::last_os_error();
        if needed <= room {
            return Err(error);
        }
        descriptor.resize((needed as usize).div_ceil(size_of::<u64>()), 0);
    }
    keep_inheritance(&mut descriptor)?;
    let list = descriptor.as_mut_ptr().cast();
    // SAFETY: `path` ends with a zero; the descriptor was filled by the system.
    succeeded(unsafe { SetFileSecurityW(path.as_ptr(), DACL_SECURITY_INFORMATION, list) })
}

/// Without this the system would forget that the inherited entries follow those of the folder.
fn keep_inheritance(descriptor: &mut [u64]) -> io::Result<()> {
    let descriptor = descriptor.as_mut_ptr().cast();
    let (mut control, mut revision) = (0, 0);
    // SAFETY: the descriptor was filled by the system; both places written to are ours.
    succeeded(unsafe { GetSecurityDescriptorControl(descriptor, &raw mut control, &raw mut revision) })?;
    if control & SE_DACL_AUTO_INHERITED == 0 {
        return Ok(());
    }
    let bit = SE_DACL_AUTO_INHERIT_REQ;
    // SAFETY: the descriptor was filled by the system; one bit in its head is set.
    succeeded(unsafe { SetSecurityDescriptorControl(descriptor, bit, bit) })
}

fn succeeded(result: i32) -> io::Result<()> {
    match result {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Returns when the new name has reached the disk. Where a program has the target open but allows its deletion, only the
/// standard library's rename succeeds; it does not wait for the disk, so it comes second.
pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    let (wide_from, wide_to) = (wide(from), wide(to));
    let flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
    // SAFETY: both names end with a zero and live until the call returns.
    if unsafe { MoveFileExW(wide_from.as_ptr(), wide_to.as_ptr(), flags) } != 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    if error.raw_os_error() == Some(ERROR_ACCESS_DENIED.cast_signed()) && fs::rename(from, to).is_ok() {
        return Ok(());
    }
    Err(error)
}

/// Not needed: [`replace`] waits for the disk.
#[allow(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
pub(crate) fn flush_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

pub(crate) fn is_held(error: &io::Error) -> bool {
    let held = [ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION];
    error.raw_os_error().is_some_and(|code| held.contains(&code.cast_unsigned()))
}

pub(crate) fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// A path for a system call. The long form (`\\?\`) makes paths of more than 260 characters possible.
fn wide(path: &Path) -> Vec<u16> {
    let full = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let long = match full.to_str() {
        Some(text) if text.starts_with(r"\\") => full,
        Some(text) => PathBuf::from(format!(r"\\?\{text}")),
        None => full,
    };
    long.as_os_str().encode_wide().chain([0]).collect()
}
