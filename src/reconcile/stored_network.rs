//! A machine's network as state.json holds it: typed where this crate knows a field, verbatim everywhere else. What is written
//! of it is what a map of all its fields would be, and most machines need no map.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::net::Ipv4Addr;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::discovery::{Network, Source};
use crate::state::Timestamp;

/// A machine's network as state.json holds it.
#[derive(Debug, Clone)]
pub struct StoredNetwork {
    /// What was found; its source counts as [`source`](StoredNetwork::source) says.
    pub found: Arc<Network>,
    /// When an address was found; `None` where there is none.
    pub discovered_at: Option<Timestamp>,
    /// Where an address was last found, as in `hyperv` or `arp`.
    pub source: Cow<'static, str>,
    /// The last address before the present one.
    pub previous_ipv4: Option<StoredIpv4>,
    pub(super) layout: Layout,
}

/// An address as state.json holds it, verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredIpv4 {
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// A text that is none.
    Other(Box<str>),
}

impl From<&str> for StoredIpv4 {
    fn from(text: &str) -> Self {
        // An address has one spelling only, so that its text is not lost.
        text.parse().map_or_else(|_| StoredIpv4::Other(text.into()), StoredIpv4::Ipv4)
    }
}

impl Display for StoredIpv4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoredIpv4::Ipv4(ipv4) => ipv4.fmt(f),
            StoredIpv4::Other(text) => f.write_str(text),
        }
    }
}

impl Serialize for StoredIpv4 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StoredIpv4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| text.as_str().into())
    }
}

/// A field of a network that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Ipv4,
    Ipv6,
    Mac,
    AdapterName,
    DiscoveredAt,
    Source,
    PreviousIpv4,
}

impl Field {
    /// All of them, in the order in which a new network has them.
    const ALL: [Field; 7] = [
        Field::Ipv4,
        Field::Ipv6,
        Field::Mac,
        Field::AdapterName,
        Field::DiscoveredAt,
        Field::Source,
        Field::PreviousIpv4,
    ];

    fn name(self) -> &'static str {
        match self {
            Field::Ipv4 => "ipv4",
            Field::Ipv6 => "ipv6",
            Field::Mac => "mac",
            Field::AdapterName => "adapterName",
            Field::DiscoveredAt => "discoveredAt",
            Field::Source => "source",
            Field::PreviousIpv4 => "previousIpv4",
        }
    }

    fn of(name: &str) -> Option<Field> {
        Some(match name {
            "ipv4" => Field::Ipv4,
            "ipv6" => Field::Ipv6,
            "mac" => Field::Mac,
            "adapterName" => Field::AdapterName,
            "discoveredAt" => Field::DiscoveredAt,
            "source" => Field::Source,
            "previousIpv4" => Field::PreviousIpv4,
            _ => return None,
        })
    }
}

/// In which order a network has its fields, and those that this crate does not know.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    order: [Field; 7],
    others: Vec<OtherField>,
}

/// A field that this crate does not know.
#[derive(Debug, Clone)]
struct OtherField {
    /// How many fields that it does know stand before it.
    known_before: usize,
    name: String,
    value: Value,
}

impl Layout {
    /// That of a network that becomes another: its fields stay where they are, those that it lacks follow. Every field that is
    /// known is told to `tell`.
    pub(super) fn of<'a>(fields: &'a Map<String, Value>, mut tell: impl FnMut(Field, &'a Value)) -> Layout {
        let mut layout = Layout::default();
        let mut count = 0;
        for (name, value) in fields {
            let Some(field) = Field::of(name) else {
                layout.others.push(OtherField {
                    known_before: count,
                    name: name.clone(),
                    value: value.clone(),
                });
                continue;
            };
            tell(field, value);
            let rest = layout.order.get_mut(count..).unwrap_or_default();
            if let Some(at) = rest.iter().position(|other| *other == field) {
                rest.get_mut(..=at).unwrap_or_default().rotate_right(1);
            }
            count += 1;
        }
        layout
    }
}

impl Default for Layout {
    fn default() -> Self {
        Layout { order: Field::ALL, others: Vec::new() }
    }
}

/// The value of a field.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum FieldValue<'a> {
    Ipv4(Option<Ipv4Addr>),
    Texts(&'a [String]),
    Text(Option<&'a str>),
    Time(Option<Timestamp>),
    Stored(Option<&'a StoredIpv4>),
    Verbatim(&'a Value),
}

impl From<FieldValue<'_>> for Value {
    fn from(value: FieldValue<'_>) -> Self {
        match value {
            FieldValue::Ipv4(ipv4) => ipv4.map(|ipv4| ipv4.to_string()).into(),
            FieldValue::Texts(texts) => texts.into(),
            FieldValue::Text(text) => text.into(),
            FieldValue::Time(time) => time.map(|time| time.to_string()).into(),
            FieldValue::Stored(stored) => stored.map(ToString::to_string).into(),
            FieldValue::Verbatim(value) => value.clone(),
        }
    }
}

impl StoredNetwork {
    /// Every field with its value, in the order in which state.json has them.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Value)> {
        self.values().map(|(name, value)| (name, value.into()))
    }

    fn values(&self) -> impl Iterator<Item = (&str, FieldValue<'_>)> {
        let Layout { order, others } = &self.layout;
        let others_at = |known_before| {
            let others = others.iter().filter(move |other| other.known_before == known_before);
            others.map(|other| (other.name.as_str(), FieldValue::Verbatim(&other.value)))
        };
        let known = order.iter().enumerate();
        known
            .flat_map(move |(at, field)| others_at(at).chain([(field.name(), self.value(*field))]))
            .chain(others_at(order.len()))
    }

    fn value(&self, field: Field) -> FieldValue<'_> {
        match field {
            Field::Ipv4 => FieldValue::Ipv4(self.found.ipv4),
            Field::Ipv6 => FieldValue::Texts(&self.found.ipv6),
            Field::Mac => FieldValue::Text(self.found.mac.as_deref()),
            Field::AdapterName => FieldValue::Text(self.found.adapter_name.as_deref()),
            Field::DiscoveredAt => FieldValue::Time(self.discovered_at),
            Field::Source => FieldValue::Text(Some(&self.source)),
            Field::PreviousIpv4 => FieldValue::Stored(self.previous_ipv4.as_ref()),
        }
    }
}

/// Two are equal where state.json would be the same.
impl PartialEq for StoredNetwork {
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

impl Serialize for StoredNetwork {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.values())
    }
}

impl<'de> Deserialize<'de> for StoredNetwork {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Known {
            ipv4: Option<Ipv4Addr>,
            ipv6: Vec<String>,
            mac: Option<String>,
            adapter_name: Option<String>,
            discovered_at: Option<Timestamp>,
            source: String,
            previous_ipv4: Option<StoredIpv4>,
        }
        let fields = Map::deserialize(deserializer)?;
        let layout = Layout::of(&fields, |_, _| ());
        let known: Known = serde_json::from_value(fields.into()).map_err(D::Error::custom)?;
        let Known { ipv4, ipv6, mac, adapter_name, discovered_at, source, previous_ipv4 } = known;
        let found = Arc::new(Network { ipv4, ipv6, mac, adapter_name, source: Source::of(&source) });
        Ok(StoredNetwork { found, discovered_at, source: source.into(), previous_ipv4, layout })
    }
}
