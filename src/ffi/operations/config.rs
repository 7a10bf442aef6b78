//! The exports that read the config.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::{Config, Surroundings, load, missing_images};
use crate::error::Result;

/// `ragna_config_parse`, `ragna_config_test`: the config file, absolute.
#[derive(Deserialize)]
pub(in crate::ffi) struct ConfigRequest {
    path: String,
}

pub(in crate::ffi) fn config_parse(request: ConfigRequest) -> Result<Config> {
    let path = request.path.clone();
    load(Path::new(&path), &Surroundings::of_process(request.path))
}

/// A sound config, and what a person should know of it all the same.
#[derive(Serialize)]
pub(in crate::ffi) struct ConfigTestAnswer {
    config: Config,
    warnings: Vec<String>,
}

pub(in crate::ffi) fn config_test(request: ConfigRequest) -> Result<ConfigTestAnswer> {
    let config = config_parse(request)?;
    let missing = missing_images(&config, |image| Path::new(image).is_file());
    let warn = |image: &crate::config::MissingImage| {
        format!(
            "There is no base image {} yet; these machines need it: {}.",
            image.path,
            image.machines.join(", ")
        )
    };
    Ok(ConfigTestAnswer { warnings: missing.iter().map(warn).collect(), config })
}
