//! The disc that names a machine at its first boot: a NoCloud seed with the machine's name, its network, what this tool needs
//! in it, and the user's own user-data.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::SEED_LABEL;
use super::image::image;
use super::tree::{File, is_plain, refused};
use crate::error::Result;

/// Every adapter takes its address by DHCP and is known to the server by its MAC: clones of one image have one machine-id, by
/// which they would all get one address. The driver matches under netplan; elsewhere the name does, which is that of the first
/// adapter of a Hyper-V machine. The MAC is not known before the first start.
const NETWORK_CONFIG: &str = "version: 2
ethernets:
  eth0:
    match:
      driver: hv_netvsc
    dhcp4: true
    dhcp-identifier: mac
";

/// What cloud-init is given where the user gives nothing: without a user-data file a disc is no seed.
const NO_USER_DATA: &[u8] = b"#cloud-config\n{}\n";

const VENDOR_DATA: &str = include_str!("vendor-data.sh");

/// What a machine's first boot is told.
#[derive(Debug, Clone, Copy)]
pub struct Seed<'a> {
    /// The id of the instance. The first boot is the one with an id that the disk has not seen, so it never changes.
    pub instance_id: &'a str,
    /// The name of the machine.
    pub host_name: &'a str,
    /// The user's own user-data, which is handed on byte for byte.
    pub user_data: Option<&'a [u8]>,
    /// The guest's files, which are installed.
    pub files: &'a [File<'a>],
}

/// The image of the disc. The same seed gives the same bytes.
///
/// # Errors
/// As [`image()`](super::image()), and where the id or the name is not of letters, digits and hyphens.
pub fn seed(seed: &Seed<'_>) -> Result<Vec<u8>> {
    for text in [seed.instance_id, seed.host_name] {
        if !is_plain(text) {
            return Err(refused(&format!("'{text}' is not of letters, digits and hyphens")));
        }
    }
    let meta_data =
        format!("instance-id: \"{}\"\nlocal-hostname: \"{}\"\n", seed.instance_id, seed.host_name);
    let vendor_data = vendor_data(seed.files);
    let files = [
        File { name: "meta-data", bytes: meta_data.as_bytes() },
        File { name: "network-config", bytes: NETWORK_CONFIG.as_bytes() },
        File { name: "user-data", bytes: seed.user_data.unwrap_or(NO_USER_DATA) },
        File { name: "vendor-data", bytes: vendor_data.as_bytes() },
    ];
    image(SEED_LABEL, &files)
}

/// The script that installs the files; their order does not count.
fn vendor_data(files: &[File<'_>]) -> String {
    let mut files = files.to_vec();
    files.sort_unstable_by_key(|file| file.name);
    let mut puts = String::new();
    for File { name, bytes } in files {
        puts.push_str(&format!("put {name} <<'END'\n{}END\n", lines(&BASE64_STANDARD.encode(bytes))));
    }
    VENDOR_DATA.replacen("#@files\n", &puts, 1)
}

/// Base64 in lines of 76 characters, each with its break.
fn lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 76 + 1);
    for (place, character) in text.chars().enumerate() {
        if place > 0 && place % 76 == 0 {
            lines.push('\n');
        }
        lines.push(character);
    }
    if !text.is_empty() {
        lines.push('\n');
    }
    lines
}
