//! Images that are cut short, damaged or made by somebody who means harm: each has its fault, with structure and place.

use std::fs;
use std::path::Path;

use ragnatramp::image::{
    Flaw, Generations, Guid, ImageFault, Structure, Undecided, Unsupported, boot, read_image,
};

use crate::image_lab::tables::{EFI_SYSTEM, gpt};
use crate::image_lab::vhdx::{
    BLOCK_TABLE, HEADERS, ITEMS, LOCATOR, METADATA, REGION_TABLES, Vhdx, patch_both, seal,
};
use crate::image_lab::{MIB, Shelf, bytes, cut, little_endian, patch, spoil};

const KIB: u64 = 1 << 10;

fn damage(path: &Path) -> (Structure, u64, Flaw) {
    match read_image(path) {
        Err(ImageFault::Damaged { structure, offset, flaw, .. }) => (structure, offset, flaw),
        other => panic!("{other:?}"),
    }
}

fn unsupported(path: &Path) -> Unsupported {
    match read_image(path) {
        Err(ImageFault::Unsupported { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}

/// A differencing VHDX, which has every structure.
fn child() -> Vhdx {
    Vhdx::child(1, 2, r".\base.vhdx")
        .entry("absolute_win32_path", r"C:\lab\base.vhdx")
        .with(0, &gpt(512, &[EFI_SYSTEM]))
}

/// A new file of it for each change, and what was found of it.
fn changed(change: impl FnOnce(&Path)) -> (Structure, u64, Flaw) {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    child().write(&path);
    change(&path);
    damage(&path)
}

#[test]
fn a_vhdx_that_is_cut_short_anywhere_is_damaged() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    let fault_at = |length| {
        child().write(&path);
        cut(&path, length);
        damage(&path)
    };
    let [first, _] = HEADERS;
    assert_eq!(fault_at(8), (Structure::Header, first, Flaw::CutShort));
    assert_eq!(fault_at(first + 4095), (Structure::Header, first, Flaw::CutShort));
    // From here on one header is enough, and one region table.
    assert_eq!(fault_at(first + 4096), (Structure::RegionTable, REGION_TABLES[0], Flaw::CutShort));
    assert_eq!(fault_at(256 * KIB - 1), (Structure::RegionTable, REGION_TABLES[0], Flaw::CutShort));
    for length in [256 * KIB, MIB, METADATA, METADATA + MIB - 1, BLOCK_TABLE, BLOCK_TABLE + MIB - 1] {
        assert_eq!(
            fault_at(length),
            (Structure::RegionTable, REGION_TABLES[0], Flaw::OutOfBounds),
            "{length}"
        );
    }
}

#[test]
fn a_block_or_bitmap_past_the_end_makes_the_verdict_unknown() {
    let shelf = Shelf::new();
    let (base, path) = (shelf.path("base.vhdx"), shelf.path("a.vhdx"));
    Vhdx::dynamic(2).write(&base);
    for (length, expected) in
        [(BLOCK_TABLE + MIB, Structure::SectorBitmap), (BLOCK_TABLE + 2 * MIB, Structure::SectorBitmap)]
    {
        child().write(&path);
        cut(&path, length);
        let verdict = boot(&path);
        assert_eq!(verdict.generations, Generations::Unknown);
        match verdict.reason.unwrap() {
            Undecided::Image(ImageFault::Damaged { structure, flaw: Flaw::CutShort, .. }) => {
                assert_eq!(structure, expected);
            }
            other => panic!("{other:?}"),
        }
    }
    Vhdx::dynamic(1).with(0, &gpt(512, &[EFI_SYSTEM])).write(&path);
    cut(&path, BLOCK_TABLE + MIB + 700);
    assert!(boot(&path).reason.unwrap().to_string().contains("its data block at byte 4194816 is cut short"));
}

#[test]
fn a_wrong_checksum_in_both_copies_is_damage() {
    let spoiled = |copies: [u64; 2]| changed(|path| copies.iter().for_each(|at| spoil(path, at + 1000)));
    assert_eq!(spoiled(HEADERS), (Structure::Header, HEADERS[0], Flaw::Checksum));
    assert_eq!(spoiled(REGION_TABLES), (Structure::RegionTable, REGION_TABLES[0], Flaw::Checksum));
    let signature = changed(|path| patch_both(path, HEADERS, 0, b"HEAD"));
    assert_eq!(signature, (Structure::Header, HEADERS[0], Flaw::Signature));
}

#[test]
fn a_log_that_was_not_replayed_is_told_from_damage() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    let mut open = child();
    open.log_id = 3;
    open.write(&path);
    assert!(matches!(read_image(&path), Err(ImageFault::DirtyLog { .. })));
    let verdict = boot(&path);
    assert!(matches!(verdict.reason, Some(Undecided::Image(ImageFault::DirtyLog { .. }))));
}

#[test]
fn what_must_be_understood_and_is_not_is_unsupported() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    let after = |change: &dyn Fn()| {
        child().write(&path);
        change();
        unsupported(&path)
    };
    let version = after(&|| patch_both(&path, HEADERS, 66, &[2, 0]));
    assert_eq!(version, Unsupported::Version(2));
    let unknown = little_endian(0xABCD);
    // The first entry of each table is one that must be understood.
    assert_eq!(after(&|| patch_both(&path, REGION_TABLES, 16, &unknown)), Unsupported::Region(Guid(0xABCD)));
    assert_eq!(after(&|| patch(&path, METADATA + 32, &unknown)), Unsupported::MetadataItem(Guid(0xABCD)));
    // An item of a user is another one than the system's of the same id.
    let user = Unsupported::MetadataItem(Guid(0xCAA1_6737_FA36_4D43_B3B6_33F0_AA44_E76B));
    assert_eq!(after(&|| patch(&path, METADATA + 32 + 24, &[5])), user);
    assert_eq!(after(&|| patch(&path, LOCATOR, &unknown)), Unsupported::LocatorType(Guid(0xABCD)));
}

