//! Parser events → [`Tree`]: tags, anchors, keys, merge keys, and what a config's YAML may not hold.

use std::collections::HashMap;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};
use indexmap::map::Entry as Slot;

use super::error::{MAX_DEPTH, Result, SyntaxError};
use super::scalar::{implicit, typed};
use super::tree::{Entry, Map, Mention, NodeId, Span, Tree, Value};
use crate::config::faults::quote;

/// Takes the events of one document, and makes its tree.
pub(super) struct Composer<'a> {
    text: &'a str,
    tree: Tree,
    anchors: HashMap<usize, NodeId>,
    /// The collections that are not complete, outermost first.
    open: Vec<Collection>,
    root: Option<Mention>,
    /// How much aliases and merge keys may still copy.
    budget: usize,
}

struct Collection {
    node: NodeId,
    start: usize,
    /// The column of its entries, from 0; `None` in flow style.
    column: Option<usize>,
    /// The bracket that opens it; `None` in block style, and for a pair in a list.
    bracket: Option<char>,
    /// A map's key whose value has not been read.
    key: Option<Key>,
    is_map: bool,
}

struct Key {
    text: Box<str>,
    span: Span,
    is_merge: bool,
}

impl<'a> Composer<'a> {
    pub(super) fn new(text: &'a str, budget: usize) -> Self {
        Composer { text, tree: Tree::new(), anchors: HashMap::new(), open: Vec::new(), root: None, budget }
    }

    /// The tree and its root.
    pub(super) fn finish(self) -> (Tree, Mention) {
        (self.tree, self.root.unwrap_or(Mention { node: Tree::NULL, span: None }))
    }

    /// Whether anything of the document has been read.
    pub(super) fn has_begun(&self) -> bool {
        self.root.is_some() || !self.open.is_empty()
    }

    /// The innermost bracket that is open, and where it is.
    pub(super) fn open_bracket(&self) -> Option<(char, usize)> {
        self.open.iter().rev().find_map(|collection| Some((collection.bracket?, collection.start)))
    }

    pub(super) fn event(&mut self, event: Event<'_>, mark: &granit_parser::Span) -> Result<()> {
        let span = bytes(mark);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(SyntaxError::new(
                span.start,
                "a second document begins here, and a config is one document",
            )),
            Event::Scalar(text, style, anchor, tag) => {
                let tag = CoreTag::of(tag.as_deref(), mark)?;
                // Where nothing is written the parser reports a plain `~`, and nothing after a tag.
                let written = self.text.get(span.start..span.end).unwrap_or_default();
                let is_plain = style == ScalarStyle::Plain;
                let absent = is_plain && (text.is_empty() || text == "~" && written != "~");
                let value = tag.scalar(&text, is_plain, absent)?;
                let node = self.add(value, anchor);
                if self.awaits_key() {
                    let is_merge = is_plain && text == "<<" && tag.name.is_none();
                    if absent {
                        return Err(SyntaxError::new(span.start, "a key must stand here"));
                    }
                    self.key(text.into(), span, is_merge);
                    return Ok(());
                }
                self.place(Mention { node, span: (!absent).then_some(span) }, mark)
            }
            Event::SequenceStart(style, anchor, tag) => {
                CoreTag::of(tag.as_deref(), mark)?.collection("seq")?;
                self.start(Value::List(Vec::new()), style, anchor, mark)
            }
            Event::MappingStart(style, anchor, tag) => {
                CoreTag::of(tag.as_deref(), mark)?.collection("map")?;
                self.start(Value::Map(Map::default()), style, anchor, mark)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(done) => {
                    let span = Span { start: done.start, end: span.end };
                    self.place(Mention { node: done.node, span: Some(span) }, mark)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).copied().unwrap_or(Tree::NULL);
                match self.awaits_key() {
                    true => self.alias_as_key(node, span),
                    false => self.place(Mention { node, span: Some(span) }, mark),
                }
            }
            Event::UnresolvedAlias(name) => {
                Err(SyntaxError::over(span, format!("no anchor {} stands before this alias", quote(&name))))
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, value: Value, anchor: usize) -> NodeId {
        let node = self.tree.add(value);
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        node
    }

    fn start(
        &mut self,
        value: Value,
        style: StructureStyle,
        anchor: usize,
        mark: &granit_parser::Span,
    ) -> Result<()> {
        let is_map = matches!(value, Value::Map(_));
        let is_block = style == StructureStyle::Block;
        let (mut start, mut column) = (bytes(mark).start, is_block.then_some(mark.start.col()));
        let first = self.text.get(start..).and_then(|rest| rest.chars().next());
        let bracket = first.filter(|first| !is_block && matches!(first, '[' | '{'));
        if self.awaits_key() {
            let message = match bracket {
                Some(_) => "only text can be a key, and a value that begins with a bracket needs quotes",
                None => "only text can be a key",
            };
            return Err(SyntaxError::new(start, message));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError::too_deep(start));
        }
        if is_block {
            // The parser marks a list that stands as far in as the key above it behind its first dash.
            let parent = self.open.last().filter(|parent| parent.is_map && !is_map);
            if let Some(dash) = parent.and_then(|parent| self.dash(start, parent.column)) {
                (start, column) = (dash.start, parent.and_then(|parent| parent.column));
            }
            self.refuse_tab_before(start)?;
        }
        let node = self.add(value, anchor);
        self.open.push(Collection { node, start, column, bracket, key: None, is_map });
        Ok(())
    }

