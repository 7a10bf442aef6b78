//! Why a text is not YAML.

use super::tree::Span;

/// How many levels may be nested.
pub(crate) const MAX_DEPTH: usize = 1_600;

pub(super) type Result<T> = std::result::Result<T, SyntaxError>;

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Where, in bytes from the start of the text.
    pub(crate) at: usize,
    /// How many bytes are meant; 0 where that is not known.
    pub(crate) length: usize,
    pub(crate) message: String,
    /// The place that the message ends with.
    pub(crate) first: Option<usize>,
    pub(crate) suggestion: Option<String>,
}

impl SyntaxError {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        SyntaxError { at, length: 0, message: message.into(), first: None, suggestion: None }
    }

    pub(super) fn over(span: Span, message: impl Into<String>) -> Self {
        SyntaxError { length: span.end - span.start, ..SyntaxError::new(span.start, message) }
    }

    pub(super) fn tab(at: usize) -> Self {
        SyntaxError::new(at, "lines are indented with spaces, and this is a tab")
    }

    pub(super) fn too_deep(at: usize) -> Self {
        SyntaxError::new(at, format!("nested too deeply; {MAX_DEPTH} levels are the most"))
    }
}
