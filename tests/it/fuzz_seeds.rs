//! The seeds of the fuzz targets and their dictionary are made of the vectors and of the sound request of each export:
//! `RAGNA_WRITE_SEEDS=1 cargo test --test it fuzz_seeds` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use serde_json::Value;

use crate::exports::folder::Folder;
use crate::exports::{EXPORTS, WITHOUT_A_BUFFER};

const STALE: &str = "is stale: RAGNA_WRITE_SEEDS=1 cargo test --test it fuzz_seeds";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The cases of a file of vectors.
fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
    let vectors: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

fn text(value: &Value) -> Vec<u8> {
    value.as_str().unwrap().as_bytes().to_vec()
}

/// Some of many, evenly.
fn some<T>(all: Vec<T>, count: usize) -> Vec<T> {
    let step = all.len().div_ceil(count).max(1);
    all.into_iter().step_by(step).collect()
}

fn states() -> Vec<Vec<u8>> {
    let read =
        |name| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)).unwrap();
    ["state-created.json", "state-reconciled.json", "state-newer.json", "state-no-machines.json"]
        .map(read)
        .into()
}

/// The seeds of each target.
fn seeds(folder: &Folder) -> BTreeMap<String, Vec<Vec<u8>>> {
    let configs = some(
        cases("config-cases.json")
            .iter()
            .filter_map(|case| Some(case["yaml"].as_str()?.as_bytes().to_vec()))
            .collect(),
        8,
    );
    let decode = |case: &Value| {
        base64::engine::general_purpose::STANDARD
            .decode(case["input_base64"].as_str().unwrap_or_default())
            .unwrap()
    };
    let hosts = some(cases("hosts-merge-vectors.json").iter().map(decode).collect(), 8);
    let updates = cases("kvp-update-cases.json");
    let mut seeds: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for (name, export) in EXPORTS {
        let mut sound = folder.with_placeholders(&folder.request(name));
        if export.takes_contents() {
            sound.push(0);
            sound.extend(folder.contents(export));
        }
        let with = |more: &[&[u8]]| [&[&sound[..]], more].concat().join(&0);
        let more: Vec<Vec<u8>> = match name {
            "ragna_config_parse" => configs.iter().map(|config| with(&[config])).collect(),
            "ragna_lab_open" | "ragna_state_repair" => {
                states().iter().map(|state| with(&[&configs[0], state])).collect()
            }
            "ragna_hosts_merge" => hosts.clone(),
            _ => Vec::new(),
        };
        seeds.insert(name.to_owned(), [vec![sound], more].concat());
    }
    for name in WITHOUT_A_BUFFER {
        seeds.insert(name.to_owned(), vec![name.as_bytes().to_vec(), br#"{"machineName":"web"}"#.to_vec()]);
    }
    seeds.insert("config".to_owned(), configs);
    seeds.insert("hosts".to_owned(), hosts);
    seeds.insert("state".to_owned(), states());
    seeds.insert("acknowledgement".to_owned(), updates.iter().map(|case| text(&case["answer"])).collect());
    let item = |case: &Value| text(&case["items"][0][1]);
    seeds.insert("exchange".to_owned(), some(updates.iter().map(item).collect(), 2));
    // The sound images as they are, one with a change, and a file that is none.
    let images = (0..6)
        .map(|image| vec![image])
        .chain([b"\x00\x02\x10\x00\x04abcd".to_vec(), b"\xffconectix".to_vec()]);
    seeds.insert("image".to_owned(), images.collect());
    seeds
}

/// The names of fields and the short texts in a value.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|field| words(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::String(text) if text.len() <= 40 => drop(found.insert(text.clone())),
        _ => {}
    }
}

/// The dictionary, as libFuzzer reads one.
fn dictionary(folder: &Folder) -> String {
    let mut found: BTreeSet<String> = [
        "# BEGIN RAGNATRAMP",
        "# END RAGNATRAMP",
        "@LAB@",
        "@WEB@",
        "@DB@",
        "../",
        "machines:",
        "project:",
        "defaults:",
        "settings:",
        "base_image:",
        "<<: *",
        "&a ",
        "!!",
        "null",
        "true",
        "false",
        "1e308",
        "[[[[",
        "{\"",
        "\":",
        "\\u0000",
        "v2 synced ",
        "<INSTANCE ",
        "<PROPERTY NAME=\"Name\">",
        "<VALUE>",
        "start",
        "stop",
        "remove",
        "restore",
        "restored",
        "removeCheckpoint",
        "TurnOff",
        "Save",
        "created",
        "end",
        "removed",
        "checkpointMade",
        "checkpointRemoved",
        "Running",
        "Paused",
        "Saved",
        "OffCritical",
        "Auto",
        "PowerShellDirect",
        "Iso",
        "Seed",
        "synced",
        "failed",
        "skipped",
        "unchanged",
    ]
    .map(str::to_owned)
    .into();
    for (name, _) in EXPORTS {
        let request = folder.with_placeholders(&folder.request(name));
        let _ = serde_json::from_slice(&request).map(|request| words(&request, &mut found));
    }
    let quoted = |word: &String| format!("\"{}\"\n", word.replace('\\', "\\\\").replace('"', "\\\""));
    found.iter().filter(|word| !word.is_empty() && !word.contains('\n')).map(quoted).collect()
}

#[test]
fn every_target_has_its_seeds_and_the_dictionary_the_words_of_the_requests() {
    let folder = Folder::new(tempfile::tempdir().unwrap(), "");
    let mut wanted: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (target, seeds) in seeds(&folder) {
        for (number, seed) in seeds.into_iter().enumerate() {
            wanted.insert(root().join("seeds").join(&target).join(format!("{number:02}")), seed);
        }
    }
    wanted.insert(root().join("dictionary.txt"), dictionary(&folder).into_bytes());
    if std::env::var_os("RAGNA_WRITE_SEEDS").is_some() {
        // Where there are none yet, there is nothing to delete.
        let _ = fs::remove_dir_all(root().join("seeds"));
        for (path, bytes) in &wanted {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    for (path, bytes) in &wanted {
        assert!(fs::read(path).is_ok_and(|committed| committed == *bytes), "{} {STALE}", path.display());
    }
    let targets: BTreeSet<String> = fs::read_dir(root().join("seeds"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(targets, seeds(&folder).into_keys().collect(), "one folder for each target");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let exports: BTreeSet<&str> = EXPORTS.iter().map(|(name, _)| *name).chain(WITHOUT_A_BUFFER).collect();
    for target in targets.iter().filter(|target| !exports.contains(target.as_str())) {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is in fuzz/Cargo.toml");
    }
}
