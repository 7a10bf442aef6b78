//! The rules that are wanted otherwise than in the original tool; `config_differences.rs` has what is read otherwise.

use crate::config_support::{VALID, environment, outcome, parse_on};
use ragnatramp::config::{Platform, parse};
use ragnatramp::error::Code;

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
