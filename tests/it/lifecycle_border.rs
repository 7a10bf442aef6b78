//! The exports for the life of the machines, as a program outside calls them.
#![allow(unsafe_code)]

use std::path::PathBuf;
use std::time::Duration;

use ragnatramp::ffi::{self, Status};
use ragnatramp::lab::Lab;
use ragnatramp::lifecycle::{Change, Made};
use ragnatramp::state::{Intent, IntentKind, LockOptions, State, Store, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::border::{call, call_on, close, taken, value};

/// A lab of one machine of which nothing was made yet. Its image is a VHD, which needs no reading to start with BIOS.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = "project: {name: lab}\nmachines: [{name: web, base_image: b.vhd}]\n\
                      settings: {artifact_path: ./vms}\n";
        std::fs::write(folder.path().join("ragnatramp.yaml"), config).unwrap();
        Folder { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self) -> String {
        self.at("ragnatramp.yaml").to_str().unwrap().to_owned()
    }

    fn open(&self, may_begin: bool) -> (u64, Status, Value) {
        let request = json!({"path": self.path(), "mayBegin": may_begin}).to_string();
        let mut lab = 0;
        // SAFETY: the request lives through the call, and all places are ours.
        let (status, bytes) = taken(|data, len| unsafe {
            ffi::ragna_lab_open(&raw mut lab, request.as_ptr(), request.len(), data, len)
        });
        (lab, status, value(&bytes))
    }
}

fn no_vms() -> Value {
    json!({"complete": true,
        "vms": {"id": [], "name": [], "state": [], "notes": [], "path": [], "generation": []},
        "drives": {"vmId": [], "checkpointId": [], "path": []}, "details": [], "checkpoints": [], "host": {}})
}

fn plan(lab: u64, inventory: &Value, goal: Value) -> (Status, Value) {
    let request = json!({"inventory": inventory, "goal": goal}).to_string();
    let (status, bytes) = call_on(ffi::ragna_lifecycle_plan, lab, request.as_bytes());
    (status, value(&bytes))
}

fn record(lab: u64, change: &Value, vm_id: Option<&str>) -> Value {
    let request =
        json!({"machineName": "web", "change": change, "vmId": vm_id, "bound": 5, "waited": 0}).to_string();
    let (status, bytes) = call_on(ffi::ragna_lifecycle_record, lab, request.as_bytes());
    assert_eq!(status, Status::Ok, "{}", value(&bytes));
    value(&bytes)
}

#[test]
fn a_lab_of_which_nothing_was_made_opens_only_where_it_may_begin_and_opening_writes_nothing() {
    let folder = Folder::new();
    let (lab, status, error) = folder.open(false);
    assert_eq!((lab, status, &error["code"]), (0, Status::Error, &json!("STATE_NOT_FOUND")));
    let (lab, status, opened) = folder.open(true);
    assert_eq!((status, &opened["machineNames"]), (Status::Ok, &json!(["web"])));
    assert_eq!(opened["vmNames"].as_array().unwrap().len(), 1);
    close(lab);
    assert!(!folder.at(".ragnatramp").exists());
}

#[test]
fn every_goal_is_planned() {
    let folder = Folder::new();
    let (lab, ..) = folder.open(true);
    let goals = [
        (json!({"kind": "start"}), "create"),
        (json!({"kind": "start", "force": true}), "create"),
        (json!({"kind": "stop"}), "none"),
        (json!({"kind": "stop", "mode": "TurnOff"}), "none"),
        (json!({"kind": "stop", "mode": "Save"}), "none"),
        (json!({"kind": "remove"}), "none"),
        (json!({"kind": "checkpoint", "name": "x", "type": "ProductionOnly"}), "none"),
        (json!({"kind": "restore", "name": "x", "first": "y"}), "none"),
        (json!({"kind": "restored"}), "none"),
        (json!({"kind": "removeCheckpoint", "name": "x"}), "none"),
    ];
    for (goal, kind) in goals {
        let (status, planned) = plan(lab, &no_vms(), goal.clone());
        assert_eq!(status, Status::Ok, "{goal}: {planned}");
        assert_eq!(planned["items"][0]["kind"], kind, "{goal}: {planned}");
        let fields = [
            "machineName",
            "vmName",
            "vmId",
            "reason",
            "operation",
            "wave",
            "dependsOn",
            "touches",
            "drift",
            "steps",
        ];
        for field in fields {
            assert!(planned["items"][0].get(field).is_some(), "{goal}: {field}");
        }
    }
    close(lab);
}

