//! The committed header says what the library exports.

use std::path::Path;

#[test]
fn the_committed_header_is_what_cbindgen_writes_today() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut written = Vec::new();
    cbindgen::generate_with_config(root, config).unwrap().write(&mut written);
    let written = String::from_utf8(written).unwrap();

    let header = root.join("include/ragnatramp.h");
    if std::env::var_os("RAGNA_WRITE_HEADER").is_some() {
        std::fs::write(&header, &written).unwrap();
    }
    let committed = std::fs::read_to_string(&header).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(
        committed, written,
        "include/ragnatramp.h is stale: RAGNA_WRITE_HEADER=1 cargo test --test it header"
    );
    assert!(written.contains("ragna_free"), "cbindgen found the exports");
}
