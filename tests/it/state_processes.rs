//! Several processes on one state: none is torn, none is lost, none blocks for ever.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::state_lab::process::{Saver, count, stored_count};
use crate::state_lab::{Lab, learn, object};
use ragnatramp::error::Code;
use ragnatramp::state::{LockOptions, Store, Waiting};
use serde_json::json;

/// What the other tests start again as a process of its own. By itself: one process, three rounds.
#[test]
fn a_saver_counts_its_rounds() {
    if let Some(saver) = Saver::told() {
        return saver.run();
    }
    let lab = Lab::new();
    Saver { config: lab.config(), machine: "web".into(), rounds: 3 }.run();
    assert_eq!(stored_count(&lab.config(), "web"), 3);
}

const SAVER: &str = "state_processes::a_saver_counts_its_rounds";

/// The short form of `cargo bench --bench state -- kill`.
#[test]
fn a_saver_that_is_killed_loses_no_acknowledged_save_and_tears_no_state() {
    const LIVES: u64 = 40;
    let lab = Lab::new();
    let config = lab.config();
    let saver = Saver { config: config.clone(), machine: "web".into(), rounds: u64::MAX };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let store = Store::new(&config);
            let (mut reads, mut last) = (0u64, 0);
            while !done.load(Ordering::Relaxed) {
                let now = count(&store.read().unwrap().state, "web");
                assert!(now >= last, "went back from {last} to {now}");
                (reads, last) = (reads + 1, now);
            }
            reads
        });
        for life in 0..LIVES {
            let mut running = saver.start(SAVER);
            let mut acknowledged = (0..=life % 4).map(|_| running.next_saved().unwrap()).last().unwrap();
            // Not at the moment of an acknowledgement, but anywhere in the save that follows.
            thread::sleep(Duration::from_micros(life * 137 % 3000));
            running.child.kill().unwrap();
            while let Some(saved) = running.next_saved() {
                acknowledged = saved;
            }
            running.child.wait().unwrap();
            let stored = stored_count(&config, "web");
            assert!((acknowledged..=acknowledged + 1).contains(&stored), "{stored} after {acknowledged}");
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
    lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap();
    assert_eq!(lab.names(), ["state.json", "state.json.bak", "state.lock", "state.lock.json"]);
    fs::rename(lab.file("state.json.bak"), lab.file("state.json")).unwrap();
    assert!(lab.store().read().is_ok(), "the backup is whole");
}

#[test]
fn four_processes_that_read_merge_and_write_lose_nothing() {
    const ROUNDS: u64 = 500;
    let lab = Lab::new();
    let machines = ["a", "b", "c", "d"];
    let add = |state: &mut ragnatramp::state::State| {
        let entry = object(json!({"id": "2", "name": "x"}));
        Ok(machines.into_iter().all(|machine| state.add_machine(machine, entry.clone())))
    };
    lab.store().update(LockOptions::default(), add).unwrap();
    let start = |machine: &&str| {
        Saver { config: lab.config(), machine: (*machine).into(), rounds: ROUNDS }.start(SAVER)
    };
    let mut running: Vec<_> = machines.iter().map(start).collect();
    for saver in &mut running {
        while saver.next_saved().is_some() {}
        assert!(saver.child.wait().unwrap().success());
    }
    let counts = machines.map(|machine| stored_count(&lab.config(), machine));
    assert_eq!(counts, [ROUNDS; 4], "{} of {} updates", counts.iter().sum::<u64>(), 4 * ROUNDS);
}

#[test]
fn a_holder_in_another_process_is_named_and_when_it_is_killed_it_blocks_nobody() {
    let lab = Lab::new();
    let mut holder = Saver { config: lab.config(), machine: "web".into(), rounds: 0 }.start(SAVER);
    assert_eq!(holder.next_saved(), Some(0));
    let mut waited = Vec::new();
    let mut save = || {
        let mut on_wait = |waiting: &Waiting| waited.push(waiting.clone());
        let options =
            LockOptions { wait: Duration::ZERO, on_wait: Some(&mut on_wait), ..LockOptions::default() };
        lab.store().update(options, learn("172.20.0.1"))
    };
    let error = save().unwrap_err();
    assert_eq!(error.code, Code::StateLocked);
    assert!(error.message.contains(&format!("process {} on ", holder.child.id())), "{error}");
    assert!(lab.store().read().is_ok(), "reading needs no lock");
    holder.child.kill().unwrap();
    holder.child.wait().unwrap();
    assert!(save().unwrap().written);
    assert_eq!(waited.len(), 1, "the second had nobody to wait for");
    assert_eq!(waited[0].holder.as_ref().unwrap().pid, holder.child.id());
}
