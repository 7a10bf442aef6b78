//! Damage of every kind: a clear word about what is wrong and where, the condition of the backup, and a file that
//! stays as it is.

use std::fs;

use crate::state_lab::{Lab, learn};
use ragnatramp::error::{Code, Error};
use ragnatramp::state::{LockOptions, State};

const GOOD: &str = include_str!("../vectors/state-reconciled.json");

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

/// Each kind of damage: the bytes, and what must be said of them.
fn damages() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let with = |old: &str, new: &str| {
        assert!(GOOD.contains(old), "{old}");
        GOOD.replacen(old, new, 1).into_bytes()
    };
    let mut half_zero = text(GOOD);
    half_zero[700..].fill(0);
    let mut not_utf8 = text(GOOD);
    not_utf8[100] = 0xFF;
    vec![
        ("empty", vec![], "it is empty (0 bytes)"),
        ("blanks", text(" \r\n\t"), "it holds nothing but blanks"),
        ("all zero", vec![0; 512], "all of its 512 bytes are zero, as after a power failure"),
        ("zero at the end", half_zero, "it holds zero bytes from byte 700 on"),
        ("cut off", text(&GOOD[..GOOD.len() / 2]), "it is cut off in the middle (line "),
        ("cut off at the last brace", text(&GOOD[..GOOD.len() - 1]), "it is cut off in the middle (line "),
        (
            "two documents",
            text(&format!("{GOOD}{GOOD}")),
            "it is not JSON (trailing characters) (line 52, column 2)",
        ),
        ("YAML", text("version: 1\n"), "it is not JSON (expected value) (line 1, column 1)"),
        (
            "a conflict of a merge",
            with("  \"vms\"", "<<<<<<< HEAD\n  \"vms\""),
            "it is not JSON (key must be a string) (line 8, column 1)",
        ),
        ("UTF-8 with BOM", text(&format!("\u{feff}{GOOD}")), "it begins with the byte order mark of UTF-8"),
        ("UTF-16", utf16(GOOD, u16::to_le_bytes), "it begins with the byte order mark of UTF-16"),
        (
            "UTF-16, big end first",
            utf16(GOOD, u16::to_be_bytes),
            "it begins with the byte order mark of UTF-16",
        ),
        ("not UTF-8", not_utf8, "it is not UTF-8 text: byte 100 does not fit"),
        ("half a surrogate pair", with("\"lab\"", "\"\\ud800\""), "it is not JSON ("),
        ("a list", text("[]"), "it is JSON, but not an object"),
        ("text", text("\"state\""), "it is JSON, but not an object"),
        ("no version", with("\"version\": 1,", ""), "version is missing"),
        ("version as text", with("\"version\": 1", "\"version\": \"1\""), "version must be a number"),
        (
            "version 2",
            with("\"version\": 1", "\"version\": 2"),
            "it says version 2, and this module reads version 1",
        ),
        ("no project", with("\"project\": \"lab\",", ""), "is damaged: project is missing"),
        (
            "project null",
            with("\"project\": \"lab\"", "\"project\": null"),
            "project must be text, is null (line 5, column 17)",
        ),
        (
            "machines as a list",
            text(r#"{"version":1,"configPath":"c","project":"p","vms":[]}"#),
            "vms must be an object, is a list",
        ),
        ("no machines", text(r#"{"version":1,"configPath":"c","project":"p"}"#), "vms is missing"),
        (
            "a machine as text",
            text(r#"{"version":1,"configPath":"c","project":"p","vms":{"web":"x"}}"#),
            "vms.web must be an object, is text",
        ),
        (
            "a machine without id",
            with("\"id\": \"5f1c2a90-7b3e-4c1d-9a52-0e6d4b8f7a11\",", ""),
            "vms.web.id is missing",
        ),
        (
            "an id as number",
            with("\"id\": \"5f1c2a90-7b3e-4c1d-9a52-0e6d4b8f7a11\"", "\"id\": 5"),
            "vms.web.id must be text, is a number (line 10, column 13)",
        ),
        (
            "a big number as name",
            with("\"name\": \"lab-web-1e34e7cc\"", "\"name\": 1e999"),
            "vms.web.name must be text, is a number",
        ),
        (
            "an address as list",
            with("\"ipv4\": \"172.20.144.10\"", "\"ipv4\": []"),
            "vms.web.network.ipv4 must be text or null, is a list",
        ),
        (
            "an IPv6 as number",
            with("\"fe80::215:5dff:fe01:203\"", "6"),
            "vms.web.network.ipv6[0] must be text, is a number",
        ),
        (
            "a project as true",
            with("\"project\": \"lab\"", "\"project\": true"),
            "project must be text, is true or false",
        ),
        (
            "a network as text",
            with("\"network\": {", "\"network\": \"no\", \"was\": {"),
            "vms.web.network must be an object, is text",
        ),
        (
            "a checkpoint as text",
            with("\"checkpoints\": []", "\"checkpoints\": [\"a\"]"),
            "vms.db.checkpoints[0] must be an object, is text",
        ),
        (
            "a key twice",
            with("\"project\": \"lab\",", "\"project\": \"lab\", \"project\": \"b\","),
            "project stands there twice (line 5",
        ),
        (
            "an unknown key twice",
            with("\"configHash\"", "\"x\": {\"a b\": 1, \"a b\": 2}, \"configHash\""),
            "x[\"a b\"] stands there twice (line 3",
        ),
        (
            "an unknown key of the document twice",
            with("\"configHash\"", "\"a b\": 1, \"a b\": 2, \"configHash\""),
            "is damaged: the document[\"a b\"] stands there twice (line 3",
        ),
        (
            "a machine whose name has a hyphen and an underscore",
            text(r#"{"version":1,"configPath":"c","project":"p","vms":{"my-web_1":7}}"#),
            "vms.my-web_1 must be an object, is a number",
        ),
        (
            "too deep",
            text(&format!("{{\"version\": 1, \"x\": {}", "[".repeat(100_000))),
            "it is nested too deeply: no more than 127 levels are read",
        ),
        (
            "a reserved key",
            with("\"configHash\"", "\"x\": {\"$serde_json::private::Number\": \"1\"}, \"configHash\""),
            "which is reserved",
        ),
    ]
}

fn refused(lab: &Lab) -> Error {
    lab.store().read().unwrap_err()
}

#[test]
fn every_kind_of_damage_is_named_and_nothing_is_written_over_it() {
    let mut wrong = Vec::new();
    for (name, bytes, said) in damages() {
        let lab = Lab::without_state();
        fs::write(lab.file("state.json"), &bytes).unwrap();
        let error = refused(&lab);
        let changed = lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap_err();
        let begins = format!("{} is damaged: ", lab.file("state.json").display());
        if error.code != Code::StateCorrupted
            || !error.message.starts_with(&begins)
            || !error.message.contains(said)
            || changed.message != error.message
            || lab.bytes("state.json") != bytes
        {
            wrong.push(format!("{name}: {error} ({:?})", error.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_place_of_the_damage_is_told() {
    let lab = Lab::without_state();
    let text = GOOD.replace("\"project\": \"lab\"", "\"prójekt\": 1, \"project\": 7");
    fs::write(lab.file("state.json"), text).unwrap();
    let place = refused(&lab).place;
    assert_eq!(place.path.unwrap(), lab.file("state.json").display().to_string());
    // Characters, not bytes.
    assert_eq!(
        (place.line, place.column),
        (Some(5), Some("  \"prójekt\": 1, \"project\": 7".chars().count()))
    );
}

#[test]
fn a_folder_in_the_place_of_the_file_is_named() {
    let lab = Lab::without_state();
    fs::create_dir(lab.file("state.json")).unwrap();
    let error = refused(&lab);
    assert_eq!(error.code, Code::StateCorrupted);
    assert!(error.message.ends_with("is damaged: it is a folder, not a file."), "{error}");
}

#[test]
fn the_condition_of_the_backup_is_told_with_the_command_that_repairs() {
    let lab = Lab::new();
    let good = lab.bytes("state.json");
    let command = format!("Repair-RagnaState -Path '{}'", lab.config().display());
    fs::write(lab.file("state.json"), "").unwrap();
    let remedy = |what: &str| {
        let remedy = refused(&lab).remedy.unwrap();
        assert!(remedy.contains(what) && remedy.contains(&command), "{remedy}");
    };
    remedy("There is no backup.");
    fs::write(lab.file("state.json.bak"), &good[..40]).unwrap();
    remedy("The backup is damaged too: it is cut off in the middle");
    fs::write(lab.file("state.json.bak"), GOOD).unwrap();
    remedy("The backup belongs to C:\\Users\\dev\\lab\\ragnatramp.yaml.");
    fs::write(lab.file("state.json.bak"), &good).unwrap();
    remedy("The backup of 2026-11-22T20:48:55.435Z is good (1 machine).");
    fs::remove_file(lab.file("state.json")).unwrap();
    let error = refused(&lab);
    assert_eq!(error.code, Code::StateNotFound);
    assert!(error.message.ends_with("is gone, but its backup is there."), "{error}");
    assert!(error.remedy.unwrap().contains(&command));
}

#[test]
fn a_quote_in_the_path_does_not_break_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("Bob's lab").join("ragnatramp.yaml");
    fs::create_dir_all(config.parent().unwrap().join(".ragnatramp")).unwrap();
    let store = ragnatramp::state::Store::new(&config);
    fs::write(store.path(), "").unwrap();
    let remedy = store.read().unwrap_err().remedy.unwrap();
    assert!(remedy.contains("Bob''s lab"), "{remedy}");
}

#[test]
fn whole_numbers_of_other_spelling_are_version_1_too() {
    let spelled = GOOD.replacen("\"version\": 1", "\"version\": 1.0", 1);
    assert!(State::parse(spelled.as_bytes()).is_ok());
}
