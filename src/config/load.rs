//! The config file on disk, and the images it names.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::parse::{MAX_BYTES, parse};
use super::{Config, Environment};
use crate::error::{Code, Error, Result};

/// Reads the config in the file at `path`; `environment` says by which path it is known.
///
/// # Errors
/// `CONFIG_NOT_FOUND` if the file is not there or cannot be read, and those of [`parse`].
pub fn load(path: &Path, environment: &Environment) -> Result<Config> {
    let shown = &environment.config_path;
    if path.is_dir() {
        return Err(Error::new(Code::ConfigNotFound, format!("{shown} is a folder, and a config is a file"))
            .in_file(shown)
            .with_remedy("Name the file in it, ragnatramp.yaml."));
    }
    // One byte more than allowed is enough to refuse a file, however long it is.
    let limit = MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(error, path, shown))?;
    parse(&bytes, environment)
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

/// An image that machines are made from, and that is not there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MissingImage {
    /// The image, absolute.
    pub path: String,
    /// The machines that are made from it, in the order of the config.
    pub machines: Vec<String>,
}

impl std::fmt::Display for MissingImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let machines = self.machines.join(", ");
        write!(f, "There is no base image {} yet; these machines need it: {machines}.", self.path)
    }
}

/// The images of `config` for which `exists` says no. Each is asked for once, in the order of the config.
pub fn missing_images(config: &Config, mut exists: impl FnMut(&str) -> bool) -> Vec<MissingImage> {
    let mut users: indexmap::IndexMap<&str, Vec<String>> = indexmap::IndexMap::new();
    for machine in &config.machines {
        users.entry(&machine.base_image).or_default().push(machine.name.clone());
    }
    users
        .into_iter()
        .filter(|(path, _)| !exists(path))
        .map(|(path, machines)| MissingImage { path: path.to_owned(), machines })
        .collect()
}
