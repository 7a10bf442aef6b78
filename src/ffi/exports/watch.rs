//! The exports for a watch, and for the task that runs one at each log-on.

use serde_json::json;

use super::super::guard::{Effect, respond};
use super::super::wire::{self, print, read};
use super::super::{Status, handles};
use crate::terminal::visible_strings;
use crate::watch::{self, Due, Last};

/// Says that a watch runs over the lab until this handle is closed. Refused (`WATCH_RUNNING`) while another one does.
///
/// Request: an object without fields.
/// Response: empty (length 0).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_watch_begin(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let wire::EmptyRequest = read(request)?;
        handles::with(lab, |lab| lab.begin_watch().map(|()| Vec::new()))
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Writes, (request, request_len), (data, len), step) }
}

/// Says whether there is something to reconcile since the last reconcile. Follows ragna_discover; nothing is written.
///
/// Request: mark (of what the last reconcile saw, as ragna_report answered it; null before the first), seconds (since it ended).
/// Response: mark (of what is there now), due (null, or why it is to be reconciled: a text).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_watch(
    lab: u64,
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let request: wire::WatchRequest = read(request)?;
        handles::with(lab, |lab| {
            let last = request.mark.map(|mark| Last { mark, seconds: request.seconds });
            let (mark, due) = lab.watch(last.as_ref())?;
            print(&json!({"mark": mark, "due": due.map(Due::text)}))
        })
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}

/// Names the scheduled task that runs a watch over the lab of a config at each log-on, and says which tasks do so already. Nothing is
/// read or written.
///
/// Request: path (the config file, absolute), project? (without it no task is named, and none can be in the way), tasks (those in the folder: name,
/// description?).
/// Response: task (name, description; null without a project), own (those of `tasks` that are of this
/// config: index from 0, project).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ragna_watch_task(
    request: *const u8,
    request_len: usize,
    data: *mut *mut u8,
    len: *mut usize,
) -> Status {
    let step = |request: &[u8]| {
        let wire::TaskRequest { path, project, tasks } = read(request)?;
        let task = project.map(|project| watch::watch_task(&project, &path, &tasks)).transpose()?;
        let own = visible_strings(json!(watch::own(&path, &tasks)));
        print(&json!({"task": task, "own": own}))
    };
    // SAFETY: the caller vouches for the four pointers.
    unsafe { respond(Effect::Reads, (request, request_len), (data, len), step) }
}
