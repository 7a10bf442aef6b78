//! about_Ragnatramp tells every code that a user can meet, with its cause and a remedy.

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

/// The codes of one part of the help; each has a cause and a remedy.
fn told(part: &str) -> BTreeSet<String> {
    let help = text("module/en-US/about_Ragnatramp.help.txt");
    let part = help.split(&format!("{part}\n")).nth(1).unwrap();
    let is_head = |line: &&str| line.is_empty() || line.starts_with(' ');
    let lines: Vec<&str> = part.lines().take_while(is_head).skip(1).collect();
    let mut codes = BTreeSet::new();
    for entry in lines.join("\n").split("\n\n").map(str::trim_end).filter(|entry| !entry.trim().is_empty()) {
        let mut lines = entry.trim_start_matches('\n').lines();
        let code = lines.next().unwrap().trim();
        let rest: Vec<&str> = lines.map(str::trim).collect();
        assert!(rest.len() >= 2 && rest.iter().any(|line| line.starts_with("Remedy: ")), "{code}: {rest:?}");
        assert!(!rest[0].starts_with("Remedy: "), "{code} has a cause");
        assert!(codes.insert(code.to_owned()), "{code} is told twice");
    }
    codes
}

#[test]
fn the_help_tells_every_error_and_no_other() {
    let mut errors = codes("src/error.rs", "Code", screaming);
    let own = text("module/Private/Failure.ps1");
    let table = own.split("$script:RagnaErrorCode = @{\n").nth(1).unwrap().split("\n}").next().unwrap();
    errors.extend(table.lines().map(|line| line.split('=').next().unwrap().trim().to_owned()));
    assert!(errors.len() > 20, "{errors:?}");
    assert_eq!(told("ERROR CODES"), errors);
}

#[test]
fn the_help_tells_every_warning_reason_and_drift_and_no_other() {
    let warnings = codes("src/reconcile/report.rs", "WarningCode", screaming);
    let reasons = codes("src/guest/result.rs", "SkipReason", kebab);
    let drifts = codes("src/status/drift.rs", "DriftCode", screaming);
    assert!(warnings.len() > 10 && reasons.len() > 10 && drifts.len() > 8);
    assert_eq!(told("WARNING CODES"), warnings);
    assert_eq!(told("REASONS FOR A SKIPPED GUEST"), reasons);
    assert_eq!(told("DRIFT CODES"), drifts);
}
