//! Keys and values into maps: what becomes of a key that is no text, duplicate keys, merge keys.

use indexmap::map::Entry as Slot;

use super::reader::Reader;
use super::scalar::{MERGE, number_text};
use super::tree::{Entry, Mention, NodeId, Span, Value};
use super::{Result, Trouble};
use crate::config::describe::quote;

impl Reader<'_> {
    /// Whether the key in hand is `<<`.
    pub(super) fn tag_is_merge(&self) -> bool {
        self.tag.as_deref() == Some(MERGE)
    }

    /// Puts a pair into `map`, or what `value` holds if its key is a merge key.
    pub(super) fn store_pair(
        &mut self,
        map: NodeId,
        merge: bool,
        key: Mention,
        at: Span,
        value: Mention,
    ) -> Result<()> {
        let text = self.key_text(key, at)?;
        if merge {
            return self.merge_all(map, value, at);
        }
        let list_as_key = matches!(self.tree.get(key.node), Value::List(_));
        let entry = Entry { key: at, value, merged: false, list_as_key };
        let Value::Map(own) = self.tree.get_mut(map) else { return Ok(()) };
        match own.entries.entry(text) {
            Slot::Vacant(slot) => {
                slot.insert(entry);
            }
            Slot::Occupied(mut slot) if slot.get().merged => {
                slot.insert(entry);
            }
            Slot::Occupied(slot) => {
                let mut trouble =
                    Trouble::new(at.start, format!("the key {} stands here twice, first", quote(slot.key())));
                trouble.length = at.end - at.start;
                trouble.first = Some(slot.get().key.start);
                return Err(trouble);
            }
        }
        Ok(())
    }

    fn merge_all(&mut self, map: NodeId, value: Mention, at: Span) -> Result<()> {
        let at = value.span.unwrap_or(at).start;
        let Value::List(items) = self.tree.get(value.node) else { return self.merge(map, value.node, at) };
        let sources: Vec<NodeId> = items.iter().map(|item| item.node).collect();
        self.pay(sources.len())?;
        sources.into_iter().try_for_each(|source| self.merge(map, source, at))
    }

    /// Copies the entries of `source` that `map` does not have.
    fn merge(&mut self, map: NodeId, source: NodeId, at: usize) -> Result<()> {
        let Value::Map(from) = self.tree.get(source) else {
            return self.trouble_at(at, "<< takes a map, or a list of maps");
        };
        if from.is_set {
            return self.trouble_at(at, "<< takes a map, and this is a set");
        }
        if map == source {
            return Ok(());
        }
        let cost = from.entries.keys().map(|key| key.len() + 16).sum();
        self.pay(cost)?;
        let Value::Map(from) = self.tree.get(source) else { return Ok(()) };
        let entries: Vec<_> = from.entries.iter().map(|(key, entry)| (key.clone(), *entry)).collect();
        let Value::Map(own) = self.tree.get_mut(map) else { return Ok(()) };
        for (key, entry) in entries {
            own.entries.entry(key).or_insert(Entry { merged: true, ..entry });
        }
        Ok(())
    }

    /// The text that a key stands for. JavaScript has only texts as keys, and so does a config.
    fn key_text(&mut self, key: Mention, at: Span) -> Result<Box<str>> {
        let Value::List(items) = self.tree.get(key.node) else { return self.plain_key_text(key.node) };
        let items: Vec<NodeId> = items.iter().map(|item| item.node).collect();
        let mut joined = String::new();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                joined.push(',');
            }
            match self.tree.get(item) {
                Value::Null => self.pay(1)?,
                Value::List(_) => {
                    return self.trouble_at(at.start, "a list within a list cannot be part of a key");
                }
                _ => joined.push_str(&self.plain_key_text(item)?),
            }
        }
        Ok(joined.into())
    }

    fn plain_key_text(&mut self, key: NodeId) -> Result<Box<str>> {
        let text: Box<str> = match self.tree.get(key) {
            Value::Text(text) => text.clone(),
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string().into(),
            Value::Number(value) => number_text(*value).into(),
            Value::Date(milliseconds) => format!("(date {})", milliseconds.div_euclid(1000)).into(),
            Value::Binary(text) => format!("(binary {text})").into(),
            Value::List(_) | Value::Map(_) => "[object Object]".into(),
        };
        self.pay(text.len() + 1)?;
        Ok(text)
    }
}
