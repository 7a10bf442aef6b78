//! A path as it is written in a config → an absolute path.

use regex::{Captures, Regex};

use crate::config::environment::Environment;
use crate::config::patterns::{DOLLAR_VARIABLE, PERCENT_VARIABLE};

use super::reach::Reach;

/// Why a path cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathError {
    /// It begins with `~name`.
    OtherHome,
    /// It begins with `~`, and there is no home folder.
    NoHome,
    /// These variables are not defined; in the order in which they stand there.
    Undefined(Vec<String>),
    /// A part of the name of its server or share is the value of a variable.
    VariableInServer,
    /// It is a device or a pipe.
    Device,
    /// It has more than [`LONGEST`] characters.
    TooLong,
}

/// The most characters of a path. Hyper-V takes far fewer.
pub(crate) const LONGEST: usize = 4096;

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
    let path = if platform.is_absolute(&text) { text } else { platform.resolve(folder, &text) };
    if path.chars().nth(LONGEST).is_some() {
        return Err(PathError::TooLong);
    }
    match platform.reach(&path) {
        Reach::Device => Err(PathError::Device),
        Reach::Network if !has_server_of_one_hand(&path, written, folder, environment) => {
            Err(PathError::VariableInServer)
        }
        Reach::Network | Reach::Disk => Ok(path),
    }
}

/// Whether the server and the share in `path` were written by one hand: they stand in the config, in the name of its folder or of
/// the home folder, or in the one variable that it begins with. A name that is put together would take the value of a variable
/// to a server of the author's choice.
fn has_server_of_one_hand(path: &str, written: &str, folder: &str, environment: &Environment) -> bool {
    let server = environment.platform.server_and_share(path);
    let first = [&PERCENT_VARIABLE, &DOLLAR_VARIABLE].into_iter().find_map(|pattern| {
        let found =
            pattern.captures(written).filter(|found| found.get(0).is_some_and(|all| all.start() == 0))?;
        let name = found.iter().skip(1).flatten().next()?;
        environment.variables.get(name.as_str())
    });
    let hands = [Some(written), Some(folder), Some(environment.home.as_str()), first];
    hands.into_iter().flatten().any(|hand| environment.platform.server_and_share(hand) == server)
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
