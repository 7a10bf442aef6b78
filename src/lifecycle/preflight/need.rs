//! What a start would make and start, as far as the host has to bear it.

use std::collections::HashMap;

use crate::config::names::path_key;
use crate::config::{Generation, Machine};
use crate::state::{IntentKind, SeedDisc, SeedKind};

use super::super::action::Refusal;
use super::super::creation::{self, Place};
use super::super::disks::Presence;
use super::super::inventory::Power;
use super::super::subject::{Found, Subject, World};

/// What one machine needs.
pub(super) struct Need<'a> {
    pub(super) machine: &'a Machine,
    /// What is made; `None` where its VM is there and complete.
    pub(super) making: Option<Making>,
    /// Whether it is started, so that its memory must be there.
    pub(super) is_started: bool,
    /// Where a file as large as its memory is reserved while it runs.
    pub(super) saves_to: Option<String>,
}

/// What is made of a machine.
pub(super) struct Making {
    pub(super) folder: String,
    /// Its disk, where that is still to be made.
    pub(super) disk_path: Option<String>,
    /// The kind of the disc for its first boot, where one is still to be written.
    pub(super) writes_seed: Option<SeedKind>,
    /// Where its disk is or will be.
    pub(super) disk_place: String,
    /// The generation that its VM gets, or why that is not known.
    pub(super) generation: Result<Generation, Refusal>,
}

/// The needs of the machines that are made or started. One whose VM is not ours has none: the plan refuses it.
pub(super) fn needs<'a>(world: &World<'a>, machines: &[&'a Machine], named: bool) -> Vec<Need<'a>> {
    machines.iter().filter_map(|machine| need(world, machine, named)).collect()
}

fn need<'a>(world: &World<'a>, machine: &'a Machine, named: bool) -> Option<Need<'a>> {
    let subject = world.subject(&machine.name);
    if subject.began(IntentKind::Remove) {
        return None;
    }
    let wants_start = named || world.config.auto_start;
    let power = subject.vm().map_or(Power::Off, |vm| Power::of(&vm.state));
    let is_started = wants_start && matches!(power, Power::Off | Power::Saved);
    let is_made = match subject.found {
        Found::Absent | Found::Unrecorded(_) => true,
        // Hyper-V did not tell of every VM. What no run has begun has none of ours.
        Found::Unknown if subject.known.is_none() && subject.intent.is_none() => true,
        Found::NotOurs(_) | Found::Unknown => return None,
        Found::Ours(_) => subject.began(IntentKind::Create),
    };
    if is_made {
        let making = Some(making(world, &subject, machine));
        return Some(Need { machine, making, is_started, saves_to: None });
    }
    let saves = subject.details(world).is_some_and(|details| details.stop_action == "Save");
    let folder = subject.vm().map(|vm| vm.path.clone()).filter(|_| saves && power == Power::Off);
    is_started.then_some(Need { machine, making: None, is_started, saves_to: folder })
}

fn making(world: &World<'_>, subject: &Subject<'_>, machine: &Machine) -> Making {
    let Place { folder, disk_path, seed, .. } = Place::of(world, subject, machine);
    let is_there = world.disks.presence(&disk_path) != Presence::Absent;
    let generation = creation::boot(world, subject, machine).map(|boot| boot.generation);
    let is_missing = |disc: &SeedDisc| world.disks.presence(&disc.path) == Presence::Absent;
    let writes_seed = seed.filter(is_missing).map(|disc| disc.kind);
    let new_disk = (!is_there).then(|| disk_path.clone());
    Making { folder, disk_path: new_disk, writes_seed, disk_place: disk_path, generation }
}

impl Need<'_> {
    /// The disk that is made for it.
    pub(super) fn new_disk(&self) -> Option<&str> {
        self.making.as_ref()?.disk_path.as_deref()
    }
}

/// Each thing that machines need once, by its path, with those who need it; things and needs in the order of `uses`.
pub(super) fn by_path<'n, 'a, T>(
    uses: impl Iterator<Item = (&'n Need<'a>, T)>,
    path: impl Fn(&T) -> &str,
) -> Vec<(T, Vec<&'n Need<'a>>)> {
    let mut all: Vec<(T, Vec<&Need<'_>>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (need, thing) in uses {
        let place = *places.entry(path_key(path(&thing))).or_insert(all.len());
        match all.get_mut(place) {
            Some((_, needs)) => needs.push(need),
            None => all.push((thing, vec![need])),
        }
    }
    all
}
