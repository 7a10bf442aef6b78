//! The names of the machines outside of their guests: in the ssh config of the host.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Lab;
use crate::config::Environment;
use crate::config::names::VmNames;
use crate::discovery::{MachineName, VmId};
use crate::error::{Code, Error, Result};
use crate::reconcile::DiscoveryEntry;
use crate::ssh_config::{self, SshHost, SshLab};
use crate::state::disk::RealDisk;

/// What became of the ssh config, or would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshConfigUpdate {
    /// The file.
    pub path: PathBuf,
    /// Whether it differs from what it should be, or did before it was written.
    pub changed: bool,
    /// What writing it does, as ShouldProcess asks it.
    pub operation: String,
}

impl Lab {
    /// Brings this lab's names in the ssh config of the user up to date: those that the plan enters, or without a plan those of
    /// whose machines the state has an address. Where `settings.ssh_config` is off, they are taken out. With `dry_run` nothing is
    /// written.
    ///
    /// # Errors
    /// `SSH_CONFIG_FAILED`; the file is as it was.
    pub fn update_ssh_config(&self, dry_run: bool) -> Result<SshConfigUpdate> {
        let home = Environment::of_process("").home;
        let hosts = if self.config.ssh_config { self.ssh_hosts() } else { Vec::new() };
        if home.is_empty() || !Path::new(&home).is_absolute() {
            if hosts.is_empty() {
                return Ok(SshConfigUpdate {
                    path: PathBuf::new(),
                    changed: false,
                    operation: String::new(),
                });
            }
            return Err(Error::new(
                Code::SshConfigFailed,
                "The ssh config was left as it is: no home folder is known.",
            )
            .with_remedy(
                "Set USERPROFILE (HOME on Linux) to your home folder, or settings.ssh_config to false.",
            ));
        }
        let path = ssh_config::path_in(&home);
        let lab = VmNames::new(&self.config.project, &self.config.config_path).lab();
        let lab = SshLab { project: &self.config.project, lab: &lab };
        let block = ssh_config::render(lab, &hosts);
        let changed = match ssh_config::update(&RealDisk, &path, lab, block.as_deref(), dry_run) {
            // Whoever does not ask for it need not be told that it cannot be had.
            Err(_) if !self.config.ssh_config => false,
            updated => updated?,
        };
        let operation = match (block, hosts.len()) {
            (None, _) => "Take the names of the lab out".to_owned(),
            (Some(_), 1) => "Write 1 name".to_owned(),
            (Some(_), count) => format!("Write {count} names"),
        };
        Ok(SshConfigUpdate { path, changed, operation })
    }

    fn ssh_hosts(&self) -> Vec<SshHost> {
        let of_state = || {
            let known = self.state.machines().filter_map(|known| {
                let ipv4 = known.network()?.ipv4()?;
                Some(SshHost {
                    machine_name: known.machine_name.into(),
                    vm_id: VmId::from(known.vm_id()?),
                    ipv4,
                })
            });
            ssh_config::without_shared(known.collect())
        };
        let Some(plan) = &self.plan else { return of_state() };
        let entered: HashSet<&MachineName> = plan.targets.iter().map(|target| &target.machine_name).collect();
        let host = |learned: &DiscoveryEntry| {
            let (vm_id, ipv4) = (learned.vm_id.clone()?, learned.network.ipv4?);
            let machine_name = learned.machine_name.clone();
            entered.contains(&machine_name).then_some(SshHost { machine_name, vm_id, ipv4 })
        };
        plan.learned().filter_map(host).collect()
    }
}
