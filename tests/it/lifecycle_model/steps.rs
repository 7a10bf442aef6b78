//! What the steps of a plan do to the model.

use ragnatramp::config::Generation;
use ragnatramp::lifecycle::{Action, Checkpoint, Goal, Made, MemoryBounds, Step, VmDetails, VmFacts, record};
use ragnatramp::state::{State, Timestamp};

use super::{File, Host, MERGING, Saved, Vm, fresh_details, key, vm_name};

/// After how many steps a run is interrupted.
pub(crate) struct Cut {
    left: usize,
    pub(crate) done: usize,
}

/// The run was interrupted.
pub(crate) struct Interrupted;

impl Host {
    /// Reaches a goal, and returns how many steps that took.
    pub(crate) fn run(&mut self, goal: &Goal, named: &[&str]) -> usize {
        let mut cut = Cut { left: usize::MAX, done: 0 };
        assert!(self.run_until(goal, named, &mut cut).is_ok());
        cut.done
    }

    /// The same, interrupted after so many steps.
    pub(crate) fn run_cut(&mut self, goal: &Goal, named: &[&str], after: usize) {
        let mut cut = Cut { left: after, done: 0 };
        let _ = self.run_until(goal, named, &mut cut);
    }

    fn run_until(&mut self, goal: &Goal, named: &[&str], cut: &mut Cut) -> Result<(), Interrupted> {
        for action in self.plan(goal, named) {
            let (machine, mut action) = (action.machine_name.as_str().to_owned(), action);
            let mut then = goal.clone();
            let mut looks = 0;
            while self.carry_out(&action, cut)? {
                looks += 1;
                assert!(looks < 10, "{machine}: no end");
                if matches!(goal, Goal::Restore { .. }) {
                    then = Goal::Restored;
                }
                action = self.plan(&then, &[&machine]).remove(0);
                assert!(action.refusal.is_none(), "{machine}: refused on the way: {:?}", action.refusal);
            }
        }
        Ok(())
    }

    /// Carries out the steps of one action; true where the rest is to be planned anew.
    fn carry_out(&mut self, action: &Action, cut: &mut Cut) -> Result<bool, Interrupted> {
        let mut vm_id = action.vm_id.as_ref().map(|id| id.as_str().to_owned());
        let mut checkpoint_id = None;
        for step in &action.steps {
            if cut.left == 0 {
                return Err(Interrupted);
            }
            if matches!(step, Step::LookAgain) {
                return Ok(true);
            }
            self.step(action, step, &mut vm_id, &mut checkpoint_id);
            cut.left -= 1;
            cut.done += 1;
        }
        Ok(false)
    }

    fn step(
        &mut self,
        action: &Action,
        step: &Step,
        vm_id: &mut Option<String>,
        checkpoint_id: &mut Option<String>,
    ) {
        let machine = action.machine_name.as_str();
        match step {
            Step::Record { change } => {
                let made = Made { vm_id: vm_id.clone(), checkpoint_id: checkpoint_id.clone() };
                record(&mut self.state, machine, change, &made, Timestamp::now()).unwrap();
                // What is written can be read again, and says the same.
                assert_eq!(State::parse(&self.state.to_bytes()).unwrap(), self.state);
            }
            Step::MakeFolder { path } => {
                self.folders.insert(key(path));
            }
            Step::NewDisk { path, parent_path } => {
                self.add_file(path, File::Child { parent: parent_path.clone() });
            }
            Step::CopyDisk { source, path } => self.add_file(path, File::Copy { of: source.clone() }),
            Step::WriteSeed { path } => {
                let seed =
                    self.state.intent(machine).and_then(|intent| intent.seed).expect("no disc was begun");
                assert_eq!(seed.path, *path);
                self.add_file(
                    path,
                    File::Seed { kind: seed.kind, id: seed.creation_id.expect("it has no id") },
                );
            }
            Step::NewVM { name, path, generation, memory_startup_bytes } => {
                assert!(!path.ends_with(':'), "{path} is the present folder of a drive");
                self.made += 1;
                let id = format!("vm-{}", self.made);
                let generation = if *generation == Generation::One { 1 } else { 2 };
                let folder = format!("{}\\{name}", path.trim_end_matches('\\'));
                self.folders.insert(key(&folder));
                self.vms.push(Vm {
                    facts: VmFacts {
                        id: id.as_str().into(),
                        name: name.clone(),
                        state: "Off".into(),
                        notes: String::new(),
                        path: folder,
                        generation,
                    },
                    details: VmDetails {
                        memory_startup_bytes: *memory_startup_bytes,
                        ..fresh_details(&id, generation)
                    },
                    drives: Vec::new(),
                    checkpoints: Vec::new(),
                    stands_on: None,
                });
                *vm_id = Some(id);
            }
            Step::DeleteFile { path } => {
                let path = key(path);
                let is_used = self.vms.iter().any(|vm| vm.drives.iter().any(|drive| key(drive) == path));
                assert!(!is_used, "{path} is deleted while a VM has it");
                self.files.remove(&path);
            }
            Step::DeleteFolder { path } => {
                let inside = format!("{}\\", key(path));
                if !self.files.keys().any(|file| file.starts_with(&inside)) {
                    self.folders.remove(&key(path));
                }
            }
            Step::RemoveVM => {
                let vm = self.by_id(vm_id);
                assert_eq!(vm.facts.state, "Off", "Hyper-V removes no VM that is not off");
                assert!(vm.checkpoints.is_empty(), "its checkpoints would be merged when nobody can see it");
                assert_eq!(vm.details.secondary_status, None, "it merges");
                let id = vm.facts.id.clone();
                self.vms.retain(|vm| vm.facts.id != id);
            }
            Step::LookAgain => {}
            step => self.step_on_vm(step, machine, vm_id, checkpoint_id),
        }
    }

