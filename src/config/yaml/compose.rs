//! A node: its tag and anchor, its content of whatever style, and the value that its tag makes of it.

use std::borrow::Cow;

use super::reader::{Kind, Reader};
use super::scalar::{PREFIX, implicit};
use super::tree::{Map, Mention, Tree, Value};
use super::{Context, Result, Trouble};
use crate::config::describe::quote;

impl Reader<'_> {
    /// Reads the node that begins here, into `result`, `kind`, `tag`, `anchor` and `span`. Whether there is one.
    ///
    /// `seek`: it may begin on a later line. `compact`: a block collection may begin on this line.
    pub(super) fn compose(
        &mut self,
        parent_indent: isize,
        context: Context,
        seek: bool,
        compact: bool,
    ) -> Result<bool> {
        (self.tag, self.anchor, self.kind, self.span) = (None, None, None, None);
        self.result = Tree::NULL;
        let in_block = matches!(context, Context::BlockIn | Context::BlockOut);
        let mut new_line = false;
        let mut deeper = 1;
        if seek && self.skip_space(true)? > 0 {
            new_line = true;
            deeper = (self.line_indent - parent_indent).signum();
        }
        let mut collections = in_block;
        let mut tag_at = self.position;
        if deeper == 1 {
            loop {
                let start = self.position;
                if self.read_tag()? {
                    tag_at = start;
                } else if !self.read_anchor()? {
                    break;
                }
                collections = self.skip_space(true)? > 0;
                if collections {
                    new_line = true;
                    collections = in_block;
                    deeper = (self.line_indent - parent_indent).signum();
                }
            }
        }
        collections = collections && (new_line || compact);

        let mut found = false;
        if deeper == 1 || context == Context::BlockOut {
            let flow_indent = if in_block { parent_indent + 1 } else { parent_indent };
            let block_indent = self.offset_in_line();
            if deeper == 1 {
                found = if collections
                    && (self.read_block_list(block_indent)?
                        || self.read_block_map(block_indent, flow_indent)?)
                    || self.read_flow(flow_indent)?
                {
                    true
                } else {
                    self.compose_scalar(in_block, flow_indent, context)?
                };
            } else if deeper == 0 {
                // The entries of a list may stand below the key they belong to.
                found = collections && self.read_block_list(block_indent)?;
            }
        }
        self.apply_tag(tag_at)?;
        Ok(self.tag.is_some() || self.anchor.is_some() || found)
    }

    fn compose_scalar(&mut self, in_block: bool, flow_indent: isize, context: Context) -> Result<bool> {
        let found = if in_block && self.read_block_scalar(flow_indent)?
            || self.read_single_quoted()?
            || self.read_double_quoted()?
        {
            true
        } else if self.read_alias()? {
            if self.tag.is_some() || self.anchor.is_some() {
                return self.trouble("an alias has neither tag nor anchor of its own");
            }
            true
        } else {
            let plain = self.read_plain(flow_indent, context == Context::FlowIn)?;
            if plain && self.tag.is_none() {
                self.tag = Some(Cow::Borrowed("?"));
            }
            plain
        };
        self.register_anchor();
        Ok(found)
    }

    fn register_anchor(&mut self) {
        if let Some(anchor) = self.anchor {
            self.anchors.insert(anchor, self.result);
        }
    }

    fn apply_tag(&mut self, tag_at: usize) -> Result<()> {
        match self.tag.as_deref() {
            None => {
                self.register_anchor();
                Ok(())
            }
            Some("!") => Ok(()),
            Some("?") => self.apply_implicit_type(tag_at),
            Some(tag) => {
                let tag = tag.to_owned();
                let refuse = |why: &str| {
                    let mut trouble = Trouble::new(tag_at, format!("the tag {} {why}", quote(&short(&tag))));
                    trouble.length = short(&tag).len();
                    Err(trouble)
                };
                let known = tag.strip_prefix(PREFIX).and_then(type_of_tag);
                let Some((name, kind)) = known else { return refuse("is not known") };
                let fits = match self.kind {
                    Some(own) => own == kind,
                    None => self.result == Tree::NULL,
                };
                if !fits || !self.apply_type(name)? {
                    return refuse("does not fit what stands after it");
                }
                self.register_anchor();
                Ok(())
            }
        }
    }

    fn apply_implicit_type(&mut self, tag_at: usize) -> Result<()> {
        let refuse = || Err(Trouble::new(tag_at, "the tag ? is for plain values only"));
        if self.result != Tree::NULL && self.kind != Some(Kind::Scalar) {
            return refuse();
        }
        let (value, tag) = match self.tree.get(self.result) {
            Value::Null => (Value::Null, "tag:yaml.org,2002:null"),
            Value::Text(text) => match implicit(text) {
                Some(typed) => typed,
                None => return Ok(()),
            },
            // Typed before, below this tag: js-yaml breaks off here.
            Value::Number(_) => return refuse(),
            _ => return Ok(()),
        };
        self.result = self.tree.add(value);
        self.tag = Some(Cow::Borrowed(tag));
        self.register_anchor();
        Ok(())
    }

    /// Makes of the value in hand what the tag `name` says. Whether that is possible.
    fn apply_type(&mut self, name: &str) -> Result<bool> {
        let typed = match (self.tree.get(self.result), name) {
            (Value::Null, "str") => Value::Text("".into()),
            (Value::Null, "seq" | "omap" | "pairs") => Value::List(Vec::new()),
            (Value::Null, "map") => Value::Map(Map::default()),
            (Value::Null, "set") => Value::Map(Map { is_set: true, ..Map::default() }),
            (value, "null" | "merge") if *value == Value::Null => return Ok(true),
            (Value::Text(text), "merge") => return Ok(&**text == "<<"),
            (Value::Text(text), name) if name != "str" => match super::scalar::typed(text, name) {
                Some(value) => value,
                None => return Ok(false),
            },
            (_, "str" | "seq" | "map") => return Ok(true),
            (Value::Map(_), "set") => return Ok(self.apply_set()),
            (Value::List(items), "omap" | "pairs") => {
                let items = items.clone();
                return Ok(match name {
                    "omap" => self.is_ordered_map(&items),
                    _ => self.apply_pairs(&items),
                });
            }
            _ => return Ok(false),
        };
        self.result = self.tree.add(typed);
        Ok(true)
    }

    /// A set is a map without values.
    fn apply_set(&mut self) -> bool {
        let Value::Map(map) = self.tree.get_mut(self.result) else { return false };
        map.is_set = map.entries.values().all(|entry| entry.value.node == Tree::NULL);
        map.is_set
    }

    /// The key and value of each item, if all items are maps of one entry.
    fn single_entries(&self, items: &[Mention]) -> Option<Vec<(Box<str>, Mention)>> {
        items
            .iter()
            .map(|item| match self.tree.get(item.node) {
                Value::Map(map) if map.entries.len() == 1 => {
                    map.entries.first().map(|(key, entry)| (key.clone(), entry.value))
                }
                _ => None,
            })
            .collect()
    }

    fn is_ordered_map(&self, items: &[Mention]) -> bool {
        let mut seen = std::collections::HashSet::new();
        self.single_entries(items).is_some_and(|pairs| pairs.into_iter().all(|(key, _)| seen.insert(key)))
    }

    fn apply_pairs(&mut self, items: &[Mention]) -> bool {
        let Some(pairs) = self.single_entries(items) else { return false };
        let mut list = Vec::with_capacity(items.len());
        for ((key, value), item) in pairs.into_iter().zip(items) {
            let key = Mention { node: self.tree.add(Value::Text(key)), span: item.span };
            list.push(Mention { node: self.tree.add(Value::List(vec![key, value])), span: item.span });
        }
        self.result = self.tree.add(Value::List(list));
        true
    }
}

/// The known type of that name, and what a node must look like to have it.
fn type_of_tag(name: &str) -> Option<(&'static str, Kind)> {
    const TYPES: [(&str, Kind); 13] = [
        ("str", Kind::Scalar),
        ("null", Kind::Scalar),
        ("bool", Kind::Scalar),
        ("int", Kind::Scalar),
        ("float", Kind::Scalar),
        ("timestamp", Kind::Scalar),
        ("merge", Kind::Scalar),
        ("binary", Kind::Scalar),
        ("seq", Kind::List),
        ("omap", Kind::List),
        ("pairs", Kind::List),
        ("map", Kind::Map),
        ("set", Kind::Map),
    ];
    TYPES.into_iter().find(|(known, _)| *known == name)
}

/// A tag as people write it.
fn short(tag: &str) -> String {
    match tag.strip_prefix(PREFIX) {
        Some(name) => format!("!!{name}"),
        None => tag.to_owned(),
    }
}
