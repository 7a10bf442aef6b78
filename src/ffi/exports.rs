//! The exports themselves: each names its operation and leaves the rest to the guard.
//!
//! They are written out one by one, since cbindgen does not see into macros.

use super::buffer::{borrow, take_back};
use super::guard::answer;
use super::request::json;
use super::{RAGNA_ABI_VERSION, Status};
use crate::error::Result;

/// The ABI this library speaks. A caller that speaks another one must not call anything else.
#[unsafe(no_mangle)]
pub extern "C" fn ragna_abi_version() -> u32 {
    RAGNA_ABI_VERSION
}

/// Takes an answer back. A null pointer is fine.
///
/// # Safety
/// `data` and `len` must be what one call of this library answered, given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_free(data: *mut u8, len: usize) {
    // SAFETY: the caller vouches for both.
    unsafe { take_back(data, len) };
}

/// Panics inside the guard, to prove that it holds. Only in builds with the feature `test-exports`.
///
/// # Safety
/// As for every export.
#[cfg(feature = "test-exports")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_test_panic(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let body = |text: &[u8]| -> Result<Vec<u8>> { panic!("asked to: {}", String::from_utf8_lossy(text)) };
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, body) }
}
