//! Copies and deletions of disk files: nothing is overwritten, nothing but what was named is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use ragnatramp::error::Error;
#[cfg(unix)]
use ragnatramp::lifecycle::Presence;
use ragnatramp::lifecycle::{Disks, Fit, RealDisks, copy_piece, delete_file, delete_folder};
use tempfile::TempDir;

use crate::image_lab::vhd::{Type, Vhd};
use crate::image_lab::vhdx::Vhdx;
use crate::image_lab::{MIB, Shelf};

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn with(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.at(name), bytes).unwrap();
        self.at(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn code(error: &Error) -> String {
    assert!(error.remedy.is_some());
    serde_json::json!(error.code).as_str().unwrap().to_owned()
}

/// 3 MB that are not all alike.
fn image() -> Vec<u8> {
    (0..3_000_000u32).map(|number| (number % 251) as u8).collect()
}

#[test]
fn a_copy_is_whole_has_its_name_and_leaves_nothing_beside_it() {
    for bytes in [image(), Vec::new()] {
        let place = Place::new();
        let source = place.with("base.vhdx", &bytes);
        let mut copied = copy_piece(&source, &place.at("web.vhdx"), true).unwrap();
        while !copied.done {
            copied = copy_piece(&source, &place.at("web.vhdx"), false).unwrap();
        }
        assert_eq!((copied.copied_bytes, copied.total_bytes), (bytes.len() as u64, bytes.len() as u64));
        assert_eq!(fs::read(place.at("web.vhdx")).unwrap(), bytes);
        assert_eq!(place.names(), ["base.vhdx", "web.vhdx"]);
    }
}

#[test]
fn a_copy_goes_on_after_any_piece_and_begins_anew_after_an_interruption() {
    let bytes = image();
    for there in [0, 1, 1 << 20, bytes.len() - 1, bytes.len()] {
        let place = Place::new();
        let source = place.with("base.vhdx", &bytes);
        place.with("web.vhdx.partial", &bytes[..there]);
        while !copy_piece(&source, &place.at("web.vhdx"), false).unwrap().done {}
        assert_eq!(fs::read(place.at("web.vhdx")).unwrap(), bytes, "after {there} bytes");
    }
    let place = Place::new();
    let source = place.with("base.vhdx", &bytes);
    // What is left of the copy of another image.
    place.with("web.vhdx.partial", &[7; 1000]);
    let mut copied = copy_piece(&source, &place.at("web.vhdx"), true).unwrap();
    while !copied.done {
        copied = copy_piece(&source, &place.at("web.vhdx"), false).unwrap();
    }
    assert_eq!(fs::read(place.at("web.vhdx")).unwrap(), bytes);
}

#[test]
fn what_is_at_the_target_is_never_overwritten() {
    let place = Place::new();
    let source = place.with("base.vhdx", b"new");
    let target = place.with("web.vhdx", b"data");
    for restart in [true, false] {
        assert_eq!(code(&copy_piece(&source, &target, restart).unwrap_err()), "DISK_IN_PLACE");
    }
    fs::create_dir(place.at("folder.vhdx")).unwrap();
    assert_eq!(code(&copy_piece(&source, &place.at("folder.vhdx"), true).unwrap_err()), "DISK_IN_PLACE");
    assert_eq!(fs::read(target).unwrap(), b"data");
    assert_eq!(place.names(), ["base.vhdx", "folder.vhdx", "web.vhdx"]);
}

#[test]
fn a_source_that_is_gone_or_became_shorter_ends_the_copy_with_an_error() {
    let place = Place::new();
    let gone = copy_piece(&place.at("base.vhdx"), &place.at("web.vhdx"), true).unwrap_err();
    assert_eq!(code(&gone), "DISK_IO_FAILED");
    assert_eq!(gone.place.path.as_deref(), place.at("base.vhdx").to_str());
    let source = place.with("base.vhdx", b"short");
    place.with("web.vhdx.partial", b"longer than its source");
    let shorter = copy_piece(&source, &place.at("web.vhdx"), false).unwrap_err();
    assert!(shorter.message.contains("became shorter"), "{}", shorter.message);
    assert!(!place.at("web.vhdx").exists());
}

#[test]
fn a_copy_into_a_folder_that_is_not_there_or_from_a_folder_is_an_error() {
    let place = Place::new();
    let source = place.with("base.vhdx", b"x");
    assert_eq!(code(&copy_piece(&source, &place.at("no/web.vhdx"), true).unwrap_err()), "DISK_IO_FAILED");
    assert_eq!(code(&copy_piece(place.folder.path(), &place.at("w"), true).unwrap_err()), "DISK_IO_FAILED");
    assert!(!place.at("w").exists());
}

/// A device on which there is never room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_copy_with_an_error_and_without_the_target() {
    let place = Place::new();
    let source = place.with("base.vhdx", &image());
    std::os::unix::fs::symlink("/dev/full", place.at("web.vhdx.partial")).unwrap();
    let error = copy_piece(&source, &place.at("web.vhdx"), false).unwrap_err();
    assert_eq!(code(&error), "DISK_IO_FAILED");
    assert!(!place.at("web.vhdx").exists());
}

