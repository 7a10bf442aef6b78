//! What a plan asks of the disks grows with the number of machines and no faster.

use std::cell::Cell;

use ragnatramp::lifecycle::{BootFacts, Disks, Fit, Goal, Presence, plan_lifecycle};

use crate::lifecycle_model::{Host, start};

/// Counts the questions.
struct Counting<'a> {
    host: &'a Host,
    asked: Cell<usize>,
}

impl Counting<'_> {
    fn one_more(&self) -> &Host {
        self.asked.set(self.asked.get() + 1);
        self.host
    }
}

impl Disks for Counting<'_> {
    fn presence(&self, path: &str) -> Presence {
        self.one_more().presence(path)
    }

    fn is_child(&self, disk: &str, image: &str) -> Fit {
        self.one_more().is_child(disk, image)
    }

    fn is_copy(&self, disk: &str, image: &str) -> Fit {
        self.one_more().is_copy(disk, image)
    }

    fn boot(&self, image: &str) -> BootFacts {
        self.one_more().boot(image)
    }

    fn chain(&self, disk: &str) -> Option<Vec<String>> {
        self.one_more().chain(disk)
    }
}

fn asked(host: &Host, goal: &Goal) -> usize {
    let disks = Counting { host, asked: Cell::new(0) };
    plan_lifecycle(&host.config, &host.state, &host.inventory(), &disks, goal, &[]);
    disks.asked.get()
}

#[test]
fn each_disk_is_read_a_bounded_number_of_times_however_many_machines_there_are() {
    let lab = |machines: usize| {
        let names: Vec<String> = (0..machines).map(|number| format!("m{number}")).collect();
        let mut host = Host::up(&names.iter().map(String::as_str).collect::<Vec<_>>());
        host.vms.iter_mut().for_each(|vm| vm.facts.state = "Off".into());
        host
    };
    for goal in [start(), Goal::Remove] {
        let (few, many) = (asked(&lab(4), &goal), asked(&lab(40), &goal));
        assert!(many <= few * 10, "{goal:?}: {few} for 4 machines, {many} for 40");
    }
}

#[test]
fn images_are_asked_once_however_many_machines_have_them() {
    let names: Vec<String> = (0..50).map(|number| format!("m{number}")).collect();
    let host = Host::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    // Two for each machine, its folder and its disk, and one for the image.
    assert_eq!(asked(&host, &start()), 101);
}
