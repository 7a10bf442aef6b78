//! Whether a state belongs to the config that asks for it.

use crate::config::names::same_path;
use crate::error::{Code, Error, Result};

use super::model::State;

impl State {
    /// Makes sure that this state, which stands in the folder of the config at `config_path`, belongs to that
    /// config, and to `project` where one is named. Paths are compared as in the Notes of a VM: case does not
    /// count, `/` counts as `\`.
    ///
    /// # Errors
    /// [`Code::StateConflict`], which names both and the way out.
    pub fn check_owner(&self, config_path: &str, project: Option<&str>) -> Result<()> {
        if !same_path(self.config_path(), config_path) {
            return Err(self.other_config(config_path));
        }
        match project {
            Some(project) if project != self.project() => Err(self.other_project(config_path, project)),
            _ => Ok(()),
        }
    }

    fn other_config(&self, config_path: &str) -> Error {
        let theirs = self.config_path();
        if same_path(folder(theirs), folder(config_path)) {
            return Error::new(
                Code::StateConflict,
                format!(
                    "The state in this folder belongs to {theirs} (project {}), not to {config_path}: a folder \
                     holds the state of one config.",
                    self.project()
                ),
            )
            .with_remedy(format!(
                "Move one of the two configs into a folder of its own. If {theirs} was renamed, give it its old \
                 name back: its machines are known by that path."
            ));
        }
        Error::new(
            Code::StateConflict,
            format!(
                "The state in this folder was written for {theirs} (project {}), but this config is \
                 {config_path}.",
                self.project()
            ),
        )
        .with_remedy(format!(
            "If you moved the config, move its folder back to {}: its machines carry that path in their names and \
             Notes. If this is a copy, move the .ragnatramp folder beside it away; the machines of the other \
             config stay as they are.",
            folder(theirs)
        ))
    }

    fn other_project(&self, config_path: &str, project: &str) -> Error {
        let theirs = self.project();
        Error::new(
            Code::StateConflict,
            format!("The state of {config_path} belongs to project {theirs}, but the config now says {project}."),
        )
        .with_remedy(format!(
            "Set project.name back to {theirs}: its machines carry that name. To start a project {project}, give it \
             a folder of its own."
        ))
    }
}

/// Everything before the last separator. Both kinds count, wherever this runs.
fn folder(path: &str) -> &str {
    path.rfind(['/', '\\']).map_or("", |end| &path[..end])
}
