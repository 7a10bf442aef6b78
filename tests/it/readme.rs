//! What the README shows is what is there.

use std::path::Path;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// The text between the first fence that opens with `language` and the fence that closes it.
fn fenced(text: &str, language: &str) -> String {
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_config_in_the_readme_is_the_one_in_examples() {
    assert_eq!(fenced(&read("README.md"), "yaml"), read("examples/ragnatramp.yaml"));
}

#[test]
fn every_cmdlet_is_in_the_readme_and_the_changelog() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("module/Public");
    let (readme, changelog) = (read("README.md"), read("CHANGELOG.md"));
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(readme.contains(&format!("`{name}`")), "{name} is not in README.md");
        assert!(changelog.contains(&format!("`{name}`")), "{name} is not in CHANGELOG.md");
        seen += 1;
    }
    assert!(seen > 0);
}
