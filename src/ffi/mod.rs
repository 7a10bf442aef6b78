//! The border to PowerShell: the handle table, the exports and the JSON that crosses. No texts and no decisions.
//!
//! The overview at the head of `include/ragnatramp.h` (in `cbindgen.toml`) says what holds for every export.
#![allow(unsafe_code)]

mod buffer;
mod contract;
mod exports;
mod guard;
mod handles;
mod status_table;
mod tables;
mod wire;

pub use contract::CONTRACTS;
pub use exports::*;

/// What a function returns. Numbers are never given a new meaning.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The buffer holds the response.
    Ok = 0,
    /// The buffer holds an error as JSON.
    Error = 1,
    /// An internal error; the buffer holds it as JSON. The library stays usable; the lab of the call does not.
    Panic = 2,
    /// A pointer was null that must not be; there is no buffer.
    NullPointer = 3,
}