#[test]
fn a_region_table_that_cannot_be_is_damage() {
    let with = |at: u64, bytes: &[u8]| changed(|path| patch_both(path, REGION_TABLES, at, bytes)).2;
    assert_eq!(with(8, &2048u32.to_le_bytes()), Flaw::Value);
    assert_eq!(with(8, &u32::MAX.to_le_bytes()), Flaw::Value);
    assert_eq!(with(8, &[1]), Flaw::Incomplete);
    // The place of the first region: inside the headers, not at a MiB, past the end, past what a number holds.
    for place in [0, MIB + 1, 1 << 40, u64::MAX - MIB + 1, u64::MAX] {
        assert_eq!(with(32, &place.to_le_bytes()), Flaw::OutOfBounds, "{place}");
    }
    assert_eq!(with(40, &u32::MAX.to_le_bytes()), Flaw::OutOfBounds);
    let first = |path: &Path| bytes(path, REGION_TABLES[0] + 16, 32);
    let twice = changed(|path| patch_both(path, REGION_TABLES, 48, &first(path)));
    assert_eq!(twice.2, Flaw::Duplicate);
}

#[test]
fn a_metadata_table_that_cannot_be_is_damage() {
    let with = |at: u64, bytes: &[u8]| {
        let (structure, offset, flaw) = changed(|path| patch(path, METADATA + at, bytes));
        assert_eq!((structure, offset), (Structure::MetadataTable, METADATA));
        flaw
    };
    assert_eq!(with(0, b"METADATA"), Flaw::Signature);
    assert_eq!(with(10, &2048u16.to_le_bytes()), Flaw::Value);
    assert_eq!(with(10, &u16::MAX.to_le_bytes()), Flaw::Value);
    assert_eq!(with(10, &[1]), Flaw::Incomplete);
    // Without the parent locator of a disk that has a parent.
    assert_eq!(with(10, &[5]), Flaw::Incomplete);
    // The place and the length of the first item.
    for place in [0, 65_535, MIB as u32, u32::MAX] {
        assert_eq!(with(48, &place.to_le_bytes()), Flaw::OutOfBounds, "{place}");
    }
    assert_eq!(with(52, &u32::MAX.to_le_bytes()), Flaw::OutOfBounds);
    let twice = changed(|path| patch(path, METADATA + 64, &bytes(path, METADATA + 32, 32)));
    assert_eq!(twice.2, Flaw::Duplicate);
    // A region that is too short for the table: the second entry is that of the metadata.
    let short = changed(|path| patch_both(path, REGION_TABLES, 48 + 24, &100u32.to_le_bytes()));
    assert_eq!(short, (Structure::MetadataTable, METADATA, Flaw::CutShort));
}

#[test]
fn a_number_in_the_metadata_that_cannot_be_is_damage() {
    let with = |item: u64, bytes: &[u8]| {
        let at = ITEMS + item * 64;
        let (structure, offset, flaw) = changed(|path| patch(path, at, bytes));
        assert_eq!((structure, offset), (Structure::MetadataItem, at), "{bytes:?}");
        flaw
    };
    for block_size in [0, 1, 1 << 19, (1 << 20) + 1, 1 << 29, u32::MAX] {
        assert_eq!(with(0, &block_size.to_le_bytes()), Flaw::Value, "{block_size}");
    }
    for size in [0, 1, 513, (64 << 40) + 512, u64::MAX] {
        assert_eq!(with(1, &size.to_le_bytes()), Flaw::Value, "{size}");
    }
    for sector_size in [0, 1, 520, 8192, u32::MAX] {
        assert_eq!(with(3, &sector_size.to_le_bytes()), Flaw::Value, "{sector_size}");
    }
    let short = changed(|path| patch(path, METADATA + 32 + 20, &7u32.to_le_bytes()));
    assert_eq!(short, (Structure::MetadataItem, ITEMS, Flaw::CutShort));
    // A block table of 1 MiB is far too short for the largest disk.
    let table = changed(|path| patch(path, ITEMS + 64, &(64u64 << 40).to_le_bytes()));
    assert_eq!(table, (Structure::BlockTable, BLOCK_TABLE, Flaw::CutShort));
}

