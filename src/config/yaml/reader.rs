//! The state of reading: where in the text, and what the node in hand has been found to be.

use std::borrow::Cow;
use std::collections::HashMap;

use super::tree::{NodeId, Span, Tree};
use super::{Context, MAX_DEPTH, Result, Trouble};

/// What a node looks like, before its tag is considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    List,
    Map,
}

/// One pass over the text. The grammar is that of js-yaml 4.1.1, whose verdicts are to be kept; so are its names where
/// that helps to compare the two.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
    pub(super) line: usize,
    pub(super) line_start: usize,
    /// Spaces before the first other character of the line.
    pub(super) line_indent: isize,
    /// The first tab among the white space that leads the line, or follows its indicators.
    pub(super) first_tab: Option<usize>,

    pub(super) tag: Option<Cow<'static, str>>,
    pub(super) anchor: Option<&'a str>,
    pub(super) kind: Option<Kind>,
    pub(super) result: NodeId,
    pub(super) span: Option<Span>,

    pub(super) tree: Tree,
    pub(super) anchors: HashMap<&'a str, NodeId>,
    pub(super) tag_prefixes: HashMap<&'a str, String>,
    pub(super) yaml_directive_seen: bool,
    depth: usize,
    budget: usize,
}

impl<'a> Reader<'a> {
    /// `budget` bounds what aliases and merge keys may copy.
    pub(super) fn new(text: &'a str, budget: usize) -> Self {
        Reader {
            text,
            position: 0,
            line: 0,
            line_start: 0,
            line_indent: 0,
            first_tab: None,
            tag: None,
            anchor: None,
            kind: None,
            result: Tree::NULL,
            span: None,
            tree: Tree::new(),
            anchors: HashMap::new(),
            tag_prefixes: HashMap::new(),
            yaml_directive_seen: false,
            depth: 0,
            budget,
        }
    }

    /// The byte at `index`; 0 after the end (no other byte is 0, that has been checked).
    pub(super) fn at(&self, index: usize) -> u8 {
        self.text.as_bytes().get(index).copied().unwrap_or(0)
    }

    /// The byte in hand.
    pub(super) fn byte(&self) -> u8 {
        self.at(self.position)
    }

    /// Goes on by one byte, and gives the one then in hand.
    pub(super) fn advance(&mut self) -> u8 {
        self.position += 1;
        self.byte()
    }

    /// The text from `start` to `end`, both at the edge of a character.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn trouble<T>(&self, message: impl Into<String>) -> Result<T> {
        self.trouble_at(self.position, message)
    }

    pub(super) fn trouble_at<T>(&self, at: usize, message: impl Into<String>) -> Result<T> {
        Err(Trouble::new(at, message))
    }

    /// Pays for `amount` of what an alias or a merge key copies.
    pub(super) fn pay(&mut self, amount: usize) -> Result<()> {
        match self.budget.checked_sub(amount) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => self.trouble("aliases, merge keys and tags copy too much here; write out what is meant"),
        }
    }

    /// Reads one more level by `read`, unless there are too many.
    pub(super) fn deeper(
        &mut self,
        parent_indent: isize,
        context: Context,
        seek: bool,
        compact: bool,
    ) -> Result<bool> {
        if self.depth >= MAX_DEPTH {
            return self.trouble(format!("nested too deeply; {MAX_DEPTH} levels are the most"));
        }
        self.depth += 1;
        let found = self.compose(parent_indent, context, seek, compact)?;
        self.depth -= 1;
        Ok(found)
    }

    pub(super) fn read_line_break(&mut self) -> Result<()> {
        match self.byte() {
            b'\n' => self.position += 1,
            b'\r' => {
                self.position += 1;
                if self.byte() == b'\n' {
                    self.position += 1;
                }
            }
            _ => return self.trouble("the line must end here"),
        }
        self.line += 1;
        self.line_start = self.position;
        self.first_tab = None;
        Ok(())
    }

    /// Skips white space, line breaks and, if `comments`, comments. Gives the number of line breaks.
    pub(super) fn skip_space(&mut self, comments: bool) -> Result<usize> {
        let mut breaks = 0;
        while self.byte() != 0 {
            while is_blank(self.byte()) {
                if self.byte() == b'\t' && self.first_tab.is_none() {
                    self.first_tab = Some(self.position);
                }
                self.position += 1;
            }
            if comments && self.byte() == b'#' {
                while !is_break_or_end(self.byte()) {
                    self.position += 1;
                }
            }
            if !is_break(self.byte()) {
                break;
            }
            self.read_line_break()?;
            breaks += 1;
            self.line_indent = 0;
            while self.byte() == b' ' {
                self.line_indent += 1;
                self.position += 1;
            }
        }
        Ok(breaks)
    }

    /// Whether `---` or `...` stands here; to be asked at the start of a line.
    pub(super) fn at_document_separator(&self) -> bool {
        let byte = self.byte();
        (byte == b'-' || byte == b'.')
            && byte == self.at(self.position + 1)
            && byte == self.at(self.position + 2)
            && is_space_or_end(self.at(self.position + 3))
    }

    /// How far the position is from the start of its line. Only ASCII can precede where this is asked.
    pub(super) fn offset_in_line(&self) -> isize {
        (self.position - self.line_start) as isize
    }
}

pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

pub(super) fn is_break_or_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0)
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub(super) fn is_space(byte: u8) -> bool {
    is_blank(byte) || is_break(byte)
}

pub(super) fn is_space_or_end(byte: u8) -> bool {
    is_space(byte) || byte == 0
}

pub(super) fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
