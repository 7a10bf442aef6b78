//! The exports: each reads its request, calls one step, and prints its response.
//!
//! They are written out one by one, since cbindgen does not see into macros. Their comments become the header, so they
//! are written for a C programmer.

#![allow(clippy::missing_safety_doc, reason = "the overview of the header says what every pointer must be")]

mod lab;
mod lifecycle;
mod single;
mod watch;

pub use lab::*;
pub use lifecycle::*;
pub use single::*;
pub use watch::*;
