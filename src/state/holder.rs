//! Who holds a lock, in a file of its own beside the file that is locked, since a locked file cannot be read on Windows.

use std::fmt::{self, Display};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::disk::{host, open_no_link};
use super::timestamp::Timestamp;

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The computer that process runs on.
    pub host: String,
    /// When it took the lock.
    pub since: Timestamp,
}

impl Holder {
    /// Its process, as in `process 4711 on LAB1`.
    pub fn process(&self) -> String {
        format!("process {} on {}", self.pid, self.host)
    }
}

impl Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} since {}", self.process(), self.since)
    }
}

/// Room for the longest host name, and for numbers of any length.
const HOLDER_LENGTH: usize = 512;
/// How the text of every holder begins.
const HOLDER_START: &[u8] = b"{\"pid\":";

/// Writes who holds the lock. It is for messages only, so a failure changes nothing.
///
/// Always of the same length and never truncated: ext4 writes a truncated file out at once, and the flush of the save
/// that follows would wait for that (measured: a third of its time).
///
/// Never through a link, and never over anything else than what an earlier holder wrote: whoever may make files in the folder
/// could have put another file of the user's there under a second name.
pub(super) fn write_holder(path: &Path) {
    static HOST: OnceLock<String> = OnceLock::new();
    let holder = Holder { pid: process::id(), host: HOST.get_or_init(host).clone(), since: Timestamp::now() };
    if let Ok(text) = serde_json::to_string(&holder) {
        let _ = open_no_link(path).and_then(|mut file| {
            let mut before = Vec::new();
            Read::take(&mut file, HOLDER_LENGTH as u64 + 1).read_to_end(&mut before)?;
            let is_ours = before.len() <= HOLDER_LENGTH && before.starts_with(HOLDER_START);
            if !before.is_empty() && !is_ours {
                return Ok(());
            }
            file.rewind()?;
            file.write_all(format!("{text:<HOLDER_LENGTH$}").as_bytes())
        });
    }
}

pub(super) fn read_holder(path: &Path) -> Option<Holder> {
    // A pipe that somebody planted here would be waited for.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = Vec::new();
    File::open(path).ok()?.take(HOLDER_LENGTH as u64).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

pub(super) fn holder_text(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another run".to_owned(), Holder::to_string)
}
