//! The host, the folder for virtual disks, and which machines are looked at.

use ragnatramp::config::{DiskStrategy, Generation};
use ragnatramp::error::Code;
use ragnatramp::image::FileTraits;
use ragnatramp::lifecycle::{HostFacts, Presence, SystemAccess, preflight};

use super::{ERROR, FOLDER, GB, Host, IMAGE, PLAIN, WARNING};
use crate::lab::vm_name;

#[test]
fn a_host_that_has_everything_has_no_findings() {
    assert_eq!(Host::new(&["web", "db"]).find(), []);
    assert_eq!(Host::copying(&["web", "db"]).find(), []);
}

#[test]
fn all_is_told_at_once_and_each_finding_has_its_remedy() {
    let mut host = Host::new(&["web", "db", "deep"]);
    host.inventory.host = HostFacts {
        logical_processors: Some(1),
        free_memory_bytes: Some(GB),
        switch_ids: Some(vec!["another".into()]),
    };
    host.config.machines[1].base_image = "D:\\Images\\other.vhdx".into();
    host.config.machines[1].disk_strategy = DiskStrategy::Copy;
    host.config.machines[2].generation = Some(Generation::One);
    host.lengths.insert("D:\\Images\\other.vhdx".into(), 200 * GB);
    host.config.artifact_path = format!("D:\\{}", "x".repeat(200));
    let folder = host.config.artifact_path.clone();
    host.traits.insert(IMAGE.into(), FileTraits { sparse: true, ..PLAIN });
    host.traits.insert(folder.clone(), FileTraits { compressed: true, ..PLAIN });
    host.access = Some(SystemAccess { folder: "D:\\".into(), granted: Some(false) });
    let found = host.find();
    let codes: Vec<Code> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(
        codes,
        [
            Code::DefaultSwitchNotFound,
            Code::HostLimit,
            Code::HostLimit,
            Code::HostLimit,
            Code::HostLimit,
            Code::GenerationMismatch,
            Code::ImageSparse,
            Code::ArtifactPathUnusable,
            Code::ArtifactPathUnusable,
            Code::PathTooLong,
            Code::PathTooLong,
            Code::PathTooLong,
            Code::DiskSpace,
        ]
    );
    for finding in &found {
        assert!(!finding.remedy.is_empty(), "{finding:?}");
        assert!(finding.message.ends_with('.') || finding.path.is_some(), "{finding:?}");
    }
}

#[test]
fn a_missing_default_switch_is_explained_and_nobody_is_told_to_make_one() {
    let mut host = Host::new(&["web"]);
    host.inventory.host.switch_ids = Some(vec!["d1f28d3c-2f5f-4a5c-8d3c-000000000000".into()]);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::DefaultSwitchNotFound, ERROR));
    assert!(finding.remedy.contains("restarted"), "{}", finding.remedy);
    assert!(!finding.remedy.contains("New-VMSwitch"));
    host.inventory.host.switch_ids = None;
    assert_eq!(host.find(), [], "what could not be asked is not missing");
}

#[test]
fn more_processors_than_the_host_has_are_an_error_of_that_machine() {
    let mut host = Host::new(&["web", "db"]);
    host.config.machines[1].cpu = 8;
    assert_eq!(host.find(), []);
    host.config.machines[1].cpu = 9;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::HostLimit, ERROR));
    assert_eq!(finding.machine_name.unwrap().as_str(), "db");
    assert_eq!(finding.remedy, "Set its cpu to 8 or less.");
    host.inventory.host.logical_processors = None;
    assert_eq!(host.find(), [], "Get-VMHost may be refused");
}

#[test]
fn too_little_memory_for_all_together_is_a_warning() {
    let mut host = Host::new(&["web", "db"]);
    host.inventory.host.free_memory_bytes = Some(3 * GB);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::HostLimit, WARNING));
    assert!(finding.message.starts_with("web, db: starting takes 4096 MB"), "{}", finding.message);
    host.config.auto_start = false;
    assert_eq!(host.find(), [], "what is not started takes no memory");
}

#[test]
fn a_folder_that_hyper_v_cannot_use_is_an_error_told_once() {
    let traits = [
        (FileTraits { compressed: true, ..PLAIN }, "compact /U"),
        (FileTraits { encrypted: true, ..PLAIN }, "cipher /D"),
        (FileTraits { placeholder: true, ..PLAIN }, "cloud"),
        (FileTraits { local: false, ..PLAIN }, "this computer"),
    ];
    for (traits, remedy) in traits {
        let finding = Host::copying(&["web", "db"]).with_traits(FOLDER, traits).only();
        assert_eq!((finding.code, finding.severity), (Code::ArtifactPathUnusable, ERROR));
        assert!(finding.remedy.contains(remedy), "{}", finding.remedy);
        assert_eq!(finding.path.as_deref(), Some(FOLDER));
    }
    let mut host = Host::new(&["web"]);
    host.present.insert(FOLDER.into(), Presence::File);
    assert_eq!(host.told(), [(Code::ArtifactPathUnusable, ERROR)]);
}

