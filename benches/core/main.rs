//! What the native core takes for labs and files of three sizes: `cargo bench --bench core`. `./build.sh bench` makes a table
//! of it, with the growth from size to size.
#![allow(clippy::unwrap_used, reason = "a bench may panic")]
#![allow(clippy::pedantic, missing_docs, reason = "nobody links to it")]

mod config;
mod hosts;
#[path = "../../tests/it/lab/mod.rs"]
mod lab;
mod lifecycle;
mod reconcile;

use std::cell::OnceCell;
use std::time::Duration;

use criterion::{BatchSize, Bencher, BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};

/// How many entries: machines, names or lines.
const SIZES: [usize; 3] = [10, 1_000, 100_000];

/// Measures `run` on what `make` gives for each size; what is made and what comes out is not counted.
fn series<I, O>(
    criterion: &mut Criterion,
    name: &str,
    sizes: &[usize],
    make: impl Fn(usize) -> I,
    run: impl Fn(&I) -> O,
) {
    measured_series(criterion, name, sizes, make, |bencher, input| {
        bencher.iter_batched(|| (), |()| run(input), BatchSize::PerIteration);
    });
}

/// The same where `measure` says what of it is counted.
fn measured_series<I>(
    criterion: &mut Criterion,
    name: &str,
    sizes: &[usize],
    make: impl Fn(usize) -> I,
    measure: impl Fn(&mut Bencher<'_>, &I),
) {
    let mut group = criterion.benchmark_group(name);
    // What takes a second is run ten times, and not 55.
    group.sampling_mode(SamplingMode::Flat);
    for &size in sizes {
        // Not made where the series is not asked for.
        let input = OnceCell::new();
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            measure(bencher, input.get_or_init(|| make(size)));
        });
    }
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args()
}

criterion_group! {
    name = core;
    config = settings();
    targets = config::measure, reconcile::measure, hosts::measure, lifecycle::measure
}
criterion_main!(core);
