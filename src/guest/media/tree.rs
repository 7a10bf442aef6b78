//! The directories of an image, in the order in which a path table lists them.

use crate::error::{Code, Error, Result};

/// A file of the image.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path with forward slashes: letters, digits, `.`, `_` and `-`.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// How the names of a tree are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Capitals, digits and `_`, at most 30 of them, for readers that know ISO 9660 alone.
    Plain,
    /// As they are.
    Joliet,
}

/// One entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A directory: its place in [`Tree::directories`].
    Directory(usize),
    /// A file: its place among the files.
    File(usize),
}

/// One directory.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) identifier: Vec<u8>,
    pub(super) place: usize,
    pub(super) parent: usize,
    /// Sorted, as both standards demand.
    pub(super) entries: Vec<(Vec<u8>, Entry)>,
}

/// A tree of directories, the root first, then level by level.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) directories: Vec<Directory>,
}

impl Tree {
    pub(super) fn new(naming: Naming, files: &[File<'_>]) -> Result<Self> {
        let mut directories =
            vec![Directory { identifier: vec![0], place: 0, parent: 0, entries: Vec::new() }];
        let mut prefixes = vec![String::new()];
        let mut current = 0;
        while let Some(prefix) = prefixes.get(current).cloned() {
            let mut entries: Vec<(&str, Option<usize>)> = Vec::new();
            for (index, file) in files.iter().enumerate() {
                let Some(rest) = file.name.strip_prefix(&prefix) else { continue };
                match rest.split_once('/') {
                    Some((name, _)) if entries.contains(&(name, None)) => {}
                    Some((name, _)) => entries.push((name, None)),
                    None => entries.push((rest, Some(index))),
                }
            }
            // Names are compared before extensions: `a.x` comes before `a-b`, though `-` comes before `.`.
            entries.sort_by_key(|(name, _)| plain_or_same(naming, name));
            let keys: Vec<_> = entries.iter().map(|(name, _)| plain_or_same(naming, name)).collect();
            if let Some([(stem, extension), ..]) = keys.windows(2).find(|pair| pair.first() == pair.last()) {
                return Err(refused(&format!("two of them would be {prefix}{stem}.{extension}")));
            }
            for (name, file) in entries {
                let identifier = identifier(naming, name, file.is_some())?;
                let entry = match file {
                    Some(index) => Entry::File(index),
                    None => {
                        prefixes.push(format!("{prefix}{name}/"));
                        directories.push(Directory {
                            identifier: identifier.clone(),
                            place: directories.len(),
                            parent: current,
                            entries: Vec::new(),
                        });
                        Entry::Directory(directories.len() - 1)
                    }
                };
                if let Some(here) = directories.get_mut(current) {
                    here.entries.push((identifier, entry));
                }
            }
            current += 1;
        }
        Ok(Tree { directories })
    }

    pub(super) fn path_table_len(&self) -> usize {
        self.directories.iter().map(|one| 8 + one.identifier.len().next_multiple_of(2)).sum()
    }
}

fn split(name: &str) -> (String, String) {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (stem.to_owned(), extension.to_owned())
}

fn plain_or_same(naming: Naming, name: &str) -> (String, String) {
    match naming {
        Naming::Plain => {
            let (stem, extension) = split(name);
            (plain(&stem), plain(&extension))
        }
        Naming::Joliet => split(name),
    }
}

fn plain(text: &str) -> String {
    text.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect()
}

/// The name as it is on the disc; that of a file ends in its version, which readers do not show.
fn identifier(naming: Naming, name: &str, is_file: bool) -> Result<Vec<u8>> {
    let is_usual = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_usual) {
        return Err(refused(&format!("'{name}' is no name of letters, digits, '.', '_' and '-'")));
    }
    let (stem, extension) = plain_or_same(naming, name);
    match naming {
        Naming::Plain if name.len() > 30 => Err(refused(&format!("'{name}' has more than 30 characters"))),
        Naming::Plain if is_file => Ok(format!("{stem}.{extension};1").into_bytes()),
        Naming::Plain => Ok(plain(name).into_bytes()),
        Naming::Joliet => {
            let version = if is_file { ";1" } else { "" };
            Ok(format!("{name}{version}").encode_utf16().flat_map(u16::to_be_bytes).collect())
        }
    }
}

/// Whether a text is of letters, digits and hyphens: it means itself in YAML, in XML and as the name of a host.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The files are those of this module or of its caller: a defect, not the user's fault.
pub(super) fn refused(why: &str) -> Error {
    Error::new(Code::InvalidRequest, format!("No image can be made of the files: {why}."))
        .with_remedy("The caller's request is wrong; see include/ragnatramp.h.")
}
