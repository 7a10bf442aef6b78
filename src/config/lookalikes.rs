//! Characters that look like what is meant and are something else, and escapes that a path does not mean. A text gets them
//! from word processors, chat programs and Windows' own dialogs, and nothing shows them.

use std::collections::HashSet;

use super::check::Written;
use super::faults::RawFault;
use super::yaml::SyntaxError;
use crate::terminal::is_direction_mark;

/// What a character is, and what must stand in its place; nothing must for one that is not seen.
struct Lookalike {
    is: &'static str,
    meant: Option<&'static str>,
}

fn lookalike(character: char) -> Option<Lookalike> {
    const SPACE: Option<&str> = Some("a space");
    const HYPHEN: Option<&str> = Some("a hyphen (-)");
    const QUOTE: Option<&str> = Some("a straight quotation mark");
    const LETTER: Option<&str> = Some("a letter from a to z");
    let (is, meant) = match character {
        '\u{a0}' => ("a no-break space", SPACE),
        '\u{202f}' => ("a narrow no-break space", SPACE),
        '\u{3000}' => ("an ideographic space", SPACE),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => ("a space of another width", SPACE),
        '\u{200b}' => ("a zero-width space", None),
        '\u{200c}' => ("a zero-width non-joiner", None),
        '\u{200d}' => ("a zero-width joiner", None),
        '\u{2060}' => ("a word joiner", None),
        '\u{feff}' => ("a byte order mark", None),
        '\u{ad}' => ("a soft hyphen", None),
        mark if is_direction_mark(mark) => ("a mark of writing direction", None),
        '\u{2010}' => ("a typographic hyphen", HYPHEN),
        '\u{2011}' => ("a no-break hyphen", HYPHEN),
        '\u{2012}' => ("a figure dash", HYPHEN),
        '\u{2013}' => ("an en dash", HYPHEN),
        '\u{2014}' => ("an em dash", HYPHEN),
        '\u{2212}' => ("a minus sign", HYPHEN),
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => ("a typographic quotation mark", QUOTE),
        '\u{370}'..='\u{3ff}' => ("a Greek letter", LETTER),
        '\u{400}'..='\u{52f}' => ("a Cyrillic letter", LETTER),
        '\u{530}'..='\u{58f}' => ("an Armenian letter", LETTER),
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => ("a full-width letter", LETTER),
        '\u{ff10}'..='\u{ff19}' => ("a full-width digit", Some("a digit from 0 to 9")),
        '\u{ff1a}' => ("a full-width colon", Some("a colon and a space")),
        _ => return None,
    };
    Some(Lookalike { is, meant })
}

/// Whether `character` is taken for a space, or not seen at all.
fn is_blank(character: char) -> bool {
    lookalike(character).is_some_and(|found| found.meant.is_none_or(|meant| meant == "a space"))
}

fn is_quote(character: char) -> bool {
    lookalike(character).is_some_and(|found| found.meant == Some("a straight quotation mark"))
}

fn is_hyphen(character: char) -> bool {
    lookalike(character).is_some_and(|found| found.meant == Some("a hyphen (-)"))
}

/// The first character of `text` that is a lookalike and for which `wanted` holds: its offset, and what to say of it.
fn first(text: &str, wanted: impl Fn(char) -> bool) -> Option<(usize, char, String)> {
    text.char_indices().filter(|(_, character)| wanted(*character)).find_map(|(at, character)| {
        let Lookalike { is, meant } = lookalike(character)?;
        let code = u32::from(character);
        let message = match meant {
            Some(meant) => format!("U+{code:04X}, {is}, stands here where {meant} must"),
            None => format!("U+{code:04X}, {is}, stands here unseen; take it out"),
        };
        Some((at, character, message))
    })
}

/// The most characters of a key or a value that are searched.
const SEARCHED: usize = 400;

/// Lets each fault of a key or a value say which character of it is another than it looks like; what several faults then say
/// of one character is said once.
pub(super) fn explain(text: &str, faults: &mut Vec<RawFault>) {
    let mut explained = HashSet::new();
    faults.retain_mut(|fault| {
        let written = text.get(fault.start..fault.end).unwrap_or_default();
        let written = &written[..written.char_indices().nth(SEARCHED).map_or(written.len(), |(end, _)| end)];
        // A list or a map of several lines became what it is by its beginning, as with `-` and no space after it.
        let beginning = written.char_indices().nth(2).map_or(written.len(), |(end, _)| end);
        let searched = if written.contains('\n') { beginning } else { written.len() };
        let Some((at, character, message)) = first(&written[..searched], |_| true) else { return true };
        fault.message = message;
        fault.start += at;
        fault.end = fault.start + character.len_utf8();
        explained.insert(fault.start)
    });
}

