//! Whether the base images can become disks of machines.

use crate::config::{DiskStrategy, Generation, Machine};
use crate::error::Code;
use crate::image::{Format, Generations, Image, ImageFault, Kind};

use super::super::disks::BootFacts;
use super::super::inventory::Power;
use super::super::storage::Storage;
use super::super::subject::World;
use super::finding::{Finding, Severity};
use super::need::{Need, by_path};

/// A base image and the machines whose disks are made from it.
struct Use<'a> {
    path: &'a str,
    needs: Vec<&'a Need<'a>>,
}

/// Every base image from which a disk is to be made, each looked at once.
pub(super) fn findings(world: &World<'_>, storage: &dyn Storage, needs: &[Need<'_>]) -> Vec<Finding> {
    let made = needs.iter().filter(|need| need.new_disk().is_some());
    let uses = by_path(made.map(|need| (need, need.machine.base_image.as_str())), |path| path);
    let uses = uses.into_iter().map(|(path, needs)| Use { path, needs });
    uses.flat_map(|image| image.findings(world, storage)).collect()
}

impl<'a> Use<'a> {
    fn findings(&self, world: &World<'_>, storage: &dyn Storage) -> Vec<Finding> {
        let mut findings = self.foreign(world);
        let is_readable = match storage.image(self.path) {
            Ok(image) => {
                findings.extend(self.shape(&image));
                findings.extend(self.generations(&image, &storage.boot(self.path)));
                true
            }
            // Told already: by whom.
            Err(ImageFault::InUse { .. }) if !findings.is_empty() => return findings,
            Err(fault) => {
                let finding = self.fault(&fault);
                let is_readable = finding.severity == Severity::Warning;
                findings.push(finding);
                is_readable
            }
        };
        if is_readable {
            findings.extend(self.needs.iter().filter_map(|need| unknown_generation(need)));
            findings.extend(self.traits(storage));
        }
        findings
    }