#[test]
fn a_request_that_does_not_have_its_form_is_refused() {
    let folder = Folder::new();
    let (lab, ..) = folder.open(true);
    let goals = [
        json!("start"),
        json!({"kind": "explode"}),
        json!({"kind": "start", "forced": true}),
        json!({"kind": "stop", "mode": "Kill"}),
        json!({"kind": "checkpoint"}),
        json!({"kind": "checkpoint", "name": "x", "type": "Quick"}),
        json!({"kind": "restore"}),
    ];
    for goal in goals {
        let (status, error) = plan(lab, &no_vms(), goal.clone());
        assert_eq!((status, &error["code"]), (Status::Error, &json!("INVALID_REQUEST")), "{goal}");
    }
    for (table, column) in [("vms", "path"), ("vms", "generation"), ("drives", "path")] {
        let mut inventory = no_vms();
        inventory[table][column] = json!([if column == "generation" { json!(1) } else { json!("x") }]);
        let (_, error) = plan(lab, &inventory, json!({"kind": "start"}));
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("the columns of {table} are not equally long")), "{message}");
    }
    // Whether Hyper-V told of everything is never assumed.
    let mut inventory = no_vms();
    inventory.as_object_mut().unwrap().remove("complete");
    assert_eq!(plan(lab, &inventory, json!({"kind": "start"})).1["code"], "INVALID_REQUEST");
    for change in [json!({"kind": "forget"}), json!({"kind": "begin"}), json!("created")] {
        let request = json!({"machineName": "web", "change": change, "bound": 1, "waited": 0}).to_string();
        let (status, bytes) = call_on(ffi::ragna_lifecycle_record, lab, request.as_bytes());
        assert_eq!((status, &value(&bytes)["code"]), (Status::Error, &json!("INVALID_REQUEST")), "{change}");
    }
    close(lab);
}

#[test]
fn the_changes_of_a_plan_come_back_and_make_the_state() {
    let folder = Folder::new();
    let (lab, ..) = folder.open(true);
    let (_, planned) = plan(lab, &no_vms(), json!({"kind": "start"}));
    let steps = planned["items"][0]["steps"].as_array().unwrap().clone();
    let changes: Vec<&Value> =
        steps.iter().filter(|step| step["kind"] == "Record").map(|step| &step["change"]).collect();
    assert_eq!(changes.len(), 3, "begin, created, end");
    let read = || -> Value {
        serde_json::from_slice(&std::fs::read(folder.at(".ragnatramp/state.json")).unwrap()).unwrap()
    };
    assert_eq!(record(lab, changes[0], None)["written"], true);
    assert_eq!(read()["pending"]["web"]["kind"], "create");
    // A run that begins here, after an interruption, knows what was begun.
    let (later, _, opened) = folder.open(false);
    assert_eq!(opened["machineNames"], json!(["web"]));
    let (_, again) = plan(later, &no_vms(), json!({"kind": "start"}));
    assert_eq!(again["items"][0]["reason"], "its creation was begun; it has no VM yet");
    close(later);
    record(lab, changes[1], Some("A1"));
    record(lab, changes[2], None);
    let state = read();
    assert_eq!((&state["vms"]["web"]["id"], state.get("pending")), (&json!("A1"), None));
    assert_eq!(record(lab, changes[2], None)["written"], false, "the end of nothing changes nothing");
    close(lab);
}

#[test]
fn a_first_change_waits_for_another_run_that_holds_the_lock() {
    let folder = Folder::new();
    let mut lab = Lab::open_or_begin(&folder.path()).unwrap();
    let store = Store::new(folder.path());
    let state = State::empty(&folder.path(), "lab", "0", Timestamp::now());
    store.create(state, LockOptions::default()).unwrap();
    let mut seen = None;
    let held = store.update(LockOptions::default(), |_| {
        let intent = Intent {
            kind: IntentKind::Create,
            vm_name: "x".into(),
            folder: None,
            disk_path: "/x".into(),
            files: Vec::new(),
            seed: None,
        };
        let change = Change::Begin { intent };
        seen =
            Some(lab.record_change("web", &change, &Made::default(), Duration::from_secs(9), Duration::ZERO));
        Ok(false)
    });
    held.unwrap();
    let recorded = seen.unwrap().unwrap();
    assert!(!recorded.written && recorded.waiting.is_some(), "{recorded:?}");
}

