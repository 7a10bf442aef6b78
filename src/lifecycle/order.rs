//! The order of starts: a machine is started after those that it depends on.

use std::collections::HashMap;

use crate::config::Machine;

/// The wave of each machine, by name: 0 where it depends on none, else one more than the highest of those. A config has no
/// circles; should there be one, its machines share a wave.
pub(super) fn waves(machines: &[Machine]) -> HashMap<&str, usize> {
    let mut waves: HashMap<&str, usize> = machines.iter().map(|machine| (machine.name.as_str(), 0)).collect();
    for _ in machines {
        let mut changed = false;
        for machine in machines {
            let after = machine.depends_on.iter().filter_map(|name| waves.get(name.as_str())).max();
            let wave = after.map_or(0, |wave| (wave + 1).min(machines.len()));
            if waves.get(machine.name.as_str()).is_some_and(|known| *known < wave) {
                waves.insert(&machine.name, wave);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    waves
}
