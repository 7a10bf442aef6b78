//! The border as a run uses it: steps in their order, errors and panics that come back in the buffer, and a handle that is good
//! from its opening to its closing. What holds for every export is in `border_sweep`.
#![allow(unsafe_code)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::border::{OnLab, call_on, close, open, taken, value};
use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A lab of one machine, web, in a folder of its own.
struct Folder {
    _folder: TempDir,
    config: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("ragnatramp.yaml");
        std::fs::write(&config, "project: {name: lab}\nmachines: [{name: web, base_image: b.vhdx}]\n")
            .unwrap();
        std::fs::create_dir(folder.path().join(".ragnatramp")).unwrap();
        let path = config.to_str().unwrap();
        let vm = ragnatramp::config::names::VmNames::new("lab", path).of("web");
        let state = json!({"version": 1, "configHash": "0", "configPath": path, "project": "lab",
            "createdAt": "2026-11-22T20:48:55.435Z", "updatedAt": "2026-11-22T20:48:55.435Z",
            "vms": {"web": {"id": "A1", "name": vm, "machineName": "web", "diskPath": "d", "createdAt": "2026-11-22T20:48:55.435Z", "checkpoints": []}}});
        std::fs::write(folder.path().join(".ragnatramp/state.json"), state.to_string()).unwrap();
        Folder { _folder: folder, config }
    }

    fn path(&self) -> &str {
        self.config.to_str().unwrap()
    }

    fn open(&self) -> u64 {
        let (lab, status, response) = open(self.path());
        assert_eq!(status, Status::Ok, "{response}");
        lab
    }

    /// A snapshot in which web runs and has an address.
    fn snapshot(&self) -> Value {
        let path = self.path();
        let vm = ragnatramp::config::names::VmNames::new("lab", path).of("web");
        json!({
            "vms": {"id": ["A1"], "name": [vm], "state": ["Running"], "notes": [format!("managed:true\nconfig:{path}")]},
            "adapters": {"vmId": ["A1"], "name": ["n"], "mac": ["00155D010203"], "switchName": ["Default Switch"],
                "switchId": ["c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"], "ipAddresses": [["172.20.0.5"]]},
        })
    }
}

#[test]
fn a_table_whose_columns_are_not_equally_long_is_refused() {
    let folder = Folder::new();
    let lab = folder.open();
    for table in ["vms", "adapters", "neighbours"] {
        let mut snapshot = folder.snapshot();
        snapshot["neighbours"] = json!({"ip": [], "mac": [], "state": [], "interface": []});
        snapshot[table]
            .as_object_mut()
            .unwrap()
            .values_mut()
            .next()
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(json!("x"));
        let clock = json!({"elapsedSeconds": 0, "timeoutSeconds": 0});
        let request = json!({"snapshot": snapshot, "clock": clock}).to_string();
        let (status, bytes) = call_on(ffi::ragna_discover, lab, request.as_bytes());
        let error = value(&bytes);
        assert_eq!((status, &error["code"]), (Status::Error, &json!("INVALID_REQUEST")), "{table}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("the columns of {table} are not equally long")), "{message}");
    }
}

#[test]
fn a_handle_is_never_given_out_again_and_closes_its_lab_once() {
    let folder = Folder::new();
    let lab = folder.open();
    assert_ne!(lab, 0);
    assert_eq!(close(lab), (Status::Ok, Vec::new()));
    let seen: BTreeSet<u64> = (0..100).map(|_| folder.open()).collect();
    assert!(seen.len() == 100 && !seen.contains(&lab));
    for handle in seen {
        assert_eq!(close(handle).0, Status::Ok);
        assert_eq!(close(handle).0, Status::Error);
    }
    let (lab, status, error) = open("/nowhere/ragnatramp.yaml");
    assert_eq!((lab, status, &error["code"]), (0, Status::Error, &json!("CONFIG_NOT_FOUND")));
}

/// One run on a lab through all steps that a run without guests takes.
fn run(folder: &Folder, lab: u64) {
    let ok = |export: OnLab, request: Value| {
        let (status, bytes) = call_on(export, lab, request.to_string().as_bytes());
        assert_eq!(status, Status::Ok, "{}", String::from_utf8_lossy(&bytes));
        value(&bytes)
    };
    let clock = json!({"elapsedSeconds": 0, "timeoutSeconds": 60});
    let poll =
        ok(ffi::ragna_discover, json!({"snapshot": folder.snapshot(), "exchange": [], "clock": clock}));
    assert_eq!((&poll["done"], &poll["awaited"]), (&json!(true), &json!([])));
    let plan = ok(ffi::ragna_diff, json!({"now": "2026-11-23T08:00:00.000Z", "dryRun": true}));
    assert_eq!((&plan["proceed"], &plan["targets"][0]["machineName"]), (&json!(true), &json!("web")));
    let (status, merged) = call_on(ffi::ragna_hosts_merge, lab, b"127.0.0.1 localhost # \xff\x00\r\n");
    assert!(status == Status::Ok && merged.starts_with(b"127.0.0.1 localhost # \xff\x00\r\n"));
    assert_eq!(call_on(ffi::ragna_hosts_merge, lab, &merged), (Status::Ok, Vec::new()), "unchanged");
    let (status, _) =
        call_on(ffi::ragna_hosts_merge, lab, b"127.0.0.1 localhost\r\n127.0.0.1\tweb # own\r\n");
    assert_eq!(status, Status::Ok);
    let warned = ok(ffi::ragna_hosts_warnings, json!({"machineName": "web"}));
    let about = |kind: &str| json!([{"kind": kind, "line": 2, "text": "127.0.0.1 web # own"}]);
    assert_eq!(warned["items"], about("OWN_NAME_ON_LOOPBACK"));
    let of_db = ok(ffi::ragna_hosts_warnings, json!({"machineName": "db"}));
    assert_eq!(of_db["items"], about("NAME_HIDDEN"), "in another guest it hides the name of web");
    let hostile = format!("127.0.0.1 web # \u{1b}[31m\u{202e}{}", "x".repeat(500));
    assert_eq!(call_on(ffi::ragna_hosts_merge, lab, hostile.as_bytes()).0, Status::Ok);
    let warned = ok(ffi::ragna_hosts_warnings, json!({"machineName": "web"}));
    let text = warned["items"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("127.0.0.1 web # ?[31m???x") && text.len() <= 60, "{text}");
    let (status, refusal) = call_on(ffi::ragna_hosts_merge, lab, b"# END RAGNATRAMP\n");
    assert_eq!((status, &value(&refusal)["code"]), (Status::Error, &json!("RECONCILE_HOSTS_FAILED")));
    assert!(value(&refusal)["message"].as_str().unwrap().contains("line 1"));
    let items = ok(ffi::ragna_guest_transports, json!({"transport": "None", "hasCredential": false}));
    assert_eq!(items["items"][0]["transport"], Value::Null);
    let told = ok(ffi::ragna_report, json!({"guests": []}));
    assert_eq!(told["report"]["Summary"]["Discovered"], json!(1), "{told}");
}

#[test]
fn sixteen_threads_use_one_lab_and_many() {
    let folder = Folder::new();
    let shared = folder.open();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let own = folder.open();
                    run(&folder, own);
                    assert_eq!(close(own).0, Status::Ok);
                    let now = json!({"snapshot": folder.snapshot(), "now": "2026-11-23T08:00:00.000Z"});
                    let (status, _) = call_on(ffi::ragna_machine_status, shared, now.to_string().as_bytes());
                    assert_eq!(status, Status::Ok);
                }
            });
        }
    });
    assert_eq!(close(shared).0, Status::Ok);
}

