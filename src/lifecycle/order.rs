//! The order of starts: a machine is started after those that it depends on.

use std::collections::{HashMap, VecDeque};

use crate::config::Machine;

/// The wave of each machine of a config.
pub(super) struct Waves<'a> {
    places: HashMap<&'a str, usize>,
    waves: Vec<usize>,
}

impl<'a> Waves<'a> {
    /// 0 for a machine that depends on none, else one more than the highest of those. A config has no circles; should there be
    /// one, its machines and what depends on them are in wave 0.
    pub(super) fn of(machines: &'a [Machine]) -> Waves<'a> {
        let places: HashMap<&str, usize> =
            machines.iter().enumerate().map(|(place, machine)| (machine.name.as_str(), place)).collect();
        let mut awaited = vec![0_usize; machines.len()];
        let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); machines.len()];
        for ((place, machine), awaited) in machines.iter().enumerate().zip(&mut awaited) {
            for name in &machine.depends_on {
                let of_known = places.get(name.as_str()).and_then(|known| dependents.get_mut(*known));
                if let Some(dependents) = of_known {
                    dependents.push(place);
                    *awaited += 1;
                }
            }
        }
        let mut waves = vec![0; machines.len()];
        let ready = awaited.iter().enumerate().filter(|(_, awaited)| **awaited == 0);
        let mut ready: VecDeque<usize> = ready.map(|(place, _)| place).collect();
        // In the order of the waves, so the last dependency that becomes ready is of the highest.
        while let Some(place) = ready.pop_front() {
            let wave = waves.get(place).copied().unwrap_or(0);
            for dependent in dependents.get(place).into_iter().flatten().copied() {
                let Some(left) = awaited.get_mut(dependent) else { continue };
                *left -= 1;
                if let (0, Some(next)) = (*left, waves.get_mut(dependent)) {
                    *next = wave + 1;
                    ready.push_back(dependent);
                }
            }
        }
        Waves { places, waves }
    }

    /// That of the machine of this name; 0 where the config has none.
    pub(super) fn get(&self, name: &str) -> usize {
        self.places.get(name).and_then(|place| self.waves.get(*place)).copied().unwrap_or(0)
    }
}
