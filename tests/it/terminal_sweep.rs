//! A hostile text in every field of every request of every export, and in every field of the state and the config: whatever
//! comes out of that call, and of those after it, holds nothing that a terminal acts on, and is of bounded length.

use std::fs;

use ragnatramp::config::names::VmNames;
use ragnatramp::ffi::{self, Status};
use ragnatramp::guest::item;
use ragnatramp::hash::hash8;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::border::{OnLab, call, call_on, close, open, value};

/// C0, DEL, C1, marks of writing direction, characters without a width, breaks of lines.
const KINDS: [char; 24] = [
    '\u{1}', '\u{7}', '\u{8}', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{61c}',
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2028}',
    '\u{2060}', '\u{2066}', '\u{2069}', '\u{2029}', '\u{feff}',
];

/// No text that comes out has more characters, nor does a line of one that has several.
const BOUND: usize = 3 * 4096;

/// What the module acts on and does not show: Ids that it asks Hyper-V for, paths that it opens, and what it hands to Task Scheduler.
/// A file name of Windows has no control characters.
const ACTED_ON: [&str; 10] = [
    ".vmIds",
    ".vmNames",
    ".awaited",
    ".configPath",
    ".statePath",
    ".vmId",
    ".hostItems",
    ".calls",
    ".task.name",
    ".task.description",
];

/// Those of several lines.
const LINES: [&str; 3] = [".HostsBlock", ".text", ".sourceLine"];

fn hostile() -> String {
    KINDS.iter().map(|kind| format!("a{kind}")).collect()
}

fn endless() -> String {
    format!("{}b", "x\u{e9}".repeat(8_000))
}

fn faults_of(place: &str, found: &Value, faults: &mut Vec<String>) {
    if ACTED_ON.iter().any(|field| place.ends_with(field)) {
        return;
    }
    match found {
        Value::String(text) => {
            let has_lines = LINES.iter().any(|field| place.ends_with(field));
            let bad = |c: char| KINDS.contains(&c) && !(has_lines && matches!(c, '\n' | '\t'));
            let longest = text.split('\n').map(|line| line.chars().count()).max().unwrap_or_default();
            if text.contains(bad) || longest > BOUND {
                faults.push(format!("{place}: {longest} characters, {:.80?}", text));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| faults_of(place, item, faults)),
        Value::Object(fields) => {
            for (name, value) in fields {
                faults_of(&format!("{place}(a name)"), &json!(name), faults);
                faults_of(&format!("{place}.{name}"), value, faults);
            }
        }
        _ => {}
    }
}

/// Every document that is `document` with one of its texts, numbers or names replaced by `by`, with where that is.
fn variants(document: &Value, by: &str) -> Vec<(String, Value)> {
    fn places(value: &Value, at: &str, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    all.push(format!("{at}/{name}\u{0}"));
                    places(value, &format!("{at}/{name}"), all);
                }
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| places(item, &format!("{at}/{index}"), all));
            }
            _ => all.push(at.to_owned()),
        }
    }
    let mut all = Vec::new();
    places(document, "", &mut all);
    let variant = |place: String| {
        let mut changed = document.clone();
        match place.strip_suffix('\u{0}') {
            Some(named) => {
                let (parent, name) = named.rsplit_once('/').unwrap();
                let fields = changed.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                let value = fields.shift_remove(&name.replace("~1", "/").replace("~0", "~")).unwrap();
                fields.insert(by.to_owned(), value);
            }
            None => *changed.pointer_mut(&place).unwrap() = json!(by),
        }
        (place, changed)
    };
    all.into_iter().map(variant).collect()
}

