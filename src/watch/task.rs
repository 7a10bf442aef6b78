//! The scheduled task that runs a watch at each log-on: its name, and which tasks are ours.
//!
//! Ours is a task in our folder whose description holds the marker that the Notes of our VMs hold. Its name does not count, so
//! that the task of a project that got another name since is found, too.

use serde::{Deserialize, Serialize};

use crate::config::names::{VmNames, path_hash};
use crate::error::{Code, Error, Result};
use crate::ownership::{NotOwned, check, notes};

/// A task in our folder, as Task Scheduler tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredTask {
    /// Its name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
}

/// The task of a config as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchTask {
    /// Its name.
    pub name: String,
    /// Its description, with the marker.
    pub description: String,
}

/// A task that is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnTask {
    /// Its place among the tasks that were handed over, from 0.
    pub index: usize,
    /// The project that it was registered for.
    pub project: String,
}

/// Those of `tasks` that run a watch over the lab of this config (absolute).
pub fn own(config_path: &str, tasks: &[RegisteredTask]) -> Vec<OwnTask> {
    let tail = format!("-{}", path_hash(config_path));
    let own = |(index, task): (usize, &RegisteredTask)| {
        marked(task, config_path).ok()?;
        let project = task.name.strip_suffix(&tail).unwrap_or_default().to_owned();
        Some(OwnTask { index, project })
    };
    tasks.iter().enumerate().filter_map(own).collect()
}

/// The task of a config (absolute), where nothing in our folder is in its way.
///
/// # Errors
/// `OWNERSHIP_VERIFICATION_FAILED` where one of `tasks` has its name and is not ours.
pub fn watch_task(project: &str, config_path: &str, tasks: &[RegisteredTask]) -> Result<WatchTask> {
    let name = VmNames::new(project, config_path).lab();
    // Task Scheduler does not tell names apart by case.
    if let Some(other) = tasks.iter().find(|task| task.name.eq_ignore_ascii_case(&name))
        && let Err(reason) = marked(other, config_path)
    {
        return Err(not_ours(&other.name, &reason));
    }
    let summary = format!(
        "Keeps the machines of the lab {project} findable by name. Register-RagnaWatch of the PowerShell module Ragnatramp made \
         it, Unregister-RagnaWatch removes it."
    );
    Ok(WatchTask { name, description: format!("{summary}\n{}", notes(config_path)) })
}

fn marked(task: &RegisteredTask, config_path: &str) -> std::result::Result<(), NotOwned> {
    check(task.description.as_deref().unwrap_or_default(), &task.name, &task.name, config_path)
}

fn not_ours(name: &str, reason: &NotOwned) -> Error {
    let found = match reason {
        NotOwned::OtherConfig { marked } => format!("its description says that it is for {marked}"),
        _ => "its description does not say that Register-RagnaWatch made it for this config".to_owned(),
    };
    Error::new(
        Code::OwnershipVerificationFailed,
        format!("There is a scheduled task {name} already, and {found}. It was left as it is."),
    )
    .with_remedy("Delete it in Task Scheduler (taskschd.msc) if it is not needed, and run the command again.")
}
