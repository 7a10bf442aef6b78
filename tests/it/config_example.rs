//! The example: valid, four machines, and of use to an editor.

use std::path::Path;

use crate::config_support::{environment, parse_on};
use ragnatramp::config::{DiskStrategy, Platform, load};

const EXAMPLE: &str = include_str!("../../examples/ragnatramp.yaml");

#[test]
fn the_example_is_a_lab_of_four() {
    let config = parse_on(Platform::Windows, EXAMPLE.as_bytes()).unwrap();
    let machines: Vec<_> = config
        .machines
        .iter()
        .map(|machine| (machine.name.as_str(), machine.cpu, machine.memory, machine.base_image.as_str()))
        .collect();
    let debian = r"C:\Users\dev\images\debian-12.vhdx";
    assert_eq!(config.project, "lab");
    assert_eq!(
        machines,
        [
            ("web", 2, 2048, debian),
            ("db", 4, 8192, debian),
            ("queue", 2, 1024, debian),
            ("worker", 4, 2048, r"C:\Users\dev\images\ubuntu-24.04.vhdx"),
        ]
    );
    assert_eq!(config.machines[0].disk_strategy, DiskStrategy::Differencing);
    assert_eq!(config.artifact_path, r"C:\Users\dev\.ragnatramp\vms\lab");
    assert!(config.auto_start);
}

#[test]
fn its_first_line_leads_to_the_schema() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let schema = EXAMPLE.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap();
    let text = std::fs::read_to_string(examples.join(schema)).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    assert!(load(&examples.join("ragnatramp.yaml"), &environment(Platform::Posix, &[])).is_ok());
}

/// What is offered in comments is valid when it is taken: in the example, and in what New-RagnaConfig writes.
#[test]
fn what_stands_in_comments_is_valid() {
    for text in [EXAMPLE, include_str!("../../module/template/ragnatramp.yaml")] {
        let taken = ["generation", "secure_boot", "dynamic_memory", "cloud_init", "depends_on"]
            .iter()
            .fold(text.to_owned(), |text, key| text.replace(&format!("# {key}:"), &format!("{key}:")));
        let machine = |text: &str| parse_on(Platform::Windows, text.as_bytes()).unwrap().machines.remove(0);
        let (plain, full) = (machine(text), machine(&taken));
        assert!(plain.generation.is_none() && plain.depends_on.is_empty(), "{text}");
        assert!(full.generation.is_some() && full.secure_boot.is_some(), "{taken}");
        assert!(full.dynamic_memory.is_some() && full.depends_on[0] == "db", "{taken}");
        assert!(full.cloud_init.is_some(), "{taken}");
        assert!(text.contains("for Windows unattend: true"), "{text}");
        let windows = machine(&taken.replace("cloud_init: true", "unattend: true"));
        assert!(windows.unattend.is_some() && windows.cloud_init.is_none(), "{taken}");
    }
}

#[test]
fn what_it_says_of_defaults_is_so() {
    let without =
        EXAMPLE.lines().filter(|line| !line.contains("artifact_path") && !line.contains("auto_start"));
    let without: String = without.map(|line| format!("{line}\n")).collect();
    let without = without.replace("settings:\n", "").replace("  disk_strategy", "  #");
    let config = |text: &str| parse_on(Platform::Windows, text.as_bytes()).unwrap();
    let (with, without) = (config(EXAMPLE), config(&without));
    assert_eq!(
        (with.artifact_path, with.auto_start, with.machines),
        (without.artifact_path, without.auto_start, without.machines)
    );
}
