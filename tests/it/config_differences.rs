//! The whole list of what is wanted otherwise than in the original tool. `config_cases.rs` and `config_more.rs` show that
//! there is nothing else.
//!
//! What differs in reading YAML comes from the parser, which follows YAML 1.2 where js-yaml 4.1.1 does not, and from what
//! the composer leaves out. Today's js-yaml and the language servers of editors are on the parser's side in nearly all
//! of it.

use crate::config_support::{VALID, environment, parse_on};
use ragnatramp::config::{Platform, parse};
use ragnatramp::error::Code;

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
        ("  - name: web\n    ~: 1", "unknown key; allowed here are name, cpu, memory and base_image"),
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

/// `path: message` of each fault; without any the text is valid.
fn outcome(text: &str) -> Vec<String> {
    let faults = parse_on(Platform::Posix, text.as_bytes()).map_or_else(|error| error.faults, |_| Vec::new());
    faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect()
}

#[test]
fn there_is_no_upper_limit_of_machines() {
    let machines: String = (0..1_024).map(|number| format!("  - name: m{number}\n")).collect();
    assert_eq!(outcome(&VALID.replace("  - name: web\n", &machines)), [""; 0]);
}

#[test]
fn repeated_names_are_faults_with_both_places() {
    let text =
        VALID.replace("- name: web", "- name: web\n  - name: db\n  - {cpu: 3, name: web}\n  - name: Db");
    assert_eq!(
        outcome(&text),
        [
            "machines[2].name: the same as machines[0].name at 6:11",
            "machines[3].name: but for case the same as machines[1].name at 7:11",
        ]
    );
}

/// The original takes every such name. A hosts file with a machine `localhost` sends each guest's own programs to another
/// one; a disk or a folder named `NUL` cannot be made; and no hostname ends with a hyphen.
#[test]
fn names_that_have_a_meaning_of_their_own_are_faults() {
    let machine = |name: &str| outcome(&VALID.replace("- name: web", &format!("- name: {name}")));
    let project = |name: &str| outcome(&VALID.replace("name: lab", &format!("name: {name}")));
    for name in [
        "localhost",
        "LOCALHOST",
        "localhost6",
        "ip6-localhost",
        "ip6-loopback",
        "ip6-allnodes",
        "broadcasthost",
        "wpad",
        "Wpad",
        "isatap",
    ] {
        let meaning = format!(
            "machines[0].name: \"{name}\" has a meaning of its own in hosts files and name resolution; \
             choose another name"
        );
        assert_eq!(machine(name), [meaning]);
        // A project's name is no hostname.
        assert_eq!(project(name), [""; 0], "{name}");
    }
    for name in ["NUL", "nul", "CON", "Prn", "AUX", "COM0", "com9", "LPT1"] {
        let device = format!("name: \"{name}\" is a device, and Windows makes no file of that name");
        assert_eq!(machine(name), [format!("machines[0].{device}")]);
        assert_eq!(project(name), [format!("project.{device}")]);
    }
    for (name, meant) in [("web-", "web"), ("a--", "a")] {
        let faults =
            parse_on(Platform::Posix, VALID.replace("- name: web", &format!("- name: {name}")).as_bytes());
        let fault = faults.unwrap_err().faults.remove(0);
        assert_eq!(
            fault.message,
            format!("must be a name that ends with a letter or a digit, is \"{name}\"")
        );
        assert_eq!(fault.suggestion.as_deref(), Some(meant));
        assert_eq!(project(name).len(), 1);
    }
    for name in ["localhosts", "nulls", "com10", "lpt", "wpad1", "ip6", "a-b"] {
        assert_eq!((machine(name), project(name)), (vec![], vec![]), "{name}");
    }
}

#[test]
fn a_machine_needs_a_base_image_with_and_without_defaults() {
    for defaults in ["", "defaults: {}\n", "defaults:\n", "defaults:\n  cpu: 2\n"] {
        let text = VALID.replace("defaults:\n  base_image: base.vhdx\n", defaults);
        assert!(
            outcome(&text).iter().any(|fault| fault.starts_with("machines[0].base_image: missing")),
            "{text}"
        );
    }
}

#[test]
fn undefined_variables_are_faults_that_name_them() {
    let fault = |path: &str| outcome(&VALID.replace("base.vhdx", path));
    assert_eq!(fault("'%RAGNA_A%/b'"), ["defaults.base_image: the variable RAGNA_A is not defined"]);
    assert_eq!(fault("$RAGNA_A/b"), ["defaults.base_image: the variable RAGNA_A is not defined"]);
    assert_eq!(fault("$A/%B%/$A"), ["defaults.base_image: the variables B, A are not defined"]);
    // One percent sign, a dollar sign before no name, and empty braces are only text, as they were.
    for path in ["a%b", "a$", "$5", "a${}", "a$()"] {
        assert_eq!(fault(path), [""; 0], "{path}");
    }
    // An image that no machine takes is looked at all the same.
    let unused = VALID.replace("base.vhdx", "$A").replace("- name: web", "- name: web\n    base_image: b");
    assert_eq!(outcome(&unused), ["defaults.base_image: the variable A is not defined"]);
    let artifacts = format!("{VALID}settings:\n  artifact_path: $A\n");
    assert_eq!(outcome(&artifacts), ["settings.artifact_path: the variable A is not defined"]);
}

