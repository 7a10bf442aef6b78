//! The rules of a config: every fault of a document, each with its place.

use super::faults::{RawFault, describe, nearest};
use super::yaml::{Map, Mention, Span, Tree, Value};

mod circles;
mod dependencies;
mod duplicates;
mod names;
mod rules;
mod said;
mod values;
pub(super) use said::{Bounds, FirstBootSaid, Hardware, MachineSaid, Placed, Said, Setting, Written};

/// How a key of the whole document begins that is for the user alone, as in compose: what stands there is not read but
/// through its anchors.
const EXTENSION: &str = "x-";

/// The most faults that are listed.
pub(super) const MAX_FAULTS: usize = 10_000;

/// Goes through a document and gathers what is wrong with it.
pub(super) struct Check<'t> {
    pub(super) tree: &'t Tree,
    pub(super) faults: Vec<RawFault>,
    /// How many dependencies were read.
    dependencies: usize,
}

/// A value in its place.
#[derive(Clone)]
pub(super) struct Found<'t> {
    pub(super) path: String,
    /// The value's place; its key's where nothing is written after that.
    pub(super) span: Span,
    pub(super) value: &'t Value,
    pub(super) mention: Mention,
}

/// A map in its place.
pub(super) struct FoundMap<'t> {
    path: String,
    span: Span,
    map: &'t Map,
}

impl<'t> Check<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Check { tree, faults: Vec::new(), dependencies: 0 }
    }

    pub(super) fn found(&self, path: String, mention: Mention, otherwise: Span) -> Found<'t> {
        let span = mention.span.unwrap_or(otherwise);
        Found { path, span, value: self.tree.get(mention.node), mention }
    }

    fn fault(&mut self, path: &str, span: Span, message: impl Into<String>) -> Option<&mut RawFault> {
        if self.faults.len() >= MAX_FAULTS {
            return None;
        }
        self.faults.push(RawFault {
            path: path.to_owned(),
            start: span.start,
            end: span.end,
            message: message.into(),
            other: None,
            suggestion: None,
        });
        self.faults.last_mut()
    }

    /// Says that `found` is not what it must be, as in `a whole number from 1 to 64`.
    fn not(&mut self, found: &Found<'t>, wanted: &str) -> Option<&mut RawFault> {
        let is = describe(self.tree, found.mention.node);
        self.fault(&found.path, found.span, format!("must be {wanted}, is {is}"))
    }

    /// The map that `found` must be. All its keys must be among `allowed`.
    fn map(&mut self, found: &Found<'t>, allowed: &[&str]) -> Option<FoundMap<'t>> {
        let Value::Map(map) = found.value else {
            self.not(found, &format!("a map of {}", listed(allowed)));
            return None;
        };
        for (key, entry) in &map.entries {
            if self.faults.len() >= MAX_FAULTS {
                break;
            }
            if allowed.contains(&&**key) || found.path.is_empty() && key.starts_with(EXTENSION) {
                continue;
            }
            let path = child(&found.path, key);
            let (message, suggestion) = unknown_key(key, allowed);
            if let Some(fault) = self.fault(&path, entry.key, message) {
                fault.suggestion = suggestion;
            }
        }
        Some(FoundMap { path: found.path.clone(), span: found.span, map })
    }

    /// What stands under `key`, if anything does.
    fn entry(&self, map: &FoundMap<'t>, key: &str) -> Option<Found<'t>> {
        let entry = map.map.entries.get(key)?;
        Some(self.found(child(&map.path, key), entry.value, entry.key))
    }

    /// What stands under `key`, which must be there.
    fn required(&mut self, map: &FoundMap<'t>, key: &str, message: &str) -> Option<Found<'t>> {
        if !map.map.entries.contains_key(key) {
            self.fault(&child(&map.path, key), map.span, message);
        }
        self.entry(map, key)
    }
}

/// The path of what stands under `key` in what stands at `path`.
fn child(path: &str, key: &str) -> String {
    match (path, key) {
        (path, "") => format!("{path}[\"\"]"),
        ("", key) => key.to_owned(),
        (path, key) => format!("{path}.{key}"),
    }
}

fn unknown_key(key: &str, allowed: &[&str]) -> (String, Option<String>) {
    if let Some(meant) = elsewhere_named(key) {
        return match home_of(meant).filter(|_| !allowed.contains(&meant)) {
            Some(section) => {
                (format!("unknown key; {meant} is probably meant, which belongs under {section}"), None)
            }
            None => ("unknown key".to_owned(), Some(meant.to_owned())),
        };
    }
    if let Some(meant) = nearest(key, allowed) {
        return ("unknown key".to_owned(), Some(meant.to_owned()));
    }
    match home_of(key) {
        Some(section) => (format!("unknown key here; it belongs under {section}"), None),
        None => (format!("unknown key; allowed here are {}", listed(allowed)), None),
    }
}

/// The key for what Hyper-V, Vagrant, compose and others name so.
fn elsewhere_named(key: &str) -> Option<&'static str> {
    match key.to_lowercase().replace('-', "_").as_str() {
        "ram" | "mem" | "memory_mb" | "memory_startup_bytes" | "memorystartupbytes" => Some("memory"),
        "vcpu" | "vcpus" | "cpus" | "core" | "cores" | "processors" | "processor_count"
        | "processorcount" => Some("cpu"),
        "host" | "hostname" | "host_name" | "machine_name" | "vm_name" => Some("name"),
        "gen" | "vm_generation" | "vmgeneration" => Some("generation"),
        "enable_secure_boot" | "enablesecureboot" => Some("secure_boot"),
        "maxmemory" | "max_memory" | "min_memory" | "dynamic_memory_enabled" => Some("dynamic_memory"),
        "memory_minimum_bytes" | "memoryminimumbytes" | "minimum" | "minimum_bytes" => Some("min"),
        "memory_maximum_bytes" | "memorymaximumbytes" | "maximum" | "maximum_bytes" => Some("max"),
        "cloudinit" | "cloud_config" | "cloudconfig" | "seed" | "no_cloud" | "nocloud" => Some("cloud_init"),
        "userdata" => Some("user_data"),
        "autounattend" | "unattended" | "unattend_xml" | "unattendxml" | "sysprep" => Some("unattend"),
        "answerfile" | "unattend_file" | "unattendfile" => Some("answer_file"),
        "needs" | "requires" | "after" => Some("depends_on"),
        "image" | "box" | "disk" | "vhd" | "vhdx" | "parent_disk" => Some("base_image"),
        _ => None,
    }
}

/// Where a key belongs that is known, but not everywhere.
fn home_of(key: &str) -> Option<&'static str> {
    match key {
        "name" => Some("project or a machine"),
        "cpu" | "memory" | "base_image" | "generation" | "secure_boot" | "dynamic_memory" | "cloud_init"
        | "unattend" => Some("defaults or a machine"),
        "depends_on" => Some("a machine"),
        "min" | "max" => Some("dynamic_memory"),
        "user_data" => Some("cloud_init"),
        "answer_file" => Some("unattend"),
        "disk_strategy" => Some("defaults"),
        "artifact_path" | "auto_start" | "ssh_config" => Some("settings"),
        "project" | "defaults" | "machines" | "settings" => Some("nothing: it begins a line"),
        _ => None,
    }
}

/// `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
