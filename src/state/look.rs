//! A first look at the state's place: a whole state, a damaged one, or nothing.

use std::io;

use crate::error::Result;

use super::model::State;
use super::patience::{GaveUp, patiently};
use super::reading::{self, Damage, Recovered};
use super::store::{Snapshot, Store};
use super::trouble::gave_up;

/// What stands at the state's place.
pub(crate) enum Look {
    /// A whole state.
    Good(Snapshot),
    /// Something that is none: its bytes (`None` for a folder), and the state that is in them all the same.
    Damaged { bytes: Option<Vec<u8>>, damage: Damage, recovered: Option<Recovered> },
    /// Nothing.
    Missing,
}

impl Look {
    fn at(bytes: Vec<u8>) -> Look {
        match State::parse(&bytes) {
            Ok(state) => Look::Good(Snapshot { state, bytes }),
            Err(damage) => {
                let recovered = reading::recover(&bytes);
                Look::Damaged { bytes: Some(bytes), damage, recovered }
            }
        }
    }

    fn folder() -> Look {
        Look::Damaged { bytes: None, damage: Damage::of_whole("it is a folder, not a file"), recovered: None }
    }
}

impl Store {
    /// Looks at the file, whoever it belongs to.
    pub(crate) fn look(&self) -> Result<Look> {
        let path = &self.paths.state;
        match patiently(self.disk.as_ref(), self.patience, || self.disk.read(path)) {
            Ok(bytes) => Ok(Look::at(bytes)),
            Err(GaveUp { error, .. }) if error.kind() == io::ErrorKind::NotFound => Ok(Look::Missing),
            Err(GaveUp { error, .. }) if error.kind() == io::ErrorKind::IsADirectory => Ok(Look::folder()),
            Err(how) => Err(gave_up("read", path, &how)),
        }
    }
}
