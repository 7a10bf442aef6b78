//! No panic crosses the border: each export runs its step in here.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

use serde::Serialize;

use super::Status;
pub(super) use super::buffer::Out;
use super::buffer::borrow;
use crate::config::render_faults;
use crate::error::{Code, Error, Result};
use crate::terminal::visible_strings;

/// What a call may have done when a panic ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It only reads files.
    Reads,
    /// It writes state.json, whole or not at all.
    Writes,
}

/// Runs one export: borrows the request, runs `step`, and hands over its response or its error.
///
/// # Safety
/// A request that is not null must be readable for its length, and both places writable where they are not null.
pub(super) unsafe fn respond(
    effect: Effect,
    request: (*const u8, usize),
    out: (*mut *mut u8, *mut usize),
    step: impl FnOnce(&[u8]) -> Result<Vec<u8>>,
) -> Status {
    // SAFETY: the caller vouches for both places.
    let Some(out) = (unsafe { Out::new(out.0, out.1) }) else { return Status::NullPointer };
    // SAFETY: the caller vouches for the request.
    let Some(request) = (unsafe { borrow(request.0, request.1) }) else { return Status::NullPointer };
    out.guard(effect, || step(request))
}

impl Out {
    /// Runs `step` where a panic ends, and hands over what came of it. Printing an error is guarded, too. What `step` had
    /// borrowed is not used again after a panic.
    pub(super) fn guard(self, effect: Effect, step: impl FnOnce() -> Result<Vec<u8>>) -> Status {
        remember_panics();
        let run = || match step() {
            Ok(response) => (response, Status::Ok),
            Err(error) => (error_json(&error), Status::Error),
        };
        let (bytes, status) = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|payload| (error_json(&internal(effect, payload.as_ref())), Status::Panic));
        self.give(bytes, status)
    }
}

/// An error as it crosses. A config's faults come as `text`, too, ready to be shown.
#[derive(Serialize)]
struct ErrorResponse<'a> {
    #[serde(flatten)]
    error: &'a Error,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

fn error_json(error: &Error) -> Vec<u8> {
    let text = (!error.faults.is_empty()).then(|| render_faults(error));
    let unprintable = || br#"{"code":"INTERNAL","message":"unprintable error","place":{}}"#.to_vec();
    let response = serde_json::to_value(ErrorResponse { error, text }).map(visible_strings);
    response.and_then(|response| serde_json::to_vec(&response)).unwrap_or_else(|_| unprintable())
}

/// The text of each of the last panics, and where it was. A panic of a helper thread arrives here as the payload that the
/// thread ended with, so it is known by its text and not by its thread.
static PANICS: Mutex<VecDeque<(String, String)>> = Mutex::new(VecDeque::new());
const PANICS_KEPT: usize = 64;

/// Keeps a panic's own message off the user's terminal; [`internal`] tells it in the error instead.
fn remember_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
            let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
            if panics.len() == PANICS_KEPT {
                panics.pop_front();
            }
            panics.push_back((text_of(panic.payload()), place));
        }));
    });
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic without a message".to_owned())
}

fn internal(effect: Effect, payload: &(dyn Any + Send)) -> Error {
    let text = text_of(payload);
    let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = panics.iter().rposition(|(other, _)| *other == text).and_then(|at| panics.remove(at));
    let place = known.map_or_else(|| "an unknown place".to_owned(), |(_, place)| place);
    let outcome = match effect {
        Effect::Reads => "Nothing was changed by this call.",
        Effect::Writes => {
            "state.json is whole; whether it holds what this call was to write, Get-RagnaStatus shows."
        }
    };
    Error::new(Code::Internal, format!("The internal error was at {place}: {text}"))
        .with_remedy(format!("{outcome} Please report it with this text and the config that led to it."))
}
