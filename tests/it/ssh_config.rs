//! The names in the ssh config of the host: the block, its merge, the file, and what ssh itself makes of it.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::state_lab::faulty::{Fault, FaultyDisk};
use ragnatramp::error::Code;
use ragnatramp::ssh_config::{SshHost, SshLab, merge, render, update, without_shared};
use ragnatramp::state::disk::{Disk, RealDisk};
use serde_json::Value;
use tempfile::TempDir;

const LAB: SshLab<'_> = SshLab { project: "lab", lab: "lab-34c366ff" };
const OTHER: SshLab<'_> = SshLab { project: "other", lab: "other-00000000" };

fn host(name: &str, ipv4: &str) -> SshHost {
    SshHost {
        machine_name: name.into(),
        vm_id: "5A1D0000-0000-4000-8000-000000000001".into(),
        ipv4: ipv4.parse().unwrap(),
    }
}

fn block(lab: SshLab<'_>, hosts: &[(&str, &str)]) -> Option<String> {
    render(lab, &hosts.iter().map(|(name, ipv4)| host(name, ipv4)).collect::<Vec<_>>())
}

#[test]
fn the_block_is_the_one_of_the_vectors() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/ssh-config-cases.json")).unwrap();
    for case in vectors["render"].as_array().unwrap() {
        let hosts: Vec<SshHost> = case["hosts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| SshHost {
                machine_name: one["name"].as_str().unwrap().into(),
                vm_id: one["vmId"].as_str().unwrap().into(),
                ipv4: one["ipv4"].as_str().unwrap().parse().unwrap(),
            })
            .collect();
        assert_eq!(render(LAB, &hosts).as_deref(), case["block"].as_str(), "{}", case["name"]);
    }
}

#[test]
fn the_merge_is_the_one_of_the_vectors_and_merging_twice_is_merging_once() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/ssh-config-cases.json")).unwrap();
    for case in vectors["merge"].as_array().unwrap() {
        let (name, file) = (&case["name"], case["file"].as_str().unwrap());
        let merged = merge(LAB, file.as_bytes(), case["block"].as_str());
        match case["refuse"].as_str() {
            Some(why) => assert!(merged.unwrap_err().to_string().contains(why), "{name}"),
            None => {
                let merged = merged.unwrap();
                assert_eq!(String::from_utf8_lossy(&merged), case["output"].as_str().unwrap(), "{name}");
                assert_eq!(merge(LAB, &merged, case["block"].as_str()).unwrap(), merged, "{name}, twice");
            }
        }
    }
}

#[test]
fn an_address_that_two_machines_have_leads_to_neither() {
    let hosts = vec![host("a", "172.20.0.1"), host("b", "172.20.0.1"), host("c", "172.20.0.2")];
    assert_eq!(without_shared(hosts), [host("c", "172.20.0.2")]);
}

fn folder() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".ssh").join("config");
    (home, path)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_that_is_missing_is_made_and_is_its_owners_alone() {
    let (_home, path) = folder();
    let web = block(LAB, &[("web", "172.20.0.1")]);
    assert!(update(&RealDisk, &path, LAB, web.as_deref(), true).unwrap() && !path.parent().unwrap().exists());
    assert!(update(&RealDisk, &path, LAB, web.as_deref(), false).unwrap());
    assert_eq!(text(&path), web.clone().unwrap());
    assert!(!update(&RealDisk, &path, LAB, web.as_deref(), false).unwrap(), "it is as it should be");
    assert_eq!(names(&path), ["config"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn without_names_no_file_is_made_and_nothing_is_changed() {
    let (_home, path) = folder();
    assert!(!update(&RealDisk, &path, LAB, None, false).unwrap() && !path.exists());
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, "Host mine").unwrap();
    assert!(!update(&RealDisk, &path, LAB, None, false).unwrap());
    assert_eq!(text(&path), "Host mine");
}

#[test]
fn two_labs_keep_out_of_each_others_blocks_and_all_else_stays() {
    let (_home, path) = folder();
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, b"Host mine\n    User me \xFF\n").unwrap();
    let before = fs::read(&path).unwrap();
    let (first, second) = (block(LAB, &[("web", "172.20.0.1")]), block(OTHER, &[("web", "172.28.0.1")]));
    update(&RealDisk, &path, LAB, first.as_deref(), false).unwrap();
    update(&RealDisk, &path, OTHER, second.as_deref(), false).unwrap();
    let both = fs::read(&path).unwrap();
    assert!(both.starts_with(&before));
    update(&RealDisk, &path, LAB, block(LAB, &[("web", "172.20.0.9")]).as_deref(), false).unwrap();
    update(&RealDisk, &path, LAB, first.as_deref(), false).unwrap();
    assert_eq!(fs::read(&path).unwrap(), both);
    update(&RealDisk, &path, LAB, None, false).unwrap();
    let left = fs::read(&path).unwrap();
    assert!(left.starts_with(&before) && left.ends_with(second.unwrap().as_bytes()));
    assert!(!String::from_utf8_lossy(&left).contains(LAB.lab));
}

#[cfg(unix)]
#[test]
fn a_mode_stays_and_a_link_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (home, path) = folder();
    fs::create_dir(path.parent().unwrap()).unwrap();
    let real = home.path().join("dotfiles");
    fs::write(&real, "Host mine\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&real, &path).unwrap();
    update(&RealDisk, &path, LAB, block(LAB, &[("web", "172.20.0.1")]).as_deref(), false).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(text(&real).contains("Host web web.lab"));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn broken_markers_are_refused_with_their_line_and_the_file_stays() {
    let (_home, path) = folder();
    fs::create_dir(path.parent().unwrap()).unwrap();
    let broken = "Host mine\n# END RAGNATRAMP lab-34c366ff\n";
    fs::write(&path, broken).unwrap();
    let web = block(LAB, &[("web", "172.20.0.1")]);
    let error = update(&RealDisk, &path, LAB, web.as_deref(), false).unwrap_err();
    assert_eq!((error.code, error.place.line), (Code::SshConfigFailed, Some(2)));
    assert!(error.message.contains("was left as it is") && error.remedy.is_some(), "{error:?}");
    assert_eq!(text(&path), broken);
}

/// How often each step of an update is made to fail: it has fewer.
const STEPS: usize = 8;

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it() {
    for step in 0..STEPS {
        let (_home, path) = folder();
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, "Host mine\n").unwrap();
        let web = block(LAB, &[("web", "172.20.0.1")]);
        let disk = FaultyDisk::new(step, Fault::Error(io::ErrorKind::Other));
        let updated = update(&disk, &path, LAB, web.as_deref(), false);
        let steps = disk.steps();
        match steps.get(step).copied() {
            // The content is in place by then.
            None | Some("flush folder" | "remove") => assert!(updated.unwrap(), "{steps:?}"),
            Some(_) => {
                assert_eq!(updated.unwrap_err().code, Code::SshConfigFailed, "{steps:?}");
                assert_eq!(text(&path), "Host mine\n", "{steps:?}");
            }
        }
        assert_eq!(names(&path), ["config"], "{steps:?}");
    }
}

#[test]
fn a_death_at_any_step_leaves_the_whole_old_or_the_whole_new_file() {
    let web = block(LAB, &[("web", "172.20.0.1")]);
    let whole = ["Host mine\n".to_owned(), format!("Host mine\n\n{}", web.clone().unwrap())];
    for step in 0..STEPS {
        let (_home, path) = folder();
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, &whole[0]).unwrap();
        let _ = update(&FaultyDisk::new(step, Fault::Death), &path, LAB, web.as_deref(), false);
        assert!(whole.contains(&text(&path)), "step {step}: {}", text(&path));
        update(&RealDisk, &path, LAB, web.as_deref(), false).unwrap();
        assert_eq!(text(&path), whole[1], "the next run completes it");
    }
}

