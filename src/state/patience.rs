//! Waiting a little, then a little longer, never in step with others, and not for ever.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::disk::Disk;

/// A wait in growing steps up to a bound.
pub(crate) struct Patience {
    began: Instant,
    bound: Duration,
    step: Duration,
    longest: Duration,
}

impl Patience {
    /// Steps that begin at 2 ms and grow to `longest`, `bound` in all.
    pub(crate) fn new(bound: Duration, longest: Duration) -> Self {
        Patience { began: Instant::now(), bound, step: Duration::from_millis(2), longest }
    }

    /// Sleeps for a step and returns true; returns false at once where the bound is reached.
    pub(crate) fn wait(&mut self) -> bool {
        let left = self.bound.saturating_sub(self.waited());
        if left.is_zero() {
            return false;
        }
        // Between half the step and all of it, so that two that began together do not stay together.
        let jittered = self.step.mul_f64(0.5 + (random() % 512) as f64 / 1024.0);
        thread::sleep(jittered.min(left));
        self.step = (self.step * 2).min(self.longest);
        true
    }

    /// How long it has been since the beginning.
    pub(crate) fn waited(&self) -> Duration {
        self.began.elapsed()
    }
}

/// The error that ended an attempt, and how long it was repeated where another program held the file.
pub(crate) struct GaveUp {
    pub(crate) error: io::Error,
    pub(crate) held_for: Option<Duration>,
}

/// Repeats `attempt` while another program holds the file, up to `bound`.
pub(crate) fn patiently<T>(
    disk: &dyn Disk,
    bound: Duration,
    mut attempt: impl FnMut() -> io::Result<T>,
) -> Result<T, GaveUp> {
    let mut patience = Patience::new(bound, Duration::from_millis(250));
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(error) if !disk.is_held(&error) => return Err(GaveUp { error, held_for: None }),
            Err(error) if !patience.wait() => {
                return Err(GaveUp { error, held_for: Some(patience.waited()) });
            }
            Err(_) => {}
        }
    }
}

/// A number that nobody else will have chosen: for names and jitter, not for secrets.
pub(crate) fn random() -> u64 {
    // Every RandomState is seeded anew by the standard library.
    RandomState::new().build_hasher().finish()
}
