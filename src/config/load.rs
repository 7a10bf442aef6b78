//! The config file on disk, and the files it names.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::parse::{MAX_BYTES, parse};
use super::paths::Reach;
use super::{Config, Environment, FirstBoot, Platform};
use crate::error::{Code, Error, Result};
use crate::file::{Opened, open_to_read, read_up_to};

/// Reads the config in the file at `path`; `environment` says by which path it is known.
///
/// # Errors
/// `CONFIG_NOT_FOUND` if the file is not there or cannot be read, and those of [`parse`].
pub fn load(path: &Path, environment: &Environment) -> Result<Config> {
    let shown = &environment.config_path;
    refuse_device_name(path)?;
    let opened = open_to_read(path).map_err(|error| unreadable(error, path, shown))?;
    let file = match opened {
        Opened::File(file) => file,
        Opened::Folder => {
            let message = format!("{shown} is a folder, and a config is a file");
            let folder = Error::new(Code::ConfigNotFound, message).in_file(shown);
            return Err(folder.with_remedy("Name the file in it, ragnatramp.yaml."));
        }
        Opened::Device => return Err(device_refused(path)),
    };
    // One byte more than allowed is enough to refuse a file, however long it is.
    let read = read_up_to(file, MAX_BYTES as u64 + 1);
    let bytes = read.map_err(|error| unreadable(error, path, shown))?;
    parse(&bytes, environment)
}

/// Refuses the path of a config that is a device or a pipe, before anything is opened. What is no file by its kind alone, such
/// as a named pipe of POSIX, is refused too: to read it would not end.
///
/// # Errors
/// `CONFIG_NOT_FOUND`.
pub(crate) fn refuse_device(path: &Path) -> Result<()> {
    refuse_device_name(path)?;
    match open_to_read(path) {
        Ok(Opened::Device) => Err(device_refused(path)),
        _ => Ok(()),
    }
}

fn refuse_device_name(path: &Path) -> Result<()> {
    match Platform::current().reach(&path.to_string_lossy()) {
        Reach::Device => Err(device_refused(path)),
        _ => Ok(()),
    }
}

fn device_refused(path: &Path) -> Error {
    let shown = path.to_string_lossy();
    Error::new(Code::ConfigNotFound, format!("{shown} is a device or a pipe, and a config is a file."))
        .in_file(shown)
        .with_remedy("Name the file, ragnatramp.yaml.")
}

fn unreadable(error: std::io::Error, path: &Path, shown: &str) -> Error {
    let beside = other_ending(path).filter(|_| error.kind() == ErrorKind::NotFound);
    let with_beside;
    let (message, remedy) = match error.kind() {
        ErrorKind::NotFound if beside.is_some() => {
            let beside = beside.unwrap_or_default();
            with_beside = format!("There is a {beside} beside it: rename that file, or name it with -Path.");
            (format!("There is no config file {shown}."), with_beside.as_str())
        }
        ErrorKind::NotFound => (
            format!("There is no config file {shown}."),
            "Check the path, or write a new config with New-RagnaConfig.",
        ),
        ErrorKind::PermissionDenied => (
            format!("The config file {shown} may not be read: permission denied."),
            "Allow your account to read it.",
        ),
        _ => (
            format!("The config file {shown} cannot be read: {error}."),
            "Check that the file can be opened.",
        ),
    };
    Error::new(Code::ConfigNotFound, message).in_file(shown).with_remedy(remedy).caused_by(error)
}

/// The name of a file beside `path` that differs from it only in the ending, `.yml` for `.yaml` or the other way round.
fn other_ending(path: &Path) -> Option<String> {
    let other = path.with_extension(match path.extension()?.to_str()? {
        "yaml" => "yml",
        "yml" => "yaml",
        _ => return None,
    });
    other.is_file().then(|| other.file_name().map(|name| name.to_string_lossy().into_owned())).flatten()
}

