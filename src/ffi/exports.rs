//! The exports themselves: each names its operation and leaves the rest to the guard.
//!
//! They are written out one by one, since cbindgen does not see into macros.

use super::buffer::{borrow, take_back};
use super::guard::answer;
use super::request::json;
use super::{RAGNA_ABI_VERSION, Status, operations};

/// The ABI this library speaks. A caller that speaks another one must not call anything else.
#[unsafe(no_mangle)]
pub extern "C" fn ragna_abi_version() -> u32 {
    RAGNA_ABI_VERSION
}

/// Takes an answer back. A null pointer is fine.
///
/// # Safety
/// `data` and `len` must be what one call of this library answered, given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_free(data: *mut u8, len: usize) {
    // SAFETY: the caller vouches for both.
    unsafe { take_back(data, len) };
}

/// Parses, checks and resolves a config file.
///
/// {path} → the config: {project, machines, artifactPath, autoStart, configPath, configHash}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_config_parse(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::config_parse)) }
}

/// The same, and what a person should know of a sound config.
///
/// {path} → {config, warnings}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_config_test(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::config_test)) }
}

/// Reads the state that belongs to a config.
///
/// {config} → {path, state (JSON text), machineNames, vmIds}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_state_read(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::state_read)) }
}

/// Records what a plan learned: reads the state again under its lock, merges, and saves it whole.
///
/// {config, plan, wait: {bound, waited} (seconds)} → {written, warnings, waiting}; with `waiting` (who holds the state,
/// after a second) nothing is written yet, and the call is to be made again
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_state_record(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::state_record)) }
}

/// Restores a damaged state from its backup, or only says what would be done.
///
/// {path, dryRun} → {outcome, operation}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_state_repair(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::state_repair)) }
}

/// Takes one more look at Hyper-V into what the run has seen, and says who is still awaited.
///
/// {config, state, previous, look, exchange, clock} →
/// {look (JSON text), awaited (Ids of VMs), done, askNeighbours, progress, percent}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_discover(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::discover)) }
}

/// Decides a whole reconcile from what was seen against what was known; nothing is written.
///
/// {config, state, look, options} → {plan (JSON text), proceed, targets, hostsBlock, recordOperation, writeOperation}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_diff(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::diff)) }
}

/// Renders the managed block of a hosts file.
///
/// {peers: [{name, ipv4}]} → the block as a JSON string
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_hosts_render(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::hosts_render)) }
}

/// Says for each guest which door reaches it, or why none does.
///
/// {targets, transport, hasCredential, exchange} → {items: [{machineName, vmId, vmName, target, door, skipped}]}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_doors(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::guest_doors)) }
}

/// Shows what each guest's hosts file would become.
///
/// {guests: [{machineName, vmId, vmName, target, door}], block, settings, state} → {items: [{machineName, text}]}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_previews(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::guest_previews)) }
}

/// Says what must be sent to each guest through Data Exchange.
///
/// {targets, block, settings, exchange} →
/// {items: [{machineName, ..., digest, sends, parcel}], parcels: [{steps: [{method, dataItems}]}]}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_deliveries(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::guest_deliveries)) }
}

/// Reads which guests have answered for their block; once the wait is over, what that means for the others.
///
/// {awaited, exchange, wait: {bound, waited} (seconds)} → {items: the answers of those that have, at the bound of all}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_delivered(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::guest_delivered)) }
}

/// Closes a reconcile: the plan and what became of its guests.
///
/// {plan, guests} → {view, report}; the names in the report begin with a capital
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_report(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::report)) }
}

/// Says what there is: every machine as config, state and Hyper-V know it, and where the three disagree.
///
/// {config, state, look or null, now} → {Project, ConfigPath, HyperVAnswered, Machines}
///
/// # Safety
/// `request` must be readable for `request_len` bytes, `data` and `len` writable; null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_machine_status(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, |bytes| json(bytes, operations::machine_status)) }
}

/// Merges the managed block into the bytes of a hosts file.
///
/// Raw bytes in, raw bytes out. An empty answer means that the file is as it should be, and is not to be written.
///
/// # Safety
/// `file` must be readable for `file_len` bytes and `block` for `block_len`, `data` and `len` writable; null pointers
/// are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_hosts_merge(
    file: *const u8,
    file_len: usize,
    block: *const u8,
    block_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for the block.
    let Some(block) = (unsafe { borrow(block, block_len) }) else { return Status::NullPointer };
    // SAFETY: the caller vouches for the other four.
    unsafe { answer((file, file_len), data, len, |file| operations::hosts_merge(file, block)) }
}

/// Makes an ISO image of files.
///
/// {label, files: [{name, size}]} and the bytes of the files, one behind the other → the bytes of the image
///
/// # Safety
/// `request` must be readable for `request_len` bytes and `contents` for `contents_len`, `data` and `len` writable;
/// null pointers are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_iso(
    request: *const u8,
    request_len: usize,
    contents: *const u8,
    contents_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller vouches for the contents.
    let Some(contents) = (unsafe { borrow(contents, contents_len) }) else { return Status::NullPointer };
    // SAFETY: the caller vouches for the other four.
    unsafe { answer((request, request_len), data, len, |request| operations::guest_iso(request, contents)) }
}

/// Panics inside the guard, to prove that it holds. Only in builds with the feature `test-exports`.
///
/// # Safety
/// As for every export.
#[cfg(feature = "test-exports")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_test_panic(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let body = |text: &[u8]| -> crate::error::Result<Vec<u8>> {
        panic!("asked to: {}", String::from_utf8_lossy(text))
    };
    // SAFETY: the caller vouches for all four.
    unsafe { answer((request, request_len), data, len, body) }
}
