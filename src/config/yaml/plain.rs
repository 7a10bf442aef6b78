//! Values without quotes.

use super::Result;
use super::reader::{Kind, Reader, is_blank, is_break, is_flow_indicator, is_space};
use super::tree::{Span, Value};

impl Reader<'_> {
    /// Whether no plain value can begin here.
    fn plain_cannot_begin(&self, in_flow: bool) -> bool {
        let byte = self.byte();
        if is_space(byte) || is_flow_indicator(byte) || b"#&*!|>'\"%@`".contains(&byte) {
            return true;
        }
        let following = self.at(self.position + 1);
        matches!(byte, b'?' | b'-') && (is_space(following) || in_flow && is_flow_indicator(following))
    }

    pub(super) fn read_plain(&mut self, indent: isize, in_flow: bool) -> Result<bool> {
        if self.plain_cannot_begin(in_flow) {
            return Ok(false);
        }
        let start = self.position;
        let mut text = String::new();
        let (mut capture, mut captured) = (start, start);
        let mut pending_since = None;
        while self.byte() != 0 {
            let byte = self.byte();
            if byte == b':' {
                let following = self.at(self.position + 1);
                if is_space(following) || in_flow && is_flow_indicator(following) {
                    break;
                }
            } else if byte == b'#' {
                if self.position > 0 && is_space(self.at(self.position - 1)) {
                    break;
                }
            } else if (self.position == self.line_start && self.at_document_separator())
                || (in_flow && is_flow_indicator(byte))
            {
                break;
            } else if is_break(byte) {
                let (line, line_start, line_indent) = (self.line, self.line_start, self.line_indent);
                self.skip_space(false)?;
                if self.line_indent >= indent {
                    pending_since = Some(line);
                    continue;
                }
                (self.position, self.line, self.line_start) = (captured, line, line_start);
                self.line_indent = line_indent;
                break;
            }
            if let Some(line) = pending_since.take() {
                self.capture(&mut text, capture, captured)?;
                fold(&mut text, self.line - line);
                (capture, captured) = (self.position, self.position);
            }
            if !is_blank(byte) {
                captured = self.position + 1;
            }
            self.position += 1;
        }
        self.capture(&mut text, capture, captured)?;
        if text.is_empty() {
            return Ok(false);
        }
        self.kind = Some(Kind::Scalar);
        self.result = self.tree.add(Value::Text(text.into()));
        self.span = Some(Span { start, end: captured });
        Ok(true)
    }

    /// Appends a stretch of plain or block text, which must be printable.
    pub(super) fn capture(&self, text: &mut String, start: usize, end: usize) -> Result<()> {
        let stretch = self.slice(start, end);
        if let Some((at, character)) = stretch.char_indices().find(|(_, c)| !is_printable(*c)) {
            return self.trouble_at(
                start + at,
                format!(
                    "U+{:04X} is not allowed here; write it as an escape in double quotes",
                    u32::from(character)
                ),
            );
        }
        text.push_str(stretch);
        Ok(())
    }
}

/// Appends what `breaks` line breaks in a row mean within text that is folded.
pub(super) fn fold(text: &mut String, breaks: usize) {
    match breaks {
        0 => {}
        1 => text.push(' '),
        _ => text.extend(std::iter::repeat_n('\n', breaks - 1)),
    }
}

fn is_printable(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{fffe}' | '\u{ffff}')
}
