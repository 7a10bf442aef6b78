//! A VM's processors, memory, firmware and switch: what they should be, and where they are not.

use super::action::{Hardware, MemoryBounds, Step};
use super::inventory::{Firmware, Power, VmDetails};
use super::subject::{Subject, World};
use crate::config::{Generation, Machine};
use crate::discovery::DEFAULT_SWITCH;
use crate::image::System;
use crate::ownership;

const MB: u64 = 1024 * 1024;

/// Secure Boot's templates by Id: their names are not known to every version of Windows.
const TEMPLATE_WINDOWS: &str = "1734c6e8-3154-4dda-ba5f-a874cc483422";
const TEMPLATE_UEFI_CA: &str = "272e7447-90a4-4563-a4b9-8e4ab00526ce";

/// How a machine starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Boot {
    pub(super) generation: Generation,
    /// Whether Secure Boot is on.
    pub(super) is_secure: bool,
    pub(super) system: System,
}

impl Boot {
    fn template_id(self) -> Option<&'static str> {
        self.is_secure.then_some(match self.system {
            System::Linux => TEMPLATE_UEFI_CA,
            System::Windows | System::Unknown => TEMPLATE_WINDOWS,
        })
    }

    pub(super) fn is_set(self, firmware: &Firmware) -> bool {
        let template = self.template_id();
        firmware.secure_boot == self.is_secure
            && template.is_none_or(|template| firmware.template_id.eq_ignore_ascii_case(template))
    }

    /// Generation 1 has no firmware that could be set.
    pub(super) fn firmware_step(self) -> Option<Step> {
        (self.generation == Generation::Two)
            .then(|| Step::SetFirmware { secure_boot: self.is_secure, template_id: self.template_id() })
    }

    /// A new generation 2 VM tries the network first, which takes minutes.
    pub(super) fn first_step(self, disk: &str) -> Option<Step> {
        (self.generation == Generation::Two).then(|| Step::BootFromDisk { path: disk.to_owned() })
    }
}

/// What the config says of a VM's processors and memory.
pub(super) fn wanted(machine: &Machine) -> Hardware {
    let bytes = |mb: u32| u64::from(mb) * MB;
    Hardware {
        processor_count: machine.cpu,
        memory_startup_bytes: bytes(machine.memory),
        dynamic_memory: machine.dynamic_memory.map(|bounds| MemoryBounds {
            minimum_bytes: bytes(bounds.min),
            maximum_bytes: bytes(bounds.max),
        }),
    }
}

/// Whether a VM is all that `SetVM` would set.
pub(super) fn is_set(details: &VmDetails, wanted: &Hardware) -> bool {
    details.processor_count == wanted.processor_count
        && is_memory_set(details, wanted)
        && !details.automatic_checkpoints
        && details.start_action == "Nothing"
        && details.stop_action == "ShutDown"
}

fn is_memory_set(details: &VmDetails, wanted: &Hardware) -> bool {
    let bounds = details.dynamic_memory.then_some(MemoryBounds {
        minimum_bytes: details.memory_minimum_bytes,
        maximum_bytes: details.memory_maximum_bytes,
    });
    details.memory_startup_bytes == wanted.memory_startup_bytes && bounds == wanted.dynamic_memory
}

/// One way in which a VM is not as the config says.
pub(super) struct Drift {
    message: String,
    /// Whether it can be mended while the VM is off.
    pub(super) can_be_mended: bool,
}

impl Drift {
    /// With what the user can do about it.
    pub(super) fn told(&self, forced: bool, power: Power) -> String {
        let Drift { message, can_be_mended } = self;
        match (can_be_mended, power, forced) {
            (false, ..) => format!(
                "{message}; that cannot be changed in a VM that is there: remove it and create it anew"
            ),
            (true, Power::Off, _) => format!("{message}; Start-RagnaMachine -Force changes it"),
            (true, _, true) => {
                format!("{message}; it can be changed only while the machine is off: Stop-RagnaMachine first")
            }
            (true, _, false) => {
                format!("{message}; Start-RagnaMachine -Force changes it while the machine is off")
            }
        }
    }
}

/// Where a complete VM is not as the config says.
pub(super) fn drift(world: &World<'_>, subject: &Subject<'_>, machine: &Machine) -> Vec<Drift> {
    let (Some(vm), Some(details)) = (subject.vm(), subject.details(world)) else { return Vec::new() };
    let wanted = wanted(machine);
    let mut drift = Vec::new();
    let mut mendable = |message| drift.push(Drift { message, can_be_mended: true });
    if details.processor_count != wanted.processor_count {
        mendable(format!("{} processors, the config says {}", details.processor_count, machine.cpu));
    }
    if !is_memory_set(details, &wanted) {
        mendable(format!("{} of memory, the config says {}", memory_of(details), memory(machine)));
    }
    if details.automatic_checkpoints {
        mendable("Hyper-V makes a checkpoint of it at each start".to_owned());
    }
    if !details.is_on_default_switch() {
        mendable("it is not on the Default Switch".to_owned());
    }
    if let Some(generation) = machine.generation.map(u8::from).filter(|wanted| *wanted != vm.generation) {
        let message = format!("it is of generation {}, the config says {generation}", vm.generation);
        drift.push(Drift { message, can_be_mended: false });
    }
    drift
}

/// The steps that bring a VM that is off to what the config says.
pub(super) fn updates(world: &World<'_>, subject: &Subject<'_>, machine: &Machine) -> Vec<Step> {
    let Some(details) = subject.details(world) else { return Vec::new() };
    let wanted = wanted(machine);
    let mut steps = Vec::new();
    let is_hardware_set =
        details.processor_count == wanted.processor_count && is_memory_set(details, &wanted);
    if !is_hardware_set || details.automatic_checkpoints {
        steps.push(Step::SetVM(wanted));
    }
    if !details.is_on_default_switch() {
        steps.push(Step::ConnectSwitch { switch_id: DEFAULT_SWITCH });
    }
    steps
}

/// After a restore: name, Notes, switch and automatic checkpoints of the checkpoint's time are set again to what they should be.
pub(super) fn asserted(world: &World<'_>, subject: &Subject<'_>) -> Vec<Step> {
    let Some(vm) = subject.vm() else { return Vec::new() };
    let mut steps = Vec::new();
    if vm.name != subject.vm_name {
        steps.push(Step::RenameVM { name: subject.vm_name.clone() });
    }
    if ownership::check(&vm.notes, &subject.vm_name, &subject.vm_name, &world.config.config_path).is_err() {
        steps.push(Step::SetNotes { notes: ownership::notes(&world.config.config_path) });
    }
    if subject.details(world).is_some_and(|details| details.automatic_checkpoints) {
        steps.push(Step::DisableAutomaticCheckpoints);
    }
    if subject.details(world).is_some_and(|details| !details.is_on_default_switch()) {
        steps.push(Step::ConnectSwitch { switch_id: DEFAULT_SWITCH });
    }
    steps
}

fn memory(machine: &Machine) -> String {
    match machine.dynamic_memory {
        Some(bounds) => format!("{} MB (dynamic, {} to {} MB)", machine.memory, bounds.min, bounds.max),
        None => format!("{} MB", machine.memory),
    }
}

fn memory_of(details: &VmDetails) -> String {
    let startup = details.memory_startup_bytes / MB;
    if details.dynamic_memory {
        let (min, max) = (details.memory_minimum_bytes / MB, details.memory_maximum_bytes / MB);
        return format!("{startup} MB (dynamic, {min} to {max} MB)");
    }
    format!("{startup} MB")
}
