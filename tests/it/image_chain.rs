//! Differencing disks: what they read through their parents, and where those are looked for.

use std::fs;
use std::path::{Path, PathBuf};

use ragnatramp::image::{
    Generations, ImageFault, Kind, MOST_PARENTS, System, Undecided, boot, chain, chain_that_is_there,
    read_image,
};

use crate::image_lab::tables::{ACTIVE, BIOS_BOOT, EFI_SYSTEM, LINUX_ROOT, gpt, mbr};
use crate::image_lab::vhd::{Type, Vhd};
use crate::image_lab::vhdx::Vhdx;
use crate::image_lab::{MIB, Shelf};

fn generations(path: &Path) -> Generations {
    let verdict = boot(path);
    assert!(verdict.reason.is_none(), "{}", verdict.reason.unwrap());
    verdict.generations
}

fn reason(path: &Path) -> Undecided {
    boot(path).reason.unwrap()
}

/// A base that boots as generation 2.
fn base(data_id: u128) -> Vhdx {
    Vhdx::dynamic(data_id).with(0, &gpt(512, &[EFI_SYSTEM, LINUX_ROOT]))
}

#[test]
fn a_fresh_child_boots_as_its_parent_does() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("images/base.vhdx"), shelf.path("disks/web.vhdx"));
    base(1).write(&parent);
    Vhdx::child(2, 1, r"..\images\base.vhdx").write(&child);
    let image = read_image(&child).unwrap();
    assert_eq!(image.kind, Kind::Differencing);
    assert_eq!(image.parent.unwrap().candidates, std::slice::from_ref(&parent));
    let verdict = boot(&child);
    assert_eq!((verdict.generations, verdict.system), (Generations::Two, System::Linux));
    assert_eq!(chain(&child).unwrap(), [child, parent]);
}

#[test]
fn what_was_written_to_the_child_counts_sector_by_sector() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    base(1).write(&parent);
    // The first sector alone: an MBR hides that there is a GPT.
    Vhdx::child(2, 1, r".\base.vhdx").with(0, &mbr(&[(ACTIVE, 0x83)])).write(&child);
    assert_eq!(generations(&child), Generations::One);
    // All sectors but the first, which the parent gives.
    let disk = gpt(512, &[EFI_SYSTEM, BIOS_BOOT]);
    Vhdx::child(2, 1, r".\base.vhdx").with(512, &disk[512..]).write(&child);
    assert_eq!(generations(&child), Generations::Both);
}

#[test]
fn a_block_that_the_child_made_zeros_is_not_asked_of_the_parent() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    base(1).write(&parent);
    for state in [1, 2, 3] {
        let mut disk = Vhdx::child(2, 1, r".\base.vhdx");
        disk.states.push((0, state));
        disk.write(&child);
        assert!(matches!(reason(&child), Undecided::NoTable), "{state}");
    }
}

#[test]
fn sectors_of_4096_bytes_are_counted_in_the_bitmap_as_such() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    let disk = gpt(4096, &[EFI_SYSTEM]);
    Vhdx::dynamic(1).sectors_of(4096).with(0, &disk).write(&parent);
    let own = gpt(4096, &[EFI_SYSTEM, BIOS_BOOT]);
    Vhdx::child(2, 1, r".\base.vhdx").sectors_of(4096).with(4096, &own[4096..]).write(&child);
    assert_eq!(generations(&child), Generations::Both);
}

#[test]
fn a_table_in_a_later_chunk_is_found_by_the_bitmap_of_that_chunk() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    let size = 10 << 30;
    let far = 9 << 30;
    let moved = |types: &[u128]| {
        let lba = (far / 512_u64).to_le_bytes();
        let disk =
            crate::image_lab::tables::gpt_with(512, types, |header| header[72..80].copy_from_slice(&lba));
        (disk[..1024].to_vec(), disk[1024..].to_vec())
    };
    let (head, entries) = moved(&[EFI_SYSTEM]);
    let mut disk = Vhdx::dynamic(1).with(0, &head).with(far, &entries);
    disk.virtual_size = size;
    disk.write(&parent);
    assert_eq!(generations(&parent), Generations::Two);
    let (head, entries) = moved(&[EFI_SYSTEM, BIOS_BOOT]);
    let mut disk = Vhdx::child(2, 1, r".\base.vhdx").with(0, &head).with(far, &entries);
    disk.virtual_size = size;
    disk.write(&child);
    assert_eq!(generations(&child), Generations::Both);
}

