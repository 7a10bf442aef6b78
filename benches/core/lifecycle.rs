//! Plans of a start of what is up and of a removal of all. The disks answer at once, so that it is the planner's own time.

use criterion::Criterion;
use ragnatramp::config::Config;
use ragnatramp::image::{Generations, System};
use ragnatramp::lifecycle::{
    BootFacts, Disks, Drive, Fit, Goal, Inventory, Presence, VmDetails, VmFacts, plan_lifecycle,
};
use ragnatramp::state::State;
use serde_json::json;

use super::{SIZES, lab, series};

pub(crate) fn measure(criterion: &mut Criterion) {
    for (name, goal) in
        [("plan of a start", Goal::Start { force: false }), ("plan of a removal", Goal::Remove)]
    {
        series(criterion, name, &SIZES, lab_of, |(config, state, inventory)| {
            let plan = plan_lifecycle(config, state, inventory, &AtOnce, &goal, &[]);
            assert!(plan.iter().all(|action| action.refusal.is_none()));
            plan
        });
    }
}

struct AtOnce;

impl Disks for AtOnce {
    fn presence(&self, _: &str) -> Presence {
        Presence::File
    }

    fn is_child(&self, _: &str, _: &str) -> Fit {
        Fit::Fits
    }

    fn is_copy(&self, _: &str, _: &str) -> Fit {
        Fit::Fits
    }

    fn boot(&self, _: &str) -> BootFacts {
        BootFacts { generations: Generations::Two, why_unknown: String::new(), system: System::Linux }
    }

    fn chain(&self, disk: &str) -> Option<Vec<String>> {
        Some(vec![disk.to_owned(), "D:\\Images\\base.vhdx".to_owned()])
    }
}

/// A lab in which each machine depends on the one before, and stands before it in the config.
fn lab_of(machines: usize) -> (Config, State, Inventory) {
    let names: Vec<String> = (0..machines).map(|number| format!("m{number}")).collect();
    let mut config = lab::config(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (machine, before) in config.machines.iter_mut().skip(1).zip(&names) {
        machine.depends_on = vec![before.clone()];
    }
    config.machines.reverse();
    let disk = |name: &str| format!("D:\\VMs\\{}\\{name}.vhdx", lab::vm_name(name));
    let vms: serde_json::Map<String, serde_json::Value> = names
        .iter()
        .map(|name| {
            let entry = json!({"id": lab::vm_id(name), "name": lab::vm_name(name), "diskPath": disk(name)});
            (name.clone(), entry)
        })
        .collect();
    let state =
        lab::state_of(json!({"version": 1, "configPath": lab::CONFIG_PATH, "project": "lab", "vms": vms}));
    let mut inventory = Inventory { complete: true, ..Inventory::default() };
    for name in &names {
        let (vm, id) = (lab::vm(name, "Off"), lab::vm_id(name));
        inventory.vms.push(VmFacts {
            id: vm.id,
            name: vm.name,
            state: vm.state,
            notes: vm.notes,
            generation: 2,
            ..VmFacts::default()
        });
        inventory.details.push(VmDetails { vm_id: id.as_str().into(), ..VmDetails::default() });
        inventory.drives.push(Drive { vm_id: id.as_str().into(), checkpoint_id: None, path: disk(name) });
    }
    (config, state, inventory)
}
