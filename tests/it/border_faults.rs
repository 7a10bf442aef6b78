//! Calls that go wrong at the border: what is too deep, too old or too long has its own error. What holds for every export is in
//! `border_sweep`.
#![allow(unsafe_code)]

use std::fs;

use ragnatramp::config::Platform;
use ragnatramp::ffi::{self, Status};
use ragnatramp::state::State;
use serde_json::{Value, json};

use crate::border::{call_on, close, open, value};
use crate::config_support::parse_on;
use crate::exports::EXPORTS;
use crate::state_lab::{Lab, learn};

#[test]
fn a_clock_before_1970_has_an_error_that_names_the_clock() {
    let lab = Lab::new();
    fs::write(lab.config(), "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    let (handle, status, opened) = open(lab.config().to_str().unwrap());
    assert_eq!(status, Status::Ok, "{opened}");
    for now in ["1969-12-31T23:59:59.999Z", "1601-01-01T00:00:00.000Z"] {
        let request = json!({"snapshot": null, "now": now}).to_string();
        let (status, bytes) = call_on(ffi::ragna_machine_status, handle, request.as_bytes());
        let error = value(&bytes);
        assert_eq!((status, &error["code"]), (Status::Error, &json!("INVALID_REQUEST")), "{error}");
        assert!(error["message"].as_str().unwrap().contains("set the host's clock"), "{error}");
    }
    assert_eq!(close(handle).0, Status::Ok);
}

/// A state whose document is that deep, the outermost braces being the first level.
fn deep_state(lab: &Lab, levels: usize) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&lab.bytes("state.json")).unwrap();
    let lists = levels - 1;
    document["x"] = json!("HERE");
    document.to_string().replace("\"HERE\"", &("[".repeat(lists) + &"]".repeat(lists))).into_bytes()
}

#[test]
fn a_state_is_as_deep_as_the_next_call_takes_or_it_is_damaged() {
    let lab = Lab::new();
    let deepest =
        (100..200).take_while(|levels| State::parse(&deep_state(&lab, *levels)).is_ok()).last().unwrap();
    assert_eq!(deepest, 127, "the message says so");
    fs::write(lab.file("state.json"), deep_state(&lab, deepest)).unwrap();
    lab.store().update(Default::default(), learn("172.20.0.5")).unwrap();
    let again = lab.store().update(Default::default(), learn("172.20.0.6")).unwrap();
    assert!(again.written && State::parse(&lab.bytes("state.json")).is_ok());
    assert!(State::parse(&lab.bytes("state.json.bak")).is_ok());

    fs::write(lab.file("state.json"), deep_state(&lab, deepest + 1)).unwrap();
    fs::write(lab.config(), "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n").unwrap();
    let (_, status, error) = open(lab.config().to_str().unwrap());
    assert_eq!((status, &error["code"]), (Status::Error, &json!("STATE_CORRUPTED")));
    assert!(error["message"].as_str().unwrap().contains("nested too deeply"), "{error}");
}

#[test]
fn what_is_nested_as_deep_as_is_read_needs_no_more_stack_than_a_small_thread_has() {
    let lab = Lab::new();
    let state = deep_state(&lab, 127);
    let read = move || {
        let nest = |open: &str, close: &str, levels: usize| open.repeat(levels) + &close.repeat(levels);
        for text in [
            nest("[", "]", 100_000),
            nest("{a: ", "}", 100_000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            nest("[", "]", 1_500),
            nest("{a: ", "}", 1_500),
        ] {
            let config = format!("project: {{name: lab}}\nx-deep: {text}\n");
            assert!(parse_on(Platform::current(), config.as_bytes()).is_err());
        }
        assert!(State::parse(&state).is_ok());
        assert!(State::parse(nest("[", "]", 100_000).as_bytes()).is_err());
        let xml = nest("<a>", "</a>", 100_000);
        assert!(ragnatramp::guest::items(&[xml]).is_empty());
        for request in [nest("[", "]", 100_000), nest("{\"a\":", "}", 100_000)] {
            for (name, export) in EXPORTS.into_iter().filter(|(_, export)| export.takes_json()) {
                let (status, bytes) = export.answer(1, request.as_bytes(), b"");
                let code = value(&bytes)["code"].clone();
                assert_eq!((status, code), (Status::Error, json!("INVALID_REQUEST")), "{name}");
            }
        }
    };
    // Windows gives the first thread of a program 1 MiB. A debug build needs several times what a release build does.
    std::thread::Builder::new().stack_size(512 << 10).spawn(read).unwrap().join().unwrap();
}

/// The memory of this process that is in use, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[cfg(target_os = "linux")]
#[test]
fn a_buffer_that_is_given_back_is_freed() {
    const MIB: usize = 1 << 20;
    let contents = vec![7; 8 * MIB];
    let request = json!({"format": "Iso", "files": [{"name": "a", "size": contents.len()}]}).to_string();
    let before = resident();
    for _ in 0..80 {
        // SAFETY: request and contents live through the call, and both places are ours.
        let (status, image) = crate::border::taken(|data, len| unsafe {
            ffi::ragna_guest_media(
                request.as_ptr(),
                request.len(),
                contents.as_ptr(),
                contents.len(),
                data,
                len,
            )
        });
        assert!(status == Status::Ok && image.len() > contents.len());
    }
    // Other tests of this process use memory meanwhile: some 100 MiB, where 640 would be left behind.
    let grown = resident().saturating_sub(before);
    assert!(grown < 400 * MIB, "{grown} bytes");
}