#[test]
fn past_the_end_of_a_smaller_parent_are_zeros() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    let mut small = Vhdx::dynamic(1).with(0, &mbr(&[(ACTIVE, 0x83)]));
    small.virtual_size = 512;
    small.write(&parent);
    Vhdx::child(2, 1, r".\base.vhdx").with(0, &mbr(&[(0, 0xEE)])).write(&child);
    assert!(matches!(reason(&child), Undecided::DamagedGpt));
}

#[test]
fn a_moved_parent_is_found_by_its_absolute_path_where_the_relative_one_leads_nowhere() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("elsewhere/base.vhdx"), shelf.path("web.vhdx"));
    base(1).write(&parent);
    let absolute = parent.to_str().unwrap();
    Vhdx::child(2, 1, r".\base.vhdx").entry("absolute_win32_path", absolute).write(&child);
    assert_eq!(chain(&child).unwrap(), [child, parent]);
}

#[test]
fn the_relative_path_is_tried_first_and_only_what_fits_is_taken() {
    let shelf = Shelf::new();
    let (near, far) = (shelf.path("base.vhdx"), shelf.path("far/base.vhdx"));
    let child = shelf.path("web.vhdx");
    base(1).write(&near);
    base(1).write(&far);
    let disk = Vhdx::child(2, 1, r".\base.vhdx").entry("absolute_win32_path", far.to_str().unwrap());
    disk.write(&child);
    assert_eq!(chain(&child).unwrap(), [child.clone(), near.clone()]);
    // Another disk took the near place.
    base(7).write(&near);
    assert_eq!(chain(&child).unwrap(), [child.clone(), far.clone()]);
    assert_eq!(generations(&child), Generations::Two);
    fs::write(&near, "no image").unwrap();
    assert_eq!(chain(&child).unwrap(), [child, far]);
}

#[test]
fn the_second_linkage_of_hyper_v_counts_as_well() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    base(1).write(&parent);
    let second = "{00000000-0000-0000-0000-000000000001}";
    Vhdx::child(2, 7, r".\base.vhdx").entry("parent_linkage2", second).write(&child);
    assert_eq!(generations(&child), Generations::Two);
}

#[test]
fn a_parent_that_changed_makes_the_verdict_unknown_and_is_still_of_the_chain() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    base(7).write(&parent);
    Vhdx::child(2, 1, r".\base.vhdx").write(&child);
    assert!(matches!(reason(&child), Undecided::Image(ImageFault::ParentDiffers { .. })));
    assert_eq!(chain(&child).unwrap(), [child, parent]);
}

#[test]
fn a_missing_parent_is_told_with_the_places_where_it_was_looked_for() {
    let shelf = Shelf::new();
    let child = shelf.path("web.vhdx");
    Vhdx::child(2, 1, r".\base.vhdx")
        .entry("absolute_win32_path", "\\\\server\\share\\base\u{1b}[2J.vhdx")
        .write(&child);
    let fault = chain(&child).unwrap_err();
    let place = child.with_file_name("base.vhdx");
    assert_eq!(
        fault.to_string(),
        format!(
            r"the parent of {} was not found; it is not at {}; not followed: \\server\share\base\u{{1b}}[2J.vhdx",
            child.display(),
            place.display()
        )
    );
    assert_eq!(chain_that_is_there(&child).unwrap(), std::slice::from_ref(&child));
    assert!(matches!(reason(&child), Undecided::Image(ImageFault::ParentMissing { .. })));
}

/// To open it would hand the user's credentials to that server.
#[test]
fn a_parent_on_another_computer_is_never_a_candidate() {
    let shelf = Shelf::new();
    let (vhdx, vhd) = (shelf.path("web.vhdx"), shelf.path("web.vhd"));
    let remote = r"\\server\share\base.vhdx";
    Vhdx::child(2, 1, remote).entry("volume_path", r"\\?\UNC\server\share\base.vhdx").write(&vhdx);
    let mut disk = Vhd::child(2, 1, remote);
    disk.locators.push((*b"W2ku", remote.to_owned()));
    disk.parent_name = remote.to_owned();
    disk.write(&vhd);
    for (path, refused) in [(vhdx, 2), (vhd, 3)] {
        let link = read_image(&path).unwrap().parent.unwrap();
        assert_eq!((link.candidates, link.refused.len()), (Vec::<PathBuf>::new(), refused));
    }
}

