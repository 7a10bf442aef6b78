//! Nothing that comes from a file, a guest or Hyper-V reaches the terminal unescaped.

use std::path::PathBuf;

use ragnatramp::config::names::VmNames;
use ragnatramp::config::{FileFinding, FileNote, NamedFile, render_faults};
use ragnatramp::error::{Code, Error};
use ragnatramp::ffi::{self, Status};
use ragnatramp::hash::hash8;
use ragnatramp::terminal::visible;
use serde_json::{Value, json};

use crate::border::{OnLab, call_on, open, value};
use crate::config_support::{VALID, parse_on};

/// One of each kind: C0, DEL, C1, marks of writing direction, characters without a width, breaks of lines.
const KINDS: [char; 24] = [
    '\u{1}', '\u{7}', '\u{8}', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{61c}',
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2028}',
    '\u{2060}', '\u{2066}', '\u{2069}', '\u{2029}', '\u{feff}',
];

/// All of them between letters.
fn hostile() -> String {
    KINDS.iter().map(|kind| format!("a{kind}")).collect()
}

/// The strings of a response that hold one of them, with where they are. `multiline` are those that may have line breaks.
fn unescaped(place: &str, value: &Value, multiline: &[&str], found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let lines = multiline.iter().any(|field| place.ends_with(field));
            if text.contains(|c: char| KINDS.contains(&c) && !(lines && matches!(c, '\n' | '\t'))) {
                found.push(format!("{place}: {text:?}"));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unescaped(place, item, multiline, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                unescaped(place, &Value::String(name.clone()), &[], found);
                unescaped(&format!("{place}.{name}"), value, multiline, found);
            }
        }
        _ => {}
    }
}

