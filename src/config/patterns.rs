//! The forms of names and variables, as patterns.

use std::sync::LazyLock;

use regex::Regex;

/// The name of a project or a machine. The JSON Schema has the same pattern and the same lengths.
pub(super) const NAME: &str = "^[a-zA-Z]([a-zA-Z0-9-]*[a-zA-Z0-9])?$";

/// The most characters of a project's name.
pub(super) const PROJECT_NAME_LENGTH: usize = 32;

/// The most characters of a machine's name: it is the hostname, too.
pub(super) const MACHINE_NAME_LENGTH: usize = 16;

/// Whether `text` has the form of a [`NAME`].
pub(super) fn is_name(text: &str) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| compiled(NAME));
    PATTERN.is_match(text)
}

/// Names, in lower case, that hosts files or name resolution give a meaning: the lines that systems write into their hosts
/// files, and what Windows' DNS client and its proxy discovery ask for by themselves. No machine may have one.
pub(super) const RESOLVER_NAMES: [&str; 13] = [
    "broadcasthost",
    "ip6-allhosts",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-localhost",
    "ip6-localnet",
    "ip6-loopback",
    "ip6-mcastprefix",
    "isatap",
    "localhost",
    "localhost4",
    "localhost6",
    "wpad",
];

/// Names of devices: Windows makes neither a file nor a folder of one, whatever its case. The JSON Schema has the same.
pub(super) const DEVICE: &str =
    "^([cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|([cC][oO][mM]|[lL][pP][tT])[0-9])$";

/// Whether `text` is one of the [`RESOLVER_NAMES`], whatever its case.
pub(super) fn is_resolver_name(text: &str) -> bool {
    RESOLVER_NAMES.iter().any(|name| text.eq_ignore_ascii_case(name))
}

/// Whether `text` is the name of a [`DEVICE`].
pub(super) fn is_device(text: &str) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| compiled(DEVICE));
    PATTERN.is_match(text)
}

/// A variable as Windows writes it, `%NAME%`: of `%%` the first is only a percent sign.
pub(super) static PERCENT_VARIABLE: LazyLock<Regex> = LazyLock::new(|| compiled("%([^%]+)%"));

/// A variable as a shell or PowerShell writes it: `$NAME`, `$env:NAME`, `${NAME}`, `${env:NAME}`. In braces any name stands.
pub(super) static DOLLAR_VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    compiled("[$](?:[{](?:[eE][nN][vV]:)?([^{}:]+)[}]|(?:[eE][nN][vV]:)?([a-zA-Z_][a-zA-Z0-9_]*))")
});

/// The patterns are part of this file, and the tests compile each of them. They do without Unicode's tables and `(?i)`, which
/// the library is built without, though the tests are not.
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}"))
}
