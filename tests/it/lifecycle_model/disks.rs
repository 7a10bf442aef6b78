//! The disks of the model, as the planner reads them.

use ragnatramp::image::System;
use ragnatramp::lifecycle::{BootFacts, Disks, Fit, Presence};

use super::{File, Host, key};

impl Disks for Host {
    fn presence(&self, path: &str) -> Presence {
        let path = key(path);
        if self.files.contains_key(&path) {
            Presence::File
        } else if self.folders.contains(&path) {
            Presence::Other
        } else {
            Presence::Absent
        }
    }

    fn is_child(&self, disk: &str, image: &str) -> Fit {
        match self.files.get(&key(disk)) {
            Some(File::Child { parent }) if key(parent) == key(image) => Fit::Fits,
            Some(File::Child { .. }) => Fit::Other("a child of another image".into()),
            _ => Fit::Other("no differencing disk".into()),
        }
    }

    fn is_copy(&self, disk: &str, image: &str) -> Fit {
        match self.files.get(&key(disk)) {
            Some(File::Copy { of }) if key(of) == key(image) => Fit::Fits,
            _ => Fit::Other("a disk of another size".into()),
        }
    }

    fn boot(&self, image: &str) -> BootFacts {
        let Some(File::Image(generations)) = self.files.get(&key(image)) else { panic!("no image {image}") };
        BootFacts { generations: *generations, why_unknown: "no partitions".into(), system: System::Linux }
    }

    /// Hyper-V lets nobody read the disks of a VM that runs.
    fn chain(&self, disk: &str) -> Option<Vec<String>> {
        let is_held = self
            .vms
            .iter()
            .filter(|vm| vm.facts.state == "Running")
            .any(|vm| vm.drives.iter().any(|drive| key(drive) == key(disk)));
        if is_held {
            return None;
        }
        let mut chain = vec![disk.to_owned()];
        let mut at = key(disk);
        while let File::Child { parent } = self.files.get(&at)? {
            chain.push(parent.clone());
            at = key(parent);
        }
        Some(chain)
    }
}
