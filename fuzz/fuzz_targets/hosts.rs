//! Any bytes as the hosts file of a guest: merged or refused, never a panic; what is outside the block stays, a second merge
//! changes nothing, and what a user is told of a line is short and printable.

#![no_main]

use std::net::Ipv4Addr;

use libfuzzer_sys::fuzz_target;
use ragnatramp::hosts::{diff_lines, merge, render, warnings};

const BEGIN: &[u8] = b"# BEGIN RAGNATRAMP";

fn is_printable(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fuzz_target!(|file: &[u8]| {
    let block = render([("web", Ipv4Addr::new(172, 20, 0, 5)), ("db", Ipv4Addr::new(172, 20, 0, 6))]);
    match merge(file, &block) {
        Ok(merged) => {
            assert_eq!(merged.changed, merged.bytes != file);
            let again = merge(&merged.bytes, &block).expect("what was merged is merged into again");
            assert!(!again.changed && again.bytes == merged.bytes);
            if !file.windows(BEGIN.len()).any(|part| part == BEGIN) {
                assert!(merged.bytes.starts_with(file), "a file without a block is only appended to");
            }
            for warning in warnings(&merged.bytes, "web") {
                assert!(warning.text.as_deref().is_none_or(is_printable));
            }
            let _ = diff_lines(file, &merged.bytes);
        }
        Err(refusal) => {
            let error = refusal.into_error("web", "/etc/hosts");
            assert!(!error.message.chars().any(char::is_control));
        }
    }
});
