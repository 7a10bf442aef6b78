//! Faults: where they are, how they name values, and how the user sees them.

use std::collections::BTreeMap;

use super::Fault;
use super::yaml::{NodeId, Tree, Value, number_text};
use crate::error::Error;
use crate::terminal::{columns, visible, visible_line};

/// The most characters of a line that are repeated in a fault.
const LINE_SHOWN: usize = 400;

/// A fault whose place is not yet a line and a column.
#[derive(Debug)]
pub(super) struct RawFault {
    /// As in [`Fault`].
    pub(super) path: String,
    /// Where, in bytes from the start of the text.
    pub(super) start: usize,
    /// Where it ends; equal to `start` where that is not known.
    pub(super) end: usize,
    pub(super) message: String,
    /// The place that the message ends with, in bytes from the start of the text.
    pub(super) other: Option<usize>,
    pub(super) suggestion: Option<String>,
}

/// Where an offset lies.
#[derive(Debug, Clone, Copy)]
struct Spot {
    line: usize,
    column: usize,
    line_start: usize,
}

/// Gives each fault its line and column, and sorts them by these. One pass over the text.
pub(super) fn locate(text: &str, mut faults: Vec<RawFault>) -> Vec<Fault> {
    faults.sort_by(|a, b| (a.start, &a.path).cmp(&(b.start, &b.path)));
    let wanted = faults.iter().flat_map(|fault| [Some(fault.start), fault.other]).flatten();
    let spots = spots(text, wanted.collect());
    let spot =
        |offset: usize| spots.get(&offset).copied().unwrap_or(Spot { line: 1, column: 1, line_start: 0 });
    // Faults of one line follow each other, and a line may be as long as the text.
    let (mut line_start, mut line) = (usize::MAX, "");
    faults
        .into_iter()
        .map(|fault| {
            let at = spot(fault.start);
            if line_start != at.line_start {
                (line_start, line) = (at.line_start, line_at(text, at.line_start));
            }
            let from = fault.start.saturating_sub(at.line_start).min(line.len());
            let until = fault.end.saturating_sub(at.line_start).clamp(from, line.len());
            let length = line.get(from..until).unwrap_or_default().trim_end().chars().count().max(1);
            let mut message = fault.message;
            if let Some(other) = fault.other.map(spot) {
                message.push_str(&format!(" at {}:{}", other.line, other.column));
            }
            Fault {
                path: fault.path,
                line: at.line,
                column: at.column,
                length,
                message,
                suggestion: fault.suggestion,
                source_line: line.chars().take(LINE_SHOWN).collect(),
            }
        })
        .collect()
}

/// Without the byte order mark that may lead the text: it takes no column.
fn text_start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

fn spots(text: &str, mut wanted: Vec<usize>) -> BTreeMap<usize, Spot> {
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = BTreeMap::new();
    let mut wanted = wanted.into_iter().peekable();
    let start = text_start(text);
    let mut at = Spot { line: 1, column: 1, line_start: start };
    let mut characters = text[start..].char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let offset = start + offset;
        let next = start + characters.peek().map_or(text.len() - start, |(next, _)| *next);
        while wanted.next_if(|offset| *offset < next).is_some_and(|wanted| found.insert(wanted, at).is_none())
        {
        }
        let ends_line = character == '\n' || character == '\r' && !text[offset + 1..].starts_with('\n');
        at = match ends_line {
            true => Spot { line: at.line + 1, column: 1, line_start: next },
            false => Spot { column: at.column + 1, ..at },
        };
    }
    found.extend(wanted.map(|offset| (offset, at)));
    found
}

fn line_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
}

/// The most characters of a text that a message repeats.
const TEXT_SHOWN: usize = 40;

/// What stands there, as in `is "two"`.
pub(super) fn describe(tree: &Tree, node: NodeId) -> String {
    match tree.get(node) {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => number_text(*value),
        Value::Text(text) => quote(text),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// `text` in quotes, on one line, shortened if it is long.
pub(super) fn quote(text: &str) -> String {
    let shown: String = text.chars().take(TEXT_SHOWN).collect();
    let more = if text.chars().nth(TEXT_SHOWN).is_some() { "…" } else { "" };
    format!("\"{}{more}\"", visible(&shown))
}

/// The one of `allowed` that was probably meant by `written`.
pub(super) fn nearest<'a>(written: &str, allowed: &[&'a str]) -> Option<&'a str> {
    closest(&written.to_lowercase().replace('-', "_"), allowed.iter().copied())
}

/// The one of `allowed` that `written`, in lower case, is a slip of; the case of those does not count.
pub(super) fn closest<'a>(written: &str, allowed: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Nothing this long is a slip of the keyboard.
    if written.len() > 40 {
        return None;
    }
    let distances = allowed.map(|word| (strsim::osa_distance(written, &word.to_lowercase()), word));
    let (distance, word) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= word.len().div_ceil(3).min(3)).then_some(word)
}

/// The error's message and, below it, each fault with its line of the file. Ends with a line break.
///
/// Tabs stay tabs in front of the carets, wide characters count as two columns, and what a terminal would not show as itself
/// is there as its escape.
pub fn render_faults(error: &Error) -> String {
    // What cannot be read has one fault, which the message repeats.
    let repeated = error.faults.first().map_or(String::new(), |fault| format!(": {}", fault.message));
    let headline = error.message.strip_suffix(&repeated).unwrap_or(&error.message);
    let mut text = format!("{}\n", visible(headline));
    let width = error.faults.iter().map(|fault| place(fault).len()).max().unwrap_or(0);
    for fault in &error.faults {
        text.push('\n');
        text.push_str(&render_fault(fault, width));
    }
    text
}

fn place(fault: &Fault) -> String {
    format!("{}:{}", fault.line, fault.column)
}

fn render_fault(fault: &Fault, width: usize) -> String {
    let mut text = format!("  {:<width$}  ", place(fault));
    if !fault.path.is_empty() {
        text.push_str(&format!("{}: ", visible(&fault.path)));
    }
    text.push_str(&visible(&fault.message));
    if let Some(suggestion) = &fault.suggestion {
        text.push_str(&format!("; did you mean {}?", visible(suggestion)));
    }
    text.push('\n');
    let (before, at) = match fault.source_line.char_indices().nth(fault.column - 1) {
        Some((offset, _)) => fault.source_line.split_at(offset),
        None => (fault.source_line.as_str(), ""),
    };
    if before.trim().is_empty() && at.trim().is_empty() {
        return text;
    }
    let margin = " ".repeat(width + 4);
    text.push_str(&format!("{margin}| {}\n", visible_line(&fault.source_line)));
    // A place beyond what is shown of a long line has no carets.
    if before.chars().count() + 1 == fault.column {
        let marked: String = at.chars().take(fault.length).collect();
        let carets = "^".repeat(columns(&visible(&marked)).max(1));
        text.push_str(&format!("{margin}| {}{carets}\n", blank(&visible_line(before))));
    }
    text
}

/// As wide as `text`, with its tabs, and else empty.
fn blank(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(|part| " ".repeat(columns(part))).collect();
    parts.join("\t")
}
