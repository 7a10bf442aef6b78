//! Bytes → [`Config`]: decoding, reading, checking, resolving.

use super::check::{Check, Said, Written};
use super::expand::{PathTrouble, expand};
use super::places::{RawFault, locate};
use super::surroundings::Surroundings;
use super::yaml::{Span, Trouble, read};
use super::{Config, DiskStrategy, Machine};
use crate::error::{Code, Error, Fault, Result};
use crate::hash::hash8;

/// The largest config that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The default cpu of a machine: its virtual processors.
const DEFAULT_CPU: u32 = 2;
/// The default memory of a machine, in MB.
const DEFAULT_MEMORY: u32 = 2048;

/// Reads a config from the bytes of its file.
///
/// # Errors
/// `CONFIG_INVALID_YAML` with one fault if this is not one document of YAML in UTF-8, `CONFIG_VALIDATION_FAILED` with every
/// fault, in the order of lines, if it is not a config. `INVALID_REQUEST` if the path in `surroundings` is not absolute.
pub fn parse(bytes: &[u8], surroundings: &Surroundings) -> Result<Config> {
    let platform = surroundings.platform;
    if !platform.is_absolute(&surroundings.config_path) {
        let message = format!("the path of the config is not absolute: {}", surroundings.config_path);
        return Err(Error::new(Code::InvalidRequest, message));
    }
    let config_path = platform.resolve("", &surroundings.config_path);
    let file = platform.file_name(&config_path);
    let text = decode(bytes).map_err(|(trouble, text)| not_yaml(file, &config_path, &text, trouble))?;
    let (tree, root) = read(text).map_err(|trouble| not_yaml(file, &config_path, text, trouble))?;

    let mut check = Check::new(&tree);
    let said = check.document(root);
    let mut faults = check.faults;
    let config = resolve(&said, &config_path, hash8(bytes), surroundings, &mut faults);
    match config {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(invalid(file, &config_path, locate(text, faults))),
    }
}

/// The text in `bytes`; what is wrong with it, and the text up to there, if it is not UTF-8.
fn decode(bytes: &[u8]) -> std::result::Result<&str, (Trouble, String)> {
    let refuse = |message: String| Err((Trouble::new(0, message), String::new()));
    if bytes.len() > MAX_BYTES {
        return refuse(format!(
            "a config has at most {} MB, and this has {} bytes",
            MAX_BYTES >> 20,
            bytes.len()
        ));
    }
    let utf16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [first, 0, ..] | [0, first, ..] => *first != 0,
        _ => false,
    };
    if utf16 {
        return refuse("the file is UTF-16; save it as UTF-8".to_owned());
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let text = String::from_utf8_lossy(&bytes[..offset]).into_owned();
        let message = format!(
            "byte {offset} of the file (0x{:02X}) is not UTF-8; save the file as UTF-8",
            bytes.get(offset).copied().unwrap_or(0)
        );
        (Trouble::new(offset, message), text)
    })
}

fn not_yaml(file: &str, config_path: &str, text: &str, trouble: Trouble) -> Error {
    let raw = RawFault {
        path: String::new(),
        start: trouble.at,
        end: trouble.at + trouble.length,
        message: trouble.message,
        other: trouble.first,
        suggestion: trouble.suggestion,
    };
    let faults = locate(text, vec![raw]);
    let what = faults.first().map_or("", |fault| fault.message.as_str());
    let message = format!("{file} cannot be read: {what}");
    with_faults(Error::new(Code::ConfigInvalidYaml, message), config_path, faults)
}

fn invalid(file: &str, config_path: &str, faults: Vec<Fault>) -> Error {
    let count = match faults.len() {
        1 => "1 fault".to_owned(),
        count => format!("{count} faults"),
    };
    with_faults(Error::new(Code::ConfigValidationFailed, format!("{file} has {count}")), config_path, faults)
}

fn with_faults(error: Error, config_path: &str, faults: Vec<Fault>) -> Error {
    let mut error = error.in_file(config_path).with_remedy("Mend what is listed and run the command again.");
    error.place.line = faults.first().map(|fault| fault.line);
    error.place.column = faults.first().map(|fault| fault.column);
    error.faults = faults;
    error
}

/// Fills in defaults and makes paths absolute. Paths that cannot be read are added to `faults`.
fn resolve(
    said: &Said<'_>,
    config_path: &str,
    config_hash: String,
    around: &Surroundings,
    faults: &mut Vec<RawFault>,
) -> Option<Config> {
    let folder = around.platform.folder_of(config_path).to_owned();
    let mut absolute = |written: &Written<'_>| match expand(written.text, &folder, around) {
        Ok(path) => Some(path),
        Err(trouble) => {
            faults.push(path_fault(written.path.clone(), written.span, &trouble));
            None
        }
    };
    let default_image = said.base_image.as_ref().map(&mut absolute);
    let images: Vec<_> =
        said.machines.iter().map(|machine| machine.base_image.as_ref().map(&mut absolute)).collect();
    let artifact_path = said.artifact_path.as_ref().map(&mut absolute);
    let artifact_path = match artifact_path {
        Some(path) => path,
        None => default_artifact_path(said, around, faults),
    };
    let machines: Option<Vec<Machine>> = said
        .machines
        .iter()
        .zip(images)
        .map(|(machine, image)| {
            Some(Machine {
                name: machine.name?.to_owned(),
                cpu: machine.cpu.or(said.cpu).unwrap_or(DEFAULT_CPU),
                memory: machine.memory.or(said.memory).unwrap_or(DEFAULT_MEMORY),
                base_image: image.or_else(|| default_image.clone())??,
                disk_strategy: said.disk_strategy.unwrap_or(DiskStrategy::Differencing),
            })
        })
        .collect();
    Some(Config {
        project: said.project?.to_owned(),
        machines: machines?,
        artifact_path: artifact_path?,
        auto_start: said.auto_start.unwrap_or(true),
        config_path: config_path.to_owned(),
        config_hash,
    })
}

fn default_artifact_path(
    said: &Said<'_>,
    around: &Surroundings,
    faults: &mut Vec<RawFault>,
) -> Option<String> {
    if around.home.is_empty() {
        faults.push(RawFault {
            path: "settings.artifact_path".to_owned(),
            start: 0,
            end: 0,
            message: "missing; without a home folder there is no default for it".to_owned(),
            other: None,
            suggestion: None,
        });
        return None;
    }
    Some(around.platform.join(&around.home, &format!(".ragnatramp/vms/{}", said.project?)))
}

fn path_fault(path: String, span: Span, trouble: &PathTrouble) -> RawFault {
    let message = match trouble {
        PathTrouble::OtherHome => {
            "~ is the home folder, and a slash must follow it; folders of other users cannot be named this way".to_owned()
        }
        PathTrouble::NoHome => "~ is the home folder, and this session has none".to_owned(),
        PathTrouble::Undefined(names) if names.len() == 1 => format!("the variable {} is not defined", names[0]),
        PathTrouble::Undefined(names) => format!("the variables {} are not defined", names.join(", ")),
    };
    RawFault { path, start: span.start, end: span.end, message, other: None, suggestion: None }
}
