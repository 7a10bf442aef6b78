//! Faults as a person reads them, with the line and a caret under what is meant.

use unicode_width::UnicodeWidthChar;

use super::Fault;
use crate::error::Error;

/// The error's message and, below it, each fault with its line of the file. Ends with a line break.
///
/// Tabs stay tabs in front of the carets, wide characters count as two columns, and control characters are shown as `�`.
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
    text.push_str(&format!("{margin}| {}\n", visible(&fault.source_line)));
    // A place beyond what is shown of a long line has no carets.
    if before.chars().count() + 1 == fault.column {
        let padding: String = before.chars().map(blank).collect();
        let carets: usize = at.chars().take(fault.length).map(columns).sum();
        text.push_str(&format!("{margin}| {padding}{}\n", "^".repeat(carets.max(1))));
    }
    text
}

/// As wide as `character`, but empty.
fn blank(character: char) -> String {
    if character == '\t' { "\t".to_owned() } else { " ".repeat(columns(character)) }
}

fn columns(character: char) -> usize {
    if character.is_control() { 1 } else { character.width().unwrap_or(1) }
}

/// Without characters that a terminal would act on.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}
