//! The whole list of what is wanted otherwise than in the original tool. `config_cases.rs` and `config_more.rs` show that
//! there is nothing else.

use crate::config_support::{VALID, parse_on, surroundings};
use ragnatramp::config::{Platform, parse};
use ragnatramp::error::Code;

/// `path: message` of each fault; without any the text is valid.
fn outcome(text: &str) -> Vec<String> {
    let faults = parse_on(Platform::Posix, text.as_bytes()).map_or_else(|error| error.faults, |_| Vec::new());
    faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect()
}

#[test]
fn there_is_no_upper_limit_of_machines() {
    let machines: String = (0..1_024).map(|number| format!("  - name: m{number}\n")).collect();
    assert_eq!(outcome(&VALID.replace("  - name: web\n", &machines)), [""; 0]);
}

#[test]
fn repeated_names_are_faults_with_both_places() {
    let text =
        VALID.replace("- name: web", "- name: web\n  - name: db\n  - {cpu: 3, name: web}\n  - name: Db");
    assert_eq!(
        outcome(&text),
        [
            "machines[2].name: the same as machines[0].name at 6:11",
            "machines[3].name: but for case the same as machines[1].name at 7:11",
        ]
    );
}

#[test]
fn a_machine_needs_a_base_image_with_and_without_defaults() {
    for defaults in ["", "defaults: {}\n", "defaults:\n", "defaults:\n  cpu: 2\n"] {
        let text = VALID.replace("defaults:\n  base_image: base.vhdx\n", defaults);
        assert!(
            outcome(&text).iter().any(|fault| fault.starts_with("machines[0].base_image: missing")),
            "{text}"
        );
    }
}

#[test]
fn undefined_variables_are_faults_that_name_them() {
    let fault = |path: &str| outcome(&VALID.replace("base.vhdx", path));
    assert_eq!(fault("'%RAGNA_A%/b'"), ["defaults.base_image: the variable RAGNA_A is not defined"]);
    assert_eq!(fault("$RAGNA_A/b"), ["defaults.base_image: the variable RAGNA_A is not defined"]);
    assert_eq!(fault("$A/%B%/$A"), ["defaults.base_image: the variables B, A are not defined"]);
    // One percent sign, a dollar sign before no name, and braces are only text, as they were.
    for path in ["a%b", "a$", "$5", "${A}"] {
        assert_eq!(fault(path), [""; 0], "{path}");
    }
    // An image that no machine takes is looked at all the same.
    let unused = VALID.replace("base.vhdx", "$A").replace("- name: web", "- name: web\n    base_image: b");
    assert_eq!(outcome(&unused), ["defaults.base_image: the variable A is not defined"]);
    let artifacts = format!("{VALID}settings:\n  artifact_path: $A\n");
    assert_eq!(outcome(&artifacts), ["settings.artifact_path: the variable A is not defined"]);
}

#[test]
fn homes_of_other_users_are_faults() {
    for path in ["~dev/b", "~.vhdx", "'~%A%'"] {
        let faults = outcome(&VALID.replace("base.vhdx", path));
        assert!(faults[0].starts_with("defaults.base_image: ~ is the home folder"), "{path}: {faults:?}");
        assert_eq!(faults.len(), 1);
    }
}

#[test]
fn what_is_in_the_name_of_the_home_folder_is_no_variable() {
    let mut around = surroundings(Platform::Windows, &[]);
    around.home = r"C:\Users\a$b%c%".to_owned();
    let config = parse(VALID.replace("base.vhdx", "~/b").as_bytes(), &around).unwrap();
    assert_eq!(config.machines[0].base_image, r"C:\Users\a$b%c%\b");
    assert_eq!(config.artifact_path, r"C:\Users\a$b%c%\.ragnatramp\vms\lab");
}

#[test]
fn invalid_utf8_is_refused() {
    let mut bytes = VALID.as_bytes().to_vec();
    bytes.extend(b"# \xE9\n");
    assert_eq!(parse_on(Platform::Posix, &bytes).unwrap_err().code, Code::ConfigInvalidYaml);
}

#[test]
fn what_only_javascript_takes_for_a_map_is_refused() {
    for thing in ["2024-01-01", "!!set {}", "!!binary ''"] {
        for key in ["defaults", "settings"] {
            let machines = VALID.replace("defaults:\n  base_image: base.vhdx\n", "");
            let text = machines.replace("- name: web", "- name: web\n    base_image: b")
                + &format!("{key}: {thing}\n");
            let faults = outcome(&text);
            assert!(
                faults.len() == 1 && faults[0].starts_with(&format!("{key}: must be a map")),
                "{text} {faults:?}"
            );
        }
        let faults = outcome(&VALID.replace("- name: web", &format!("- <<: {thing}\n    name: web")));
        assert!(faults.len() == 1 && faults[0].starts_with(": << takes a map"), "{thing}: {faults:?}");
    }
    let faults = outcome(&VALID.replace("- name: web", "- <<: [[]]\n    name: web"));
    assert_eq!(faults, [": << takes a map, or a list of maps"]);
}

#[test]
fn what_only_javascript_takes_for_a_key_is_refused() {
    for machine in ["- [name]: web", "- ? [name]\n    : web", "- {[name]: web}"] {
        let faults = outcome(&VALID.replace("- name: web", machine));
        assert_eq!(faults, ["machines[0].name: a list cannot be a key"], "{machine}");
    }
    // With these keys the original breaks off.
    let faults =
        outcome(&VALID.replace("- name: web", "- name: web\n  - {name: db, toString: 1, valueOf: 1}"));
    assert_eq!(faults.len(), 2, "{faults:?}");
}
