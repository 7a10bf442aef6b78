//! The names of projects and machines.

use super::said::{Placed, Written};
use super::{Check, Found};
use crate::config::faults::quote;
use crate::config::patterns::{
    MACHINE_NAME_LENGTH, PROJECT_NAME_LENGTH, is_device, is_name, is_resolver_name,
};
use crate::config::yaml::Value;

impl<'t> Check<'t> {
    pub(super) fn project_name(&mut self, found: &Found<'t>) -> Option<&'t str> {
        self.name(found, PROJECT_NAME_LENGTH)
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
    pub(super) fn machine_name(&mut self, found: &Found<'t>) -> Option<Written<'t>> {
        let name = self.name(found, MACHINE_NAME_LENGTH)?;
        if is_resolver_name(name) {
            let message = format!(
                "{} has a meaning of its own in hosts files and name resolution; choose another name",
                quote(name)
            );
            self.fault(&found.path, found.span, message);
            return None;
        }
        Some(Placed { path: found.path.clone(), span: found.span, value: name })
    }
}
