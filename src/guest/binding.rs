//! Whom a KVP update is for. An image that is made from a guest keeps what its Data Exchange held: the clone's script must not
//! apply the block of another lab, and the host must not believe what the script of another VM acknowledged.

use std::fmt::{self, Display};

use crate::discovery::VmId;

/// The version of the contract with the script: the first word of every value.
pub(super) const VERSION: &str = "v2";
/// What a script writes in place of what it does not know.
const UNKNOWN: &str = "-";

/// The VM and the lab that an update is for, or that an acknowledgement comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The VM.
    pub vm_id: VmId,
    /// The lab: project and config.
    pub lab: String,
}

impl Binding {
    /// That VM in that lab.
    pub fn new(vm_id: &VmId, lab: &str) -> Self {
        Binding { vm_id: vm_id.clone(), lab: lab.to_owned() }
    }

    /// Whether a script says that it cannot tell in which VM it runs, asked for this lab.
    pub(super) fn is_of_unknown_vm(&self, lab: &str) -> bool {
        &*self.vm_id == UNKNOWN && self.lab == lab
    }
}

/// As both values hold it: two words.
impl Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.vm_id.to_ascii_lowercase(), self.lab)
    }
}
