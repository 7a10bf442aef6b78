//! The exports that take the handle of an opened lab, in the order in which a run calls them.

use serde_json::json;

use super::super::guard::{Effect, Out, respond};
use super::super::status_table::StatusResponse;
use super::super::wire::{self, List, pascal_case, print, read, recorded, seconds};
use super::super::{Status, handles};
use crate::lab::Lab;
use crate::reconcile::table;
use crate::terminal::{visible, visible_strings};

/// Opens a lab: reads a config and the state that belongs to it. `*lab` becomes a handle, which is never 0, or 0 where the lab
/// could not be opened. The lab keeps config, state, snapshot and plan until `ragna_lab_close`.
///
/// Request: path (the config file, absolute), mayBegin? (true: a lab of which nothing was made yet has an empty state, which the
/// first recorded change saves).
/// Response: configPath, statePath, project, machineNames (of the config and of the state), vmIds (of the state), vmNames (of the
/// VMs that the machines have or would have).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lab_open(
    lab: *mut u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    if lab.is_null() {
        // SAFETY: the caller vouches for both places; they are cleared by every call.
        let _ = unsafe { Out::new(data, len) };
        return Status::NullPointer;
    }
    // SAFETY: just found not null, and the caller vouches for it.
    unsafe { lab.write(0) };
    let mut opened = 0;
    let step = |request: &[u8]| {
        let request: wire::OpenRequest = read(request)?;
        let lab =
            if request.may_begin { Lab::open_or_begin(&request.path) } else { Lab::open(&request.path) }?;
        let vm_names: Vec<String> = lab.planned_machines().into_iter().map(|(_, vm_name)| vm_name).collect();
        let response = print(&json!({
            "configPath": lab.config().config_path,
            "statePath": lab.state_path().display().to_string(),
            "project": lab.config().project,
            "machineNames": lab.machine_names().into_iter().map(visible).collect::<Vec<_>>(),
            "vmIds": lab.vm_ids(),
            "vmNames": vm_names,
        }))?;
        opened = handles::keep(lab);
        Ok(response)
    };
    // SAFETY: the caller vouches for the four pointers.
    let status = unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) };
    // SAFETY: as above.
    unsafe { lab.write(opened) };
    status
}

/// Closes a lab. Its handle is stale from then on, and refused by every function. A call on it that runs on another thread ends
/// undisturbed.
///
/// Response: empty (length 0).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_lab_close(lab: u64, data: *mut *mut u8, len: *mut usize) -> Status {
    let step = |_: &[u8]| handles::forget(lab).map(|()| Vec::new());
    // SAFETY: the caller vouches for both pointers; there is no request.
    unsafe { respond(Effect::Reads, (std::ptr::null(), 0), (data, len), step) }
}

