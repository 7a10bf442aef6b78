//! Every fault at once: where it is, what is allowed, what was meant, and how it looks.

use crate::config_support::{VALID, faults_of, parse_on, surroundings};
use ragnatramp::config::{Fault, Platform, parse, render_faults};
use ragnatramp::error::Code;

const SEVEN: &str = "\
project:
  name: 1lab
defaults:
  base_image: base.vhdx
  cpu: two
machines:
  - name: web
    memroy: 2048
  - name: WEB
    memory: 100
  - cpu: 2
settings:
  auto_start: no
";

fn only_fault(text: &str) -> Fault {
    let mut faults = parse_on(Platform::Posix, text.as_bytes()).unwrap_err().faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

fn said(text: &str) -> String {
    let fault = only_fault(text);
    match fault.suggestion {
        Some(suggestion) => format!("{}: {}; did you mean {suggestion}?", fault.path, fault.message),
        None => format!("{}: {}", fault.path, fault.message),
    }
}

#[test]
fn seven_faults_are_listed_in_line_order() {
    let error = parse_on(Platform::Windows, SEVEN.as_bytes()).unwrap_err();
    assert_eq!(error.code, Code::ConfigValidationFailed);
    assert_eq!(error.message, "ragnatramp.yaml has 7 faults");
    assert_eq!(error.place.path.as_deref(), Some(r"C:\Users\dev\lab\ragnatramp.yaml"));
    assert_eq!((error.place.line, error.place.column), (Some(2), Some(9)));
    assert_eq!(
        faults_of(SEVEN),
        [
            "project.name 2:9",
            "defaults.cpu 5:8",
            "machines[0].memroy 8:5",
            "machines[1].name 9:11",
            "machines[1].memory 10:13",
            "machines[2].name 11:5",
            "settings.auto_start 13:15",
        ]
    );
}

#[test]
fn faults_are_shown_with_their_lines_and_carets() {
    let text = "machines:\n  - name: web\n    cpu: two\n  - name: db\n    memroy: 2048\n  - name: web\n\
                project: {name: lab}\ndefaults: {base_image: b}\n";
    let error = parse_on(Platform::Posix, text.as_bytes()).unwrap_err();
    let expected = r#"ragnatramp.yaml has 3 faults

  3:10  machines[0].cpu: must be a whole number from 1 to 64, is "two"
        |     cpu: two
        |          ^^^

  5:5   machines[1].memroy: unknown key; did you mean memory?
        |     memroy: 2048
        |     ^^^^^^

  6:11  machines[2].name: the same as machines[0].name at 2:11
        |   - name: web
        |           ^^^
"#;
    assert_eq!(render_faults(&error), expected);
}

#[test]
fn carets_stand_under_what_is_meant() {
    let carets = |text: &str| {
        let shown = render_faults(&parse_on(Platform::Posix, text.as_bytes()).unwrap_err());
        let lines: Vec<_> =
            shown.lines().rev().take(2).map(|line| line.split_once("| ").unwrap().1.to_owned()).collect();
        (lines[1].clone(), lines[0].clone())
    };
    let tab = carets(&VALID.replace("name: lab", "name:\t1x"));
    assert_eq!(tab, ("  name:\t1x".to_owned(), "       \t^^".to_owned()));
    let wide = carets(&VALID.replace("project:\n  name: lab", "project: {名前: x, name: lab}"));
    assert_eq!(wide, ("project: {名前: x, name: lab}".to_owned(), "          ^^^^".to_owned()));
    let after_wide = carets(&VALID.replace("  name: lab", "  \"name\": \"名\" # 名"));
    assert_eq!(after_wide.1, "          ^^^^");
    let escape = carets(&VALID.replace("name: web", "name: x\u{85}y"));
    assert_eq!(escape, ("  - name: x\u{fffd}y".to_owned(), "          ^^^".to_owned()));
    let alias = carets(&VALID.replace("lab", "&n lab").replace("base.vhdx", "b\n  cpu: *n"));
    assert_eq!(alias, ("  cpu: *n".to_owned(), "       ^^".to_owned()));
}

#[test]
fn columns_count_characters_and_lines_count_every_kind_of_break() {
    assert_eq!(
        faults_of("project: {é𝄞: 1, nam: x}\nmachines: [{name: a, base_image: b}]"),
        ["project.name 1:10", "project.é𝄞 1:11", "project.nam 1:18"]
    );
    assert_eq!(faults_of(&VALID.replace('\n', "\r\n").replace("web", "1")), ["machines[0].name 6:11"]);
    assert_eq!(faults_of(&VALID.replace('\n', "\r").replace("web", "1")), ["machines[0].name 6:11"]);
    assert_eq!(faults_of(&format!("\u{feff}x: 1\n{VALID}")), ["x 1:1"]);
}

#[test]
fn what_is_merged_or_aliased_is_placed_where_it_is_written() {
    let text = "project: {name: lab}\ndefaults: &d\n  cpu: 0\n  base_image: b\nmachines:\n  - <<: *d\n    name: web\n  - name: db\n    cpu: *nope\n";
    assert_eq!(faults_of(text), [" 9:10"]);
    let text = text.replace("*nope", "*d");
    assert_eq!(faults_of(&text), ["defaults.cpu 3:8", "machines[0].cpu 3:8", "machines[1].cpu 9:10"]);
}

#[test]
fn a_name_that_was_merged_is_placed_at_the_machine_that_merged_it() {
    let text = VALID.replace("- name: web", "- &w\n    name: web\n  - <<: *w\n    cpu: 4");
    assert_eq!(faults_of(&text), ["machines[1].name 8:5"]);
}

#[test]
fn each_message_says_what_is_allowed_and_what_stands_there() {
    let machine = |text: &str| said(&VALID.replace("- name: web", &format!("- name: web\n    {text}")));
    for (text, message) in [
        ("cpu: 65", "machines[0].cpu: must be a whole number from 1 to 64, is 65"),
        (
            "cpu: \"2\"",
            "machines[0].cpu: must be a whole number from 1 to 64, is \"2\"; did you mean 2, without quotes?",
        ),
        ("cpu:", "machines[0].cpu: must be a whole number from 1 to 64, is empty"),
        ("memory: 2.5", "machines[0].memory: must be a whole number of MB from 512 to 1048576, is 2.5"),
        ("base_image: [a]", "machines[0].base_image: must be a path to a disk image, is a list"),
        ("base_image: ''", "machines[0].base_image: must be a path to a disk image, is \"\""),
        (
            "base_image: 2024-01-01",
            "machines[0].base_image: must be a path to a disk image, is a date; in quotes it would be text",
        ),
        ("CPU: 2", "machines[0].CPU: unknown key; did you mean cpu?"),
        ("base-image: b", "machines[0].base-image: unknown key; did you mean base_image?"),
        ("disk_strategy: copy", "machines[0].disk_strategy: unknown key here; it belongs under defaults"),
        ("ssh: x", "machines[0].ssh: unknown key; allowed here are name, cpu, memory and base_image"),
    ] {
        assert_eq!(machine(text), message);
    }
    for (from, to, message) in [
        (
            "lab",
            "5",
            "project.name: must be a name of letters, digits and hyphens, a letter first, 32 characters at most, is 5",
        ),
        ("  name: lab", "  - lab", "project: must be a map of name, is a list"),
        (
            "base.vhdx",
            "b\n  disk_strategy: differncing",
            "defaults.disk_strategy: must be differencing or copy, is \"differncing\"; did you mean differencing?",
        ),
        ("  - name: web", "  []", "machines: must list at least one machine, is empty"),
        ("\n  - name: web", " web", "machines: must be a list of machines, is \"web\""),
        ("machines:\n  - name: web", "# none", "machines: missing; a config lists its machines"),
        (
            "defaults:\n  base_image: base.vhdx\n",
            "",
            "machines[0].base_image: missing; name an image here, or for all machines in defaults",
        ),
        (
            "machines:",
            "settings: {auto_start: On}\nmachines:",
            "settings.auto_start: must be true or false, is \"On\"; did you mean true?",
        ),
    ] {
        assert_eq!(said(&VALID.replace(from, to)), message);
    }
}

#[test]
fn syntax_errors_say_what_to_do() {
    for (from, to, place, message) in [
        (
            "base.vhdx",
            "\"C:\\Users\\b\"",
            "4:18",
            "the escape \\U needs 8 hexadecimal digits; did you mean single quotes, in which backslashes are only text?",
        ),
        ("base.vhdx", "%IMAGES%/b", "4:15", "a value that begins with % needs quotes"),
        (
            "base.vhdx",
            "a: b",
            "4:16",
            "a colon cannot stand here: a value that holds \": \" needs quotes, and a key after an anchor or a tag begins on a line of its own",
        ),
        ("base.vhdx", "'b", "4:15", "this quote is never closed"),
        ("base.vhdx", "{a: b", "5:1", "a comma or } must stand here; the bracket begins at 4:15"),
        ("web", "{a: b", "6:11", "this bracket is never closed; } is missing"),
        ("base.vhdx", "!env X", "4:15", "the tag \"!env\" is not known"),
        ("base.vhdx", "*b", "4:15", "no anchor \"b\" stands before this alias"),
        ("  base_image", "\tbase_image", "4:1", "lines are indented with spaces, and this is a tab"),
        ("machines:", "project: 1\nmachines:", "5:1", "the key \"project\" stands here twice, first at 1:1"),
    ] {
        let fault = only_fault(&VALID.replacen(from, to, 1));
        assert_eq!(format!("{}:{}", fault.line, fault.column), place, "{fault:?}");
        let suggestion = fault.suggestion.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        assert_eq!(format!("{}{suggestion}", fault.message), message);
    }
}

#[test]
fn what_cannot_be_read_is_shown_like_any_fault() {
    let error = parse_on(Platform::Posix, VALID.replace("base.vhdx", "*b").as_bytes()).unwrap_err();
    assert_eq!(error.message, "ragnatramp.yaml cannot be read: no anchor \"b\" stands before this alias");
    let expected = "\
ragnatramp.yaml cannot be read

  4:15  no anchor \"b\" stands before this alias
        |   base_image: *b
        |               ^^
";
    assert_eq!(render_faults(&error), expected);
}

#[test]
fn messages_do_not_act_on_a_terminal() {
    let text = VALID.replace("web", "\"\\e[31mred\\n\"").replace("machines:", "\"\\e]0;x\\a\": 1\nmachines:");
    let error = parse_on(Platform::Posix, text.as_bytes()).unwrap_err();
    assert_eq!(error.faults.len(), 2);
    assert!(!render_faults(&error).chars().any(|c| c.is_control() && c != '\n'), "{}", render_faults(&error));
}

#[test]
fn a_path_to_the_config_that_is_not_absolute_is_a_defect_of_the_caller() {
    let mut around = surroundings(Platform::Windows, &[]);
    around.config_path = "ragnatramp.yaml".to_owned();
    assert_eq!(parse(VALID.as_bytes(), &around).unwrap_err().code, Code::InvalidRequest);
}