    fn names(&self) -> Vec<&'a str> {
        self.needs.iter().map(|need| need.machine.name.as_str()).collect()
    }

    /// The machines among them whose disks are made in this way; empty where none is.
    fn made_by(&self, strategy: DiskStrategy) -> Vec<&'a str> {
        let names = self.needs.iter().filter(|need| need.machine.disk_strategy == strategy);
        names.map(|need| need.machine.name.as_str()).collect()
    }

    /// `what` follows the path of the image.
    fn finding(
        &self,
        code: Code,
        severity: Severity,
        machines: &[&str],
        what: &str,
        remedy: &str,
    ) -> Finding {
        let message = format!("the base image {} {what}.", self.path);
        Finding::new(code, severity, &message, remedy).of(machines).at(self.path)
    }

    fn unusable(&self, severity: Severity, machines: &[&str], what: &str, remedy: &str) -> Option<Finding> {
        (!machines.is_empty()).then(|| self.finding(Code::ImageUnusable, severity, machines, what, remedy))
    }

    /// Why the image cannot be read.
    fn fault(&self, fault: &ImageFault) -> Finding {
        let names = self.names();
        let (severity, remedy) = match fault {
            ImageFault::NotThere { .. } => {
                let remedy = "Put the image there, or name another one in the config (base_image).";
                return self.finding(
                    Code::BaseImageNotFound,
                    Severity::Error,
                    &names,
                    "is not there",
                    remedy,
                );
            }
            ImageFault::InUse { .. } => (
                Severity::Error,
                "Shut down the VM or close the program that has it open. A disk that a VM runs on is no base image: copy \
                 it while the VM is off, and name the copy.",
            ),
            ImageFault::Unreadable { .. } => (
                Severity::Error,
                "Look whether your account may read the file, and whether its disk is well.",
            ),
            ImageFault::NotAnImage { .. } => (
                Severity::Error,
                "Name a VHDX or VHD in the config. qemu-img convert -O vhdx makes a VHDX from other formats.",
            ),
            ImageFault::Damaged { .. } => {
                (Severity::Error, "Fetch or make the image again; it may have been cut short on its way.")
            }
            ImageFault::DirtyLog { .. } => (
                Severity::Warning,
                "Shut down or dismount what has it open. If nothing has and no disk was made from it yet, Mount-VHD \
                 and Dismount-VHD, once each, write what is left in its log.",
            ),
            ImageFault::Unsupported { .. } => (
                Severity::Warning,
                "Look with Test-VHD whether Hyper-V takes it, and say its generation in the config.",
            ),
            ImageFault::ParentMissing { .. }
            | ImageFault::ParentDiffers { .. }
            | ImageFault::Circular { .. }
            | ImageFault::TooDeep { .. } => (
                Severity::Error,
                "Put the disks that it was made from back as they were, or take an image that stands alone: Convert-VHD \
                 makes one of a whole chain.",
            ),
        };
        let message = format!("the base image cannot be used: {fault}.");
        Finding::new(Code::ImageUnusable, severity, &message, remedy).of(&names).at(self.path)
    }

    /// The format, the ending of the name, and whether it stands alone.
    fn shape(&self, image: &Image) -> Vec<Finding> {
        let (names, error) = (self.names(), Severity::Error);
        let ending = ending(self.path);
        let mut findings = Vec::new();
        let is_checkpoint = matches!(ending.as_str(), "avhdx" | "avhd");
        if is_checkpoint {
            let what = "is the disk of a checkpoint, which Hyper-V merges and deletes as it needs";
            let remedy = "Take an image of its own: Convert-VHD makes one from it, as long as its VM is off.";
            findings.extend(self.unusable(error, &names, what, remedy));
        }
        let (written, wanted) = match image.format {
            Format::Vhdx => ("a VHDX", "vhdx"),
            Format::Vhd => ("a VHD", "vhd"),
        };
        if !is_checkpoint && ending != wanted {
            let what = format!(
                "is {written} by its content; Hyper-V goes by the ending of a file's name, which is not .{wanted}"
            );
            let remedy = format!("Rename the file so that it ends with .{wanted}, in the config too.");
            findings.extend(self.unusable(error, &names, &what, &remedy));
        }
        if image.kind == Kind::Differencing && !is_checkpoint {
            let remedy = format!(
                "Convert-VHD \"{}\" NEW.{wanted} -VHDType Dynamic makes an image that stands alone.",
                self.path
            );
            let what = "is a differencing disk itself, and a copy of it would not be a whole disk";
            findings.extend(self.unusable(error, &self.made_by(DiskStrategy::Copy), what, &remedy));
            let what = "is a differencing disk itself: what is made from it breaks as soon as any disk below it \
                        changes or moves";
            findings.extend(self.unusable(
                Severity::Warning,
                &self.made_by(DiskStrategy::Differencing),
                what,
                &remedy,
            ));
        }
        findings
    }

    /// Where the generation that a VM gets is not one that starts the image.
    fn generations(&self, image: &Image, boot: &BootFacts) -> Vec<Finding> {
        let mut findings = Vec::new();
        for need in &self.needs {
            let Some(Ok(generation)) = need.making.as_ref().map(|making| &making.generation) else {
                continue;
            };
            let number = u8::from(*generation);
            let (severity, what, remedy) = match (image.format, *generation, boot.generations) {
                (Format::Vhd, Generation::Two, _) => (
                    Severity::Error,
                    "is a VHD, and a VM of generation 2 takes VHDX only".to_owned(),
                    format!(
                        "Take generation: 1, or make a VHDX of it: Convert-VHD \"{0}\" \"{0}x\"",
                        self.path
                    ),
                ),
                (_, Generation::One, Generations::Two) | (_, Generation::Two, Generations::One) => {
                    let other = 3 - number;
                    (
                        Severity::Warning,
                        format!(
                            "starts in a VM of generation {other} only, and this one gets generation {number}: its \
                             screen would stay black"
                        ),
                        format!(
                            "Leave generation out, or set it to {other}. Of a VM that is there it cannot be changed."
                        ),
                    )
                }
                (Format::Vhd, Generation::One, Generations::Unknown) => (
                    Severity::Warning,
                    format!("may not start: {}", boot.why_unknown),
                    "Look whether it starts with BIOS; where it needs UEFI, Convert-VHD makes a VHDX of it."
                        .to_owned(),
                ),
                _ => continue,
            };
            findings.push(self.finding(
                Code::GenerationMismatch,
                severity,
                &[&need.machine.name],
                &what,
                &remedy,
            ));
        }
        findings
    }

    /// The VM whose disk it is, or was at a checkpoint. A parent must never be written to, and a VM that runs on it writes.
    fn foreign(&self, world: &World<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Some(drive) = world.index.user(self.path) else { return findings };
        let vm = world.index.vm(&drive.vm_id);
        let name = vm.map_or(drive.vm_id.as_str(), |vm| vm.name.as_str());
        let whose = match drive.checkpoint_id {
            Some(_) => format!("belongs to a checkpoint of the VM {name}"),
            None => format!("is the disk of the VM {name}"),
        };
        let remedy = format!(
            "Shut down {name}, copy its disk (with checkpoints: Export-VM), and name the copy in the config."
        );
        let what = format!(
            "{whose}: when that VM runs or the checkpoint is removed, every disk made from it breaks"
        );
        let children = self.made_by(DiskStrategy::Differencing);
        findings.extend(self.unusable(Severity::Error, &children, &what, &remedy));
        let is_still =
            drive.checkpoint_id.is_none() && vm.is_some_and(|vm| Power::of(&vm.state) == Power::Off);
        let (severity, what) = match is_still {
            true => (Severity::Warning, format!("{whose}, which must stay off while it is copied")),
            false => (Severity::Error, format!("{whose}, and a copy would not be whole")),
        };
        findings.extend(self.unusable(severity, &self.made_by(DiskStrategy::Copy), &what, &remedy));
        findings
    }

    /// What Windows says of the file. A copy takes over none of it.
    fn traits(&self, storage: &dyn Storage) -> Vec<Finding> {
        let (path, error) = (self.path, Severity::Error);
        let children = self.made_by(DiskStrategy::Differencing);
        let traits = storage.traits(path);
        let mut findings = Vec::new();
        let mut unusable = |severity, machines: &[&str], what: &str, remedy: &str| {
            findings.extend(self.unusable(severity, machines, what, remedy));
        };
        if !traits.local {
            let what = "is on another computer, to which Hyper-V does not get as your account";
            unusable(
                error,
                &children,
                what,
                "Copy it to a disk of this computer, or take disk_strategy: copy.",
            );
        }
        if traits.compressed {
            let what = "is compressed, and Hyper-V makes no differencing disk from such a file";
            unusable(error, &children, what, &format!("compact /U \"{path}\""));
        }
        if traits.encrypted {
            let what = "is encrypted, and Hyper-V makes no differencing disk from such a file";
            unusable(error, &children, what, &format!("cipher /D \"{path}\""));
        }
        if traits.placeholder {
            let what = "is kept in a cloud, and its content may not be on this computer";
            let remedy = "Move it to a folder that no cloud program keeps.";
            unusable(error, &children, what, remedy);
            unusable(Severity::Warning, &self.made_by(DiskStrategy::Copy), what, remedy);
        }
        if traits.sparse && !children.is_empty() {
            let what = "is a sparse file, and Hyper-V makes no differencing disk from such a file";
            let remedy = format!("fsutil sparse setflag \"{path}\" 0");
            findings.push(self.finding(Code::ImageSparse, error, &children, what, &remedy));
        }
        findings
    }
}

fn unknown_generation(need: &Need<'_>) -> Option<Finding> {
    let Machine { name, base_image, .. } = need.machine;
    let refusal = need.making.as_ref()?.generation.as_ref().err()?;
    let message = format!("{}.", refusal.reason);
    Some(Finding::new(refusal.code, Severity::Error, &message, &refusal.remedy).of(&[name]).at(base_image))
}

/// The ending of a file's name, in small letters, without the dot.
fn ending(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase()
}
