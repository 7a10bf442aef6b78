//! One machine as config, state and Hyper-V know it, and whether its VM is ours.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::action::{Action, ActionKind, Refusal};
use super::disks::{BootFacts, Disks};
use super::inventory::{Index, Inventory, VmDetails, VmFacts};
use super::uses::Uses;
use crate::config::names::{VmNames, same_path};
use crate::config::{Config, Machine, Platform};
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
    machines: HashMap<&'a str, &'a Machine>,
    uses: OnceCell<Uses>,
    /// By image, which many machines share.
    boots: RefCell<HashMap<String, BootFacts>>,
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
        let machines = config.machines.iter().map(|machine| (machine.name.as_str(), machine)).collect();
        World {
            config,
            state,
            index: Index::of(inventory),
            disks,
            names,
            machines,
            uses: OnceCell::new(),
            boots: RefCell::default(),
        }
    }

    /// Whether Hyper-V told of everything.
    pub(super) fn is_complete(&self) -> bool {
        self.index.inventory.complete
    }

    /// A path as Hyper-V gives it back, however the config or the state spells it (`C:/vms`, `C:\\vms`, `C:\lab\..\vms`): what a step
    /// compares with Hyper-V's answers is spelt so. Without a drive it is on that of the config.
    pub(super) fn spelt(&self, path: &str) -> String {
        let config_path = self.config.config_path.as_str();
        let is_posix = config_path.starts_with('/') && !config_path.starts_with("//");
        let platform = if is_posix { Platform::Posix } else { Platform::Windows };
        platform.resolve(platform.folder_of(config_path), path)
    }

    /// How an image starts; each is read once.
    pub(super) fn boot(&self, image: &str) -> BootFacts {
        let known = self.boots.borrow().get(image).cloned();
        known.unwrap_or_else(|| {
            let facts = self.disks.boot(image);
            self.boots.borrow_mut().insert(image.to_owned(), facts.clone());
            facts
        })
    }

    /// Why a file must not be deleted with a machine and its VM, as a clause; `None` where nobody else needs it.
    pub(super) fn other_use(&self, file: &str, machine: &str, vm_id: Option<&VmId>) -> Option<String> {
        let uses =
            self.uses.get_or_init(|| Uses::of(self.config, self.state, self.index.inventory, self.disks));
        uses.by_others(file, machine, vm_id, |id| self.index.name_of(id).to_owned())
    }

    /// The machine of that name, which is of the config, of the state, or of an intent.
    pub(super) fn subject(&self, name: &'a str) -> Subject<'a> {
        let known = self.state.machine(name);
        let vm_id = known.and_then(|known| known.vm_id()).map(VmId::from);
        let vm_name = self.names.of(name);
        let intent = self.state.intent(name);
        let found = self.find(vm_id.as_ref(), &vm_name, intent.as_ref());
        let machine = self.machines.get(name).copied();
        Subject { name, vm_name, machine, known, vm_id, intent, found }
    }

    fn find(&self, id: Option<&VmId>, vm_name: &str, intent: Option<&Intent>) -> Found<'a> {
        if let Some(vm) = id.and_then(|id| self.index.vm(id)) {
            // A restore brings back the Notes and perhaps the name of the checkpoint, and a removal begins with one; an
            // unfinished VM has no Notes yet. A VM that says it is another config's is never ours.
            let owned = ownership::check(&vm.notes, &vm.name, vm_name, &self.config.config_path);
            let is_ours = match (intent.map(|intent| intent.kind), owned) {
                (None, owned) => owned.is_ok(),
                (Some(_), Err(ownership::NotOwned::OtherConfig { .. })) => false,
                (Some(IntentKind::Create), Err(_)) => intent.is_some_and(|intent| is_made_for(vm, intent)),
                (Some(IntentKind::Create), Ok(())) | (Some(IntentKind::Restore | IntentKind::Remove), _) => {
                    true
                }
            };
            return if is_ours { Found::Ours(vm) } else { Found::NotOurs(vm) };
        }
        let namesakes = || self.index.named(vm_name);
        // A VM that the state knew and that is gone was not made by what was begun with it later, unless that is its creation.
        let maker = intent.filter(|intent| intent.kind == IntentKind::Create || id.is_none());
        let unrecorded = maker.and_then(|intent| namesakes().find(|vm| is_made_for(vm, intent)));
        match (unrecorded, namesakes().next()) {
            (Some(vm), _) => Found::Unrecorded(vm),
            // The name is taken, whatever else there is.
            (None, Some(vm)) if id.is_none() || self.is_complete() => Found::NotOurs(vm),
            (None, None) if self.is_complete() => Found::Absent,
            (None, _) => Found::Unknown,
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

    /// What was begun with it, where it is of that kind.
    pub(super) fn begun(&self, kind: IntentKind) -> Option<&Intent> {
        self.intent.as_ref().filter(|intent| intent.kind == kind)
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
        self.begun(kind).is_some()
    }
}

/// Hyper-V did not tell of every VM, so that nothing follows from one that is missing.
pub(super) fn unknown() -> Refusal {
    not_told("whether its VM is there")
}

/// Hyper-V did not tell of everything, so that `what` is not known.
pub(super) fn not_told(what: &str) -> Refusal {
    Refusal::new(
        Code::HypervError,
        format!("Hyper-V did not tell of every VM, so {what} is not known"),
        "Run the command again; if it stays so, look with Get-VM which VM Hyper-V cannot tell of.",
    )
}

/// Whether a VM was made by the run that recorded the intent: New-VM sets name and folder in one step.
fn is_made_for(vm: &VmFacts, intent: &Intent) -> bool {
    vm.name == intent.vm_name && intent.folder.as_deref().is_some_and(|folder| same_path(&vm.path, folder))
}
