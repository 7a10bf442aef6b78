//! The way into a guest: which door reaches it, and if none does, what is missing; and what goes through the door
//! of Data Exchange; and the disc image that brings the guest's files into one.
//!
//! The doors themselves are PowerShell's (it talks to Hyper-V); what is decided, what is sent and every text is here.

mod delivery;
mod door;
mod exchange;
mod iso;
mod parcel;
mod preview;
mod reply;

pub use delivery::{Deliveries, Delivery, Setting, Wait, delivered, deliveries};
pub use door::{Choice, Door, Transport, choose};
pub use exchange::{Component, items};
pub use iso::{IsoFile, image, image_of};
pub use parcel::{Parcel, Step, parcel};
pub use preview::{Planned, Preview, previews};
pub use reply::{Reply, ReplyStatus, reply};