#[test]
fn a_parent_locator_that_cannot_be_is_damage() {
    let with = |at: u64, bytes: &[u8]| {
        let (structure, offset, flaw) = changed(|path| patch(path, LOCATOR + at, bytes));
        assert_eq!((structure, offset), (Structure::ParentLocator, LOCATOR), "{bytes:?}");
        flaw
    };
    assert_eq!(with(18, &u16::MAX.to_le_bytes()), Flaw::CutShort);
    assert_eq!(with(18, &[0, 0]), Flaw::Incomplete);
    // Key and value of the first entry, the linkage.
    assert_eq!(with(20, &u32::MAX.to_le_bytes()), Flaw::OutOfBounds);
    assert_eq!(with(24, &u32::MAX.to_le_bytes()), Flaw::OutOfBounds);
    assert_eq!(with(30, &u16::MAX.to_le_bytes()), Flaw::OutOfBounds);
    assert_eq!(with(30, &75u16.to_le_bytes()), Flaw::Text);
    assert_eq!(with(30, &74u16.to_le_bytes()), Flaw::Text);
    // A lone surrogate in the first character of the linkage, which comes after its key of 14 characters.
    assert_eq!(with(20 + 3 * 12 + 28, &[0x00, 0xD8]), Flaw::Text);
    let repeated = |path: &Path| patch(path, LOCATOR + 32, &bytes(path, LOCATOR + 20, 12));
    assert_eq!(changed(repeated), (Structure::ParentLocator, LOCATOR, Flaw::Duplicate));
    let short = changed(|path| patch(path, METADATA + 32 + 5 * 32 + 20, &19u32.to_le_bytes()));
    assert_eq!(short, (Structure::ParentLocator, LOCATOR, Flaw::CutShort));
}

#[test]
fn an_entry_of_the_block_table_that_cannot_be_makes_the_verdict_unknown() {
    let shelf = Shelf::new();
    let (base, path) = (shelf.path("base.vhdx"), shelf.path("a.vhdx"));
    Vhdx::dynamic(2).write(&base);
    let flaw = |image: &Vhdx, entry: u64| {
        image.write(&path);
        patch(&path, BLOCK_TABLE, &entry.to_le_bytes());
        match boot(&path).reason.unwrap() {
            Undecided::Image(ImageFault::Damaged { structure, flaw, .. }) => (structure, flaw),
            other => panic!("{other:?}"),
        }
    };
    let dynamic = Vhdx::dynamic(1).with(0, &gpt(512, &[EFI_SYSTEM]));
    // States that are none, a block that is partly there without a parent, a block inside the headers.
    for state in [4, 5, (4 * MIB) | 7] {
        assert_eq!(flaw(&dynamic, state), (Structure::BlockTable, Flaw::Value), "{state}");
    }
    assert_eq!(flaw(&dynamic, 6), (Structure::BlockTable, Flaw::OutOfBounds));
    assert_eq!(flaw(&dynamic, (u64::MAX - MIB + 1) | 6), (Structure::Block, Flaw::CutShort));
    // A partly present block whose chunk has no bitmap: the chunk of blocks of 1 MiB has 4096.
    child().write(&path);
    patch(&path, BLOCK_TABLE + 4096 * 8, &[0; 8]);
    let verdict = boot(&path);
    assert!(matches!(
        verdict.reason,
        Some(Undecided::Image(ImageFault::Damaged {
            structure: Structure::BlockTable,
            flaw: Flaw::Value,
            ..
        }))
    ));
}

#[test]
fn no_cut_of_an_image_is_taken_for_the_whole() {
    let shelf = Shelf::new();
    let (base, path) = (shelf.path("base.vhdx"), shelf.path("a.vhdx"));
    Vhdx::dynamic(2).write(&base);
    child().write(&path);
    assert_eq!(boot(&path).generations, Generations::Two);
    let whole = fs::metadata(&path).unwrap().len();
    // The block of the disk's first MiB comes before the bitmap, and what is read of it is shorter than 32 KiB.
    for length in (0..whole - MIB + 1).rev().step_by(65_521) {
        cut(&path, length);
        assert_eq!(boot(&path).generations, Generations::Unknown, "{length}");
    }
}

#[test]
fn seal_leaves_a_sound_image_as_it_is() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    child().write(&path);
    let before = fs::read(&path).unwrap();
    seal(&path);
    assert_eq!(fs::read(&path).unwrap(), before);
}
