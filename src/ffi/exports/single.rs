//! The exports that need no lab: what is asked and answered in one call.

use std::path::Path;

use serde_json::json;

use super::super::Status;
use super::super::buffer::{borrow, take_back};
use super::super::contract::checksum;
use super::super::guard::{Effect, Out, respond};
use super::super::wire::{self, print, read};
use crate::config::names::is_machine_name;
use crate::config::{Environment, Platform, file_notes, is_file_here, load};
use crate::error::{Code, Error};
use crate::guest::media;
use crate::state::{Attempt, RepairOutcome};
use crate::terminal::{visible, visible_strings};
use crate::{hosts, state};

/// The checksum of the description of a function in this header, as it was when the library was built; 0 for a name that
/// the library does not export. A caller that was written against this header compares it with `RAGNA_..._CONTRACT` of
/// each function before it calls one.
///
/// `name` is the function's name in ASCII, `name_len` bytes without a terminator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_contract_checksum(name: *const u8, name_len: usize) -> u32 {
    // SAFETY: the caller vouches for the name.
    unsafe { borrow(name, name_len) }.map_or(0, checksum)
}

/// Gives a buffer back. A null pointer is allowed and does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_free(data: *mut u8, len: usize) {
    // SAFETY: the caller vouches for both.
    unsafe { take_back(data, len) };
}

/// Config parsing: reads, checks and resolves a config file.
///
/// Request: path (the config file, absolute).
/// Response: config (project, machines, artifactPath, autoStart, sshConfig (only where true), configPath, configHash), warnings (a list of texts: what is
/// worth knowing of a sound config).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_config_parse(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::PathRequest = read(request)?;
        let config = load(Path::new(&request.path), &Environment::of_process(request.path.clone()))?;
        let platform = Platform::current();
        let notes = file_notes(&config, platform, |file| is_file_here(Path::new(file), platform));
        let warnings: Vec<String> =
            notes.iter().map(|note| visible(&note.to_string()).into_owned()).collect();
        print(&json!({"config": config, "warnings": warnings}))
    };
    // SAFETY: the caller vouches for all four.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Atomic state I/O: restores a damaged state from its backup, or says what would be done.
///
/// One call waits for the lock for a second at most.
///
/// Request: path (the config file, absolute), dryRun, bound? (seconds to wait in all for another run that holds the lock; 30),
/// waited? (seconds that earlier calls have waited).
/// Response: outcome (path, damage, source, savedAt, machines, kept, ...), operation (what a user is asked to confirm; null where
/// nothing is damaged), waiting (null, or who holds the lock: nothing was changed, and there is no outcome; call again).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_state_repair(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::RepairRequest = read(request)?;
        let (bound, waited) = (wire::seconds(request.bound), wire::seconds(request.waited));
        let repaired = state::repair(request.path, request.dry_run, bound, waited)?;
        let (outcome, waiting) = match repaired {
            Attempt::Done(outcome) => (Some(outcome), None),
            Attempt::Held(waiting) => (None, Some(waiting)),
        };
        let operation = outcome.as_ref().and_then(RepairOutcome::operation);
        print(&visible_strings(json!({"operation": operation, "outcome": outcome, "waiting": waiting})))
    };
    // SAFETY: the caller vouches for all four.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Rendering of the hosts block: the managed block of a hosts file.
///
/// Request: peers (name, ipv4), in any order.
/// Response: the block, as a JSON string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_hosts_render(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::RenderRequest<'_> = read(request)?;
        if let Some(peer) = request.peers.iter().find(|peer| !is_machine_name(&peer.name)) {
            // Its line breaks would be lines of the hosts file.
            let message = format!("No line of a hosts file can be made of the name '{}'.", peer.name);
            return Err(Error::new(Code::InvalidRequest, message).with_remedy("Hand over names of machines."));
        }
        print(&hosts::render(request.peers.iter().map(|peer| (peer.name.as_ref(), peer.ipv4))))
    };
    // SAFETY: the caller vouches for all four.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Makes a disc of files (Iso), the same as a seed for cloud-init that installs them (Seed), or cloud-init's user-data alone
/// (CloudInit). The response is raw bytes, not JSON.
///
/// Request: format (Iso, Seed or CloudInit), files (name, size). `contents` holds the bytes of the files, one behind the other.
/// Response: the bytes of the image (ISO 9660 with Joliet), or of the document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_media(
    request: *const u8,
    request_len: usize,
    contents: *const u8,
    contents_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for both places.
    let Some(out) = (unsafe { Out::new(data, len) }) else { return Status::NullPointer };
    // SAFETY: the caller vouches for both buffers.
    let (Some(request), Some(contents)) =
        (unsafe { (borrow(request, request_len), borrow(contents, contents_len)) })
    else {
        return Status::NullPointer;
    };
    out.guard(Effect::Reads, || {
        let request: wire::MediaRequest = read(request)?;
        let files: Vec<(&str, usize)> =
            request.files.iter().map(|file| (file.name.as_str(), file.size)).collect();
        media::media(request.format, &files, contents)
    })
}

/// Panics, on a thread of its own where the request is `thread`, to prove that the guard holds. On a lab that is not 0 it
/// does so while it uses the lab. Only in builds with the feature `test-exports`.
#[cfg(feature = "test-exports")]
#[allow(clippy::missing_panics_doc, reason = "it is there to panic")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_test_panic(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let panics = |text: &str| -> crate::error::Result<Vec<u8>> {
        if text == "thread" {
            let thread = std::thread::spawn(|| panic!("asked to on a thread"));
            let Err(payload) = thread.join();
            std::panic::resume_unwind(payload);
        }
        panic!("asked to: {text}")
    };
    let step = |request: &[u8]| {
        let text = String::from_utf8_lossy(request);
        if lab == 0 { panics(&text) } else { super::super::handles::with(lab, |_| panics(&text)) }
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}
