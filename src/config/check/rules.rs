//! What may stand where.

use std::collections::HashMap;

use super::{Check, Found, FoundMap};
use crate::config::DiskStrategy;
use crate::config::faults::quote;
use crate::config::patterns::{
    MACHINE_NAME_LENGTH, PROJECT_NAME_LENGTH, is_device, is_name, is_resolver_name,
};
use crate::config::yaml::{Mention, Span, Value};

const ROOT: [&str; 4] = ["project", "defaults", "machines", "settings"];
const PROJECT: [&str; 1] = ["name"];
const DEFAULTS: [&str; 4] = ["cpu", "memory", "base_image", "disk_strategy"];
const MACHINE: [&str; 4] = ["name", "cpu", "memory", "base_image"];
const SETTINGS: [&str; 2] = ["artifact_path", "auto_start"];

/// What a document says, as far as it follows the rules. A document without faults says all that is needed.
#[derive(Default)]
pub(in crate::config) struct Said<'t> {
    pub(in crate::config) project: Option<&'t str>,
    pub(in crate::config) machines: Vec<MachineSaid<'t>>,
    pub(in crate::config) cpu: Option<u32>,
    pub(in crate::config) memory: Option<u32>,
    pub(in crate::config) base_image: Option<Written<'t>>,
    pub(in crate::config) disk_strategy: Option<DiskStrategy>,
    pub(in crate::config) artifact_path: Option<Written<'t>>,
    pub(in crate::config) auto_start: Option<bool>,
}

/// What a document says of one machine.
#[derive(Default)]
pub(in crate::config) struct MachineSaid<'t> {
    pub(in crate::config) name: Option<&'t str>,
    pub(in crate::config) cpu: Option<u32>,
    pub(in crate::config) memory: Option<u32>,
    pub(in crate::config) base_image: Option<Written<'t>>,
}

