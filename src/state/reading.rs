//! From bytes to a checked state, or to a word about what is damaged and where.

use serde_json::{Map, Value};

use super::encoding::{self, NotPlain};
use super::model::{State, VERSION};
use super::shape;

/// What keeps a state file from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong, to follow "is damaged:", without the place.
    pub what: String,
    /// The line in which the damage ends, from 1, where there is one.
    pub line: Option<usize>,
    /// The column at which it ends, from 1, in characters.
    pub column: Option<usize>,
}

impl Damage {
    /// Damage that has no single place.
    pub(crate) fn of_whole(what: impl Into<String>) -> Self {
        Damage { what: what.into(), line: None, column: None }
    }

    fn at(what: impl Into<String>, text: &str, error: &serde_json::Error) -> Self {
        let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
        let before = line.get(..error.column()).unwrap_or(line);
        Damage {
            what: what.into(),
            line: Some(error.line().max(1)),
            column: Some(before.chars().count().max(1)),
        }
    }
}

impl State {
    /// Reads the bytes of a state file of version 1. Numbers stay as they were written, unknown fields are kept.
    ///
    /// # Errors
    /// What is damaged: the encoding, the JSON, the version, or a field that is not what it must be.
    pub fn parse(bytes: &[u8]) -> Result<State, Damage> {
        let text = encoding::text(bytes).map_err(|not_plain| not_plain.damage)?;
        parse_text(text)
    }
}

/// A state, and the bytes that say it.
pub(crate) struct Recovered {
    pub(crate) state: State,
    pub(crate) bytes: Vec<u8>,
}

/// The state in a file that only its encoding makes unreadable.
pub(crate) fn recover(bytes: &[u8]) -> Option<Recovered> {
    let NotPlain { recovered, .. } = encoding::text(bytes).err()?;
    let text = recovered?;
    Some(Recovered { state: parse_text(&text).ok()?, bytes: text.into_bytes() })
}

fn parse_text(text: &str) -> Result<State, Damage> {
    // Such a key would be taken for a number, and be lost when the file is written.
    if text.contains(shape::NUMBER_TOKEN) {
        return Err(Damage::of_whole(format!("it holds the key {}, which is reserved", shape::NUMBER_TOKEN)));
    }
    let document: Value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let Value::Object(document) = document else {
        return Err(Damage::of_whole("it is JSON, but not an object"));
    };
    check_version(&document)?;
    shape::check(text).map_err(|error| Damage::at(bare_message(&error), text, &error))?;
    Ok(State::from_document(document))
}

fn not_json(text: &str, error: &serde_json::Error) -> Damage {
    if error.is_eof() {
        return Damage::at("it is cut off in the middle", text, error);
    }
    Damage::at(format!("it is not JSON ({})", bare_message(error)), text, error)
}

/// Comes before the shape: a newer format may have another one.
fn check_version(document: &Map<String, Value>) -> Result<(), Damage> {
    match document.get("version") {
        Some(Value::Number(version)) if version.as_f64() == Some(VERSION as f64) => Ok(()),
        Some(Value::Number(version)) => Err(Damage::of_whole(format!(
            "it says version {version}, and this module reads version {VERSION} (a newer ragnatramp may have \
             written it)"
        ))),
        Some(_) => Err(Damage::of_whole("version must be a number")),
        None => Err(Damage::of_whole("version is missing")),
    }
}

fn bare_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "{} (line {line}, column {column})", self.what),
            _ => f.write_str(&self.what),
        }
    }
}
