//! The room on a volume, as Windows tells it.
#![allow(unsafe_code)]

use std::ffi::OsString;
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Storage::FileSystem::{GetDiskFreeSpaceExW, GetVolumePathNameW};

/// Where the volume of a folder begins, and how many bytes this account may still write to it.
pub(super) fn free_room(folder: &Path) -> Option<(String, u64)> {
    let path: Vec<u16> = folder.as_os_str().encode_wide().chain([0]).collect();
    // What it writes is the beginning of the path, or the root of a drive.
    let mut name = vec![0u16; path.len() + 4];
    let room = u32::try_from(name.len()).ok()?;
    // SAFETY: `path` ends with a zero, and no more than `room` characters are written to `name`.
    if unsafe { GetVolumePathNameW(path.as_ptr(), name.as_mut_ptr(), room) } == 0 {
        return None;
    }
    let mut free_bytes = 0;
    let unasked = ptr::null_mut();
    // SAFETY: `name` ends with a zero, which the system wrote; the one place that is written to is ours.
    if unsafe { GetDiskFreeSpaceExW(name.as_ptr(), &raw mut free_bytes, unasked, unasked) } == 0 {
        return None;
    }
    let end = name.iter().position(|unit| *unit == 0).unwrap_or(name.len());
    Some((OsString::from_wide(name.get(..end)?).to_string_lossy().into_owned(), free_bytes))
}
