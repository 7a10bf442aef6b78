//! How the time of a reconcile's own work grows: discovery, diff, block and report from 5 to 1,024 machines, and the
//! merge of files from 1,000 to 100,000 lines. Prints times, and the ratio of the time for one more unit to that of
//! the smallest size: near 1 is linear.
//!
//! `cargo bench --bench reconcile`

#![allow(clippy::unwrap_used, reason = "a bench may panic")]
#![allow(clippy::pedantic, clippy::print_stdout, reason = "its figures are printed")]

#[path = "../tests/it/lab/mod.rs"]
mod lab;

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use ragnatramp::config::Config;
use ragnatramp::discovery::{Clock, Snapshot, poll};
use ragnatramp::guest::{GuestResult, SyncStatus};
use ragnatramp::hosts::{merge, render};
use ragnatramp::reconcile::{conclude, plan_reconcile};
use ragnatramp::state::State;
use serde_json::json;

const POLLS: usize = 20;

fn main() {
    println!("{:<44} {:>12} {:>14} {:>8}", "what", "time", "per unit", "ratio");
    let mut first = None;
    for machines in [5, 50, 500, 1024] {
        let lab = Lab::of(machines);
        report("plan and conclude", "machines", machines, shortest(|| lab.reconcile()), &mut first);
    }
    let mut first = None;
    for machines in [5, 50, 500, 1024] {
        let lab = Lab::of(machines);
        report("wait over 20 polls", "machines", machines, shortest(|| lab.wait()), &mut first);
    }
    let mut first = None;
    let block = render([("web", Ipv4Addr::new(172, 16, 0, 10)), ("db", Ipv4Addr::new(172, 16, 0, 11))]);
    for lines in [1_000, 10_000, 100_000] {
        let file = [b"10.77.0.1 host-in-a-long-list\n".repeat(lines), block.clone().into_bytes()].concat();
        let time = shortest(|| {
            black_box(merge(black_box(&file), &block).is_ok());
        });
        report("merge", "lines", lines, time, &mut first);
    }
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
        Lab {
            config: lab::config(&borrowed),
            state: lab::state(&known),
            snapshots: (1..=POLLS).map(seen_at).collect(),
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

    fn reconcile(&self) {
        let Some(snapshot) = self.snapshots.last() else { return };
        let plan = plan_reconcile(&self.config, &self.state, black_box(snapshot), &lab::options());
        let results = plan
            .targets
            .iter()
            .map(|target| GuestResult::new(&target.machine_name, SyncStatus::Synced))
            .collect();
        black_box(plan.networks(&self.state));
        black_box(conclude(plan, results).is_ok());
    }
}

fn adapter(number: usize, name: &str, round: usize) -> ragnatramp::discovery::Adapter {
    let ip = format!("172.20.{}.{}", 1 + number / 250, 1 + number % 250);
    let here = number % POLLS < round;
    lab::adapter(
        name,
        if here { std::slice::from_ref(&ip) } else { &[] }
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice(),
    )
}

/// The shortest of 25 runs, after one that does not count: what the work costs when nobody disturbs it.
fn shortest<T>(mut run: impl FnMut() -> T) -> Duration {
    black_box(run());
    let times = (0..25).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn report(what: &str, unit: &str, count: usize, time: Duration, first: &mut Option<f64>) {
    let each = time.as_secs_f64() / count as f64;
    let ratio = each / *first.get_or_insert(each);
    let label = format!("{what}, {count} {unit}");
    println!("{label:<44} {:>9.3} ms {:>11.3} us {ratio:>8.2}", time.as_secs_f64() * 1e3, each * 1e6);
}
