//! Drives, shares, and both slashes.

use super::posix::fold_dots;

/// A path taken apart.
struct Split<'a> {
    /// `C:` or `\\server\share`; empty without either.
    device: String,
    /// Whether it begins at the root of the device.
    rooted: bool,
    rest: &'a str,
}

fn is_slash(character: char) -> bool {
    matches!(character, '\\' | '/')
}

fn split(path: &str) -> Split<'_> {
    if let Some(share) = path.strip_prefix(is_slash) {
        let without_share = Split { device: String::new(), rooted: true, rest: share };
        let Some(named) = share.strip_prefix(is_slash) else { return without_share };
        let Some((server, after)) = named.split_once(is_slash) else { return without_share };
        let after = after.trim_start_matches(is_slash);
        let end = after.find(is_slash).unwrap_or(after.len());
        if server.is_empty() || end == 0 {
            return without_share;
        }
        let (share, rest) = after.split_at(end);
        return Split { device: format!("\\\\{server}\\{share}"), rooted: true, rest };
    }
    let mut characters = path.chars();
    match (characters.next(), characters.next()) {
        (Some(letter), Some(':')) if letter.is_ascii_alphabetic() => {
            let (device, rest) = path.split_at(2);
            Split { device: device.to_owned(), rooted: rest.starts_with(is_slash), rest }
        }
        _ => Split { device: String::new(), rooted: false, rest: path },
    }
}

pub(super) fn is_absolute(path: &str) -> bool {
    split(path).rooted
}

pub(super) fn resolve(base: &str, path: &str) -> String {
    let (base, path) = (split(base), split(path));
    let same_device = path.device.is_empty() || path.device.to_lowercase() == base.device.to_lowercase();
    let device = if path.device.is_empty() { base.device } else { path.device };
    let parts = path.rest.split(is_slash);
    // A path on another drive, but not from its root, starts at that root: this process has no folder there.
    let parts = if same_device && !path.rooted {
        fold_dots(base.rest.split(is_slash).chain(parts), false)
    } else {
        fold_dots(parts, false)
    };
    format!("{device}\\{}", parts.join("\\"))
}

pub(super) fn join(folder: &str, rest: &str) -> String {
    let whole = match (folder, rest) {
        ("", rest) => rest.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}\\{rest}"),
    };
    let path = split(&whole);
    let mut normal = fold_dots(path.rest.split(is_slash), !path.rooted).join("\\");
    if normal.is_empty() && !path.rooted {
        normal.push('.');
    }
    if whole.ends_with(is_slash) && !normal.is_empty() {
        normal.push('\\');
    }
    format!("{}{}{normal}", path.device, if path.rooted { "\\" } else { "" })
}

pub(super) fn folder_of(path: &str) -> &str {
    let device = split(path).device.len();
    match path.rfind(is_slash) {
        None => path.get(..device).filter(|device| !device.is_empty()).unwrap_or("."),
        // The slash of the root belongs to the root.
        Some(slash) => &path[..slash.max(device + 1).min(path.len())],
    }
}
