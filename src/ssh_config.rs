//! The machines' names in the ssh config of the host (`~/.ssh/config`), so that its own `ssh web` finds them.
//!
//! Each lab has a block of its own between its own markers, since all labs of a user share the file. It stands at the end:
//! of several entries for a host ssh takes the first that says something, so what the user wrote counts, and ours fills in
//! what is left open. The merge is that of [`hosts`](crate::hosts); every byte outside the block stays.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::names::is_machine_name;
use crate::discovery::{MachineName, VmId};
use crate::error::{Code, Error, Result};
use crate::hosts::{Markers, Refusal, merge_between};
use crate::state::disk::{Disk, create_private_folder, random, retry_while_held};

/// A machine as ssh is to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshHost {
    /// Its name.
    pub machine_name: MachineName,
    /// The Id of its VM.
    pub vm_id: VmId,
    /// Its address.
    pub ipv4: Ipv4Addr,
}

/// The lab whose block it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SshLab<'a> {
    /// The name of the project: `web.<project>` means its machine where several labs have a `web`.
    pub project: &'a str,
    /// Project and config in one word, as in the names of the VMs.
    pub lab: &'a str,
}

/// The block of these machines, sorted by name; `None` without any, since then there is nothing to say.
///
/// A host key belongs to the machine and not to its address (`HostKeyAlias`), so a new address is no reason for ssh to warn,
/// and neither is a machine that was made anew (the alias holds the beginning of its VM's Id). `Host *` ends the block, so that
/// lines which are written below it later do not become part of its last entry.
pub fn render(lab: SshLab<'_>, hosts: &[SshHost]) -> Option<String> {
    let mut hosts: Vec<&SshHost> =
        hosts.iter().filter(|host| is_machine_name(host.machine_name.as_str())).collect();
    hosts.sort_by_key(|host| (host.machine_name.as_str(), host.ipv4));
    if hosts.is_empty() {
        return None;
    }
    let entry = |host: &&SshHost| {
        let name = host.machine_name.as_str();
        let vm: String = host.vm_id.as_str().chars().filter(char::is_ascii_hexdigit).take(8).collect();
        [
            format!("Host {name} {name}.{}", lab.project),
            format!("    HostName {}", host.ipv4),
            format!("    HostKeyAlias {name}.{}.{}", lab.lab, vm.to_ascii_lowercase()),
            "    CheckHostIP no".to_owned(),
        ]
    };
    let entries = hosts.iter().flat_map(entry);
    Some(Markers::of_lab(lab.lab).enclose(entries.chain(["Host *".to_owned()])))
}

/// Merges a lab's block into the bytes of an ssh config; without a block, takes the one that is there out.
///
/// # Errors
/// Where the lab's markers in the file are no single pair, or it is in UTF-16.
pub fn merge(lab: SshLab<'_>, file: &[u8], block: Option<&str>) -> std::result::Result<Vec<u8>, Refusal> {
    merge_between(&Markers::of_lab(lab.lab), file, block).map(|merged| merged.bytes)
}

/// The ssh config in a home folder.
pub fn path_in(home: &str) -> PathBuf {
    Path::new(home).join(".ssh").join("config")
}

/// How often a file is read again that another program changes while its next content is made.
const ATTEMPTS: usize = 5;

/// Brings the block in an ssh config up to date; without a block, takes it out. Returns whether the file differs, or differed,
/// from what it should be; with `dry_run` nothing is written. A reader finds the whole old or the whole new file, whose owner,
/// mode and access list stay. A link is followed. A file that is missing is made, readable by its owner alone.
///
/// # Errors
/// `SSH_CONFIG_FAILED`; the file is as it was.
pub fn update(
    disk: &dyn Disk,
    path: &Path,
    lab: SshLab<'_>,
    block: Option<&str>,
    dry_run: bool,
) -> Result<bool> {
    let io =
        |operation: &str, source: &io::Error| failed(path, &format!("it cannot be {operation}: {source}"));
    for _ in 0..ATTEMPTS {
        let old = read(disk, path).map_err(|source| io("read", &source))?;
        let before = old.as_deref().unwrap_or_default();
        let after = merge(lab, before, block).map_err(|refusal| refused(path, &refusal))?;
        if after == before {
            return Ok(false);
        }
        if dry_run || replace(disk, path, old.as_deref(), &after).map_err(|source| io("written", &source))? {
            return Ok(true);
        }
    }
    Err(failed(path, "another program changes it all the time"))
}

fn read(disk: &dyn Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file that is removed when this is dropped, unless it has another name by then.
struct Temporary<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        let _ = self.disk.remove(&self.path);
    }
}

/// Writes a file anew as a whole; false where what is there is not `old` any more.
fn replace(disk: &dyn Disk, path: &Path, old: Option<&[u8]>, new: &[u8]) -> io::Result<bool> {
    // What a link points to is written to, and the link stays. A link that leads nowhere is not written through.
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            path.to_owned()
        }
        Err(error) => return Err(error),
    };
    let folder = target.parent().unwrap_or(Path::new(""));
    if !folder.exists() {
        create_private_folder(folder)?;
    }
    let temporary = Temporary { disk, path: folder.join(format!("config.ragnatramp.{:016x}.tmp", random())) };
    let mut file = disk.create(&temporary.path)?;
    disk.write(&mut file, new)?;
    if old.is_some() {
        disk.protect_like(&file, &temporary.path, &target)?;
    }
    disk.flush(&file)?;
    drop(file);
    let attempt = || match read(disk, &target)?.as_deref() == old {
        true => disk.replace(&temporary.path, &target).map(|()| true),
        false => Ok(false),
    };
    let is_replaced =
        retry_while_held(disk, Duration::from_secs(2), attempt).map_err(|failure| failure.source)?;
    if is_replaced {
        // The new content is in place; that its name has reached the disk is all that may be missing.
        let _ = disk.flush_folder(folder);
    }
    Ok(is_replaced)
}

fn failed(path: &Path, why: &str) -> Error {
    let mut error = Error::new(
        Code::SshConfigFailed,
        format!("The ssh config {} was left as it is: {why}.", path.display()),
    )
    .with_remedy("Mend that and reconcile again, or set settings.ssh_config to false.");
    error.place.path = Some(path.display().to_string());
    error
}

fn refused(path: &Path, refusal: &Refusal) -> Error {
    let mut error = failed(path, &refusal.to_string());
    if let Refusal::Markers { lines, .. } = refusal {
        error.place.line = lines.first().copied();
        error = error.with_remedy(
            "Remove these marker lines with everything between them that Ragnatramp wrote; the next reconcile adds the block again.",
        );
    }
    error
}

/// Those of `hosts` whose address no other of them has.
pub fn without_shared(hosts: Vec<SshHost>) -> Vec<SshHost> {
    let shared: HashSet<Ipv4Addr> = crate::discovery::shared(hosts.iter().map(|host| host.ipv4));
    hosts.into_iter().filter(|host| !shared.contains(&host.ipv4)).collect()
}
