//! The names that follow from a config's path, against the observed cases, and the marker in a VM's Notes.

use ragnatramp::config::names;
use ragnatramp::hash::hash8;
use ragnatramp::ownership::{self, NotOwned};
use serde_json::Value;

const PATH: &str = r"C:\Users\dev\lab\ragnatramp.yaml";
const NAME: &str = "lab-web-1e34e7cc";

fn field<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} is missing in {case}"))
}

#[test]
fn names_are_those_of_the_original() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/name-cases.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let path = field(case, "resolvedPath");
        assert_eq!(hash8(field(case, "hashedText").as_bytes()), field(case, "hash"));
        assert_eq!(names::path_hash(path), field(case, "hash"), "{case}");
        assert_eq!(
            names::VmNames::new(field(case, "project"), path).of(field(case, "machine")),
            field(case, "vmName")
        );
    }
}

#[test]
fn a_path_is_the_same_however_windows_lets_it_be_spelt() {
    let same = |left: &str, right: &str| {
        let keys = (names::path_key(left), names::path_key(right));
        assert_eq!(names::same_path(left, right), keys.0 == keys.1, "{left} {right}");
        keys.0 == keys.1
    };
    for path in [
        "c:/VMS/web.vhdx",
        r"C:\\vms\\\web.vhdx\\",
        r"C:\vms\.\other\..\web.vhdx",
        r"C:\..\vms\web.vhdx",
        r"C:/.//vms/web.vhdx/.",
        r"\\?\C:\vms\web.vhdx",
    ] {
        assert!(same(path, r"C:\vms\web.vhdx"), "{path}");
    }
    for path in [
        "//srv/Share/web.vhdx",
        r"\\srv\share\\x\..\web.vhdx",
        r"\\srv\share\..\web.vhdx",
        r"\\?\UNC\srv\share\web.vhdx",
    ] {
        assert!(same(path, r"\\srv\share\web.vhdx"), "{path}");
    }
    assert!(same(r"C:\vms\..", r"C:\"));
    assert!(same("/srv/vms//web.vhdx", "/srv/vms/web.vhdx"));
    for (left, right) in [
        (r"C:\vms\..web.vhdx", r"C:\web.vhdx"),
        (r"C:\vms\.web.vhdx", r"C:\vms\web.vhdx"),
        (r"C:\vms\..\web.vhdx", r"C:\vms\web.vhdx"),
        (r"\\srv\share\\web.vhdx", r"\srv\share\web.vhdx"),
        (r"\\\srv\share\web.vhdx", r"\srv\share\web.vhdx"),
        (r"\\srv\share\..\..\other\web.vhdx", r"\\srv\other\web.vhdx"),
        ("", "."),
    ] {
        assert!(!same(left, right), "{left} {right}");
    }
}

#[test]
fn notes_are_three_lines_and_prove_ownership() {
    let notes = ownership::notes(PATH);
    assert_eq!(notes, format!("ragnatramp:v{}\nconfig:{PATH}\nmanaged:true", env!("CARGO_PKG_VERSION")));
    assert_eq!(ownership::check(&notes, NAME, NAME, PATH), Ok(()));
}

#[test]
fn what_does_not_count_in_notes() {
    for notes in [
        format!("config:{PATH}\nmanaged:true"),
        format!("by hand\r\n managed:true \r\n\tconfig:   {PATH} \r\nmore"),
        format!("managed:true\nconfig:{}", PATH.to_uppercase()),
        format!("managed:true\nconfig:{}", PATH.replace('\\', "/")),
        format!("managed:true\nconfig:D:\\elsewhere.yaml\nconfig:{PATH}"),
    ] {
        assert!(ownership::check(&notes, NAME, NAME, PATH).is_ok(), "{notes:?}");
    }
}

#[test]
fn what_is_not_owned_and_why() {
    let full = format!("managed:true\nconfig:{PATH}");
    let other = NotOwned::OtherConfig { marked: r"D:\b.yaml".to_owned() };
    for (notes, vm_name, reason) in [
        (String::new(), NAME, NotOwned::NoMarker),
        (format!("config:{PATH}"), NAME, NotOwned::NoMarker),
        (format!("config:{PATH}\nmanaged:True"), NAME, NotOwned::NoMarker),
        (format!("config:{PATH}\nnot managed:true"), NAME, NotOwned::NoMarker),
        ("managed:true".to_owned(), NAME, NotOwned::NoConfigLine),
        (format!("managed:true\n# config:{PATH}"), NAME, NotOwned::NoConfigLine),
        ("managed:true\nconfig: D:\\b.yaml".to_owned(), NAME, other),
        (full.clone(), "LAB-web-1e34e7cc", NotOwned::OtherName),
        (full, "lab-web-1e34e7cc-old", NotOwned::OtherName),
    ] {
        assert_eq!(ownership::check(&notes, vm_name, NAME, PATH), Err(reason), "{notes:?} {vm_name}");
    }
}
