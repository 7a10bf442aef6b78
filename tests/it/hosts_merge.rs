//! The merge of the block into a hosts file: the shared cases, and what must hold for every file.

use crate::lab::block_of;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ragnatramp::error::Code;
use ragnatramp::hosts::{Refusal, merge};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[test]
fn every_case_gives_what_it_expects() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/hosts-merge-vectors.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 43);
    let faults: Vec<String> = cases.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{} cases differ:\n{}", faults.len(), faults.join("\n"));
}

fn fault(case: &Value) -> Option<String> {
    let input = bytes(case, "input");
    let merged = merge(&input, case["block"].as_str().unwrap());
    let expect = &case["expect"];
    let differs = |what: String| Some(format!("{}: {what}", case["name"]));
    let lines = expect["refuse"]["lines"].as_array();
    match (merged, lines) {
        (Err(Refusal::Markers { lines: actual, .. }), Some(lines)) => {
            let lines: Vec<usize> = lines.iter().map(|line| line.as_u64().unwrap() as usize).collect();
            if actual == lines { None } else { differs(format!("refuses {actual:?}, expects {lines:?}")) }
        }
        (Ok(merged), None) => {
            let output = bytes(expect, "output");
            if let Some(digest) = expect["output_sha256"].as_str() {
                assert_eq!(hex(&Sha256::digest(&output)), digest, "{}: the case itself", case["name"]);
            }
            if merged.bytes != output {
                return differs(format!("is {:?}", String::from_utf8_lossy(&merged.bytes)));
            }
            if merged.changed == (input == output) {
                differs("says the wrong about a change".into())
            } else {
                None
            }
        }
        (merged, _) => differs(format!("is {merged:?}")),
    }
}

fn bytes(value: &Value, name: &str) -> Vec<u8> {
    if let Some(text) = value[format!("{name}_base64")].as_str() {
        return STANDARD.decode(text).unwrap();
    }
    let parts = value[format!("{name}_generate")].as_array().unwrap();
    let part = |part: &Value| {
        STANDARD
            .decode(part["base64"].as_str().unwrap())
            .unwrap()
            .repeat(part["repeat"].as_u64().unwrap() as usize)
    };
    parts.iter().flat_map(part).collect()
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Files put together from the pieces that decide something, in a fixed order of chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64: enough to mix pieces, and the same on every machine.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn file(&mut self, pieces: &[&[u8]]) -> Vec<u8> {
        let count = self.below(12);
        (0..count).flat_map(|_| pieces[self.below(pieces.len())].to_vec()).collect()
    }
}

const PIECES: [&[u8]; 14] = [
    b"127.0.0.1 localhost\n",
    b"10.0.0.1 nas\r\n",
    b"\n",
    b"\r\n",
    b"\r",
    b" \t\n",
    b"# caf\xe9 \xff\n",
    b"\0\n",
    b"no line end",
    b"# BEGIN RAGNATRAMP2\n",
    b" # END RAGNATRAMP\n",
    b"# begin ragnatramp\n",
    b"\xef\xbb\xbf",
    b"\n\n",
];
const MARKERS: [&[u8]; 4] =
    [b"# BEGIN RAGNATRAMP\n", b"# END RAGNATRAMP\n", b"# BEGIN RAGNATRAMP\r\n", b"# END RAGNATRAMP"];

fn blocks() -> [String; 3] {
    [
        block_of(&[("web", "172.16.0.10"), ("db", "172.16.0.11")]),
        block_of(&[("web", "172.29.128.40")]),
        block_of(&[]),
    ]
}

#[test]
fn merging_twice_is_merging_once_and_no_history_leaves_a_trace() {
    let mut chance = Chance(0x5eed);
    let [a, b, none] = blocks();
    let pieces: Vec<&[u8]> = PIECES.into_iter().chain(MARKERS).collect();
    let mut merged = 0;
    for _ in 0..20_000 {
        let file = chance.file(&pieces);
        let Ok(once) = merge(&file, &b) else { continue };
        merged += 1;
        let again = merge(&once.bytes, &b).unwrap();
        assert!(!again.changed && again.bytes == once.bytes, "{:?}", String::from_utf8_lossy(&file));
        for other in [&a, &none] {
            let detour = merge(&file, other).unwrap().bytes;
            assert_eq!(merge(&detour, &b).unwrap().bytes, once.bytes, "{:?}", String::from_utf8_lossy(&file));
        }
    }
    assert!(merged > 10_000, "only {merged} files could be merged");
}

#[test]
fn every_byte_outside_the_block_is_kept() {
    let mut chance = Chance(0xb10c);
    let block = &blocks()[0];
    for _ in 0..20_000 {
        let (before, after) = (ended(chance.file(&PIECES)), chance.file(&PIECES));
        let inside = ended(chance.file(&PIECES));
        let file = [&before[..], MARKERS[0], &inside, MARKERS[1], &after].concat();
        assert_eq!(merge(&file, block).unwrap().bytes, [&before[..], block.as_bytes(), &after].concat());
        let plain = chance.file(&PIECES);
        assert!(merge(&plain, block).unwrap().bytes.starts_with(&plain));
    }
}

