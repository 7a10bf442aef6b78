//! A path as it is written in a config → an absolute path.

use super::surroundings::Surroundings;

/// Why a path cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathTrouble {
    /// It begins with `~name`.
    OtherHome,
    /// It begins with `~`, and there is no home folder.
    NoHome,
    /// These variables are not defined; in the order in which they stand there.
    Undefined(Vec<String>),
}

/// Reads `written` as seen from `folder`: a leading `~` is the home folder, then `%NAME%`, then `$NAME` are replaced,
/// then a path that is not absolute is resolved against `folder`.
pub(crate) fn expand(written: &str, folder: &str, around: &Surroundings) -> Result<String, PathTrouble> {
    let platform = around.platform;
    let mut undefined = Vec::new();
    let below_home = written.strip_prefix('~');
    if below_home.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '\\'])) {
        return Err(PathTrouble::OtherHome);
    }
    if below_home.is_some() && around.home.is_empty() {
        return Err(PathTrouble::NoHome);
    }
    // As in the original, dots are folded before variables are replaced. What stands in the name of the home folder
    // itself is no variable.
    let (home, text) = match below_home {
        Some(rest) => {
            let (home, whole) = (platform.join(&around.home, ""), platform.join(&around.home, rest));
            match whole.strip_prefix(&home) {
                Some(below) => (home, below.to_owned()),
                None => (String::new(), whole),
            }
        }
        None => (String::new(), written.to_owned()),
    };
    let text = replace_percent(&text, around, &mut undefined);
    let text = home + &replace_dollar(&text, around, &mut undefined);
    if !undefined.is_empty() {
        return Err(PathTrouble::Undefined(undefined));
    }
    Ok(if platform.is_absolute(&text) { text } else { platform.resolve(folder, &text) })
}

/// Replaces each `%NAME%`. A single percent sign is only that.
fn replace_percent(text: &str, around: &Surroundings, undefined: &mut Vec<String>) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        done.push_str(before);
        match after.split_once('%') {
            // Of `%%` the first is only a percent sign, and the second may begin a name.
            Some(("", _)) => {
                done.push('%');
                rest = after;
            }
            Some((name, after)) => {
                done.push_str(&look_up(name, around, undefined));
                rest = after;
            }
            None => {
                done.push('%');
                rest = after;
            }
        }
    }
    done + rest
}

/// Replaces each `$NAME`; a name is of ASCII letters, digits and `_`, and does not begin with a digit.
fn replace_dollar(text: &str, around: &Surroundings, undefined: &mut Vec<String>) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        done.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            done.push('$');
            rest = after;
        } else {
            done.push_str(&look_up(name, around, undefined));
            rest = tail;
        }
    }
    done + rest
}

fn look_up(name: &str, around: &Surroundings, undefined: &mut Vec<String>) -> String {
    match around.environment.get(name) {
        Some(value) => value.to_owned(),
        None => {
            if !undefined.iter().any(|known| known == name) {
                undefined.push(name.to_owned());
            }
            String::new()
        }
    }
}
