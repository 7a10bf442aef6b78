//! A disk that fails, or dies, at a chosen step; or says for a while that somebody holds the file.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::rc::Rc;

use ragnatramp::state::disk::{Disk, RealDisk};

/// What happens at the chosen step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// That step fails, having done half of its work if it is a write.
    Error(io::ErrorKind),
    /// The process dies there: half of a write is done, and nothing happens any more.
    Death,
    /// That step and as many more as are told fail, because another program holds the file.
    Held(usize),
    /// The system refuses the lock with this error of its own.
    Lock(i32),
}

/// The disk of this machine with one fault. Clones share their count of steps.
#[derive(Clone)]
pub(crate) struct FaultyDisk {
    at: usize,
    fault: Fault,
    dead: Rc<Cell<bool>>,
    steps: Rc<RefCell<Vec<&'static str>>>,
}

impl FaultyDisk {
    /// The fault comes at step `at`, counted from 0.
    pub(crate) fn new(at: usize, fault: Fault) -> Self {
        FaultyDisk { at, fault, dead: Rc::default(), steps: Rc::default() }
    }

    /// The steps so far.
    pub(crate) fn steps(&self) -> Vec<&'static str> {
        self.steps.borrow().clone()
    }

    fn step<T>(&self, name: &'static str, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.check(name)?;
        work()
    }

    fn check(&self, name: &'static str) -> io::Result<()> {
        if self.dead.get() {
            return Err(io::Error::other("dead"));
        }
        let now = self.steps.borrow().len();
        self.steps.borrow_mut().push(name);
        match self.fault {
            Fault::Error(kind) if now == self.at => Err(kind.into()),
            Fault::Death if now == self.at => {
                self.dead.set(true);
                Err(io::Error::other("dead"))
            }
            Fault::Held(times) if (self.at..self.at + times).contains(&now) => {
                Err(io::ErrorKind::ResourceBusy.into())
            }
            _ => Ok(()),
        }
    }
}

impl Disk for FaultyDisk {
    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        self.step("read", || RealDisk.read(file))
    }

    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        // It is no step of a save: only a fault of its own makes it fail.
        match self.fault {
            Fault::Lock(code) => Err(TryLockError::Error(io::Error::from_raw_os_error(code))),
            _ => RealDisk.try_lock(file),
        }
    }

    fn create(&self, file: &Path) -> io::Result<File> {
        self.step("create", || RealDisk.create(file))
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let fate = self.check("write");
        let written = if fate.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        RealDisk.write(file, written)?;
        fate
    }

    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()> {
        self.step("protect", || RealDisk.protect_like(file, path, model))
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        self.step("flush", || RealDisk.flush(file))
    }

    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        self.step("link", || RealDisk.link(file, name))
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("replace", || RealDisk.replace(from, to))
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("flush folder", || RealDisk.flush_folder(folder))
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.step("remove", || RealDisk.remove(file))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.step("names", || RealDisk.names(folder))
    }

    fn is_held(&self, error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::ResourceBusy
    }
}
