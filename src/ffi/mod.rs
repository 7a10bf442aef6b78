//! Everything that crosses the border to PowerShell, and nothing else.
//!
//! Every export takes request bytes (JSON in UTF-8, or raw bytes where a file is the payload), hands over one
//! answer buffer and returns a [`Status`]. The error, too, is in the buffer: `{code, message, place, remedy?,
//! faults?}`. [`ragna_free`] takes every buffer back. Every pointer is checked, every body runs behind a guard
//! against panics, and [`ragna_abi_version`] tells a caller whether both sides mean the same by all this.
#![allow(unsafe_code)]

mod buffer;
mod exports;
mod guard;
mod operations;
mod request;

pub use exports::*;

/// Raised whenever an export, its request or its answer changes in a way that an older caller would not understand.
pub const RAGNA_ABI_VERSION: u32 = 2;

/// What an export returns. Numbers are never given a new meaning.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The buffer holds the answer.
    Ok = 0,
    /// The buffer holds an error as JSON.
    Error = 1,
    /// A panic was caught; the buffer holds it as an error in JSON. The library stays usable.
    Panic = 2,
    /// A pointer was null; there is no buffer.
    NullPointer = 3,
}
