//! Base images that are not there: a reason to warn, not to refuse the config.

use super::Config;

/// An image that machines are made from, and that is not there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MissingImage {
    /// The image, absolute.
    pub path: String,
    /// The machines that are made from it, in the order of the config.
    pub machines: Vec<String>,
}

impl std::fmt::Display for MissingImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let machines = self.machines.join(", ");
        write!(f, "There is no base image {} yet; these machines need it: {machines}.", self.path)
    }
}

/// The images of `config` for which `exists` says no. Each is asked for once, in the order of the config.
pub fn missing_images(config: &Config, mut exists: impl FnMut(&str) -> bool) -> Vec<MissingImage> {
    let mut users: indexmap::IndexMap<&str, Vec<String>> = indexmap::IndexMap::new();
    for machine in &config.machines {
        users.entry(&machine.base_image).or_default().push(machine.name.clone());
    }
    users
        .into_iter()
        .filter(|(path, _)| !exists(path))
        .map(|(path, machines)| MissingImage { path: path.to_owned(), machines })
        .collect()
}
