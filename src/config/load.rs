//! The config file on disk.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::parse::{MAX_BYTES, parse};
use super::{Config, Surroundings};
use crate::error::{Code, Error, Result};

/// Reads the config in the file at `path`; `surroundings` says by which path it is known.
///
/// # Errors
/// `CONFIG_NOT_FOUND` if the file is not there or cannot be read, and those of [`parse`].
pub fn load(path: &Path, surroundings: &Surroundings) -> Result<Config> {
    let shown = &surroundings.config_path;
    if path.is_dir() {
        return Err(Error::new(Code::ConfigNotFound, format!("{shown} is a folder, and a config is a file"))
            .in_file(shown)
            .with_remedy("Name the file in it, ragnatramp.yaml."));
    }
    // One byte more than allowed is enough to refuse a file, however long it is.
    let limit = MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(error, shown))?;
    parse(&bytes, surroundings)
}

fn unreadable(error: std::io::Error, shown: &str) -> Error {
    let (message, remedy) = match error.kind() {
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
