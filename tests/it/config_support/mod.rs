//! Where the configs of these tests lie, and how the cases name places.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::collections::BTreeSet;

use ragnatramp::config::{Config, Environment, Platform, Variables, parse};
use ragnatramp::error::Error;
use serde_json::Value;

/// The folder of the config, on POSIX and on Windows.
pub const CONFIG_FOLDER: (&str, &str) = ("/srv/lab", r"C:\Users\dev\lab");

/// The home folder, on POSIX and on Windows.
pub const HOME: (&str, &str) = ("/home/dev", r"C:\Users\dev");

/// A config that is valid but for what is put in its place.
pub const VALID: &str =
    "project:\n  name: lab\ndefaults:\n  base_image: base.vhdx\nmachines:\n  - name: web\n";

pub fn environment(platform: Platform, variables: &[(&str, &str)]) -> Environment {
    let (config_path, home) = match platform {
        Platform::Posix => (format!("{}/ragnatramp.yaml", CONFIG_FOLDER.0), HOME.0),
        Platform::Windows => (format!("{}\\ragnatramp.yaml", CONFIG_FOLDER.1), HOME.1),
    };
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Environment {
        config_path,
        home: home.to_owned(),
        platform,
        variables: Variables::new(platform, variables),
    }
}

pub fn parse_on(platform: Platform, bytes: &[u8]) -> Result<Config, Error> {
    parse(bytes, &environment(platform, &[]))
}

/// The faulty places of a text, as `path line:column`.
pub fn faults_of(text: &str) -> Vec<String> {
    let faults = match parse_on(Platform::Posix, text.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(error) => error.faults,
    };
    faults.iter().map(|fault| format!("{} {}:{}", fault.path, fault.line, fault.column)).collect()
}

/// `path: message` of each fault; without any the text is valid.
pub fn outcome(text: &str) -> Vec<String> {
    let faults = parse_on(Platform::Posix, text.as_bytes()).map_or_else(|error| error.faults, |_| Vec::new());
    faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect()
}

/// The text of a case, which may not be UTF-8.
pub fn text_of(case: &Value) -> Vec<u8> {
    match (case["yaml"].as_str(), case["yamlBase64"].as_str()) {
        (Some(text), None) => text.as_bytes().to_vec(),
        (None, Some(encoded)) => decode_base64(encoded),
        _ => panic!("one of yaml and yamlBase64: {case}"),
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | ALPHABET.iter().position(|known| *known == byte).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The places of errors as the original lists them. The `if` error only says that there are others.
pub fn places_of(errors: &Value) -> BTreeSet<String> {
    let errors = errors.as_array().unwrap().iter().filter(|error| error["keyword"] != "if");
    errors.map(place_of).collect()
}

/// A JSON pointer, and the property that is missing or too much, as one path.
fn place_of(error: &Value) -> String {
    let mut path = String::new();
    for part in error["path"].as_str().unwrap().split('/').skip(1).filter(|part| !part.is_empty()) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&part);
        }
    }
    if error["property"] == "" {
        path.push_str("[\"\"]");
    } else if let Some(property) = error["property"].as_str() {
        path.push_str(if path.is_empty() { "" } else { "." });
        path.push_str(property);
    }
    path
}