#[test]
fn a_file_is_deleted_and_one_that_is_not_there_counts_as_deleted() {
    let place = Place::new();
    // Windows has no file names with an asterisk.
    let file = place.with(if cfg!(windows) { "web [1].vhdx" } else { "web [1]*.vhdx" }, b"x");
    place.with("web 1.vhdx", b"x");
    for _ in 0..2 {
        assert!(delete_file(&file).unwrap().done);
    }
    assert!(delete_file(Path::new(&place.at("no/web.vhdx"))).unwrap().done);
    assert_eq!(place.names(), ["web 1.vhdx"]);
}

/// Windows tells it as a path that is not there.
#[cfg(unix)]
#[test]
fn what_cannot_be_looked_at_does_not_count_as_deleted() {
    let place = Place::new();
    let below_a_file = place.with("web.vhdx", b"x").join("inner");
    for deleted in [delete_file(&below_a_file), delete_folder(&below_a_file)] {
        assert_eq!(code(&deleted.unwrap_err()), "DISK_IO_FAILED");
    }
    let presence = RealDisks.presence(below_a_file.to_str().unwrap());
    assert!(matches!(presence, Presence::Unknown(_)), "{presence:?}");
}

/// Windows has no such file and no such name of a folder.
#[cfg(target_os = "linux")]
#[test]
fn what_the_system_refuses_to_delete_is_an_error_and_not_gone() {
    let error = delete_file(Path::new("/proc/self/status")).unwrap_err();
    assert_eq!(code(&error), "DISK_IO_FAILED");
    let place = Place::new();
    fs::create_dir(place.at("vm")).unwrap();
    assert_eq!(code(&delete_folder(&place.at("vm/.")).unwrap_err()), "DISK_IO_FAILED");
    assert_eq!(place.names(), ["vm"]);
}

#[test]
fn a_read_only_file_is_deleted() {
    let place = Place::new();
    let file = place.with("web.vhdx", b"x");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    assert!(delete_file(&file).unwrap().done);
    assert_eq!(place.names(), [""; 0]);
}

