//! Any text as a guest's acknowledgement: read strictly or not at all, and never with a character that a terminal acts on.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ragnatramp::guest::Acknowledgement;
use ragnatramp::hash::hash8;

fn check(value: &str) {
    let Some(read) = Acknowledgement::parse(value) else { return };
    assert!(!read.codes.is_empty());
    assert!(!read.text.chars().any(char::is_control));
    for place in &read.places {
        assert!(place.line > 0);
        assert!(place.text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}

fuzz_target!(|text: &str| {
    check(text);
    // With the check that makes it one.
    check(&format!("{text} check={}", hash8(text.as_bytes())));
    let body = format!("v1 {text}");
    check(&format!("{body} check={}", hash8(body.as_bytes())));
});
