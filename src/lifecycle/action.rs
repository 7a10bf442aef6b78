//! What is to be done with each machine, as data: PowerShell carries the steps out one by one and decides nothing.

use serde::{Deserialize, Serialize};

use crate::config::Generation;
use crate::discovery::{MachineName, VmId};
use crate::error::{Code, Error};
use crate::state::Intent;

/// What is done with a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// Its disk and VM are made.
    Create,
    /// Its creation was begun, and what is missing is done.
    Complete,
    /// Its VM was made by a run that was interrupted before the state knew it; it is taken into the state and completed.
    Adopt,
    /// It is started from its saved memory, or goes on.
    Resume,
    /// It is started.
    Start,
    /// Its VM is brought to what the config says.
    Update,
    /// It is stopped.
    Stop,
    /// Its VM and its disks are removed.
    Remove,
    /// A checkpoint of it is made.
    Checkpoint,
    /// It is taken back to a checkpoint.
    Restore,
    /// A checkpoint of it is removed.
    RemoveCheckpoint,
    /// Nothing: it is as it should be.
    None,
    /// Nothing, because it must not be touched or cannot be done; see the reason.
    Refuse,
}

/// What is to be done with one machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// The machine.
    pub machine_name: MachineName,
    /// The name of its VM.
    pub vm_name: String,
    /// The Id of its VM, where it has one.
    pub vm_id: Option<VmId>,
    /// What is done.
    pub kind: ActionKind,
    /// Why, as a clause.
    pub reason: String,
    /// What the user is asked to confirm; `None` where nothing is done.
    pub operation: Option<String>,
    /// Which machines it is done together with: those of wave 0 first.
    pub wave: usize,
    /// The machines that must have an address before this one is started.
    pub depends_on: Vec<MachineName>,
    /// The files and folders that are made, changed or deleted.
    pub touches: Vec<String>,
    /// Where its VM is not as the config says, and nothing is done about it now.
    pub drift: Vec<String>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// For a refusal: the error that the user is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Error>,
}

/// One step. Those on a VM are carried out on the VM of the action, or on the one that an earlier step of it made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all_fields = "camelCase")]
pub enum Step {
    /// The change is recorded in state.json.
    Record {
        /// What is recorded.
        change: Change,
    },
    /// The folder is made, with those above it.
    MakeFolder {
        /// Absolute.
        path: String,
    },
    /// A differencing disk is made.
    NewDisk {
        /// The disk.
        path: String,
        /// Its base image.
        parent_path: String,
    },
    /// The base image is copied: as `<path>.partial`, which is renamed when it is whole.
    CopyDisk {
        /// The base image.
        source: String,
        /// The disk.
        path: String,
    },
    /// The VM is made, without disks.
    NewVM {
        /// Its name.
        name: String,
        /// The folder in which Hyper-V makes the VM's own, which has the VM's name.
        path: String,
        /// Its generation.
        generation: Generation,
        /// Its memory at start.
        memory_startup_bytes: u64,
    },
    /// The VM's Notes are replaced.
    SetNotes {
        /// The marker.
        notes: String,
    },
    /// The VM gets its name back.
    RenameVM {
        /// Its name.
        name: String,
    },
    /// Processors and memory are set, automatic checkpoints are switched off, and the host's start and stop leave the VM off.
    SetVM(Hardware),
    /// Hyper-V makes no checkpoint of the VM at each start any more.
    DisableAutomaticCheckpoints,
    /// Secure Boot is set.
    SetFirmware {
        /// Whether it is on.
        secure_boot: bool,
        /// The Id of the template; `None` where it is off.
        template_id: Option<&'static str>,
    },
    /// The disk is attached.
    AddDrive {
        /// The disk.
        path: String,
    },
    /// The disc that names the machine at its first boot is written, of the kind that was begun. One that is there is never
    /// overwritten.
    WriteSeed {
        /// The disc.
        path: String,
    },
    /// The disc is put into a drive of the VM.
    AttachSeed {
        /// The disc.
        path: String,
    },
    /// A generation 2 VM starts from this disk first.
    BootFromDisk {
        /// The disk.
        path: String,
    },
    /// The VM's adapters are connected with the Default Switch.
    ConnectSwitch {
        /// Its Id.
        switch_id: &'static str,
    },
    /// Data Exchange is enabled where it is not.
    EnableExchange,
    /// Hyper-V is waited for: it merges or applies a checkpoint of the VM.
    WaitIdle,
    /// The VM is started, or goes on.
    StartVM,
    /// The guest is asked to shut down.
    ShutDownVM,
    /// The power is cut.
    TurnOffVM,
    /// The VM's memory is saved.
    SaveVM,
    /// The saved memory is thrown away.
    RemoveSavedState,
    /// A checkpoint is made.
    CheckpointVM {
        /// Its name.
        name: String,
        /// Of which type; `None`: as the VM is set.
        checkpoint_type: Option<CheckpointType>,
    },
    /// The VM is taken back to a checkpoint.
    RestoreCheckpoint {
        /// Its Id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A checkpoint is removed; its disks are merged afterwards.
    RemoveCheckpoint {
        /// Its Id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Merges are waited for until the VM has no checkpoint, Hyper-V does nothing with it, and its drive is this disk, twice in a row.
    WaitMerged {
        /// The disk.
        path: String,
    },
    /// The VM is removed from Hyper-V, and waited for until it is gone.
    RemoveVM,
    /// The file is deleted where it is there.
    DeleteFile {
        /// Absolute.
        path: String,
    },
    /// The folder is deleted where it is there and holds nothing but Hyper-V's own empty folders.
    DeleteFolder {
        /// Absolute.
        path: String,
    },
    /// The rest is planned anew from what Hyper-V shows then.
    LookAgain,
}

/// What `SetVM` sets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hardware {
    /// Virtual processors.
    pub processor_count: u32,
    /// Memory at start, in bytes.
    pub memory_startup_bytes: u64,
    /// The bounds of dynamic memory; `None` for static memory.
    pub dynamic_memory: Option<MemoryBounds>,
}

/// Between what Hyper-V moves a VM's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryBounds {
    /// At least so many bytes.
    pub minimum_bytes: u64,
    /// At most so many bytes.
    pub maximum_bytes: u64,
}

