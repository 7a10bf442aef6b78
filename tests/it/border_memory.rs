//! No call leaves memory behind: the resident memory of a process stays flat, however often it calls. `build.sh sanitize` makes it
//! a million calls.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use ragnatramp::ffi::Status;

use crate::exports::EXPORTS;
use crate::exports::folder::Folder;

/// How many calls; some thousands where it is not set.
const CALLS: &str = "RAGNATRAMP_CALLS";
/// Set in the process that makes them.
const IS_CALLER: &str = "RAGNATRAMP_TEST_IS_CALLER";
/// What may be resident at the end beyond what was after the first tenth, in KiB. The allocator keeps some.
const MOST: u64 = 1024;

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn folder() -> Folder {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    Folder::new(folder.unwrap(), "")
}

/// Every export once as a run calls it, and once with a request that it refuses. Returns the number of calls.
fn round(folder: &Folder) -> u64 {
    let mut calls = 1;
    folder.reset();
    folder.run(|name, status, _| {
        assert_eq!(status, Status::Ok, "{name}");
        calls += 1;
    });
    for (name, export) in EXPORTS {
        assert_eq!(export.answer(1, b"{", b"x").0, Status::Error, "{name}");
        calls += 1;
    }
    calls
}

/// Makes that many calls, and shows what is resident at each tenth.
fn measure(calls: u64) {
    let (folder, mut made, mut shown) = (folder(), 0, Vec::new());
    while shown.len() < 11 {
        if made >= calls * shown.len() as u64 / 10 {
            shown.push(resident_kib());
            println!("{made} calls: {} KiB", shown.last().unwrap());
        }
        made += round(&folder);
    }
    let (first, last) = (shown[1], *shown.last().unwrap());
    assert!(last <= first + MOST, "{first} KiB became {last} KiB");
}

#[test]
fn resident_memory_stays_flat() {
    let calls = env::var(CALLS).map_or(10_000, |calls| calls.parse().unwrap());
    if env::var_os(IS_CALLER).is_some() {
        return measure(calls);
    }
    // In a process of its own: other tests use memory, too.
    let mut caller = Command::new(env::current_exe().unwrap());
    caller.args(["--exact", "border_memory::resident_memory_stays_flat", "--nocapture"]);
    let output = caller.env(IS_CALLER, "1").env(CALLS, calls.to_string()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = told.lines().filter(|line| line.contains(" calls: ")).collect();
    println!("{}", lines.join("\n"));
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(lines.len(), 11, "{told}");
}
