//! The exports for the life of the machines.

use std::path::Path;

use super::super::buffer::borrow;
use super::super::guard::{Effect, Out, respond};
use super::super::wire::{self, List, print, read, recorded, seconds};
use super::super::{Status, handles};
use crate::error::{Code, Error, Result};
use crate::guest::media::split;
use crate::lifecycle::{Action, Made, RealDisks, copy_piece, delete_file, delete_folder};
use crate::terminal::{visible, visible_strings};

/// Says that a run changes the machines of the lab until this handle is closed, and reads the state again. Refused (`STATE_LOCKED`)
/// while another one does.
///
/// Request: an object without fields.
/// Response: empty (length 0).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lifecycle_begin(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let wire::EmptyRequest = read(request)?;
        handles::with(lab, |lab| lab.begin_changes().map(|()| Vec::new()))
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Plans what is to be done so that the machines reach a goal. Nothing is changed.
///
/// Request: inventory (complete: whether Hyper-V told of every VM, drive and checkpoint without an error; vms and drives as tables; details,
/// checkpoints and host as objects), goal (kind: start, stop, remove, checkpoint, restore, restored or removeCheckpoint, and what
/// that takes), machineNames? (without them: all).
/// Response: items, an action for each machine in the order in which they are done: machineName, vmName, vmId, kind, reason,
/// operation (null where nothing is done), wave (those of one wave are done together), dependsOn, touches (files and folders),
/// drift (texts), steps (kind, and what that takes), refusal? (an error).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lifecycle_plan(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::LifecycleRequest = read(request)?;
        handles::with(lab, |lab| {
            let mut items =
                lab.plan_lifecycle(&request.inventory, &RealDisks, &request.goal, &request.machine_names);
            items.iter_mut().for_each(shown);
            print(&List { items })
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Looks for all that speaks against a start of the machines, before anything is made. Nothing is changed.
///
/// Request: inventory (as for ragna_lifecycle_plan, with drives and host), systemAccess? (folder: that for virtual disks, or the
/// nearest one above that is there; granted: whether SYSTEM has full control of what is made in it, null where that is not
/// known), machineNames? (without them: all).
/// Response: items, findings: code, severity (error: nothing should be begun; or warning), machineName? (where it is about a
/// single one), path?, message, remedy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lifecycle_preflight(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::PreflightRequest = read(request)?;
        handles::with(lab, |lab| {
            let access = request.system_access.as_ref();
            let items = lab.preflight(&request.inventory, &RealDisks, access, &request.machine_names);
            print(&visible_strings(serde_json::json!({ "items": items })))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// What the user is shown of an action holds names of Hyper-V's; its steps stay as they are, they are carried out.
fn shown(action: &mut Action) {
    let texts = action.drift.iter_mut().chain(&mut action.touches).chain(&mut action.operation);
    for text in texts.chain([&mut action.reason]) {
        *text = visible(text).into_owned();
    }
}

/// What is deleted or copied must not depend on the folder in which the process happens to be.
fn absolute(path: &str) -> Result<&Path> {
    let path = Path::new(path);
    if path.is_absolute() {
        return Ok(path);
    }
    Err(Error::new(Code::InvalidRequest, format!("The path {} is not absolute.", path.display()))
        .with_remedy("The caller's request is wrong; see include/ragnatramp.h."))
}

/// Records in state.json what a step did. While another run holds the lock, it returns after about a second with `waiting`, and
/// is called again.
///
/// Request: machineName, change (of the step, as it was handed out), vmId? (of the VM that was made), checkpointId? (of the
/// checkpoint that was made), bound (seconds to wait for the lock in all), waited (seconds waited so far).
/// Response: written, warnings (a list of texts), waiting (who holds the lock, or null).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lifecycle_record(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::ChangeRequest = read(request)?;
        handles::with(lab, |lab| {
            let made = Made { vm_id: request.vm_id, checkpoint_id: request.checkpoint_id };
            let (bound, waited) = (seconds(request.bound), seconds(request.waited));
            print(&recorded(lab.record_change(
                &request.machine_name,
                &request.change,
                &made,
                bound,
                waited,
            )?))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Copies one more piece of a disk image, for about half a second. The copy grows as `<path>.partial` and gets its name when it
/// is whole and on the disk; a file at `path` is never overwritten.
///
/// Request: source and path (absolute), restart (true at the first call: what an interrupted copy left is deleted).
/// Response: copiedBytes, totalBytes, done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_disk_copy(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::CopyRequest = read(request)?;
        print(&copy_piece(absolute(&request.source)?, absolute(&request.path)?, request.restart)?)
    };
    // SAFETY: the caller vouches for all four.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Writes the disc that names a machine at its first boot: a seed for cloud-init (NoCloud) with the name of the machine, its
/// network, the files of the guest and the user's own user-data; or an answer file for Windows Setup, without those files. It is
/// whole when it has its name; a file at `path` is never overwritten. That the machine's creation was begun with this disc was
/// recorded before.
///
/// Request: machineName, path (absolute, of the step), files (name, size). `contents` holds the bytes of the files, one behind the
/// other.
/// Response: done (true).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_seed_write(
    lab: u64,
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
    out.guard(Effect::Writes, || {
        let request: wire::SeedRequest = read(request)?;
        absolute(&request.path)?;
        let files: Vec<(&str, usize)> =
            request.files.iter().map(|file| (file.name.as_str(), file.size)).collect();
        let files = split(&files, contents)?;
        handles::with(lab, |lab| {
            lab.write_seed(request.machine_name.as_str(), &request.path, &files)?;
            print(&serde_json::json!({"done": true}))
        })
    })
}

/// Deletes one file, or a folder that holds nothing but Hyper-V's own empty folders. What is not there counts as deleted.
///
/// Request: path (absolute), isFolder.
/// Response: done, left (why it is there still, or null), canRetry (whether another program holds it).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_disk_delete(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::DeleteRequest = read(request)?;
        let path = absolute(&request.path)?;
        let deleted = if request.is_folder { delete_folder(path) } else { delete_file(path) }?;
        print(&visible_strings(serde_json::json!(deleted)))
    };
    // SAFETY: the caller vouches for all four.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}
