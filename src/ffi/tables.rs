//! What there are hundreds of crosses as tables, with one list for each column. PowerShell makes and prints them in half the
//! time of a list of objects and reads them in a third, and they are half as long.

use serde::Deserialize;

use crate::discovery::{Adapter, HostAddress, Neighbour, Snapshot, Vm, VmId};
use crate::lifecycle::{Checkpoint, Drive, HostFacts, Inventory, VmDetails, VmFacts};

/// Two columns of a table are not equally long.
#[derive(Debug, thiserror::Error)]
#[error("the columns of {0} are not equally long")]
pub(super) struct UnevenColumns(&'static str);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SnapshotTables {
    vms: VmTable,
    #[serde(default)]
    adapters: AdapterTable,
    #[serde(default)]
    neighbours: Option<NeighbourTable>,
    #[serde(default)]
    host_addresses: Option<HostAddressTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VmTable {
    id: Vec<VmId>,
    name: Vec<String>,
    state: Vec<String>,
    #[serde(default)]
    notes: Option<Vec<String>>,
    #[serde(default)]
    uptime_seconds: Option<Vec<f64>>,
    #[serde(default)]
    processor_count: Option<Vec<u32>>,
    #[serde(default)]
    memory_startup_bytes: Option<Vec<u64>>,
    #[serde(default)]
    generation: Option<Vec<u8>>,
    #[serde(default)]
    automatic_checkpoints: Option<Vec<bool>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AdapterTable {
    vm_id: Vec<VmId>,
    name: Vec<String>,
    mac: Vec<String>,
    switch_name: Vec<String>,
    switch_id: Vec<String>,
    ip_addresses: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeighbourTable {
    ip: Vec<String>,
    mac: Vec<String>,
    state: Vec<String>,
    interface: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HostAddressTable {
    ip: Vec<String>,
    prefix_length: Vec<i64>,
}

impl TryFrom<SnapshotTables> for Snapshot {
    type Error = UnevenColumns;

    fn try_from(tables: SnapshotTables) -> Result<Self, UnevenColumns> {
        Ok(Snapshot {
            vms: vms(tables.vms)?,
            adapters: adapters(tables.adapters)?,
            neighbours: tables.neighbours.map(neighbours).transpose()?,
            host_addresses: tables.host_addresses.map(host_addresses).transpose()?,
            guests: Vec::new(),
        })
    }
}

fn vms(table: VmTable) -> Result<Vec<Vm>, UnevenColumns> {
    let rows = table.id.len();
    let length = |column: Option<usize>| column.unwrap_or(rows);
    let lengths = [
        table.name.len(),
        table.state.len(),
        length(table.notes.as_ref().map(Vec::len)),
        length(table.uptime_seconds.as_ref().map(Vec::len)),
        length(table.processor_count.as_ref().map(Vec::len)),
        length(table.memory_startup_bytes.as_ref().map(Vec::len)),
        length(table.generation.as_ref().map(Vec::len)),
        length(table.automatic_checkpoints.as_ref().map(Vec::len)),
    ];
    even("vms", rows, &lengths)?;
    let mut notes = table.notes.into_iter().flatten();
    let mut uptime_seconds = table.uptime_seconds.into_iter().flatten();
    let mut processor_count = table.processor_count.into_iter().flatten();
    let mut memory_startup_bytes = table.memory_startup_bytes.into_iter().flatten();
    let mut generation = table.generation.into_iter().flatten();
    let mut automatic_checkpoints = table.automatic_checkpoints.into_iter().flatten();
    let columns = table.id.into_iter().zip(table.name).zip(table.state);
    let row = |((id, name), state)| Vm {
        id,
        name,
        state,
        notes: notes.next().unwrap_or_default(),
        uptime_seconds: uptime_seconds.next(),
        processor_count: processor_count.next(),
        memory_startup_bytes: memory_startup_bytes.next(),
        generation: generation.next(),
        automatic_checkpoints: automatic_checkpoints.next(),
    };
    Ok(columns.map(row).collect())
}

fn adapters(table: AdapterTable) -> Result<Vec<Adapter>, UnevenColumns> {
    let lengths = [
        table.name.len(),
        table.mac.len(),
        table.switch_name.len(),
        table.switch_id.len(),
        table.ip_addresses.len(),
    ];
    even("adapters", table.vm_id.len(), &lengths)?;
    let names = table.vm_id.into_iter().zip(table.name).zip(table.mac);
    let switches = table.switch_name.into_iter().zip(table.switch_id);
    let row = |((((vm_id, name), mac), (switch_name, switch_id)), ip_addresses)| Adapter {
        vm_id,
        name,
        mac,
        switch_name: Some(switch_name),
        switch_id: Some(switch_id),
        ip_addresses,
    };
    Ok(names.zip(switches).zip(table.ip_addresses).map(row).collect())
}

fn neighbours(table: NeighbourTable) -> Result<Vec<Neighbour>, UnevenColumns> {
    even("neighbours", table.ip.len(), &[table.mac.len(), table.state.len(), table.interface.len()])?;
    let columns = table.ip.into_iter().zip(table.mac).zip(table.state).zip(table.interface);
    let row = |(((ip, mac), state), interface)| Neighbour { ip, mac, state, interface };
    Ok(columns.map(row).collect())
}

fn host_addresses(table: HostAddressTable) -> Result<Vec<HostAddress>, UnevenColumns> {
    even("hostAddresses", table.ip.len(), &[table.prefix_length.len()])?;
    let row = |(ip, prefix_length)| HostAddress { ip, prefix_length };
    Ok(table.ip.into_iter().zip(table.prefix_length).map(row).collect())
}

fn even(table: &'static str, rows: usize, lengths: &[usize]) -> Result<(), UnevenColumns> {
    if lengths.iter().all(|length| *length == rows) { Ok(()) } else { Err(UnevenColumns(table)) }
}

/// An inventory: what is of every VM of the host as tables, what is of a lab's as lists of objects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InventoryTables {
    complete: bool,
    vms: FactTable,
    #[serde(default)]
    details: Vec<VmDetails>,
    #[serde(default)]
    drives: DriveTable,
    #[serde(default)]
    checkpoints: Vec<Checkpoint>,
    #[serde(default)]
    host: HostFacts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactTable {
    id: Vec<VmId>,
    name: Vec<String>,
    state: Vec<String>,
    notes: Vec<String>,
    path: Vec<String>,
    generation: Vec<u8>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DriveTable {
    vm_id: Vec<VmId>,
    /// Empty for a drive of the VM itself.
    checkpoint_id: Vec<String>,
    path: Vec<String>,
}

impl TryFrom<InventoryTables> for Inventory {
    type Error = UnevenColumns;

    fn try_from(tables: InventoryTables) -> Result<Self, UnevenColumns> {
        let InventoryTables { complete, vms, details, drives, checkpoints, host } = tables;
        Ok(Inventory { complete, vms: facts(vms)?, details, drives: disk_drives(drives)?, checkpoints, host })
    }
}

fn facts(table: FactTable) -> Result<Vec<VmFacts>, UnevenColumns> {
    let lengths =
        [table.name.len(), table.state.len(), table.notes.len(), table.path.len(), table.generation.len()];
    even("vms", table.id.len(), &lengths)?;
    let names = table.id.into_iter().zip(table.name).zip(table.state);
    let rest = table.notes.into_iter().zip(table.path).zip(table.generation);
    let row = |(((id, name), state), ((notes, path), generation))| VmFacts {
        id,
        name,
        state,
        notes,
        path,
        generation,
    };
    Ok(names.zip(rest).map(row).collect())
}

fn disk_drives(table: DriveTable) -> Result<Vec<Drive>, UnevenColumns> {
    even("drives", table.vm_id.len(), &[table.checkpoint_id.len(), table.path.len()])?;
    let row = |((vm_id, checkpoint_id), path): ((VmId, String), String)| Drive {
        vm_id,
        checkpoint_id: Some(checkpoint_id).filter(|id| !id.is_empty()),
        path,
    };
    Ok(table.vm_id.into_iter().zip(table.checkpoint_id).zip(table.path).map(row).collect())
}
