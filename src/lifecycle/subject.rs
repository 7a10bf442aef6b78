//! One machine as config, state and Hyper-V know it, and whether its VM is ours.

use super::action::{Action, ActionKind, Refusal};
use super::disks::Disks;
use super::inventory::{Index, Inventory, VmDetails, VmFacts};
use crate::config::names::{VmNames, same_path};
use crate::config::{Config, Machine};
use crate::discovery::VmId;
use crate::error::Code;
use crate::ownership;
use crate::state::{Intent, IntentKind, KnownMachine, State};

/// All that a plan is made from.
pub(super) struct World<'a> {
    pub(super) config: &'a Config,
    pub(super) state: &'a State,
    pub(super) index: Index<'a>,
    pub(super) disks: &'a dyn Disks,
    names: VmNames<'a>,
}

/// One machine.
pub(super) struct Subject<'a> {
    pub(super) name: &'a str,
    /// The name that its VM has or would have.
    pub(super) vm_name: String,
    pub(super) machine: Option<&'a Machine>,
    pub(super) known: Option<KnownMachine<'a>>,
    pub(super) vm_id: Option<VmId>,
    pub(super) intent: Option<Intent>,
    pub(super) found: Found<'a>,
}

/// The VM of a machine.
#[derive(Clone, Copy)]
pub(super) enum Found<'a> {
    /// It is ours.
    Ours(&'a VmFacts),
    /// A run that was interrupted made it: it has exactly our name in exactly our folder, and the state does not know it yet.
    Unrecorded(&'a VmFacts),
    /// Hyper-V has none, and told of every VM.
    Absent,
    /// It must not be touched.
    NotOurs(&'a VmFacts),
    /// Hyper-V did not tell of every VM.
    Unknown,
}

impl<'a> World<'a> {
    pub(super) fn new(
        config: &'a Config,
        state: &'a State,
        inventory: &'a Inventory,
        disks: &'a dyn Disks,
    ) -> Self {
        let names = VmNames::new(&config.project, &config.config_path);
        World { config, state, index: Index::of(inventory), disks, names }
    }

    /// The machine of that name, which is of the config, of the state, or of an intent.
    pub(super) fn subject(&self, name: &'a str) -> Subject<'a> {
        let known = self.state.machine(name);
        let vm_id = known.and_then(|known| known.vm_id()).map(VmId::from);
        let vm_name = self.names.of(name);
        let intent = self.state.intent(name);
        let found = self.find(vm_id.as_ref(), &vm_name, intent.as_ref());
        let machine = self.config.machines.iter().find(|machine| machine.name == name);
        Subject { name, vm_name, machine, known, vm_id, intent, found }
    }

    fn find(&self, id: Option<&VmId>, vm_name: &str, intent: Option<&Intent>) -> Found<'a> {
        if let Some(vm) = id.and_then(|id| self.index.vm(id)) {
            // A restore brings back the Notes and perhaps the name of the checkpoint; an unfinished VM has none yet.
            let is_begun = match intent.map(|intent| intent.kind) {
                Some(IntentKind::Create) => intent.is_some_and(|intent| is_made_for(vm, intent)),
                Some(IntentKind::Restore) => true,
                Some(IntentKind::Remove) | None => false,
            };
            let is_ours = || ownership::check(&vm.notes, &vm.name, vm_name, &self.config.config_path).is_ok();
            return if is_begun || is_ours() { Found::Ours(vm) } else { Found::NotOurs(vm) };
        }
        let namesakes = self.index.named(vm_name);
        let unrecorded =
            intent.and_then(|intent| namesakes.iter().copied().find(|vm| is_made_for(vm, intent)));
        match unrecorded {
            Some(vm) => Found::Unrecorded(vm),
            None => match namesakes.first() {
                Some(vm) => Found::NotOurs(vm),
                None if self.index.inventory.complete => Found::Absent,
                None => Found::Unknown,
            },
        }
    }

    /// Why a VM that has been found is not ours.
    pub(super) fn not_ours(&self, subject: &Subject<'_>, vm: &VmFacts) -> Refusal {
        let config_path = &self.config.config_path;
        if subject.vm_id.as_ref() != Some(&vm.id) && subject.known.is_some() {
            let known = subject.vm_id.as_ref().map_or("none", VmId::as_str);
            return Refusal::new(
                Code::OwnershipVerificationFailed,
                format!(
                    "its VM (Id {known}) is gone from Hyper-V, and another of that name has the Id {}",
                    vm.id
                ),
                "Rename or remove that other VM; Ragnatramp never takes over a VM by its name.",
            );
        }
        let reason = if subject.known.is_none() {
            ownership::NotOwned::NotInState
        } else {
            match ownership::check(&vm.notes, &vm.name, &subject.vm_name, config_path) {
                Err(reason) => reason,
                Ok(()) => ownership::NotOwned::NotInState,
            }
        };
        Refusal::new(
            Code::OwnershipVerificationFailed,
            reason.finding(&vm.name, &subject.vm_name),
            reason.remedy(&subject.vm_name, config_path),
        )
    }
}

impl<'a> Subject<'a> {
    /// The VM, where it is ours.
    pub(super) fn vm(&self) -> Option<&'a VmFacts> {
        match self.found {
            Found::Ours(vm) | Found::Unrecorded(vm) => Some(vm),
            Found::Absent | Found::NotOurs(_) | Found::Unknown => None,
        }
    }

    /// What else is known of it.
    pub(super) fn details(&self, world: &World<'a>) -> Option<&'a VmDetails> {
        self.vm().and_then(|vm| world.index.details(&vm.id))
    }

    /// Its VM's Id: that of the VM that was found, or the one that the state knows.
    pub(super) fn id(&self) -> Option<&VmId> {
        self.vm().map(|vm| &vm.id).or(self.vm_id.as_ref())
    }

    /// An action on it, without steps yet.
    pub(super) fn action(&self, kind: ActionKind, reason: impl Into<String>) -> Action {
        Action::new(self.name, &self.vm_name, self.id(), kind, reason)
    }

    /// Nothing is done with it, and the user is told why.
    pub(super) fn refuse(&self, refusal: Refusal) -> Action {
        Action::refuse(self.name, &self.vm_name, self.id(), refusal)
    }

    pub(super) fn critical(&self) -> Refusal {
        Refusal::new(
            Code::VmState,
            format!("Hyper-V shows it as {}: its storage is lost or full", self.vm_state()),
            "Make room on the disk, or bring its disk back, and look again with Get-RagnaStatus.",
        )
    }

    pub(super) fn changing(&self) -> Refusal {
        Refusal::new(
            Code::VmState,
            format!("Hyper-V is changing it (state {})", self.vm_state()),
            "Run the command again when that has ended.",
        )
    }

    fn vm_state(&self) -> &str {
        self.vm().map_or("", |vm| vm.state.as_str())
    }

    pub(super) fn began(&self, kind: IntentKind) -> bool {
        self.intent.as_ref().is_some_and(|intent| intent.kind == kind)
    }
}

/// Hyper-V did not tell of every VM, so that nothing follows from one that is missing.
pub(super) fn unknown() -> Refusal {
    Refusal::new(
        Code::HypervError,
        "Hyper-V did not tell of every VM, so whether its VM is there is not known",
        "Run the command again; if it stays so, look with Get-VM which VM Hyper-V cannot tell of.",
    )
}

/// Whether a VM was made by the run that recorded the intent: New-VM sets name and folder in one step.
fn is_made_for(vm: &VmFacts, intent: &Intent) -> bool {
    let folder = intent.folder.as_deref();
    vm.name == intent.vm_name && folder.is_some_and(|folder| same_path(trim(&vm.path), trim(folder)))
}

fn trim(folder: &str) -> &str {
    folder.trim_end_matches(['/', '\\'])
}
