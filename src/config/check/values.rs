//! What stands under a key: numbers, amounts of memory, paths and words.

use super::said::{Bounds, FirstBootSaid, Placed, Setting};
use super::{Check, Found, FoundMap};
use crate::config::faults::nearest;
use crate::config::yaml::Value;
use crate::config::{DiskStrategy, Generation, SecureBoot};

const DYNAMIC_MEMORY: [&str; 2] = ["min", "max"];

/// The file of the user's own that a key for the first boot may name.
pub(super) struct OwnFile {
    key: &'static str,
    /// As in `a path to a file of user-data`.
    to: &'static str,
}

pub(super) const CLOUD_INIT: OwnFile = OwnFile { key: "user_data", to: "to a file of user-data" };
pub(super) const UNATTEND: OwnFile = OwnFile { key: "answer_file", to: "to an answer file" };

/// A whole number that a key takes.
struct Range {
    least: u32,
    most: u32,
    /// As in `a whole number from 1 to 64`.
    wanted: &'static str,
}

const CPU: Range = Range { least: 1, most: 64, wanted: "a whole number from 1 to 64" };
const MEMORY: Range =
    Range { least: 512, most: 1_048_576, wanted: "a whole number of MB from 512 to 1048576" };
const GENERATION: Range = Range { least: 1, most: 2, wanted: "1 or 2" };

impl<'t> Check<'t> {
    pub(super) fn cpu(&mut self, map: &FoundMap<'t>) -> Setting<u32> {
        let Some(found) = self.entry(map, "cpu") else { return Setting::Unsaid };
        setting(found.clone(), self.number(&found, &CPU, |_| None))
    }

    /// An amount of memory in MB, of which Hyper-V takes multiples of 2.
    pub(super) fn memory(&mut self, map: &FoundMap<'t>, key: &str) -> Setting<u32> {
        let Some(found) = self.entry(map, key) else { return Setting::Unsaid };
        let amount = self.number(&found, &MEMORY, megabytes);
        if let Some(odd) = amount.filter(|amount| amount % 2 == 1) {
            if let Some(fault) = self.not(&found, "a multiple of 2 MB") {
                fault.suggestion = Some((odd + 1).to_string());
            }
            return Setting::Faulty;
        }
        setting(found, amount)
    }

    pub(super) fn dynamic_memory(&mut self, map: &FoundMap<'t>) -> Setting<Bounds> {
        let Some(found) = self.entry(map, "dynamic_memory") else { return Setting::Unsaid };
        let Some(bounds) = self.map(&found, &DYNAMIC_MEMORY) else { return Setting::Faulty };
        self.required(&bounds, "min", "missing; the least memory, in MB");
        self.required(&bounds, "max", "missing; the most memory, in MB");
        let (min, max) = (self.memory(&bounds, "min"), self.memory(&bounds, "max"));
        let (Setting::Is(min), Setting::Is(max)) = (min, max) else { return Setting::Faulty };
        if max.value < min.value {
            let message = format!("{} is less than the {} of {}", max.value, min.value, min.path);
            if let Some(fault) = self.fault(&max.path, max.span, message) {
                fault.other = Some(min.span.start);
            }
            return Setting::Faulty;
        }
        setting(found, Some(Bounds { min, max }))
    }

    pub(super) fn generation(&mut self, map: &FoundMap<'t>) -> Setting<Generation> {
        let Some(found) = self.entry(map, "generation") else { return Setting::Unsaid };
        let number = self.number(&found, &GENERATION, |_| None);
        setting(found, number.map(|number| if number == 1 { Generation::One } else { Generation::Two }))
    }