/// What a config names a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedFile {
    /// The image that machines are made from.
    BaseImage,
    /// What the user tells cloud-init at the first boot of machines.
    UserData,
    /// What the user tells Windows Setup at the first boot of machines.
    AnswerFile,
}

/// What is worth knowing of a file that machines are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNote {
    /// What it is named as.
    pub named: NamedFile,
    /// The file, absolute.
    pub path: String,
    /// The machines that are made from it, in the order of the config.
    pub machines: Vec<String>,
    /// What it is.
    pub finding: FileFinding,
}

/// What a check finds of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFinding {
    /// It is not there.
    Missing,
    /// It is on the network, or a link leads there, and a check opens nothing there: Windows would log in to the server with the
    /// user's name.
    NotLookedAt,
}

impl From<FirstBoot<'_>> for NamedFile {
    fn from(first_boot: FirstBoot<'_>) -> Self {
        match first_boot {
            FirstBoot::CloudInit(_) => NamedFile::UserData,
            FirstBoot::Unattend(_) => NamedFile::AnswerFile,
        }
    }
}

impl std::fmt::Display for NamedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NamedFile::BaseImage => "base image",
            NamedFile::UserData => "user-data",
            NamedFile::AnswerFile => "answer file",
        })
    }
}

impl std::fmt::Display for FileNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (named, path, machines) = (self.named, &self.path, self.machines.join(", "));
        match self.finding {
            FileFinding::Missing => {
                write!(f, "There is no {named} {path} yet; these machines need it: {machines}.")
            }
            FileFinding::NotLookedAt => {
                write!(
                    f,
                    "The {named} {path} is on the network and was not looked at; these machines need it: {machines}."
                )
            }
        }
    }
}

/// What is worth knowing of the images of `config` and then of the users' own files for first boots, by the rules of `platform` for paths. `exists` is
/// asked once for each, in the order of the config, and never for one on the network; it answers `None` where it did not look.
pub fn file_notes(
    config: &Config,
    platform: Platform,
    mut exists: impl FnMut(&str) -> Option<bool>,
) -> Vec<FileNote> {
    let mut users: indexmap::IndexMap<(NamedFile, &str), Vec<String>> = indexmap::IndexMap::new();
    for machine in &config.machines {
        users.entry((NamedFile::BaseImage, &machine.base_image)).or_default().push(machine.name.clone());
    }
    for machine in &config.machines {
        let Some(first_boot) = machine.first_boot() else { continue };
        if let Some(path) = first_boot.own_file() {
            users.entry((first_boot.into(), path)).or_default().push(machine.name.clone());
        }
    }
    let note = |((named, path), machines): ((NamedFile, &str), Vec<String>)| {
        let is_here = Some(path).filter(|path| platform.reach(path) == Reach::Disk).and_then(&mut exists);
        let finding = match is_here {
            Some(true) => return None,
            Some(false) => FileFinding::Missing,
            None => FileFinding::NotLookedAt,
        };
        Some(FileNote { named, path: path.to_owned(), machines, finding })
    };
    users.into_iter().filter_map(note).collect()
}

/// Whether a file is at `path`. Links are followed one by one, by the rules of `platform` for where each leads: `None` where one
/// leads into the network or to a device, or where there are more than eight. Nothing is opened there.
pub fn is_file_here(path: &Path, platform: Platform) -> Option<bool> {
    is_file_behind(path, platform, 8)
}

fn is_file_behind(path: &Path, platform: Platform, links: u8) -> Option<bool> {
    let mut so_far = PathBuf::new();
    for part in path.components() {
        so_far.push(part);
        let Ok(target) = fs::read_link(&so_far) else { continue };
        if links == 0 || platform.reach(&target.to_string_lossy()) != Reach::Disk {
            return None;
        }
        let mut behind = so_far.parent().unwrap_or(Path::new("")).join(target);
        behind.extend(path.strip_prefix(&so_far).unwrap_or(Path::new("")));
        return is_file_behind(&behind, platform, links - 1);
    }
    Some(path.is_file())
}
