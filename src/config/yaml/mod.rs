//! YAML text → [`Tree`]: values, each with its place in the text.
//!
//! `granit-parser` reads the syntax and reports events with byte offsets. [`compose`] makes values of them by the rules
//! of js-yaml 4.1.1: core schema, anchors, merge keys, unique keys, no unknown tags.

mod compose;
mod error;
mod messages;
mod scalar;
mod tree;

use error::Result;
pub(crate) use error::{MAX_DEPTH, SyntaxError};
pub(crate) use scalar::number_text;
pub(crate) use tree::{Map, Mention, NodeId, Span, Tree, Value};

/// How long a key may be, in characters: so far the parser looks ahead for the colon, which bounds what it buffers.
const MAX_KEY: usize = 1_024;

/// What aliases and merge keys may copy beyond the size of the text, in bytes and entries.
const COPY_ALLOWANCE: usize = 1_000_000;

/// Reads the one document of `text`; without any, the root is null.
///
/// Neither the parser nor the composer recurses, so any stack will do.
pub(crate) fn read(text: &str) -> Result<(Tree, Mention)> {
    if let Some(at) = text.find('\0') {
        return Err(SyntaxError::new(at, "a NUL character is not allowed"));
    }
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        simple_key_max_lookahead: MAX_KEY,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut composer = compose::Composer::new(text, COPY_ALLOWANCE + 2 * text.len());
    for event in granit_parser::Parser::new_from_str_with_options(text, options) {
        let (event, mark) = event.map_err(|error| messages::of_parser(&error, text, &composer))?;
        composer.event(event, &mark)?;
    }
    Ok(composer.finish())
}
