//! What is bounded, and that nothing else happens where a bound is met.

use crate::config_support::{VALID, faults_of, parse_on};
use ragnatramp::config::{MAX_BYTES, Platform};
use ragnatramp::error::{Code, Error};

/// The levels that are allowed, those of the text around them included.
const LEVELS: usize = 1_600;

fn refused(text: &str) -> Error {
    parse_on(Platform::Posix, text.as_bytes()).unwrap_err()
}

/// Texts that nest `depth` levels below a key that is not known.
fn nested(depth: usize) -> Vec<String> {
    let block = (0..depth).map(|level| format!("{}k:\n", " ".repeat(level + 1))).collect::<String>();
    vec![
        format!("{VALID}extra: {}{}\n", "[".repeat(depth), "]".repeat(depth)),
        format!("{VALID}extra: {}{}\n", "{a: ".repeat(depth), "}".repeat(depth)),
        format!("{VALID}extra:\n  {}a\n", "- ".repeat(depth)),
        format!("{VALID}extra:\n{block}"),
    ]
}

#[test]
fn depth_below_the_bound_is_read() {
    for text in nested(1_500) {
        let error = refused(&text);
        assert_eq!(error.code, Code::ConfigValidationFailed, "{}", error.message);
        assert_eq!(error.faults[0].path, "extra");
    }
}

#[test]
fn depth_beyond_the_bound_is_refused() {
    for text in nested(LEVELS).into_iter().chain(nested(3_000)) {
        let error = refused(&text);
        assert_eq!(error.code, Code::ConfigInvalidYaml);
        assert!(error.message.contains("nested too deeply"), "{}", error.message);
    }
}

#[test]
fn brackets_that_are_never_closed_are_refused() {
    for text in
        ["[".repeat(1_000), "{".repeat(1_000), "[{".repeat(500), "- ".repeat(1_000), "? ".repeat(1_000)]
    {
        assert_ne!(refused(&text).code, Code::Internal);
    }
}

#[test]
fn any_stack_will_do() {
    for text in
        nested(1_500).into_iter().chain(nested(3_000)).chain(["? ".repeat(100_000), "[".repeat(100_000)])
    {
        let read = move || parse_on(Platform::Posix, text.as_bytes()).unwrap_err().code;
        let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(read).unwrap();
        assert_ne!(thread.join().unwrap(), Code::Internal);
    }
}

#[test]
fn aliases_take_no_room() {
    let mut text = format!("{VALID}a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..2_000 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 9].join(",")));
    }
    let error = refused(&text);
    assert_eq!(error.code, Code::ConfigValidationFailed);
    assert_eq!(error.faults.len(), 2_000);
}

#[test]
fn a_value_that_holds_itself_is_no_trouble() {
    let head = "project:\n  name: lab\ndefaults:\n  base_image: b\n";
    assert_eq!(
        faults_of(&format!("{head}machines: &m [*m, *m]\n")),
        ["machines[0] 5:15", "machines 5:19", "machines[1] 5:19"]
    );
    assert_eq!(faults_of(&format!("{head}machines: [&m {{name: *m}}]\n")), ["machines[0].name 5:22"]);
    assert_eq!(faults_of(&format!("{VALID}settings: &s {{<<: *s}}\n")), [""; 0]);
}

#[test]
fn merging_and_aliases_as_keys_are_paid_for() {
    let mut merges = "a0: &a0 {k: 1}\n".to_owned();
    for level in 1..20_000 {
        merges.push_str(&format!("a{level}: &a{level} {{<<: *a{}, k{level}: 1}}\n", level - 1));
    }
    let wide = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "{*a : 1}, ".repeat(1_000));
    for text in [merges, wide] {
        let error = refused(&text);
        assert_eq!(error.code, Code::ConfigInvalidYaml);
        assert!(error.message.contains("copy too much"), "{}", error.message);
    }
}

#[test]
fn size_is_bounded() {
    let text = format!("{VALID}#{}", "x".repeat(MAX_BYTES - VALID.len() - 1));
    assert_eq!(text.len(), MAX_BYTES);
    assert!(parse_on(Platform::Posix, text.as_bytes()).is_ok());
    let error = refused(&(text + "x"));
    assert_eq!(error.code, Code::ConfigInvalidYaml);
    assert!(error.message.contains("at most 16 MB"), "{}", error.message);
}

#[test]
fn faults_are_bounded_in_number_and_size() {
    let keys: String = (0..20_000).map(|key| format!("k{key}: 1, ")).collect();
    let error = refused(&format!("{{project: {{name: lab}}, {keys}}}"));
    assert_eq!(error.faults.len(), 10_000);
    assert!(error.faults.iter().all(|fault| fault.source_line.chars().count() <= 400));
}

#[test]
fn one_document() {
    assert!(parse_on(Platform::Posix, format!("---\n{VALID}...\n").as_bytes()).is_ok());
    let error = refused(&format!("{VALID}---\n{VALID}"));
    assert_eq!((error.code, error.place.line), (Code::ConfigInvalidYaml, Some(7)));
}

#[test]
fn encodings_and_line_breaks() {
    for text in [format!("\u{feff}{VALID}"), VALID.replace('\n', "\r\n"), VALID.replace('\n', "\r")] {
        assert!(parse_on(Platform::Posix, text.as_bytes()).is_ok(), "{text:?}");
    }
    let wide = |order: fn(u16) -> [u8; 2], mark: &str| {
        format!("{mark}{VALID}").encode_utf16().flat_map(order).collect()
    };
    let texts: [Vec<u8>; 4] = [
        wide(u16::to_le_bytes, "\u{feff}"),
        wide(u16::to_be_bytes, "\u{feff}"),
        wide(u16::to_le_bytes, ""),
        wide(u16::to_be_bytes, ""),
    ];
    for bytes in texts {
        let error = parse_on(Platform::Posix, &bytes).unwrap_err();
        assert_eq!(error.code, Code::ConfigInvalidYaml);
        assert!(error.message.contains("UTF-16"), "{}", error.message);
    }
}

#[test]
fn invalid_utf8_is_placed_by_byte_line_and_column() {
    let mut bytes = VALID.as_bytes().to_vec();
    bytes.splice(18..18, *b"\xC3\xA9\xFF");
    let error = parse_on(Platform::Posix, &bytes).unwrap_err();
    assert_eq!(error.code, Code::ConfigInvalidYaml);
    assert!(error.message.contains("byte 20 of the file (0xFF)"), "{}", error.message);
    assert_eq!((error.place.line, error.place.column), (Some(2), Some(11)));
}

#[test]
fn no_bytes_and_nothing_but_space_are_no_config() {
    for text in ["", "\n", " ", "\u{feff}", "---", "# only this"] {
        assert_eq!(faults_of(text), [" 1:1"], "{text:?}");
    }
}
