//! The rows of a status as a table: columns of borrowed values, since most of a large status is rows.

use std::net::Ipv4Addr;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::wire::pascal_case;
use crate::error::Result;
use crate::state::Timestamp;
use crate::status::{Status, StatusRow};
use crate::terminal::visible;

/// A status as it crosses. Names and texts are as [`pascal_case`] makes them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StatusResponse<'a> {
    project: Shown<'a>,
    config_path: Shown<'a>,
    hyper_v_answered: bool,
    watch: Value,
    machines: Columns<'a>,
}

/// A list for each field of [`StatusRow`], all equally long.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Columns<'a> {
    machine_name: Vec<Shown<'a>>,
    vm_name: Vec<Shown<'a>>,
    vm_id: Vec<Option<Shown<'a>>>,
    state: Vec<Shown<'a>>,
    ipv4: Vec<Option<Ipv4Addr>>,
    ipv6: Vec<Vec<Shown<'a>>>,
    mac: Vec<Option<Shown<'a>>>,
    adapter_name: Vec<Option<Shown<'a>>>,
    source: Vec<Option<Shown<'a>>>,
    previous_ipv4: Vec<Option<Ipv4Addr>>,
    discovered_at: Vec<Option<Timestamp>>,
    seen: Vec<Option<Shown<'a>>>,
    in_config: Vec<bool>,
    processor_count: Vec<Option<u32>>,
    #[serde(rename = "MemoryMB")]
    memory_mb: Vec<Option<u64>>,
    checkpoints: Vec<Value>,
    drift: Vec<Value>,
    guest_transport: Vec<Option<Shown<'a>>>,
}

/// A text that the user sees, printed as [`visible`] has it.
struct Shown<'a>(&'a str);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&visible(self.0))
    }
}

impl<'a> StatusResponse<'a> {
    /// The status, borrowed.
    ///
    /// # Errors
    /// Those of [`pascal_case`].
    pub(super) fn of(status: &'a Status) -> Result<Self> {
        let mut machines = Columns::default();
        for row in &status.machines {
            machines.push(row)?;
        }
        Ok(StatusResponse {
            project: Shown(&status.project),
            config_path: Shown(&status.config_path),
            hyper_v_answered: status.hyper_v_answered,
            watch: pascal_case(&status.watch)?,
            machines,
        })
    }
}

impl<'a> Columns<'a> {
    fn push(&mut self, row: &'a StatusRow) -> Result<()> {
        let shown = |text: &'a Option<String>| text.as_deref().map(Shown);
        self.machine_name.push(Shown(row.machine_name.as_str()));
        self.vm_name.push(Shown(&row.vm_name));
        self.vm_id.push(row.vm_id.as_ref().map(|id| Shown(id.as_str())));
        self.state.push(Shown(&row.state));
        self.ipv4.push(row.ipv4);
        self.ipv6.push(row.ipv6.iter().map(|ipv6| Shown(ipv6)).collect());
        self.mac.push(shown(&row.mac));
        self.adapter_name.push(shown(&row.adapter_name));
        self.source.push(shown(&row.source));
        self.previous_ipv4.push(row.previous_ipv4);
        self.discovered_at.push(row.discovered_at);
        self.seen.push(shown(&row.seen));
        self.in_config.push(row.in_config);
        self.processor_count.push(row.processor_count);
        self.memory_mb.push(row.memory_mb);
        self.checkpoints.push(pascal_case(&row.checkpoints)?);
        self.drift.push(pascal_case(&row.drift)?);
        self.guest_transport.push(shown(&row.guest_transport));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_status_crosses_as_columns_and_says_of_each_row_what_the_row_says() {
        let row = |name: &str, ipv4: Option<&str>| {
            json!({
                "machineName": name, "vmName": "lab\u{1b}[31m", "vmId": ipv4.map(|_| "id"), "state": "Running", "ipv4": ipv4, "ipv6": ["fe80::1%\u{7}"],
                "mac": ipv4.map(|_| "00:15:5D:01:02:03"), "adapterName": null, "source": ipv4.map(|_| "arp"), "previousIpv4": null,
                "discoveredAt": ipv4.map(|_| "2026-11-20T09:00:00.000Z"), "seen": ipv4.map(|_| "1 h ago"), "inConfig": true, "processorCount": 2,
                "memoryMB": 2048, "checkpoints": [{"id": "c", "name": "before\u{9b}"}], "drift": [{"code": "CPU_DIFFERS", "message": "cpu"}],
                "guestTransport": ipv4.map(|_| "KeyValuePair"),
            })
        };
        let rows = [row("web", Some("172.20.0.2")), row("db", None)];
        let whole = json!({
            "project": "lab", "configPath": "C:\\lab\\ragnatramp.yaml", "hyperVAnswered": true,
            "watch": {"process": "process 1 on LAB1", "startedAt": null}, "machines": rows,
        });
        let status: Status = serde_json::from_value(whole).unwrap();
        let told = serde_json::to_value(StatusResponse::of(&status).unwrap()).unwrap();

        let mut expected = pascal_case(&status).unwrap();
        let rows = expected["Machines"].take();
        for name in rows[0].as_object().unwrap().keys() {
            let column: Vec<Value> = rows.as_array().unwrap().iter().map(|row| row[name].clone()).collect();
            expected["Machines"][name] = column.into();
        }
        assert_eq!(told, expected);
        assert_eq!(told["Machines"]["VmName"][0], "lab\\u{1b}[31m");
    }
}
