//! The committed header says what the library exports, and both sides carry the checksums of what it says.

#![allow(unsafe_code)]

use std::fmt::Write as _;
use std::path::Path;

use ragnatramp::ffi;
use sha2::{Digest, Sha256};

const STALE: &str = "is stale: RAGNA_WRITE_HEADER=1 cargo test --test it header";

/// The header as cbindgen writes it, and the checksums of its functions at its end.
fn written() -> (String, Vec<(String, u32)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut bytes = Vec::new();
    cbindgen::generate_with_config(root, config).unwrap().write(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let contracts = contracts(&text);
    let (body, end) = text.rsplit_once("#endif").unwrap();
    let mut header = body.to_owned();
    header.push_str("/*\n The checksums of the descriptions above, for ragna_contract_checksum.\n */\n");
    for (name, checksum) in &contracts {
        writeln!(header, "#define {}_CONTRACT {checksum:#010x}u", name.to_uppercase()).unwrap();
    }
    write!(header, "\n#endif{end}").unwrap();
    (header, contracts)
}

/// Each function's checksum: the first four bytes of the SHA-256 of its comment and declaration, blanks folded.
fn contracts(header: &str) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for piece in header.split("/*").skip(1) {
        let Some((comment, rest)) = piece.split_once("*/") else { continue };
        let Some((declaration, _)) = rest.split_once(';') else { continue };
        let Some((before, _)) = declaration.split_once('(') else { continue };
        let name = before.rsplit([' ', '*', '\n']).next().unwrap();
        if !name.starts_with("ragna_") || name.starts_with("ragna_test_") {
            continue;
        }
        let text = format!("{comment} {declaration}").split_whitespace().collect::<Vec<_>>().join(" ");
        let digest = Sha256::digest(text.as_bytes());
        found.push((name.to_owned(), u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])));
    }
    found
}

/// Compares a committed file with what it should be, or writes it.
fn check(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("RAGNA_WRITE_HEADER").is_some() {
        std::fs::write(&file, wanted).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == wanted, "{path} {STALE}");
}

#[test]
#[cfg_attr(windows, ignore = "cbindgen asks cargo, which is no program for Windows here")]
fn the_committed_header_is_what_cbindgen_writes_today() {
    let (header, contracts) = written();
    assert!(contracts.len() >= 18, "the functions are found: {contracts:?}");
    check("include/ragnatramp.h", &header);
    let leaked: Vec<&str> =
        header.lines().filter(|line| line.starts_with("#define ") && !line.contains("RAGNA")).collect();
    assert!(leaked.is_empty(), "only prefixed names: {leaked:?}");
    for word in ["# Safety", "SAFETY", "Vec<", "&str", "unwrap", "Option<", "crate::", "ABI"] {
        assert!(!header.contains(word), "the header is for C programmers, and says {word}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "cbindgen asks cargo, which is no program for Windows here")]
fn library_and_module_carry_the_checksums_of_the_header() {
    let (_, contracts) = written();
    let mut rust = "//! The checksum of each export's description. Written by `RAGNA_WRITE_HEADER=1 cargo test --test it header`.\n\n\
         /// The first four bytes of the SHA-256 of each function's comment and declaration in the header, blanks folded.\n\
         #[allow(clippy::unreadable_literal, reason = \"as the header has them\")]\n\
         pub const CONTRACTS: &[(&str, u32)] = &[\n".to_owned();
    let mut module = "# The functions of the native library and the checksums of their descriptions in include/ragnatramp.h.\n\
         # Written by `RAGNA_WRITE_HEADER=1 cargo test --test it header`.\n\
         $script:RagnaContract = @{\n".to_owned();
    for (name, checksum) in &contracts {
        writeln!(rust, "    (\"{name}\", {checksum:#010x}),").unwrap();
        writeln!(module, "    {name} = 0x{checksum:08x}L").unwrap();
    }
    rust.push_str("];\n\n/// The checksum of the function of that name; 0 where there is none.\n\
         pub(super) fn checksum(name: &[u8]) -> u32 {\n    \
         CONTRACTS.iter().find(|(known, _)| known.as_bytes() == name).map_or(0, |(_, checksum)| *checksum)\n}\n");
    module.push_str("}\n");
    check("src/ffi/contract.rs", &rust);
    check("module/Private/Contract.ps1", &module);
    for (name, checksum) in ffi::CONTRACTS {
        // SAFETY: the name lives through the call.
        assert_eq!(unsafe { ffi::ragna_contract_checksum(name.as_ptr(), name.len()) }, *checksum);
    }
    // SAFETY: as above.
    assert_eq!(unsafe { ffi::ragna_contract_checksum(b"ragna_nothing".as_ptr(), 13) }, 0);
}
