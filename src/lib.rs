//! The native core of the Ragnatramp PowerShell module.
//!
//! PowerShell talks to Hyper-V and to the person; this crate decides, and owns every file format. The modules
//! stand in the order in which the data of one reconcile flows through them:
//!
//! ```text
//! ragnatramp.yaml ─► config ─► discovery ─► diff ─► state (state.json)
//!                                             └───► hosts (render, merge) ─► report
//! ```
//!
//! [`error`] is what each of them answers with when it cannot go on, and [`ffi`] is the only way in from
//! PowerShell. Nothing here knows a Hyper-V or a PowerShell type.

pub mod config;
pub mod diff;
pub mod discovery;
pub mod error;
pub mod ffi;
pub mod guest;
pub mod hosts;
pub mod lab;
pub mod report;
pub mod state;
pub mod status;
