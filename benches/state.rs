//! What a save costs beside the bare sequence of system calls, and what survives a saver that is killed.
//!
//! `cargo bench --bench state` measures; `cargo bench --bench state -- kill [SAVES]` kills (10,000 saves by default).
#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use ragnatramp::state::{Saved, State, Store, UpdateOptions};
use serde_json::{Map, Value};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["saver", config] => save_for_ever(Path::new(config)),
        ["kill"] => kill(10_000),
        ["kill", saves] => kill(saves.parse().unwrap()),
        _ => {
            let costs = [3, 50, 1024].map(cost);
            assert!(costs.iter().all(|ratio| ratio.is_finite()));
        }
    }
}

/// A lab of so many machines, in a folder that goes with the returned guard.
fn lab(machines: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ragnatramp.yaml");
    let now = "2026-11-22T20:48:55.435Z";
    let mut state = State::empty(config.to_str().unwrap(), "lab", "d78b35a5", now);
    for index in 0..machines {
        let name = format!("m{index}");
        let text = [
            ("id", format!("5f1c2a90-7b3e-4c1d-9a52-{index:012}")),
            ("name", format!("lab-{name}-1e34e7cc")),
            ("machineName", name.clone()),
            ("diskPath", format!("D:\\VMs\\lab\\{name}.vhdx")),
            ("createdAt", now.to_owned()),
        ];
        let entry: Map<String, Value> =
            text.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
        state.add_machine(&name, entry);
        state.set_network(&name, Map::from_iter([("ipv4".to_owned(), "172.20.144.10".into())]));
    }
    Store::new(&config).create(state, UpdateOptions::default()).unwrap();
    (folder, config)
}

/// One change of the first machine: lock, read again, merge, save. Returns what was saved, and when the save began.
fn update(store: &Store) -> (Saved, Instant) {
    let mut merged = Instant::now();
    let saved = store.update(UpdateOptions::default(), |state| {
        let next = count(state) + 1;
        let changed = state.set_network("m0", Map::from_iter([("count".to_owned(), next.into())]));
        merged = Instant::now();
        Ok(changed)
    });
    (saved.unwrap(), merged)
}

fn count(state: &State) -> u64 {
    let network = state.machine("m0").unwrap().network().unwrap();
    network.get("count").and_then(Value::as_u64).unwrap_or(0)
}

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

/// Saves and bare sequences in turn; prints the medians, and returns the ratio of a save (from the merged document
/// to the flushed folder) to the bare sequence.
fn cost(machines: usize) -> f64 {
    const ROUNDS: usize = 200;
    let (guard, config) = lab(machines);
    let store = Store::new(&config);
    let bytes = store.read().unwrap().bytes;
    let folder = guard.path().join("bare");
    fs::create_dir(&folder).unwrap();
    let target = folder.join("target");
    fs::write(&target, &bytes).unwrap();
    let (mut updates, mut saves, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let (saved, merged) = update(&store);
        saves.push(merged.elapsed());
        updates.push(began.elapsed());
        assert!(saved.warnings.is_empty());
        let began = Instant::now();
        bare(&folder, &target, &bytes);
        bares.push(began.elapsed());
    }
    let [update, save, bare] = [updates, saves, bares].map(median);
    let ratio = |time: Duration| time.as_secs_f64() / bare.as_secs_f64();
    println!(
        "{machines:5} machines, {:7} bytes: bare {bare:8.1?}, save {save:8.1?} ({:.2} times), \
         lock + read + merge + save {update:8.1?} ({:.2} times)",
        bytes.len(),
        ratio(save),
        ratio(update)
    );
    ratio(save)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn save_for_ever(config: &Path) {
    let store = Store::new(config);
    loop {
        println!("{}", count(&update(&store).0.state));
    }
}

/// Kills a saver again and again at random moments, with a reader beside it, until so many saves are stored.
fn kill(saves: u64) {
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
