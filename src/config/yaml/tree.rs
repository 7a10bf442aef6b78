//! What a YAML document says: values in an arena, each mention of one with its place in the text.
//!
//! An alias is a second mention of the same value, so a document takes memory in proportion to its text, however often
//! it refers to itself, and cycles are harmless.

use indexmap::IndexMap;

/// A stretch of the text, in bytes from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Which value of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(u32);

/// A value, as the core schema of YAML 1.2 reads it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(Box<str>),
    List(Vec<Mention>),
    Map(Map),
}

/// A map, in the order of its keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Map {
    pub(crate) entries: IndexMap<Box<str>, Entry>,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Span,
    pub(crate) value: Mention,
    /// It came with a merge key, so an entry of its own may take its place.
    pub(crate) merged: bool,
}

/// A value where it is written, or referred to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mention {
    pub(crate) node: NodeId,
    /// Where; `None` where nothing is written, as after a bare `key:`.
    pub(crate) span: Option<Span>,
}

/// All values of a document.
#[derive(Debug)]
pub(crate) struct Tree {
    values: Vec<Value>,
}

impl Tree {
    /// The null that every absent value is.
    pub(crate) const NULL: NodeId = NodeId(0);

    pub(crate) fn new() -> Self {
        Tree { values: vec![Value::Null] }
    }

    pub(crate) fn add(&mut self, value: Value) -> NodeId {
        if value == Value::Null {
            return Tree::NULL;
        }
        // A text holds fewer values than bytes, and its size is bounded far below this.
        let id = NodeId(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        self.values.push(value);
        id
    }

    pub(crate) fn get(&self, id: NodeId) -> &Value {
        &self.values[id.0 as usize]
    }

    pub(crate) fn get_mut(&mut self, id: NodeId) -> &mut Value {
        &mut self.values[id.0 as usize]
    }
}
