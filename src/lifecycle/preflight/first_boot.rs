//! Whether the first boot of machines can be told what it is to be told: the users' own files, and systems that do not listen.

use super::super::seed::own_file;
use super::super::subject::World;
use super::finding::{Finding, Severity};
use super::need::Need;
use crate::config::names::same_path;
use crate::error::Code;
use crate::image::System;
use crate::state::SeedKind;

/// The machines whose disc for the first boot is still to be written.
fn discs<'a>(needs: &'a [Need<'a>]) -> impl Iterator<Item = (&'a Need<'a>, SeedKind)> {
    needs.iter().filter_map(|need| Some((need, need.making.as_ref()?.writes_seed?)))
}

/// Every file of the users' own that is to be put on a disc, and every image that reads no answer file, each looked at once.
pub(super) fn findings(world: &World<'_>, needs: &[Need<'_>]) -> Vec<Finding> {
    let own_files = discs(needs).filter_map(|(need, kind)| Some((need, own_file(need.machine, kind)?)));
    let unreadable = by_path(own_files, |file| file.path).into_iter().filter_map(|(file, names)| {
        let message = format!("the {} {} {}.", file.named(), file.path, file.unreadable(world)?);
        let finding = Finding::new(file.code(), Severity::Error, &message, file.remedy());
        Some(finding.of(&names).at(file.path))
    });
    let unattended = discs(needs).filter(|(_, kind)| *kind == SeedKind::Unattend);
    let images = unattended.map(|(need, _)| (need, need.machine.base_image.as_str()));
    let images = by_path(images, |image| image).into_iter();
    let of_linux = images.filter(|(image, _)| world.boot(image).system == System::Linux).map(|(image, names)| {
        let message = format!(
            "the base image {image} has the partitions of a Linux system, which takes its name from no answer file."
        );
        let remedy = "Take cloud_init in place of unattend in the config, or name an image of Windows.";
        Finding::new(Code::ImageUnusable, Severity::Warning, &message, remedy).of(&names).at(image)
    });
    unreadable.chain(of_linux).collect()
}

/// Each thing once, by its path, with the names of its machines.
fn by_path<'a, T>(
    uses: impl Iterator<Item = (&'a Need<'a>, T)>,
    path: impl Fn(&T) -> &'a str,
) -> Vec<(T, Vec<&'a str>)> {
    let mut all: Vec<(T, Vec<&str>)> = Vec::new();
    for (need, thing) in uses {
        let name = need.machine.name.as_str();
        match all.iter_mut().find(|(known, _)| same_path(path(known), path(&thing))) {
            Some((_, names)) => names.push(name),
            None => all.push((thing, vec![name])),
        }
    }
    all
}