/// A lab of `web` and `db`, with everything that a run is asked.
struct Run {
    folder: TempDir,
    config: String,
    state: Value,
    requests: Vec<(&'static str, OnLab, Value)>,
}

const ADDRESS: &str = "172.20.0.5";

fn run() -> Run {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".ragnatramp")).unwrap();
    let path = folder.path().join("ragnatramp.yaml").to_str().unwrap().to_owned();
    let name = |machine: &str| VmNames::new("lab", &path).of(machine);
    let time = "2026-11-22T20:48:55.435Z";
    let entry = |machine: &str| {
        json!({"id": format!("id-{machine}"), "name": name(machine), "machineName": machine, "diskPath": "d", "createdAt": time,
            "checkpoints": [{"id": "c", "name": "n", "createdAt": time}],
            "network": {"ipv4": "172.20.0.9", "ipv6": ["fe80::1"], "mac": "00:15:5D:01:02:03", "adapterName": "n",
                "source": "hyperv", "discoveredAt": time, "previousIpv4": "172.20.0.8", "more": "m"}})
    };
    let state = json!({"version": 1, "configHash": "0", "configPath": path, "project": "lab", "createdAt": time,
        "updatedAt": time, "more": "m", "vms": {"web": entry("web"), "db": entry("db"), "old": entry("old")}});
    let notes = format!("managed:true\nconfig:{path}");
    let snapshot = json!({
        "vms": {"id": ["id-web", "id-db"], "name": [name("web"), name("db")], "state": ["Running", "Running"],
            "notes": [notes, notes], "uptimeSeconds": [600.0, 600.0], "processorCount": [2, 2],
            "memoryStartupBytes": [1_073_741_824_u64, 1_073_741_824_u64]},
        "adapters": {"vmId": ["id-web", "id-db"], "name": ["n", "n"], "mac": ["00155D010203", "00155D010204"],
            "switchName": ["Default Switch", "Default Switch"],
            "switchId": ["c08cb7b8-9b3c-408e-8e30-5e16a3aeb444", "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"],
            "ipAddresses": [[ADDRESS, "fe80::2"], ["172.20.0.6"]]},
        "neighbours": {"ip": ["172.20.0.7"], "mac": ["00-15-5D-01-02-04"], "state": ["Stale"],
            "interface": ["vEthernet (Default Switch)"]},
    });
    let answer = "v2 refused d id-web 0a1b2c3d 1 markers,own-name its words |own-name 3 127.0.0.1 web";
    let answer = format!("{answer} check={}", hash8(answer.as_bytes()));
    let component = |machine: &str, system: &str| {
        json!({"vmId": format!("id-{machine}"), "enabledState": 2, "operationalStatus": 2,
            "intrinsicItems": [item("OSName", system)],
            "guestItems": [item("ragnatramp.guest", "v2 2.0.0 x y cron"), item("ragnatramp.answer", &answer)]})
    };
    let exchange = json!([component("web", "Debian"), component("db", "Windows 11 Pro")]);
    let settings = json!({"texts": [item("ragnatramp.0", "x")], "settings": [{"instanceId": "Microsoft:id-web\\1", "items": [0]}]});
    let now = "2026-11-23T08:00:00.000Z";
    let guest = json!({"machineName": "db", "status": "failed", "message": "m", "remedy": "r", "transport": "PowerShellDirect",
        "warnings": [{"kind": "OWN_NAME_ON_LOOPBACK", "line": 3, "text": "127.0.0.1 db"}]});
    let requests: Vec<(&str, OnLab, Value)> = vec![
        (
            "discover",
            ffi::ragna_discover,
            json!({"snapshot": snapshot, "exchange": exchange, "clock": {"elapsedSeconds": 60, "timeoutSeconds": 60}}),
        ),
        (
            "machine_status",
            ffi::ragna_machine_status,
            json!({"snapshot": snapshot, "exchange": exchange, "now": now}),
        ),
        ("diff", ffi::ragna_diff, json!({"now": now, "dryRun": false, "allowPartial": true})),
        ("state_record", ffi::ragna_state_record, json!({"bound": 0, "waited": 0})),
        (
            "guest_transports",
            ffi::ragna_guest_transports,
            json!({"transport": "Auto", "hasCredential": true}),
        ),
        ("guest_previews", ffi::ragna_guest_previews, json!({"settings": settings})),
        (
            "guest_updates",
            ffi::ragna_guest_updates,
            json!({"machineNames": ["web"], "settings": settings, "exchange": exchange}),
        ),
        (
            "guest_acknowledgements",
            ffi::ragna_guest_acknowledgements,
            json!({"exchange": exchange, "failed": [], "wait": {"bound": 5, "waited": 5}}),
        ),
        ("hosts_warnings", ffi::ragna_hosts_warnings, json!({"machineName": "web"})),
        ("report", ffi::ragna_report, json!({"guests": [guest]})),
    ];
    Run { folder, config: path, state, requests }
}

impl Run {
    fn write(&self, state: &Value, config: &str) {
        fs::write(self.folder.path().join(".ragnatramp/state.json"), state.to_string()).unwrap();
        fs::write(&self.config, config).unwrap();
    }

    /// Opens the lab and makes every call, the one of that name with `changed`; what came out of any of them that may not.
    fn faults(&self, named: &str, changed: Option<&Value>, hosts: &[u8]) -> (usize, Vec<String>) {
        let (lab, status, response) = open(&self.config);
        let (mut faults, mut succeeded) = (Vec::new(), 0);
        faults_of("open", &response, &mut faults);
        if status == Status::Ok {
            let (_, merged) = call_on(ffi::ragna_hosts_merge, lab, hosts);
            drop(merged);
            for (name, export, request) in &self.requests {
                if *name == "hosts_warnings" {
                    let (status, bytes) = call_on(ffi::ragna_hosts_merge, lab, hosts);
                    if status == Status::Error {
                        faults_of("hosts_merge", &value(&bytes), &mut faults);
                    }
                }
                let request = changed.filter(|_| *name == named).unwrap_or(request);
                let (status, bytes) = call_on(*export, lab, request.to_string().as_bytes());
                succeeded += usize::from(status == Status::Ok);
                if status != Status::Ok && named.is_empty() && changed.is_none() {
                    println!("{name}: {:.300}", value(&bytes).to_string());
                }
                faults_of(name, &value(&bytes), &mut faults);
            }
            assert_eq!(close(lab).0, Status::Ok);
        }
        let request = json!({"path": self.config}).to_string();
        faults_of("config_parse", &value(&call(ffi::ragna_config_parse, request.as_bytes()).1), &mut faults);
        let request = json!({"path": self.config, "dryRun": true}).to_string();
        faults_of("state_repair", &value(&call(ffi::ragna_state_repair, request.as_bytes()).1), &mut faults);
        (succeeded, faults)
    }
}

