//! The order of starts: a machine is started after those that it depends on.

use std::collections::{HashMap, VecDeque};

use crate::config::Machine;

/// The wave of each machine, by name: 0 where it depends on none, else one more than the highest of those. A config has no
/// circles; should there be one, its machines and what depends on them are in wave 0.
pub(super) fn waves(machines: &[Machine]) -> HashMap<&str, usize> {
    let mut waves: HashMap<&str, usize> = machines.iter().map(|machine| (machine.name.as_str(), 0)).collect();
    let mut awaited: HashMap<&str, usize> = HashMap::new();
    let mut dependents: HashMap<&str, Vec<&str>> = HashMap::new();
    for machine in machines {
        let known = machine.depends_on.iter().filter(|name| waves.contains_key(name.as_str()));
        for name in known {
            *awaited.entry(&machine.name).or_default() += 1;
            dependents.entry(name).or_default().push(&machine.name);
        }
    }
    let mut ready: VecDeque<(&str, usize)> = machines
        .iter()
        .map(|machine| (machine.name.as_str(), 0))
        .filter(|(name, _)| !awaited.contains_key(name))
        .collect();
    // In the order of the waves, so the last dependency that becomes ready is of the highest.
    while let Some((name, wave)) = ready.pop_front() {
        waves.insert(name, wave);
        for dependent in dependents.get(name).into_iter().flatten() {
            if let Some(left) = awaited.get_mut(dependent) {
                *left -= 1;
                if *left == 0 {
                    ready.push_back((dependent, wave + 1));
                }
            }
        }
    }
    waves
}
