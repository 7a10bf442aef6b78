//! A lab made up for a test: config, state and what Hyper-V shows of it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::net::Ipv4Addr;

use ragnatramp::config::{Config, DiskStrategy, Machine, names};
use ragnatramp::discovery::{Adapter, Neighbour, Snapshot, Vm};
use ragnatramp::hosts::render;
use ragnatramp::reconcile::Options;
use ragnatramp::state::State;
use serde_json::{Value, json};

pub(crate) const CONFIG_PATH: &str = "C:\\Users\\dev\\lab\\ragnatramp.yaml";
pub(crate) const NOW: &str = "2026-11-23T08:00:00.000Z";
pub(crate) const DEFAULT_SWITCH: &str = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

/// A config of project `project` with machines of these names.
pub(crate) fn config_of(project: &str, config_path: &str, machines: &[&str]) -> Config {
    let machine = |name: &&str| Machine {
        name: (*name).to_owned(),
        cpu: 2,
        memory: 2048,
        base_image: "D:\\Images\\base.vhdx".into(),
        disk_strategy: DiskStrategy::Differencing,
        generation: None,
        secure_boot: None,
        dynamic_memory: None,
        cloud_init: None,
        unattend: None,
        depends_on: Vec::new(),
    };
    Config {
        project: project.into(),
        machines: machines.iter().map(machine).collect(),
        artifact_path: "D:\\VMs".into(),
        auto_start: true,
        ssh_config: false,
        config_path: config_path.into(),
        config_hash: "d78b35a5".into(),
    }
}

/// The usual config.
pub(crate) fn config(machines: &[&str]) -> Config {
    config_of("lab", CONFIG_PATH, machines)
}

/// The Id of the VM of a machine: any text serves, as long as it is its own.
pub(crate) fn vm_id(machine: &str) -> String {
    format!("id-of-{machine}")
}

/// The name of the VM of a machine of the usual config.
pub(crate) fn vm_name(machine: &str) -> String {
    names::VmNames::new("lab", CONFIG_PATH).of(machine)
}

/// A state that knows these machines; `network` is left out where it is null.
pub(crate) fn state(machines: &[(&str, Value)]) -> State {
    let mut vms = serde_json::Map::new();
    for (name, network) in machines {
        let mut entry =
            json!({"id": vm_id(name), "name": vm_name(name), "machineName": name, "checkpoints": []});
        if !network.is_null() {
            entry["network"] = network.clone();
        }
        vms.insert((*name).to_owned(), entry);
    }
    state_of(json!({"version": 1, "configPath": CONFIG_PATH, "project": "lab", "vms": vms}))
}

/// A state that knows these machines, never reconciled.
pub(crate) fn fresh_state(machines: &[&str]) -> State {
    state(&machines.iter().map(|name| (*name, Value::Null)).collect::<Vec<_>>())
}

/// A state of any document.
pub(crate) fn state_of(document: Value) -> State {
    State::from_document(document.as_object().cloned().unwrap_or_default())
}

/// The VM of a machine, ours, in that state.
pub(crate) fn vm(machine: &str, vm_state: &str) -> Vm {
    Vm {
        id: vm_id(machine).into(),
        name: vm_name(machine),
        state: vm_state.into(),
        notes: format!("ragnatramp:v0.1.0\nconfig:{CONFIG_PATH}\nmanaged:true"),
        ..Vm::default()
    }
}

/// The adapter of a machine on the Default Switch, with these addresses. Its MAC follows from its name.
pub(crate) fn adapter(machine: &str, addresses: &[&str]) -> Adapter {
    Adapter {
        vm_id: vm_id(machine).into(),
        name: "Network Adapter".into(),
        mac: mac(machine),
        switch_name: Some("Default Switch".into()),
        switch_id: Some(DEFAULT_SWITCH.into()),
        ip_addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
    }
}

/// 12 hex digits that follow from a machine's name.
pub(crate) fn mac(machine: &str) -> String {
    format!("00155D{:06X}", machine.bytes().fold(7u32, |sum, byte| (sum * 31 + u32::from(byte)) & 0xFF_FFFF))
}

/// An entry of the neighbour table for a machine.
pub(crate) fn neighbour(machine: &str, ip: &str) -> Neighbour {
    Neighbour {
        ip: ip.into(),
        mac: mac(machine),
        state: "Permanent".into(),
        interface: "vEthernet (Default Switch)".into(),
    }
}

/// A look at running machines with these addresses.
pub(crate) fn look(machines: &[(&str, &[&str])]) -> Snapshot {
    Snapshot {
        vms: machines.iter().map(|(name, _)| vm(name, "Running")).collect(),
        adapters: machines.iter().map(|(name, addresses)| adapter(name, addresses)).collect(),
        ..Snapshot::default()
    }
}

/// A real run at [`NOW`] after 60 seconds of waiting.
pub(crate) fn options() -> Options {
    Options { now: NOW.parse().unwrap(), allow_partial: false, dry_run: false, waited_seconds: 60.0 }
}

/// The block of these names and addresses.
pub(crate) fn block_of(peers: &[(&str, &str)]) -> String {
    render(peers.iter().map(|(name, ipv4)| (*name, ipv4.parse().unwrap_or(Ipv4Addr::UNSPECIFIED))))
}