    fn step_on_vm(
        &mut self,
        step: &Step,
        machine: &str,
        vm_id: &Option<String>,
        checkpoint_id: &mut Option<String>,
    ) {
        self.made += 1;
        let new_id = format!("checkpoint-{}", self.made);
        let mut vm = self.by_id(vm_id).clone();
        let is_off = vm.facts.state == "Off";
        match step {
            Step::SetNotes { notes } => vm.facts.notes.clone_from(notes),
            Step::RenameVM { name } => vm.facts.name.clone_from(name),
            Step::SetVM(hardware) => {
                assert!(is_off, "processors are set while it is off");
                vm.details.processor_count = hardware.processor_count;
                vm.details.memory_startup_bytes = hardware.memory_startup_bytes;
                vm.details.dynamic_memory = hardware.dynamic_memory.is_some();
                if let Some(MemoryBounds { minimum_bytes, maximum_bytes }) = hardware.dynamic_memory {
                    vm.details.memory_minimum_bytes = minimum_bytes;
                    vm.details.memory_maximum_bytes = maximum_bytes;
                }
                vm.details.automatic_checkpoints = false;
                vm.details.start_action = "Nothing".into();
                vm.details.stop_action = "ShutDown".into();
            }
            Step::DisableAutomaticCheckpoints => vm.details.automatic_checkpoints = false,
            Step::SetFirmware { secure_boot, template_id } => {
                assert!(is_off, "firmware is set while it is off");
                let firmware = vm.details.firmware.as_mut().expect("generation 1 has no firmware");
                firmware.secure_boot = *secure_boot;
                firmware.template_id = template_id.unwrap_or_default().to_uppercase();
            }
            Step::AddDrive { path } => {
                assert!(self.files.contains_key(&key(path)), "{path} is not there");
                assert!(!vm.drives.iter().any(|drive| key(drive) == key(path)), "{path} is attached twice");
                vm.drives.push(path.clone());
            }
            Step::AttachSeed { path } => {
                assert!(is_off, "a disc for the first boot is attached before it");
                assert!(matches!(self.files.get(&key(path)), Some(File::Seed { .. })), "{path} is no seed");
                assert!(vm.details.disc_paths.is_empty(), "{path} is a second disc");
                vm.details.disc_paths.push(path.clone());
            }
            Step::BootFromDisk { path } => {
                vm.details.firmware.as_mut().expect("generation 1 has no firmware").first_boot_path =
                    path.clone();
            }
            Step::ConnectSwitch { switch_id } => vm.details.switch_ids = vec![switch_id.to_uppercase()],
            Step::EnableExchange => vm.details.exchange_enabled = Some(true),
            Step::StartVM => {
                assert!(["Off", "Saved", "Paused"].contains(&vm.facts.state.as_str()));
                assert!(!vm.drives.is_empty(), "it has no disk");
                vm.facts.state = "Running".into();
                vm.details.shutdown_status = Some(2);
            }
            Step::ShutDownVM | Step::TurnOffVM => vm.facts.state = "Off".into(),
            Step::SaveVM => vm.facts.state = "Saved".into(),
            Step::RemoveSavedState => {
                assert_eq!(vm.facts.state, "Saved");
                vm.facts.state = "Off".into();
            }
            Step::WaitIdle => vm.details.secondary_status = None,
            Step::CheckpointVM { name, .. } => {
                let saved = Saved {
                    checkpoint: Checkpoint {
                        id: new_id.clone(),
                        vm_id: vm.facts.id.clone(),
                        name: name.clone(),
                        parent_id: vm.stands_on.clone(),
                    },
                    drives: vm.drives.clone(),
                    name: vm.facts.name.clone(),
                    notes: vm.facts.notes.clone(),
                    details: vm.details.clone(),
                };
                vm.checkpoints.push(saved);
                vm.stands_on = Some(new_id.clone());
                vm.drives = self.on_top(&vm.drives.clone(), &new_id);
                *checkpoint_id = Some(new_id);
            }
            Step::RestoreCheckpoint { id, .. } => {
                let saved = vm.checkpoints.iter().find(|saved| saved.checkpoint.id == *id).unwrap().clone();
                for drive in vm.drives.iter().filter(|drive| drive.ends_with(".avhdx")) {
                    self.files.remove(&key(drive));
                }
                vm.drives = self.on_top(&saved.drives, &new_id);
                vm.stands_on = Some(id.clone());
                vm.facts.name = saved.name;
                vm.facts.notes = saved.notes;
                vm.details = saved.details;
                vm.facts.state = "Off".into();
            }
            Step::RemoveCheckpoint { id, .. } => {
                vm.checkpoints.retain(|saved| saved.checkpoint.id != *id);
                for saved in &mut vm.checkpoints {
                    saved.checkpoint.parent_id.take_if(|parent| parent == id);
                }
                vm.stands_on.take_if(|under| under == id);
                vm.details.secondary_status = vm.checkpoints.is_empty().then_some(MERGING);
            }
            Step::WaitMerged { path } => {
                assert!(vm.checkpoints.is_empty(), "{machine}: a merge that cannot end");
                let inside = key(&vm.facts.path);
                self.files.retain(|file, _| !(file.starts_with(&inside) && file.ends_with(".avhdx")));
                vm.drives = vec![path.clone()];
                vm.details.secondary_status = None;
            }
            step => panic!("not a step on a VM: {step:?}"),
        }
        *self.by_id(vm_id) = vm;
    }