#[test]
fn a_folder_without_rights_for_system_is_a_warning_with_the_command() {
    let mut host = Host::new(&["web"]);
    host.access = Some(SystemAccess { folder: "D:\\".into(), granted: Some(false) });
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::ArtifactPathUnusable, WARNING));
    assert!(finding.remedy.starts_with("icacls \"D:\\\" /grant *S-1-5-18:"), "{}", finding.remedy);
    for granted in [None, Some(true)] {
        host.access = Some(SystemAccess { folder: "D:\\".into(), granted });
        assert_eq!(host.find(), []);
    }
}

#[test]
fn a_path_of_200_characters_is_warned_of_and_one_of_199_is_not() {
    let mut host = Host::new(&["web"]);
    let rest = format!("D:\\\\{}\\web.vhdx", vm_name("web")).len();
    host.config.artifact_path = format!("D:\\{}", "ä".repeat(199 - rest));
    assert_eq!(host.told(), []);
    host.config.artifact_path.push('ä');
    assert_eq!(host.told(), [(Code::PathTooLong, WARNING)]);
}

#[test]
fn the_copies_of_all_machines_on_one_volume_add_up() {
    let mut host = Host::copying(&["web", "db"]);
    host.free.insert('D', 8 * GB);
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::DiskSpace, ERROR));
    assert_eq!(finding.message, "web, db: their files take 8320 MB on D:\\, where 8192 MB are free.");
    let web = format!("{FOLDER}\\{}\\web.vhdx.partial", vm_name("web"));
    host.lengths.insert(web, GB);
    assert_eq!(host.told(), [], "what an interrupted copy left is deleted first");
    host.free.clear();
    assert_eq!(host.told(), [], "what is not known is not told");
}

#[test]
fn differencing_disks_take_little_and_a_disk_that_is_nearly_full_is_warned_of() {
    let mut host = Host::new(&["web", "db"]);
    host.free.insert('D', GB);
    assert_eq!(host.told(), [(Code::DiskSpace, WARNING)]);
    host.free.insert('D', GB / 10);
    assert_eq!(host.told(), [(Code::DiskSpace, ERROR)]);
    // 64 MB for each at once, and 1 GB more soon; what is there to the byte is enough.
    let (at_once, soon) = (GB / 8, 2 * GB + GB / 8);
    for (free, told) in [
        (at_once - 1, Some((Code::DiskSpace, ERROR))),
        (at_once, Some((Code::DiskSpace, WARNING))),
        (soon - 1, Some((Code::DiskSpace, WARNING))),
        (soon, None),
    ] {
        host.free.insert('D', free);
        assert_eq!(host.told(), Vec::from_iter(told), "{free} bytes");
    }
}

#[test]
fn a_vm_that_saves_its_memory_when_the_host_stops_takes_that_much_room() {
    let mut host = Host::made("web");
    host.free.insert('D', GB);
    assert_eq!(host.told(), []);
    host.inventory.details[0].stop_action = "Save".into();
    assert_eq!(host.told(), [(Code::DiskSpace, ERROR)]);
}

#[test]
fn machines_that_were_not_asked_for_are_not_looked_at() {
    let mut host = Host::new(&["web", "db"]);
    host.config.machines[1].cpu = 9;
    let find =
        |name: &str| preflight(&host.config, &host.state, &host.inventory, &host, None, &[name.into()]).len();
    assert_eq!((find("web"), find("db")), (0, 1));
}

#[cfg(windows)]
#[test]
fn the_volume_of_a_path_that_is_not_there_is_that_of_the_folder_above() {
    use ragnatramp::lifecycle::{RealDisks, Storage};

    let shelf = crate::image_lab::Shelf::new();
    let folder = shelf.path("a");
    let volume = RealDisks.volume(folder.parent().unwrap().to_str().unwrap()).unwrap();
    assert!(volume.free_bytes > 0);
    let deeper = folder.join("b").join("c.vhdx");
    assert_eq!(RealDisks.volume(deeper.to_str().unwrap()).unwrap().name, volume.name);
}
