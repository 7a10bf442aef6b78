//! Whether the first boot of machines can be told what it is to be told: the users' own files, and systems that do not listen.

use super::super::seed::own_file;
use super::super::subject::World;
use super::finding::{Finding, Severity};
use super::need::{Need, by_path};
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
    let unreadable = by_path(own_files, |file| file.path).into_iter().filter_map(|(file, needs)| {
        let message = format!("the {} {} {}.", file.named(), file.path, file.unreadable(world)?);
        let finding = Finding::new(file.code(), Severity::Error, &message, file.remedy());
        Some(finding.of(&names(&needs)).at(file.path))
    });
    let unattended = discs(needs).filter(|(_, kind)| *kind == SeedKind::Unattend);
    let images = unattended.map(|(need, _)| (need, need.machine.base_image.as_str()));
    let images = by_path(images, |image| image).into_iter();
    let of_linux = images.filter(|(image, _)| world.boot(image).system == System::Linux).map(|(image, needs)| {
        let message = format!(
            "the base image {image} has the partitions of a Linux system, which takes its name from no answer file."
        );
        let remedy = "Take cloud_init in place of unattend in the config, or name an image of Windows.";
        Finding::new(Code::ImageUnusable, Severity::Warning, &message, remedy).of(&names(&needs)).at(image)
    });
    unreadable.chain(of_linux).collect()
}

fn names<'a>(needs: &[&Need<'a>]) -> Vec<&'a str> {
    needs.iter().map(|need| need.machine.name.as_str()).collect()
}
