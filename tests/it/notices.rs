//! THIRD-PARTY-NOTICES.txt names what is in the library that is delivered, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The crates, as "name version", whose code is linked into the library for `target`.
fn linked(target: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", target])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let names: BTreeMap<String, String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["id"]), format!("{} {}", text(&one["name"]), text(&one["version"]))))
        .collect();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let start = text(&metadata["resolve"]["root"]);
    let (mut seen, mut open) = (BTreeSet::from([start.clone()]), vec![start.clone()]);
    while let Some(id) = open.pop() {
        let node = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
        for dependency in node["deps"].as_array().unwrap() {
            let is_linked =
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            let next = text(&dependency["pkg"]);
            if is_linked && seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen.remove(&start);
    seen.iter().map(|id| names[id].clone()).collect()
}

#[test]
#[cfg_attr(windows, ignore = "asks cargo, which is no program for Windows here")]
fn the_notices_name_the_crates_in_the_library() {
    let notices =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("THIRD-PARTY-NOTICES.txt"))
            .unwrap();
    // "  name version (repository)", below a line "Used by:".
    let named: BTreeSet<String> = notices
        .lines()
        .filter_map(|line| {
            let mut words = line.strip_prefix("  ")?.split(' ');
            let (name, version) = (words.next()?, words.next()?);
            let is_version =
                version.split('.').count() == 3 && version.starts_with(|c: char| c.is_ascii_digit());
            is_version.then(|| format!("{name} {version}"))
        })
        .collect();
    let mut wanted = linked("x86_64-pc-windows-msvc");
    wanted.extend(linked("x86_64-pc-windows-gnu"));
    wanted.extend(linked("aarch64-pc-windows-msvc"));
    assert!(wanted.len() > 20, "the crates are found: {wanted:?}");
    assert_eq!(named, wanted, "THIRD-PARTY-NOTICES.txt is stale: ./build.sh notices");
}
