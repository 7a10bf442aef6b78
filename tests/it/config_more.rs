//! Hundreds of small documents, each with the verdict and the places that js-yaml and ajv give it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config_differences::IN_READING_YAML;
use crate::config_support::{parse_on, places_of};
use ragnatramp::config::Platform;
use ragnatramp::error::Code;
use serde_json::{Value, json};

/// The wanted differences in the rules that occur among these documents; `config_rules.rs` holds the whole list.
const DIFFERENCES: [&str; 7] = [
    "base image always",
    "escape in a path",
    "lookalike in a path",
    "machines without limit",
    "other home",
    "repeated names",
    "undefined variable",
];

/// The code and places of a document, or the machines of a valid one.
#[derive(Debug, PartialEq)]
struct Outcome {
    code: Option<Code>,
    places: BTreeSet<String>,
    machines: Value,
    windows_images: Value,
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// What the original says of `case`, but for the differences in the rules.
fn by_the_original(case: &Value) -> Outcome {
    let (code, places) = match case["verdict"].as_str().unwrap() {
        _ if case["difference"].is_string() => {
            let differences = case["difference"].as_str().unwrap();
            let known = |difference| DIFFERENCES.contains(&difference);
            assert!(differences.split(", ").all(known), "{differences}");
            let places = texts(&case["places"]);
            (Some(Code::ConfigValidationFailed).filter(|_| !places.is_empty()), places)
        }
        "valid" => (None, BTreeSet::new()),
        "CONFIG_INVALID_YAML" => (Some(Code::ConfigInvalidYaml), BTreeSet::from([String::new()])),
        "CONFIG_VALIDATION_FAILED" => (Some(Code::ConfigValidationFailed), places_of(&case["errors"])),
        verdict => panic!("no difference is listed for {verdict}: {case}"),
    };
    outcome(code, places, case)
}

/// What is wanted of a document that is read otherwise than by js-yaml.
fn listed(case: &Value) -> Outcome {
    match case["verdict"].as_str().unwrap() {
        "valid" => outcome(None, BTreeSet::new(), case),
        "CONFIG_INVALID_YAML" => {
            outcome(Some(Code::ConfigInvalidYaml), BTreeSet::from([String::new()]), case)
        }
        _ => outcome(Some(Code::ConfigValidationFailed), texts(&case["places"]), case),
    }
}

fn outcome(code: Option<Code>, places: BTreeSet<String>, case: &Value) -> Outcome {
    let of_valid = |key: &str| if code.is_none() { case[key].clone() } else { Value::Null };
    Outcome { machines: of_valid("machines"), windows_images: of_valid("windowsImages"), code, places }
}

fn found(text: &str) -> Outcome {
    match parse_on(Platform::Posix, text.as_bytes()) {
        Ok(config) => {
            let windows = parse_on(Platform::Windows, text.as_bytes()).unwrap();
            let images: Vec<_> = windows.machines.iter().map(|machine| &machine.base_image).collect();
            Outcome {
                code: None,
                places: BTreeSet::new(),
                machines: json!(config.machines),
                windows_images: json!(images),
            }
        }
        Err(error) => Outcome {
            code: Some(error.code),
            places: error.faults.iter().map(|fault| fault.path.clone()).collect(),
            machines: Value::Null,
            windows_images: Value::Null,
        },
    }
}

fn cases() -> Vec<Value> {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/config-more.json")).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

#[test]
fn every_document_has_the_same_verdict_places_and_values_but_for_those_listed() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        let text = case["yaml"].as_str().unwrap();
        let original = by_the_original(&case);
        *counts.entry(format!("{:?}", original.code)).or_default() += 1;
        let found = found(text);
        if case["yamlDifference"].is_null() {
            assert_eq!(found, original, "{text:?}");
        } else {
            assert_ne!(found, original, "{text:?} is listed as a difference, and is none");
            assert_eq!(found, listed(&case["outcome"]), "{text:?}");
        }
    }
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 100), "{counts:?}");
}

#[test]
fn as_many_documents_are_read_otherwise_as_are_listed() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for class in cases().iter().filter_map(|case| case["yamlDifference"].as_str()) {
        *counts.entry(class.to_owned()).or_default() += 1;
    }
    let listed = IN_READING_YAML.iter().filter(|difference| difference.documents > 0);
    let listed: BTreeMap<String, usize> =
        listed.map(|difference| (difference.class.to_owned(), difference.documents)).collect();
    assert_eq!(counts, listed);
}