    /// The dash in `column` of the line that holds `offset`.
    fn dash(&self, offset: usize, column: Option<usize>) -> Option<Span> {
        // Without a column there is no dash, and the line may be as long as the text.
        let (before, column) = (self.text.get(..offset)?, column?);
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let (at, character) = before[line..].char_indices().nth(column)?;
        (character == '-').then_some(Span { start: line + at, end: line + at + 1 })
    }

    /// Refuses `-<TAB>name: web`: to the parser the tab is a blank, to js-yaml it cannot indent what follows.
    fn refuse_tab_before(&self, start: usize) -> Result<()> {
        let before = self.text.as_bytes().get(..start).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t'));
        match blanks.zip(1..).filter(|(byte, _)| **byte == b'\t').last() {
            Some((_, back)) => Err(SyntaxError::tab(start - back)),
            None => Ok(()),
        }
    }

    /// Whether the next node is the key of a map.
    fn awaits_key(&self) -> bool {
        self.open.last().is_some_and(|innermost| innermost.is_map && innermost.key.is_none())
    }

    fn key(&mut self, text: Box<str>, span: Span, is_merge: bool) {
        if let Some(innermost) = self.open.last_mut() {
            innermost.key = Some(Key { text, span, is_merge });
        }
    }

    fn alias_as_key(&mut self, node: NodeId, span: Span) -> Result<()> {
        let Value::Text(text) = self.tree.get(node) else {
            return Err(SyntaxError::over(span, "only text can be a key"));
        };
        let text = text.clone();
        self.pay(text.len(), span.start)?;
        self.key(text, span, false);
        Ok(())
    }

    /// Puts a complete value where it belongs.
    fn place(&mut self, value: Mention, mark: &granit_parser::Span) -> Result<()> {
        let Some(innermost) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        let (node, key, column) = (innermost.node, innermost.key.take(), innermost.column);
        if let Some(key) = key {
            return match self.tree.get_mut(node) {
                _ if key.is_merge => self.merge_all(node, value, key.span),
                Value::Map(map) => store(map, key, value),
                _ => Ok(()),
            };
        }
        // An entry without a value stands where its dash does.
        let written = value.span.or_else(|| self.dash(bytes(mark).start, column)).unwrap_or(bytes(mark));
        if let Value::List(items) = self.tree.get_mut(node) {
            items.push(Mention { span: Some(written), ..value });
        }
        Ok(())
    }

    fn merge_all(&mut self, map: NodeId, value: Mention, key: Span) -> Result<()> {
        let at = value.span.unwrap_or(key).start;
        let Value::List(items) = self.tree.get(value.node) else { return self.merge(map, value.node, at) };
        let sources: Vec<NodeId> = items.iter().map(|item| item.node).collect();
        self.pay(sources.len(), at)?;
        sources.into_iter().try_for_each(|source| self.merge(map, source, at))
    }

