//! A folder with a config and its state of one machine, for the tests of the store.
#![allow(dead_code, reason = "each test file uses its part of it")]

pub(crate) mod faulty;
pub(crate) mod process;

use std::fs;
use std::path::PathBuf;

use ragnatramp::error::Error;
use ragnatramp::state::{State, Store};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

pub(crate) const NOW: &str = "2026-11-22T20:48:55.435Z";

/// A folder with a config and its state of one machine.
pub(crate) struct Lab {
    pub(crate) folder: TempDir,
}

impl Lab {
    pub(crate) fn without_state() -> Self {
        let lab = Lab { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(lab.folder.path().join(".ragnatramp")).unwrap();
        lab
    }

    pub(crate) fn new() -> Self {
        let lab = Lab::without_state();
        let mut state = State::empty(lab.config().to_str().unwrap(), "lab", "d78b35a5", NOW.parse().unwrap());
        assert!(state.add_machine("web", object(json!({"id": "1", "name": "lab-web-1e34e7cc"}))));
        fs::write(lab.file("state.json"), state.to_bytes()).unwrap();
        lab
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("ragnatramp.yaml")
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(self.config())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(".ragnatramp").join(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path().join(".ragnatramp"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Gives the machine an address.
pub(crate) fn learn(address: &str) -> impl FnOnce(&mut State) -> Result<bool, Error> {
    let network = object(json!({ "ipv4": address }));
    move |state| Ok(state.set_network("web", network))
}

pub(crate) fn address(state: &State) -> &str {
    state.machine("web").unwrap().network().unwrap().fields()["ipv4"].as_str().unwrap()
}
