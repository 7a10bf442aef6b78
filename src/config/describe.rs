//! Values as messages name them, and the key that was probably meant.

use super::yaml::{NodeId, Tree, Value, number_text};

/// The most characters of a text that a message repeats.
const TEXT_SHOWN: usize = 40;

/// What stands there, as in `is "two"`.
pub(super) fn describe(tree: &Tree, node: NodeId) -> String {
    match tree.get(node) {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => number_text(*value),
        Value::Text(text) => quote(text),
        Value::Date(_) => "a date; in quotes it would be text".to_owned(),
        Value::Binary(_) => "binary data".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(map) if map.is_set => "a set".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// `text` in quotes, on one line, shortened if it is long.
pub(super) fn quote(text: &str) -> String {
    let mut shown: String = text.chars().take(TEXT_SHOWN).flat_map(escape).collect();
    if text.chars().nth(TEXT_SHOWN).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

fn escape(character: char) -> Box<dyn Iterator<Item = char>> {
    if character.is_control() {
        Box::new(character.escape_default())
    } else {
        Box::new(std::iter::once(character))
    }
}

/// The one of `allowed` that was probably meant by `written`.
pub(super) fn nearest<'a>(written: &str, allowed: &[&'a str]) -> Option<&'a str> {
    // Nothing this long is a slip of the keyboard.
    if written.len() > 40 {
        return None;
    }
    let written = written.to_lowercase().replace('-', "_");
    let distances = allowed.iter().map(|key| (strsim::osa_distance(&written, key), *key));
    let (distance, key) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= key.len().div_ceil(3).min(3)).then_some(key)
}
