//! The way into a guest: which transport reaches it, and if none does, what is missing; what is sent through Data
//! Exchange, and how it is acknowledged; and the disc image that brings the guest's files into one.
//!
//! PowerShell carries out the calls; what is decided, what is sent and every text is here.

mod result;
mod host_name;
mod exchange;
mod binding;
mod acknowledgement;
mod transport;
mod kvp_update;
mod preview;
pub mod media;

pub use acknowledgement::{Acknowledgement, AcknowledgementStatus, AwaitedUpdate, Wait, acknowledged};
pub use binding::Binding;
pub use exchange::{Component, HostSettings, Setting, item, items};
pub use host_name::other_name;
pub use kvp_update::{KvpCall, KvpMethod, KvpUpdate, KvpUpdates, block_in, kvp_update, kvp_updates};
pub use preview::{Preview, previews};
pub use result::{GuestResult, SkipReason, SyncStatus, SyncTarget, Transport};
pub use transport::{ExchangeFailure, GuestTransport, Known, TransportChoice, choose};
