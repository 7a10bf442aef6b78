//! What a valid config says, with every default filled in and every path absolute.

use serde::{Deserialize, Serialize};

/// A resolved config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// `project.name`.
    pub project: String,
    /// The machines, in the order in which they stand in the file.
    pub machines: Vec<Machine>,
    /// The folder for virtual disks, absolute.
    pub artifact_path: String,
    /// Whether machines are started when they have been created.
    pub auto_start: bool,
    /// The config file itself, absolute, as the platform writes paths.
    pub config_path: String,
    /// The first 8 hex digits of the SHA-256 of the file's text.
    pub config_hash: String,
}

/// One machine of a resolved config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Its name: also its hostname.
    pub name: String,
    /// Virtual processors, 1 to 64.
    pub cpu: u32,
    /// Memory in MB, 512 to 1048576.
    pub memory: u32,
    /// The disk image it is made from, absolute.
    pub base_image: String,
    /// How its own disk comes from that image.
    pub disk_strategy: DiskStrategy,
}

/// How a machine's disk is made from the base image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DiskStrategy {
    /// A differencing disk on top of the image.
    Differencing,
    /// A full copy.
    Copy,
}
