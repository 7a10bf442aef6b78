//! Files → an image of a disc that every system mounts: ISO 9660, and Joliet beside it for the names as they are.
//!
//! Both trees name the same bytes. Nothing of the moment or the machine gets into the image: the same files give the
//! same bytes. Volume descriptors and directory records are those of ECMA-119; Joliet is its supplementary volume, with
//! names in UCS-2.

use super::record::{Extent, SECTOR, directory, path_table, sectors, volume};
use super::tree::{File, Naming, Tree, refused};
use crate::error::Result;

/// The first sector after the system area and the three volume descriptors.
const FIRST: usize = 19;

/// The image of a disc with this volume label (at most 16 characters) and these files.
///
/// # Errors
/// Names that one of the two trees could not hold, and two that one of them could not distinguish; a label that is none.
pub fn image(label: &str, files: &[File<'_>]) -> Result<Vec<u8>> {
    if label.is_empty() || label.len() > 16 || !label.is_ascii() {
        return Err(refused(&format!("the label '{label}' has no 1 to 16 ASCII characters")));
    }
    let namings = [Naming::Plain, Naming::Joliet];
    let mut trees = Vec::new();
    let mut next = FIRST;
    let mut take = |bytes: usize| -> Result<Extent> {
        let extent = Extent { sector: number(next)?, bytes: number(bytes)? };
        next += sectors(bytes);
        Ok(extent)
    };
    for naming in namings {
        let tree = Tree::new(naming, files)?;
        let tables = [take(tree.path_table_len())?, take(tree.path_table_len())?];
        let directories = tree
            .directories
            .iter()
            .map(|one| take(directory(one, &[], &[]).len()))
            .collect::<Result<Vec<_>>>()?;
        trees.push((naming, tree, tables, directories));
    }
    let contents = files.iter().map(|file| take(file.bytes.len())).collect::<Result<Vec<_>>>()?;

    let mut image = vec![0; next * SECTOR];
    let total = number(next)?;
    for (index, (naming, tree, tables, directories)) in trees.iter().enumerate() {
        let root = directories.first().copied().unwrap_or_default();
        put(&mut image, 16 + index, &volume(*naming, label, total, tables, root));
        for (table, is_big) in tables.iter().zip([false, true]) {
            put(&mut image, table.sector as usize, &path_table(tree, directories, is_big));
        }
        for (one, extent) in tree.directories.iter().zip(directories) {
            put(&mut image, extent.sector as usize, &directory(one, directories, &contents));
        }
    }
    put(&mut image, 18, b"\xffCD001\x01");
    for (file, extent) in files.iter().zip(&contents) {
        put(&mut image, extent.sector as usize, file.bytes);
    }
    Ok(image)
}

fn put(image: &mut [u8], sector: usize, bytes: &[u8]) {
    let start = sector * SECTOR;
    if let Some(place) = image.get_mut(start..start + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// Sectors and lengths are 32 bits wide on a disc.
fn number(value: usize) -> Result<u32> {
    u32::try_from(value).map_err(|_| refused("the files are too big for an image"))
}
