//! What the README shows is what is there.

use std::path::Path;

use crate::config_support::parse_on;
use ragnatramp::config::Platform;

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
fn the_config_in_the_readme_is_sound() {
    let config = parse_on(Platform::Windows, fenced(&read("README.md"), "yaml").as_bytes()).unwrap();
    let names: Vec<&str> = config.machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(names, ["web", "db"]);
}

#[test]
fn every_verb_in_the_readme_is_one_of_both_scripts() {
    let readme = read("README.md");
    let scripts = [read("build.sh"), read("build.ps1")];
    let mut seen = 0;
    for part in readme.split("./build.").skip(1) {
        let verb = part.split_whitespace().nth(1).unwrap().trim_end_matches('`');
        assert!(scripts[0].contains(&format!("\n  {verb} ")), "build.sh has no verb {verb}");
        assert!(scripts[1].contains(&format!("\n{verb} ")), "build.ps1 has no verb {verb}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen}");
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
