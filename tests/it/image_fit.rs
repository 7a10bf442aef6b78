//! Whether a differencing disk still fits the image that it was made from.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ragnatramp::image::{ChildFit, ImageFault, fits};

use crate::image_lab::Shelf;
use crate::image_lab::vhd::{Type, Vhd};
use crate::image_lab::vhdx::Vhdx;

/// A base with the data id 1, and a disk beside it that was made from it.
fn pair(shelf: &Shelf) -> (PathBuf, PathBuf) {
    let (parent, child) = (shelf.path("base.vhdx"), shelf.path("web.vhdx"));
    Vhdx::dynamic(1).write(&parent);
    Vhdx::child(2, 1, r".\base.vhdx").write(&child);
    (child, parent)
}

#[test]
fn a_disk_fits_the_image_that_it_was_made_from_however_that_is_spelt() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    assert_eq!(fits(&child, &parent).unwrap(), ChildFit::Fits);
    shelf.path("images/other.vhdx");
    let spelt = parent.parent().unwrap().join("images").join("..").join("base.vhdx");
    assert_eq!(fits(&child, &spelt).unwrap(), ChildFit::Fits);
}

#[test]
fn a_parent_whose_data_changed_is_told() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    Vhdx::dynamic(7).write(&parent);
    assert_eq!(fits(&child, &parent).unwrap(), ChildFit::ParentChanged);
}

#[test]
fn a_parent_that_was_moved_is_told_from_another_one() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    let moved = shelf.path("images/base.vhdx");
    fs::rename(&parent, &moved).unwrap();
    assert_eq!(fits(&child, &moved).unwrap(), ChildFit::ParentMoved);
    let other = shelf.path("other.vhdx");
    Vhdx::dynamic(7).write(&other);
    assert_eq!(fits(&child, &other).unwrap(), ChildFit::OtherParent);
}

#[test]
fn a_copy_of_the_parent_is_not_the_parent() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    let copy = shelf.path("copy.vhdx");
    fs::copy(&parent, &copy).unwrap();
    assert_eq!(fits(&child, &copy).unwrap(), ChildFit::OtherParent);
}

#[test]
fn a_disk_without_a_parent_and_one_of_the_other_format_are_told() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    assert_eq!(fits(&parent, &child).unwrap(), ChildFit::NotDifferencing);
    let vhd = shelf.path("base.vhd");
    Vhd::new(Type::Fixed, 1).write(&vhd);
    assert_eq!(fits(&child, &vhd).unwrap(), ChildFit::OtherParent);
}

#[test]
fn an_unreadable_child_or_parent_is_a_fault_that_names_it() {
    let shelf = Shelf::new();
    let (child, parent) = pair(&shelf);
    let missing = shelf.path("missing.vhdx");
    let names = |fault: ImageFault, path: &Path| fault.to_string().contains(path.to_str().unwrap());
    assert!(names(fits(&child, &missing).unwrap_err(), &missing));
    assert!(names(fits(&missing, &parent).unwrap_err(), &missing));
    let mut open = Vhdx::dynamic(1);
    open.log_id = 3;
    open.write(&parent);
    assert!(matches!(fits(&child, &parent), Err(ImageFault::DirtyLog { .. })));
}

#[test]
fn a_vhd_keeps_its_id_so_the_time_of_its_parent_is_compared() {
    const IN_2000: u64 = 946_684_800;
    let shelf = Shelf::new();
    let (parent, child) = (shelf.path("base.vhd"), shelf.path("web.vhd"));
    Vhd::new(Type::Dynamic, 1).write(&parent);
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(IN_2000 + 800_000_000);
    OpenOptions::new().write(true).open(&parent).unwrap().set_modified(written).unwrap();
    let fit = |noted: u32| {
        let mut disk = Vhd::child(2, 1, r".\base.vhd");
        disk.parent_written = noted;
        disk.write(&child);
        fits(&child, &parent).unwrap()
    };
    assert_eq!(fit(800_000_000), ChildFit::Fits);
    assert_eq!(fit(799_999_998), ChildFit::Fits);
    assert_eq!(fit(799_999_997), ChildFit::Undated);
    assert_eq!(fit(0), ChildFit::Undated);
}
