//! Lists of lines that begin with a dash.

use super::reader::{Kind, Reader, is_space};
use super::tree::{Mention, NodeId, Span, Tree, Value};
use super::{Context, Result};

impl Reader<'_> {
    pub(super) fn read_block_list(&mut self, indent: isize) -> Result<bool> {
        // After a tab only flow and scalars may begin.
        if self.first_tab.is_some() {
            return Ok(false);
        }
        let start = self.position;
        let (tag, anchor) = (self.tag.clone(), self.anchor);
        let mut own = None;
        if let Some(anchor) = anchor {
            let node = self.tree.add(Value::List(Vec::new()));
            self.anchors.insert(anchor, node);
            own = Some(node);
        }
        let mut detected = false;
        while self.byte() != 0 {
            self.refuse_tab_in_indentation()?;
            if self.byte() != b'-' || !is_space(self.at(self.position + 1)) {
                break;
            }
            detected = true;
            let list = *own.get_or_insert_with(|| self.tree.add(Value::List(Vec::new())));
            let dash = Span { start: self.position, end: self.position + 1 };
            self.position += 1;
            if self.skip_space(true)? > 0 && self.line_indent <= indent {
                self.push(list, Mention { node: Tree::NULL, span: Some(dash) });
                continue;
            }
            let line = self.line;
            self.deeper(indent, Context::BlockIn, false, true)?;
            self.push(list, Mention { node: self.result, span: self.span.or(Some(dash)) });
            self.skip_space(true)?;
            if (self.line == line || self.line_indent > indent) && self.byte() != 0 {
                return self.misplaced("this does not belong to the entry of the list that begins above it");
            }
            if self.line_indent < indent {
                break;
            }
        }
        if detected {
            (self.tag, self.anchor) = (tag, anchor);
            self.kind = Some(Kind::List);
            self.result = own.unwrap_or(Tree::NULL);
            self.span = Some(Span { start, end: self.position });
        }
        Ok(detected)
    }

    pub(super) fn push(&mut self, list: NodeId, item: Mention) {
        if let Value::List(items) = self.tree.get_mut(list) {
            items.push(item);
        }
    }

    pub(super) fn refuse_tab_in_indentation(&self) -> Result<()> {
        match self.first_tab {
            Some(tab) => self.trouble_at(tab, "lines are indented with spaces, and this is a tab"),
            None => Ok(()),
        }
    }

    /// What to say of text that cannot stand where it does; `otherwise` where nothing better is known.
    pub(super) fn misplaced<T>(&self, otherwise: &str) -> Result<T> {
        let byte = self.byte();
        match byte {
            b':' => self.trouble(
                "a colon cannot stand here: a value that holds \": \" needs quotes, and a key after an anchor or a tag \
                 begins on a line of its own",
            ),
            b'%' | b'@' | b'`' => {
                self.trouble(format!("a value that begins with {} needs quotes", char::from(byte)))
            }
            b'"' | b'\'' => self.trouble("a quote cannot stand here; quotes are around the whole value"),
            _ => self.trouble(otherwise),
        }
    }
}
