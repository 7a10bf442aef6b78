//! The tests of the crate: one program, a module for each theme.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::pedantic, clippy::print_stdout, reason = "its reader is who reads the test")]

mod border;
mod border_faults;
mod config_bounds;
mod config_cases;
mod config_differences;
mod config_example;
mod config_faults;
mod config_files;
mod config_keys;
mod config_lookalikes;
mod config_more;
mod config_rules;
mod config_reach;
mod config_support;
mod discovery_candidates;
mod discovery_adapters;
mod discovery_diagnosis;
mod discovery_poll;

mod ffi;
mod guest_acknowledgement;
mod guest_exchange;
mod guest_media;
mod guest_refusals;
mod guest_seed;
mod guest_transport;
mod header;
mod help;
mod hosts_block;
mod hosts_merge;
mod image_boot;
mod image_chain;
mod image_damage;
mod image_damage_vhd;
mod image_fit;
mod image_lab;
mod image_read;
mod lab;
mod lifecycle_border;
mod lifecycle_checkpoints;
mod lifecycle_cuts;
mod lifecycle_files;
mod lifecycle_intents;
mod lifecycle_model;
mod lifecycle_remove;
mod lifecycle_scale;
mod lifecycle_seed;
mod lifecycle_start;
mod lifecycle_stop;
mod names;
mod preflight;
mod readme;
mod reconcile_decisions;
mod reconcile_remedies;
mod reconcile_vectors;
mod report;
mod rooms;
mod state_damage;
mod state_faults;
mod state_format;
mod state_hostile;
mod state_identity;
mod state_lab;
mod state_processes;
mod state_repair;
mod state_store;
#[cfg(target_os = "linux")]
mod state_strace;
#[cfg(windows)]
mod state_windows;
mod status;
mod terminal;
mod terminal_sweep;