    /// A checkpoint that the user makes, which the state does not know.
    pub(crate) fn checkpoint_by_hand(&mut self, vm_id: &str, name: &str) {
        let step = Step::CheckpointVM { name: name.into(), checkpoint_type: None };
        self.step_on_vm(&step, "", &Some(vm_id.into()), &mut None);
    }

    fn on_top(&mut self, drives: &[String], id: &str) -> Vec<String> {
        let above = |drive: &String| format!("{}_{id}.avhdx", drive.trim_end_matches(".vhdx"));
        let new: Vec<String> = drives.iter().map(above).collect();
        for (parent, path) in drives.iter().zip(&new) {
            self.add_file(path, File::Child { parent: parent.clone() });
        }
        new
    }

    fn add_file(&mut self, path: &str, file: File) {
        let folder = key(path).rsplit_once('\\').map(|(folder, _)| folder.to_owned()).unwrap();
        assert!(self.folders.contains(&folder), "the folder {folder} is not there");
        assert!(self.files.insert(key(path), file).is_none(), "{path} is overwritten");
    }

    fn by_id(&mut self, id: &Option<String>) -> &mut Vm {
        let id = id.as_deref().expect("a step on a VM that nobody knows").into();
        self.vms.iter_mut().find(|vm| vm.facts.id == id).expect("a step on a VM that is gone")
    }

    /// The name of the VM of a machine is unique on the host.
    pub(crate) fn has_one_vm(&self, machine: &str) -> bool {
        self.vms.iter().filter(|vm| vm.facts.name == vm_name(machine)).count() == 1
    }
}