const CONFIG: &str =
    "project:\n  name: lab\ndefaults:\n  base_image: b.vhdx\nmachines:\n  - name: web\n  - name: db\n";
const HOSTS: &[u8] = b"127.0.0.1 localhost\n127.0.1.1 web\n";

fn none(faults: &[String], when: &str) {
    // The guard at the border keeps the text of a panic to itself.
    if !faults.is_empty() {
        println!("{when}:\n{}", faults.join("\n"));
    }
    assert!(faults.is_empty());
}

#[test]
fn the_run_itself_goes_through() {
    let run = run();
    run.write(&run.state, CONFIG);
    let (succeeded, faults) = run.faults("", None, HOSTS);
    assert_eq!(succeeded, run.requests.len());
    none(&faults, "as it is");
}

#[test]
fn every_field_of_every_request() {
    let run = run();
    let mut tried = 0;
    for by in [hostile(), endless()] {
        for (name, _, request) in &run.requests {
            for (place, changed) in variants(request, &by) {
                run.write(&run.state, CONFIG);
                none(&run.faults(name, Some(&changed), HOSTS).1, &format!("{name} {place}"));
                tried += 1;
            }
        }
        let task = VmNames::new("lab", "/x").lab();
        let alone = [
            (ffi::ragna_config_parse as crate::border::Alone, json!({"path": "/x"})),
            (ffi::ragna_state_repair, json!({"path": "/x", "dryRun": true})),
            (ffi::ragna_hosts_render, json!({"peers": [{"name": "web", "ipv4": ADDRESS}]})),
            (
                ffi::ragna_watch_task,
                json!({"path": "/x", "project": "lab", "tasks": [{"name": task, "description": "managed:true\nconfig:/y"}]}),
            ),
        ];
        for (export, request) in alone {
            for (place, changed) in variants(&request, &by) {
                let (_, bytes) = call(export, changed.to_string().as_bytes());
                let mut faults = Vec::new();
                faults_of("alone", &value(&bytes), &mut faults);
                none(&faults, &place);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn every_field_of_the_state() {
    let run = run();
    for by in [hostile(), endless()] {
        for (place, state) in variants(&run.state, &by) {
            run.write(&state, CONFIG);
            none(&run.faults("", None, HOSTS).1, &format!("state{place}"));
        }
    }
}

#[test]
fn every_field_of_the_config() {
    let run = run();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let config = json!({"project": {"name": "lab"}, "defaults": {"cpu": 2, "memory": 2048, "base_image": "b.vhdx",
        "disk_strategy": "copy"}, "machines": [{"name": "web", "cpu": 2, "memory": 2048, "base_image": "b.vhdx"}],
        "settings": {"artifact_path": "a", "auto_start": true}});
    for by in [
        hostile(),
        endless(),
        format!("$env:{}", hostile()),
        format!("${{{}}}", endless()),
        format!("~{}", hostile()),
    ] {
        for (place, config) in variants(&config, &by) {
            run.write(&run.state, &config.to_string());
            none(&run.faults("", None, HOSTS).1, &format!("config{place}"));
            // The same in flow and in block style, and what is no YAML at all.
            run.write(&run.state, &format!("project: {}\n", quoted(&by)));
            none(&run.faults("", None, HOSTS).1, "a text for a map");
        }
        run.write(&run.state, &by);
        none(&run.faults("", None, HOSTS).1, "a config of nothing else");
    }
}

#[test]
fn a_hosts_file_of_hostile_lines() {
    let run = run();
    run.write(&run.state, CONFIG);
    let markers = "# BEGIN RAGNATRAMP\n".repeat(50_000);
    let near = format!(" # begin ragnatramp {}\n", hostile().replace('\n', "")).repeat(3);
    for hosts in [
        format!("127.0.0.1 web {}\n127.0.0.2 web {}\n", hostile(), endless()),
        markers.clone(),
        format!("{near}{markers}"),
    ] {
        none(&run.faults("", None, hosts.as_bytes()).1, &format!("{hosts:.40?}"));
    }
}
