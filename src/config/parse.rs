//! Bytes → [`Config`]: decoding, reading, checking, resolving.

use super::check::{Check, Said, Written};
use super::environment::Environment;
use super::faults::{RawFault, locate};
use super::lookalikes;
use super::paths::{PathError, expand};
use super::yaml::{Span, SyntaxError, read};
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
/// fault, in the order of lines, if it is not a config. `INVALID_REQUEST` if the path in `environment` is not absolute.
///
/// # Examples
/// ```
/// use ragnatramp::config::{Environment, Platform, Variables, parse};
///
/// let environment = Environment {
///     config_path: "/lab/ragnatramp.yaml".into(),
///     home: "/home/me".into(),
///     platform: Platform::Posix,
///     variables: Variables::new(Platform::Posix, []),
/// };
/// let text = b"project: {name: lab}\nmachines: [{name: web, base_image: debian.vhdx}]\n";
/// let config = parse(text, &environment)?;
/// assert_eq!(config.machines[0].base_image, "/lab/debian.vhdx");
/// assert_eq!((config.machines[0].cpu, config.machines[0].memory), (2, 2048));
///
/// let error = parse(b"project: {name: lab}\nmachines: [{name: web, cpu: 0}]\n", &environment).unwrap_err();
/// let places: Vec<_> = error.faults.iter().map(|fault| (fault.line, fault.column)).collect();
/// assert_eq!(places, [(2, 12), (2, 29)]);
/// # Ok::<(), ragnatramp::error::Error>(())
/// ```
pub fn parse(bytes: &[u8], environment: &Environment) -> Result<Config> {
    let platform = environment.platform;
    if !platform.is_absolute(&environment.config_path) {
        let message = format!("the path of the config is not absolute: {}", environment.config_path);
        return Err(Error::new(Code::InvalidRequest, message));
    }
    let config_path = platform.resolve("", &environment.config_path);
    let file = platform.file_name(&config_path);
    let text = decode(bytes).map_err(|(error, text)| not_yaml(file, &config_path, &text, error))?;
    let (tree, root) = read(text)
        .map_err(|error| not_yaml(file, &config_path, text, lookalikes::explain_syntax(text, error)))?;

    let mut check = Check::new(&tree);
    let said = check.document(root);
    let mut faults = check.faults;
    lookalikes::explain(text, &mut faults);
    let config = resolve(text, &said, &config_path, hash8(bytes), environment, &mut faults);
    match config {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(invalid(file, &config_path, locate(text, faults))),
    }
}

/// The text in `bytes`; what is wrong with it, and the text up to there, if it is not UTF-8.
fn decode(bytes: &[u8]) -> std::result::Result<&str, (SyntaxError, String)> {
    let refuse = |message: String| Err((SyntaxError::new(0, message), String::new()));
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
        (SyntaxError::new(offset, message), text)
    })
}

fn not_yaml(file: &str, config_path: &str, text: &str, error: SyntaxError) -> Error {
    let raw = RawFault {
        path: String::new(),
        start: error.at,
        end: error.at + error.length,
        message: error.message,
        other: error.first,
        suggestion: error.suggestion,
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
    text: &str,
    said: &Said<'_>,
    config_path: &str,
    config_hash: String,
    environment: &Environment,
    faults: &mut Vec<RawFault>,
) -> Option<Config> {
    let folder = environment.platform.folder_of(config_path).to_owned();
    let mut absolute = |written: &Written<'_>| {
        let read = match lookalikes::in_path(text, written) {
            Some(fault) => Err(fault),
            None => expand(written.text, &folder, environment)
                .map_err(|error| path_fault(written.path.clone(), written.span, &error)),
        };
        read.map_err(|fault| faults.push(fault)).ok()
    };
    let default_image = said.base_image.as_ref().map(&mut absolute);
    let images: Vec<_> =
        said.machines.iter().map(|machine| machine.base_image.as_ref().map(&mut absolute)).collect();
    let artifact_path = said.artifact_path.as_ref().map(&mut absolute);
    let artifact_path = match artifact_path {
        Some(path) => path,
        None => default_artifact_path(said, environment, faults),
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
    environment: &Environment,
    faults: &mut Vec<RawFault>,
) -> Option<String> {
    if environment.home.is_empty() {
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
    Some(environment.platform.join(&environment.home, &format!(".ragnatramp/vms/{}", said.project?)))
}

fn path_fault(path: String, span: Span, error: &PathError) -> RawFault {
    let message = match error {
        PathError::OtherHome => {
            "~ is the home folder, and a slash must follow it; folders of other users cannot be named this way".to_owned()
        }
        PathError::NoHome => "~ is the home folder, and this session has none".to_owned(),
        PathError::Undefined(names) if names.len() == 1 => format!("the variable {} is not defined", names[0]),
        PathError::Undefined(names) => format!("the variables {} are not defined", names.join(", ")),
    };
    RawFault { path, start: span.start, end: span.end, message, other: None, suggestion: None }
}
