//! What was begun, in the state file: read and written as the vectors say, kept by whoever does not know it, refused where it is
//! damaged, and out of the original tool's way.

use ragnatramp::lifecycle::{Change, Made, record};
use ragnatramp::state::{Intent, IntentKind, SeedDisc, SeedKind, State};
use serde_json::{Value, json};

use crate::lab::NOW;

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/state-lifecycle-cases.json")).unwrap()
}

fn parsed(document: &Value) -> State {
    State::parse(document.to_string().as_bytes()).unwrap()
}

/// What the original tool reads: `vms` alone, whose entries have text for `id`, `name` and `diskPath`.
fn seen_by_the_original(document: &Value) -> Value {
    let machine = |(name, entry): (&String, &Value)| {
        for field in ["id", "name", "machineName", "diskPath", "createdAt"] {
            assert!(entry[field].is_string(), "{name}.{field}");
        }
        let checkpoints: Vec<&Value> =
            entry["checkpoints"].as_array().unwrap().iter().map(|checkpoint| &checkpoint["name"]).collect();
        let seen = json!({"id": entry["id"], "name": entry["name"], "diskPath": entry["diskPath"],
            "checkpoints": checkpoints});
        (name.clone(), seen)
    };
    document["vms"].as_object().unwrap().iter().map(machine).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn each_change_has_the_state_before_and_after_it_and_what_the_original_sees() {
    for case in cases() {
        let name = case["name"].as_str().unwrap();
        let mut state = parsed(&case["before"]);
        let change: Change = serde_json::from_value(case["change"].clone()).unwrap();
        let text = |field: &str| case[field].as_str().map(str::to_owned);
        let made = Made { vm_id: text("vmId"), checkpoint_id: text("checkpointId") };
        let changed =
            record(&mut state, case["machine"].as_str().unwrap(), &change, &made, NOW.parse().unwrap());
        assert_eq!(changed.unwrap(), case["before"] != case["after"], "{name}");
        let after: Value = serde_json::from_slice(&state.to_bytes()).unwrap();
        assert_eq!(after, case["after"], "{name}");
        assert_eq!(seen_by_the_original(&after), case["originalSees"], "{name}");
        // Once more changes nothing.
        let again =
            record(&mut state, case["machine"].as_str().unwrap(), &change, &made, NOW.parse().unwrap());
        assert!(!again.unwrap(), "{name}");
    }
}

#[test]
fn a_change_without_what_it_is_about_is_refused() {
    let mut state = parsed(&cases()[0]["before"]);
    for change in [Change::Created, Change::CheckpointMade { name: "x".into() }] {
        let error = record(&mut state, "web", &change, &Made::default(), NOW.parse().unwrap()).unwrap_err();
        assert_eq!(json!(error.code), "INVALID_REQUEST");
    }
    // An Id without an intent: nobody has begun what it would be the end of.
    let made = Made { vm_id: Some("x".into()), ..Made::default() };
    assert!(record(&mut state, "web", &Change::Created, &made, NOW.parse().unwrap()).is_err());
    assert_eq!(state, parsed(&cases()[0]["before"]));
}

#[test]
fn an_intent_comes_back_as_it_was_recorded() {
    for kind in [IntentKind::Create, IntentKind::Restore, IntentKind::Remove] {
        for (folder, files) in [(None, vec![]), (Some("D:\\VMs\\x".to_owned()), vec!["D:\\a".to_owned()])] {
            let intent = Intent {
                kind,
                vm_name: "x".into(),
                folder,
                disk_path: "D:\\x.vhdx".into(),
                files,
                seed: Some(SeedDisc {
                    kind: SeedKind::Unattend,
                    path: "D:\\x-seed.iso".into(),
                    creation_id: Some("1-2".into()),
                }),
            };
            let mut state = parsed(&cases()[0]["before"]);
            state.set_intent("web", &intent, NOW.parse().unwrap());
            let read = State::parse(&state.to_bytes()).unwrap();
            assert_eq!(read.intent("web"), Some(intent));
            assert_eq!(read.intents().collect::<Vec<_>>(), ["web"]);
        }
    }
}

#[test]
fn an_intent_without_a_folder_may_say_so() {
    let mut document = cases()[1]["before"].clone();
    document["pending"]["web"]["folder"] = Value::Null;
    assert_eq!(parsed(&document).intent("web").unwrap().folder, None);
}

#[test]
fn fields_that_nobody_knows_stay_in_an_intent_beside_it() {
    let mut document = cases()[3]["before"].clone();
    document["pending"]["db"]["future"] = json!({"deep": [1.50, null]});
    let mut state = parsed(&document);
    state.clear_intent("web");
    let after: Value = serde_json::from_slice(&state.to_bytes()).unwrap();
    assert_eq!(after["pending"]["db"], document["pending"]["db"]);
}

#[test]
fn a_damaged_intent_is_damage_of_the_file_with_its_place_and_is_never_passed_over() {
    let whole = cases()[1]["before"].clone();
    parsed(&whole);
    let cases = [
        (
            "kind",
            json!("frobnicate"),
            "pending.web.kind must be create, restore or remove, is \"frobnicate\"",
        ),
        ("kind", json!(7), "pending.web.kind must be text, is a number"),
        ("kind", Value::Null, "pending.web.kind must be text, is null"),
        ("vmName", json!([]), "pending.web.vmName must be text, is a list"),
        ("diskPath", json!(null), "pending.web.diskPath must be text, is null"),
        (
            "diskPath",
            json!("web.vhdx"),
            "pending.web.diskPath must be an absolute path, or empty, is \"web.vhdx\"",
        ),
        ("folder", json!(""), "pending.web.folder must be an absolute path, is \"\""),
        ("folder", json!("..\\x"), "pending.web.folder must be an absolute path"),
        ("seed", json!("x"), "pending.web.seed must be an object, is text"),
        ("seed", json!({"kind": "unattend"}), "pending.web.seed.path is missing"),
        (
            "seed",
            json!({"kind": "seed", "path": "D:\\a"}),
            "pending.web.seed.kind must be cloud-init or unattend, is \"seed\"",
        ),
        (
            "seed",
            json!({"path": "web-seed.iso"}),
            "pending.web.seed.path must be an absolute path, is \"web-seed.iso\"",
        ),
        (
            "seed",
            json!({"path": "D:\\a", "creationId": 7}),
            "pending.web.seed.creationId must be text, is a number",
        ),
        ("files", json!(null), "pending.web.files must be a list, is null"),
        ("files", json!(["D:\\a", "C:a"]), "pending.web.files[1] must be an absolute path, is \"C:a\""),
    ];
    for (field, value, expected) in cases {
        let mut document = whole.clone();
        document["pending"]["web"][field] = value;
        let damage = State::parse(serde_json::to_string_pretty(&document).unwrap().as_bytes()).unwrap_err();
        assert!(damage.to_string().contains(expected), "{damage}");
        assert!(damage.to_string().contains("line"), "{damage}");
    }
    for field in ["kind", "vmName", "diskPath"] {
        let mut document = whole.clone();
        document["pending"]["web"].as_object_mut().unwrap().remove(field);
        let damage = State::parse(document.to_string().as_bytes()).unwrap_err();
        assert!(damage.to_string().contains(&format!("pending.web.{field} is missing")), "{damage}");
    }
    let mut document = whole;
    document["pending"] = json!(["web"]);
    assert!(State::parse(document.to_string().as_bytes()).is_err());
}
