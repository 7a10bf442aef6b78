//! Any bytes as the request of one export, in a run through all of them: an answer, never a panic, and an error that is short
//! and can be shown.
//!
//! RAGNATRAMP_EXPORT names the export. NUL separates what it takes beside its request: the bytes of files, or for the exports
//! that read a folder its config and its state. `@LAB@` stands for the folder of the lab, `@WEB@`
//! and `@DB@` for the names of its VMs.

#![no_main]

#[path = "../../tests/it/exports/mod.rs"]
mod exports;

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use exports::folder::Folder;
use exports::{EXPORTS, Export};
use libfuzzer_sys::{Corpus, fuzz_target};
use ragnatramp::ffi::{self, Status};
use serde_json::Value;

/// The export that is attacked.
static EXPORT: LazyLock<String> = LazyLock::new(|| {
    let name = std::env::var("RAGNATRAMP_EXPORT").expect("RAGNATRAMP_EXPORT names an export");
    assert!(ffi::CONTRACTS.iter().any(|(known, _)| *known == name), "{name} is no export");
    name
});

/// The lab. It is the home folder, too, whose ssh config gets the names.
static FOLDER: LazyLock<Folder> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = Folder::new(folder.expect("a folder"), "  ssh_config: true\n");
    // SAFETY: libFuzzer has one thread, and nothing was called yet.
    unsafe { std::env::set_var("HOME", folder.path()) };
    folder
});

/// The exports that write a file.
const WRITING: [&str; 6] = [
    "ragna_watch_begin",
    "ragna_lifecycle_begin",
    "ragna_state_record",
    "ragna_ssh_config",
    "ragna_lifecycle_record",
    "ragna_seed_write",
];

/// Whether a request that writes to the path that it names stays in the lab.
fn stays_in_the_lab(request: &[u8]) -> bool {
    let Ok(request) = serde_json::from_slice::<Value>(request) else { return false };
    ["path", "source"].iter().filter_map(|field| request[field].as_str()).all(|path| {
        let is_below = PathBuf::from(path).starts_with(FOLDER.path());
        !PathBuf::from(path).is_absolute() || is_below && !path.contains("..")
    })
}

/// What no terminal shows, and no error may hold.
fn is_hidden(text: &str) -> bool {
    text.chars().any(|one| one.is_control() && one != '\n' && one != '\t')
}

fn check(name: &str, status: Status, answer: &[u8]) {
    let told = || String::from_utf8_lossy(&answer[..answer.len().min(4096)]);
    match status {
        Status::Ok => {}
        Status::Error => {
            let error: Value = serde_json::from_slice(answer).expect("an error is JSON");
            assert!(!error["code"].as_str().unwrap_or_default().is_empty(), "{name}: {}", told());
            let texts = [&error["message"], &error["remedy"], &error["text"]];
            assert!(!texts.iter().any(|text| text.as_str().is_some_and(is_hidden)), "{name}: {}", told());
        }
        _ => panic!("{name}: {status:?}: {}", told()),
    }
}

/// The two exports that answer without a buffer: a name has a checksum where the library exports it, and a buffer is given back.
fn call_without_a_buffer(input: &[u8]) {
    if *EXPORT == "ragna_contract_checksum" {
        // SAFETY: the name lives through the call.
        let checksum = unsafe { ffi::ragna_contract_checksum(input.as_ptr(), input.len()) };
        let known = ffi::CONTRACTS.iter().find(|(name, _)| name.as_bytes() == input);
        assert_eq!(checksum, known.map_or(0, |(_, checksum)| *checksum));
    } else {
        // An answer of every length: what a call writes is all that may be given back.
        let lab = FOLDER.open();
        Export::OnLab(ffi::ragna_hosts_warnings).answer(lab, input, b"");
        Export::Closing(ffi::ragna_lab_close).answer(lab, b"", b"");
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((_, export)) = EXPORTS.iter().find(|(name, _)| *name == *EXPORT) else {
        call_without_a_buffer(input);
        return Corpus::Keep;
    };
    let reads_folder =
        ["ragna_config_parse", "ragna_lab_open", "ragna_state_repair"].contains(&EXPORT.as_str());
    let count = if reads_folder { 3 } else { 1 + usize::from(export.takes_contents()) };
    let mut parts = input.splitn(if export.takes_json() { count } else { 1 }, |byte| *byte == 0);
    let request = FOLDER.of_this_folder(parts.next().unwrap_or_default());
    if ["ragna_state_repair", "ragna_disk_copy", "ragna_disk_delete", "ragna_seed_write"]
        .contains(&EXPORT.as_str())
        && !stays_in_the_lab(&request)
    {
        return Corpus::Reject;
    }
    let others = [parts.next(), parts.next()];
    if reads_folder {
        for (file, bytes) in ["ragnatramp.yaml", ".ragnatramp/state.json"].iter().zip(others) {
            if let Some(bytes) = bytes {
                fs::write(FOLDER.at(file), bytes).expect("written");
            }
        }
    }
    let contents = others[0].unwrap_or_default();
    if !export.takes_lab() {
        let (status, answer) = export.answer(0, &request, contents);
        check(&EXPORT, status, &answer);
        FOLDER.reset();
        return Corpus::Keep;
    }
    let hostile = |name: &str, _: Export| (name == *EXPORT).then_some((&request[..], contents));
    // What writes a file takes longer than all the others.
    let is_called = |name: &str, export: Export| {
        name == *EXPORT || export.takes_lab() && !WRITING.iter().any(|writing| *writing == name)
    };
    FOLDER.run_with(hostile, is_called, check);
    if WRITING.iter().any(|writing| *writing == *EXPORT) {
        FOLDER.reset();
    }
    Corpus::Keep
});