/// The error of a text that is no YAML, if a lookalike is in a place that decides how its line is read. `error` is what the
/// parser found wrong; it may lie on the line below.
pub(super) fn explain_syntax(text: &str, error: SyntaxError) -> SyntaxError {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let Some(before) = text.get(..error.at) else { return error };
    let its_line = line_start(before.len());
    let starts = [its_line, line_start(its_line.saturating_sub(1))];
    let found = starts.into_iter().find_map(|start| {
        let line = text[start..].lines().next().unwrap_or_default();
        let (at, character, message) = in_structure(line)?;
        Some(SyntaxError { length: character.len_utf8(), ..SyntaxError::new(start + at, message) })
    });
    found.unwrap_or(error)
}

/// The first lookalike of a line in its indentation, as the hyphen of a list, as the space after a hyphen or a colon, or as
/// the quotation mark before a value.
fn in_structure(line: &str) -> Option<(usize, char, String)> {
    let content = line.find(|character| character != ' ' && !is_blank(character)).unwrap_or(line.len());
    if let Some(found) = first(&line[..content], |_| true) {
        return Some(found);
    }
    let within = |offset: usize, wanted: fn(char) -> bool| {
        let character = line[offset..].chars().next().filter(|character| wanted(*character))?;
        let (_, _, message) = first(&line[offset..], |_| true)?;
        Some((offset, character, message))
    };
    if let Some(found) = within(content, |character| is_hyphen(character) || is_quote(character)) {
        return Some(found);
    }
    let end = line.find(" #").unwrap_or(line.len());
    let signs =
        line[..end].char_indices().filter(|(at, sign)| *sign == ':' || *sign == '-' && *at == content);
    signs.map(|(at, _)| at + 1).find_map(|after| {
        within(after, is_blank).or_else(|| {
            let blanks = line[after..].len() - line[after..].trim_start_matches(' ').len();
            (blanks > 0).then(|| within(after + blanks, is_quote)).flatten()
        })
    })
}

/// What a path is written with and cannot mean: an escape of YAML in double quotes, a quotation mark that is none, or a
/// character that is not seen.
pub(super) fn in_path(text: &str, written: &Written<'_>) -> Option<RawFault> {
    let raw = text.get(written.span.start..written.span.end).unwrap_or_default();
    let fault = |at: usize, length: usize, message: String, suggestion: Option<String>| RawFault {
        path: written.path.clone(),
        start: written.span.start + at,
        end: written.span.start + at + length,
        message,
        other: None,
        suggestion,
    };
    if let Some((at, length, meaning)) = raw.strip_prefix('"').and_then(unmeant_escape) {
        let escape = &raw[at + 1..at + 1 + length];
        let message = format!("{escape} in double quotes is an escape: {meaning}");
        let suggestion = "single quotes, in which backslashes are only text".to_owned();
        return Some(fault(at + 1, length, message, Some(suggestion)));
    }
    let path = written.value;
    let ends = [path.chars().next(), path.chars().next_back()];
    let at_an_end =
        |character: char| ends.contains(&Some(character)) && (is_quote(character) || is_blank(character));
    let never = |character: char| {
        is_blank(character)
            && !matches!(character, '\u{ad}' | '\u{200c}' | '\u{200d}')
            && lookalike(character).is_some_and(|found| found.meant.is_none())
    };
    let (_, character, message) = first(path, |character| at_an_end(character) || never(character))?;
    let at = raw.find(character);
    Some(fault(at.unwrap_or(0), at.map_or(1, |_| character.len_utf8()), message, None))
}

/// The first escape in the text between double quotes that no path means: its offset, its length, and what it is. In a path
/// that begins with a drive and one backslash, every escape but `\\` and `\/` is one.
fn unmeant_escape(quoted: &str) -> Option<(usize, usize, String)> {
    let mut start = quoted.chars();
    let on_drive = start.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && start.as_str().starts_with(":\\")
        && !start.as_str().starts_with(":\\\\");
    let mut at = 0;
    while let Some(found) = quoted[at..].find('\\') {
        at += found;
        let letter = quoted[at + 1..].chars().next()?;
        let meaning = match letter {
            '0' => "a NUL",
            'a' => "a bell",
            'b' => "a backspace",
            't' => "a tab",
            'n' => "a line break",
            'v' => "a vertical tab",
            'f' => "a form feed",
            'r' => "a carriage return",
            'e' => "an escape character",
            'N' => "a line break (U+0085)",
            '_' => "a no-break space",
            'L' => "a line separator",
            'P' => "a paragraph separator",
            ' ' if on_drive => "a space",
            'x' | 'u' | 'U' if on_drive => {
                let digits = match letter {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code = quoted.get(at + 2..at + 2 + digits).unwrap_or_default();
                return Some((at, 2 + code.len(), format!("the character U+{:0>4}", code.to_uppercase())));
            }
            _ => {
                at += 1 + letter.len_utf8();
                continue;
            }
        };
        return Some((at, 1 + letter.len_utf8(), meaning.to_owned()));
    }
    None
}
