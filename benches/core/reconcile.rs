//! A reconcile's own work: what each poll takes, what is decided, and what is told at the end.

use std::hint::black_box;
use std::net::Ipv4Addr;

use criterion::{BatchSize, Criterion};
use ragnatramp::config::Config;
use ragnatramp::discovery::{Clock, Discovery, Snapshot, discover, poll};
use ragnatramp::guest::{GuestResult, SyncStatus};
use ragnatramp::hosts::merge;
use ragnatramp::reconcile::{ReconcilePlan, conclude, decide};
use ragnatramp::state::State;
use serde_json::json;

use super::{SIZES, lab, measured_series, series};

const POLLS: usize = 20;

pub(crate) fn measure(criterion: &mut Criterion) {
    // Every machine has a new address, so that every one has a diff.
    measured_series(criterion, "discovery", &SIZES, Lab::of, |bencher, lab| {
        bencher.iter_batched(|| (), |()| lab.discover(), BatchSize::PerIteration);
    });
    let file = b"10.77.0.1 host-in-a-long-list\n".repeat(100);
    let into_file = |plan: ReconcilePlan| {
        let merged = merge(&file, plan.report.hosts_block.as_deref().unwrap()).unwrap();
        assert!(merged.changed);
        (plan, merged)
    };
    measured_series(criterion, "diff, render and merge", &SIZES, Lab::of, |bencher, lab| {
        let decide = |discovery| into_file(lab.decide(discovery));
        bencher.iter_batched(|| lab.discover(), decide, BatchSize::PerIteration);
    });
    let name = "discovery, diff, render and merge";
    series(criterion, name, &SIZES, Lab::of, |lab| into_file(lab.decide(lab.discover())));
    series(criterion, "discovery to report", &SIZES, Lab::of, Lab::reconcile);
    series(criterion, "20 polls", &[10, 1_000, 10_000], Lab::of, Lab::wait);
}

struct Lab {
    config: Config,
    state: State,
    /// What each poll sees: addresses arrive evenly over all of them.
    snapshots: Vec<Snapshot>,
}

impl Lab {
    fn of(machines: usize) -> Self {
        let names: Vec<String> = (0..machines).map(|number| format!("m{number}")).collect();
        let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
        let network = json!({"ipv4": "172.20.0.1", "source": "hyperv", "discoveredAt": lab::NOW});
        let known: Vec<_> = borrowed.iter().map(|name| (*name, network.clone())).collect();
        let seen_at = |round: usize| Snapshot {
            vms: borrowed.iter().map(|name| lab::vm(name, "Running")).collect(),
            adapters: borrowed
                .iter()
                .enumerate()
                .map(|(number, name)| adapter(number, name, round))
                .collect(),
            ..Snapshot::default()
        };
        // The memory of 20 looks at 100,000 machines would be measured along.
        let first = if machines > 10_000 { POLLS } else { 1 };
        Lab {
            config: lab::config(&borrowed),
            state: lab::state(&known),
            snapshots: (first..=POLLS).map(seen_at).collect(),
        }
    }

    fn wait(&self) -> Snapshot {
        let mut seen = None;
        for (round, snapshot) in self.snapshots.iter().enumerate() {
            let clock = Clock { elapsed_seconds: round as f64 * 3.0, timeout_seconds: 60.0 };
            seen = Some(poll(&self.config, &self.state, seen, snapshot.clone(), clock).snapshot);
        }
        seen.unwrap_or_default()
    }

    fn discover(&self) -> Discovery<'_> {
        discover(&self.config, &self.state, black_box(self.snapshots.last().unwrap()))
    }

    fn decide(&self, discovery: Discovery<'_>) -> ReconcilePlan {
        let plan = decide(&self.config, discovery, &lab::options());
        let machines = self.config.machines.len();
        assert!(plan.proceed && plan.targets.len() == machines && plan.report.summary.changed == machines);
        plan
    }

    fn reconcile(&self) -> ragnatramp::reconcile::Report {
        let plan = self.decide(self.discover());
        let results = plan
            .targets
            .iter()
            .map(|target| GuestResult::new(&target.machine_name, SyncStatus::Synced))
            .collect();
        black_box(plan.networks(&self.state));
        conclude(plan, results).unwrap()
    }
}

/// The address of a machine by its number.
pub(crate) fn address(number: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(172, 20, 0, 10)) + number as u32)
}

fn adapter(number: usize, name: &str, round: usize) -> ragnatramp::discovery::Adapter {
    let ip = address(number).to_string();
    let addresses = [ip.as_str()];
    lab::adapter(name, if number % POLLS < round { &addresses } else { &[] })
}
