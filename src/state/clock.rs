//! The time, as the original tool writes it.

use std::time::SystemTime;

/// Now, as in `2026-11-22T20:48:55.435Z`.
pub(crate) fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// Now, as a part of a file name: `20261122T204855.435Z`.
pub(crate) fn now_in_file_name() -> String {
    now().replace(['-', ':'], "")
}