    /// Copies the entries of `source` that `map` does not have.
    fn merge(&mut self, map: NodeId, source: NodeId, at: usize) -> Result<()> {
        let Value::Map(from) = self.tree.get(source) else {
            return Err(SyntaxError::new(at, "<< takes a map, or a list of maps"));
        };
        if map == source {
            return Ok(());
        }
        let cost = from.entries.keys().map(|key| key.len() + 16).sum();
        let entries: Vec<_> = match self.budget < cost {
            true => Vec::new(),
            false => from.entries.iter().map(|(key, entry)| (key.clone(), *entry)).collect(),
        };
        self.pay(cost, at)?;
        let Value::Map(own) = self.tree.get_mut(map) else { return Ok(()) };
        for (key, entry) in entries {
            own.entries.entry(key).or_insert(Entry { merged: true, ..entry });
        }
        Ok(())
    }

    /// Pays for `amount` of what an alias or a merge key copies.
    fn pay(&mut self, amount: usize, at: usize) -> Result<()> {
        self.budget = self.budget.checked_sub(amount).ok_or_else(|| {
            SyntaxError::new(at, "aliases and merge keys copy too much here; write out what is meant")
        })?;
        Ok(())
    }
}

fn store(map: &mut Map, key: Key, value: Mention) -> Result<()> {
    let entry = Entry { key: key.span, value, merged: false };
    match map.entries.entry(key.text) {
        Slot::Vacant(slot) => {
            slot.insert(entry);
        }
        Slot::Occupied(mut slot) if slot.get().merged => {
            slot.insert(entry);
        }
        Slot::Occupied(slot) => {
            let message = format!("the key {} stands here twice, first", quote(slot.key()));
            return Err(SyntaxError {
                first: Some(slot.get().key.start),
                ..SyntaxError::over(key.span, message)
            });
        }
    }
    Ok(())
}

/// A tag of the core schema (`str`, `seq` …) or `!`; no name where there is no tag.
struct CoreTag {
    name: Option<&'static str>,
    span: Span,
}

impl CoreTag {
    fn of(tag: Option<&Tag>, mark: &granit_parser::Span) -> Result<Self> {
        const KNOWN: [&str; 7] = ["str", "null", "bool", "int", "float", "seq", "map"];
        let span = mark.tag_span().map_or(bytes(mark), |span| bytes(&span));
        let Some(tag) = tag else { return Ok(CoreTag { name: None, span }) };
        let tag = format!("{}{}", tag.handle(), tag.suffix());
        let core = tag.strip_prefix("tag:yaml.org,2002:");
        let name = match core {
            Some(core) => KNOWN.into_iter().find(|known| *known == core),
            None => (tag == "!").then_some("!"),
        };
        if name.is_none() {
            let written = core.map_or(tag.clone(), |core| format!("!!{core}"));
            return Err(SyntaxError::over(span, format!("the tag {} is not known", quote(&written))));
        }
        Ok(CoreTag { name, span })
    }

    /// Refuses the tag on a collection of another kind.
    fn collection(&self, kind: &str) -> Result<()> {
        match self.name {
            None | Some("!") => Ok(()),
            Some(name) if name == kind => Ok(()),
            Some(name) => Err(self.misfit(name)),
        }
    }

    /// The value of a scalar; `absent` if none is written.
    fn scalar(&self, text: &str, is_plain: bool, absent: bool) -> Result<Value> {
        Ok(match self.name {
            None | Some("null") if absent => Value::Null,
            None if is_plain => implicit(text).unwrap_or_else(|| Value::Text(text.into())),
            None | Some("!") => Value::Text(text.into()),
            Some("seq") if absent => Value::List(Vec::new()),
            Some("map") if absent => Value::Map(Map::default()),
            Some("str") if absent => Value::Text("".into()),
            Some(name) => typed(text, name).ok_or_else(|| self.misfit(name))?,
        })
    }

    fn misfit(&self, name: &str) -> SyntaxError {
        SyntaxError::over(self.span, format!("the tag \"!!{name}\" does not fit what stands after it"))
    }
}

fn bytes(span: &granit_parser::Span) -> Span {
    let offset = |marker: granit_parser::Marker| marker.byte_offset().unwrap_or(0);
    Span { start: offset(span.start), end: offset(span.end) }
}
