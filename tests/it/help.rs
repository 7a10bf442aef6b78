//! The help topics tell every code that a user can meet: what it means, why it comes about, and a remedy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap().replace("\r\n", "\n")
}

/// The variants of an enum as serde names them: by its own word where it has one, else by `name`.
fn codes(file: &str, name_of_enum: &str, name: fn(&str) -> String) -> BTreeSet<String> {
    let source = text(file);
    let body =
        source.split(&format!("pub enum {name_of_enum} {{\n")).nth(1).unwrap().split("\n}").next().unwrap();
    let mut codes = BTreeSet::new();
    let mut given = None;
    for line in body.lines().map(str::trim) {
        if let Some(word) = line.strip_prefix("#[serde(rename = \"") {
            given = word.split('"').next().map(str::to_owned);
        } else if let Some(variant) =
            line.strip_suffix(',').filter(|line| line.chars().all(char::is_alphanumeric))
        {
            codes.insert(given.take().unwrap_or_else(|| name(variant)));
        }
    }
    codes
}

/// `NoIp` as `no_ip`, with that sign between the words.
fn words(variant: &str, sign: char) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push(sign);
        }
        name.extend(letter.to_lowercase());
    }
    name
}

fn screaming(variant: &str) -> String {
    words(variant, '_').to_uppercase()
}

fn kebab(variant: &str) -> String {
    words(variant, '-')
}

/// The codes of one part of a help topic. Each is told in a sentence, then with what `labels` begin, in that order.
fn told(topic: &str, part: &str, labels: &[&str]) -> BTreeSet<String> {
    let help = text(&format!("module/en-US/about_Ragnatramp_{topic}.help.txt"));
    let part = help.split(&format!("\n{part}\n")).nth(1).unwrap();
    let is_head = |line: &&str| line.is_empty() || line.starts_with(' ');
    let lines: Vec<&str> = part.lines().take_while(is_head).skip(1).collect();
    let mut codes = BTreeSet::new();
    for entry in lines.join("\n").split("\n\n").map(str::trim_end).filter(|entry| !entry.trim().is_empty()) {
        let mut lines = entry.trim_start_matches('\n').lines().map(str::trim);
        let code = lines.next().unwrap();
        let rest: Vec<&str> = lines.collect();
        let found: Vec<&str> =
            rest.iter().filter_map(|line| line.split_once(": ")).map(|pair| pair.0).collect();
        let found: Vec<&str> = found.into_iter().filter(|label| matches!(*label, "Why" | "Remedy")).collect();
        assert_eq!(found, labels, "{code}");
        assert!(!rest[0].starts_with("Why: ") && !rest[0].starts_with("Remedy: "), "{code} has no meaning");
        assert!(codes.insert(code.to_owned()), "{code} is told twice");
    }
    codes
}

/// The codes of errors, of the library and of the module's own.
fn errors() -> BTreeSet<String> {
    let mut errors = codes("src/error.rs", "Code", screaming);
    let own = text("module/Private/Failure.ps1");
    let table = own.split("$script:RagnaErrorCode = @{\n").nth(1).unwrap().split("\n}").next().unwrap();
    errors.extend(table.lines().map(|line| line.split('=').next().unwrap().trim().to_owned()));
    errors
}

fn warnings() -> BTreeSet<String> {
    codes("src/reconcile/report.rs", "WarningCode", screaming)
}

fn drifts() -> BTreeSet<String> {
    codes("src/status/drift.rs", "DriftCode", screaming)
}

#[test]
fn the_help_tells_every_error_and_no_other() {
    assert!(errors().len() > 20, "{:?}", errors());
    assert_eq!(told("Errors", "ERROR CODES", &["Why", "Remedy"]), errors());
}

#[test]
fn the_help_tells_every_warning_reason_and_drift_and_no_other() {
    let reasons = codes("src/guest/result.rs", "SkipReason", kebab);
    assert!(warnings().len() > 10 && reasons.len() > 10 && drifts().len() > 8);
    assert_eq!(told("Errors", "WARNING CODES", &["Why", "Remedy"]), warnings());
    assert_eq!(told("Guests", "REASONS FOR A SKIPPED GUEST", &["Remedy"]), reasons);
    assert_eq!(told("Lifecycle", "DRIFT CODES", &["Remedy"]), drifts());
}

/// The files of a folder below the project's, those of one kind.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(ending)).map(|name| format!("{folder}/{name}")).collect()
}

#[test]
fn no_text_for_users_names_a_code_that_there_is_not() {
    let there: BTreeSet<String> = [errors(), warnings(), drifts()].into_iter().flatten().collect();
    let mut read = vec!["README.md".to_owned()];
    read.extend(files("docs", ".md"));
    read.extend(files("module/en-US", ".txt"));
    read.extend(files("module/Public", ".ps1"));
    let mut seen = 0;
    for file in read {
        let whole = text(&file);
        let help = if file.ends_with(".ps1") { whole.split("#>").next().unwrap() } else { &whole };
        for word in help.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_') {
            let is_code = word.trim_matches('_').contains('_')
                && !word.contains(|sign: char| sign.is_ascii_lowercase())
                && word.starts_with(|sign: char| sign.is_ascii_uppercase());
            if is_code {
                assert!(there.contains(word), "{file} names {word}");
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "{seen}");
}
