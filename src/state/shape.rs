//! The shape of a state file: of which type each known field is. Unknown fields may be anything.
//!
//! The text is walked rather than its parsed document, because only the text shows duplicate keys and positions.

use std::collections::HashSet;
use std::fmt::{self, Display};

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// With `arbitrary_precision`, serde_json gives a visitor a number as a map with this one key.
pub(crate) const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// What a value may be.
struct Rule {
    kinds: &'static [Kind],
    fields: &'static [Field],
    each: Option<&'static Rule>,
    form: Option<Form>,
}

/// What a text must be.
struct Form {
    is: fn(&str) -> bool,
    what: &'static str,
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
    Rule { kinds, fields: &[], each: None, form: None }
}

const fn text(form: Form) -> Rule {
    Rule { kinds: &[Kind::Text], fields: &[], each: None, form: Some(form) }
}

/// Whether a path is absolute, on Windows or elsewhere.
fn is_absolute(path: &str) -> bool {
    match path.as_bytes() {
        [b'/', ..] | [b'\\', b'\\', ..] => true,
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    }
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
// What is deleted by these paths must not depend on the folder in which a program happens to be.
static PATH: Rule = text(Form { is: is_absolute, what: "an absolute path" });
static PATH_OR_NULL: Rule =
    Rule { kinds: &[Kind::Text, Kind::Null], ..text(Form { is: is_absolute, what: "an absolute path" }) };
static PATH_OR_EMPTY: Rule =
    text(Form { is: |path| path.is_empty() || is_absolute(path), what: "an absolute path, or empty" });
static PATHS: Rule = Rule { kinds: &[Kind::List], fields: &[], each: Some(&PATH), form: None };
static INTENT_KIND: Rule = text(Form {
    is: |kind| matches!(kind, "create" | "restore" | "remove"),
    what: "create, restore or remove",
});

static SEED_KIND: Rule =
    text(Form { is: |kind| matches!(kind, "cloud-init" | "unattend"), what: "cloud-init or unattend" });

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
        may("pending", &INTENTS),
    ],
    each: None,
    form: None,
};
static INTENTS: Rule = Rule { kinds: &[Kind::Object], fields: &[], each: Some(&INTENT), form: None };
static INTENT: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        must("kind", &INTENT_KIND),
        must("vmName", &TEXT),
        may("folder", &PATH_OR_NULL),
        must("diskPath", &PATH_OR_EMPTY),
        may("files", &PATHS),
        may("seed", &SEED),
        may("beganAt", &TEXT),
    ],
    each: None,
    form: None,
};
static SEED: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[may("kind", &SEED_KIND), must("path", &PATH), may("creationId", &TEXT)],
    each: None,
    form: None,
};
static MACHINES: Rule = Rule { kinds: &[Kind::Object], fields: &[], each: Some(&MACHINE), form: None };
static MACHINE: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        must("id", &TEXT),
        must("name", &TEXT),
        may("machineName", &TEXT),
        may("diskPath", &TEXT),
        may("folder", &PATH),
        may("seed", &SEED),
        may("createdAt", &TEXT),
        may("checkpoints", &CHECKPOINTS),
        may("network", &NETWORK),
    ],
    each: None,
    form: None,
};
static CHECKPOINTS: Rule = Rule { kinds: &[Kind::List], fields: &[], each: Some(&CHECKPOINT), form: None };
static CHECKPOINT: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[may("id", &TEXT), may("name", &TEXT), may("createdAt", &TEXT)],
    each: None,
    form: None,
};
static NETWORK: Rule = Rule {
    kinds: &[Kind::Object],
    fields: &[
        may("ipv4", &TEXT_OR_NULL),
        may("ipv6", &TEXTS),
        may("mac", &TEXT_OR_NULL),
        may("adapterName", &TEXT_OR_NULL),
        may("discoveredAt", &TEXT_OR_NULL),
        may("source", &TEXT_OR_NULL),
        may("previousIpv4", &TEXT_OR_NULL),
    ],
    each: None,
    form: None,
};
static TEXTS: Rule = Rule { kinds: &[Kind::List, Kind::Null], fields: &[], each: Some(&TEXT), form: None };

/// Checks `text`, which is JSON, against the table. The error's position is the end of what does not fit.
pub(crate) fn check(text: &str) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    Walk { rule: &STATE, at: At::Root }.deserialize(&mut json)
}

/// The path of a value in the document, innermost step first.
#[derive(Clone, Copy)]
enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

/// The check of one value and of all that is in it. No object may have a key twice.
struct Walk<'a> {
    rule: &'static Rule,
    at: At<'a>,
}

impl Walk<'_> {
    fn found<E: Error>(&self, kind: Kind) -> Result<(), E> {
        if self.rule.kinds.is_empty() || self.rule.kinds.contains(&kind) {
            return Ok(());
        }
        let allowed: Vec<String> = self.rule.kinds.iter().map(Kind::to_string).collect();
        Err(E::custom(format_args!("{} must be {}, is {kind}", self.at, allowed.join(" or "))))
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.found(Kind::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.found(Kind::Bool)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.found(Kind::Number)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.found(Kind::Number)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.found(Kind::Number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.found(Kind::Text)?;
        match &self.rule.form {
            Some(form) if !(form.is)(text) => {
                Err(E::custom(format_args!("{} must be {}, is {text:?}", self.at, form.what)))
            }
            _ => Ok(()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.found(Kind::List)?;
        let rule = self.rule.each.unwrap_or(&ANYTHING);
        let mut index = 0;
        while list.next_element_seed(Walk { rule, at: At::Index(&self.at, index) })?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == NUMBER_TOKEN {
                map.next_value::<IgnoredAny>()?;
                return self.found(Kind::Number);
            }
            if seen.is_empty() {
                self.found(Kind::Object)?;
            }
            let field = self.rule.fields.iter().find(|field| field.name == key);
            let rule = field.map(|field| field.rule).or(self.rule.each).unwrap_or(&ANYTHING);
            let at = At::Key(&self.at, &key);
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("{at} stands there twice")));
            }
            map.next_value_seed(Walk { rule, at })?;
            seen.insert(key);
        }
        self.found(Kind::Object)?;
        match self.rule.fields.iter().find(|field| field.required && !seen.contains(field.name)) {
            Some(field) => {
                Err(A::Error::custom(format_args!("{} is missing", At::Key(&self.at, field.name))))
            }
            None => Ok(()),
        }
    }
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

/// As in `vms.web.checkpoints[0].id`; a key that is not a plain word is quoted in brackets.
impl Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => f.write_str("the document"),
            At::Index(parent, index) => write!(f, "{parent}[{index}]"),
            At::Key(At::Root, key) if is_plain(key) => f.write_str(key),
            At::Key(parent, key) if is_plain(key) => write!(f, "{parent}.{key}"),
            At::Key(parent, key) => write!(f, "{parent}[{key:?}]"),
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}
