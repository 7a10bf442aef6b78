//! Base images: which can become a disk, and how.

use std::path::PathBuf;

use ragnatramp::config::Generation;
use ragnatramp::error::Code;
use ragnatramp::image::{FileTraits, Flaw, Format, Generations, ImageFault, Kind, Structure};
use ragnatramp::lifecycle::{RealDisks, Storage};

use super::{ERROR, Host, IMAGE, PLAIN, WARNING, image};
use crate::image_lab::{Shelf, cut, tables, vhdx};

type Fault = fn(PathBuf) -> ImageFault;

#[test]
fn an_image_that_is_not_there_is_told_once_with_all_its_machines() {
    let mut host = Host::new(&["web", "db"]);
    host.fault = Some(|path| ImageFault::NotThere { path });
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::BaseImageNotFound, ERROR));
    assert_eq!(finding.message, format!("web, db: the base image {IMAGE} is not there."));
    assert_eq!((finding.machine_name, finding.path.as_deref()), (None, Some(IMAGE)));
}

#[test]
fn an_image_that_cannot_be_read_says_why() {
    let faults: [(Fault, &str, &str); 5] = [
        (
            |path| ImageFault::Unreadable { path, source: std::io::ErrorKind::PermissionDenied.into() },
            "could not be read",
            "account",
        ),
        (|path| ImageFault::NotAnImage { path }, "neither a VHDX nor a VHD", "qemu-img"),
        (
            |path| ImageFault::Damaged {
                path,
                structure: Structure::Header,
                offset: 0,
                flaw: Flaw::CutShort,
            },
            "is damaged",
            "again",
        ),
        (|path| ImageFault::InUse { path, source: std::io::ErrorKind::Other.into() }, "in use", "Shut down"),
        (
            |path| ImageFault::ParentMissing { child: path, tried: Vec::new(), refused: Vec::new() },
            "parent of",
            "Convert-VHD",
        ),
    ];
    for (fault, reason, remedy) in faults {
        let mut host = Host::new(&["web"]);
        host.fault = Some(fault);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.message.contains(reason), "{}", finding.message);
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
    }
}

#[test]
fn an_image_that_is_open_is_a_warning_and_its_generation_is_asked_for() {
    let mut host = Host::new(&["web"]);
    host.fault = Some(|path| ImageFault::DirtyLog { path });
    assert_eq!(host.told(), [(Code::ImageUnusable, WARNING), (Code::GenerationUnknown, ERROR)]);
    host.config.machines[0].generation = Some(Generation::Two);
    assert_eq!(host.told(), [(Code::ImageUnusable, WARNING)]);
}

#[test]
fn an_unknown_generation_is_asked_for() {
    let mut host = Host::new(&["web"]);
    host.generations = Generations::Unknown;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::GenerationUnknown, ERROR));
    assert!(finding.message.contains("no partition table"), "{}", finding.message);
    assert!(finding.remedy.contains("generation: 1"), "{}", finding.remedy);
}

#[test]
fn a_generation_that_does_not_start_the_image_is_told() {
    let mut host = Host::new(&["web"]);
    host.config.machines[0].generation = Some(Generation::One);
    assert_eq!(host.told(), [(Code::GenerationMismatch, WARNING)]);
    host.generations = Generations::Both;
    assert_eq!(host.told(), []);

    host.config.machines[0].base_image = "D:\\Images\\base.vhd".into();
    host.image = image(Format::Vhd, Kind::Dynamic);
    host.config.machines[0].generation = Some(Generation::Two);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::GenerationMismatch, ERROR));
    assert!(finding.remedy.contains("Convert-VHD \"D:\\Images\\base.vhd\" \"D:\\Images\\base.vhdx\""));
    host.config.machines[0].generation = None;
    host.generations = Generations::Unknown;
    assert_eq!(host.told(), [(Code::GenerationMismatch, WARNING)]);
}

#[test]
fn a_generation_that_does_not_start_the_image_is_told_with_the_one_that_does() {
    for (starts, gets, other, number) in
        [(Generations::Two, Generation::One, 2, 1), (Generations::One, Generation::Two, 1, 2)]
    {
        let mut host = Host::new(&["web"]);
        host.generations = starts;
        host.config.machines[0].generation = Some(gets);
        let finding = host.only();
        assert_eq!(
            finding.message,
            format!(
                "web: the base image {IMAGE} starts in a VM of generation {other} only, and this one gets generation \
                 {number}: its screen would stay black."
            )
        );
        assert!(finding.remedy.contains(&format!("set it to {other}.")), "{}", finding.remedy);
    }
}

#[test]
fn a_sparse_image_is_an_error_for_a_differencing_disk_only() {
    let sparse = FileTraits { sparse: true, ..PLAIN };
    let finding = Host::new(&["web"]).with_traits(IMAGE, sparse).only();
    assert_eq!((finding.code, finding.severity), (Code::ImageSparse, ERROR));
    assert_eq!(finding.remedy, format!("fsutil sparse setflag \"{IMAGE}\" 0"));
    assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, sparse).find(), []);
}

#[test]
fn a_compressed_encrypted_or_distant_image_is_an_error_for_a_differencing_disk_only() {
    let traits = [
        (FileTraits { compressed: true, ..PLAIN }, "compact /U"),
        (FileTraits { encrypted: true, ..PLAIN }, "cipher /D"),
        (FileTraits { local: false, ..PLAIN }, "disk_strategy: copy"),
    ];
    for (traits, remedy) in traits {
        let finding = Host::new(&["web"]).with_traits(IMAGE, traits).only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
        assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, traits).find(), []);
    }
}

