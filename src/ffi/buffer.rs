//! Memory that crosses the border: requests that PowerShell lends, answers that it is given and gives back.

use super::Status;

/// Borrows the bytes behind a pointer of the caller's. A null pointer is fine where the length is zero.
///
/// # Safety
/// A pointer that is not null must be valid for reads of `len` bytes while the answer is in use.
pub(super) unsafe fn borrow<'a>(data: *const u8, len: usize) -> Option<&'a [u8]> {
    if len == 0 {
        return Some(&[]);
    }
    if data.is_null() || len > isize::MAX as usize {
        return None;
    }
    // SAFETY: not null, and the caller vouches for `len` readable bytes.
    Some(unsafe { std::slice::from_raw_parts(data, len) })
}

/// The two places in which the caller wants the answer.
#[derive(Clone, Copy)]
pub(super) struct Out {
    data: *mut *mut u8,
    len: *mut usize,
}

impl Out {
    /// Takes the caller's two pointers and sets them to "no answer", or refuses null ones. Where only one of them is null,
    /// the other is cleared all the same: no call leaves behind what stood there before.
    ///
    /// # Safety
    /// Pointers that are not null must be valid for one write each.
    pub(super) unsafe fn new(data: *mut *mut u8, len: *mut usize) -> Option<Self> {
        if !data.is_null() {
            // SAFETY: just found not null, and the caller vouches for it.
            unsafe { data.write(std::ptr::null_mut()) };
        }
        if !len.is_null() {
            // SAFETY: as above.
            unsafe { len.write(0) };
        }
        (!data.is_null() && !len.is_null()).then_some(Out { data, len })
    }

    /// Hands the answer over. It is the caller's until `ragna_free`.
    pub(super) fn give(self, answer: Vec<u8>, status: Status) -> Status {
        let answer = answer.into_boxed_slice();
        let len = answer.len();
        let data = Box::into_raw(answer).cast::<u8>();
        // SAFETY: `new` checked both pointers, and the caller vouched for them for the length of the call.
        unsafe {
            self.data.write(data);
            self.len.write(len);
        }
        status
    }
}

/// Takes an answer back.
///
/// # Safety
/// `data` and `len` must be what one call of this library answered, and must not have been given back before.
pub(super) unsafe fn take_back(data: *mut u8, len: usize) {
    if !data.is_null() {
        // SAFETY: by contract this is the boxed slice that `give` took apart, given back once.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, len)) });
    }
}
