//! What the parts of a state file must be, as far as they are read. Unknown fields may be anything.

mod walk;

use std::fmt::{self, Display};

use serde::de::DeserializeSeed;

pub(crate) use walk::NUMBER_TOKEN;

/// What one place may hold.
struct Rule {
    kinds: &'static [Kind],
    fields: &'static [Field],
    each: Option<&'static Rule>,
}

struct Field {
    name: &'static str,
    required: bool,
    rule: &'static Rule,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

const fn rule(kinds: &'static [Kind]) -> Rule {
    Rule { kinds, fields: &[], each: None }
}

const fn must(name: &'static str, rule: &'static Rule) -> Field {
    Field { name, required: true, rule }
}

const fn may(name: &'static str, rule: &'static Rule) -> Field {
    Field { name, required: false, rule }
}

static ANYTHING: Rule = rule(&[]);
static NUMBER: Rule = rule(&[Kind::Number]);
static TEXT: Rule = rule(&[Kind::Text]);
static TEXT_OR_NULL: Rule = rule(&[Kind::Text, Kind::Null]);

static STATE: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        must("version", &NUMBER),
        must("configPath", &TEXT),
        must("project", &TEXT),
        may("configHash", &TEXT),
        may("createdAt", &TEXT),
        may("updatedAt", &TEXT),
        must("vms", &MACHINES),
    ],
    each: None,
};
static MACHINES: Rule = Rule { kinds: &[Kind::Object], fields: &[], each: Some(&MACHINE) };
static MACHINE: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        must("id", &TEXT),
        must("name", &TEXT),
        may("machineName", &TEXT),
        may("diskPath", &TEXT),
        may("createdAt", &TEXT),
        may("checkpoints", &CHECKPOINTS),
        may("network", &NETWORK),
    ],
    each: None,
};
static CHECKPOINTS: Rule = Rule { kinds: &[Kind::List], fields: &[], each: Some(&CHECKPOINT) };
static CHECKPOINT: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[may("id", &TEXT), may("name", &TEXT), may("createdAt", &TEXT)],
    each: None,
};
static NETWORK: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        may("ipv4", &TEXT_OR_NULL),
        may("ipv6", &ADDRESSES),
        may("mac", &TEXT_OR_NULL),
        may("adapterName", &TEXT_OR_NULL),
        may("discoveredAt", &TEXT_OR_NULL),
        may("source", &TEXT_OR_NULL),
        may("previousIpv4", &TEXT_OR_NULL),
    ],
    each: None,
};
static ADDRESSES: Rule = Rule { kinds: &[Kind::List, Kind::Null], fields: &[], each: Some(&TEXT) };

/// Holds `text`, which is JSON, against the table. The error's position is the end of what does not fit.
pub(crate) fn check(text: &str) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    walk::Walk::from(&STATE).deserialize(&mut json)
}

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Null => "null",
            Kind::Bool => "true or false",
            Kind::Number => "a number",
            Kind::Text => "text",
            Kind::List => "a list",
            Kind::Object => "an object",
        })
    }
}
