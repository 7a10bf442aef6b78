//! What a document says, as far as it follows the rules.

use crate::config::yaml::Span;
use crate::config::{DiskStrategy, Generation, SecureBoot};

/// What a document says. A document without faults says all that is needed.
#[derive(Default)]
pub(in crate::config) struct Said<'t> {
    pub(in crate::config) project: Option<&'t str>,
    pub(in crate::config) defaults: Hardware<'t>,
    pub(in crate::config) disk_strategy: Option<DiskStrategy>,
    pub(in crate::config) machines: Vec<MachineSaid<'t>>,
    pub(in crate::config) artifact_path: Setting<&'t str>,
    pub(in crate::config) auto_start: Option<bool>,
    pub(in crate::config) ssh_config: Option<bool>,
}

/// What a document says of one machine.
#[derive(Default)]
pub(in crate::config) struct MachineSaid<'t> {
    pub(in crate::config) name: Option<Written<'t>>,
    pub(in crate::config) hardware: Hardware<'t>,
    pub(in crate::config) depends_on: Option<Dependencies<'t>>,
}

impl<'t> MachineSaid<'t> {
    /// Its name, if it has one that is no fault.
    pub(in crate::config) fn name(&self) -> Option<&'t str> {
        self.name.as_ref().map(|name| name.value)
    }
}

/// What can be said of one machine, and in the defaults for all.
#[derive(Default)]
pub(in crate::config) struct Hardware<'t> {
    pub(in crate::config) cpu: Setting<u32>,
    pub(in crate::config) memory: Setting<u32>,
    pub(in crate::config) base_image: Setting<&'t str>,
    pub(in crate::config) generation: Setting<Generation>,
    pub(in crate::config) secure_boot: Setting<SecureBoot>,
    pub(in crate::config) dynamic_memory: Setting<Bounds>,
    pub(in crate::config) cloud_init: Setting<FirstBootSaid<'t>>,
    pub(in crate::config) unattend: Setting<FirstBootSaid<'t>>,
}

/// What stands under a key that need not be there.
#[derive(Default)]
pub(in crate::config) enum Setting<T> {
    /// The key is not there.
    #[default]
    Unsaid,
    /// What stands there is a fault, and was told.
    Faulty,
    /// What stands there.
    Is(Placed<T>),
}

impl<T> Setting<T> {
    /// This one; `defaults` where its key is not there.
    pub(in crate::config) fn or<'a>(&'a self, defaults: &'a Self) -> &'a Self {
        match self {
            Setting::Unsaid => defaults,
            _ => self,
        }
    }

    /// What stands there, if it is no fault.
    pub(in crate::config) fn placed(&self) -> Option<&Placed<T>> {
        match self {
            Setting::Is(placed) => Some(placed),
            Setting::Unsaid | Setting::Faulty => None,
        }
    }
}

impl<T: Copy> Setting<T> {
    /// The value that stands there, if it is no fault.
    pub(in crate::config) fn value(&self) -> Option<T> {
        self.placed().map(|placed| placed.value)
    }
}

/// A value and where it stands.
pub(in crate::config) struct Placed<T> {
    pub(in crate::config) path: String,
    pub(in crate::config) span: Span,
    pub(in crate::config) value: T,
}

/// The bounds of dynamic memory, the first not above the second.
pub(in crate::config) struct Bounds {
    pub(in crate::config) min: Placed<u32>,
    pub(in crate::config) max: Placed<u32>,
}

/// Whether there is a disc for the first boot, and what the user puts on it.
pub(in crate::config) enum FirstBootSaid<'t> {
    /// There is none.
    Off,
    /// There is one, with the user's own file where that is said.
    On { own_file: Setting<&'t str> },
}

/// The names of the machines that a machine needs.
pub(in crate::config) struct Dependencies<'t> {
    pub(in crate::config) path: String,
    pub(in crate::config) span: Span,
    pub(in crate::config) names: Vec<Placed<&'t str>>,
}

/// A text and where it stands.
pub(in crate::config) type Written<'t> = Placed<&'t str>;