/// How a checkpoint is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckpointType {
    /// By the guest's own means, without its memory; with its memory where the guest has no such means.
    Production,
    /// By the guest's own means or not at all.
    ProductionOnly,
    /// With its memory.
    Standard,
}

/// What a step records in state.json. It comes back as it was handed out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// Something was begun.
    Begin {
        /// What.
        intent: Intent,
    },
    /// The VM was made: its Id comes with the request.
    Created,
    /// What was begun has ended.
    End,
    /// The machine is gone.
    Removed,
    /// A checkpoint was made: its Id and time come with the request.
    CheckpointMade {
        /// Its name.
        name: String,
    },
    /// A checkpoint is gone.
    CheckpointRemoved {
        /// Its Id.
        id: String,
    },
}

impl Action {
    /// An action without steps.
    pub(super) fn new(
        machine: &str,
        vm_name: &str,
        vm_id: Option<&VmId>,
        kind: ActionKind,
        reason: impl Into<String>,
    ) -> Self {
        Action {
            machine_name: machine.into(),
            vm_name: vm_name.to_owned(),
            vm_id: vm_id.cloned(),
            kind,
            reason: reason.into(),
            operation: None,
            wave: 0,
            depends_on: Vec::new(),
            touches: Vec::new(),
            drift: Vec::new(),
            steps: Vec::new(),
            refusal: None,
        }
    }

    /// Nothing is done, and the user is told why: `reason` is a clause about the machine.
    pub(super) fn refuse(machine: &str, vm_name: &str, vm_id: Option<&VmId>, refusal: Refusal) -> Self {
        let Refusal { code, reason, remedy } = refusal;
        let error = Error::new(code, format!("{machine}: {reason}.")).with_remedy(remedy).of_machine(machine);
        Action { refusal: Some(error), ..Action::new(machine, vm_name, vm_id, ActionKind::Refuse, reason) }
    }

    #[must_use]
    pub(super) fn doing(mut self, operation: impl Into<String>, steps: Vec<Step>) -> Self {
        self.touches = steps.iter().filter_map(Step::touched).map(str::to_owned).collect();
        self.operation = Some(operation.into());
        self.steps = steps;
        self
    }
}

/// Why a machine is left alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    /// A clause about the machine, without a stop.
    pub(super) reason: String,
    pub(super) remedy: String,
}

impl Refusal {
    pub(super) fn new(code: Code, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Refusal { code, reason: reason.into(), remedy: remedy.into() }
    }

    /// Something else is where a file of the machine belongs: `finding` is a clause about it.
    pub(super) fn in_place(path: &str, finding: &str) -> Self {
        Refusal::new(
            Code::DiskInPlace,
            format!("{path} is there already, and {finding}"),
            "It is never overwritten. Move it away or delete it if it is not needed, then run the command again.",
        )
    }
}

impl Step {
    /// The file or folder that it makes, changes or deletes.
    fn touched(&self) -> Option<&str> {
        match self {
            Step::MakeFolder { path }
            | Step::NewDisk { path, .. }
            | Step::CopyDisk { path, .. }
            | Step::WriteSeed { path }
            | Step::DeleteFile { path }
            | Step::DeleteFolder { path } => Some(path),
            _ => None,
        }
    }
}
