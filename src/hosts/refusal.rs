//! Why a hosts file is left as it is.

use std::fmt;

use crate::error::{Code, Error};

/// Why nothing was merged. The file stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file's markers are not one BEGIN followed by one END. Holds the numbers of all marker lines, ascending.
    Markers {
        /// Line numbers, from 1.
        lines: Vec<usize>,
    },
    /// The file begins with the byte order mark of UTF-16.
    Utf16,
    /// The block itself is malformed: a defect of the caller.
    Block {
        /// The line of the block, from 1.
        line: usize,
        /// What is wrong with it.
        fault: &'static str,
    },
}

impl Refusal {
    /// The error to tell for a machine whose file was refused. `path` is the file inside its guest.
    pub fn into_error(self, machine: &str, path: &str) -> Error {
        let remedy = match &self {
            Refusal::Markers { .. } => format!(
                "Open {path} inside the guest and remove these marker lines with everything between them that \
                 Ragnatramp wrote; the next run adds the block anew. Nothing was written there."
            ),
            Refusal::Utf16 => {
                format!("Save {path} inside the guest as UTF-8 or ASCII. Nothing was written there.")
            }
            Refusal::Block { .. } => "This is a defect of Ragnatramp. Nothing was written.".to_owned(),
        };
        let code = match &self {
            Refusal::Block { .. } => Code::InvalidRequest,
            _ => Code::ReconcileHostsFailed,
        };
        let line = match &self {
            Refusal::Markers { lines } => lines.first().copied(),
            _ => None,
        };
        let mut error =
            Error::new(code, format!("{machine}: {path} was left as it is: {self}.")).of_machine(machine);
        error.place.path = Some(path.to_owned());
        error.place.line = line;
        error.with_remedy(remedy)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Markers { lines } => {
                let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
                let (noun, verb) = if lines.len() == 1 { ("line", "stands") } else { ("lines", "stand") };
                write!(
                    f,
                    "its markers are not one BEGIN followed by one END; they {verb} on {noun} {}",
                    numbers.join(", ")
                )
            }
            Refusal::Utf16 => {
                f.write_str("it is in UTF-16 (by its byte order mark), which no resolver reads")
            }
            Refusal::Block { line, fault } => write!(f, "line {line} of the block {fault}"),
        }
    }
}