/// Takes a snapshot of Hyper-V into what the lab has seen, and says which machines have no address yet.
///
/// Request: snapshot (vms: id, name, state, notes?, processorCount?, memoryStartupBytes?, generation?,
/// automaticCheckpoints?, uptimeSeconds?; adapters?: vmId, name, mac, switchName, switchId, ipAddresses; neighbours?: ip, mac, state, interface; hostAddresses?: ip, prefixLength; each of them
/// is a table: an object with a list for each column, all equally long), exchange? (what the guests say through Data Exchange: vmId, enabledState,
/// operationalStatus, intrinsicItems, guestItems), clock (elapsedSeconds, timeoutSeconds).
/// Response: awaited (Ids of the VMs to ask for again), done, askNeighbours (whether to call again with the host's neighbour
/// table), askRangeOf (null, or the Id of the switch on which the host's own addresses are wanted in another call, empty tables
/// where they are unknown), progress (a text), percent (0 to 100).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_discover(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::DiscoverRequest = read(request)?;
        handles::with(lab, |lab| {
            let poll = lab.observe(request.snapshot, request.exchange, request.clock);
            let awaited: Vec<&str> = poll.awaited.iter().map(|machine| machine.vm_id.as_str()).collect();
            print(&json!({
                "awaited": awaited,
                "done": poll.done,
                "askNeighbours": poll.ask_neighbours,
                "askRangeOf": poll.ask_range_of,
                "progress": visible(&poll.progress),
                "percent": poll.percent,
            }))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Diffing: decides a whole reconcile from what was seen against what was known. Nothing is written.
///
/// Request: allowPartial?, dryRun?, waitedSeconds?, now? (ISO 8601, UTC; by default the time of the call).
/// Response: proceed (whether to go on), recordOperation and writeOperation (what a user is asked to confirm), targets (the guests
/// to write to: machineName, vmId, vmName, target).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_diff(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let options = read(request)?;
        handles::with(lab, |lab| {
            let plan = lab.plan(&options)?;
            print(&json!({
                "proceed": plan.proceed,
                "recordOperation": plan.record_operation,
                "writeOperation": plan.write_operation,
                "targets": plan.targets,
            }))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Atomic state I/O: records what the plan learned. Reads the state again under its lock, merges, and replaces the file as a
/// whole. One call waits for the lock for a second at most.
///
/// Request: bound (seconds to wait in all for another run that holds the lock), waited (seconds that earlier calls have waited).
/// Response: written (whether the file changed), warnings (texts), waiting (null, or who holds the lock: nothing was written, call
/// again).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_state_record(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::RecordRequest = read(request)?;
        handles::with(lab, |lab| {
            print(&recorded(lab.record(seconds(request.bound), seconds(request.waited))?))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Says which transport reaches each guest of the plan, or why none does.
///
/// Request: transport (Auto, KeyValuePair, PowerShellDirect or None), hasCredential, exchangeFailure? (message, remedy: why Data
/// Exchange could not be asked).
/// Response: items (machineName, vmId, vmName, target, transport: KeyValuePair, PowerShellDirect or null).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_transports(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::TransportsRequest = read(request)?;
        handles::with(lab, |lab| {
            let items =
                lab.choose_transports(request.transport, request.has_credential, request.exchange_failure)?;
            print(&List { items })
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Shows what the hosts file of each guest that has a transport would become.
///
/// Request: settings (what the host left in Data Exchange: texts, the items; settings: instanceId, items: indices).
/// Response: items (machineName, text).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_previews(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::PreviewsRequest = read(request)?;
        handles::with(lab, |lab| print(&List { items: lab.previews(&request.settings)? }))
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Merges the block of the lab's plan into the bytes of a hosts file. Request and response are raw bytes, not JSON.
///
/// Request: the file's bytes.
/// Response: the new bytes; empty (length 0) where the file is as it should be and is not to be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_hosts_merge(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step =
        |request: &[u8]| handles::with(lab, |lab| lab.merge_hosts(request).map(Option::unwrap_or_default));
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Says which lines of the hosts file that ragna_hosts_merge took last make the block ineffective in the guest of a machine.
///
/// Request: machineName.
/// Response: items (kind, line: a number from 1, text: that line), as the warnings of a guest in ragna_report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_hosts_warnings(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::WarningsRequest = read(request)?;
        handles::with(lab, |lab| print(&List { items: lab.hosts_warnings(&request.machine_name) }))
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Says which KVP updates bring the block to guests through Data Exchange. Their acknowledgements are awaited from then on.
///
/// Request: machineNames, settings (as for ragna_guest_previews), exchange? (vmId, guestItems; by default what ragna_discover was told).
/// Response: items (machineName, vmId, vmName, target, calls: indices in their order), calls (method, dataItems).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_updates(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::UpdatesRequest = read(request)?;
        handles::with(lab, |lab| {
            print(&lab.updates(&request.machine_names, &request.settings, request.exchange.as_deref())?)
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Reads which guests have acknowledged their block; once the wait is over, none is awaited any more.
///
/// Request: exchange? (as for ragna_guest_updates), failed? (names of machines to which not everything could be sent), wait (bound, waited:
/// seconds).
/// Response: awaited (names of the machines that are awaited still).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_guest_acknowledgements(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::AcknowledgementsRequest = read(request)?;
        handles::with(lab, |lab| {
            let awaited = lab.acknowledge(request.exchange.as_deref(), &request.failed, request.wait);
            print(&json!({"awaited": awaited}))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Ends a reconcile with what became of the guests that the library does not know of.
///
/// Request: guests (machineName, status, transport, reason, message, remedy, warnings, hostName: what the guest calls itself).
/// Response: view (the rows of the table that a user sees: machine, state, address, source, hosts), report (as Invoke-RagnaReconcile
/// emits it; its names begin with a capital), mark (of what was seen, for ragna_watch).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_report(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::ReportRequest = read(request)?;
        handles::with(lab, |lab| {
            let report = lab.conclude(request.guests)?;
            let view = visible_strings(json!(table(&report)));
            print(&json!({"view": view, "report": pascal_case(&report)?, "mark": lab.mark()?}))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Says what there is: every machine as config, state and Hyper-V know it, and where the three disagree.
///
/// Request: snapshot (as for ragna_discover; null where Hyper-V did not answer), exchange? (as there), now? (as for ragna_diff).
/// Response: Project, ConfigPath, HyperVAnswered, Watch (null, or the watch that runs: Process, StartedAt), Machines (a table, as those of the snapshot).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_machine_status(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::StatusRequest = read(request)?;
        handles::with(lab, |lab| {
            let status = lab.status(request.snapshot.as_ref(), &request.exchange, request.now);
            print(&StatusResponse::of(&status)?)
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Brings the lab's names in the user's ssh config (`~/.ssh/config`) up to date, or takes them out where the config does not ask
/// for them. After ragna_diff they are those of the plan, else those of the state. The file is replaced as a whole.
///
/// Request: dryRun (true: nothing is written).
/// Response: path, changed (whether the file is, or was, not as it should be), operation (what a user is asked to confirm).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_ssh_config(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::SshConfigRequest = read(request)?;
        handles::with(lab, |lab| {
            let update = lab.update_ssh_config(request.dry_run)?;
            let path = update.path.display().to_string();
            let changed = update.changed;
            print(&visible_strings(json!({"path": path, "changed": changed, "operation": update.operation})))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}
