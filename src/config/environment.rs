//! What a config depends on besides its own text: where it lies, whose home this is, and the environment.

use std::collections::HashMap;

/// Whose rules paths and the names of variables follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Drives, shares, both slashes; variables are found whatever their case.
    Windows,
    /// One root, one slash; case counts.
    Posix,
}

impl Platform {
    /// The platform that this library was built for.
    pub fn current() -> Self {
        if cfg!(windows) { Platform::Windows } else { Platform::Posix }
    }
}

/// Environment variables.
#[derive(Debug, Clone)]
pub struct Variables {
    platform: Platform,
    variables: HashMap<String, String>,
}

impl Variables {
    /// The given variables; on Windows their names are found whatever their case.
    pub fn new(platform: Platform, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let key = |name: String| if platform == Platform::Windows { name.to_lowercase() } else { name };
        let variables = variables.into_iter().map(|(name, value)| (key(name), value)).collect();
        Variables { platform, variables }
    }

    /// The value of a variable, if there is one of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = match self.platform {
            Platform::Windows => self.variables.get(&name.to_lowercase()),
            Platform::Posix => self.variables.get(name),
        };
        found.map(String::as_str)
    }
}

/// Everything that decides how the paths in a config are read.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The config file, absolute.
    pub config_path: String,
    /// The home folder, absolute: what a leading `~` stands for.
    pub home: String,
    /// Whose rules paths follow.
    pub platform: Platform,
    /// What `%NAME%`, `$NAME` and `$env:NAME` stand for.
    pub variables: Variables,
}

impl Environment {
    /// The environment of a config at `config_path` (absolute) in this process.
    ///
    /// Variables that are not Unicode count as undefined. Without a home folder `home` is empty.
    pub fn of_process(config_path: impl Into<String>) -> Self {
        let platform = Platform::current();
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let variables = Variables::new(platform, variables);
        let home = match platform {
            Platform::Windows => variables.get("USERPROFILE"),
            Platform::Posix => variables.get("HOME"),
        };
        let home = home.unwrap_or_default().to_owned();
        Environment { config_path: config_path.into(), home, platform, variables }
    }
}
