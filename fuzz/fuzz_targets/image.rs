//! Images that somebody means harm with: an answer, never a panic; no path to another computer; messages that can be shown.
//!
//! The first byte of an input chooses a sound image, or that the rest is a whole file. Else the rest is a list of changes:
//! where, how many bytes, the bytes. Checksums are put right after them, so that they are not where every input ends.

#![no_main]

#[path = "../../tests/it/image_lab/mod.rs"]
mod image_lab;

use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::sync::LazyLock;

use image_lab::tables::{BIOS_BOOT, EFI_SYSTEM, LINUX_DATA, gpt};
use image_lab::vhd::{self, Type, Vhd};
use image_lab::vhdx::{self, Vhdx};
use image_lab::{bytes, patch};
use libfuzzer_sys::fuzz_target;
use ragnatramp::image::{Generations, boot, chain, fits, read_image};

/// The sound images, and their lengths in bytes.
struct Lab {
    folder: tempfile::TempDir,
    lengths: Vec<u64>,
}

const NAMES: [&str; 6] = ["base.vhdx", "web.vhdx", "large.vhdx", "base.vhd", "web.vhd", "fixed.vhd"];

impl Lab {
    fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let table = gpt(512, &[LINUX_DATA, BIOS_BOOT, EFI_SYSTEM]);
        Vhdx::dynamic(1).with(0, &table).write(&path("base.vhdx"));
        Vhdx::child(2, 1, r".\base.vhdx")
            .entry("absolute_win32_path", r"C:\lab\base.vhdx")
            .with(512, &table[512..1024])
            .write(&path("web.vhdx"));
        Vhdx::child(3, 1, r".\base.vhdx").sectors_of(4096).write(&path("large.vhdx"));
        Vhd::new(Type::Dynamic, 1).with(0, &table).write(&path("base.vhd"));
        let mut child = Vhd::child(2, 1, r".\base.vhd").with(512, &table[512..1024]);
        child.locators.push((*b"W2ku", r"C:\lab\base.vhd".to_owned()));
        child.parent_name = "base.vhd".to_owned();
        child.write(&path("web.vhd"));
        Vhd::new(Type::Fixed, 4).with(0, &table).write(&path("fixed.vhd"));
        let lengths = NAMES.map(|name| fs::metadata(path(name)).expect("an image").len()).to_vec();
        Lab { folder, lengths }
    }
}

static LAB: LazyLock<Lab> = LazyLock::new(Lab::new);

/// Where the structures begin; the last ones are in blocks.
fn places(is_vhdx: bool, length: u64) -> Vec<u64> {
    if !is_vhdx {
        return vec![
            0,
            vhd::HEADER,
            vhd::HEADER + 576,
            vhd::BLOCK_TABLE,
            vhd::LOCATORS,
            1 << 17,
            length - 512,
        ];
    }
    let [first, second] = vhdx::HEADERS;
    let [one, other] = vhdx::REGION_TABLES;
    let block = vhdx::BLOCK_TABLE + image_lab::MIB;
    vec![
        0,
        first,
        second,
        one,
        other,
        vhdx::METADATA,
        vhdx::ITEMS,
        vhdx::LOCATOR,
        vhdx::BLOCK_TABLE,
        vhdx::BLOCK_TABLE + 4096 * 8,
        block,
        block + 512,
        block + 1024,
        block + image_lab::MIB,
    ]
}

fn check(path: &std::path::Path, parent: &std::path::Path) {
    let shown = |text: String| assert!(!text.chars().any(char::is_control), "{text:?}");
    match read_image(path) {
        Ok(image) => {
            assert!(image.virtual_size > 0 && image.virtual_size <= 64 << 40);
            for candidate in image.parent.iter().flat_map(|parent| &parent.candidates) {
                let text = candidate.to_string_lossy();
                let volume = text.starts_with(r"\\?\Volume{") || text.starts_with(r"\\?\volume{");
                assert!(volume || !text.starts_with(r"\\"), "{text}");
            }
        }
        Err(fault) => shown(fault.to_string()),
    }
    let verdict = boot(path);
    assert_eq!(verdict.generations == Generations::Unknown, verdict.reason.is_some());
    verdict.reason.into_iter().for_each(|reason| shown(reason.to_string()));
    let _ = chain(path).map_err(|fault| shown(fault.to_string()));
    let _ = fits(path, parent).map_err(|fault| shown(fault.to_string()));
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, mut rest)) = input.split_first() else { return };
    let folder = LAB.folder.path();
    let Some(name) = NAMES.get(usize::from(*choice)) else {
        let path = folder.join("whole");
        fs::write(&path, rest).expect("written");
        return check(&path, &folder.join("base.vhdx"));
    };
    let (path, length) = (folder.join(name), LAB.lengths[usize::from(*choice)]);
    let is_vhdx = name.ends_with("x");
    let places = places(is_vhdx, length);
    let mut before = Vec::new();
    while let [place, low, high, count, tail @ ..] = rest {
        let count = usize::from(count % 32).min(tail.len());
        let (new, tail) = tail.split_at(count);
        rest = tail;
        let start = places[usize::from(*place) % places.len()];
        let at = start + u64::from(u16::from_le_bytes([*low, *high]));
        if count > 0 && at + count as u64 <= length {
            before.push((at, bytes(&path, at, count)));
            patch(&path, at, new);
        }
    }
    // Some with the wrong checksums.
    if !input.ends_with(b"!") {
        if is_vhdx { vhdx::seal(&path) } else { vhd::seal(&path) }
    }
    // Some cut short.
    let cut = input.ends_with(b"?").then(|| input.len() as u64 * 10_007);
    if let Some(cut) = cut.filter(|cut| *cut < length) {
        let tail = bytes(&path, cut, (length - cut) as usize);
        OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(cut)).expect("cut");
        check(&path, &folder.join("base.vhdx"));
        patch(&path, cut, &tail);
    } else {
        check(&path, &folder.join(if is_vhdx { "base.vhdx" } else { "base.vhd" }));
    }
    for (at, old) in before.into_iter().rev() {
        patch(&path, at, &old);
    }
    if is_vhdx { vhdx::seal(&path) } else { vhd::seal(&path) }
});
