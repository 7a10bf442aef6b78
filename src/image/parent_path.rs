//! The paths in an image that lead to its parent. An image may be a stranger's, so not every path is followed: to open
//! a path on another computer would send that computer the user's credentials, and to open a device does whatever the
//! device does.

use std::path::{Path, PathBuf};

/// The paths that are followed, each once, and the texts of the others.
pub(super) fn followed(paths: Vec<(Option<PathBuf>, String)>) -> (Vec<PathBuf>, Vec<String>) {
    let (mut candidates, mut refused) = (Vec::new(), Vec::new());
    for (path, text) in paths {
        match path {
            Some(path) if candidates.contains(&path) => {}
            Some(path) => candidates.push(path),
            None => refused.push(text),
        }
    }
    (candidates, refused)
}

/// The path of a parent relative to `folder`, which is the child's; `None` where it is not one that is followed.
pub(super) fn relative(folder: &Path, text: &str) -> Option<PathBuf> {
    let mut path = folder.to_path_buf();
    let mut names = 0;
    for component in text.split(['\\', '/']) {
        match component {
            "." => {}
            ".." => {
                path.pop();
            }
            name if is_file_name(name) => {
                path.push(name);
                names += 1;
            }
            _ => return None,
        }
    }
    (names > 0).then_some(path)
}

/// An absolute path: on a drive, or on a volume that is named by its GUID. `None` for all others.
pub(super) fn absolute(text: &str) -> Option<PathBuf> {
    if cfg!(not(windows)) && text.starts_with('/') {
        return relative(Path::new("/"), text.get(1..)?);
    }
    let (verbatim, rest) = match text.strip_prefix(r"\\?\") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (root, names) = rest.split_once(['\\', '/'])?;
    let is_followed = names.split(['\\', '/']).all(is_file_name);
    let is_drive = matches!(root.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    match is_followed {
        true if is_drive => Some(PathBuf::from(rest)),
        true if verbatim && is_volume(root) => Some(PathBuf::from(text.replace('/', "\\"))),
        _ => None,
    }
}

/// `Volume{26a21bda-a627-11d7-9931-806e6f6e6963}`.
fn is_volume(root: &str) -> bool {
    let braced = root.get(..6).filter(|word| word.eq_ignore_ascii_case("volume")).and_then(|_| root.get(6..));
    braced.is_some_and(|guid| guid.starts_with('{') && super::guid::Guid::parse(guid).is_some())
}

/// Whether Windows takes `name` for the name of a file, and not for a device, a stream of a file or a pattern.
fn is_file_name(name: &str) -> bool {
    let is_reserved =
        |c: char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\' | '/');
    !name.is_empty() && !name.ends_with(['.', ' ']) && !name.contains(is_reserved) && !is_device(name)
}

/// Devices have their names in every folder, and with every extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |kind: &str| {
        let number = stem.strip_prefix(kind);
        number.is_some_and(|number| number.chars().count() == 1 && number.contains(|c: char| c.is_numeric()))
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_begins_at_the_folder_of_the_child() {
        let folder = Path::new("/lab/disks");
        assert_eq!(relative(folder, r".\base.vhdx").unwrap(), Path::new("/lab/disks/base.vhdx"));
        assert_eq!(relative(folder, r"..\images\a b.vhdx").unwrap(), Path::new("/lab/images/a b.vhdx"));
        assert_eq!(relative(folder, r"..\..\..\..\base.vhdx").unwrap(), Path::new("/base.vhdx"));
    }

    #[test]
    fn a_path_to_another_computer_a_device_or_a_stream_is_not_followed() {
        for text in [
            r"\\server\share\base.vhdx",
            r"//server/share/base.vhdx",
            r"\\?\UNC\server\share\base.vhdx",
            r"\\.\pipe\base.vhdx",
            r"\\.\C:\base.vhdx",
            r"\\?\GLOBALROOT\Device\Mup\server\share\base.vhdx",
            r"\??\UNC\server\share\base.vhdx",
            r"\base.vhdx",
            r"C:base.vhdx",
            r"C:\lab\..\base.vhdx",
            r"C:\base.vhdx:stream",
            r"C:\COM1",
            r"C:\lab\nul.vhdx",
            r"\\?\Volume{26a21bda}\base.vhdx",
            r"Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\base.vhdx",
            "",
            "C:\\",
            "C:\\base.vhdx\0",
        ] {
            assert_eq!(absolute(text), None, "{text}");
        }
        for text in [
            "",
            ".",
            "..",
            r"\\server\share\a",
            r"\a",
            "C:",
            r"C:\a",
            "a:b",
            "NUL",
            "com\u{b9}.vhdx",
            "a.",
            "a ",
        ] {
            assert_eq!(relative(Path::new("/lab"), text), None, "{text}");
        }
    }

    #[test]
    fn a_drive_or_a_volume_by_its_guid_is_followed() {
        let volume = r"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\lab\base.vhdx";
        assert_eq!(absolute(r"\\?\C:\lab\base.vhdx").unwrap(), Path::new(r"C:\lab\base.vhdx"));
        assert_eq!(absolute(r"d:\base.vhdx").unwrap(), Path::new(r"d:\base.vhdx"));
        assert_eq!(absolute(volume).unwrap(), Path::new(volume));
    }
}
