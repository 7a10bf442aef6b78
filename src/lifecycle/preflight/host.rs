//! What the host must have: the Default Switch, processors, memory.

use crate::discovery::DEFAULT_SWITCH;
use crate::error::Code;

use super::super::inventory::HostFacts;
use super::finding::{Finding, Severity};
use super::need::Need;

const MB: u64 = 1024 * 1024;

pub(super) fn findings(host: &HostFacts, needs: &[Need<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if host.has_default_switch() == Some(false) && !needs.is_empty() {
        findings.push(Finding::new(
            Code::DefaultSwitchNotFound,
            Severity::Error,
            &format!("Hyper-V shows no Default Switch (Id {DEFAULT_SWITCH}), to which the machines are connected."),
            "Windows makes it by itself, and nobody can make it by hand: it is usually back when the computer was \
             restarted. If it is not, disable and enable Hyper-V in Windows' optional features.",
        ));
    }
    if let Some(processors) = host.logical_processors {
        for need in needs.iter().filter(|need| need.making.is_some() && need.machine.cpu > processors) {
            findings.push(
                Finding::new(
                    Code::HostLimit,
                    Severity::Error,
                    &format!(
                        "it has {} processors in the config, and the host has {processors}; Hyper-V starts no such VM.",
                        need.machine.cpu
                    ),
                    &format!("Set its cpu to {processors} or less."),
                )
                .of(&[&need.machine.name]),
            );
        }
    }
    findings.extend(memory(host, needs));
    findings
}

/// Advice: other programs may give memory back until then.
fn memory(host: &HostFacts, needs: &[Need<'_>]) -> Option<Finding> {
    let free = host.free_memory_bytes?;
    let started: Vec<&Need<'_>> = needs.iter().filter(|need| need.is_started).collect();
    let wanted: u64 = started.iter().map(|need| u64::from(need.machine.memory) * MB).sum();
    if wanted <= free {
        return None;
    }
    let names: Vec<&str> = started.iter().map(|need| need.machine.name.as_str()).collect();
    let message =
        format!("starting takes {} MB of memory, and the host has {} MB free.", wanted / MB, free / MB);
    let remedy = "Close programs or stop other machines, give these less memory in the config, or start fewer at once \
                  (-Machine).";
    Some(Finding::new(Code::HostLimit, Severity::Warning, &message, remedy).of(&names))
}
