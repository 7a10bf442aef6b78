//! What opening a path would reach, by its text alone: what is not on a disk of this machine is not opened for a check.

use crate::config::environment::Platform;
use crate::config::patterns::is_device;

/// What is behind a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A file or folder of this machine, as far as its text shows.
    Disk,
    /// A share: Windows logs in to its server with the user's name when it is opened.
    Network,
    /// A device or a pipe.
    Device,
}

impl Platform {
    /// What opening `path` (absolute) would reach. On POSIX everything is below one root, and counts as a disk.
    pub(crate) fn reach(self, path: &str) -> Reach {
        match self {
            Platform::Posix => Reach::Disk,
            Platform::Windows => reach(&path.replace('/', "\\")),
        }
    }

    /// The server and the share that `path` begins with, as far as they are there, in lower case; empty for all others.
    pub(super) fn server_and_share(self, path: &str) -> String {
        if self == Platform::Posix {
            return String::new();
        }
        let path = path.replace('/', "\\");
        network_part(&path)
            .map(|rest| parts(rest).take(2).collect::<Vec<_>>().join("\\"))
            .unwrap_or_default()
            .to_lowercase()
    }
}

fn reach(path: &str) -> Reach {
    let below = match network_part(path) {
        // `\\server\pipe\name` is a pipe of that server, and so is `\\server\mailslot`.
        Some(rest) => {
            return match parts(rest).nth(1) {
                Some(share)
                    if share.eq_ignore_ascii_case("pipe") || share.eq_ignore_ascii_case("mailslot") =>
                {
                    Reach::Device
                }
                _ => Reach::Network,
            };
        }
        None => match device_part(path) {
            Some(rest) if is_drive(rest) || is_volume(rest) => rest,
            Some(_) => return Reach::Device,
            None => path,
        },
    };
    if parts(below).any(is_device_name) { Reach::Device } else { Reach::Disk }
}

/// What follows the two backslashes of a share, in either of its spellings.
fn network_part(path: &str) -> Option<&str> {
    match device_part(path) {
        Some(rest) => {
            let (word, rest) = rest.split_once('\\')?;
            word.eq_ignore_ascii_case("UNC").then_some(rest)
        }
        None => path.strip_prefix("\\\\"),
    }
}

/// What follows the prefix of the namespaces of devices: `\\?\`, `\\.\` and `\??\`.
fn device_part(path: &str) -> Option<&str> {
    ["\\\\?\\", "\\\\.\\", "\\??\\"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .map(|rest| rest.trim_start_matches('\\'))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('\\').filter(|part| !part.is_empty())
}

/// `C:` and whatever is below it.
fn is_drive(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), None | Some('\\'))
}

/// `Volume{GUID}` and whatever is below it.
fn is_volume(path: &str) -> bool {
    let name = parts(path).next().unwrap_or_default();
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("Volume{")) && name.ends_with('}')
}

/// Windows looks at a name up to its first dot or colon, without blanks behind it: `nul.vhdx` is the null device.
fn is_device_name(part: &str) -> bool {
    let stem = part.split(['.', ':']).next().unwrap_or(part).trim_end_matches(' ');
    let stem = stem.replace('\u{b9}', "1").replace('\u{b2}', "2").replace('\u{b3}', "3");
    is_device(&stem) || stem.eq_ignore_ascii_case("conin$") || stem.eq_ignore_ascii_case("conout$")
}