#[test]
fn the_name_of_a_strangers_vm_does_not_act_on_the_terminal() {
    let folder = Folder::new();
    let (lab, _, opened) = folder.open(true);
    let disk =
        format!("{}/vms/{}/web.vhd", folder.folder.path().display(), opened["vmNames"][0].as_str().unwrap());
    std::fs::create_dir_all(PathBuf::from(&disk).parent().unwrap()).unwrap();
    std::fs::write(&disk, "x").unwrap();
    let mut inventory = no_vms();
    inventory["vms"] = json!({"id": ["S1"], "name": ["\u{1b}[2Jstranger"], "state": ["Off"], "notes": [""],
        "path": ["E:\\x"], "generation": [1]});
    inventory["drives"] = json!({"vmId": ["S1"], "checkpointId": [""], "path": [disk]});
    let (_, planned) = plan(lab, &inventory, json!({"kind": "start"}));
    let action = &planned["items"][0];
    for text in [&action["reason"], &action["refusal"]["message"]] {
        let text = text.as_str().unwrap();
        assert!(text.contains("stranger uses it") && !text.contains('\u{1b}'), "{text:?}");
    }
    close(lab);
}

fn write_seed(lab: u64, request: &Value, contents: &[u8]) -> (Status, Value) {
    let request = request.to_string();
    // SAFETY: request and contents live through the call, and both places are ours.
    let (status, bytes) = taken(|data, len| unsafe {
        ffi::ragna_seed_write(
            lab,
            request.as_ptr(),
            request.len(),
            contents.as_ptr(),
            contents.len(),
            data,
            len,
        )
    });
    (status, value(&bytes))
}

#[test]
fn the_disc_for_the_first_boot_is_written_for_a_creation_that_was_begun_and_never_again() {
    let folder = Folder::new();
    let config = "project: {name: lab}\nmachines: [{name: web, base_image: b.vhd, cloud_init: {user_data: web.yaml}}]\n\
                  settings: {artifact_path: ./vms}\n";
    std::fs::write(folder.at("ragnatramp.yaml"), config).unwrap();
    let (lab, ..) = folder.open(true);
    let (_, planned) = plan(lab, &no_vms(), json!({"kind": "start"}));
    assert_eq!(planned["items"][0]["refusal"]["code"], "USER_DATA_UNREADABLE");
    std::fs::write(folder.at("web.yaml"), "#cloud-config\r\n").unwrap();
    let (_, planned) = plan(lab, &no_vms(), json!({"kind": "start"}));
    let steps = planned["items"][0]["steps"].as_array().unwrap();
    let step = |kind: &str| steps.iter().find(|step| step["kind"] == kind).unwrap();
    let path = step("WriteSeed")["path"].as_str().unwrap();
    assert!(path.ends_with("web-seed.iso") && step("AttachSeed")["path"] == path);
    let request = json!({"machineName": "web", "path": path, "files": [{"name": "install.sh", "size": 2}]});
    let refused = |lab: u64, request: &Value, contents: &[u8], code: &str| {
        let (status, error) = write_seed(lab, request, contents);
        assert_eq!((status, &error["code"]), (Status::Error, &json!(code)), "{error}");
    };
    refused(lab, &request, b"#!", "INVALID_REQUEST");
    record(lab, &steps[0]["change"], None);
    std::fs::create_dir_all(step("MakeFolder")["path"].as_str().unwrap()).unwrap();
    let other = json!({"machineName": "web", "path": folder.at("other.iso"), "files": []});
    refused(lab, &other, b"", "INVALID_REQUEST");
    refused(lab, &json!({"machineName": "web", "path": "web-seed.iso", "files": []}), b"", "INVALID_REQUEST");
    refused(lab, &request, b"#!x", "INVALID_REQUEST");
    refused(lab ^ 1, &request, b"#!", "INVALID_REQUEST");
    std::fs::remove_file(folder.at("web.yaml")).unwrap();
    refused(lab, &request, b"#!", "USER_DATA_UNREADABLE");
    std::fs::create_dir(folder.at("web.yaml")).unwrap();
    refused(lab, &request, b"#!", "USER_DATA_UNREADABLE");
    std::fs::remove_dir(folder.at("web.yaml")).unwrap();
    std::fs::write(folder.at("web.yaml"), "#cloud-config\r\n").unwrap();
    // What an interrupted run left of it is no obstacle.
    std::fs::write(format!("{path}.partial"), "half").unwrap();
    assert_eq!(write_seed(lab, &request, b"#!"), (Status::Ok, json!({"done": true})));
    let image = std::fs::read(path).unwrap();
    let files = crate::guest_media::read(&image, 17);
    assert_eq!(files["user-data;1"], b"#cloud-config\r\n");
    let meta_data = String::from_utf8(files["meta-data;1"].clone()).unwrap();
    let state: Value =
        serde_json::from_slice(&std::fs::read(folder.at(".ragnatramp/state.json")).unwrap()).unwrap();
    let id = state["pending"]["web"]["seed"]["creationId"].as_str().unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(meta_data, format!("instance-id: \"{id}\"\nlocal-hostname: \"web\"\n"));
    refused(lab, &request, b"#!", "DISK_IN_PLACE");
    assert!(!PathBuf::from(format!("{path}.partial")).exists());
    // A second start of the same creation keeps the id; its end leaves it with the machine.
    record(lab, &steps[0]["change"], None);
    record(lab, &json!({"kind": "created"}), Some("A1"));
    let state: Value =
        serde_json::from_slice(&std::fs::read(folder.at(".ragnatramp/state.json")).unwrap()).unwrap();
    assert_eq!(state["vms"]["web"]["seed"], json!({"path": path, "creationId": id}));
    close(lab);
}

