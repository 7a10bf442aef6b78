//! The observed verdicts of the original tool, and the wanted differences from them: these, and no others.

use std::collections::BTreeSet;

use crate::config_support::{CONFIG_FOLDER, HOME, parse_on, places_of, text_of};
use ragnatramp::config::Platform;
use ragnatramp::error::Code;
use serde_json::{Value, json};

const INVALID: Option<Code> = Some(Code::ConfigValidationFailed);
const NOT_YAML: Option<Code> = Some(Code::ConfigInvalidYaml);

/// Each case in which another verdict or place is wanted: the code, the places, and why.
const DIFFERENCES: [(&str, Option<Code>, &[&str], &str); 18] = [
    ("machines-4", None, &[], "no upper limit of machines: valid"),
    (
        "machines-four-identical",
        INVALID,
        &["machines[1].name", "machines[2].name", "machines[3].name"],
        "no upper limit of machines; each repeated name is a fault at its own place",
    ),
    (
        "duplicate-machines-three-identical",
        INVALID,
        &["machines[1].name", "machines[2].name"],
        "each repeated name is a fault at its own place",
    ),
    (
        "duplicate-machines-case-differs",
        INVALID,
        &["machines[1].name"],
        "names equal but for case are repeated names",
    ),
    (
        "base-image-missing-everywhere-no-defaults",
        INVALID,
        &["machines[0].base_image"],
        "a machine needs a base image with and without defaults",
    ),
    (
        "path-env-percent-undefined",
        INVALID,
        &["defaults.base_image"],
        "an undefined variable is an error that names it",
    ),
    ("name-trailing-hyphen", INVALID, &["machines[0].name"], "no hostname ends with a hyphen"),
    (
        "path-dollar-braces",
        INVALID,
        &["defaults.base_image"],
        "${NAME} is a variable, as in PowerShell; an undefined one is an error that names it",
    ),
    ("path-tilde-user", INVALID, &["defaults.base_image"], "~user is an error"),
    ("encoding-overlong-in-path", NOT_YAML, &[""], "invalid UTF-8 is an error"),
    ("encoding-truncated-sequence-in-path", NOT_YAML, &[""], "invalid UTF-8 is an error"),
    ("date-as-defaults", INVALID, &["defaults"], "a date is no map"),
    ("tag-cpu-binary", NOT_YAML, &[""], "binary data has no place in a config: unknown tag"),
    ("tag-set-machines", NOT_YAML, &[""], "a set has no place in a config: unknown tag"),
    ("tag-omap-machines", NOT_YAML, &[""], "an ordered map has no place in a config: unknown tag"),
    ("key-map", NOT_YAML, &[""], "only text can be a key"),
    ("encoding-double-bom", None, &[], "a second byte order mark is skipped like the first"),
    ("key-tagged-str", None, &[], "a tag before a key belongs to the key"),
];

fn cases() -> Vec<Value> {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/config-cases.json")).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

/// The code and places that are wanted for `case`; no code if it is valid.
fn wanted(case: &Value) -> (Option<Code>, BTreeSet<String>) {
    let name = case["name"].as_str().unwrap();
    if let Some((_, code, places, _)) = DIFFERENCES.iter().find(|(differs, ..)| *differs == name) {
        return (*code, places.iter().map(|place| (*place).to_owned()).collect());
    }
    match case["verdict"].as_str().unwrap() {
        "valid" => (None, BTreeSet::new()),
        "CONFIG_INVALID_YAML" => (Some(Code::ConfigInvalidYaml), BTreeSet::from([String::new()])),
        "CONFIG_VALIDATION_FAILED" => (Some(Code::ConfigValidationFailed), places_of(&case["errors"])),
        verdict => panic!("{name}: no difference is listed for {verdict}"),
    }
}

#[test]
fn every_case_has_the_wanted_verdict_and_places() {
    let cases = cases();
    assert_eq!(cases.len(), 82);
    for case in &cases {
        let name = &case["name"];
        for platform in [Platform::Posix, Platform::Windows] {
            let (code, places) = wanted(case);
            match parse_on(platform, &text_of(case)) {
                Ok(_) => assert_eq!(code, None, "{name} on {platform:?} is valid"),
                Err(error) => {
                    assert_eq!(Some(error.code), code, "{name} on {platform:?}: {error:?}");
                    let found: BTreeSet<String> =
                        error.faults.iter().map(|fault| fault.path.clone()).collect();
                    assert_eq!(found, places, "{name} on {platform:?}: {error:?}");
                }
            }
        }
    }
}

#[test]
fn every_listed_difference_is_a_case() {
    let names: BTreeSet<String> =
        cases().iter().map(|case| case["name"].as_str().unwrap().to_owned()).collect();
    for (name, _, _, why) in DIFFERENCES {
        assert!(names.contains(name) && !why.is_empty(), "{name}");
    }
}

#[test]
fn valid_cases_resolve_as_observed_on_both_platforms() {
    let mut compared = 0;
    for case in cases() {
        for (platform, key) in [(Platform::Posix, "resolved"), (Platform::Windows, "resolvedWindows")] {
            if case[key].is_null() || wanted(&case).0.is_some() {
                continue;
            }
            let config = parse_on(platform, &text_of(&case)).unwrap();
            let mut found = serde_json::to_value(&config).unwrap();
            found["project"] = json!({ "name": config.project });
            let observed = serde_json::to_string(&case[key]).unwrap();
            let (folder, home) = match platform {
                Platform::Posix => (CONFIG_FOLDER.0, HOME.0),
                Platform::Windows => (CONFIG_FOLDER.1, HOME.1),
            };
            let escaped = |path: &str| path.replace('\\', "\\\\");
            let observed =
                observed.replace("<configDir>", &escaped(folder)).replace("<home>", &escaped(home));
            assert_eq!(found, serde_json::from_str::<Value>(&observed).unwrap(), "{} {key}", case["name"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 52, "cases that resolve");
}

#[test]
fn syntax_errors_lie_on_the_observed_line() {
    // Where the original names the place at which it gave up, the place at which it went wrong is named here.
    let elsewhere = [("quote-unclosed-single", 4), ("directive-yaml-2-0", 1), ("encoding-utf16le-bom", 1)];
    for case in cases().iter().filter(|case| case["line"].is_u64() && wanted(case).0 == NOT_YAML) {
        let name = case["name"].as_str().unwrap();
        let error = parse_on(Platform::Posix, &text_of(case)).unwrap_err();
        let line = elsewhere.iter().find(|(other, _)| *other == name).map(|(_, line)| *line);
        let line = line.unwrap_or(case["line"].as_u64().unwrap() as usize);
        assert_eq!(error.place.line, Some(line), "{name}: {error:?}");
        assert_eq!(error.faults[0].line, line);
    }
}
