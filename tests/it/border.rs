//! Calls of the exports, as a program outside would make them: for the tests of what crosses.
#![allow(unsafe_code)]

use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};

pub(crate) type Export = unsafe extern "C" fn(*const u8, usize, *mut *mut u8, *mut usize) -> Status;
pub(crate) type OnLab = unsafe extern "C" fn(u64, *const u8, usize, *mut *mut u8, *mut usize) -> Status;

/// The exports that take one JSON request and no lab.
pub(crate) fn alone() -> Vec<(&'static str, Export)> {
    vec![
        ("config_parse", ffi::ragna_config_parse as Export),
        ("state_repair", ffi::ragna_state_repair),
        ("hosts_render", ffi::ragna_hosts_render),
        ("watch_task", ffi::ragna_watch_task),
    ]
}

/// The exports that take a lab and one JSON request.
pub(crate) fn on_lab() -> Vec<(&'static str, OnLab)> {
    vec![
        ("discover", ffi::ragna_discover as OnLab),
        ("diff", ffi::ragna_diff),
        ("state_record", ffi::ragna_state_record),
        ("guest_transports", ffi::ragna_guest_transports),
        ("guest_previews", ffi::ragna_guest_previews),
        ("hosts_warnings", ffi::ragna_hosts_warnings),
        ("guest_updates", ffi::ragna_guest_updates),
        ("guest_acknowledgements", ffi::ragna_guest_acknowledgements),
        ("report", ffi::ragna_report),
        ("machine_status", ffi::ragna_machine_status),
        ("watch_begin", ffi::ragna_watch_begin),
        ("watch", ffi::ragna_watch),
        ("ssh_config", ffi::ragna_ssh_config),
        ("lifecycle_plan", ffi::ragna_lifecycle_plan),
        ("lifecycle_preflight", ffi::ragna_lifecycle_preflight),
        ("lifecycle_record", ffi::ragna_lifecycle_record),
    ]
}

/// Copies what a call wrote, and gives its buffer back.
pub(crate) fn taken(call: impl FnOnce(*mut *mut u8, *mut usize) -> Status) -> (Status, Vec<u8>) {
    let (mut data, mut len) = (std::ptr::dangling_mut(), 7);
    let status = call(&raw mut data, &raw mut len);
    let bytes = match data.is_null() {
        true => Vec::new(),
        // SAFETY: the library says that `len` bytes lie there, until they are given back.
        false => unsafe { std::slice::from_raw_parts(data, len) }.to_vec(),
    };
    // SAFETY: it is given back once.
    unsafe { ffi::ragna_free(data, len) };
    (status, bytes)
}

pub(crate) fn call(export: Export, request: &[u8]) -> (Status, Vec<u8>) {
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
