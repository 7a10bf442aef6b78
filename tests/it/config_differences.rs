//! The whole list of what is read otherwise than by the original tool; `config_rules.rs` has the rules that differ, and
//! `config_keys.rs` the keys that it does not know. `config_cases.rs` and `config_more.rs` show that there is nothing else.
//!
//! What differs in reading YAML comes from the parser, which follows YAML 1.2 where js-yaml 4.1.1 does not, and from what
//! the composer leaves out. Today's js-yaml and the language servers of editors are on the parser's side in nearly all
//! of it.

use crate::config_support::{VALID, outcome, parse_on};
use ragnatramp::config::Platform;

/// A class of documents that are read otherwise than by js-yaml 4.1.1.
pub(crate) struct Difference {
    pub(crate) class: &'static str,
    /// How many of the documents in config-more.json are of this class.
    pub(crate) documents: usize,
    pub(crate) why: &'static str,
    /// What stands in [`VALID`] for what, and what is said of it; nothing where it is valid.
    example: (&'static str, &'static str, &'static str),
}

const fn differs(
    class: &'static str,
    documents: usize,
    why: &'static str,
    (instead, message): (&'static str, &'static str),
) -> Difference {
    Difference { class, documents, why, example: (MACHINE, instead, message) }
}

const MACHINE: &str = "  - name: web";

pub(crate) const IN_READING_YAML: [Difference; 18] = [
    Difference {
        class: "text on the line of ---",
        documents: 0,
        why: "YAML 1.2: a blank follows ---, and no map begins on its line",
        example: ("project:", "---project:", "unknown key"),
    },
    differs(
        "rare tag",
        13,
        "binary data, dates, sets and ordered maps have no place in a config",
        ("  - name: !!binary aGk=", "the tag \"!!binary\" is not known"),
    ),
    differs(
        "date",
        6,
        "an unquoted date is text, as in YAML 1.2",
        ("  - name: web\n    base_image: 2024-01-01", ""),
    ),
    differs(
        "key that is no text",
        10,
        "no list or map is a key of a config; js-yaml joins it to a text, which is unknown",
        ("  - [name]: web", "only text can be a key, and a value that begins with a bracket needs quotes"),
    ),
    differs(
        "key as it is written",
        3,
        "1 and 0x1 are two unknown keys, and ~ is the key ~, not null",
        (
            "  - name: web\n    ~: 1",
            "unknown key; allowed here are name, cpu, memory, base_image, generation, secure_boot, dynamic_memory, cloud_init, unattend and depends_on",
        ),
    ),
    differs("anchor or tag before a key", 1, "YAML 1.2: it belongs to the key", ("  - &a name: web", "")),
    differs(
        "merge key after a question mark",
        1,
        "a key is the same in either form",
        ("  - ? <<\n    : {name: web}", ""),
    ),
    differs(
        "tag above its value",
        3,
        "YAML 1.2: a tag belongs to a value on the next line, too",
        ("  - name: !!str\n      web", ""),
    ),
    differs(
        "tag that touches a bracket",
        1,
        "YAML 1.2: a bracket ends a tag",
        (
            "  - {name: !}",
            "must be a name of letters, digits and hyphens, a letter first, 16 characters at most, is \"\"",
        ),
    ),
    differs(
        "colon that touches a bracket",
        2,
        "a defect of the parser: {a:[b]} is valid in YAML 1.2; js-yaml mostly finds a fault in it, too",
        ("  - {name:[web]}", "a blank is missing here, after the colon"),
    ),
    differs(
        "comment that touches a value",
        0,
        "YAML 1.2: a blank stands before a comment",
        ("  - name: \"web\"#c", "a blank is missing here, before the #"),
    ),
    differs(
        "tab in brackets",
        0,
        "YAML 1.2: tabs do not indent what stands in brackets below a key",
        ("  [\n\t{name: web}]", "lines are indented with spaces, and this is a tab"),
    ),
    differs(
        "control character",
        2,
        "YAML 1.2: it must be written as an escape, and half a surrogate pair is no character",
        ("  - name: web # \u{7}", "U+0007 is not allowed here; write it as an escape in double quotes"),
    ),
    differs(
        "byte order mark within",
        1,
        "YAML 1.2: it stands at the start only",
        ("  - name: \u{feff}web", "a BOM must not appear inside a document"),
    ),
    differs(
        "doubled end of a document",
        3,
        "YAML 1.2: a document without anything in it is none",
        ("  - name: web\n...\n...", ""),
    ),
    differs(
        "blanks before a line break in quotes",
        0,
        "YAML 1.2: they are no part of the text",
        (
            "  - name: 'a \n      b'",
            "must be a name of letters, digits and hyphens, a letter first, 16 characters at most, is \"a b\"",
        ),
    ),
    differs(
        "key over two lines in braces",
        0,
        "YAML 1.2 allows it; the key is unknown then",
        ("  - {name: web, na\n    me: x}", "unknown key"),
    ),
    differs(
        "long key",
        0,
        "YAML 1.2: a key has at most 1,024 characters; the test below writes one",
        ("  - name: web", ""),
    ),
];

#[test]
fn what_is_read_otherwise_is_said_in_our_words() {
    for Difference { class, why, example: (from, to, message), .. } in IN_READING_YAML {
        let faults = parse_on(Platform::Posix, VALID.replacen(from, to, 1).as_bytes());
        let faults = faults.map_or_else(|error| error.faults, |_| Vec::new());
        let found = faults.iter().map(|fault| fault.message.as_str()).next().unwrap_or_default();
        assert_eq!((found, why.is_empty()), (message, false), "{class}");
    }
}

#[test]
fn a_key_has_an_end() {
    let with_key = |length: usize| {
        let key = "k".repeat(length);
        outcome(&format!("{VALID}{key}: 1\n"))[0].split_once(": ").unwrap().1.to_owned()
    };
    assert!(with_key(1_024).starts_with("unknown key"));
    assert_eq!(with_key(1_025), "a key must stand on one line, with a colon after it");
}

#[test]
fn what_only_javascript_takes_for_a_map_is_refused() {
    for (thing, message) in [
        ("2024-01-01", "must be a map"),
        ("!!set {}", "the tag \"!!set\" is not known"),
        ("!!binary ''", "the tag \"!!binary\" is not known"),
    ] {
        for key in ["defaults", "settings"] {
            let machines = VALID.replace("defaults:\n  base_image: base.vhdx\n", "");
            let text = machines.replace("- name: web", "- name: web\n    base_image: b")
                + &format!("{key}: {thing}\n");
            let faults = outcome(&text);
            assert!(faults.len() == 1 && faults[0].contains(message), "{text} {faults:?}");
        }
        let faults = outcome(&VALID.replace("- name: web", &format!("- <<: {thing}\n    name: web")));
        let message = if thing.starts_with('!') { message } else { ": << takes a map" };
        assert!(faults.len() == 1 && faults[0].contains(message), "{thing}: {faults:?}");
    }
    let faults = outcome(&VALID.replace("- name: web", "- <<: [[]]\n    name: web"));
    assert_eq!(faults, [": << takes a map, or a list of maps"]);
}

#[test]
fn what_only_javascript_takes_for_a_key_is_refused() {
    for machine in ["- [name]: web", "- ? [name]\n    : web", "- {[name]: web}"] {
        let faults = outcome(&VALID.replace("- name: web", machine));
        let message = ": only text can be a key, and a value that begins with a bracket needs quotes";
        assert_eq!(faults, [message], "{machine}");
    }
    // With these keys the original breaks off.
    let faults =
        outcome(&VALID.replace("- name: web", "- name: web\n  - {name: db, toString: 1, valueOf: 1}"));
    assert_eq!(faults.len(), 2, "{faults:?}");
}