#[test]
fn steps_out_of_order_are_refused() {
    let folder = Folder::new();
    let lab = folder.open();
    for (export, request) in [
        (ffi::ragna_diff as OnLab, json!({"now": "2026-11-23T08:00:00.000Z"})),
        (ffi::ragna_state_record, json!({"bound": 1, "waited": 0})),
        (ffi::ragna_report, json!({"guests": []})),
    ] {
        let (status, bytes) = call_on(export, lab, request.to_string().as_bytes());
        assert_eq!((status, &value(&bytes)["code"]), (Status::Error, &json!("INVALID_REQUEST")));
    }
    assert_eq!(close(lab).0, Status::Ok);
}

#[cfg(feature = "test-exports")]
#[test]
fn a_panic_ends_at_the_border_with_its_true_place() {
    let folder = Folder::new();
    let lab = folder.open();
    for request in [&b"why not"[..], b"thread"] {
        let (status, bytes) = call_on(ffi::ragna_test_panic, 0, request);
        let error = value(&bytes);
        assert_eq!((status, &error["code"]), (Status::Panic, &json!("INTERNAL")));
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("asked to") && message.contains("single.rs:"), "{message}");
        assert!(error["remedy"].as_str().unwrap().starts_with("Nothing was changed"), "{error}");
    }
    run(&folder, lab);
    assert_eq!(call_on(ffi::ragna_test_panic, lab, b"inside").0, Status::Panic);
    let now = json!({"snapshot": null, "now": "2026-11-23T08:00:00.000Z"}).to_string();
    let (status, bytes) = call_on(ffi::ragna_machine_status, lab, now.as_bytes());
    assert_eq!((status, &value(&bytes)["code"]), (Status::Error, &json!("INTERNAL")), "the lab is poisoned");
    assert_eq!(close(lab).0, Status::Ok);
    run(&folder, folder.open());
}

#[test]
fn an_image_crosses_as_raw_bytes_and_its_files_are_cut_by_their_sizes() {
    let make = |request: &str, contents: &[u8]| {
        // SAFETY: request and contents live through the call, and both places are ours.
        taken(|data, len| unsafe {
            ffi::ragna_guest_media(
                request.as_ptr(),
                request.len(),
                contents.as_ptr(),
                contents.len(),
                data,
                len,
            )
        })
    };
    let (status, image) =
        make(r#"{"format":"Iso","files":[{"name":"a","size":2},{"name":"b/c","size":3}]}"#, b"\0\xff123");
    assert_eq!(status, Status::Ok);
    let is_there = |wanted: &[u8]| image.chunks(2048).any(|sector| sector.starts_with(wanted));
    assert!(is_there(b"\x01CD001") && is_there(b"\0\xff\0\0") && is_there(b"123\0"));

    for (request, contents) in [
        ("{", &b""[..]),
        (r#"{"format":"Iso","files":[{"name":"a","size":2}]}"#, b"1"),
        (r#"{"format":"Iso","files":[{"name":"a","size":2}]}"#, b"123"),
        (r#"{"format":"Iso","files":[{"name":"a b","size":1}]}"#, b"1"),
    ] {
        let (status, refusal) = make(request, contents);
        assert_eq!(status, Status::Error, "{request}");
        assert_eq!(value(&refusal)["code"], "INVALID_REQUEST", "{request}");
    }
}
