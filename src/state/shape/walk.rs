//! The walk that holds a text against the table, and says where it does not fit. A key may not stand twice.

use std::collections::HashSet;
use std::fmt::{self, Display};

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{ANYTHING, Kind, Rule};

/// How serde_json hands over a number that fits no type of Rust's: as a map with this one key.
pub(crate) const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// The way to a place, innermost step first.
#[derive(Clone, Copy)]
enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

/// One place of the walk.
pub(super) struct Walk<'a> {
    rule: &'static Rule,
    at: At<'a>,
}

impl From<&'static Rule> for Walk<'_> {
    fn from(rule: &'static Rule) -> Self {
        Walk { rule, at: At::Root }
    }
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

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.found(Kind::Text)
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

/// As in `vms.web.checkpoints[0].id`; a key that is not a plain word stands quoted in brackets.
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
