//! Maps of lines with `key: value`.

use super::reader::{Kind, Reader, is_blank, is_space};
use super::tree::{Map, Mention, NodeId, Span, Tree, Value};
use super::{Context, Result};

const NOTHING: Mention = Mention { node: Tree::NULL, span: None };

/// A map that is being read, with the entry in hand.
struct Reading {
    map: Option<NodeId>,
    /// Whether it has been found to be a map at all.
    detected: bool,
    /// Whether the key in hand was written after a `?`.
    explicit: bool,
    /// Whether a collection may follow on the same line.
    compact: bool,
    merge: bool,
    key: Mention,
    key_at: Span,
    value: Mention,
}

/// What a look at the next entry has found.
enum Found {
    Key,
    /// The map ends before this.
    End,
    /// There is no map, but one value, which is in hand.
    OnlyValue,
}

impl Reader<'_> {
    pub(super) fn read_block_map(&mut self, indent: isize, flow_indent: isize) -> Result<bool> {
        // After a tab only flow and scalars may begin.
        if self.first_tab.is_some() {
            return Ok(false);
        }
        let start = self.position;
        let (tag, anchor) = (self.tag.clone(), self.anchor);
        let mut reading = Reading {
            map: None,
            detected: false,
            explicit: false,
            compact: false,
            merge: false,
            key: NOTHING,
            key_at: Span { start, end: start },
            value: NOTHING,
        };
        if let Some(anchor) = anchor {
            let map = self.map_of(&mut reading);
            self.anchors.insert(anchor, map);
        }
        while self.byte() != 0 {
            if !reading.explicit {
                self.refuse_tab_in_indentation()?;
            }
            let line = self.line;
            match self.read_key(&mut reading, flow_indent)? {
                Found::Key => {}
                Found::End => break,
                Found::OnlyValue => {
                    (self.tag, self.anchor) = (tag, anchor);
                    return Ok(true);
                }
            }
            self.read_value(&mut reading, indent)?;
            self.skip_space(true)?;
            if (self.line == line || self.line_indent > indent) && self.byte() != 0 {
                return self.misplaced("this does not belong to the entry above it; look at the indentation");
            }
            if self.line_indent < indent {
                break;
            }
        }
        if reading.explicit {
            self.store(&mut reading)?;
        }
        if reading.detected {
            (self.tag, self.anchor) = (tag, anchor);
            self.kind = Some(Kind::Map);
            self.result = self.map_of(&mut reading);
            self.span = Some(Span { start, end: self.position });
        }
        Ok(reading.detected)
    }

    /// Reads up to and with the `?` or `:` that says what comes next.
    fn read_key(&mut self, reading: &mut Reading, flow_indent: isize) -> Result<Found> {
        let byte = self.byte();
        if matches!(byte, b'?' | b':') && is_space(self.at(self.position + 1)) {
            if byte == b'?' {
                if reading.explicit {
                    self.store(reading)?;
                }
                reading.detected = true;
                reading.explicit = true;
            } else if reading.explicit {
                reading.explicit = false;
            } else {
                return self.trouble("a key must stand before this colon");
            }
            reading.compact = true;
            self.position += 1;
            return Ok(Found::Key);
        }

        let (line, start) = (self.line, self.position);
        if !self.deeper(flow_indent, Context::FlowOut, false, true)? {
            return Ok(Found::End);
        }
        if self.line != line {
            return match reading.detected {
                true => self.trouble_at(start, "a key must stand on one line, with a colon after it"),
                false => Ok(Found::OnlyValue),
            };
        }
        while is_blank(self.byte()) {
            self.position += 1;
        }
        if self.byte() != b':' {
            return match reading.detected {
                true => self.trouble("a colon is missing here, after the key"),
                false => Ok(Found::OnlyValue),
            };
        }
        if !is_space(self.advance()) {
            return self.trouble("a blank is missing here, after the colon");
        }
        if reading.explicit {
            self.store(reading)?;
        }
        reading.detected = true;
        reading.explicit = false;
        reading.compact = false;
        reading.merge = self.tag_is_merge();
        reading.key = Mention { node: self.result, span: self.span };
        reading.key_at = self.span.unwrap_or(Span { start, end: start });
        Ok(Found::Key)
    }

    /// Reads what stands after the `?` or `:`.
    fn read_value(&mut self, reading: &mut Reading, indent: isize) -> Result<()> {
        if reading.explicit {
            reading.key_at = Span { start: self.position, end: self.position };
        }
        if self.deeper(indent, Context::BlockOut, true, reading.compact)? {
            let found = Mention { node: self.result, span: self.span };
            if reading.explicit {
                reading.key = found;
                reading.key_at = found.span.unwrap_or(reading.key_at);
            } else {
                reading.value = found;
            }
        }
        if reading.explicit { Ok(()) } else { self.store(reading) }
    }

    /// Puts the entry in hand into the map.
    fn store(&mut self, reading: &mut Reading) -> Result<()> {
        let map = self.map_of(reading);
        self.store_pair(map, reading.merge, reading.key, reading.key_at, reading.value)?;
        (reading.merge, reading.key, reading.value) = (false, NOTHING, NOTHING);
        Ok(())
    }

    fn map_of(&mut self, reading: &mut Reading) -> NodeId {
        *reading.map.get_or_insert_with(|| self.tree.add(Value::Map(Map::default())))
    }
}