fn ended(mut lines: Vec<u8>) -> Vec<u8> {
    if !lines.is_empty() && !lines.ends_with(b"\n") {
        lines.push(b'\n');
    }
    lines
}

#[test]
fn a_lone_cr_at_the_end_of_a_crlf_file_is_text_once_a_crlf_follows_it() {
    let merged = merge(b"127.0.0.1 localhost\r\n\r", &blocks()[2]).unwrap();
    assert!(merged.bytes.starts_with(b"127.0.0.1 localhost\r\n\r\r\n\r\n# BEGIN RAGNATRAMP\r\n"));
}

#[test]
fn a_hosts_file_in_utf_16_is_refused_with_that_reason() {
    for bom in [&b"\xFF\xFE1\0\n\0"[..], &b"\xFE\xFF\x00\x31\0\n"[..]] {
        let refusal = merge(bom, &blocks()[0]).unwrap_err();
        assert_eq!(refusal, Refusal::Utf16);
        let error = refusal.into_error("web", "/etc/hosts");
        assert_eq!(error.code, Code::ReconcileHostsFailed);
        assert!(error.message.contains("UTF-16"), "{}", error.message);
    }
}

#[test]
fn a_refusal_names_the_machine_the_file_and_every_marker_line() {
    let file = b"127.0.0.1 localhost\n# BEGIN RAGNATRAMP\n10.0.0.9 mine\n# BEGIN RAGNATRAMP\n";
    let error = merge(file, &blocks()[0]).unwrap_err().into_error("web", "/etc/hosts");
    assert_eq!(
        error.message,
        "web: /etc/hosts was left as it is: its markers are not one BEGIN followed by one END; they stand on lines 2, 4."
    );
    assert_eq!((error.place.machine.as_deref(), error.place.line), (Some("web"), Some(2)));
    assert!(error.remedy.unwrap().contains("Nothing was written there."));
}

#[test]
fn a_refusal_says_which_lines_only_look_like_markers_and_why() {
    let vectors: Value =
        serde_json::from_str(include_str!("../vectors/hosts-near-marker-cases.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 15);
    for case in cases {
        let refusal = merge(&bytes(case, "input"), &blocks()[0]).unwrap_err();
        let Refusal::Markers { lines, near } = &refusal else { panic!("{}: {refusal}", case["name"]) };
        assert_eq!(json!(lines), case["lines"], "{}", case["name"]);
        let told: String = near
            .iter()
            .map(|n| format!("; line {} only looks like a marker ({})", n.line, n.fault))
            .collect();
        assert_eq!(told, case["near"].as_str().unwrap(), "{}", case["name"]);
        assert!(refusal.to_string().ends_with(&told), "{}: {refusal}", case["name"]);
    }
}

#[test]
fn one_marker_line_stands_and_several_stand() {
    let message =
        |file: &[u8]| merge(file, &blocks()[0]).unwrap_err().into_error("web", "/etc/hosts").message;
    assert_eq!(
        message(b"\xef\xbb\xbf# BEGIN RAGNATRAMP\n# END RAGNATRAMP\n"),
        "web: /etc/hosts was left as it is: its markers are not one BEGIN followed by one END; it stands on line 2; \
         line 1 only looks like a marker (a byte order mark before it)."
    );
    assert!(message(b"# BEGIN RAGNATRAMP\n# BEGIN RAGNATRAMP\n").ends_with("; they stand on lines 1, 2."));
}

#[test]
fn a_malformed_block_is_refused_and_its_line_named() {
    let cases = [
        ("", 1),
        ("# BEGIN RAGNATRAMP\n", 1),
        ("# BEGIN RAGNATRAMP\n# END RAGNATRAMP", 2),
        ("# BEGIN RAGNATRAMP\n172.16.0.1 web\r\n# END RAGNATRAMP\n", 2),
        ("# BEGIN RAGNATRAMP\n# END RAGNATRAMP\n# END RAGNATRAMP\n", 2),
        ("# BEGIN RAGNATRAMP\n# BEGIN RAGNATRAMP\n# END RAGNATRAMP\n", 2),
        ("172.16.0.1 web\n# END RAGNATRAMP\n", 1),
        ("# BEGIN RAGNATRAMP\n172.16.0.1 web\n", 2),
    ];
    for (block, expected) in cases {
        match merge(b"", block) {
            Err(Refusal::Block { line, .. }) => assert_eq!(line, expected, "{block:?}"),
            other => panic!("{block:?}: {other:?}"),
        }
    }
}
