//! Calls of the exports, as a program outside would make them: for the tests of what crosses.
#![allow(unsafe_code)]

use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};

pub(crate) use crate::exports::{Alone, OnLab, taken};

pub(crate) fn call(export: Alone, request: &[u8]) -> (Status, Vec<u8>) {
    // SAFETY: the request lives through the call, and both places are ours.
    taken(|data, len| unsafe { export(request.as_ptr(), request.len(), data, len) })
}

pub(crate) fn call_on(export: OnLab, lab: u64, request: &[u8]) -> (Status, Vec<u8>) {
    // SAFETY: as above.
    taken(|data, len| unsafe { export(lab, request.as_ptr(), request.len(), data, len) })
}

pub(crate) fn open(path: &str) -> (u64, Status, Value) {
    let request = json!({ "path": path }).to_string();
    let mut lab = 7;
    // SAFETY: as above.
    let (status, bytes) = taken(|data, len| unsafe {
        ffi::ragna_lab_open(&raw mut lab, request.as_ptr(), request.len(), data, len)
    });
    (lab, status, value(&bytes))
}

pub(crate) fn close(lab: u64) -> (Status, Vec<u8>) {
    // SAFETY: both places are ours.
    taken(|data, len| unsafe { ffi::ragna_lab_close(lab, data, len) })
}

pub(crate) fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}
