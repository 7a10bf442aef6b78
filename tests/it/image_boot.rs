//! Which generation boots an image, by its partition table.

use ragnatramp::image::{Generations, ImageFault, System, Undecided, boot};

use crate::image_lab::tables::{
    ACTIVE, BASIC_DATA, BIOS_BOOT, EFI_SYSTEM, LINUX_DATA, LINUX_ROOT, WINDOWS_RECOVERY, WINDOWS_RESERVED,
    gpt, gpt_with, mbr,
};
use crate::image_lab::vhd::{Type, Vhd};
use crate::image_lab::vhdx::Vhdx;
use crate::image_lab::{MIB, Shelf, qemu_img};

/// The verdict on a VHDX whose disk begins with `data`.
fn verdict(sector_size: u32, data: &[u8]) -> (Generations, System, Option<Undecided>) {
    let shelf = Shelf::new();
    let path = shelf.path("base.vhdx");
    Vhdx::dynamic(1).sectors_of(sector_size).with(0, data).write(&path);
    let verdict = boot(&path);
    assert_eq!(verdict.generations == Generations::Unknown, verdict.reason.is_some());
    (verdict.generations, verdict.system, verdict.reason)
}

fn generations(data: &[u8]) -> (Generations, System) {
    let (generations, system, reason) = verdict(512, data);
    assert!(reason.is_none(), "{}", reason.unwrap());
    (generations, system)
}

#[test]
fn an_mbr_with_an_active_partition_is_generation_1() {
    assert_eq!(generations(&mbr(&[(ACTIVE, 0x83)])), (Generations::One, System::Linux));
    assert_eq!(generations(&mbr(&[(ACTIVE, 0x07), (0, 0x27)])), (Generations::One, System::Windows));
    assert_eq!(
        generations(&mbr(&[(0, 0x82), (0, 0x0C), (ACTIVE, 0x07)])),
        (Generations::One, System::Unknown)
    );
}

#[test]
fn an_mbr_with_an_efi_partition_is_generation_2_and_with_an_active_one_too_both() {
    assert_eq!(generations(&mbr(&[(0, 0xEF), (0, 0x83)])), (Generations::Two, System::Linux));
    assert_eq!(generations(&mbr(&[(0, 0xEF), (ACTIVE, 0x83)])), (Generations::Both, System::Linux));
}

#[test]
fn a_gpt_with_an_efi_partition_is_generation_2() {
    assert_eq!(generations(&gpt(512, &[EFI_SYSTEM, LINUX_ROOT])), (Generations::Two, System::Linux));
    let windows = [EFI_SYSTEM, WINDOWS_RESERVED, BASIC_DATA, WINDOWS_RECOVERY];
    assert_eq!(generations(&gpt(512, &windows)), (Generations::Two, System::Windows));
}

#[test]
fn a_gpt_with_a_bios_partition_is_generation_1_and_with_an_efi_one_too_both() {
    assert_eq!(generations(&gpt(512, &[LINUX_DATA, BIOS_BOOT])), (Generations::One, System::Linux));
    // As in Debian's cloud images: the partitions for booting come after the root.
    let cloud = gpt(512, &[LINUX_DATA, BIOS_BOOT, EFI_SYSTEM]);
    assert_eq!(generations(&cloud), (Generations::Both, System::Linux));
}

#[test]
fn a_gpt_on_sectors_of_4096_bytes_is_found() {
    let (generations, system, _) = verdict(4096, &gpt(4096, &[EFI_SYSTEM, WINDOWS_RESERVED]));
    assert_eq!((generations, system), (Generations::Two, System::Windows));
}

#[test]
fn a_gpt_for_the_other_sector_size_is_unknown_with_both_sizes() {
    let (.., reason) = verdict(4096, &gpt(512, &[EFI_SYSTEM]));
    assert!(matches!(reason, Some(Undecided::OtherSectorSize { written: 512, actual: 4096 })), "{reason:?}");
    let (.., reason) = verdict(512, &gpt(4096, &[EFI_SYSTEM]));
    assert!(matches!(reason, Some(Undecided::OtherSectorSize { written: 4096, actual: 512 })), "{reason:?}");
}

#[test]
fn a_system_is_unknown_where_both_or_neither_left_its_partitions() {
    let both = gpt(512, &[EFI_SYSTEM, LINUX_DATA, WINDOWS_RESERVED]);
    assert_eq!(generations(&both), (Generations::Two, System::Unknown));
    assert_eq!(generations(&gpt(512, &[EFI_SYSTEM, BASIC_DATA])), (Generations::Two, System::Unknown));
}

