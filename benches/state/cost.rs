//! Saves and bare sequences, side by side.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use ragnatramp::state::Store;

use super::clocked::{Clock, Clocked};
use super::{lab, update};

/// What any atomic save must do at the least.
fn bare(folder: &Path, target: &Path, bytes: &[u8]) {
    let temp = folder.join("temp");
    let mut file = File::create_new(&temp).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    drop(file);
    fs::rename(&temp, target).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

/// Prints the medians of saves and bare sequences, in turn, each from the bytes in memory to the flushed folder, and
/// the median of their ratios; then what all of an update takes.
///
/// Both come after the same work without the disk, because a flush that follows another at once finds everything
/// awake: 50 to 100 us less, measured.
pub(crate) fn measure(machines: usize) {
    const ROUNDS: usize = 300;
    let (guard, config) = lab(machines);
    let clock = Clock::default();
    let store = Store::on(Clocked { clock: clock.clone() }, &config);
    let folder = guard.path().join("bare");
    fs::create_dir(&folder).unwrap();
    let target = folder.join("target");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let saved = update(&store);
        let whole = began.elapsed();
        assert!(saved.written && saved.warnings.is_empty());
        let bytes = store.read().unwrap().state.to_bytes();
        let began = Instant::now();
        bare(&folder, &target, &bytes);
        rounds.push(Round { bare: began.elapsed(), save: clock.elapsed(), whole });
    }
    let of = |part: fn(&Round) -> Duration| median(rounds.iter().map(|round| part(round).as_secs_f64()));
    let times = |part: fn(&Round) -> Duration| {
        median(rounds.iter().map(|round| part(round).as_secs_f64() / round.bare.as_secs_f64()))
    };
    println!(
        "{machines:5} machines: bare {:5.2} ms, save {:5.2} ms ({:.2} times); lock, read, merge, print and save \
         {:5.2} ms ({:.2} times)",
        of(|round| round.bare) * 1e3,
        of(|round| round.save) * 1e3,
        times(|round| round.save),
        of(|round| round.whole) * 1e3,
        times(|round| round.whole),
    );
}

struct Round {
    bare: Duration,
    save: Duration,
    whole: Duration,
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
