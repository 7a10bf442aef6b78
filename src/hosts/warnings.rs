//! Lines of a guest's hosts file that make the merged block ineffective.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::block::lines;

/// A line of a hosts file that the user should know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostsWarning {
    /// What it is.
    pub kind: HostsWarningKind,
    /// The line, from 1, in the file as it was read; `None` where a guest does not report it.
    #[serde(default)]
    pub line: Option<usize>,
    /// That line, without its line end; bytes that are no UTF-8 are replaced.
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
    /// cloud-init writes the file again at each boot, without the block.
    CloudInitManagesHosts,
}

/// The lines that make the block ineffective in the hosts file of `machine_name`, in their order; of each kind the
/// first only.
pub fn warnings(file: &[u8], machine_name: &str) -> Vec<HostsWarning> {
    let mut found: Vec<HostsWarning> = Vec::new();
    for line in lines(file) {
        let text = String::from_utf8_lossy(line.text());
        let kind = match &text {
            text if names_itself(text, machine_name) => HostsWarningKind::OwnNameOnLoopback,
            text if is_cloud_init(text) => HostsWarningKind::CloudInitManagesHosts,
            _ => continue,
        };
        if found.iter().all(|warning| warning.kind != kind) {
            found.push(HostsWarning { kind, line: Some(line.number), text: Some(text.into_owned()) });
        }
    }
    found
}

fn names_itself(text: &str, machine_name: &str) -> bool {
    let entry = text.split('#').next().unwrap_or_default();
    let mut words = entry.split_ascii_whitespace();
    let on_loopback =
        words.next().and_then(|word| word.parse::<IpAddr>().ok()).is_some_and(|ip| ip.is_loopback());
    on_loopback && words.any(|name| name.eq_ignore_ascii_case(machine_name))
}

fn is_cloud_init(text: &str) -> bool {
    text.starts_with('#') && text.contains("manage_etc_hosts") && text.to_ascii_lowercase().contains("true")
}
