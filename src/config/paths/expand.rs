//! A path as it is written in a config → an absolute path.

use regex::{Captures, Regex};

use crate::config::environment::Environment;
use crate::config::patterns::{DOLLAR_VARIABLE, PERCENT_VARIABLE};

/// Why a path cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathError {
    /// It begins with `~name`.
    OtherHome,
    /// It begins with `~`, and there is no home folder.
    NoHome,
    /// These variables are not defined; in the order in which they stand there.
    Undefined(Vec<String>),
}

/// Reads `written` as seen from `folder`: a leading `~` is the home folder, then `%NAME%`, then `$NAME` and
/// PowerShell's forms of it are replaced, then a path that is not absolute is resolved against `folder`.
pub(crate) fn expand(written: &str, folder: &str, environment: &Environment) -> Result<String, PathError> {
    let platform = environment.platform;
    let mut undefined = Vec::new();
    let below_home = written.strip_prefix('~');
    if below_home.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '\\'])) {
        return Err(PathError::OtherHome);
    }
    if below_home.is_some() && environment.home.is_empty() {
        return Err(PathError::NoHome);
    }
    // As in the original, dots are folded before variables are replaced. What stands in the name of the home folder
    // itself is no variable.
    let (home, text) = match below_home {
        Some(rest) => {
            let (home, whole) =
                (platform.join(&environment.home, ""), platform.join(&environment.home, rest));
            match whole.strip_prefix(&home) {
                Some(below) => (home, below.to_owned()),
                None => (String::new(), whole),
            }
        }
        None => (String::new(), written.to_owned()),
    };
    let text = replace(&text, &PERCENT_VARIABLE, environment, &mut undefined);
    let text = home + &replace(&text, &DOLLAR_VARIABLE, environment, &mut undefined);
    if !undefined.is_empty() {
        return Err(PathError::Undefined(undefined));
    }
    Ok(if platform.is_absolute(&text) { text } else { platform.resolve(folder, &text) })
}

/// Replaces each variable of the form `pattern`, one of whose groups is the name.
fn replace(text: &str, pattern: &Regex, environment: &Environment, undefined: &mut Vec<String>) -> String {
    let value = |found: &Captures<'_>| {
        let name = found.iter().skip(1).flatten().next().map_or("", |name| name.as_str());
        look_up(name, environment, undefined)
    };
    pattern.replace_all(text, value).into_owned()
}

fn look_up(name: &str, environment: &Environment, undefined: &mut Vec<String>) -> String {
    match environment.variables.get(name) {
        Some(value) => value.to_owned(),
        None => {
            if !undefined.iter().any(|known| known == name) {
                undefined.push(name.to_owned());
            }
            String::new()
        }
    }
}
