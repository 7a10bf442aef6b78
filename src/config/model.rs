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
    /// Whether the host's own ssh knows the machines by name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ssh_config: bool,
    /// The config file itself, absolute, as the platform writes paths.
    pub config_path: String,
    /// The first 8 hex digits of the SHA-256 of the file's text.
    pub config_hash: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// One machine of a resolved config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Its name: also its hostname.
    pub name: String,
    /// Virtual processors, 1 to 64.
    pub cpu: u32,
    /// Memory in MB, 512 to 1048576, a multiple of 2; with dynamic memory, what it starts with.
    pub memory: u32,
    /// The disk image it is made from, absolute.
    pub base_image: String,
    /// How its own disk comes from that image.
    pub disk_strategy: DiskStrategy,
    /// Its generation; without, the image says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
    /// Whether its firmware starts signed boot loaders only; without, the image says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure_boot: Option<SecureBoot>,
    /// Between which bounds its memory may change while it runs; without, it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic_memory: Option<DynamicMemory>,
    /// What its first boot is told by a disc that cloud-init reads; without, there is no disc.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_init: Option<CloudInit>,
    /// What Windows Setup is told at its first boot by a disc; without, there is no disc. No machine has both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unattend: Option<Unattend>,
    /// The machines of this config that it needs, as they stand in the file: each once, and none needs itself, not even by
    /// way of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
}

/// Who is told what at a machine's first boot.
#[derive(Debug, Clone, Copy)]
pub enum FirstBoot<'a> {
    /// cloud-init, in a Linux guest.
    CloudInit(&'a CloudInit),
    /// Windows Setup.
    Unattend(&'a Unattend),
}

impl<'a> FirstBoot<'a> {
    /// The file of the user's own that it is told by, absolute.
    pub fn own_file(self) -> Option<&'a str> {
        match self {
            FirstBoot::CloudInit(cloud_init) => cloud_init.user_data.as_deref(),
            FirstBoot::Unattend(unattend) => unattend.answer_file.as_deref(),
        }
    }
}

impl Machine {
    /// Who is told what at its first boot; nobody is where there is no disc for it.
    pub fn first_boot(&self) -> Option<FirstBoot<'_>> {
        let cloud_init = self.cloud_init.as_ref().map(FirstBoot::CloudInit);
        cloud_init.or(self.unattend.as_ref().map(FirstBoot::Unattend))
    }
}

/// What cloud-init is told at a machine's first boot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudInit {
    /// The user's own user-data, absolute; without, there is none beside what names the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
}

/// What Windows Setup is told at a machine's first boot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unattend {
    /// The user's own answer file, absolute; without, there is one that names the machine and no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_file: Option<String>,
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

/// The generation of a virtual machine, in JSON its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Generation {
    /// With a BIOS.
    One,
    /// With UEFI; its disks are .vhdx files.
    Two,
}

impl From<Generation> for u8 {
    fn from(generation: Generation) -> u8 {
        match generation {
            Generation::One => 1,
            Generation::Two => 2,
        }
    }
}

impl TryFrom<u8> for Generation {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Generation::One),
            2 => Ok(Generation::Two),
            _ => Err(format!("there is no generation {number}")),
        }
    }
}

/// Whether the firmware of a machine of generation 2 starts signed boot loaders only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecureBoot {
    /// It does.
    On,
    /// It starts any.
    Off,
}

/// The bounds of dynamic memory, in MB: each 512 to 1048576 and a multiple of 2, with the machine's memory between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicMemory {
    /// The least that it is left with.
    pub min: u32,
    /// The most that it is given.
    pub max: u32,
}
