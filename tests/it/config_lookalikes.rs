//! Characters that look right and are not: each is named by its code where it stands. And what users of PowerShell and of
//! other tools write: they are led to what is meant.

use crate::config_support::{VALID, parse_on};
use ragnatramp::config::Platform;
use ragnatramp::error::Code;

/// `line:column message; suggestion` of each fault.
fn said(text: &str) -> Vec<String> {
    let faults =
        parse_on(Platform::Windows, text.as_bytes()).map_or_else(|error| error.faults, |_| Vec::new());
    let said = faults.iter().map(|fault| {
        let suggestion = fault.suggestion.as_ref().map(|meant| format!("; {meant}")).unwrap_or_default();
        format!("{}:{} {}{suggestion}", fault.line, fault.column, fault.message)
    });
    said.collect()
}

const NO_BREAK: &str = "U+00A0, a no-break space, stands here where a space must";
const ZERO_WIDTH: &str = "U+200B, a zero-width space, stands here unseen; take it out";
const EN_DASH: &str = "U+2013, an en dash, stands here where a hyphen (-) must";
const CURVED: &str = "U+201C, a typographic quotation mark, stands here where a straight quotation mark must";
const CYRILLIC: &str = "U+0435, a Cyrillic letter, stands here where a letter from a to z must";

#[test]
fn each_is_named_by_its_code_where_it_stands() {
    for (from, to, place, message) in [
        ("web", "web\n\u{a0}\u{a0}\u{a0}\u{a0}cpu: 2", "7:1", NO_BREAK),
        ("web", "web\n  \u{a0} cpu: 2", "7:3", NO_BREAK),
        ("  base_image", "\u{a0}\u{a0}base_image", "4:1", NO_BREAK),
        ("name: web", "name: web\n    cpu:\u{a0}2", "7:9", NO_BREAK),
        ("- name", "-\u{a0}name", "6:4", NO_BREAK),
        ("name: web", "name: we\u{a0}b", "6:13", NO_BREAK),
        ("name: web", "name: web\n    cpu: 2\u{a0}", "7:11", NO_BREAK),
        ("machines", "\u{200b}machines", "5:1", ZERO_WIDTH),
        ("web", "we\u{200b}b", "6:13", ZERO_WIDTH),
        ("- name", "\u{200b}- name", "6:3", ZERO_WIDTH),
        ("name: web", "na\u{200b}me: web", "6:7", ZERO_WIDTH),
        ("base.vhdx", "base\u{200b}.vhdx", "4:19", ZERO_WIDTH),
        ("base.vhdx", "\u{feff}base.vhdx", "4:15", "a BOM must not appear inside a document"),
        ("- name", "\u{2013} name", "6:3", EN_DASH),
        ("web", "web\u{2013}1", "6:14", EN_DASH),
        ("web", "web\n  \u{2013} name: db", "7:3", EN_DASH),
        ("base.vhdx", "\u{201c}C:\\img\\base.vhdx\u{201d}", "4:15", CURVED),
        ("base.vhdx", "\u{201c}C:\\img: base.vhdx\u{201d}", "4:15", CURVED),
        ("web", "\u{201c}web\u{201d}", "6:11", CURVED),
        ("web", "w\u{435}b", "6:12", CYRILLIC),
    ] {
        let found = said(&VALID.replacen(from, to, 1));
        let wanted = format!("{place} {message}");
        assert!(found.iter().any(|fault| fault.starts_with(&wanted)), "{to:?}: {found:#?}");
    }
}

#[test]
fn a_path_out_of_a_dialog_of_windows_is_refused_for_its_mark() {
    let found = said(&VALID.replace("base.vhdx", "'\u{202a}C:\\img\\base.vhdx'"));
    assert_eq!(found, ["4:16 U+202A, a mark of writing direction, stands here unseen; take it out"]);
}

