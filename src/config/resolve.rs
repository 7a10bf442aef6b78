//! What a document says → [`Config`]: the defaults filled in, the paths absolute, and what does not go together.

use std::collections::HashSet;

use super::check::{
    Bounds, FirstBootSaid, Hardware, MAX_FAULTS, MachineSaid, Placed, Said, Setting, Written,
};
use super::environment::Environment;
use super::faults::RawFault;
use super::lookalikes;
use super::names::COMPUTER_NAME_LENGTH;
use super::paths::{LONGEST, PathError, expand};
use super::yaml::Span;
use super::{CloudInit, Config, DiskStrategy, DynamicMemory, Generation, Machine, Unattend};

/// The default cpu of a machine: its virtual processors.
const DEFAULT_CPU: u32 = 2;
/// The default memory of a machine, in MB.
const DEFAULT_MEMORY: u32 = 2048;

/// Fills in defaults and makes paths absolute. Paths that cannot be read are added to `faults`, and so is what a machine and
/// the defaults say that does not go together.
pub(super) fn resolve(
    text: &str,
    said: &Said<'_>,
    config_path: &str,
    config_hash: String,
    environment: &Environment,
    faults: &mut Vec<RawFault>,
) -> Option<Config> {
    let folder = environment.platform.folder_of(config_path).to_owned();
    let mut absolute = |written: &Written<'_>| {
        let read = match lookalikes::in_path(text, written) {
            Some(fault) => Err(fault),
            None => expand(written.value, &folder, environment)
                .map_err(|error| path_fault(written.path.clone(), written.span, &error)),
        };
        read.map_err(|fault| faults.push(fault)).ok()
    };
    let default_image = said.defaults.base_image.placed().map(&mut absolute);
    let images = said.machines.iter().map(|machine| machine.hardware.base_image.placed().map(&mut absolute));
    let images: Vec<_> = images.collect();
    let mut first_boot = |hardware: &Hardware<'_>| {
        let mut own_file = |said: &Setting<FirstBootSaid<'_>>| match &said.placed()?.value {
            FirstBootSaid::Off => Some(None),
            FirstBootSaid::On { own_file } => Some(Some(own_file.placed().and_then(&mut absolute))),
        };
        (own_file(&hardware.cloud_init), own_file(&hardware.unattend))
    };
    let default_first_boot = first_boot(&said.defaults);
    let first_boots: Vec<_> = said.machines.iter().map(|machine| first_boot(&machine.hardware)).collect();
    let artifact_path = said.artifact_path.placed().map(&mut absolute);
    let artifact_path = match artifact_path {
        Some(path) => path,
        None => default_artifact_path(said, environment, faults),
    };
    let images: Vec<_> =
        images.into_iter().map(|image| image.or_else(|| default_image.clone()).flatten()).collect();
    for fault in contradictions(said, &images) {
        if faults.len() < MAX_FAULTS {
            faults.push(fault);
        }
    }
    let defaults = &said.defaults;
    let machines: Option<Vec<Machine>> = said
        .machines
        .iter()
        .zip(images)
        .zip(first_boots)
        .map(|((machine, image), (cloud_init, unattend))| {
            let own = &machine.hardware;
            let dynamic_memory = own.dynamic_memory.or(&defaults.dynamic_memory).placed();
            let names = machine.depends_on.iter().flat_map(|depends_on| &depends_on.names);
            Some(Machine {
                name: machine.name()?.to_owned(),
                cpu: own.cpu.or(&defaults.cpu).value().unwrap_or(DEFAULT_CPU),
                memory: own.memory.or(&defaults.memory).value().unwrap_or(DEFAULT_MEMORY),
                base_image: image?,
                disk_strategy: said.disk_strategy.unwrap_or(DiskStrategy::Differencing),
                generation: own.generation.or(&defaults.generation).value(),
                secure_boot: own.secure_boot.or(&defaults.secure_boot).value(),
                dynamic_memory: dynamic_memory.map(|Placed { value: bounds, .. }| DynamicMemory {
                    min: bounds.min.value,
                    max: bounds.max.value,
                }),
                cloud_init: cloud_init
                    .or_else(|| default_first_boot.0.clone())
                    .flatten()
                    .map(|user_data| CloudInit { user_data }),
                unattend: unattend
                    .or_else(|| default_first_boot.1.clone())
                    .flatten()
                    .map(|answer_file| Unattend { answer_file }),
                depends_on: names.map(|name| name.value.to_owned()).collect(),
            })
        })
        .collect();
    Some(Config {
        project: said.project?.to_owned(),
        machines: machines?,
        artifact_path: artifact_path?,
        auto_start: said.auto_start.unwrap_or(true),
        ssh_config: said.ssh_config.unwrap_or(false),
        config_path: config_path.to_owned(),
        config_hash,
    })
}

/// What a machine says, or the defaults for it, and what does not go together; what the defaults alone say is told once.
/// `images` are the images of the machines, absolute.
fn contradictions(said: &Said<'_>, images: &[Option<String>]) -> Vec<RawFault> {
    let mut told = HashSet::new();
    let mut faults = Vec::new();
    for (machine, image) in said.machines.iter().zip(images) {
        let (own, defaults) = (&machine.hardware, &said.defaults);
        let generation = own.generation.or(&defaults.generation).placed();
        let written_image = own.base_image.or(&defaults.base_image).placed();
        let found = [
            generation
                .zip(written_image)
                .zip(image.as_deref())
                .and_then(|((generation, written), image)| needs_vhdx(generation, written, image)),
            outside(own.memory.or(&defaults.memory), own.dynamic_memory.or(&defaults.dynamic_memory)),
            two_systems(own.cloud_init.or(&defaults.cloud_init), own.unattend.or(&defaults.unattend)),
            too_long(machine, own.unattend.or(&defaults.unattend)),
        ];
        let new = |fault: &RawFault| told.insert((fault.path.clone(), fault.start, fault.other));
        faults.extend(found.into_iter().flatten().filter(new));
    }
    faults
}

