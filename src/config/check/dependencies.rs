//! `depends_on`: which machines a machine needs.

use std::collections::HashMap;

use super::circles::circles;
use super::said::{Dependencies, MachineSaid, Placed};
use super::{Check, Found, FoundMap};
use crate::config::faults::{closest, quote};
use crate::config::yaml::{Mention, Value};

/// The most dependencies of a config: with aliases a short text can say any number.
const MOST: usize = 100_000;

/// How many names all suggestions together may be chosen from.
const COMPARED: usize = 200_000;

const WANTED: &str = "the name of a machine";

impl<'t> Check<'t> {
    /// The names under `depends_on`: a list, or one as text.
    pub(super) fn depends_on(&mut self, map: &FoundMap<'t>) -> Option<Dependencies<'t>> {
        let found = self.entry(map, "depends_on")?;
        let names = match found.value {
            Value::Text(text) => {
                vec![Placed { path: found.path.clone(), span: found.span, value: &**text }]
            }
            Value::List(items) => self.listed_names(&found, items),
            _ => {
                self.not(&found, "the name of a machine or a list of such names");
                return None;
            }
        };
        Some(Dependencies { path: found.path, span: found.span, names })
    }

    fn listed_names(&mut self, found: &Found<'t>, items: &[Mention]) -> Vec<Placed<&'t str>> {
        let room = MOST.saturating_sub(self.dependencies);
        if items.len() > room {
            self.fault(
                &found.path,
                found.span,
                format!("too many; a config has {MOST} dependencies at most"),
            );
        }
        self.dependencies += items.len().min(room);
        let mut names = Vec::new();
        for (index, item) in items.iter().enumerate().take(room) {
            let name = self.found(format!("{}[{index}]", found.path), *item, found.span);
            match name.value {
                Value::Text(text) => names.push(Placed { path: name.path, span: name.span, value: &**text }),
                _ => {
                    self.not(&name, WANTED);
                }
            }
        }
        names
    }

    /// Holds what each machine needs against the machines that there are. `seen` holds the names of all of them, in lower
    /// case, also those that are faults themselves.
    pub(super) fn dependencies(
        &mut self,
        said: &[MachineSaid<'t>],
        seen: &HashMap<String, (Found<'t>, &'t str)>,
    ) {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for (number, name) in
            said.iter().enumerate().filter_map(|(number, said)| Some((number, said.name()?)))
        {
            numbers.entry(name).or_insert(number);
        }
        let mut left = COMPARED;
        let mut needs = vec![Vec::new(); said.len()];
        for (machine, needs) in said.iter().zip(&mut needs) {
            let Some(depends_on) = &machine.depends_on else { continue };
            let mut listed: HashMap<&str, &Placed<&str>> = HashMap::new();
            for name in &depends_on.names {
                let is_there =
                    seen.get(&name.value.to_lowercase()).is_some_and(|(_, text)| *text == name.value);
                if Some(name.value) == machine.name() {
                    self.fault(&name.path, name.span, "a machine cannot depend on itself");
                } else if !is_there {
                    let others = said
                        .iter()
                        .filter_map(MachineSaid::name)
                        .filter(|other| Some(*other) != machine.name());
                    let meant = closest(&name.value.to_lowercase(), others.take(left));
                    left = left.saturating_sub(said.len());
                    let message = format!("must be {WANTED}, is {}", quote(name.value));
                    if let Some(fault) = self.fault(&name.path, name.span, message) {
                        fault.suggestion = meant.map(str::to_owned);
                    }
                } else if let Some(first) = listed.get(name.value) {
                    let other = first.span.start;
                    if let Some(fault) = self.fault(&name.path, name.span, "named twice, first") {
                        fault.other = Some(other);
                    }
                } else {
                    listed.insert(name.value, name);
                    needs.extend(numbers.get(name.value));
                }
            }
        }
        self.in_circles(said, &needs);
    }

    /// A circle is told once, at the machine of it that stands first: none of them could be the first to start.
    fn in_circles(&mut self, said: &[MachineSaid<'t>], needs: &[Vec<usize>]) {
        for circle in circles(needs) {
            let Some(depends_on) = circle.first().and_then(|first| said[*first].depends_on.as_ref()) else {
                continue;
            };
            let names = circle.iter().chain(circle.first()).filter_map(|number| said[*number].name());
            let names: Vec<&str> = names.collect();
            let message = format!("a circle: {}", names.join(" -> "));
            self.fault(&depends_on.path, depends_on.span, message);
        }
    }
}