/// Another program writes to the file just before it would be replaced.
struct Meddler {
    path: PathBuf,
    times: Cell<usize>,
}

impl Disk for Meddler {
    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(file)
    }
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        RealDisk.try_lock(file)
    }
    fn create(&self, file: &Path) -> io::Result<File> {
        RealDisk.create(file)
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        RealDisk.write(file, bytes)
    }
    fn protect_like(&self, file: &File, path: &Path, model: &Path) -> io::Result<()> {
        RealDisk.protect_like(file, path, model)
    }
    fn flush(&self, file: &File) -> io::Result<()> {
        if self.times.get() > 0 {
            self.times.set(self.times.get() - 1);
            fs::write(&self.path, format!("Host other{}\n", self.times.get()))?;
        }
        RealDisk.flush(file)
    }
    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        RealDisk.link(file, name)
    }
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.replace(from, to)
    }
    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.flush_folder(folder)
    }
    fn remove(&self, file: &Path) -> io::Result<()> {
        RealDisk.remove(file)
    }
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        RealDisk.names(folder)
    }
    fn is_held(&self, error: &io::Error) -> bool {
        RealDisk.is_held(error)
    }
}

#[test]
fn what_another_program_writes_meanwhile_is_kept() {
    let web = block(LAB, &[("web", "172.20.0.1")]);
    for (times, is_done) in [(1, true), (99, false)] {
        let (_home, path) = folder();
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, "Host mine\n").unwrap();
        let disk = Meddler { path: path.clone(), times: Cell::new(times) };
        assert_eq!(update(&disk, &path, LAB, web.as_deref(), false).is_ok(), is_done);
        assert!(text(&path).starts_with("Host other"), "{}", text(&path));
        assert_eq!(text(&path).contains("Host web"), is_done);
        assert_eq!(names(&path), ["config"]);
    }
}

/// What `ssh -G` makes of a file for a host; `None` where there is no ssh.
#[cfg(unix)]
fn asked(path: &Path, name: &str) -> Option<Vec<String>> {
    let run = match std::process::Command::new("ssh").arg("-G").arg("-F").arg(path).arg(name).output() {
        Ok(run) => run,
        Err(error) => {
            println!("skipped: ssh is not there: {error}");
            return None;
        }
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(String::from_utf8_lossy(&run.stdout).lines().map(str::to_owned).collect())
}

#[cfg(unix)]
#[test]
fn ssh_itself_finds_the_machines_and_prefers_what_the_user_wrote() {
    let (_home, path) = folder();
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, "Host db\n    HostName 10.9.9.9\n    User me\n").unwrap();
    let both = block(LAB, &[("web", "172.20.0.1"), ("db", "172.20.0.2")]);
    update(&RealDisk, &path, LAB, both.as_deref(), false).unwrap();
    // Written below the block later: it belongs to no entry of the block.
    fs::write(&path, text(&path) + "Port 2222\n").unwrap();
    let has =
        |name: &str, line: &str| asked(&path, name).is_none_or(|told| told.iter().any(|one| one == line));
    for name in ["web", "web.lab"] {
        assert!(has(name, "hostname 172.20.0.1"), "{name}");
        assert!(has(name, "hostkeyalias web.lab-34c366ff.5a1d0000"), "{name}");
    }
    assert!(has("db", "hostname 10.9.9.9") && has("db", "user me"), "what the user wrote counts");
    assert!(has("db", "hostkeyalias db.lab-34c366ff.5a1d0000"), "and the block fills in the rest");
    assert!(has("elsewhere", "hostname elsewhere") && has("elsewhere", "port 2222"));
}
