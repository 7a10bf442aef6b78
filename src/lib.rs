//! The native core of the Ragnatramp PowerShell module.
//!
//! PowerShell talks to Hyper-V and to the user; this crate decides, and owns every file format. Nothing here knows a type
//! of Hyper-V or of PowerShell. The modules are in the order in which the data of a reconcile passes through them, and
//! none uses a later one; `tests/it/rooms.rs` fails otherwise.
//!
//! - [`terminal`]: texts from elsewhere, without characters that a terminal acts on
//! - [`error`]: why an operation was not done, and the exit code that follows
//! - [`hash`]: the SHA-256 of bytes
//! - [`file`]: a file that is to be read, opened once
//! - [`config`]: ragnatramp.yaml, checked and resolved
//! - [`ownership`]: what makes a VM ours
//! - [`state`]: state.json, what earlier runs recorded
//! - [`image`]: what a VHDX or a VHD is, and which VM boots it
//! - [`discovery`]: which VM each machine has, whether it runs, and its address
//! - [`hosts`]: the block of names, and how it gets into a hosts file
//! - [`guest`]: which transport reaches a guest, what is sent through it, and what comes back
//! - [`reconcile`]: the plan, the report, and every text of it
//! - [`ssh_config`]: the names in the ssh config of the host
//! - [`status`]: what there is, and where config, state and Hyper-V disagree
//! - [`watch`]: whether there is something to reconcile, and the task that looks at each log-on
//! - [`lifecycle`]: what is to be done so that machines are made, started, stopped, restored or removed
//! - [`lab`]: the steps of one run, in their order
//! - [`ffi`]: the C interface

pub mod terminal;
pub mod error;
pub mod hash;
pub mod file;
pub mod config;
pub mod ownership;
pub mod state;
pub mod image;
pub mod discovery;
pub mod hosts;
pub mod guest;
pub mod reconcile;
pub mod ssh_config;
pub mod status;
pub mod watch;
pub mod lifecycle;
pub mod lab;
pub mod ffi;
