//! What a save costs beside the bare sequence of system calls, and what survives a saver that is killed.
//!
//! `cargo bench --bench state` measures; `cargo bench --bench state -- kill [SAVES]` kills (10,000 saves by default).
#![allow(clippy::unwrap_used, reason = "a bench may panic")]
#![allow(clippy::pedantic, clippy::print_stdout, reason = "its figures are printed")]

mod clocked;
mod cost;
mod kill;

use std::env;
use std::path::{Path, PathBuf};

use ragnatramp::state::{LockOptions, Saved, State, Store};
use serde_json::{Map, Value};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["saver", config] => kill::save_for_ever(Path::new(config)),
        ["kill"] => kill::kill(10_000),
        ["kill", saves] => kill::kill(saves.parse().unwrap()),
        _ => [3, 50, 1024].into_iter().for_each(cost::measure),
    }
}

/// A lab of so many machines, in a folder that goes with the returned guard.
fn lab(machines: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ragnatramp.yaml");
    let now = "2026-11-22T20:48:55.435Z";
    let mut state = State::empty(config.to_str().unwrap(), "lab", "d78b35a5", now.parse().unwrap());
    for index in 0..machines {
        let name = format!("m{index}");
        let text = [
            ("id", format!("5f1c2a90-7b3e-4c1d-9a52-{index:012}")),
            ("name", format!("lab-{name}-1e34e7cc")),
            ("machineName", name.clone()),
            ("diskPath", format!("D:\\VMs\\lab\\{name}.vhdx")),
            ("createdAt", now.to_owned()),
        ];
        let entry: Map<String, Value> =
            text.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
        state.add_machine(&name, entry);
        state.set_network(&name, Map::from_iter([("ipv4".to_owned(), "172.20.144.10".into())]));
    }
    Store::new(&config).create(state, LockOptions::default()).unwrap();
    (folder, config)
}

/// One change of the first machine: lock, read again, merge, print, save.
fn update(store: &Store) -> Saved {
    let saved = store.update(LockOptions::default(), |state| {
        let next = count(state) + 1;
        Ok(state.set_network("m0", Map::from_iter([("count".to_owned(), next.into())])))
    });
    saved.unwrap()
}

fn count(state: &State) -> u64 {
    let network = state.machine("m0").unwrap().network().unwrap();
    network.fields().get("count").and_then(Value::as_u64).unwrap_or(0)
}
