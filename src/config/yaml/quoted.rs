//! Values in single and double quotes.

use super::Result;
use super::plain::fold;
use super::reader::{Kind, Reader, is_break};
use super::tree::{Span, Value};

impl Reader<'_> {
    pub(super) fn read_single_quoted(&mut self) -> Result<bool> {
        if self.byte() != b'\'' {
            return Ok(false);
        }
        let start = self.position;
        let mut text = String::new();
        self.position += 1;
        let (mut capture, mut captured) = (self.position, self.position);
        while self.byte() != 0 {
            if self.byte() == b'\'' {
                self.capture_quoted(capture, self.position, &mut |part| text.push_str(part))?;
                if self.advance() != b'\'' {
                    self.finish_quoted(start, text);
                    return Ok(true);
                }
                capture = self.position;
                self.position += 1;
                captured = self.position;
            } else if is_break(self.byte()) {
                self.capture_quoted(capture, captured, &mut |part| text.push_str(part))?;
                fold(&mut text, self.skip_space(false)?);
                (capture, captured) = (self.position, self.position);
            } else {
                self.step_in_quotes(start, &mut captured)?;
            }
        }
        self.trouble_at(start, "this quote is never closed")
    }

    pub(super) fn read_double_quoted(&mut self) -> Result<bool> {
        if self.byte() != b'"' {
            return Ok(false);
        }
        let start = self.position;
        // Escapes can write halves of surrogate pairs, so the text is put together as UTF-16.
        let mut units: Vec<u16> = Vec::new();
        self.position += 1;
        let (mut capture, mut captured) = (self.position, self.position);
        while self.byte() != 0 {
            if self.byte() == b'"' {
                self.capture_quoted(capture, self.position, &mut |part| units.extend(part.encode_utf16()))?;
                self.position += 1;
                self.finish_quoted(start, String::from_utf16_lossy(&units));
                return Ok(true);
            } else if self.byte() == b'\\' {
                self.capture_quoted(capture, self.position, &mut |part| units.extend(part.encode_utf16()))?;
                self.position += 1;
                self.read_escape(&mut units)?;
                (capture, captured) = (self.position, self.position);
            } else if is_break(self.byte()) {
                self.capture_quoted(capture, captured, &mut |part| units.extend(part.encode_utf16()))?;
                let mut between = String::new();
                fold(&mut between, self.skip_space(false)?);
                units.extend(between.encode_utf16());
                (capture, captured) = (self.position, self.position);
            } else {
                self.step_in_quotes(start, &mut captured)?;
            }
        }
        self.trouble_at(start, "this quote is never closed")
    }

    fn step_in_quotes(&mut self, start: usize, captured: &mut usize) -> Result<()> {
        if self.position == self.line_start && self.at_document_separator() {
            return self.trouble_at(start, "this quote is not closed before the document ends");
        }
        self.position += 1;
        *captured = self.position;
        Ok(())
    }

    fn finish_quoted(&mut self, start: usize, text: String) {
        self.kind = Some(Kind::Scalar);
        self.result = self.tree.add(Value::Text(text.into()));
        self.span = Some(Span { start, end: self.position });
    }

    /// Hands over a stretch of quoted text. Control characters other than tabs are not allowed in it.
    fn capture_quoted(&self, start: usize, end: usize, take: &mut dyn FnMut(&str)) -> Result<()> {
        let stretch = self.slice(start, end);
        if let Some(at) = stretch.bytes().position(|byte| byte < b' ' && byte != b'\t') {
            return self.trouble_at(
                start + at,
                "a control character is not allowed in quotes; write it as an escape",
            );
        }
        take(stretch);
        Ok(())
    }

    /// Reads what follows a backslash.
    fn read_escape(&mut self, units: &mut Vec<u16>) -> Result<()> {
        let start = self.position - 1;
        let byte = self.byte();
        if is_break(byte) {
            self.skip_space(false)?;
            return Ok(());
        }
        if let Some(unit) = simple_escape(byte) {
            units.push(unit);
            self.position += 1;
            return Ok(());
        }
        let digits = match byte {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => {
                return self.trouble_in_escape(
                    start,
                    "a backslash in double quotes begins an escape, and this is none",
                );
            }
        };
        // As in JavaScript: 32 bits with sign, and halves of a pair beyond its range wrap.
        let mut code: i32 = 0;
        for _ in 0..digits {
            let Some(digit) = char::from(self.advance()).to_digit(16) else {
                return self.trouble_in_escape(
                    start,
                    format!("the escape \\{} needs {digits} hexadecimal digits", char::from(byte)),
                );
            };
            code = code.wrapping_shl(4).wrapping_add(digit as i32);
        }
        self.position += 1;
        if code <= 0xFFFF {
            units.push(code as u16);
        } else {
            units.push((((code - 0x1_0000) >> 10) + 0xD800) as u16);
            units.push((((code - 0x1_0000) & 0x3FF) + 0xDC00) as u16);
        }
        Ok(())
    }

    fn trouble_in_escape<T>(&self, start: usize, message: impl Into<String>) -> Result<T> {
        self.trouble_at(start, message).map_err(|mut trouble: super::Trouble| {
            trouble.length = 2;
            trouble.suggestion = Some("single quotes, in which backslashes are only text".to_owned());
            trouble
        })
    }
}

fn simple_escape(byte: u8) -> Option<u16> {
    Some(match byte {
        b'0' => 0,
        b'a' => 7,
        b'b' => 8,
        b't' | b'\t' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'e' => 27,
        b' ' | b'"' | b'/' | b'\\' => u16::from(byte),
        b'N' => 0x85,
        b'_' => 0xA0,
        b'L' => 0x2028,
        b'P' => 0x2029,
        _ => return None,
    })
}