#[test]
fn a_key_in_another_alphabet_leads_to_the_key() {
    let found = said(&VALID.replace("- name: web", "- name: web\n    m\u{435}mory: 2048"));
    assert_eq!(found, [format!("7:6 {CYRILLIC}; memory")]);
}

#[test]
fn one_character_is_named_once() {
    let found = said(&VALID.replace("- name: web", "- {\u{201c}name\u{201d}: web}"));
    assert_eq!(found.iter().filter(|fault| fault.contains("U+201C")).count(), 1, "{found:?}");
    let text = VALID.replace("machines:\n  - name", "machines:\n  \u{2013} name");
    assert_eq!(said(&text), [format!("6:3 {EN_DASH}")]);
}

#[test]
fn where_they_may_stand_they_are_no_faults() {
    for (from, to) in [
        ("base.vhdx", "Bilder\u{a0}2026/caf\u{e9} \u{2013} \u{201c}neu\u{201d}.vhdx"),
        ("base.vhdx", "\u{43e}\u{431}\u{440}\u{430}\u{437}\u{44b}/b.vhdx"),
        ("web", "web # \u{201c}the\u{a0}web\u{201d} \u{2013} \u{200b}"),
    ] {
        assert_eq!(said(&VALID.replace(from, to)), [""; 0], "{to:?}");
    }
    // A fault elsewhere is told as ever.
    let text = VALID.replace("web", "web # \u{201c}\n    cpu: 0\n    memory: 'x'y");
    assert_eq!(said(&text), ["8:16 this stands after the closing quote; quotes are around the whole value"]);
}

#[test]
fn sizes_with_a_unit_get_their_number() {
    let memory = |text: &str| {
        said(&VALID.replace("- name: web", &format!("- name: web\n    memory: {text}"))).remove(0)
    };
    for (text, meant) in [
        ("2GB", "; 2048"),
        ("2048MB", "; 2048"),
        ("2 GB", "; 2048"),
        ("1.5gib", "; 1536"),
        ("512m", "; 512"),
        ("1TB", "; 1048576"),
        ("\"2048\"", "; 2048, without quotes"),
    ] {
        assert!(memory(text).ends_with(meant), "{}", memory(text));
    }
    for text in ["2KB", "GB", "256MB", "2TB", "1.0001GB", "2GBx"] {
        assert!(!memory(text).contains(';'), "{}", memory(text));
    }
    let cpu = said(&VALID.replace("- name: web", "- name: web\n    cpu: 2GB"));
    assert!(!cpu[0].contains(';'), "{cpu:?}");
}

#[test]
fn keys_of_other_tools_lead_to_the_key_that_is_meant() {
    for (key, meant) in [
        ("ram", "memory"),
        ("mem", "memory"),
        ("vcpu", "cpu"),
        ("cores", "cpu"),
        ("CPUs", "cpu"),
        ("hostname", "name"),
        ("image", "base_image"),
        ("box", "base_image"),
        ("disk", "base_image"),
    ] {
        let found = said(&VALID.replace("- name: web", &format!("- name: web\n    {key}: 1")));
        assert_eq!(found, [format!("7:5 unknown key; {meant}")]);
    }
    assert_eq!(
        said(&format!("{VALID}ram: 1\nhostname: a\n")),
        [
            "7:1 unknown key; memory is probably meant, which belongs under defaults or a machine",
            "8:1 unknown key; name is probably meant, which belongs under project or a machine",
        ]
    );
}

#[test]
fn long_values_are_searched_only_at_their_start() {
    let text = format!("x-a: &a\n  cpu: {}\u{2013}\n{VALID}", "x".repeat(1_000_000));
    let machines: String = (0..5_000).map(|_| "  - {<<: *a}\n".to_owned()).collect();
    let error = parse_on(Platform::Posix, (text + &machines).as_bytes()).unwrap_err();
    assert_eq!(error.code, Code::ConfigValidationFailed);
    assert!(error.faults.iter().all(|fault| !fault.message.contains("U+2013")));
}
