//! One root, one slash; and how dots fold on either platform.

pub(super) fn resolve(base: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
    format!("/{}", fold_dots(whole.split('/'), false).join("/"))
}

pub(super) fn join(folder: &str, rest: &str) -> String {
    let whole = match (folder, rest) {
        ("", rest) => rest.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    };
    let absolute = whole.starts_with('/');
    let mut normal = fold_dots(whole.split('/'), !absolute).join("/");
    if normal.is_empty() && !absolute {
        normal.push('.');
    }
    if whole.ends_with('/') && !normal.is_empty() {
        normal.push('/');
    }
    if absolute { format!("/{normal}") } else { normal }
}

pub(super) fn folder_of(path: &str) -> &str {
    match path.rfind('/') {
        None => ".",
        Some(0) => "/",
        Some(slash) => &path[..slash],
    }
}

/// The parts of a path without `.` and empty ones, each `..` taking the part before it. Where there is none, `..` stays
/// if `may_climb`, and is dropped otherwise.
pub(super) fn fold_dots<'a>(parts: impl Iterator<Item = &'a str>, may_climb: bool) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for part in parts {
        match part {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&last) if last != ".." => {
                    kept.pop();
                }
                _ if may_climb => kept.push(".."),
                _ => {}
            },
            part => kept.push(part),
        }
    }
    kept
}
