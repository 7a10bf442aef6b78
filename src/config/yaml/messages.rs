//! What the parser reports, in our words.

use granit_parser::{ErrorKind, ScanError};

use super::compose::Composer;
use super::error::SyntaxError;

/// The error of the parser; `composer` has taken the events before.
///
/// A kind without words of its own keeps the parser's sentence.
pub(super) fn of_parser(error: &ScanError, text: &str, composer: &Composer<'_>) -> SyntaxError {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let rest = text.get(at..).unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return SyntaxError::too_deep(at),
        ErrorKind::InvalidBlockEntryWhitespace => {
            return SyntaxError::tab(text[..at].rfind('\t').unwrap_or(at));
        }
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => return SyntaxError::tab(first_indenting_tab(text, at)),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => return bad_escape(text, at),
        ErrorKind::UnexpectedCharacter { character } if character.is_ascii_graphic() => {
            &format!("a value that begins with {character} needs quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let code = u32::from(*character);
            let message = format!("U+{code:04X} is not allowed here; write it as an escape in double quotes");
            return SyntaxError::new(at + rest.find(*character).unwrap_or(0), message);
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            let Some((open, first)) = composer.open_bracket() else {
                return SyntaxError::new(at, error.info());
            };
            let message = format!("a comma or {} must stand here; the bracket begins", closing(open));
            return SyntaxError { first: Some(first), ..SyntaxError::new(at, message) };
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            &format!("this bracket is never closed; {} is missing", closing(*open))
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            &format!("this bracket ends with {close}; {} is missing", closing(*open))
        }
        ErrorKind::MisplacedFlowCollectionEnd => "no bracket is open that this one could close",
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed",
        ErrorKind::DocumentIndicatorInQuotedScalar => "this quote is not closed before the document ends",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar
            if rest.starts_with('#') =>
        {
            "a blank is missing here, before the #"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "this stands after the closing quote; quotes are around the whole value"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedDocumentStart
            if rest.starts_with(':') =>
        {
            return SyntaxError::new(at + 1, "a blank is missing here, after the colon");
        }
        ErrorKind::CommentNotSeparated => "a blank is missing here, before the #",
        ErrorKind::FlowMappingValueAdjacentCollection | ErrorKind::InvalidMappingValueWhitespace => {
            "a blank is missing here, after the colon"
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "a colon cannot stand here: a value that holds \": \" needs quotes, and a key begins as far in as its \
             neighbours"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "a key must stand on one line, with a colon after it"
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            "this does not belong to the entry of the list that begins above it"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidIndentation => {
            "this does not belong to the entry above it; look at the indentation"
        }
        ErrorKind::CommentInterceptedScalar => {
            "a comment ends the value above it, and the text below it belongs to nothing"
        }
        ErrorKind::ExpectedDocumentStart if !composer.has_begun() => {
            "directives must be followed by a line of ---"
        }
        ErrorKind::ExpectedDocumentStart => {
            "the document ends before this; it stands outside of what was begun"
        }
        ErrorKind::MissingAnchorOrAliasName => {
            let sign = rest.chars().next().unwrap_or('&');
            &format!("a name must stand after {sign}; a text that starts with {sign} needs quotes")
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            "after | and > only + or - and a digit from 1 to 9 may stand; other text needs quotes"
        }
        ErrorKind::MissingDirectiveName | ErrorKind::InvalidDirectiveName => {
            "a directive needs a name after %; a value that starts with % needs quotes"
        }
        ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::InvalidTagEscape
        | ErrorKind::MissingTagUri
        | ErrorKind::UndeclaredTagHandle
        | ErrorKind::UnclosedVerbatimTag => "this is no tag; a text that starts with ! needs quotes",
        ErrorKind::UnsupportedYamlMajorVersion => {
            "this version of YAML is not known; use %YAML 1.2 or no such line"
        }
        _ if rest.starts_with(',') && composer.open_bracket().is_some() => {
            "something must stand before this comma"
        }
        _ if rest.starts_with(',') => "a value that begins with , needs quotes",
        _ => return SyntaxError::new(at, error.info()),
    };
    SyntaxError::new(at, message)
}

fn closing(bracket: char) -> char {
    if bracket == '{' { '}' } else { ']' }
}

/// The first tab that indents a line, from the line of `at` on.
fn first_indenting_tab(text: &str, at: usize) -> usize {
    let mut start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    for line in text[start..].split_inclusive(['\n', '\r']) {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t') {
            return start + tab;
        }
        start += line.len();
    }
    at
}

/// The first backslash after the quote at `quote` that begins no escape. The parser marks the quote.
fn bad_escape(text: &str, quote: usize) -> SyntaxError {
    let mut at = quote + 1;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        let Some(letter) = text[at + 1..].chars().next() else { break };
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\' | 'N'
            | '_' | 'L' | 'P' | '\n' | '\r' => 0,
            _ => {
                return escape(
                    at,
                    "a backslash in double quotes begins an escape, and this is none".to_owned(),
                );
            }
        };
        let code = text.get(at + 2..at + 2 + digits).unwrap_or_default();
        if code.len() < digits || !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return escape(at, format!("the escape \\{letter} needs {digits} hexadecimal digits"));
        }
        at += 1 + letter.len_utf8() + digits;
    }
    SyntaxError::new(quote, "an escape in these quotes is no character of Unicode")
}

fn escape(at: usize, message: String) -> SyntaxError {
    let suggestion = "single quotes, in which backslashes are only text".to_owned();
    SyntaxError { length: 2, suggestion: Some(suggestion), ..SyntaxError::new(at, message) }
}