/// A text and where it stands.
pub(in crate::config) struct Written<'t> {
    pub(in crate::config) path: String,
    pub(in crate::config) span: Span,
    pub(in crate::config) text: &'t str,
}

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
            said.cpu = self.cpu(&defaults);
            said.memory = self.memory(&defaults);
            said.base_image = self.path(&defaults, "base_image", "to a disk image");
            said.disk_strategy = self.disk_strategy(&defaults);
        }
        if let Some(machines) = self.required(&map, "machines", "missing; a config lists its machines") {
            said.machines = self.machines(&machines, images_needed);
        }
        let settings = self.entry(&map, "settings").and_then(|found| self.map(&found, &SETTINGS));
        if let Some(settings) = settings {
            said.artifact_path = self.path(&settings, "artifact_path", "to a folder");
            said.auto_start = self.auto_start(&settings);
        }
        said
    }

    fn project(&mut self, found: &Found<'t>) -> Option<&'t str> {
        let project = self.map(found, &PROJECT)?;
        let name = self.required(&project, "name", "missing; a project has a name")?;
        self.name(&name, PROJECT_NAME_LENGTH)
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
        said.cpu = self.cpu(&map);
        said.memory = self.memory(&map);
        said.base_image = match image_needed {
            true => {
                self.required(
                    &map,
                    "base_image",
                    "missing; name an image here, or for all machines in defaults",
                );
                self.path(&map, "base_image", "to a disk image")
            }
            false => self.path(&map, "base_image", "to a disk image"),
        };
        Some(said)
    }

    fn name(&mut self, found: &Found<'t>, most: usize) -> Option<&'t str> {
        let wanted =
            format!("a name of letters, digits and hyphens, a letter first, {most} characters at most");
        let Value::Text(text) = found.value else {
            self.not(found, &wanted);
            return None;
        };
        let without_hyphen = text.trim_end_matches('-');
        if text.len() > most || !is_name(without_hyphen) {
            self.not(found, &wanted);
            return None;
        }
        if without_hyphen.len() < text.len() {
            if let Some(fault) = self.not(found, "a name that ends with a letter or a digit") {
                fault.suggestion = Some(without_hyphen.to_owned());
            }
            return None;
        }
        if is_device(text) {
            let message = format!("{} is a device, and Windows makes no file of that name", quote(text));
            self.fault(&found.path, found.span, message);
            return None;
        }
        Some(text)
    }

    /// The name of a machine, which its peers write into their hosts files.
    fn machine_name(&mut self, found: &Found<'t>) -> Option<&'t str> {
        let name = self.name(found, MACHINE_NAME_LENGTH)?;
        if is_resolver_name(name) {
            let message = format!(
                "{} has a meaning of its own in hosts files and name resolution; choose another name",
                quote(name)
            );
            self.fault(&found.path, found.span, message);
            return None;
        }
        Some(name)
    }

    fn cpu(&mut self, map: &FoundMap<'t>) -> Option<u32> {
        self.number(map, "cpu", 1, 64, "a whole number from 1 to 64")
    }

    fn memory(&mut self, map: &FoundMap<'t>) -> Option<u32> {
        self.number(map, "memory", 512, 1_048_576, "a whole number of MB from 512 to 1048576")
    }

    fn number(&mut self, map: &FoundMap<'t>, key: &str, least: u32, most: u32, wanted: &str) -> Option<u32> {
        let found = self.entry(map, key)?;
        if let Value::Number(number) = found.value {
            let in_range = (f64::from(least)..=f64::from(most)).contains(number);
            if in_range && number.fract() == 0.0 {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole and in range"
                )]
                return Some(*number as u32);
            }
        }
        let text = match found.value {
            Value::Text(text) => text.trim_ascii(),
            _ => "",
        };
        let allowed = |number: &u32| (least..=most).contains(number);
        let quoted = text.parse().ok().filter(allowed).map(|number: u32| format!("{number}, without quotes"));
        let in_mb = || megabytes(text).filter(|_| key == "memory").filter(allowed);
        if let Some(fault) = self.not(&found, wanted) {
            fault.suggestion = quoted.or_else(|| in_mb().map(|number| number.to_string()));
        }
        None
    }

    fn path(&mut self, map: &FoundMap<'t>, key: &str, to: &str) -> Option<Written<'t>> {
        let found = self.entry(map, key)?;
        match found.value {
            Value::Text(text) if !text.is_empty() => {
                Some(Written { path: found.path, span: found.span, text })
            }
            _ => {
                self.not(&found, &format!("a path {to}"));
                None
            }
        }
    }

    fn disk_strategy(&mut self, map: &FoundMap<'t>) -> Option<DiskStrategy> {
        let found = self.entry(map, "disk_strategy")?;
        let text = match found.value {
            Value::Text(text) => &**text,
            _ => "",
        };
        match text {
            "differencing" => return Some(DiskStrategy::Differencing),
            "copy" => return Some(DiskStrategy::Copy),
            _ => {}
        }
        let meant = crate::config::faults::nearest(text, &["differencing", "copy"]);
        if let Some(fault) = self.not(&found, "differencing or copy") {
            fault.suggestion = meant.map(str::to_owned);
        }
        None
    }

    fn auto_start(&mut self, map: &FoundMap<'t>) -> Option<bool> {
        let found = self.entry(map, "auto_start")?;
        let meant = match found.value {
            Value::Bool(value) => return Some(*value),
            Value::Text(text) => match text.to_lowercase().as_str() {
                "yes" | "on" | "true" => Some("true"),
                "no" | "off" | "false" => Some("false"),
                _ => None,
            },
            _ => None,
        };
        if let Some(fault) = self.not(&found, "true or false") {
            fault.suggestion = meant.map(str::to_owned);
        }
        None
    }
}

/// The size that PowerShell and others write as `2GB`, `1.5 GiB` or `2048MB`, in MB.
fn megabytes(text: &str) -> Option<u32> {
    let text = Some(text).filter(|text| text.len() <= 40)?;
    let digits = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
        "mb" | "mib" | "m" => 1.0,
        "gb" | "gib" | "g" => 1024.0,
        "tb" | "tib" | "t" => 1024.0 * 1024.0,
        _ => return None,
    };
    let size = number.parse::<f64>().ok()? * factor;
    let whole = size.fract() == 0.0 && size <= f64::from(u32::MAX);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
    whole.then_some(size as u32)
}
