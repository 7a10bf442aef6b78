//! What speaks against a start, all of it at once, before anything is made. Of a machine whose VM is there and complete, only
//! what it needs to run is looked at.

mod finding;
mod need;
mod host;
mod image;
mod first_boot;
mod folder;

use std::collections::HashSet;

use crate::config::Config;
use crate::discovery::MachineName;
use crate::state::State;

use super::inventory::Inventory;
use super::storage::Storage;
use super::subject::World;

pub use finding::{Finding, Severity};
pub use folder::SystemAccess;

/// Looks at all that a start of the machines of these names needs, or of all where there are none.
pub fn preflight(
    config: &Config,
    state: &State,
    inventory: &Inventory,
    storage: &dyn Storage,
    access: Option<&SystemAccess>,
    named: &[MachineName],
) -> Vec<Finding> {
    let world = World::new(config, state, inventory, storage);
    let named_once: HashSet<&str> = named.iter().map(MachineName::as_str).collect();
    let wanted = |name: &str| named.is_empty() || named_once.contains(name);
    let machines: Vec<_> = config.machines.iter().filter(|machine| wanted(&machine.name)).collect();
    let needs = need::needs(&world, &machines, !named.is_empty());
    let mut findings = host::findings(&inventory.host, &needs);
    findings.extend(image::findings(&world, storage, &needs));
    findings.extend(first_boot::findings(&world, &needs));
    findings.extend(folder::findings(storage, &needs, access));
    findings
}