#[test]
fn a_table_with_nothing_to_boot_is_unknown() {
    let (_, system, reason) = verdict(512, &mbr(&[(0, 0x83)]));
    assert!(matches!(reason, Some(Undecided::NothingActive)), "{reason:?}");
    assert_eq!(system, System::Linux);
    let (.., reason) = verdict(512, &gpt(512, &[LINUX_DATA]));
    assert!(matches!(reason, Some(Undecided::NothingToBoot)), "{reason:?}");
}

#[test]
fn a_disk_without_a_table_is_unknown() {
    let mut file_system = mbr(&[(ACTIVE, 0x83)]);
    file_system[446..510].copy_from_slice(&[b'x'; 64]);
    let mut unsigned = mbr(&[(ACTIVE, 0x83)]);
    unsigned[510] = 0;
    for data in [vec![0; 512], mbr(&[]), file_system, unsigned] {
        let (.., reason) = verdict(512, &data);
        assert!(matches!(reason, Some(Undecided::NoTable)), "{reason:?}");
    }
}

#[test]
fn a_gpt_that_is_not_whole_is_unknown() {
    let types = [EFI_SYSTEM, LINUX_ROOT];
    let spoilt = |at: usize| {
        let mut disk = gpt(512, &types);
        disk[at] ^= 0xFF;
        disk
    };
    let changed = |at: usize, number: u64, length: usize| {
        gpt_with(512, &types, |header| {
            header[at..at + length].copy_from_slice(&number.to_le_bytes()[..length])
        })
    };
    let damaged = [
        ("signature", spoilt(512)),
        ("header", spoilt(512 + 40)),
        ("checksum", spoilt(512 + 16)),
        ("entries", spoilt(1024)),
        ("a header that is too short", changed(12, 16, 4)),
        ("a header that is longer than its sector", changed(12, u64::MAX, 4)),
        ("a table past the end", changed(72, 1 << 40, 8)),
        ("a table whose place overflows", changed(72, u64::MAX, 8)),
        ("a huge number of entries", changed(80, u64::MAX, 4)),
        ("an entry of no bytes", changed(84, 0, 4)),
        ("an entry that is too short", changed(84, 64, 4)),
        ("a product that overflows", changed(84, u64::MAX, 4)),
    ];
    for (what, disk) in damaged {
        let (.., reason) = verdict(512, &disk);
        assert!(matches!(reason, Some(Undecided::DamagedGpt)), "{what}: {reason:?}");
    }
}

#[test]
fn a_vhd_is_never_generation_2() {
    let shelf = Shelf::new();
    let path = shelf.path("base.vhd");
    let verdict = |types: &[u128]| {
        Vhd::new(Type::Dynamic, 1).with(0, &gpt(512, types)).write(&path);
        boot(&path)
    };
    assert_eq!(verdict(&[LINUX_DATA, BIOS_BOOT, EFI_SYSTEM]).generations, Generations::One);
    let uefi = verdict(&[EFI_SYSTEM, LINUX_DATA]);
    assert_eq!((uefi.generations, uefi.system), (Generations::Unknown, System::Linux));
    assert!(matches!(uefi.reason, Some(Undecided::UefiInVhd)));
}

#[test]
fn what_is_no_image_is_unknown_and_the_reason_names_it() {
    let shelf = Shelf::new();
    let path = shelf.raw("disk.img", MIB, &mbr(&[(ACTIVE, 0x83)]));
    let verdict = boot(&path);
    assert_eq!((verdict.generations, verdict.system), (Generations::Unknown, System::Unknown));
    let reason = verdict.reason.unwrap();
    assert!(matches!(reason, Undecided::Image(ImageFault::NotAnImage { .. })));
    assert_eq!(reason.to_string(), format!("{} is neither a VHDX nor a VHD", path.display()));
}

#[test]
fn images_of_qemu_img_get_the_verdict_of_their_disk() {
    let shelf = Shelf::new();
    let raw = shelf.raw("disk.raw", 16 * MIB, &gpt(512, &[LINUX_DATA, BIOS_BOOT, EFI_SYSTEM]));
    let formats = [
        ("vhdx", "subformat=dynamic", Generations::Both),
        ("vhdx", "subformat=fixed", Generations::Both),
        ("vpc", "subformat=dynamic,force_size=on", Generations::One),
        ("vpc", "subformat=fixed,force_size=on", Generations::One),
    ];
    for (format, options, expected) in formats {
        let image = shelf.path(&format!("{format}-{options}"));
        if !qemu_img(&["convert", "-f", "raw", "-O", format, "-o", options], &[&raw, &image]) {
            return;
        }
        let verdict = boot(&image);
        assert!(verdict.reason.is_none(), "{format} {options}: {}", verdict.reason.unwrap());
        assert_eq!((verdict.generations, verdict.system), (expected, System::Linux), "{format} {options}");
    }
}
