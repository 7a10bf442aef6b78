//! The two documents of cloud-init's NoCloud seed: user-data and meta-data.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::tree::File;
use crate::hash::hash_prefix;

/// Where the files are written in the guest: only root writes there, and uninstall.sh takes them away.
const FOLDER: &str = "/usr/lib/ragnatramp/guest";

/// The documents of a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudInit {
    /// A cloud-config document that writes the guest's files and installs them at the first boot.
    pub user_data: String,
    /// The id of the instance. It follows from the user-data, so that newer files are installed at the next boot, and the
    /// same ones are not.
    pub meta_data: String,
}

/// The documents for the guest's files; their names are those of [`image`](super::image()). The order of the files does
/// not count.
pub fn cloud_init(files: &[File<'_>]) -> CloudInit {
    let mut files = files.to_vec();
    files.sort_unstable_by_key(|file| file.name);
    let mut user_data = "#cloud-config\n\
        # Installs what takes the names of a Ragnatramp lab from Hyper-V. Needs the distribution's Hyper-V daemons.\n\
        write_files:\n"
        .to_owned();
    for File { name, bytes } in files {
        let content = BASE64_STANDARD.encode(bytes);
        user_data.push_str(&format!(
            "  - path: {FOLDER}/{name}\n    permissions: '0755'\n    encoding: b64\n    content: {content}\n"
        ));
    }
    user_data.push_str(&format!("runcmd:\n  - [sh, {FOLDER}/install.sh]\n"));
    let digest = hash_prefix(user_data.as_bytes(), 16);
    CloudInit { user_data, meta_data: format!("instance-id: ragnatramp-guest-{digest}\n") }
}
