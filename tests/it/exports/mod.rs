//! Every export of the library by the form of its call, for what holds for all of them. Tests and fuzz targets take their list
//! from here, and `border_sweep` fails where the header has a function that is missing here.
#![allow(unsafe_code)]
#![allow(dead_code, reason = "the tests and the fuzz targets each use their part")]

pub(crate) mod folder;

use ragnatramp::ffi::{self, Status};

pub(crate) type Alone = unsafe extern "C" fn(*const u8, usize, *mut *mut u8, *mut usize) -> Status;
pub(crate) type OnLab = unsafe extern "C" fn(u64, *const u8, usize, *mut *mut u8, *mut usize) -> Status;
type WithFiles = unsafe extern "C" fn(*const u8, usize, *const u8, usize, *mut *mut u8, *mut usize) -> Status;
type OnLabWithFiles =
    unsafe extern "C" fn(u64, *const u8, usize, *const u8, usize, *mut *mut u8, *mut usize) -> Status;
type Opening = unsafe extern "C" fn(*mut u64, *const u8, usize, *mut *mut u8, *mut usize) -> Status;
type Closing = unsafe extern "C" fn(u64, *mut *mut u8, *mut usize) -> Status;

/// An export, by what it takes beside the two places of its answer.
#[derive(Clone, Copy)]
pub(crate) enum Export {
    /// A request.
    Alone(Alone),
    /// A request, and the bytes of files.
    WithFiles(WithFiles),
    /// A lab and a request.
    OnLab(OnLab),
    /// A lab and a request that is the bytes of a file.
    OnLabRaw(OnLab),
    /// A lab, a request, and the bytes of files.
    OnLabWithFiles(OnLabWithFiles),
    /// The place for the handle of a lab, and a request.
    Opening(Opening),
    /// A lab.
    Closing(Closing),
}

/// All that answer with a buffer, in an order in which a run may call them.
pub(crate) const EXPORTS: [(&str, Export); 28] = [
    ("ragna_config_parse", Export::Alone(ffi::ragna_config_parse)),
    ("ragna_state_repair", Export::Alone(ffi::ragna_state_repair)),
    ("ragna_hosts_render", Export::Alone(ffi::ragna_hosts_render)),
    ("ragna_watch_task", Export::Alone(ffi::ragna_watch_task)),
    ("ragna_guest_media", Export::WithFiles(ffi::ragna_guest_media)),
    ("ragna_lab_open", Export::Opening(ffi::ragna_lab_open)),
    ("ragna_discover", Export::OnLab(ffi::ragna_discover)),
    ("ragna_machine_status", Export::OnLab(ffi::ragna_machine_status)),
    ("ragna_watch_begin", Export::OnLab(ffi::ragna_watch_begin)),
    ("ragna_watch", Export::OnLab(ffi::ragna_watch)),
    ("ragna_diff", Export::OnLab(ffi::ragna_diff)),
    ("ragna_state_record", Export::OnLab(ffi::ragna_state_record)),
    ("ragna_guest_transports", Export::OnLab(ffi::ragna_guest_transports)),
    ("ragna_guest_previews", Export::OnLab(ffi::ragna_guest_previews)),
    ("ragna_hosts_merge", Export::OnLabRaw(ffi::ragna_hosts_merge)),
    ("ragna_hosts_warnings", Export::OnLab(ffi::ragna_hosts_warnings)),
    ("ragna_guest_updates", Export::OnLab(ffi::ragna_guest_updates)),
    ("ragna_guest_acknowledgements", Export::OnLab(ffi::ragna_guest_acknowledgements)),
    ("ragna_ssh_config", Export::OnLab(ffi::ragna_ssh_config)),
    ("ragna_report", Export::OnLab(ffi::ragna_report)),
    ("ragna_lifecycle_begin", Export::OnLab(ffi::ragna_lifecycle_begin)),
    ("ragna_lifecycle_plan", Export::OnLab(ffi::ragna_lifecycle_plan)),
    ("ragna_lifecycle_preflight", Export::OnLab(ffi::ragna_lifecycle_preflight)),
    ("ragna_lifecycle_record", Export::OnLab(ffi::ragna_lifecycle_record)),
    ("ragna_disk_copy", Export::Alone(ffi::ragna_disk_copy)),
    ("ragna_seed_write", Export::OnLabWithFiles(ffi::ragna_seed_write)),
    ("ragna_disk_delete", Export::Alone(ffi::ragna_disk_delete)),
    ("ragna_lab_close", Export::Closing(ffi::ragna_lab_close)),
];

/// Those that answer otherwise.
pub(crate) const WITHOUT_A_BUFFER: [&str; 2] = ["ragna_contract_checksum", "ragna_free"];

/// Bytes of the caller's: a pointer and a length, sound or not.
pub(crate) type Lent = (*const u8, usize);

pub(crate) fn lent(bytes: &[u8]) -> Lent {
    (bytes.as_ptr(), bytes.len())
}

/// What a call takes beside the places of its answer; each export uses its part of it.
#[derive(Clone, Copy)]
pub(crate) struct Arguments {
    pub(crate) lab: u64,
    pub(crate) opened: *mut u64,
    pub(crate) request: Lent,
    pub(crate) contents: Lent,
}

impl Export {
    /// Whether it takes the handle of a lab.
    pub(crate) fn takes_lab(self) -> bool {
        !matches!(self, Export::Alone(_) | Export::WithFiles(_) | Export::Opening(_))
    }

    /// Whether its request is JSON.
    pub(crate) fn takes_json(self) -> bool {
        !matches!(self, Export::OnLabRaw(_) | Export::Closing(_))
    }

    /// Whether it takes the bytes of files beside its request.
    pub(crate) fn takes_contents(self) -> bool {
        matches!(self, Export::WithFiles(_) | Export::OnLabWithFiles(_))
    }

    /// Calls it.
    ///
    /// # Safety
    /// Pointers that are not null are good for what the header says, as far as the export can not find out otherwise.
    pub(crate) unsafe fn call(self, with: Arguments, data: *mut *mut u8, len: *mut usize) -> Status {
        let Arguments { lab, opened, request: (request, size), contents: (contents, contents_size) } = with;
        // SAFETY: the caller's.
        unsafe {
            match self {
                Export::Alone(call) => call(request, size, data, len),
                Export::WithFiles(call) => call(request, size, contents, contents_size, data, len),
                Export::OnLab(call) | Export::OnLabRaw(call) => call(lab, request, size, data, len),
                Export::OnLabWithFiles(call) => call(lab, request, size, contents, contents_size, data, len),
                Export::Opening(call) => call(opened, request, size, data, len),
                Export::Closing(call) => call(lab, data, len),
            }
        }
    }

    /// Calls it with sound pointers, copies its answer and gives the buffer back.
    pub(crate) fn answer(self, lab: u64, request: &[u8], contents: &[u8]) -> (Status, Vec<u8>) {
        let mut opened = 0;
        let with =
            Arguments { lab, opened: &raw mut opened, request: lent(request), contents: lent(contents) };
        // SAFETY: request, contents and the place of the handle live through the call.
        let answer = taken(|data, len| unsafe { self.call(with, data, len) });
        if opened != 0 {
            // SAFETY: both places are ours.
            taken(|data, len| unsafe { ffi::ragna_lab_close(opened, data, len) });
        }
        answer
    }
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