fn assert_escaped(response: &Value, multiline: &[&str]) {
    let mut found = Vec::new();
    unescaped("", response, multiline, &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

/// The response of an export on a lab.
fn on(lab: u64, export: OnLab, request: &Value) -> Value {
    let (status, response) = call_on(export, lab, request.to_string().as_bytes());
    let response = value(&response);
    assert_eq!(status, Status::Ok, "{response}");
    response
}

/// A lab of `web` (ours), `db` (whose Notes name another config), `mail` (whose VM has another name) and `old` (only in the
/// state, under a hostile name), with hostile text wherever the state and Hyper-V can have it.
fn lab(folder: &tempfile::TempDir) -> (PathBuf, Value) {
    let config = folder.path().join("ragnatramp.yaml");
    let machines =
        ["web", "db", "mail"].map(|name| format!("  - {{name: {name}, base_image: b.vhdx}}\n")).concat();
    std::fs::write(&config, format!("project: {{name: lab}}\nmachines:\n{machines}")).unwrap();
    std::fs::create_dir(folder.path().join(".ragnatramp")).unwrap();
    let path = config.to_str().unwrap();
    let name = |machine: &str| VmNames::new("lab", path).of(machine);
    let hostile = hostile();
    let old = format!("old{hostile}");
    let entry = |machine: &str| {
        json!({"id": format!("id-{machine}"), "name": name(machine), "machineName": machine, "diskPath": hostile,
            "createdAt": "2026-11-22T20:48:55.435Z", "checkpoints": [{"name": hostile}],
            "network": {"ipv4": "172.20.0.9", "ipv6": [hostile], "mac": hostile, "adapterName": hostile, "source": hostile,
                "discoveredAt": "2026-11-22T20:48:55.435Z", hostile.clone(): hostile}})
    };
    let state = json!({"version": 1, "configHash": "0", "configPath": path, "project": "lab",
        "createdAt": "2026-11-22T20:48:55.435Z", "updatedAt": "2026-11-22T20:48:55.435Z",
        "vms": {"web": entry("web"), "db": entry("db"), "mail": entry("mail"), old.clone(): entry(&old)}});
    std::fs::write(folder.path().join(".ragnatramp/state.json"), state.to_string()).unwrap();
    let ours = format!("managed:true\nconfig:{path}");
    let snapshot = json!({
        "vms": {
            "id": ["id-web", "id-db", "id-mail"],
            "name": [name("web"), name("db"), format!("mail{hostile}")],
            "state": ["Running", "Running", hostile],
            "notes": [ours, format!("managed:true\nconfig:{}", hostile.replace(['\n', '\r'], "")), ours],
        },
        "adapters": {"vmId": ["id-web", "id-web"], "name": [hostile, hostile], "mac": ["00155D010203", hostile],
            "switchName": ["Default Switch", hostile], "switchId": ["c08cb7b8-9b3c-408e-8e30-5e16a3aeb444", hostile],
            "ipAddresses": [["172.20.0.5", hostile], [hostile]]},
    });
    (config, snapshot)
}

#[test]
fn what_state_hyper_v_and_guests_say_is_escaped_in_reports_and_status() {
    let folder = tempfile::tempdir().unwrap();
    let (config, snapshot) = lab(&folder);
    let (lab, status, response) = open(config.to_str().unwrap());
    assert_eq!(status, Status::Ok, "{response}");
    let clock = json!({"elapsedSeconds": 60, "timeoutSeconds": 60});
    let poll = on(lab, ffi::ragna_discover, &json!({"snapshot": snapshot, "exchange": [], "clock": clock}));
    assert_escaped(&poll["progress"], &[]);
    let now = "2026-11-23T08:00:00.000Z";
    let plan = on(lab, ffi::ragna_diff, &json!({"now": now, "dryRun": true, "allowPartial": true}));
    assert_eq!(plan["targets"][0]["machineName"], "web", "{plan}");
    on(lab, ffi::ragna_guest_transports, &json!({"transport": "Auto", "hasCredential": true}));
    let guest = json!({"machineName": "web", "status": "failed", "message": hostile(), "remedy": hostile(),
        "warnings": [{"kind": "OWN_NAME_ON_LOOPBACK", "line": 3, "text": hostile()}]});
    let report = on(lab, ffi::ragna_report, &json!({"guests": []}));
    assert_escaped(&report, &[".HostsBlock"]);
    assert!(report.to_string().contains(r"\\u{1b}"), "the names are there: {report}");
    on(lab, ffi::ragna_diff, &json!({"now": now, "allowPartial": true}));
    let report = on(lab, ffi::ragna_report, &json!({"guests": [guest]}));
    assert_escaped(&report, &[".HostsBlock"]);
    let status = on(lab, ffi::ragna_machine_status, &json!({"snapshot": snapshot, "now": now}));
    assert_escaped(&status, &[]);
    assert!(status.to_string().contains(r"\\u{202e}"), "{status}");
}

#[test]
fn what_a_config_or_a_damaged_state_says_is_escaped_in_errors() {
    let folder = tempfile::tempdir().unwrap();
    let (config, _) = lab(&folder);
    let path = config.to_str().unwrap();
    let hostile: String = KINDS
        .iter()
        .filter(|kind| {
            !"\u{1}\u{7}\u{8}\n\r\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{2029}\u{feff}".contains(**kind)
        })
        .collect();
    let quoted = r#""\e[31m\a\x9b\u202e\u200b\n""#;
    for text in [
        VALID.replace("- name: web", &format!("- name: {quoted}")),
        VALID.replace("- name: web", &format!("- name: web\n    {quoted}: 1")),
        VALID.replace("- name: web", &format!("- name: w{hostile}b")),
        VALID.replace("base.vhdx", &format!("${{{}}}", hostile.replace('\t', ""))),
        VALID.replace("- name: web", &format!("- name: *{}", hostile.replace('\t', ""))),
    ] {
        std::fs::write(&config, &text).unwrap();
        let (_, status, error) = open(path);
        assert_eq!(status, Status::Error, "{text:?}");
        assert_escaped(&error, &[".text", ".sourceLine"]);
        let shown =
            render_faults(&parse_on(ragnatramp::config::Platform::current(), text.as_bytes()).unwrap_err());
        assert_escaped(&Value::String(shown.replace(['\n', '\t'], "")), &[]);
    }
    std::fs::write(&config, VALID).unwrap();
    let state = json!({"version": 1, "configPath": format!("/elsewhere/{}", self::hostile()), "project": self::hostile(),
        "vms": {}});
    std::fs::write(folder.path().join(".ragnatramp/state.json"), state.to_string()).unwrap();
    let (_, status, error) = open(path);
    assert_eq!(status, Status::Error, "{error}");
    assert_escaped(&error, &[]);
    let (_, _, error) = open(&format!("/nowhere/{}", self::hostile().replace('\0', "")));
    assert_escaped(&error, &[]);
}

#[test]
fn what_a_guest_acknowledges_is_escaped() {
    use ragnatramp::guest::Acknowledgement;
    let body = format!("v2 refused d v l 1 markers {}", hostile());
    let value = format!("{body} check={}", hash8(body.as_bytes()));
    let read = Acknowledgement::parse(&value).unwrap();
    assert_escaped(&Value::String(read.text), &[]);
}

#[test]
fn each_kind_is_shown_as_its_escape_and_other_text_stays() {
    for kind in KINDS {
        let escape = format!("\\u{{{:x}}}", u32::from(kind));
        assert_eq!(visible(&format!("a{kind}b")), format!("a{escape}b"));
        let error = Error::new(Code::Internal, format!("a{kind}b")).with_remedy(format!("c{kind}"));
        assert_eq!((error.message, error.remedy), (format!("a{escape}b"), Some(format!("c{escape}"))));
    }
    for text in ["caf\u{e9} \u{2192} \u{540d}\u{524d} \\ \u{a0}", ""] {
        assert!(matches!(visible(text), std::borrow::Cow::Borrowed(same) if same == text));
    }
    let finding = FileFinding::Missing;
    let machines = vec!["web".to_owned()];
    let missing = FileNote { named: NamedFile::BaseImage, path: hostile(), machines, finding };
    assert!(missing.to_string().contains(&hostile()), "it is escaped where it crosses");
}

#[test]
fn the_cases_shared_with_the_module_hold_for_every_character() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/visible-cases.json")).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        assert_eq!(visible(case["text"].as_str().unwrap()), case["shown"].as_str().unwrap());
    }
    let ranges: Vec<(u64, u64)> = serde_json::from_value(vectors["hidden"].clone()).unwrap();
    for character in '\0'..=char::MAX {
        let code = u64::from(u32::from(character));
        let hidden = ranges.iter().any(|(first, last)| (*first..=*last).contains(&code));
        let text = character.to_string();
        let shown = if hidden { format!("\\u{{{code:x}}}") } else { text.clone() };
        assert_eq!(visible(&text), shown);
    }
}
