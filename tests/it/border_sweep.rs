//! What holds for every export, with the list taken from the header: whatever crosses, it answers, and tells an error in a few
//! words. A new export is swept, too, since the table must have it.
#![allow(unsafe_code)]

use std::collections::BTreeSet;

use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};

use crate::exports::folder::Folder;
use crate::exports::{Arguments, EXPORTS, Export, WITHOUT_A_BUFFER, lent};

const MIB: usize = 1 << 20;

fn folder() -> Folder {
    Folder::new(tempfile::tempdir().unwrap(), "")
}

/// Calls `test` with every export, on a lab that has its plan, in a folder of its own.
fn for_every_export(mut test: impl FnMut(&str, Export, &Folder, u64)) {
    for (name, export) in EXPORTS {
        let folder = folder();
        test(name, export, &folder, folder.planned());
    }
}

/// An error is whole, and short enough to be shown; its code.
#[track_caller]
fn code(name: &str, answer: &[u8]) -> String {
    let error: Value = serde_json::from_slice(answer).unwrap_or_else(|_| panic!("{name}: {answer:?}"));
    let text = |field: &str| error[field].as_str().unwrap_or_else(|| panic!("{name}: no {field}: {error}"));
    assert!(!text("message").is_empty(), "{name}: {error}");
    // What to do about each fault of a config stands in the fault.
    assert!(error["faults"].is_array() || !text("remedy").is_empty(), "{name}: {error}");
    assert!(answer.len() < 64 << 10, "{name}: an error of {} bytes", answer.len());
    text("code").to_owned()
}

/// There is an answer, and an error is whole.
#[track_caller]
fn is_answered(name: &str, (status, answer): &(Status, Vec<u8>)) {
    match status {
        Status::Ok => {}
        Status::Error => drop(code(name, answer)),
        other => panic!("{name}: {other:?}: {}", String::from_utf8_lossy(answer)),
    }
}

#[track_caller]
fn is_refused(name: &str, what: &[u8], (status, answer): &(Status, Vec<u8>)) {
    let shown = || String::from_utf8_lossy(&what[..what.len().min(2000)]).into_owned();
    assert_eq!(*status, Status::Error, "{name}: {}", shown());
    assert_eq!(code(name, answer), "INVALID_REQUEST", "{name}: {}", shown());
}

#[test]
fn every_function_of_the_header_is_in_the_table_and_is_called_by_the_client_in_c() {
    let header: BTreeSet<&str> = ffi::CONTRACTS.iter().map(|(name, _)| *name).collect();
    let table: BTreeSet<&str> = EXPORTS.iter().map(|(name, _)| *name).chain(WITHOUT_A_BUFFER).collect();
    assert_eq!(table, header);
    let client = include_str!("../c/client.c");
    for name in header {
        assert!(client.contains(&format!("CONTRACT({name},")), "{name}: its contract");
        let calls = client.matches(&format!("{name},")).count() + client.matches(&format!("{name}(")).count();
        assert!(calls > 1, "{name} is called");
    }
}

#[test]
fn a_run_through_every_export_is_sound() {
    let folder = folder();
    let mut called = Vec::new();
    folder.run(|name, status, answer| {
        assert_eq!(status, Status::Ok, "{name}: {}", String::from_utf8_lossy(answer));
        called.push(name.to_owned());
    });
    assert_eq!(called, EXPORTS.map(|(name, _)| name));
}

