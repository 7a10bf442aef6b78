//! Paths as node's `path` module has them, by vectors made with it.

use serde_json::Value;

use super::Platform;

#[test]
fn paths_are_those_of_node() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../tests/vectors/config-path-cases.json")).unwrap();
    let mut compared = 0;
    for case in vectors["cases"].as_array().unwrap() {
        let platform = if case["platform"] == "windows" { Platform::Windows } else { Platform::Posix };
        let path = case["path"].as_str().unwrap();
        if let Some(absolute) = case["absolute"].as_bool() {
            assert_eq!(platform.is_absolute(path), absolute, "{case}");
        } else if let Some(resolved) = case["resolved"].as_str() {
            assert_eq!(platform.resolve(case["base"].as_str().unwrap(), path), resolved, "{case}");
        } else if let Some(joined) = case["joined"].as_str() {
            assert_eq!(platform.join(case["folder"].as_str().unwrap(), path), joined, "{case}");
        } else {
            assert_eq!(platform.folder_of(path), case["folderOf"].as_str().unwrap(), "{case}");
        }
        compared += 1;
    }
    assert!(compared > 400, "{compared}");
}

#[test]
fn a_path_on_another_drive_starts_at_its_root() {
    assert_eq!(Platform::Windows.resolve(r"C:\lab", r"D:a\..\b"), r"D:\b");
    assert_eq!(Platform::Windows.resolve(r"\\srv\share\lab", "c:b"), r"c:\b");
}

#[test]
fn file_names() {
    assert_eq!(Platform::Windows.file_name(r"C:\lab/a.yaml"), "a.yaml");
    assert_eq!(Platform::Posix.file_name(r"/lab/b\a.yaml"), r"b\a.yaml");
}
