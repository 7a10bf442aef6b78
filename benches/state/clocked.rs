//! The real disk, with a clock at the first and at the last step of a save.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ragnatramp::state::disk::{Disk, RealDisk};

/// When a save took its first step on the disk, and when its last one was done.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    began: Rc<Cell<Option<Instant>>>,
    ended: Rc<Cell<Option<Instant>>>,
}

impl Clock {
    /// What the last save took.
    pub(crate) fn elapsed(&self) -> Duration {
        self.ended.get().unwrap() - self.began.get().unwrap()
    }
}

/// The real disk with that clock.
pub(crate) struct Clocked {
    pub(crate) clock: Clock,
}

impl Disk for Clocked {
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        RealDisk.try_lock(file)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.clock.began.set(Some(Instant::now()));
        RealDisk.names(folder)
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        let done = RealDisk.flush_folder(folder);
        self.clock.ended.set(Some(Instant::now()));
        done
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(file)
    }

    fn create(&self, file: &Path) -> io::Result<File> {
        RealDisk.create(file)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        RealDisk.write(file, bytes)
    }

    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()> {
        RealDisk.protect_like(file, path, model)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        RealDisk.flush(file)
    }

    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        RealDisk.link(file, name)
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.replace(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        RealDisk.remove(file)
    }

    fn is_held(&self, error: &io::Error) -> bool {
        RealDisk.is_held(error)
    }
}
