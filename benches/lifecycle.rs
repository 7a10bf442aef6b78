//! How the time of a plan grows: from 5 to 1,024 machines, for a start of what is up and a removal of all. The disks answer at
//! once, so that it is the planner's own time. Prints times, and the ratio of the time for one more machine to that of the
//! smallest size: near 1 is linear.
//!
//! `cargo bench --bench lifecycle`

#![allow(clippy::unwrap_used, reason = "a bench may panic")]
#![allow(clippy::pedantic, clippy::print_stdout, reason = "its figures are printed")]

#[path = "../tests/it/lab/mod.rs"]
mod lab;

use std::hint::black_box;
use std::time::{Duration, Instant};

use ragnatramp::image::{Generations, System};
use ragnatramp::lifecycle::{
    BootFacts, Disks, Drive, Fit, Goal, Inventory, Presence, VmDetails, VmFacts, plan_lifecycle,
};
use serde_json::json;

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

fn main() {
    println!("{:<20} {:>8} {:>12} {:>8}", "goal", "machines", "time", "ratio");
    for (what, goal) in [("start", Goal::Start { force: false }), ("remove", Goal::Remove)] {
        let mut first = None;
        for machines in [5, 50, 500, 1024] {
            let time = time_of(machines, &goal);
            let each = time.as_secs_f64() / machines as f64;
            let ratio = each / *first.get_or_insert(each);
            println!("{what:<20} {machines:>8} {:>9.3} ms {ratio:>8.2}", time.as_secs_f64() * 1e3);
        }
    }
}

/// The shortest of ten plans of a lab in which each machine depends on the one before.
fn time_of(machines: usize, goal: &Goal) -> Duration {
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
    let plan = || plan_lifecycle(&config, &state, &inventory, &AtOnce, goal, &[]);
    assert!(plan().iter().all(|action| action.refusal.is_none()));
    (0..10)
        .map(|_| {
            let begun = Instant::now();
            black_box(plan());
            begun.elapsed()
        })
        .min()
        .unwrap_or_default()
}
