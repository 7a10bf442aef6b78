//! The border: every pointer is checked, errors and panics come back in the buffer, every buffer is given back.
#![allow(unsafe_code)]

use ragnatramp::ffi::{self, Status};
use serde_json::Value;

type Export = unsafe extern "C" fn(*const u8, usize, *mut *mut u8, *mut usize) -> Status;

/// Calls an export as PowerShell does and copies its answer.
fn call(export: Export, request: &[u8]) -> (Status, Vec<u8>) {
    let (mut data, mut len) = (std::ptr::null_mut(), 0);
    // SAFETY: the request lives through the call, and both places are ours.
    let status = unsafe { export(request.as_ptr(), request.len(), &raw mut data, &raw mut len) };
    let answer = if data.is_null() {
        Vec::new()
    } else {
        // SAFETY: the library says that `len` bytes lie there, until they are given back.
        unsafe { std::slice::from_raw_parts(data, len) }.to_vec()
    };
    // SAFETY: it is given back once.
    unsafe { ffi::ragna_free(data, len) };
    (status, answer)
}

fn error_of(answer: &[u8]) -> Value {
    serde_json::from_slice(answer).unwrap()
}

/// All exports that take one JSON request.
fn exports() -> Vec<(&'static str, Export)> {
    vec![
        ("config_parse", ffi::ragna_config_parse as Export),
        ("config_test", ffi::ragna_config_test),
        ("discover", ffi::ragna_discover),
        ("diff", ffi::ragna_diff),
        ("hosts_render", ffi::ragna_hosts_render),
        ("guest_doors", ffi::ragna_guest_doors),
        ("guest_previews", ffi::ragna_guest_previews),
        ("guest_deliveries", ffi::ragna_guest_deliveries),
        ("guest_delivered", ffi::ragna_guest_delivered),
        ("report", ffi::ragna_report),
        ("state_read", ffi::ragna_state_read),
        ("state_record", ffi::ragna_state_record),
        ("state_repair", ffi::ragna_state_repair),
        ("machine_status", ffi::ragna_machine_status),
    ]
}

#[test]
fn a_request_that_is_not_json_is_told_as_a_defect_of_the_module() {
    for (name, export) in exports() {
        for request in [&b""[..], b"{", b"[]", b"{\"config\":7}", b"\xff\xfe", b"null"] {
            let (status, answer) = call(export, request);
            assert_eq!(status, Status::Error, "{name}");
            assert_eq!(error_of(&answer)["code"], "INVALID_REQUEST", "{name}: {}", error_of(&answer));
        }
    }
}

#[test]
fn null_pointers_are_refused_and_nothing_is_written() {
    for (name, export) in exports() {
        let (mut data, mut len) = (std::ptr::null_mut(), 7);
        // SAFETY: null pointers are what the export promises to check.
        unsafe {
            assert_eq!(
                export(std::ptr::null(), 3, &raw mut data, &raw mut len),
                Status::NullPointer,
                "{name}"
            );
            assert!(data.is_null() && len == 0, "{name}: no answer is announced");
            assert_eq!(export(b"{}".as_ptr(), 2, std::ptr::null_mut(), &raw mut len), Status::NullPointer);
            assert_eq!(export(b"{}".as_ptr(), 2, &raw mut data, std::ptr::null_mut()), Status::NullPointer);
        }
    }
}

#[test]
fn giving_back_nothing_is_fine() {
    // SAFETY: null is allowed.
    unsafe { ffi::ragna_free(std::ptr::null_mut(), 0) };
}

#[test]
fn both_sides_agree_on_the_abi() {
    assert_eq!(ffi::ragna_abi_version(), ffi::RAGNA_ABI_VERSION);
}

#[cfg(feature = "test-exports")]
#[test]
fn a_panic_ends_at_the_border_and_the_library_goes_on() {
    for _ in 0..3 {
        let (status, answer) = call(ffi::ragna_test_panic, b"why not");
        assert_eq!(status, Status::Panic);
        let error = error_of(&answer);
        assert_eq!(error["code"], "INTERNAL");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("asked to: why not") && message.contains("exports.rs"), "{message}");
    }
    assert_eq!(ffi::ragna_abi_version(), ffi::RAGNA_ABI_VERSION);
}

#[test]
fn a_hosts_file_crosses_as_raw_bytes_and_an_empty_answer_means_unchanged() {
    let block = "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n# END RAGNATRAMP\n";
    let merge = |file: &[u8]| {
        let (mut data, mut len) = (std::ptr::null_mut(), 0);
        // SAFETY: file and block live through the call, and both places are ours.
        unsafe {
            let status = ffi::ragna_hosts_merge(
                file.as_ptr(),
                file.len(),
                block.as_ptr(),
                block.len(),
                &raw mut data,
                &raw mut len,
            );
            let answer = std::slice::from_raw_parts(data, len).to_vec();
            ffi::ragna_free(data, len);
            (status, answer)
        }
    };
    let file = b"127.0.0.1 localhost # \xff\x00\r\n";
    let (status, merged) = merge(file);
    assert_eq!(status, Status::Ok);
    assert!(merged.starts_with(file) && merged.len() > file.len() + block.len());
    assert_eq!(merge(&merged), (Status::Ok, Vec::new()));

    let (status, refusal) = merge(b"# END RAGNATRAMP\n");
    assert_eq!(status, Status::Error);
    let refusal = error_of(&refusal);
    assert_eq!(refusal["code"], "RECONCILE_HOSTS_FAILED");
    assert!(refusal["message"].as_str().unwrap().contains("line 1"), "{refusal}");
}

#[test]
fn an_image_crosses_as_raw_bytes_and_its_files_are_cut_by_their_sizes() {
    let make = |request: &str, contents: &[u8]| {
        let (mut data, mut len) = (std::ptr::null_mut(), 0);
        // SAFETY: request and contents live through the call, and both places are ours.
        unsafe {
            let status = ffi::ragna_guest_iso(
                request.as_ptr(),
                request.len(),
                contents.as_ptr(),
                contents.len(),
                &raw mut data,
                &raw mut len,
            );
            let answer = std::slice::from_raw_parts(data, len).to_vec();
            ffi::ragna_free(data, len);
            (status, answer)
        }
    };
    let (status, image) =
        make(r#"{"label":"cidata","files":[{"name":"a","size":2},{"name":"b/c","size":3}]}"#, b"\0\xff123");
    assert_eq!(status, Status::Ok);
    let is_there = |wanted: &[u8]| image.chunks(2048).any(|sector| sector.starts_with(wanted));
    assert!(is_there(b"\x01CD001") && is_there(b"\0\xff\0\0") && is_there(b"123\0"));

    for (request, contents) in [
        ("{", &b""[..]),
        (r#"{"label":"cidata","files":[{"name":"a","size":2}]}"#, b"1"),
        (r#"{"label":"cidata","files":[{"name":"a","size":2}]}"#, b"123"),
        (r#"{"label":"cidata","files":[{"name":"a b","size":1}]}"#, b"1"),
    ] {
        let (status, refusal) = make(request, contents);
        assert_eq!(status, Status::Error, "{request}");
        assert_eq!(error_of(&refusal)["code"], "INVALID_REQUEST", "{request}");
    }
}
