//! The managed block: what it says, and how it gets into a hosts file without touching anything else.

mod line_diff;
mod lines;
mod merge;
mod refusal;
mod render;
mod warnings;

pub use line_diff::{DiffLine, Side, diff_lines};
pub use merge::{Merged, merge};
pub use refusal::Refusal;
pub use render::render;
pub use warnings::{HostsWarning, HostsWarningKind, warnings};
