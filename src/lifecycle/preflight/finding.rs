//! One thing that speaks against a start.

use serde::Serialize;

use crate::discovery::MachineName;
use crate::error::Code;
use crate::terminal::visible;

/// Whether a finding keeps the machines from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// It does: nothing is begun.
    Error,
    /// It may, or it will later.
    Warning,
}

/// What was found, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// Whether it keeps the machines from being made.
    pub severity: Severity,
    /// The machine, where it is about a single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_name: Option<MachineName>,
    /// The file or folder that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A sentence that begins with the machines that it is about.
    pub message: String,
    /// What the user can do.
    pub remedy: String,
}

impl Finding {
    /// About the host as a whole.
    pub(super) fn new(code: Code, severity: Severity, message: &str, remedy: &str) -> Self {
        Finding {
            code,
            severity,
            machine_name: None,
            path: None,
            message: visible(message).into_owned(),
            remedy: visible(remedy).into_owned(),
        }
    }

    /// About machines: the message is a clause that follows their names.
    #[must_use]
    pub(super) fn of(mut self, machines: &[&str]) -> Self {
        self.message = format!("{}: {}", machines.join(", "), self.message);
        if let [machine] = machines {
            self.machine_name = Some((*machine).into());
        }
        self
    }

    #[must_use]
    pub(super) fn at(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }
}
