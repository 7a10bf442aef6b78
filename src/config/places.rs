//! Offsets into a text → lines and columns.

use std::collections::BTreeMap;

use super::Fault;

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
