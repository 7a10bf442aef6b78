//! From the state file to a checked state: the bytes, their text, its JSON, its version, its shape. Anything that does
//! not fit is damage, with its place.

use std::io;
use std::time::Duration;

use serde_json::{Map, Value};

use super::disk::{Disk, LONGEST, retry_while_held};
use super::document::{State, VERSION};
use super::error::{BackupCondition, Damage, StateError};
use super::files::Files;
use super::shape;

/// A state as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The state.
    pub state: State,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}

/// What is at the path of the state.
pub(crate) enum Found {
    /// A whole state.
    Good(Snapshot),
    /// Anything else: its bytes (`None` for a folder, and for a file beyond the bound), and the state that can be read from them all the same.
    Damaged { bytes: Option<Vec<u8>>, damage: Damage, recovered: Option<Snapshot> },
    /// Nothing.
    Missing,
}

impl Found {
    fn unread(what: impl Into<String>) -> Found {
        Found::Damaged { bytes: None, damage: Damage::of_whole(what), recovered: None }
    }

    /// Reads the state file, whichever config it belongs to. Retries up to `limit` while another program holds it.
    pub(crate) fn read(disk: &dyn Disk, files: &Files, limit: Duration) -> Result<Found, StateError> {
        let bytes = match retry_while_held(disk, limit, || disk.read(&files.state)) {
            Ok(bytes) => bytes,
            Err(failure) => {
                return match failure.source.kind() {
                    io::ErrorKind::NotFound => Ok(Found::Missing),
                    io::ErrorKind::IsADirectory => Ok(Found::unread("it is a folder, not a file")),
                    io::ErrorKind::FileTooLarge => {
                        Ok(Found::unread(format!("it has more than {} MiB", LONGEST >> 20)))
                    }
                    _ => Err(failure.into_error("read", &files.state)),
                };
            }
        };
        Ok(match State::parse(&bytes) {
            Ok(state) => Found::Good(Snapshot { state, bytes }),
            Err(damage) => {
                let recovered = recover(&bytes);
                Found::Damaged { bytes: Some(bytes), damage, recovered }
            }
        })
    }
}

/// The state in the backup file, if it is whole and belongs to the same config.
pub(crate) fn read_backup(disk: &dyn Disk, files: &Files) -> Result<Snapshot, BackupCondition> {
    let bytes = disk.read(&files.backup).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupCondition::Missing,
        _ => BackupCondition::Unreadable(error),
    })?;
    let state = State::parse(&bytes).map_err(BackupCondition::Damaged)?;
    if state.check_owner(&files.config_text(), None).is_err() {
        return Err(BackupCondition::OtherConfig(state.config_path().to_owned()));
    }
    Ok(Snapshot { state, bytes })
}

impl State {
    /// Reads the bytes of a state file of version 1. Numbers stay as they were written, unknown fields are kept.
    ///
    /// # Errors
    /// The damage: the encoding, the JSON, the version, or a field that is not what it must be.
    pub fn parse(bytes: &[u8]) -> Result<State, Damage> {
        let text = decode(bytes).map_err(|error| error.damage)?;
        parse_text(text)
    }
}

/// The state in a file that only its encoding makes unreadable.
fn recover(bytes: &[u8]) -> Option<Snapshot> {
    let DecodeError { recovered, .. } = decode(bytes).err()?;
    let text = recovered?;
    Some(Snapshot { state: parse_text(&text).ok()?, bytes: text.into_bytes() })
}

fn parse_text(text: &str) -> Result<State, Damage> {
    // Such a key would be taken for a number, and be lost when the file is written.
    if text.contains(shape::NUMBER_TOKEN) {
        return Err(Damage::of_whole(format!("it holds the key {}, which is reserved", shape::NUMBER_TOKEN)));
    }
    let document: Value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let Value::Object(document) = document else {
        return Err(Damage::of_whole("it is JSON, but not an object"));
    };
    check_version(&document)?;
    shape::check(text).map_err(|error| damage_at(bare_message(&error), text, &error))?;
    Ok(State::from_document(document))
}

fn not_json(text: &str, error: &serde_json::Error) -> Damage {
    if error.is_eof() {
        return damage_at("it is cut off in the middle", text, error);
    }
    if bare_message(error) == "recursion limit exceeded" {
        return damage_at("it is nested too deeply: no more than 127 levels are read", text, error);
    }
    damage_at(format!("it is not JSON ({})", bare_message(error)), text, error)
}

/// Before the shape, because a newer format may have another one.
fn check_version(document: &Map<String, Value>) -> Result<(), Damage> {
    match document.get("version") {
        Some(Value::Number(version)) if version.as_f64() == Some(f64::from(VERSION)) => Ok(()),
        Some(Value::Number(version)) => Err(Damage::of_whole(format!(
            "it says version {version}, and this module reads version {VERSION} (a newer ragnatramp may have \
             written it)"
        ))),
        Some(_) => Err(Damage::of_whole("version must be a number")),
        None => Err(Damage::of_whole("version is missing")),
    }
}

/// The position of `error` in `text`, with the column in characters.
fn damage_at(what: impl Into<String>, text: &str, error: &serde_json::Error) -> Damage {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column()).unwrap_or(line);
    Damage { what: what.into(), line: Some(error.line().max(1)), column: Some(before.chars().count().max(1)) }
}

/// The message without its position.
fn bare_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// Why bytes are not the text of a state file.
struct DecodeError {
    damage: Damage,
    /// The text without the byte order mark, or converted from UTF-16, where that is certain.
    recovered: Option<String>,
}

/// The text in a state file: UTF-8 without a byte order mark, not empty, without zero bytes.
fn decode(bytes: &[u8]) -> Result<&str, DecodeError> {
    let refuse = |what: String| Err(DecodeError { damage: Damage::of_whole(what), recovered: None });
    if bytes.is_empty() {
        return refuse("it is empty (0 bytes)".into());
    }
    if let Some(error) = byte_order_mark(bytes) {
        return Err(error);
    }
    if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
        let all = bytes.iter().all(|byte| *byte == 0);
        let size = bytes.len();
        return refuse(if all {
            format!("all of its {size} bytes are zero, as after a power failure")
        } else {
            format!("it holds zero bytes from byte {zero} on (of {size}), as after a power failure")
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => refuse("it holds nothing but blanks".into()),
        Ok(text) => Ok(text),
        Err(error) => refuse(format!("it is not UTF-8 text: byte {} does not fit", error.valid_up_to())),
    }
}

/// A byte order mark is refused rather than dropped: the original tool cannot read such a file, and whoever put
/// the mark there may have changed more than that.
fn byte_order_mark(bytes: &[u8]) -> Option<DecodeError> {
    let (name, recovered) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => ("UTF-8", String::from_utf8(rest.to_vec()).ok()),
        [0xFF, 0xFE, rest @ ..] => ("UTF-16", from_utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => ("UTF-16", from_utf16(rest, u16::from_be_bytes)),
        _ => return None,
    };
    let what = format!("it begins with the byte order mark of {name}, so another program has rewritten it");
    Some(DecodeError { damage: Damage::of_whole(what), recovered })
}

fn from_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok()
}
