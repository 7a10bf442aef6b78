//! Lines of a guest's hosts file that make the merged block ineffective, by the rule at the head of
//! `tests/vectors/hosts-warning-cases.json`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

use super::block::{Line, Marker, Markers, lines};

/// A line of a hosts file that the user should know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostsWarning {
    /// What it is.
    pub kind: HostsWarningKind,
    /// The line, from 1, in the file as it was read; `None` where a guest does not report it.
    #[serde(default)]
    pub line: Option<usize>,
    /// The beginning of that line, in printable ASCII; every other byte is a `?`.
    #[serde(default)]
    pub text: Option<String>,
}

/// What a [`HostsWarning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HostsWarningKind {
    /// The machine's own name has a loopback address, which is found first: the machine resolves its name to another
    /// address than its peers do.
    OwnNameOnLoopback,
    /// A line before the block gives a name of the block another address, which is found first.
    NameHidden,
    /// cloud-init writes the file again at each boot, without the block.
    CloudInitManagesHosts,
}

/// The most characters of a line that are reported.
pub(crate) const MAX_TEXT: usize = 60;

/// The lines that make the block ineffective in the hosts file of `machine_name`, in their order: of
/// [`HostsWarningKind::NameHidden`] the first three, of the other kinds the first.
///
/// `file` holds the block, as [`merge`](super::merge()) returns it: the names and addresses are taken from there. The lines
/// before the block have the same numbers in the file as it was.
pub fn warnings(file: &[u8], machine_name: &str) -> Vec<HostsWarning> {
    let all: Vec<Line<'_>> = lines(file).collect();
    let markers = Markers::of_hosts();
    let begin = all.iter().position(|line| line.marker(&markers).is_some()).unwrap_or(all.len());
    let is_end = |line: &Line<'_>| line.marker(&markers) == Some(Marker::End);
    let end = all.iter().position(is_end).filter(|end| *end > begin).unwrap_or(begin);
    let block = block_entries(all.get(begin..end).unwrap_or_default());
    let mut found: Vec<HostsWarning> = Vec::new();
    for (index, line) in all.iter().enumerate().filter(|(index, _)| *index < begin || *index > end) {
        let text = String::from_utf8_lossy(line.text());
        let kind = if index < begin && is_own_name_on_loopback(&text, machine_name) {
            HostsWarningKind::OwnNameOnLoopback
        } else if index < begin && hides_a_name(&text, &block) {
            HostsWarningKind::NameHidden
        } else if is_cloud_init(&text) {
            HostsWarningKind::CloudInitManagesHosts
        } else {
            continue;
        };
        let most = if kind == HostsWarningKind::NameHidden { 3 } else { 1 };
        if found.iter().filter(|warning| warning.kind == kind).count() < most {
            found.push(HostsWarning { kind, line: Some(line.number), text: Some(printable(line.text())) });
        }
    }
    found
}

/// The names of the block, in lower case, and their addresses.
fn block_entries(block: &[Line<'_>]) -> HashMap<String, Ipv4Addr> {
    let entry = |line: &Line<'_>| {
        let (ipv4, name) = std::str::from_utf8(line.text()).ok()?.split_once(' ')?;
        Some((name.to_ascii_lowercase(), ipv4.parse().ok()?))
    };
    block.iter().filter_map(entry).collect()
}

/// The address of an entry and its names; `None` where a resolver passes over the line.
fn entry(text: &str) -> Option<(IpAddr, impl Iterator<Item = &str>)> {
    let text = text.split('#').next().unwrap_or_default();
    let mut words =
        text.split(|c: char| c.is_ascii_whitespace() || c == '\u{b}').filter(|word| !word.is_empty());
    let address = words.next()?;
    let address = address.split_once('%').map_or(address, |(address, _scope)| address);
    Some((address.parse().ok()?, words))
}

/// Whether this line gives `machine_name` a loopback address.
pub(crate) fn is_own_name_on_loopback(text: &str, machine_name: &str) -> bool {
    entry(text).is_some_and(|(address, mut names)| {
        address.is_loopback() && names.any(|name| name.eq_ignore_ascii_case(machine_name))
    })
}

fn hides_a_name(text: &str, block: &HashMap<String, Ipv4Addr>) -> bool {
    !block.is_empty()
        && entry(text).is_some_and(|(address, mut names)| {
            names.any(|name| block.get(&name.to_ascii_lowercase()).is_some_and(|ipv4| *ipv4 != address))
        })
}

fn is_cloud_init(text: &str) -> bool {
    text.trim_start_matches([' ', '\t']).starts_with('#')
        && text.contains("manage_etc_hosts")
        && text.to_ascii_lowercase().contains("true")
}

/// The beginning of a line, as it may be shown: tabs and CRs are blanks, `|` and what is not printable ASCII is `?`.
pub(crate) fn printable(line: &[u8]) -> String {
    let shown = |byte: &u8| match byte {
        b'\t' | b'\r' => ' ',
        b'|' => '?',
        b' '..=b'~' => char::from(*byte),
        _ => '?',
    };
    let text: String = line.iter().map(shown).skip_while(|c| *c == ' ').take(MAX_TEXT).collect();
    text.trim_end().to_owned()
}
