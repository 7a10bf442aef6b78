//! Where the machines' files are made: whether Hyper-V can use the folder, whether its paths are short enough, whether
//! there is room.

use serde::Deserialize;

use crate::config::DiskStrategy;
use crate::error::Code;

use super::super::creation::parent;
use super::super::disks::Presence;
use super::super::storage::Storage;
use super::super::volume::Volume;
use super::finding::{Finding, Severity};
use super::need::Need;

const MB: u64 = 1024 * 1024;

/// A VM and its checkpoints add up to 60 characters to the path of its disk, and Windows ends at 260.
const LONG_PATH: usize = 200;
/// What a new differencing disk and the files of a VM take.
const NEW_FILES: u64 = 64 * MB;
/// How much a differencing disk may grow soon: an update of the system in it takes more.
const GROWTH: u64 = 1024 * MB;

/// What PowerShell found out of the folder for virtual disks, or of the nearest one above that is there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SystemAccess {
    /// That folder.
    pub folder: String,
    /// Whether SYSTEM, which runs Hyper-V, has full control of what is made in it; `None` where that is not known.
    #[serde(default)]
    pub granted: Option<bool>,
}

pub(super) fn findings(
    storage: &dyn Storage,
    needs: &[Need<'_>],
    access: Option<&SystemAccess>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders: Vec<&str> = Vec::new();
    for making in needs.iter().filter_map(|need| need.making.as_ref()) {
        let folder = parent(&making.folder);
        if !folders.contains(&folder) {
            folders.push(folder);
            findings.extend(unusable(storage, folder));
        }
    }
    if let Some(SystemAccess { folder, granted: Some(false) }) = access
        && !folders.is_empty()
    {
        findings.push(
            Finding::new(
                Code::ArtifactPathUnusable,
                Severity::Warning,
                &format!("SYSTEM, which runs Hyper-V, has no full control of the folder {folder}; a VM may be refused \
                     its disk there."),
                &format!("icacls \"{folder}\" /grant *S-1-5-18:(OI)(CI)F"),
            )
            .at(folder),
        );
    }
    findings.extend(needs.iter().filter_map(long_path));
    findings.extend(space(storage, needs));
    findings
}

/// What keeps Hyper-V from the disks that are made in a folder.
fn unusable(storage: &dyn Storage, folder: &str) -> Vec<Finding> {
    let finding = |what: &str, remedy: &str| {
        let message = format!("The folder for virtual disks, {folder}, {what}.");
        Finding::new(Code::ArtifactPathUnusable, Severity::Error, &message, remedy).at(folder)
    };
    if storage.presence(folder) == Presence::File {
        return vec![finding(
            "is a file",
            "Move that file away, or set settings.artifact_path to another folder.",
        )];
    }
    let traits = storage.traits(folder);
    if !traits.local {
        let elsewhere = "Set settings.artifact_path to a folder on a disk of this computer.";
        return vec![finding(
            "is on another computer, to which Hyper-V does not get as your account",
            elsewhere,
        )];
    }
    let mut findings = Vec::new();
    if traits.compressed {
        let what = "is compressed, and so is what is made in it; Hyper-V starts no VM from a compressed disk";
        findings.push(finding(
            what,
            &format!(
                "Where it is there: compact /U \"{folder}\". Or set settings.artifact_path to another folder."
            ),
        ));
    }
    if traits.encrypted {
        let what = "is encrypted, and so is what is made in it; Hyper-V starts no VM from an encrypted disk";
        findings.push(finding(
            what,
            &format!(
                "Where it is there: cipher /D \"{folder}\". Or set settings.artifact_path to another folder."
            ),
        ));
    }
    if traits.placeholder {
        let what = "is kept in a cloud, which takes the content of files away";
        findings.push(finding(
            what,
            "Set settings.artifact_path to a folder that no cloud program keeps, as ~\\.ragnatramp is.",
        ));
    }
    findings
}

fn long_path(need: &Need<'_>) -> Option<Finding> {
    let path = &need.making.as_ref()?.disk_place;
    let length = path.encode_utf16().count();
    (length >= LONG_PATH).then(|| {
        let message = format!(
            "the path of its disk has {length} characters; its checkpoints add up to 60, and Windows ends at \
             260: {path}"
        );
        let remedy = "Set settings.artifact_path to a folder with a shorter path.";
        Finding::new(Code::PathTooLong, Severity::Warning, &message, remedy)
            .of(&[&need.machine.name])
            .at(path)
    })
}

/// What is made on one volume.
struct Load<'a> {
    volume: Volume,
    bytes: u64,
    growth: u64,
    machines: Vec<&'a str>,
}

/// Whether there is room for all that is made on each volume, by all machines together.
fn space(storage: &dyn Storage, needs: &[Need<'_>]) -> Vec<Finding> {
    let mut loads: Vec<Load<'_>> = Vec::new();
    for need in needs {
        let (place, bytes, growth) = match (need.new_disk(), &need.saves_to) {
            (Some(disk), _) => {
                let (bytes, growth) = disk_bytes(storage, need, disk);
                (disk, bytes, growth)
            }
            (None, Some(folder)) => (folder.as_str(), u64::from(need.machine.memory) * MB, 0),
            (None, None) => continue,
        };
        let Some(volume) = storage.volume(place) else { continue };
        let at = loads.iter().position(|load| load.volume.name == volume.name).unwrap_or_else(|| {
            loads.push(Load { volume, bytes: 0, growth: 0, machines: Vec::new() });
            loads.len() - 1
        });
        if let Some(load) = loads.get_mut(at) {
            load.bytes = load.bytes.saturating_add(bytes);
            load.growth = load.growth.saturating_add(growth);
            load.machines.push(&need.machine.name);
        }
    }
    loads.iter().filter_map(scarce).collect()
}

/// How many bytes its disk takes at once, and how many more soon.
fn disk_bytes(storage: &dyn Storage, need: &Need<'_>, disk: &str) -> (u64, u64) {
    match need.machine.disk_strategy {
        DiskStrategy::Differencing => (NEW_FILES, GROWTH),
        DiskStrategy::Copy => {
            let image = storage.length(&need.machine.base_image).unwrap_or(0);
            // What an interrupted copy left is deleted first.
            let left = storage.length(&format!("{disk}.partial")).unwrap_or(0);
            (image.saturating_sub(left).saturating_add(NEW_FILES), 0)
        }
    }
}

fn scarce(load: &Load<'_>) -> Option<Finding> {
    let Load { volume: Volume { name, free_bytes }, bytes, growth, machines } = load;
    let (severity, wanted, what) = if bytes > free_bytes {
        (Severity::Error, *bytes, "their files take")
    } else if bytes.saturating_add(*growth) > *free_bytes {
        (Severity::Warning, bytes.saturating_add(*growth), "their files will soon take")
    } else {
        return None;
    };
    let message =
        format!("{what} {} MB on {name}, where {} MB are free.", wanted.div_ceil(MB), free_bytes / MB);
    let remedy = "Make room there, or set settings.artifact_path to a folder on another disk; disk_strategy: \
                  differencing takes less than copy.";
    Some(Finding::new(Code::DiskSpace, severity, &message, remedy).of(machines).at(name))
}