#[test]
fn null_pointers_are_refused_and_no_buffer_is_announced() {
    for_every_export(|name, export, folder, lab| {
        let (request, mut opened) = (folder.request(name), 7);
        let sound = Arguments { lab, opened: &raw mut opened, request: lent(&request), contents: lent(b"") };
        let null = std::ptr::null();
        let mut calls = Vec::new();
        if !matches!(export, Export::Closing(_)) {
            calls.push(("request", Arguments { request: (null, 3), ..sound }));
        }
        if export.takes_contents() {
            calls.push(("contents", Arguments { contents: (null, 3), ..sound }));
        }
        if matches!(export, Export::Opening(_)) {
            calls.push(("opened", Arguments { opened: std::ptr::null_mut(), ..sound }));
        }
        for (what, with) in calls {
            let (mut data, mut len) = (std::ptr::dangling_mut(), 7);
            // SAFETY: null pointers are what the exports promise to check; the others are ours.
            let status = unsafe { export.call(with, &raw mut data, &raw mut len) };
            assert_eq!((status, data.is_null(), len), (Status::NullPointer, true, 0), "{name}: {what}");
        }
        let (mut data, mut len) = (std::ptr::dangling_mut(), 7);
        // SAFETY: as above.
        unsafe {
            assert_eq!(
                export.call(sound, &raw mut data, std::ptr::null_mut()),
                Status::NullPointer,
                "{name}"
            );
            assert_eq!(export.call(sound, std::ptr::null_mut(), &raw mut len), Status::NullPointer, "{name}");
            assert_eq!(
                export.call(sound, std::ptr::null_mut(), std::ptr::null_mut()),
                Status::NullPointer,
                "{name}"
            );
        }
        assert!(data.is_null() && len == 0, "{name}: cleared also where the other place is null");
        assert!(!matches!(export, Export::Opening(_)) || opened == 0, "{name}: the handle is cleared, too");
    });
    // SAFETY: as above.
    unsafe {
        ffi::ragna_free(std::ptr::null_mut(), 0);
        ffi::ragna_free(std::ptr::null_mut(), 7);
        assert_eq!(ffi::ragna_contract_checksum(std::ptr::null(), 3), 0);
        assert_eq!(ffi::ragna_contract_checksum(std::ptr::null(), 0), 0);
    }
}

#[test]
fn a_request_of_length_zero_is_read_as_an_empty_one_and_its_pointer_may_be_null() {
    for_every_export(|name, export, folder, lab| {
        for pointer in [std::ptr::null(), b"{}".as_ptr()] {
            let mut opened = 7;
            let empty =
                Arguments { lab, opened: &raw mut opened, request: (pointer, 0), contents: (pointer, 0) };
            // SAFETY: nothing of that length is read.
            let answer = crate::exports::taken(|data, len| unsafe { export.call(empty, data, len) });
            match export.takes_json() {
                true => is_refused(name, b"", &answer),
                false => is_answered(name, &answer),
            }
        }
        let request = folder.request(name);
        if export.takes_contents() {
            is_refused(name, &request, &export.answer(lab, &request, b""));
        }
    });
}

#[test]
fn a_length_that_no_buffer_can_have_is_refused_and_not_read() {
    for_every_export(|name, export, folder, lab| {
        let (request, mut opened) = (folder.request(name), 7);
        let sound = Arguments { lab, opened: &raw mut opened, request: lent(&request), contents: lent(b"") };
        for size in [usize::MAX, isize::MAX as usize + 1] {
            let mut calls = Vec::new();
            if !matches!(export, Export::Closing(_)) {
                calls.push(Arguments { request: (b"{}".as_ptr(), size), ..sound });
            }
            if export.takes_contents() {
                calls.push(Arguments { contents: (b"x".as_ptr(), size), ..sound });
            }
            for with in calls {
                let (mut data, mut len) = (std::ptr::dangling_mut(), 7);
                // SAFETY: nothing of that length is read.
                let status = unsafe { export.call(with, &raw mut data, &raw mut len) };
                assert_eq!((status, data.is_null(), len), (Status::NullPointer, true, 0), "{name}");
            }
        }
    });
    for size in [usize::MAX, isize::MAX as usize + 1] {
        // SAFETY: as above.
        assert_eq!(unsafe { ffi::ragna_contract_checksum(b"ragna_free".as_ptr(), size) }, 0);
    }
}

