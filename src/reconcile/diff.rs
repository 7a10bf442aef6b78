//! Network known before + what was found → network known now, and whether the address changed.

use serde_json::{Map, Value};

use crate::discovery::{Network, Source};
use crate::state::{KnownNetwork, Timestamp};

/// A machine's network after the run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NetworkDiff {
    /// Whether the IPv4 address differs from the one known before; none counts as a value.
    pub(super) changed: bool,
    /// What state.json now holds: the fields known here, and all others as they were.
    pub(super) network: Map<String, Value>,
}

impl NetworkDiff {
    /// The last address that was known before the present one.
    pub(super) fn previous_ipv4(&self) -> Option<&str> {
        self.network.get("previousIpv4").and_then(Value::as_str)
    }
}

/// What a machine's network becomes. `before` is the stored one, `None` before the first reconcile.
///
/// The last known address is never lost: when it changes or goes, it becomes `previousIpv4`. The stored source is
/// never null: where nothing was found, it stays what it was.
pub(super) fn diff(before: Option<KnownNetwork<'_>>, found: &Network, now: Timestamp) -> NetworkDiff {
    let text = |key: &str| before.and_then(|known| known.fields().get(key)).and_then(Value::as_str);
    let known = text("ipv4");
    let ipv4 = found.ipv4.map(|ipv4| ipv4.to_string());
    let ipv4 = ipv4.as_deref();
    let previous = match known {
        Some(known) if Some(known) != ipv4 => Some(known),
        _ => text("previousIpv4"),
    };
    let was_seen = ipv4.is_some() || !found.ipv6.is_empty();
    let source = found.source.map(Source::name).or_else(|| text("source")).unwrap_or(Source::Hyperv.name());

    let mut network = before.map(|known| known.fields().clone()).unwrap_or_default();
    let fields = [
        ("ipv4", ipv4.into()),
        ("ipv6", found.ipv6.clone().into()),
        ("mac", found.mac.clone().into()),
        ("adapterName", found.adapter_name.clone().into()),
        ("discoveredAt", was_seen.then(|| now.to_string()).into()),
        ("source", source.into()),
        ("previousIpv4", previous.into()),
    ];
    for (key, value) in fields {
        network.insert(key.to_owned(), value);
    }
    NetworkDiff { changed: known != ipv4, network }
}
