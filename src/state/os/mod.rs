//! What differs between the systems, chosen once.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

pub(crate) use system::{create_private, flush_folder, host, is_held, protect_like, replace};
