//! Whether what the users' own files tell the first boot of machines can be read.

use super::super::seed;
use super::super::subject::World;
use super::finding::{Finding, Severity};
use super::need::Need;
use crate::config::names::same_path;
use crate::error::Code;

/// Every file of user-data that is to be put on a disc, each looked at once.
pub(super) fn findings(world: &World<'_>, needs: &[Need<'_>]) -> Vec<Finding> {
    let mut uses: Vec<(&str, Vec<&str>)> = Vec::new();
    for need in needs.iter().filter(|need| need.making.as_ref().is_some_and(|making| making.writes_seed)) {
        let Some(path) = seed::user_data(need.machine) else { continue };
        let name = need.machine.name.as_str();
        match uses.iter_mut().find(|(known, _)| same_path(known, path)) {
            Some((_, names)) => names.push(name),
            None => uses.push((path, vec![name])),
        }
    }
    let finding = |(path, names): (&str, Vec<&str>)| {
        let what = seed::unreadable(world, path)?;
        let message = format!("the user-data {path} {what}.");
        let finding = Finding::new(Code::UserDataUnreadable, Severity::Error, &message, seed::REMEDY);
        Some(finding.of(&names).at(path))
    };
    uses.into_iter().filter_map(finding).collect()
}
