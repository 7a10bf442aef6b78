//! The order of system calls of a save, as the system saw it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::{env, fs, io};

use crate::state_lab::Lab;
use crate::state_lab::process::{Saver, stored_count};

/// What runs under strace. By itself: one save.
#[test]
fn a_saver_saves_once() {
    if let Some(saver) = Saver::told() {
        return saver.run();
    }
    let lab = Lab::new();
    Saver { config: lab.config(), machine: "web".into(), rounds: 1 }.run();
    assert_eq!(stored_count(&lab.config(), "web"), 1);
}

#[test]
fn a_save_opens_writes_flushes_renames_and_flushes_the_folder_in_this_order() {
    let lab = Lab::new();
    let log = lab.folder.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "256", "-e", "trace=openat,write,fsync,fdatasync,/^link,/^rename", "-o"]);
    strace.arg(&log).arg("--").arg(env::current_exe().unwrap());
    let saver = Saver { config: lab.config(), machine: "web".into(), rounds: 1 };
    let mut traced = saver.command("state_strace::a_saver_saves_once", strace);
    let output = match traced.stderr(Stdio::piped()).output() {
        Ok(output) => output,
        Err(error) => return skipped(&format!("strace is not there: {error}")),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("ptrace") {
        return skipped(&format!("strace may not trace here: {said}"));
    }
    assert!(output.status.success(), "{said}");
    assert_eq!(stored_count(&lab.config(), "web"), 1);
    let calls = fs::read_to_string(&log).unwrap();
    let folder = lab.file("").display().to_string();
    let seen: Vec<String> =
        calls.lines().filter_map(|line| step(line, folder.trim_end_matches('/'))).collect();
    let expected = [
        "open temp exclusively",
        "write temp",
        "fsync temp",
        "link state temp",
        "rename temp state",
        "rename temp backup",
        "fsync folder",
    ];
    assert_eq!(seen, expected, "{calls}");
}

/// One traced call, if it is about the files of the state: what it does, in the words above.
fn step(line: &str, folder: &str) -> Option<String> {
    let line = line.split_once(' ')?.1.trim_start();
    let (call, arguments) = line.split_once('(')?;
    let mut files = Vec::new();
    for part in arguments.split(['"', '<', '>']).filter(|part| part.starts_with(folder)) {
        files.push(match part[folder.len()..].trim_start_matches('/') {
            "" => "folder",
            "state.json" => "state",
            "state.json.bak" => "backup",
            name if name.starts_with(".state.json.") => "temp",
            _ => return None,
        });
    }
    match call {
        // strace shows the descriptor that an open returns, so the name stands there twice.
        "openat" if files.first() == Some(&"temp") => Some(format!(
            "open temp {}",
            if arguments.contains("O_CREAT|O_EXCL") { "exclusively" } else { "" }
        )),
        "openat" => None,
        "write" if files == ["temp"] => Some("write temp".into()),
        "write" => None,
        call => {
            let call = call.trim_end_matches("at2").trim_end_matches("at");
            (!files.is_empty()).then(|| format!("{call} {}", files.join(" ")))
        }
    }
}

/// Says past the capture of the test runner why nothing was checked.
fn skipped(why: &str) {
    let _ = writeln!(io::stderr(), "skipped: the order of system calls: {why}");
}
