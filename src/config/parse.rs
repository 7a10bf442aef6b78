//! Bytes → [`Config`]: decoding, reading, checking, resolving.

use super::Config;
use super::check::Check;
use super::environment::Environment;
use super::faults::{RawFault, locate};
use super::lookalikes;
use super::resolve::resolve;
use super::yaml::{SyntaxError, read};
use crate::error::{Code, Error, Fault, Result, counted};
use crate::hash::hash8;

/// The largest config that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

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
        let message = format!("The path of the config is not absolute: {}", environment.config_path);
        return Err(Error::new(Code::InvalidRequest, message)
            .with_remedy("The caller's request is wrong; see include/ragnatramp.h."));
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
    let count = counted(faults.len(), "fault", "faults");
    with_faults(Error::new(Code::ConfigValidationFailed, format!("{file} has {count}")), config_path, faults)
}

fn with_faults(error: Error, config_path: &str, faults: Vec<Fault>) -> Error {
    let mut error = error.in_file(config_path).with_remedy("Mend what is listed and run the command again.");
    error.place.line = faults.first().map(|fault| fault.line);
    error.place.column = faults.first().map(|fault| fault.column);
    error.faults = faults;
    error
}