#[test]
fn a_handle_that_is_none_is_refused() {
    let folder = folder();
    let (open, closed) = (folder.open(), folder.open());
    assert_eq!(Export::Closing(ffi::ragna_lab_close).answer(closed, b"", b"").0, Status::Ok);
    for (name, export) in EXPORTS.into_iter().filter(|(_, export)| export.takes_lab()) {
        for handle in [0, 1, closed, open.wrapping_add(1), u64::MAX] {
            let answer = export.answer(handle, &folder.request(name), folder.contents(export));
            is_refused(name, b"", &answer);
            let error: Value = serde_json::from_slice(&answer.1).unwrap();
            assert!(error["message"].as_str().unwrap().contains("No open lab has this handle"), "{name}");
        }
    }
}

#[test]
fn a_request_that_is_cut_off_or_goes_on_is_refused() {
    for_every_export(|name, export, folder, lab| {
        let (request, contents) = (folder.request(name), folder.contents(export));
        if !export.takes_json() {
            return;
        }
        for end in 0..request.len() {
            is_refused(name, &request[..end], &export.answer(lab, &request[..end], contents));
        }
        let utf16: Vec<u8> =
            String::from_utf8_lossy(&request).encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with = |before: &[u8], after: &[u8]| [before, &request, after].concat();
        for whole in [with(b"\xef\xbb\xbf", b""), with(b"", b"\0"), with(b"", b"{}"), with(b"[", b"]"), utf16]
        {
            is_refused(name, &whole, &export.answer(lab, &whole, contents));
        }
    });
}

#[test]
fn a_request_that_is_not_utf_8_is_refused() {
    for_every_export(|name, export, folder, lab| {
        let (request, contents) = (folder.request(name), folder.contents(export));
        for at in (0..request.len()).filter(|at| request[*at] == b'"') {
            for bytes in [&b"\xff"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82"] {
                let whole = [&request[..=at], bytes, &request[at + 1..]].concat();
                let answer = export.answer(lab, &whole, contents);
                match export.takes_json() {
                    true => is_refused(name, &whole, &answer),
                    false => is_answered(name, &answer),
                }
            }
        }
        is_answered(name, &export.answer(lab, b"\xff\xfe\x00", b"\xff\xfe\x00"));
    });
}

/// The places of a value's parts.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, item)| places(item, &format!("{at}/{name}"), found));
        }
        _ => {}
    }
}

fn places_of(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    places(value, "", &mut found);
    found
}

#[test]
fn a_part_of_a_request_that_is_of_another_kind_or_missing_has_an_answer() {
    let mut deep = json!(1);
    (0..100).for_each(|_| deep = json!([deep]));
    let other: Vec<Value> =
        ["null", "true", "-1", "0.5", "1e308", "18446744073709551616", "[]", "[null]", "{}"]
            .map(|text| serde_json::from_str(text).unwrap())
            .into_iter()
            .chain([json!(""), json!("x\0\u{1b}[2J\u{202e}"), json!("../.."), json!("é".repeat(5000)), deep])
            .collect();
    for_every_export(|name, export, folder, lab| {
        let Ok(sound) = serde_json::from_slice::<Value>(&folder.request(name)) else { return };
        let contents = folder.contents(export);
        let mut refused = 0;
        for place in places_of(&sound) {
            for value in &other {
                let mut request = sound.clone();
                *request.pointer_mut(&place).unwrap() = value.clone();
                let answer = export.answer(lab, request.to_string().as_bytes(), contents);
                is_answered(name, &answer);
                refused += u32::from(answer.0 == Status::Error);
            }
            let (parent, field) = place.rsplit_once('/').unwrap_or_default();
            let mut request = sound.clone();
            if let Some(Value::Object(fields)) = request.pointer_mut(parent) {
                fields.remove(field);
                is_answered(name, &export.answer(lab, request.to_string().as_bytes(), contents));
            }
        }
        assert!(refused > 0, "{name}");
    });
}

#[test]
fn a_field_that_the_header_does_not_name_is_refused_at_every_depth() {
    for_every_export(|name, export, folder, lab| {
        let Ok(sound) = serde_json::from_slice::<Value>(&folder.request(name)) else { return };
        for place in places_of(&sound) {
            let mut request = sound.clone();
            let Some(Value::Object(fields)) = request.pointer_mut(&place) else { continue };
            if place.starts_with("/change/intent") {
                // A part of the state file, whose later versions may have more.
                continue;
            }
            fields.insert("surplus".into(), json!(1));
            let request = request.to_string();
            let answer = export.answer(lab, request.as_bytes(), folder.contents(export));
            is_refused(name, format!("{place} {request}").as_bytes(), &answer);
        }
    });
}

