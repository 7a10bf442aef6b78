//! What may stand where.

use std::collections::HashMap;

use super::said::{Hardware, MachineSaid, Said};
use super::values::{CLOUD_INIT, UNATTEND};
use super::{Check, Found, FoundMap};
use crate::config::yaml::{Mention, Span, Value};

const ROOT: [&str; 4] = ["project", "defaults", "machines", "settings"];
const PROJECT: [&str; 1] = ["name"];
const DEFAULTS: [&str; 9] = [
    "cpu",
    "memory",
    "base_image",
    "generation",
    "secure_boot",
    "dynamic_memory",
    "cloud_init",
    "unattend",
    "disk_strategy",
];
const MACHINE: [&str; 10] = [
    "name",
    "cpu",
    "memory",
    "base_image",
    "generation",
    "secure_boot",
    "dynamic_memory",
    "cloud_init",
    "unattend",
    "depends_on",
];
const SETTINGS: [&str; 3] = ["artifact_path", "auto_start", "ssh_config"];

impl<'t> Check<'t> {
    /// Checks a whole document.
    pub(in crate::config) fn document(&mut self, root: Mention) -> Said<'t> {
        let mut said = Said::default();
        let found = self.found(String::new(), root, Span { start: 0, end: 0 });
        let Some(map) = self.map(&found, &ROOT) else { return said };
        if let Some(project) = self.required(&map, "project", "missing; a config names its project") {
            said.project = self.project(&project);
        }
        let mut images_needed = true;
        let defaults = self.entry(&map, "defaults").and_then(|found| self.map(&found, &DEFAULTS));
        if let Some(defaults) = defaults {
            images_needed = !defaults.map.entries.contains_key("base_image");
            said.defaults = self.hardware(&defaults);
            said.disk_strategy = self.disk_strategy(&defaults);
        }
        if let Some(machines) = self.required(&map, "machines", "missing; a config lists its machines") {
            said.machines = self.machines(&machines, images_needed);
        }
        let settings = self.entry(&map, "settings").and_then(|found| self.map(&found, &SETTINGS));
        if let Some(settings) = settings {
            said.artifact_path = self.path(&settings, "artifact_path", "to a folder");
            said.auto_start = self.truth(&settings, "auto_start");
            said.ssh_config = self.truth(&settings, "ssh_config");
        }
        said
    }

    fn project(&mut self, found: &Found<'t>) -> Option<&'t str> {
        let project = self.map(found, &PROJECT)?;
        let name = self.required(&project, "name", "missing; a project has a name")?;
        self.project_name(&name)
    }

    fn machines(&mut self, found: &Found<'t>, images_needed: bool) -> Vec<MachineSaid<'t>> {
        let Value::List(items) = found.value else {
            self.not(found, "a list of machines");
            return Vec::new();
        };
        if items.is_empty() {
            self.fault(&found.path, found.span, "must list at least one machine, is empty");
        }
        let mut said = Vec::new();
        let mut seen = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let machine = self.found(format!("machines[{index}]"), *item, found.span);
            said.push(self.machine(&machine, images_needed, &mut seen).unwrap_or_default());
        }
        self.repeated_without_name(found, items);
        self.dependencies(&said, &seen);
        said
    }

    fn machine(
        &mut self,
        found: &Found<'t>,
        image_needed: bool,
        seen: &mut HashMap<String, (Found<'t>, &'t str)>,
    ) -> Option<MachineSaid<'t>> {
        let map = self.map(found, &MACHINE)?;
        let mut said = MachineSaid::default();
        if let Some(name) = self.required(&map, "name", "missing; a machine has a name") {
            said.name = self.machine_name(&name);
            self.repeated_name(name, found.span, seen);
        }
        if image_needed {
            let message = "missing; name an image here, or for all machines in defaults";
            self.required(&map, "base_image", message);
        }
        said.hardware = self.hardware(&map);
        said.depends_on = self.depends_on(&map);
        Some(said)
    }

    fn hardware(&mut self, map: &FoundMap<'t>) -> Hardware<'t> {
        Hardware {
            cpu: self.cpu(map),
            memory: self.memory(map, "memory"),
            base_image: self.path(map, "base_image", "to a disk image"),
            generation: self.generation(map),
            secure_boot: self.secure_boot(map),
            dynamic_memory: self.dynamic_memory(map),
            cloud_init: self.first_boot(map, "cloud_init", &CLOUD_INIT),
            unattend: self.first_boot(map, "unattend", &UNATTEND),
        }
    }
}
