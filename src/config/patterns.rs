//! The forms of names and variables, as patterns.

use std::sync::LazyLock;

use regex::Regex;

/// The name of a project or a machine. The JSON Schema has the same pattern and the same lengths.
pub(super) const NAME: &str = "^[a-zA-Z][a-zA-Z0-9-]*$";

/// The most characters of a project's name.
pub(super) const PROJECT_NAME_LENGTH: usize = 32;

/// The most characters of a machine's name: it is the hostname, too.
pub(super) const MACHINE_NAME_LENGTH: usize = 16;

/// Whether `text` has the form of a [`NAME`].
pub(super) fn is_name(text: &str) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| compiled(NAME));
    PATTERN.is_match(text)
}

/// A variable as Windows writes it, `%NAME%`: of `%%` the first is only a percent sign.
pub(super) static PERCENT_VARIABLE: LazyLock<Regex> = LazyLock::new(|| compiled("%([^%]+)%"));

/// A variable as a shell writes it, `$NAME`.
pub(super) static DOLLAR_VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| compiled("[$]([a-zA-Z_][a-zA-Z0-9_]*)"));

/// The patterns are part of this file, and the tests compile each of them.
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}"))
}