#[test]
fn a_folder_is_not_deleted_as_a_file_and_a_file_not_as_a_folder() {
    let place = Place::new();
    let file = place.with("web.vhdx", b"x");
    fs::create_dir(place.at("folder")).unwrap();
    let left = delete_file(&place.at("folder")).unwrap();
    assert_eq!((left.done, left.can_retry, left.left.as_deref()), (false, false, Some("it is no file")));
    let left = delete_folder(&file).unwrap();
    assert_eq!((left.done, left.left.as_deref()), (false, Some("it is no folder")));
    assert_eq!(place.names(), ["folder", "web.vhdx"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let place = Place::new();
    let file = place.with("base.vhdx", b"x");
    fs::create_dir(place.at("folder")).unwrap();
    std::os::unix::fs::symlink(&file, place.at("web.vhdx")).unwrap();
    std::os::unix::fs::symlink(place.at("folder"), place.at("link")).unwrap();
    assert!(!delete_file(&place.at("web.vhdx")).unwrap().done);
    assert!(!delete_folder(&place.at("link")).unwrap().done);
    assert_eq!(place.names(), ["base.vhdx", "folder", "link", "web.vhdx"]);
    // Nor one inside that has the name of a folder of Hyper-V's.
    std::os::unix::fs::symlink(place.at("folder"), place.at("folder/Snapshots")).unwrap();
    let left = delete_folder(&place.at("folder")).unwrap();
    assert_eq!(left.left.as_deref(), Some("it holds Snapshots"));
}

#[test]
fn a_folder_goes_with_hyper_vs_own_empty_folders() {
    let place = Place::new();
    for name in ["Virtual Machines", "Snapshots", "Virtual Hard Disks"] {
        fs::create_dir_all(place.at("vm").join(name)).unwrap();
    }
    for _ in 0..2 {
        assert!(delete_folder(&place.at("vm")).unwrap().done);
    }
    assert_eq!(place.names(), [""; 0]);
}

#[test]
fn what_somebody_put_into_a_folder_stays_and_is_named() {
    let place = Place::new();
    fs::create_dir_all(place.at("vm/Virtual Machines")).unwrap();
    fs::create_dir_all(place.at("vm/Snapshots")).unwrap();
    fs::write(place.at("vm/Snapshots/kept.vmcx"), b"x").unwrap();
    fs::write(place.at("vm/notes.txt"), b"x").unwrap();
    let left = delete_folder(&place.at("vm")).unwrap();
    let told = left.left.unwrap();
    assert!(!left.done && told.contains("notes.txt") && told.contains("Snapshots"), "{told}");
    assert!(place.at("vm/Snapshots/kept.vmcx").exists() && place.at("vm/notes.txt").exists());
}

#[test]
fn only_a_whole_disk_of_the_format_and_the_size_of_the_image_counts_as_its_copy() {
    let shelf = Shelf::new();
    let [image, copy, larger, child] =
        ["image", "copy", "larger", "child"].map(|name| shelf.path(&format!("{name}.vhdx")));
    Vhdx::dynamic(1).write(&image);
    Vhdx::dynamic(2).write(&copy);
    Vhdx { virtual_size: 65 * MIB, ..Vhdx::dynamic(3) }.write(&larger);
    Vhdx::child(4, 1, "image.vhdx").write(&child);
    let vhd = shelf.path("other.vhd");
    Vhd { virtual_size: 64 * MIB, ..Vhd::new(Type::Dynamic, 5) }.write(&vhd);
    let text = shelf.raw("text.vhdx", 4096, b"text");
    let other = |what: &str| Fit::Other(what.to_owned());
    for (disk, fit) in [
        (copy, Fit::Fits),
        (larger, other("a disk of another size")),
        (child, other("a differencing disk")),
        (vhd, other("a disk of another format")),
        (text, other("no disk image")),
    ] {
        assert_eq!(RealDisks.is_copy(disk.to_str().unwrap(), image.to_str().unwrap()), fit, "{disk:?}");
    }
    let gone = RealDisks.is_copy(shelf.path("gone.vhdx").to_str().unwrap(), image.to_str().unwrap());
    assert!(matches!(gone, Fit::Unknown(_)), "{gone:?}");
}

#[test]
fn the_disks_that_a_disk_is_made_of_are_told_as_far_as_they_can_be_read() {
    let shelf = Shelf::new();
    let [image, child] = ["image", "child"].map(|name| shelf.path(&format!("{name}.vhdx")));
    Vhdx::dynamic(1).write(&image);
    Vhdx::child(2, 1, "image.vhdx").write(&child);
    let text = shelf.raw("text.vhdx", 4096, b"text");
    let chain = |path: &Path| RealDisks.chain(path.to_str().unwrap());
    let told = |paths: &[&Path]| paths.iter().map(|path| path.to_str().unwrap().to_owned()).collect();
    assert_eq!(chain(&child), Some(told(&[&child, &image])));
    assert_eq!(chain(&text), None);
    fs::remove_file(&image).unwrap();
    assert_eq!(chain(&child), Some(told(&[&child])));
}

#[test]
fn what_cannot_be_deleted_at_the_name_of_an_unfinished_copy_is_told_as_that() {
    let place = Place::new();
    let source = place.with("base.vhdx", b"x");
    let partial = place.at("web.vhdx.partial");
    fs::create_dir(&partial).unwrap();
    let error = copy_piece(&source, &place.at("web.vhdx"), true).unwrap_err();
    assert_eq!(code(&error), "DISK_IO_FAILED");
    let begins = format!("Could not delete {}: ", partial.display());
    assert!(error.message.starts_with(&begins), "{}", error.message);
}