fn needs_vhdx(generation: &Placed<Generation>, written: &Written<'_>, image: &str) -> Option<RawFault> {
    let ending = image.len().checked_sub(".vhd".len()).and_then(|start| image.get(start..))?;
    if generation.value == Generation::One || !ending.eq_ignore_ascii_case(".vhd") {
        return None;
    }
    let message = format!(
        "generation 2 takes no .vhd: take 1, or convert (Convert-VHD) what is named by {}",
        written.path
    );
    Some(fault(generation, message, Some(written.span.start)))
}

/// The fault of an amount of memory that is not within the bounds: at the memory where only that is the machine's own, else
/// at the bound.
fn outside(memory: &Setting<u32>, bounds: &Setting<Bounds>) -> Option<RawFault> {
    let Bounds { min, max } = &bounds.placed()?.value;
    let (amount, memory) = match memory {
        Setting::Unsaid => (DEFAULT_MEMORY, None),
        Setting::Faulty => return None,
        Setting::Is(memory) => (memory.value, Some(memory)),
    };
    let (bound, of_bound, of_memory) = match amount {
        _ if amount < min.value => (min, "more", "less"),
        _ if amount > max.value => (max, "less", "more"),
        _ => return None,
    };
    let limit = bound.value;
    let Some(memory) = memory else {
        let message =
            format!("{limit} is {of_bound} than the memory, which is {amount} where nothing is said");
        return Some(fault(bound, message, None));
    };
    let is_default = |path: &str| path.starts_with("defaults.");
    Some(if is_default(&bound.path) && !is_default(&memory.path) {
        let message = format!("{amount} is {of_memory} than the {limit} of {}", bound.path);
        fault(memory, message, Some(bound.span.start))
    } else {
        let message = format!("{limit} is {of_bound} than the {amount} of {}", memory.path);
        fault(bound, message, Some(memory.span.start))
    })
}

/// The fault of a machine that would be told its name as Linux and as Windows: at the machine's own word where the other one
/// is the defaults'.
fn two_systems(
    cloud_init: &Setting<FirstBootSaid<'_>>,
    unattend: &Setting<FirstBootSaid<'_>>,
) -> Option<RawFault> {
    let (cloud_init, unattend) = (switched_on(cloud_init)?, switched_on(unattend)?);
    let of_defaults = unattend.path.starts_with("defaults.");
    let (at, other) = if of_defaults { (cloud_init, unattend) } else { (unattend, cloud_init) };
    let message = format!(
        "cloud_init is for Linux and unattend for Windows; say false to one of them for this machine: this contradicts {}",
        other.path
    );
    Some(fault(at, message, Some(other.span.start)))
}

/// The fault of a name that Windows Setup does not take.
fn too_long(machine: &MachineSaid<'_>, unattend: &Setting<FirstBootSaid<'_>>) -> Option<RawFault> {
    let unattend = switched_on(unattend)?;
    let name = machine.name.as_ref().filter(|name| name.value.len() > COMPUTER_NAME_LENGTH)?;
    let message = format!(
        "{} has {} characters, and Windows Setup takes a computer name of {COMPUTER_NAME_LENGTH} at most: shorten it, or do without {}",
        name.value,
        name.value.len(),
        unattend.path
    );
    Some(fault(name, message, Some(unattend.span.start)))
}

fn switched_on<'a, 't>(said: &'a Setting<FirstBootSaid<'t>>) -> Option<&'a Placed<FirstBootSaid<'t>>> {
    said.placed().filter(|said| matches!(said.value, FirstBootSaid::On { .. }))
}

/// A fault at `placed`, whose message ends with the place `other`.
fn fault<T>(placed: &Placed<T>, message: String, other: Option<usize>) -> RawFault {
    let Span { start, end } = placed.span;
    RawFault { path: placed.path.clone(), start, end, message, other, suggestion: None }
}

fn default_artifact_path(
    said: &Said<'_>,
    environment: &Environment,
    faults: &mut Vec<RawFault>,
) -> Option<String> {
    if environment.home.is_empty() {
        faults.push(RawFault {
            path: "settings.artifact_path".to_owned(),
            start: 0,
            end: 0,
            message: "missing; without a home folder there is no default for it".to_owned(),
            other: None,
            suggestion: None,
        });
        return None;
    }
    Some(environment.platform.join(&environment.home, &format!(".ragnatramp/vms/{}", said.project?)))
}

fn path_fault(path: String, span: Span, error: &PathError) -> RawFault {
    let message = match error {
        PathError::OtherHome => {
            "~ is the home folder, and a slash must follow it; folders of other users cannot be named this way".to_owned()
        }
        PathError::NoHome => "~ is the home folder, and this session has none".to_owned(),
        PathError::VariableInServer => {
            "the name of a server and its share may not be put together of variables: opening the path would send their values there"
                .to_owned()
        }
        PathError::TooLong => format!("a path has at most {LONGEST} characters"),
        PathError::Device => "it names a device or a pipe, not a file".to_owned(),
        PathError::Undefined(names) if names.len() == 1 => format!("the variable {} is not defined", names[0]),
        PathError::Undefined(names) => format!("the variables {} are not defined", names.join(", ")),
    };
    RawFault { path, start: span.start, end: span.end, message, other: None, suggestion: None }
}
