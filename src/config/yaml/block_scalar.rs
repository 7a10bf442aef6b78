//! Block scalars: text after `|` and `>`.

use super::Result;
use super::reader::{Kind, Reader, is_blank, is_break, is_break_or_end};
use super::tree::{Span, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Clip,
    Strip,
    Keep,
}

/// What stands between the indicator and the first line of text.
struct Header {
    folding: bool,
    chomping: Chomping,
    /// Spaces that lead each line, where that is said.
    indent: Option<isize>,
}

impl Reader<'_> {
    pub(super) fn read_block_scalar(&mut self, parent_indent: isize) -> Result<bool> {
        if !matches!(self.byte(), b'|' | b'>') {
            return Ok(false);
        }
        let start = self.position;
        let header = self.read_block_header(parent_indent)?;
        let end = self.position;
        let text = self.read_block_text(&header, parent_indent)?;
        self.kind = Some(Kind::Scalar);
        self.result = self.tree.add(Value::Text(text.into()));
        self.span = Some(Span { start, end });
        Ok(true)
    }

    fn read_block_header(&mut self, parent_indent: isize) -> Result<Header> {
        let mut header = Header { folding: self.byte() == b'>', chomping: Chomping::Clip, indent: None };
        loop {
            match self.advance() {
                byte @ (b'+' | b'-') => {
                    if header.chomping != Chomping::Clip {
                        return self.trouble("only one of + and - may stand here");
                    }
                    header.chomping = if byte == b'+' { Chomping::Keep } else { Chomping::Strip };
                }
                b'0' => return self.trouble("an indentation of 0 is not possible here"),
                byte @ b'1'..=b'9' => {
                    if header.indent.is_some() {
                        return self.trouble("only one digit for the indentation may stand here");
                    }
                    header.indent = Some(parent_indent + isize::from(byte - b'0') - 1);
                }
                _ => break,
            }
        }
        if is_blank(self.byte()) {
            while is_blank(self.byte()) {
                self.position += 1;
            }
            if self.byte() == b'#' {
                while !is_break_or_end(self.byte()) {
                    self.position += 1;
                }
            }
        }
        Ok(header)
    }

    fn read_block_text(&mut self, header: &Header, parent_indent: isize) -> Result<String> {
        let mut text = String::new();
        let mut indent = header.indent.unwrap_or(parent_indent);
        let mut indent_known = header.indent.is_some();
        let mut any_content = false;
        let mut more_indented = false;
        let mut empty_lines = 0;
        let newlines = |text: &mut String, count: usize| text.extend(std::iter::repeat_n('\n', count));
        while self.byte() != 0 {
            self.read_line_break()?;
            self.line_indent = 0;
            while (!indent_known || self.line_indent < indent) && self.byte() == b' ' {
                self.line_indent += 1;
                self.position += 1;
            }
            if !indent_known && self.line_indent > indent {
                indent = self.line_indent;
            }
            if is_break(self.byte()) {
                empty_lines += 1;
                continue;
            }
            let since_content = usize::from(any_content) + empty_lines;
            if self.line_indent < indent {
                match header.chomping {
                    Chomping::Keep => newlines(&mut text, since_content),
                    Chomping::Clip if any_content => text.push('\n'),
                    Chomping::Clip | Chomping::Strip => {}
                }
                break;
            }
            if !header.folding {
                newlines(&mut text, since_content);
            } else if is_blank(self.byte()) {
                // Lines that begin with white space keep their breaks.
                more_indented = true;
                newlines(&mut text, since_content);
            } else if more_indented {
                more_indented = false;
                newlines(&mut text, empty_lines + 1);
            } else if empty_lines > 0 {
                newlines(&mut text, empty_lines);
            } else if any_content {
                text.push(' ');
            }
            any_content = true;
            indent_known = true;
            empty_lines = 0;
            let start = self.position;
            while !is_break_or_end(self.byte()) {
                self.position += 1;
            }
            self.capture(&mut text, start, self.position)?;
        }
        Ok(text)
    }
}
