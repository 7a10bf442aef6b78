//! The disc that names a machine at its first boot: when it is written and attached. It belongs to the disk: a machine that has
//! had its first boot never gets another one.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::action::{Refusal, Step};
use super::disks::Presence;
use super::subject::{Subject, World};
use crate::config::Machine;
use crate::config::names::same_path;
use crate::error::{Code, Error, Result};
use crate::state::{IntentKind, SeedDisc};

/// What is left to do about a disc.
#[derive(Default)]
pub(super) struct SeedWork {
    /// That of an earlier disk of the machine is deleted, before anything is begun.
    pub(super) stale: Option<Step>,
    pub(super) write: Option<Step>,
    pub(super) attach: Option<Step>,
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
    let attach = (!is_attached).then(|| Step::AttachSeed { path: path.clone() });
    let is_begun = subject.begun(IntentKind::Create).is_some_and(|intent| intent.seed.is_some());
    let is_known =
        subject.known.and_then(|known| known.seed()).is_some_and(|known| same_path(&known.path, path));
    let stale = match world.disks.presence(path) {
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
    if let Some(file) = user_data(machine)
        && let Some(finding) = unreadable(world, file)
    {
        let reason = format!("its user-data {file} {finding}");
        return Err(Refusal::new(Code::UserDataUnreadable, reason, REMEDY));
    }
    Ok(SeedWork { stale, write: Some(Step::WriteSeed { path: path.clone() }), attach })
}

/// The disc of an earlier disk of a machine that gets none now is deleted.
pub(super) fn stale(world: &World<'_>, subject: &Subject<'_>) -> Option<Step> {
    let path = subject.known.and_then(|known| known.seed())?.path;
    (world.disks.presence(&path) == Presence::File).then_some(Step::DeleteFile { path })
}

/// The file of the user's own user-data, absolute.
pub(super) fn user_data(machine: &Machine) -> Option<&str> {
    machine.cloud_init.as_ref()?.user_data.as_deref()
}

/// Why a file of user-data cannot be read, as the end of a clause; `None` where nothing speaks against it.
pub(super) fn unreadable(world: &World<'_>, file: &str) -> Option<String> {
    match world.disks.presence(file) {
        Presence::File => None,
        Presence::Absent => Some("is not there".to_owned()),
        Presence::Other => Some("is no file".to_owned()),
        Presence::Unknown(why) => Some(format!("cannot be read ({why})")),
    }
}

pub(super) const REMEDY: &str =
    "Put the file there, or correct cloud_init in the config; then run the command again.";

/// More than any user-data that a system would take.
const MOST: u64 = 16 << 20;

/// The user's own user-data of a machine, byte for byte; `None` where the config names none.
///
/// # Errors
/// `USER_DATA_UNREADABLE` where the file is not there, cannot be read, or has more than 16 MiB.
pub fn read_user_data(machine: &Machine) -> Result<Option<Vec<u8>>> {
    let Some(path) = user_data(machine) else { return Ok(None) };
    let name = &machine.name;
    let refused = |finding: &str| {
        Error::new(Code::UserDataUnreadable, format!("{name}: its user-data {path} {finding}."))
            .with_remedy(REMEDY)
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
