//! Network known before + what was found → network known now, and whether the address changed.

use std::borrow::Cow;
use std::sync::Arc;

use super::stored_network::{Field, Layout, StoredIpv4, StoredNetwork};
use crate::discovery::{Network, Source};
use crate::state::{KnownNetwork, Timestamp};

/// A machine's network after the run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NetworkDiff {
    /// Whether the IPv4 address differs from the one known before; none counts as a value.
    pub(super) changed: bool,
    /// What state.json now holds: the fields known here, and all others as they were.
    pub(super) network: StoredNetwork,
}

/// What a machine's network becomes. `before` is the stored one, `None` before the first reconcile.
///
/// The last known address is never lost: when it changes or goes, it becomes `previousIpv4`. The stored source is
/// never null: where nothing was found, it stays what it was.
pub(super) fn diff(before: Option<KnownNetwork<'_>>, found: &Arc<Network>, now: Timestamp) -> NetworkDiff {
    let (mut known, mut source, mut previous) = (None, None, None);
    let layout = before.map(|before| {
        Layout::of(before.fields(), |field, value| match field {
            Field::Ipv4 => known = value.as_str(),
            Field::Source => source = value.as_str(),
            Field::PreviousIpv4 => previous = value.as_str(),
            Field::Ipv6 | Field::Mac | Field::AdapterName | Field::DiscoveredAt => {}
        })
    });
    let known = known.map(StoredIpv4::from);
    let changed = known != found.ipv4.map(StoredIpv4::Ipv4);
    let was_seen = found.ipv4.is_some() || !found.ipv6.is_empty();
    let source = match (found.source, source) {
        (Some(source), _) => Cow::Borrowed(source.name()),
        (None, Some(text)) => {
            Source::of(text).map_or_else(|| text.to_owned().into(), |source| source.name().into())
        }
        (None, None) => Source::Hyperv.name().into(),
    };
    let network = StoredNetwork {
        found: Arc::clone(found),
        discovered_at: was_seen.then_some(now),
        source,
        previous_ipv4: known.filter(|_| changed).or_else(|| previous.map(StoredIpv4::from)),
        layout: layout.unwrap_or_default(),
    };
    NetworkDiff { changed, network }
}