#[test]
fn an_image_that_is_in_a_cloud_only_is_an_error_or_for_a_copy_a_warning() {
    let traits = FileTraits { placeholder: true, ..PLAIN };
    assert_eq!(Host::new(&["web"]).with_traits(IMAGE, traits).told(), [(Code::ImageUnusable, ERROR)]);
    assert_eq!(Host::copying(&["web"]).with_traits(IMAGE, traits).told(), [(Code::ImageUnusable, WARNING)]);
}

#[test]
fn an_image_that_is_a_child_itself_is_a_warning_or_for_a_copy_an_error() {
    for (mut host, severity) in [(Host::new(&["web"]), WARNING), (Host::copying(&["web"]), ERROR)] {
        host.image = image(Format::Vhdx, Kind::Differencing);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, severity));
        assert!(finding.remedy.contains("Convert-VHD"));
    }
}

#[test]
fn the_disk_of_a_checkpoint_and_a_name_that_lies_are_errors() {
    for path in ["D:\\Images\\a.avhdx", "D:\\Images\\base.img", "D:\\Images\\base.vhd"] {
        let mut host = Host::new(&["web"]);
        host.config.machines[0].base_image = path.into();
        host.config.machines[0].generation = Some(Generation::Two);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR), "{path}");
    }
}

#[test]
fn the_disk_of_another_vm_is_an_error_and_the_vm_is_named() {
    for checkpoint in [None, Some("c1")] {
        let finding = Host::new(&["web"]).with_stranger("Off", checkpoint).only();
        assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, ERROR));
        assert!(finding.message.contains("VM other"), "{}", finding.message);
    }
    let mut running = Host::new(&["web"]).with_stranger("Running", None);
    running.fault = Some(|path| ImageFault::InUse { path, source: std::io::ErrorKind::Other.into() });
    assert!(running.only().message.contains("VM other"), "told once, with the name");

    let copies = |state, checkpoint| Host::copying(&["web"]).with_stranger(state, checkpoint).told();
    assert_eq!(copies("Off", None), [(Code::ImageUnusable, WARNING)]);
    assert_eq!(copies("Running", None), [(Code::ImageUnusable, ERROR)]);
    assert_eq!(copies("Off", Some("c1")), [(Code::ImageUnusable, ERROR)]);
}

#[test]
fn a_machine_that_is_complete_needs_no_image_and_one_that_runs_needs_nothing() {
    let mut host = Host::made("web");
    host.fault = Some(|path| ImageFault::NotThere { path });
    host.config.machines[0].cpu = 9;
    assert_eq!(host.told(), []);
    host.inventory.host.switch_ids = Some(Vec::new());
    host.inventory.host.free_memory_bytes = Some(0);
    assert_eq!(host.told(), [(Code::DefaultSwitchNotFound, ERROR), (Code::HostLimit, WARNING)]);
    host.inventory.vms[0].state = "Running".into();
    assert_eq!(host.told(), []);
}

#[test]
fn without_an_answer_of_hyper_v_the_images_of_machines_that_nobody_began_are_looked_at() {
    let mut host = Host::new(&["web"]);
    host.inventory.complete = false;
    host.fault = Some(|path| ImageFault::NotThere { path });
    assert_eq!(host.told(), [(Code::BaseImageNotFound, ERROR)]);
    host.state = crate::lab::fresh_state(&["web"]);
    assert_eq!(host.told(), [], "its VM may be there, complete");
}

#[test]
fn what_a_file_name_holds_does_not_act_on_a_terminal() {
    let mut host = Host::new(&["web"]);
    host.config.machines[0].base_image = "D:\\a\u{1b}[2J.vhdx".into();
    host.traits.insert("D:\\a\u{1b}[2J.vhdx".into(), FileTraits { sparse: true, ..PLAIN });
    let finding = host.only();
    assert!(!finding.message.contains('\u{1b}') && !finding.remedy.contains('\u{1b}'), "{finding:?}");
}

#[test]
fn real_images_are_read_with_those_below_them() {
    let shelf = Shelf::new();
    let (base, child) = (shelf.path("base.vhdx"), shelf.path("child.vhdx"));
    let data = tables::gpt(512, &[tables::EFI_SYSTEM]);
    vhdx::Vhdx { data: vec![(0, data)], ..vhdx::Vhdx::dynamic(7) }.write(&base);
    vhdx::Vhdx::child(8, 7, "base.vhdx").write(&child);
    let read = |path: &PathBuf| RealDisks.image(path.to_str().unwrap());
    assert_eq!(read(&base).unwrap().kind, Kind::Dynamic);
    assert_eq!(read(&child).unwrap().kind, Kind::Differencing);
    assert_eq!(RealDisks.length(base.to_str().unwrap()), Some(base.metadata().unwrap().len()));
    std::fs::rename(&base, shelf.path("moved.vhdx")).unwrap();
    assert!(matches!(read(&child), Err(ImageFault::ParentMissing { .. })));
    cut(&child, 1000);
    assert!(matches!(read(&child), Err(ImageFault::Damaged { .. })));
    assert!(matches!(read(&base), Err(ImageFault::NotThere { .. })));
}
