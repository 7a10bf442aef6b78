//! Hundreds of small documents, each with the verdict and the places that js-yaml and ajv give it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config_support::{parse_on, places_of};
use ragnatramp::config::Platform;
use ragnatramp::error::Code;
use serde_json::{Value, json};

/// The wanted differences that occur among these documents; `config_differences.rs` holds the whole list.
const DIFFERENCES: [&str; 5] =
    ["base image always", "machines without limit", "other home", "repeated names", "undefined variable"];

fn wanted(case: &Value) -> (Option<Code>, BTreeSet<String>) {
    if let Some(differences) = case["difference"].as_str() {
        assert!(differences.split(", ").all(|difference| DIFFERENCES.contains(&difference)), "{differences}");
        let places = case["places"].as_array().unwrap().iter();
        let places: BTreeSet<String> = places.map(|place| place.as_str().unwrap().to_owned()).collect();
        return (Some(Code::ConfigValidationFailed).filter(|_| !places.is_empty()), places);
    }
    match case["verdict"].as_str().unwrap() {
        "valid" => (None, BTreeSet::new()),
        "CONFIG_INVALID_YAML" => (Some(Code::ConfigInvalidYaml), BTreeSet::from([String::new()])),
        "CONFIG_VALIDATION_FAILED" => (Some(Code::ConfigValidationFailed), places_of(&case["errors"])),
        verdict => panic!("no difference is listed for {verdict}: {case}"),
    }
}

#[test]
fn every_document_has_the_same_verdict_places_and_values() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/config-more.json")).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in vectors["cases"].as_array().unwrap() {
        let text = case["yaml"].as_str().unwrap();
        let (code, places) = wanted(case);
        *counts.entry(format!("{code:?}")).or_default() += 1;
        match parse_on(Platform::Posix, text.as_bytes()) {
            Ok(config) => {
                assert_eq!(code, None, "{text:?} is valid");
                let machines = json!(config.machines);
                assert_eq!(machines, case["machines"], "{text:?}");
                let windows = parse_on(Platform::Windows, text.as_bytes()).unwrap();
                let images: Vec<_> = windows.machines.iter().map(|machine| &machine.base_image).collect();
                assert_eq!(json!(images), case["windowsImages"], "{text:?}");
            }
            Err(error) => {
                let found: BTreeSet<String> = error.faults.iter().map(|fault| fault.path.clone()).collect();
                assert_eq!((Some(error.code), &found), (code, &places), "{text:?}: {error:?}");
            }
        }
    }
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 100), "{counts:?}");
}
