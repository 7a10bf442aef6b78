//! What the workflows run comes from where it was looked at, and may do no more than it has to.

use std::path::Path;

/// Each workflow: its name and its text.
fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    found.sort();
    assert!(found.len() >= 2, "{found:?}");
    found
}

#[test]
fn every_action_is_pinned_by_its_commit_and_names_its_version() {
    let mut seen = 0;
    for (name, text) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let (_, action) = line.split_once("uses:").unwrap();
            let (place, version) =
                action.split_once(" # v").unwrap_or_else(|| panic!("{name}: no version: {line}"));
            let (_, commit) =
                place.trim().split_once('@').unwrap_or_else(|| panic!("{name}: no commit: {line}"));
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{name}: {line}"
            );
            assert!(version.split('.').count() == 3, "{name}: {line}");
            seen += 1;
        }
    }
    assert!(seen > 6, "{seen}");
}

#[test]
fn a_workflow_begins_with_no_right_but_to_read() {
    for (name, text) in workflows() {
        let (_, rights) = text
            .split_once("\npermissions:\n")
            .unwrap_or_else(|| panic!("{name} says nothing of its rights"));
        let given: Vec<&str> = rights.lines().take_while(|line| line.starts_with("  ")).collect();
        assert_eq!(given, ["  contents: read"], "{name}");
        assert_eq!(
            text.matches("persist-credentials: false").count(),
            text.matches("actions/checkout@").count(),
            "{name}"
        );
    }
}
