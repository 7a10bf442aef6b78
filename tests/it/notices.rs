//! THIRD-PARTY-NOTICES.txt names what is in the library that is delivered, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The crates, as "name version", whose code is linked into the library for `target`. Asked of `cargo tree`, since `cargo
/// metadata` counts what only the tests switch on.
fn linked(target: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--locked", "--target",
            target,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // "name v1.2.3", and more behind it; the first is this crate.
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some(format!("{} {}", words.next()?, words.next()?.strip_prefix('v')?))
        })
        .collect()
}

#[test]
#[cfg_attr(windows, ignore = "asks cargo, which is no program for Windows here")]
fn the_notices_name_the_crates_in_the_library() {
    let notices =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("THIRD-PARTY-NOTICES.txt"))
            .unwrap();
    // "  name version (repository)", below a line "Used by:".
    let named: BTreeSet<String> = notices
        .lines()
        .filter_map(|line| {
            let mut words = line.strip_prefix("  ")?.split(' ');
            let (name, version) = (words.next()?, words.next()?);
            let is_version =
                version.split('.').count() == 3 && version.starts_with(|c: char| c.is_ascii_digit());
            is_version.then(|| format!("{name} {version}"))
        })
        .collect();
    let mut wanted = linked("x86_64-pc-windows-msvc");
    wanted.extend(linked("x86_64-pc-windows-gnu"));
    wanted.extend(linked("aarch64-pc-windows-msvc"));
    assert!(wanted.len() > 20, "the crates are found: {wanted:?}");
    assert_eq!(named, wanted, "THIRD-PARTY-NOTICES.txt is stale: ./build.sh notices");
}
