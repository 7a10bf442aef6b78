//! Savers in processes of their own: this test binary runs itself again with one of its tests, told by the
//! environment what to do.

use std::env;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use ragnatramp::state::{LockOptions, State, Store};
use serde_json::{Map, Value};

const CONFIG: &str = "RAGNATRAMP_TEST_CONFIG";
const MACHINE: &str = "RAGNATRAMP_TEST_MACHINE";
const ROUNDS: &str = "RAGNATRAMP_TEST_ROUNDS";

/// What a saver does: so many rounds, in each of which it raises the count of one machine by one. With no rounds at
/// all it takes the lock, says so as "saved 0", and holds it until it is killed.
pub(crate) struct Saver {
    pub(crate) config: PathBuf,
    pub(crate) machine: String,
    pub(crate) rounds: u64,
}

impl Saver {
    /// What this process was told to do, if it is a saver.
    pub(crate) fn told() -> Option<Saver> {
        let rounds = env::var(ROUNDS).ok()?.parse().unwrap();
        let config = env::var_os(CONFIG).unwrap().into();
        Some(Saver { config, machine: env::var(MACHINE).unwrap(), rounds })
    }

    /// Does it, and acknowledges every save that is done with a line of its own.
    pub(crate) fn run(&self) {
        let store = Store::new(&self.config);
        if self.rounds == 0 {
            let hold = |_: &mut State| {
                println!("\nsaved 0");
                loop {
                    thread::park();
                }
            };
            store.update(LockOptions::default(), hold).unwrap();
        }
        for _ in 0..self.rounds {
            let change = |state: &mut State| {
                let next = count(state, &self.machine) + 1;
                Ok(state.set_network(&self.machine, Map::from_iter([("count".to_owned(), next.into())])))
            };
            let saved = store.update(LockOptions::default(), change).unwrap();
            assert!(saved.written && saved.warnings.is_empty(), "{saved:?}");
            println!("\nsaved {}", count(&saved.state, &self.machine));
        }
    }

    /// The command that does it in another process, by way of `test`, which must call [`Saver::told`].
    pub(crate) fn command(&self, test: &str, mut command: Command) -> Command {
        command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
        command.env(CONFIG, &self.config).env(MACHINE, &self.machine).env(ROUNDS, self.rounds.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    /// Starts it.
    pub(crate) fn start(&self, test: &str) -> Running {
        let mut child = self.command(test, Command::new(env::current_exe().unwrap())).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, lines }
    }
}

/// A saver at work. It ends with this, also where a test fails.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Waits for the next acknowledged save; `None` when there will be none.
    pub(crate) fn next_saved(&mut self) -> Option<u64> {
        self.lines.by_ref().find_map(|line| line.unwrap().strip_prefix("saved ")?.parse().ok())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed, and needs not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The count of a machine in a state; 0 before the first round.
pub(crate) fn count(state: &State, machine: &str) -> u64 {
    let network = state.machine(machine).unwrap().network();
    network.and_then(|network| network.fields().get("count")).and_then(Value::as_u64).unwrap_or(0)
}

/// The count of a machine on the disk.
pub(crate) fn stored_count(config: &Path, machine: &str) -> u64 {
    count(&Store::new(config).read().unwrap().state, machine)
}
