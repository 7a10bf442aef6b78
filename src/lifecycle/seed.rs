//! The disc that names a machine at its first boot: what it is, when it is written and attached. It belongs to the disk: a
//! machine that has had its first boot never gets another one.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::action::{Refusal, Step};
use super::disks::Presence;
use super::subject::{Subject, World};
use crate::config::names::same_path;
use crate::config::{FirstBoot, Machine, NamedFile};
use crate::error::{Code, Error, Result};
use crate::state::{IntentKind, SeedDisc, SeedKind};

/// What is left to do about a disc.
#[derive(Default)]
pub(super) struct SeedWork {
    /// That of an earlier disk of the machine is deleted, before anything is begun.
    pub(super) stale: Option<Step>,
    pub(super) write: Option<Step>,
    pub(super) attach: Option<Step>,
}

/// The kind of disc that the config asks for.
pub(super) fn kind(machine: &Machine) -> Option<SeedKind> {
    machine.first_boot().map(kind_of)
}

fn kind_of(first_boot: FirstBoot<'_>) -> SeedKind {
    match first_boot {
        FirstBoot::CloudInit(_) => SeedKind::CloudInit,
        FirstBoot::Unattend(_) => SeedKind::Unattend,
    }
}

/// The name of a disc's file.
pub(super) fn file_name(machine: &Machine, kind: SeedKind) -> String {
    let what = match kind {
        SeedKind::CloudInit => "seed",
        SeedKind::Unattend => "unattend",
    };
    format!("{}-{what}.iso", machine.name)
}

pub(super) fn work(
    world: &World<'_>,
    subject: &Subject<'_>,
    machine: &Machine,
    disc: &SeedDisc,
    disk_is_known: bool,
) -> std::result::Result<SeedWork, Refusal> {
    let path = &disc.path;
    let is_attached = subject
        .details(world)
        .is_some_and(|details| details.disc_paths.iter().any(|attached| same_path(attached, path)));
    let attach = (!is_attached).then(|| Step::AttachSeed { path: world.spelt(path) });
    let is_begun = subject.begun(IntentKind::Create).is_some_and(|intent| intent.seed.is_some());
    let is_known =
        subject.known.and_then(|known| known.seed()).is_some_and(|known| same_path(&known.path, path));
    let stale = match world.disks.presence(path) {
        // One of an earlier disk that has another name, because it was for another reader.
        Presence::Absent if !is_known => stale(world, subject),
        Presence::Absent => None,
        // It was written whole for this disk.
        Presence::File if is_begun || is_known && disk_is_known => {
            return Ok(SeedWork { attach, ..SeedWork::default() });
        }
        Presence::File if is_known => Some(Step::DeleteFile { path: path.clone() }),
        Presence::File => return Err(Refusal::in_place(path, "no run of this lab wrote it")),
        Presence::Other => return Err(Refusal::in_place(path, "it is no file")),
        Presence::Unknown(why) => return Err(Refusal::in_place(path, &format!("it cannot be read ({why})"))),
    };
    if let Some(file) = own_file(machine, disc.kind)
        && let Some(finding) = file.unreadable(world)
    {
        let reason = format!("its {} {} {finding}", file.named(), file.path);
        return Err(Refusal::new(file.code(), reason, file.remedy()));
    }
    Ok(SeedWork { stale, write: Some(Step::WriteSeed { path: path.clone() }), attach })
}

/// The disc of an earlier disk of a machine is deleted.
pub(super) fn stale(world: &World<'_>, subject: &Subject<'_>) -> Option<Step> {
    let path = subject.known.and_then(|known| known.seed())?.path;
    (world.disks.presence(&path) == Presence::File).then_some(Step::DeleteFile { path })
}

/// A file of the user's own that goes on a disc.
#[derive(Clone, Copy)]
pub(super) struct OwnFile<'a> {
    /// Absolute.
    pub(super) path: &'a str,
    first_boot: FirstBoot<'a>,
}

/// The file of the user's own that goes on a machine's disc of that kind.
pub(super) fn own_file(machine: &Machine, kind: SeedKind) -> Option<OwnFile<'_>> {
    let first_boot = machine.first_boot().filter(|first_boot| kind_of(*first_boot) == kind)?;
    first_boot.own_file().map(|path| OwnFile { path, first_boot })
}

impl OwnFile<'_> {
    pub(super) fn named(self) -> NamedFile {
        self.first_boot.into()
    }

    /// That of an error where it cannot be read.
    pub(super) fn code(self) -> Code {
        match self.first_boot {
            FirstBoot::CloudInit(_) => Code::UserDataUnreadable,
            FirstBoot::Unattend(_) => Code::AnswerFileUnreadable,
        }
    }

    pub(super) fn remedy(self) -> &'static str {
        match self.first_boot {
            FirstBoot::CloudInit(_) => {
                "Put the file there, or correct cloud_init in the config; then run the command again."
            }
            FirstBoot::Unattend(_) => {
                "Put the file there, or correct unattend in the config; then run the command again."
            }
        }
    }

    /// Why it cannot be read, as the end of a clause; `None` where nothing speaks against it.
    pub(super) fn unreadable(self, world: &World<'_>) -> Option<String> {
        match world.disks.presence(self.path) {
            Presence::File => None,
            Presence::Absent => Some("is not there".to_owned()),
            Presence::Other => Some("is no file".to_owned()),
            Presence::Unknown(why) => Some(format!("cannot be read ({why})")),
        }
    }
}

/// More than any such file that a system would take.
const MOST: u64 = 16 << 20;

/// The file of the user's own that goes on a machine's disc of that kind, byte for byte; `None` where the config names none.
///
/// # Errors
/// `USER_DATA_UNREADABLE` or `ANSWER_FILE_UNREADABLE` where the file is not there, cannot be read, or has more than 16 MiB.
pub fn read_own_file(machine: &Machine, kind: SeedKind) -> Result<Option<Vec<u8>>> {
    let Some(file) = own_file(machine, kind) else { return Ok(None) };
    let (name, named, path) = (&machine.name, file.named(), file.path);
    let refused = |finding: &str| {
        Error::new(file.code(), format!("{name}: its {named} {path} {finding}."))
            .with_remedy(file.remedy())
            .in_file(path)
            .of_machine(name)
    };
    // To read what is no file might not end.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(refused("is no file"));
    }
    let mut bytes = Vec::new();
    File::open(Path::new(path))
        .and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
        .map_err(|error| refused(&format!("cannot be read ({error})")).caused_by(error))?;
    if bytes.len() as u64 > MOST {
        return Err(refused("has more than 16 MiB"));
    }
    Ok(Some(bytes))
}
