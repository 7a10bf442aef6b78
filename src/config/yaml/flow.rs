//! Lists and maps in brackets.

use super::reader::{Kind, Reader, is_space};
use super::tree::{Map, Mention, Span, Tree, Value};
use super::{Context, Result, Trouble};

impl Reader<'_> {
    pub(super) fn read_flow(&mut self, indent: isize) -> Result<bool> {
        let (is_map, terminator) = match self.byte() {
            b'[' => (false, b']'),
            b'{' => (true, b'}'),
            _ => return Ok(false),
        };
        let start = self.position;
        let (tag, anchor) = (self.tag.clone(), self.anchor);
        let own = self.tree.add(if is_map { Value::Map(Map::default()) } else { Value::List(Vec::new()) });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, own);
        }
        self.position += 1;
        let mut after_comma = true;
        while self.byte() != 0 {
            self.skip_space(true)?;
            if self.byte() == terminator {
                self.position += 1;
                (self.tag, self.anchor, self.result) = (tag, anchor, own);
                self.kind = Some(if is_map { Kind::Map } else { Kind::List });
                self.span = Some(Span { start, end: self.position });
                return Ok(true);
            }
            if self.byte() == 0 {
                break;
            }
            if !after_comma {
                let message =
                    format!("a comma or {} must stand here; the bracket begins", char::from(terminator));
                return Err(Trouble { first: Some(start), ..Trouble::new(self.position, message) });
            }
            if self.byte() == b',' {
                return self.trouble("something must stand before this comma");
            }
            self.read_flow_entry(own, is_map, indent)?;
            self.skip_space(true)?;
            after_comma = self.byte() == b',';
            if after_comma {
                self.position += 1;
            }
        }
        self.trouble_at(start, format!("this bracket is never closed; {} is missing", char::from(terminator)))
    }

    fn read_flow_entry(&mut self, own: super::NodeId, is_map: bool, indent: isize) -> Result<()> {
        let explicit = self.byte() == b'?' && is_space(self.at(self.position + 1));
        if explicit {
            self.position += 1;
            self.skip_space(true)?;
        }
        let (line, start) = (self.line, self.position);
        self.deeper(indent, Context::FlowIn, false, true)?;
        let merge = self.tag_is_merge();
        let key = Mention { node: self.result, span: self.span };
        let at = self.span.unwrap_or(Span { start, end: start });
        self.skip_space(true)?;

        let mut value = Mention { node: Tree::NULL, span: None };
        let mut is_pair = explicit;
        if (explicit || self.line == line) && self.byte() == b':' {
            is_pair = true;
            self.position += 1;
            self.skip_space(true)?;
            self.deeper(indent, Context::FlowIn, false, true)?;
            value = Mention { node: self.result, span: self.span };
        }
        if is_map {
            return self.store_pair(own, merge, key, at, value);
        }
        let mut item = key;
        if is_pair {
            item = Mention { node: self.tree.add(Value::Map(Map::default())), span: Some(at) };
            self.store_pair(item.node, merge, key, at, value)?;
        }
        self.push(own, Mention { span: item.span.or(Some(at)), ..item });
        Ok(())
    }
}
