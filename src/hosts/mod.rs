//! The managed block: its text, and how it gets into a hosts file without a change to anything else.

mod block;
mod line_diff;
mod merge;
mod warnings;

pub use block::{Markers, render};
pub use line_diff::{DiffLine, Side, diff_lines};
pub use merge::{Merged, NearMarker, Refusal, merge, merge_between};
pub use warnings::{HostsWarning, HostsWarningKind, warnings};
pub(crate) use warnings::{MAX_TEXT, is_own_name_on_loopback, printable};
