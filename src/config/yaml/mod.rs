//! YAML text → [`Tree`], with the verdict of js-yaml 4.1.1 on every text.
//!
//! No library gives that verdict: the grammar, the core schema and the merging of js-yaml differ from those of the
//! libyaml family in hundreds of small ways, and none of those gives the place of every key and value. So the grammar is
//! followed here, function by function, with marks added and everything bounded. js-yaml is Copyright (C) 2011-2015
//! Vitaly Puzrin, under the MIT licence.

mod block;
mod block_scalar;
mod compose;
mod document;
mod flow;
mod mapping;
mod pairs;
mod plain;
mod properties;
mod quoted;
mod reader;
mod scalar;
mod tags;
mod timestamp;
mod tree;

pub(crate) use scalar::number_text;
pub(crate) use tree::{Map, Mention, NodeId, Span, Tree, Value};

/// How many levels may be nested.
pub(crate) const MAX_DEPTH: usize = 1_600;

/// Stack for [`MAX_DEPTH`] levels, in bytes, even without optimisation.
const STACK: usize = 16 << 20;

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Where, in bytes from the start of the text.
    pub(crate) at: usize,
    /// How many bytes are meant; 0 where that is not known.
    pub(crate) length: usize,
    pub(crate) message: String,
    /// What it repeats: where that stands.
    pub(crate) first: Option<usize>,
    pub(crate) suggestion: Option<String>,
}

impl Trouble {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Trouble { at, length: 0, message: message.into(), first: None, suggestion: None }
    }
}

type Result<T> = std::result::Result<T, Trouble>;

/// In what a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    FlowIn,
    FlowOut,
    BlockIn,
    BlockOut,
}

/// Reads the one document of `text`; without any, the root is null.
///
/// The text is read on a thread of its own, whose stack holds what [`MAX_DEPTH`] allows whoever calls.
pub(crate) fn read(text: &str) -> Result<(Tree, Mention)> {
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .name("ragnatramp-yaml".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || document::read(text));
        match reading.map(|thread| thread.join()) {
            Ok(Ok(read)) => read,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(Trouble::new(0, format!("no thread to read it with: {error}"))),
        }
    })
}
