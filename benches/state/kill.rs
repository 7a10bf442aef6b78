//! A saver that is killed again and again at random moments, with a reader beside it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, thread};

use ragnatramp::state::Store;

use super::{count, lab, update};

pub(crate) fn save_for_ever(config: &Path) {
    let store = Store::new(config);
    loop {
        println!("{}", count(&update(&store).state));
    }
}

/// Kills a saver again and again at random moments, with a reader beside it, until so many saves are stored.
pub(crate) fn kill(saves: u64) {
    let (_guard, config) = lab(3);
    let done = AtomicBool::new(false);
    let (mut lives, mut lost, mut stored) = (0u64, 0u64, 0u64);
    let (reads, torn) = thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(&config, &done));
        let mut chance = u64::from(process::id());
        while stored < saves {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let acknowledged = one_life(&config, Duration::from_micros((chance >> 33) % 60_000));
            stored = count(&Store::new(&config).read().unwrap().state);
            lost += acknowledged.saturating_sub(stored);
            lives += 1;
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    println!(
        "{stored} saves, {lives} kills, {reads} reads beside them: {torn} torn reads, {lost} lost acknowledged saves"
    );
    assert!(torn == 0 && lost == 0 && reads > 0);
}

/// Starts a saver, kills it so long after its first save, and returns the last save that it acknowledged.
fn one_life(config: &Path, after: Duration) -> u64 {
    let mut saver = Command::new(env::current_exe().unwrap());
    let mut saver = saver.arg("saver").arg(config).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(saver.stdout.take().unwrap()).lines();
    let mut acknowledged = lines.next().unwrap().unwrap();
    thread::sleep(after);
    saver.kill().unwrap();
    for line in lines {
        acknowledged = line.unwrap();
    }
    saver.wait().unwrap();
    acknowledged.parse().unwrap()
}

/// Reads until it is done; returns how often, and how often there was no whole state or an older one than before.
fn read_until(config: &Path, done: &AtomicBool) -> (u64, u64) {
    let store = Store::new(config);
    let (mut reads, mut torn, mut last) = (0, 0, 0);
    while !done.load(Ordering::Relaxed) {
        match store.read() {
            Ok(snapshot) if count(&snapshot.state) >= last => last = count(&snapshot.state),
            _ => torn += 1,
        }
        reads += 1;
        thread::sleep(Duration::from_micros(200));
    }
    (reads, torn)
}