/// The original takes `${NAME}` for text, and `$env:NAME` for the variable `env` with a colon behind it.
#[test]
fn variables_are_written_as_powershell_writes_them_too() {
    let environment =
        environment(Platform::Windows, &[("Images", r"D:\img"), ("ProgramFiles(x86)", r"C:\x86")]);
    let image = |path: &str| {
        parse(VALID.replace("base.vhdx", path).as_bytes(), &environment)
            .unwrap()
            .machines
            .remove(0)
            .base_image
    };
    for path in ["$env:IMAGES", "$Env:images", "${env:Images}", "${Images}", "$Images", "\"%Images%\""] {
        let (start, end) = (path.trim_end_matches('"'), if path.ends_with('"') { "\"" } else { "" });
        assert_eq!(image(&format!("{start}/b.vhdx{end}")), r"D:\img/b.vhdx", "{path}");
    }
    assert_eq!(image("${env:ProgramFiles(x86)}/b"), r"C:\x86/b");
    for path in ["$env:NONE/b", "${env:NONE}/b", "${NONE}/b"] {
        let faults = outcome(&VALID.replace("base.vhdx", path));
        assert_eq!(faults, ["defaults.base_image: the variable NONE is not defined"], "{path}");
    }
}

/// The original makes a path with a line break in it of `"D:\new"`. The other classes of such paths are in
/// `config_lookalikes.rs`.
#[test]
fn an_escape_in_a_path_is_a_fault_that_names_it() {
    for (path, column, message) in [
        (r#""D:\new\base.vhdx""#, 18, r"\n in double quotes is an escape: a line break"),
        (r#""D:\\images\base.vhdx""#, 26, r"\b in double quotes is an escape: a backspace"),
        (r#""..\templates\b""#, 18, r"\t in double quotes is an escape: a tab"),
        (r#""D:\x64\new.vhdx""#, 18, r"\x64 in double quotes is an escape: the character U+0064"),
        (r#""D:\ rare""#, 18, r"\  in double quotes is an escape: a space"),
    ] {
        let error = parse_on(Platform::Windows, VALID.replace("base.vhdx", path).as_bytes()).unwrap_err();
        assert_eq!(error.faults.len(), 1, "{path}");
        let fault = &error.faults[0];
        assert_eq!((fault.line, fault.column, fault.message.as_str()), (4, column, message), "{path}");
        let suggestion = fault.suggestion.as_deref();
        assert_eq!(suggestion, Some("single quotes, in which backslashes are only text"), "{path}");
    }
    let artifacts = format!("{VALID}settings:\n  artifact_path: \"D:\\vms\"\n");
    assert!(
        outcome(&artifacts)[0].starts_with("settings.artifact_path: \\v in double quotes"),
        "{artifacts}"
    );
    for path in [
        r#""D:\\new\\base.vhdx""#,
        r"'D:\new\base.vhdx'",
        r"D:\new\base.vhdx",
        r#""caf\u00e9.vhdx""#,
        r#""C:\/b""#,
    ] {
        assert_eq!(outcome(&VALID.replace("base.vhdx", path)), [""; 0], "{path}");
    }
}

/// The original refuses every key that it does not know.
#[test]
fn keys_of_the_document_that_begin_with_x_are_for_anchors() {
    let text = format!("x-image: &image big.vhdx\nx-: 1\n{VALID}").replace("base.vhdx", "*image");
    assert_eq!(
        parse_on(Platform::Posix, text.as_bytes()).unwrap().machines[0].base_image,
        "/srv/lab/big.vhdx"
    );
    let text = format!("x-large: &large {{cpu: 8, memory: 8192}}\n{VALID}    <<: *large\n");
    let machine = parse_on(Platform::Posix, text.as_bytes()).unwrap().machines.remove(0);
    assert_eq!((machine.cpu, machine.memory), (8, 8192));
    let below = VALID.replace("- name: web", "- name: web\n    x-note: 1");
    assert!(outcome(&below)[0].starts_with("machines[0].x-note: unknown key"));
    assert!(outcome(&format!("{VALID}xnote: 1\n"))[0].starts_with("xnote: unknown key"));
}

#[test]
fn homes_of_other_users_are_faults() {
    for path in ["~dev/b", "~.vhdx", "'~%A%'"] {
        let faults = outcome(&VALID.replace("base.vhdx", path));
        assert!(faults[0].starts_with("defaults.base_image: ~ is the home folder"), "{path}: {faults:?}");
        assert_eq!(faults.len(), 1);
    }
}

#[test]
fn what_is_in_the_name_of_the_home_folder_is_no_variable() {
    let mut environment = environment(Platform::Windows, &[]);
    environment.home = r"C:\Users\a$b%c%".to_owned();
    let config = parse(VALID.replace("base.vhdx", "~/b").as_bytes(), &environment).unwrap();
    assert_eq!(config.machines[0].base_image, r"C:\Users\a$b%c%\b");
    assert_eq!(config.artifact_path, r"C:\Users\a$b%c%\.ragnatramp\vms\lab");
}

#[test]
fn invalid_utf8_is_refused() {
    let mut bytes = VALID.as_bytes().to_vec();
    bytes.extend(b"# \xE9\n");
    assert_eq!(parse_on(Platform::Posix, &bytes).unwrap_err().code, Code::ConfigInvalidYaml);
}

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
