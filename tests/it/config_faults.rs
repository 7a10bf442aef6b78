//! Every fault at once: where it is, what is allowed, what was meant, and how it looks.

use crate::config_support::{VALID, environment, faults_of, parse_on};
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
    assert_eq!(escape, ("  - name: x\\u{85}y".to_owned(), "          ^^^^^^^^".to_owned()));
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
fn entries_without_a_value_are_placed_at_their_dash() {
    let head = "project: {name: lab}\ndefaults: {base_image: b}\nmachines:\n";
    for indentation in ["", "  "] {
        let lines = ["-", "- # - é", "- - x", "-\t[a]", "- ~", "- &a", "- *a"];
        let list: String = lines.iter().map(|line| format!("{indentation}{line}\n")).collect();
        let found = faults_of(&format!("{head}{list}"));
        let columns = [1, 1, 3, 3, 3, 1, 3].map(|column| column + indentation.len());
        let wanted: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| format!("machines[{index}] {}:{column}", index + 4))
            .collect();
        let found: Vec<_> = found.iter().filter(|fault| !fault.starts_with("machines ")).collect();
        assert_eq!(found, wanted.iter().collect::<Vec<_>>());
    }
    // A key without a value is marked itself, and a block scalar at its first line.
    assert_eq!(
        faults_of(&format!("{head}  - name: web\n    cpu:\n    memory: !!null\n")),
        ["machines[0].cpu 5:5", "machines[0].memory 6:5"]
    );
    assert_eq!(faults_of(&format!("{head}  - name: web\n    cpu: |-\n      2\n")), ["machines[0].cpu 6:7"]);
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
        ("base_image: {a: b}", "machines[0].base_image: must be a path to a disk image, is a map"),
        ("CPU: 2", "machines[0].CPU: unknown key; did you mean cpu?"),
        ("base-image: b", "machines[0].base-image: unknown key; did you mean base_image?"),
        ("disk_strategy: copy", "machines[0].disk_strategy: unknown key here; it belongs under defaults"),
        (
            "ssh: x",
            "machines[0].ssh: unknown key; allowed here are name, cpu, memory, base_image, generation, secure_boot, dynamic_memory, cloud_init, unattend and depends_on",
        ),
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
    const COLON: &str = "a colon cannot stand here: a value that holds \": \" needs quotes, and a key begins as far in as its neighbours";
    const KEY: &str = "a key must stand on one line, with a colon after it";
    const BELOW: &str = "this does not belong to the entry above it; look at the indentation";
    const ENTRY: &str = "this does not belong to the entry of the list that begins above it";
    const TAB: &str = "lines are indented with spaces, and this is a tab";
    const BLANK: &str = "a blank is missing here, after the colon";
    const AFTER_QUOTE: &str = "this stands after the closing quote; quotes are around the whole value";
    for (from, to, place, message) in [
        (
            "base.vhdx",
            "\"C:\\Users\\b\"",
            "4:18",
            "the escape \\U needs 8 hexadecimal digits; did you mean single quotes, in which backslashes are only text?",
        ),
        (
            "base.vhdx",
            "\"a\\\\b\\images\"",
            "4:20",
            "a backslash in double quotes begins an escape, and this is none; did you mean single quotes, in which backslashes are only text?",
        ),
        ("base.vhdx", "\"\\ud800\"", "4:15", "an escape in these quotes is no character of Unicode"),
        ("base.vhdx", "%IMAGES%/b", "4:15", "a value that begins with % needs quotes"),
        ("base.vhdx", "@b", "4:15", "a value that begins with @ needs quotes"),
        ("base.vhdx", ", b", "4:15", "a value that begins with , needs quotes"),
        ("base.vhdx", "a: b", "4:16", COLON),
        ("base.vhdx", "'b", "4:15", "this quote is never closed"),
        ("base.vhdx", "'a\n---\nb'", "4:15", "this quote is not closed before the document ends"),
        ("base.vhdx", "'it's'", "4:19", AFTER_QUOTE),
        ("base.vhdx", "\"b\"#c", "4:18", "a blank is missing here, before the #"),
        ("base.vhdx", "{a: b", "5:9", "a comma or } must stand here; the bracket begins at 4:15"),
        ("base.vhdx", "[a, , b]", "4:19", "something must stand before this comma"),
        (
            "base.vhdx",
            "{{ image }}",
            "4:16",
            "only text can be a key, and a value that begins with a bracket needs quotes",
        ),
        ("base.vhdx", "- b", "4:15", BELOW),
        (
            "base.vhdx",
            "a # c\n    b",
            "4:17",
            "a comment ends the value above it, and the text below it belongs to nothing",
        ),
        (
            "base.vhdx",
            "|b",
            "4:15",
            "after | and > only + or - and a digit from 1 to 9 may stand; other text needs quotes",
        ),
        ("base.vhdx", "!env X", "4:15", "the tag \"!env\" is not known"),
        ("base.vhdx", "!!int b", "4:15", "the tag \"!!int\" does not fit what stands after it"),
        ("base.vhdx", "!a!b c", "4:15", "this is no tag; a text that starts with ! needs quotes"),
        ("base.vhdx", "!<b", "4:15", "this is no tag; a text that starts with ! needs quotes"),
        ("base.vhdx", "*b", "4:15", "no anchor \"b\" stands before this alias"),
        ("base.vhdx", "* b", "4:15", "a name must stand after *; a text that starts with * needs quotes"),
        ("web", "{a: b", "6:11", "this bracket is never closed; } is missing"),
        ("web", "[db]]", "6:15", "no bracket is open that this one could close"),
        ("web", "[}", "6:11", "this bracket ends with }; ] is missing"),
        ("web", "[a b: c: d]", "6:18", "a comma or ] must stand here; the bracket begins at 6:11"),
        ("web", "web\n    cpu 2", "7:5", KEY),
        ("web", "web\n    cpu:2", "7:5", KEY),
        ("web", "web\n        cpu: 2", "7:12", COLON),
        ("web", "web\n   cpu: 2", "7:4", ENTRY),
        ("web", "web\n  name: db", "7:3", ENTRY),
        ("web", "web\n\tcpu: 2", "7:1", TAB),
        ("  base_image", "\tbase_image", "4:1", TAB),
        ("- name", "-\tname", "6:4", TAB),
        ("- name", "-\t- name", "6:4", TAB),
        ("- name: web", "- \"name\":web", "6:12", BLANK),
        ("- name: web", "- {name:[web]}", "6:10", BLANK),
        ("- name", "- : b\n    name", "6:5", "a key must stand here"),
        ("machines:", " machines:", "5:2", BELOW),
        ("name: lab", "name: lab\n  - x", "3:5", BELOW),
        ("machines:", "project: 1\nmachines:", "5:1", "the key \"project\" stands here twice, first at 1:1"),
        ("project:", "%TAG ! x\nproject:", "2:1", "directives must be followed by a line of ---"),
        (
            "project:",
            "%YAML 2.0\n---\nproject:",
            "1:1",
            "this version of YAML is not known; use %YAML 1.2 or no such line",
        ),
        ("lab", "la\u{1}b", "2:11", "U+0001 is not allowed here; write it as an escape in double quotes"),
    ] {
        let fault = only_fault(&VALID.replacen(from, to, 1));
        assert_eq!(format!("{}:{}", fault.line, fault.column), place, "{to:?} {fault:?}");
        let suggestion = fault.suggestion.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        assert_eq!(format!("{}{suggestion}", fault.message), message, "{to:?}");
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
    let mut environment = environment(Platform::Windows, &[]);
    environment.config_path = "ragnatramp.yaml".to_owned();
    assert_eq!(parse(VALID.as_bytes(), &environment).unwrap_err().code, Code::InvalidRequest);
}
