//! The same for VHD files: cut short, damaged, or holding what cannot be.

use std::fs;
use std::path::Path;

use ragnatramp::image::{Flaw, ImageFault, Structure, Unsupported, read_image};

use crate::image_lab::vhd::{self, Type, Vhd};
use crate::image_lab::{MIB, Shelf, bytes, cut, patch, spoil};

/// A VHD with a parent, changed; what was found of it.
fn changed_vhd(change: impl FnOnce(&Path)) -> Result<(Structure, u64, Flaw), ImageFault> {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhd");
    Vhd::child(1, 2, r".\base.vhd").write(&path);
    change(&path);
    match read_image(&path) {
        Err(ImageFault::Damaged { structure, offset, flaw, .. }) => Ok((structure, offset, flaw)),
        Err(other) => Err(other),
        Ok(image) => panic!("{image:?}"),
    }
}

#[test]
fn a_vhd_that_cannot_be_is_damage() {
    use vhd::{BLOCK_TABLE, HEADER, LOCATORS};
    let end = 1 << 17;
    let sealed = |at: u64, bytes: &[u8]| {
        changed_vhd(|path| {
            patch(path, at, bytes);
            vhd::seal(path);
        })
        .unwrap()
    };
    let raw = |change: &dyn Fn(&Path)| changed_vhd(change).unwrap();
    assert_eq!(raw(&|path| cut(path, 512)), (Structure::DynamicHeader, 512, Flaw::CutShort));
    assert_eq!(raw(&|path| cut(path, end)), (Structure::Footer, end - 512, Flaw::Signature));
    assert_eq!(raw(&|path| spoil(path, end + 100)), (Structure::Footer, end, Flaw::Checksum));
    assert_eq!(raw(&|path| spoil(path, HEADER + 800)), (Structure::DynamicHeader, HEADER, Flaw::Checksum));
    assert_eq!(raw(&|path| spoil(path, HEADER)), (Structure::DynamicHeader, HEADER, Flaw::Signature));
    for size in [0, 511, (2 << 40) + 512, u64::MAX] {
        assert_eq!(sealed(end + 48, &size.to_be_bytes()), (Structure::Footer, end, Flaw::Value), "{size}");
    }
    let nowhere = sealed(end + 16, &u64::MAX.to_be_bytes());
    assert_eq!(nowhere, (Structure::DynamicHeader, u64::MAX, Flaw::CutShort));
    for block_size in [0, 256, 513, 1 << 29, u32::MAX] {
        let found = sealed(HEADER + 32, &block_size.to_be_bytes());
        assert_eq!(found, (Structure::DynamicHeader, HEADER, Flaw::Value), "{block_size}");
    }
    for entries in [0, 7, u32::MAX] {
        let found = sealed(HEADER + 28, &entries.to_be_bytes());
        assert_eq!(found, (Structure::BlockTable, BLOCK_TABLE, Flaw::CutShort), "{entries}");
    }
    let nowhere = sealed(HEADER + 16, &u64::MAX.to_be_bytes());
    assert_eq!(nowhere, (Structure::BlockTable, u64::MAX, Flaw::CutShort));
    let long = sealed(HEADER + 576 + 8, &u32::MAX.to_be_bytes());
    assert_eq!(long, (Structure::ParentLocator, HEADER, Flaw::Value));
    let nowhere = sealed(HEADER + 576 + 16, &u64::MAX.to_be_bytes());
    assert_eq!(nowhere, (Structure::ParentLocator, u64::MAX, Flaw::CutShort));
    assert_eq!(sealed(LOCATORS, &[0x00, 0xD8]), (Structure::ParentLocator, LOCATORS, Flaw::Text));
    assert_eq!(sealed(HEADER + 64, &[0xD8, 0x00]), (Structure::ParentLocator, HEADER, Flaw::Text));

    let version = |at: u64, bytes: &[u8]| match changed_vhd(|path| {
        patch(path, at, bytes);
        vhd::seal(path);
    }) {
        Err(ImageFault::Unsupported { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(version(end + 12, &0x0002_0000u32.to_be_bytes()), Unsupported::Version(0x0002_0000));
    assert_eq!(version(HEADER + 24, &0x0002_0000u32.to_be_bytes()), Unsupported::Version(0x0002_0000));
    assert_eq!(version(end + 60, &6u32.to_be_bytes()), Unsupported::DiskType(6));
}

#[test]
fn a_fixed_vhd_that_lost_data_is_damage() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhd");
    Vhd::new(Type::Fixed, 1).write(&path);
    let footer = bytes(&path, 16 * MIB, 512);
    fs::write(&path, [vec![0; 15 << 20], footer].concat()).unwrap();
    assert!(matches!(
        read_image(&path),
        Err(ImageFault::Damaged { structure: Structure::Block, offset: 0, flaw: Flaw::CutShort, .. })
    ));
}
