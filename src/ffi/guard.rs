//! No panic crosses the border: each export runs its body in here.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use serde::Serialize;

use super::Status;
use super::buffer::{Out, borrow};
use crate::config::render_faults;
use crate::error::{Code, Error, Result};

/// Runs one export: borrows the request, runs `body`, and hands over its answer or its error.
///
/// # Safety
/// As the exports say: the request must be readable, `data` and `len` writable, or null.
pub(super) unsafe fn answer(
    request: (*const u8, usize),
    data: *mut *mut u8,
    len: *mut usize,
    body: impl FnOnce(&[u8]) -> Result<Vec<u8>>,
) -> Status {
    // SAFETY: the caller vouches for both pointers.
    let Some(out) = (unsafe { Out::new(data, len) }) else { return Status::NullPointer };
    // SAFETY: the caller vouches for the request.
    let Some(request) = (unsafe { borrow(request.0, request.1) }) else { return Status::NullPointer };
    guarded(out, || body(request))
}

/// Runs `body` where a panic ends. What `body` had borrowed is not looked at again after a panic.
pub(super) fn guarded(out: Out, body: impl FnOnce() -> Result<Vec<u8>>) -> Status {
    quiet_panics();
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(answer)) => out.give(answer, Status::Ok),
        Ok(Err(error)) => out.give(error_json(&error), Status::Error),
        Err(payload) => out.give(error_json(&defect(payload)), Status::Panic),
    }
}

/// An error as PowerShell takes it. A config's faults come as `text`, too, ready to be shown.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    error: &'a Error,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

fn error_json(error: &Error) -> Vec<u8> {
    let text = (!error.faults.is_empty()).then(|| render_faults(error));
    let unprintable = || br#"{"code":"INTERNAL","message":"unprintable error","place":{}}"#.to_vec();
    serde_json::to_vec(&Told { error, text }).unwrap_or_else(|_| unprintable())
}

thread_local! {
    /// Where this thread panicked last: written by the hook, read by [`defect`] right after the unwinding.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps a panic's own message off the person's terminal; [`defect`] tells it in the error instead.
fn quiet_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            PANICKED_AT.with(|at| *at.borrow_mut() = place);
        }));
    });
}

fn defect(payload: Box<dyn Any + Send>) -> Error {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic without a message".to_owned());
    let place =
        PANICKED_AT.with(|at| at.borrow_mut().take()).unwrap_or_else(|| "an unknown place".to_owned());
    Error::new(Code::Internal, format!("The native library met a defect of its own at {place}: {text}"))
        .with_remedy("Nothing was changed by this call. Please report it with this text and the config that led to it.")
}
