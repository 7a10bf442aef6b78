//! Texts that come from a file, a guest or Hyper-V, as a terminal may have them: without characters that it would act on,
//! that it does not draw, or that turn the order of what it draws.

use std::borrow::Cow;

use serde_json::Value;
use unicode_width::UnicodeWidthChar;

/// The most characters of one text, or of one line of a text of several, that are shown. What is longer is cut there: no name,
/// path or message of this crate comes near, and a text from elsewhere may have any length.
const LONGEST: usize = 4096;

/// What stands where a text was cut.
const CUT: char = '\u{2026}';

/// Whether a terminal shows `character` as itself: it is none of the controls (C0, DEL, C1), of the marks of writing
/// direction, and of the characters without a width.
fn is_shown(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
        && !is_direction_mark(character)
}

/// Whether `character` is a mark of writing direction: it turns the order of what is drawn, and is not drawn itself.
pub fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` on one line, with each character that a terminal does not show as itself as its escape: `\u{1b}`. Of a very long text
/// its beginning.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_shown)
}

/// The same for a line of a file, whose tabs stay: they may indent it.
pub fn visible_line(line: &str) -> Cow<'_, str> {
    escaped(line, |character| character == '\t' || is_shown(character))
}

/// The same for a text of several lines.
fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| matches!(character, '\t' | '\n') || is_shown(character))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    // A text that has no more bytes has no more characters.
    let is_short = text.len() <= LONGEST || text.split('\n').all(|line| line.len() <= LONGEST);
    if is_short && text.chars().all(&stays) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(LONGEST) + 16);
    let mut length = 0;
    for character in text.chars() {
        let is_break = character == '\n' && stays(character);
        if is_break {
            shown.push(character);
            length = 0;
        } else if length < LONGEST {
            if stays(character) {
                shown.push(character);
            } else {
                shown.extend(character.escape_unicode());
            }
        } else if length == LONGEST {
            shown.push(CUT);
        }
        length += usize::from(!is_break);
    }
    Cow::Owned(shown)
}

/// How many columns of a terminal `text` takes; it is [`visible`], and its tabs count as nothing.
pub fn columns(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// Every string of a response that PowerShell hands to the user, as [`visible`] has it. The two that are texts of several
/// lines, and the line of a file that a fault repeats, keep their line breaks and tabs.
pub fn visible_strings(value: Value) -> Value {
    visible_below("", value)
}

fn visible_below(field: &str, value: Value) -> Value {
    match value {
        Value::String(text) => {
            let shown = match field {
                "hostsBlock" | "text" => visible_lines(&text),
                "sourceLine" => visible_line(&text),
                _ => visible(&text),
            };
            match shown {
                Cow::Borrowed(_) => Value::String(text),
                Cow::Owned(shown) => Value::String(shown),
            }
        }
        Value::Array(items) => items.into_iter().map(|item| visible_below(field, item)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let value = visible_below(&name, value);
                (visible(&name).into_owned(), value)
            })
            .collect(),
        other => other,
    }
}
