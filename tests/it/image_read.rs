//! What an image is: format, kind, sizes, ids, and what of its disk is where.

use std::fs;

use ragnatramp::image::{Format, Guid, ImageFault, Kind, file_traits, read_image};

use crate::image_lab::vhd::{Type, Vhd};
use crate::image_lab::vhdx::Vhdx;
use crate::image_lab::{MIB, Shelf, bytes, patch, qemu_img};

const ID: u128 = 0x0011_2233_4455_6677_8899_AABB_CCDD_EEFF;

#[test]
fn a_vhdx_says_what_it_is() {
    let shelf = Shelf::new();
    let path = shelf.path("base.vhdx");
    let mut vhdx = Vhdx::dynamic(ID);
    vhdx.write(&path);
    let image = read_image(&path).unwrap();
    assert_eq!((image.format, image.kind, image.parent), (Format::Vhdx, Kind::Dynamic, None));
    assert_eq!((image.virtual_size, image.sector_size), (64 * MIB, 512));
    assert_eq!(image.data_id.to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    vhdx.is_fixed = true;
    vhdx.sectors_of(4096).write(&path);
    let image = read_image(&path).unwrap();
    assert_eq!((image.kind, image.sector_size), (Kind::Fixed, 4096));
}

#[test]
fn a_vhd_says_what_it_is() {
    let shelf = Shelf::new();
    let path = shelf.path("base.vhd");
    for (written, kind) in [(Type::Fixed, Kind::Fixed), (Type::Dynamic, Kind::Dynamic)] {
        Vhd::new(written, ID).write(&path);
        let image = read_image(&path).unwrap();
        assert_eq!((image.format, image.kind, image.parent), (Format::Vhd, kind, None));
        assert_eq!((image.virtual_size, image.sector_size, image.data_id), (16 * MIB, 512, Guid(ID)));
    }
}

#[test]
fn images_of_qemu_img_say_what_they_are() {
    let shelf = Shelf::new();
    let formats = [
        ("vhdx", "subformat=dynamic", Format::Vhdx, Kind::Dynamic),
        ("vhdx", "subformat=fixed", Format::Vhdx, Kind::Fixed),
        ("vhdx", "subformat=dynamic,block_size=256M", Format::Vhdx, Kind::Dynamic),
        ("vpc", "subformat=dynamic,force_size=on", Format::Vhd, Kind::Dynamic),
        ("vpc", "subformat=fixed,force_size=on", Format::Vhd, Kind::Fixed),
    ];
    for (name, options, format, kind) in formats {
        let path = shelf.path(options);
        if !qemu_img(&["create", "-q", "-f", name, "-o", &format!("{options},size=32M")], &[&path]) {
            return;
        }
        let image = read_image(&path).unwrap();
        assert_eq!((image.format, image.kind), (format, kind), "{name} {options}");
        assert_eq!((image.virtual_size, image.sector_size, image.parent), (32 * MIB, 512, None));
        assert_ne!(image.data_id, Guid::NIL);
    }
}

/// The writers of the tests are held against a reader that is not ours.
#[test]
fn qemu_img_reads_what_the_writers_of_the_tests_write() {
    let shelf = Shelf::new();
    let (vhdx, vhd, raw) = (shelf.path("a.vhdx"), shelf.path("a.vhd"), shelf.path("raw"));
    let data = [(0, b"first".as_slice()), (3 * MIB + 512, b"later"), (15 * MIB, b"last")];
    let mut one = Vhdx::dynamic(ID);
    let mut other = Vhd::new(Type::Dynamic, ID);
    for (at, bytes) in data {
        (one, other) = (one.with(at, bytes), other.with(at, bytes));
    }
    one.write(&vhdx);
    other.write(&vhd);
    for (format, image) in [("vhdx", &vhdx), ("vpc", &vhd)] {
        if !qemu_img(&["convert", "-f", format, "-O", "raw"], &[image, &raw]) {
            return;
        }
        for (at, expected) in data {
            assert_eq!(bytes(&raw, at, expected.len()), expected, "{format} at {at}");
        }
    }
}

#[test]
fn of_two_headers_the_sound_one_with_the_higher_number_counts() {
    let shelf = Shelf::new();
    let (path, newer) = (shelf.path("a.vhdx"), shelf.path("b.vhdx"));
    Vhdx::dynamic(1).write(&path);
    Vhdx::dynamic(2).write(&newer);
    let second = crate::image_lab::vhdx::HEADERS[1];
    patch(&path, second, &bytes(&newer, second, 4096));
    assert_eq!(read_image(&path).unwrap().data_id, Guid(2));
    crate::image_lab::spoil(&path, second + 100);
    assert_eq!(read_image(&path).unwrap().data_id, Guid(1));
}

#[test]
fn the_second_region_table_is_taken_where_the_first_is_damaged() {
    let shelf = Shelf::new();
    let path = shelf.path("a.vhdx");
    Vhdx::dynamic(1).write(&path);
    crate::image_lab::spoil(&path, crate::image_lab::vhdx::REGION_TABLES[0] + 40_000);
    read_image(&path).unwrap();
}

#[test]
fn what_is_not_there_or_no_file_is_told_apart_from_what_is_no_image() {
    let shelf = Shelf::new();
    let missing = shelf.path("missing.vhdx");
    assert!(matches!(read_image(&missing), Err(ImageFault::NotThere { path }) if path == missing));
    let below_a_file = shelf.raw("file", 4, b"text").join("base.vhdx");
    assert!(matches!(read_image(&below_a_file), Err(ImageFault::NotThere { .. })));
    let folder = missing.parent().unwrap();
    assert!(matches!(read_image(folder), Err(ImageFault::Unreadable { .. })));
    for (length, text) in [(0, b"".as_slice()), (4, b"vhdx"), (511, b"conectix"), (4096, b"QFI\xFB")] {
        let path = shelf.raw("short", length, text);
        assert!(matches!(read_image(&path), Err(ImageFault::NotAnImage { .. })), "{length}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_an_image_is_not_waited_for() {
    let shelf = Shelf::new();
    let path = shelf.path("base.vhdx");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert!(matches!(read_image(&path), Err(ImageFault::Unreadable { .. })));
}

#[test]
fn a_guid_is_parsed_in_its_one_form() {
    let text = "00112233-4455-6677-8899-aabbccddeeff";
    assert_eq!(Guid::parse(text), Some(Guid(ID)));
    assert_eq!(Guid::parse(&format!("{{{}}}", text.to_uppercase())), Some(Guid(ID)));
    let others = [
        String::new(),
        format!("{{{text}"),
        format!("{text}}}"),
        text.replace('-', ""),
        text.replacen("00", "+0", 1),
        text.replacen("112", "11é", 1),
        format!("{text} "),
        "0011223344556677-8899-aabb-ccdd-eeff".to_owned(),
    ];
    for other in others {
        assert_eq!(Guid::parse(&other), None, "{other}");
    }
}

#[test]
fn a_read_only_file_is_known_and_what_is_not_there_has_the_traits_of_its_folder() {
    let shelf = Shelf::new();
    let path = shelf.raw("base.vhdx", 4, b"text");
    let before = file_traits(&path);
    assert!(
        !before.read_only && before.local && !before.compressed && !before.encrypted && !before.placeholder
    );
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    assert!(file_traits(&path).read_only);
    assert!(!file_traits(&path.with_file_name("new/web.vhdx")).read_only);
    #[cfg(windows)]
    #[allow(clippy::permissions_set_readonly_false, reason = "Windows deletes no read-only file")]
    {
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(false);
        fs::set_permissions(&path, permissions).unwrap();
    }
}
