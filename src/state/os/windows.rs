//! Windows.
#![allow(unsafe_code)]

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION, ERROR_SUCCESS, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    GetNamedSecurityInfoW, SE_FILE_OBJECT, SetNamedSecurityInfoW,
};
use windows_sys::Win32::Security::{
    ACL, DACL_SECURITY_INFORMATION, GetSecurityDescriptorControl, PROTECTED_DACL_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, SE_DACL_PROTECTED, UNPROTECTED_DACL_SECURITY_INFORMATION,
};
use windows_sys::Win32::Storage::FileSystem::{
    MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW,
};

/// A new file takes the access list of its folder, which is what keeps a user's files private here.
pub(crate) fn create_private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(file)
}

/// Copies the access list, and whether it is cut off from that of the folder.
pub(crate) fn protect_like(_file: &File, path: &Path, model: &Path) -> io::Result<()> {
    let (model, path) = (wide(model), wide(path));
    let mut list: *mut ACL = null_mut();
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: `model` ends with a zero; the two places written to are ours, and what is not asked for is null.
    let code = unsafe {
        GetNamedSecurityInfoW(
            model.as_ptr(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            &mut list,
            null_mut(),
            &mut descriptor,
        )
    };
    succeeded(code)?;
    let result = give(&path, list, descriptor);
    // SAFETY: the call above allocated the descriptor this way, and nobody uses it (or `list`, in it) from here on.
    unsafe { LocalFree(descriptor) };
    result
}

fn give(path: &[u16], list: *const ACL, descriptor: PSECURITY_DESCRIPTOR) -> io::Result<()> {
    let (mut control, mut revision) = (0u16, 0u32);
    // SAFETY: the descriptor is valid until our caller frees it; both places written to are ours.
    if unsafe { GetSecurityDescriptorControl(descriptor, &mut control, &mut revision) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let inheritance = match control & SE_DACL_PROTECTED {
        0 => UNPROTECTED_DACL_SECURITY_INFORMATION,
        _ => PROTECTED_DACL_SECURITY_INFORMATION,
    };
    // SAFETY: `path` ends with a zero; `list` lies in the descriptor, which is still there.
    let code = unsafe {
        SetNamedSecurityInfoW(
            path.as_ptr(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION | inheritance,
            null_mut(),
            null_mut(),
            list,
            null(),
        )
    };
    succeeded(code)
}

fn succeeded(code: u32) -> io::Result<()> {
    match code {
        ERROR_SUCCESS => Ok(()),
        code => Err(io::Error::from_raw_os_error(code as i32)),
    }
}

/// Returns when the new name has reached the disk. Where somebody has the target open, the standard library's
/// rename gets past those who allow deletion; it does not wait for the disk, so it comes second.
pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    let (wide_from, wide_to) = (wide(from), wide(to));
    let flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
    // SAFETY: both names end with a zero and live until the call returns.
    if unsafe { MoveFileExW(wide_from.as_ptr(), wide_to.as_ptr(), flags) } != 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    if error.raw_os_error() == Some(ERROR_ACCESS_DENIED as i32) && fs::rename(from, to).is_ok() {
        return Ok(());
    }
    Err(error)
}

/// Not needed: [`replace`] waits for the disk.
pub(crate) fn flush_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

pub(crate) fn is_held(error: &io::Error) -> bool {
    let held = [ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION];
    error.raw_os_error().is_some_and(|code| held.contains(&(code as u32)))
}

pub(crate) fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// A path as Windows takes it. The long form (`\\?\`) makes paths of more than 260 characters possible.
fn wide(path: &Path) -> Vec<u16> {
    let full = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let long = match full.to_str() {
        Some(text) if text.starts_with(r"\\") => full,
        Some(text) => PathBuf::from(format!(r"\\?\{text}")),
        None => full,
    };
    long.as_os_str().encode_wide().chain([0]).collect()
}