#[test]
fn the_disc_for_windows_setup_holds_the_users_own_answer_file_and_none_of_the_guest_files() {
    let folder = Folder::new();
    let config = "project: {name: lab}\nmachines: [{name: web, base_image: b.vhd, unattend: {answer_file: web.xml}}]\n\
                  settings: {artifact_path: ./vms}\n";
    std::fs::write(folder.at("ragnatramp.yaml"), config).unwrap();
    std::fs::write(folder.at("web.xml"), "<ComputerName>*</ComputerName>\r\n").unwrap();
    let (lab, ..) = folder.open(true);
    let (_, planned) = plan(lab, &no_vms(), json!({"kind": "start"}));
    let steps = planned["items"][0]["steps"].as_array().unwrap();
    let step = |kind: &str| steps.iter().find(|step| step["kind"] == kind).unwrap();
    let path = step("WriteSeed")["path"].as_str().unwrap();
    assert!(path.ends_with("web-unattend.iso") && step("AttachSeed")["path"] == path);
    record(lab, &steps[0]["change"], None);
    std::fs::create_dir_all(step("MakeFolder")["path"].as_str().unwrap()).unwrap();
    let request = json!({"machineName": "web", "path": path, "files": [{"name": "install.sh", "size": 2}]});
    std::fs::remove_file(folder.at("web.xml")).unwrap();
    let (status, error) = write_seed(lab, &request, b"#!");
    assert_eq!((status, &error["code"]), (Status::Error, &json!("ANSWER_FILE_UNREADABLE")), "{error}");
    std::fs::write(folder.at("web.xml"), "<ComputerName>*</ComputerName>\r\n").unwrap();
    assert_eq!(write_seed(lab, &request, b"#!"), (Status::Ok, json!({"done": true})));
    let files = crate::guest_media::read(&std::fs::read(path).unwrap(), 17);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["Unattend.xml;1"]);
    assert_eq!(files["Unattend.xml;1"], b"<ComputerName>web</ComputerName>\r\n");
    let state: Value =
        serde_json::from_slice(&std::fs::read(folder.at(".ragnatramp/state.json")).unwrap()).unwrap();
    assert_eq!(state["pending"]["web"]["seed"]["kind"], "unattend");
    close(lab);
}

#[test]
fn disks_are_copied_and_deleted_by_absolute_paths_only() {
    let folder = Folder::new();
    std::fs::write(folder.at("b.vhd"), "image").unwrap();
    let copy = json!({"source": folder.at("b.vhd"), "path": folder.at("web.vhd"), "restart": true});
    let (status, bytes) = call(ffi::ragna_disk_copy, copy.to_string().as_bytes());
    assert_eq!(
        (status, value(&bytes)),
        (Status::Ok, json!({"copiedBytes": 5, "totalBytes": 5, "done": true}))
    );
    let (status, bytes) = call(ffi::ragna_disk_copy, copy.to_string().as_bytes());
    assert_eq!((status, &value(&bytes)["code"]), (Status::Error, &json!("DISK_IN_PLACE")));
    for is_folder in [false, true] {
        let path = folder.at("web.vhd");
        let request = json!({"path": path, "isFolder": is_folder}).to_string();
        let (_, bytes) = call(ffi::ragna_disk_delete, request.as_bytes());
        assert_eq!(value(&bytes), json!({"done": true, "left": null, "canRetry": false}));
    }
    for path in ["", ".", "web.vhd", "../web.vhd"] {
        for request in [json!({"path": path, "isFolder": false}), json!({"path": path, "isFolder": true})] {
            let (status, bytes) = call(ffi::ragna_disk_delete, request.to_string().as_bytes());
            assert_eq!(
                (status, &value(&bytes)["code"]),
                (Status::Error, &json!("INVALID_REQUEST")),
                "{path}"
            );
        }
        let request = json!({"source": folder.at("b.vhd"), "path": path, "restart": true}).to_string();
        let (_, bytes) = call(ffi::ragna_disk_copy, request.as_bytes());
        assert_eq!(value(&bytes)["code"], "INVALID_REQUEST", "{path}");
    }
}