#[test]
fn disks_that_are_each_others_parents_are_a_circle() {
    let shelf = Shelf::new();
    let (one, two) = (shelf.path("one.vhdx"), shelf.path("two.vhdx"));
    Vhdx::child(1, 2, r".\two.vhdx").write(&one);
    Vhdx::child(2, 1, r".\one.vhdx").write(&two);
    assert!(matches!(chain(&one), Err(ImageFault::Circular { path }) if path == one));
    assert!(matches!(reason(&two), Undecided::Image(ImageFault::Circular { .. })));
    Vhdx::child(1, 1, r"..\one.vhdx").write(&shelf.path("folder/link.vhdx"));
    Vhdx::child(1, 1, r".\one.vhdx").write(&one);
    assert!(matches!(chain(&one), Err(ImageFault::Circular { path }) if path == one));
}

#[test]
fn a_chain_has_its_bound() {
    let shelf = Shelf::new();
    let path = |number: usize| shelf.path(&format!("{number}.vhdx"));
    base(0).write(&path(0));
    for number in 1..=MOST_PARENTS + 1 {
        let parent = format!(r".\{}.vhdx", number - 1);
        Vhdx::child(number as u128, number as u128 - 1, &parent).write(&path(number));
    }
    assert_eq!(chain(&path(MOST_PARENTS)).unwrap().len(), MOST_PARENTS + 1);
    assert_eq!(generations(&path(MOST_PARENTS)), Generations::Two);
    let deepest = path(MOST_PARENTS + 1);
    let fault = chain(&deepest).unwrap_err();
    assert_eq!(fault.to_string(), format!("{} has more than {MOST_PARENTS} parents", deepest.display()));
    assert!(matches!(reason(&deepest), Undecided::Image(ImageFault::TooDeep { .. })));
}

#[test]
fn a_vhd_reads_through_its_parent_too() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhd"), shelf.path("web.vhd"));
    Vhd::new(Type::Dynamic, 1).with(0, &gpt(512, &[BIOS_BOOT, LINUX_ROOT])).write(&parent);
    Vhd::child(2, 1, r".\base.vhd").write(&child);
    let verdict = boot(&child);
    assert_eq!((verdict.generations, verdict.system), (Generations::One, System::Linux));
    // Its own second sector, in a block whose other sectors are the parent's.
    let own = gpt(512, &[]);
    Vhd::child(2, 1, r".\base.vhd").with(512, &own[512..1024]).write(&child);
    assert!(matches!(reason(&child), Undecided::DamagedGpt));
    Vhd::child(2, 1, r".\base.vhd").with(512, &own[512..]).write(&child);
    assert!(matches!(reason(&child), Undecided::NothingToBoot));
}

#[test]
fn a_vhd_without_locators_finds_its_parent_by_its_name() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhd"), shelf.path("web.vhd"));
    Vhd::new(Type::Fixed, 1).write(&parent);
    let mut disk = Vhd::child(2, 1, "");
    disk.locators.clear();
    disk.parent_name = "base.vhd".to_owned();
    disk.write(&child);
    assert_eq!(chain(&child).unwrap(), [child, parent]);
}

#[test]
fn a_relative_path_given_by_the_caller_finds_the_same_chain() {
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    base(1).write(&parent);
    Vhdx::child(2, 1, r".\base.vhdx").write(&child);
    let here = std::env::current_dir().unwrap();
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    let root: PathBuf = child.components().take(1).collect();
    if let Ok(below) = child.strip_prefix(root)
        && cfg!(unix)
    {
        assert_eq!(chain(&up.join(below)).unwrap().len(), 2);
    }
    assert_eq!(chain(&child.parent().unwrap().join(".").join("web.vhdx")).unwrap(), [child, parent]);
    assert_eq!(read_image(&shelf.path("base.vhdx")).unwrap().virtual_size, 64 * MIB);
}
