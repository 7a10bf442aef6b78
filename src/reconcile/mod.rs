//! A reconcile: the plan, what the guests make of it, and the report, which is the same object for a dry run and for a real
//! one.

mod stored_network;
mod report;
mod address_warnings;
mod diff;
mod messages;
mod eligibility;
mod plan;
mod conclude;
mod table;

pub use conclude::{conclude, tell_exchange_failure};
pub use plan::{Options, ReconcilePlan, decide, plan_reconcile};
pub use report::{DiffEntry, DiscoveryEntry, HostSync, Report, Summary, Warning, WarningCode};
pub use stored_network::{StoredIpv4, StoredNetwork};
pub use table::{TableRow, table};