    /// `on` is a text in YAML 1.2 and `true` in YAML 1.1; here either is as good.
    pub(super) fn secure_boot(&mut self, map: &FoundMap<'t>) -> Setting<SecureBoot> {
        let Some(found) = self.entry(map, "secure_boot") else { return Setting::Unsaid };
        let said = match found.value {
            Value::Bool(true) => Some(SecureBoot::On),
            Value::Bool(false) => Some(SecureBoot::Off),
            Value::Text(text) if &**text == "on" => Some(SecureBoot::On),
            Value::Text(text) if &**text == "off" => Some(SecureBoot::Off),
            _ => None,
        };
        if said.is_none() {
            let meant = truth_meant(found.value).map(|meant| if meant { "on" } else { "off" });
            if let Some(fault) = self.not(&found, "on or off") {
                fault.suggestion = meant.map(str::to_owned);
            }
        }
        setting(found, said)
    }

    /// Whether there is a disc for the first boot under this key, and the file of the user's own that may be named there.
    pub(super) fn first_boot(
        &mut self,
        map: &FoundMap<'t>,
        key: &str,
        own: &OwnFile,
    ) -> Setting<FirstBootSaid<'t>> {
        let Some(found) = self.entry(map, key) else { return Setting::Unsaid };
        let said = match found.value {
            Value::Bool(true) => FirstBootSaid::On { own_file: Setting::Unsaid },
            Value::Bool(false) => FirstBootSaid::Off,
            Value::Map(_) => {
                let Some(said) = self.map(&found, &[own.key]) else { return Setting::Faulty };
                FirstBootSaid::On { own_file: self.path(&said, own.key, own.to) }
            }
            _ => {
                let meant = truth_meant(found.value);
                if let Some(fault) = self.not(&found, &format!("true, false or a map of {}", own.key)) {
                    fault.suggestion = meant.map(|meant| meant.to_string());
                }
                return Setting::Faulty;
            }
        };
        setting(found, Some(said))
    }

    /// The number that `found` must be; `other_form` reads texts that mean one.
    fn number(
        &mut self,
        found: &Found<'t>,
        range: &Range,
        other_form: fn(&str) -> Option<u32>,
    ) -> Option<u32> {
        let &Range { least, most, wanted } = range;
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
        let meant = || other_form(text).filter(allowed);
        if let Some(fault) = self.not(found, wanted) {
            fault.suggestion = quoted.or_else(|| meant().map(|number| number.to_string()));
        }
        None
    }

    pub(super) fn path(&mut self, map: &FoundMap<'t>, key: &str, to: &str) -> Setting<&'t str> {
        let Some(found) = self.entry(map, key) else { return Setting::Unsaid };
        let path = match found.value {
            Value::Text(text) if !text.is_empty() => Some(&**text),
            _ => None,
        };
        if path.is_none() {
            self.not(&found, &format!("a path {to}"));
        }
        setting(found, path)
    }

    pub(super) fn disk_strategy(&mut self, map: &FoundMap<'t>) -> Option<DiskStrategy> {
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
        let meant = nearest(text, &["differencing", "copy"]);
        if let Some(fault) = self.not(&found, "differencing or copy") {
            fault.suggestion = meant.map(str::to_owned);
        }
        None
    }

    /// A key that is true or false.
    pub(super) fn truth(&mut self, map: &FoundMap<'t>, key: &'static str) -> Option<bool> {
        let found = self.entry(map, key)?;
        if let Value::Bool(value) = found.value {
            return Some(*value);
        }
        let meant = truth_meant(found.value);
        if let Some(fault) = self.not(&found, "true or false") {
            fault.suggestion = meant.map(|meant| meant.to_string());
        }
        None
    }
}

/// What `found` is read as; a fault where that is nothing.
fn setting<T>(found: Found<'_>, value: Option<T>) -> Setting<T> {
    match value {
        Some(value) => Setting::Is(Placed { path: found.path, span: found.span, value }),
        None => Setting::Faulty,
    }
}

/// What a word for yes or no means.
fn truth_meant(value: &Value) -> Option<bool> {
    let Value::Text(text) = value else { return None };
    match text.to_lowercase().as_str() {
        "yes" | "on" | "true" => Some(true),
        "no" | "off" | "false" => Some(false),
        _ => None,
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