#[test]
fn a_request_of_64_mib_is_answered_and_its_error_is_short() {
    let nested = vec![b'['; 64 * MIB];
    for_every_export(|name, export, _, lab| {
        let answer = export.answer(lab, &nested, b"");
        match export.takes_json() {
            true => is_refused(name, b"[", &answer),
            false => is_answered(name, &answer),
        }
    });
}

#[test]
fn a_text_of_64_mib_in_a_request_is_answered_and_its_error_is_short() {
    let long = "x".repeat(64 * MIB);
    for_every_export(|name, export, folder, lab| {
        let Ok(sound) = serde_json::from_slice::<Value>(&folder.request(name)) else { return };
        let is_text = |place: &String| sound.pointer(place).is_some_and(Value::is_string);
        let Some(place) = places_of(&sound).into_iter().find(is_text) else { return };
        let mut request = sound.clone();
        *request.pointer_mut(&place).unwrap() = json!("HERE");
        let request = request.to_string().replace("HERE", &long);
        is_answered(name, &export.answer(lab, request.as_bytes(), folder.contents(export)));
    });
}

#[test]
fn a_file_of_64_mib_is_answered() {
    let bytes = vec![b'x'; 64 * MIB];
    for_every_export(|name, export, folder, lab| {
        if matches!(export, Export::OnLabRaw(_)) {
            is_answered(name, &export.answer(lab, &bytes, b""));
        }
        if export.takes_contents() {
            let mut request: Value = serde_json::from_slice(&folder.request(name)).unwrap();
            request["files"][0]["size"] = json!(bytes.len());
            let (status, answer) = export.answer(lab, request.to_string().as_bytes(), &bytes);
            assert!(status == Status::Ok, "{name}: {}", String::from_utf8_lossy(&answer));
        }
    });
}

#[test]
fn sixteen_threads_call_every_export_on_one_lab_and_on_labs_of_their_own() {
    let shared = folder();
    let lab = shared.planned();
    std::thread::scope(|scope| {
        for first in 0..16 {
            let shared = &shared;
            scope.spawn(move || {
                let own = folder();
                for _ in 0..3 {
                    own.reset();
                    own.run(|name, status, answer| {
                        assert_eq!(status, Status::Ok, "{name}: {}", String::from_utf8_lossy(answer));
                    });
                    for index in 0..EXPORTS.len() {
                        let (name, export) = EXPORTS[(first + index) % EXPORTS.len()];
                        // What another thread did first may be in the way of this one, but never more than that.
                        if export.takes_lab() && !matches!(export, Export::Closing(_)) {
                            let contents = shared.contents(export);
                            is_answered(name, &export.answer(lab, &shared.request(name), contents));
                        }
                    }
                }
            });
        }
    });
    assert_eq!(Export::Closing(ffi::ragna_lab_close).answer(lab, b"", b"").0, Status::Ok);
}

#[cfg(feature = "test-exports")]
#[test]
fn after_a_panic_every_export_refuses_that_lab_and_works_on_another() {
    let folder = folder();
    let lab = folder.planned();
    let (status, _) = Export::OnLab(ffi::ragna_test_panic).answer(lab, b"inside", b"");
    assert_eq!(status, Status::Panic);
    for (name, export) in EXPORTS.into_iter().filter(|(_, export)| export.takes_lab()) {
        let (status, answer) = export.answer(lab, &folder.request(name), folder.contents(export));
        match export {
            Export::Closing(_) => assert_eq!(status, Status::Ok, "{name}"),
            _ => assert_eq!((status, code(name, &answer).as_str()), (Status::Error, "INTERNAL"), "{name}"),
        }
    }
    folder.run(|name, status, _| assert_eq!(status, Status::Ok, "{name}"));
}
