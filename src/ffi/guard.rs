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
            .unwrap_or_else(|payload| (panic_json(effect, payload), Status::Panic));
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

/// What is handed over where an error cannot be printed.
const UNPRINTABLE: &[u8] = br#"{"code":"INTERNAL","message":"unprintable error","place":{}}"#;

/// The error of a panic. To tell it, and to drop what it carried, is guarded, too.
fn panic_json(effect: Effect, payload: Box<dyn Any + Send>) -> Vec<u8> {
    let tell = || {
        let told = error_json(&internal(effect, payload.as_ref()));
        (told, catch_unwind(AssertUnwindSafe(|| drop(payload))))
    };
    match catch_unwind(AssertUnwindSafe(tell)) {
        Ok((told, Ok(()))) => told,
        // Whatever panics while a panic is dropped would do so again: it is left alone.
        Ok((told, Err(again))) => {
            std::mem::forget(again);
            told
        }
        Err(again) => {
            std::mem::forget(again);
            UNPRINTABLE.to_vec()
        }
    }
}

fn error_json(error: &Error) -> Vec<u8> {
    let text = (!error.faults.is_empty()).then(|| render_faults(error));
    let response = serde_json::to_value(ErrorResponse { error, text }).map(visible_strings);
    response.and_then(|response| serde_json::to_vec(&response)).unwrap_or_else(|_| UNPRINTABLE.to_vec())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics again when it is dropped.
    struct Twice;

    impl Drop for Twice {
        fn drop(&mut self) {
            std::panic::panic_any(Again);
        }
    }

    /// The same once more.
    struct Again;

    impl Drop for Again {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[test]
    fn a_panic_that_panics_again_when_it_is_dropped_ends_here() {
        let (mut data, mut len) = (std::ptr::dangling_mut(), 7);
        // SAFETY: both places are ours.
        let out = unsafe { Out::new(&raw mut data, &raw mut len) }.unwrap();
        let status = out.guard(Effect::Reads, || std::panic::panic_any(Twice));
        // SAFETY: the call wrote both.
        let told = unsafe { std::slice::from_raw_parts(data, len) }.to_vec();
        // SAFETY: given back once.
        unsafe { super::super::buffer::take_back(data, len) };
        assert_eq!(status, Status::Panic);
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains("INTERNAL") && told.contains("panic without a message"), "{told}");
    }
}
