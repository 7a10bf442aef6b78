//! An image's file: opened beside whoever has it open, and read in pieces of bounded size.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::fault::{Flaw, ImageFault, Structure};
use crate::file::{Opened, open_to_read};

/// An open image. Nothing is ever written to it.
pub(super) struct ImageFile {
    path: PathBuf,
    file: File,
    /// In bytes, when it was opened.
    length: u64,
}

impl ImageFile {
    /// Opens a file for reading. On Windows the standard library shares it with readers, writers and deleters, so it is
    /// in nobody's way.
    pub(super) fn open(path: &Path) -> Result<Self, ImageFault> {
        let refused = |source: io::Error| refusal(path, source);
        match open_to_read(path).map_err(refused)? {
            Opened::File(file) => {
                let length = file.metadata().map_err(refused)?.len();
                Ok(ImageFile { path: path.into(), file, length })
            }
            Opened::Folder | Opened::Device => {
                let source = io::Error::new(io::ErrorKind::InvalidInput, "it is no file");
                Err(ImageFault::Unreadable { path: path.into(), source })
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How long the file is, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// When it was last written, in seconds since 2000-01-01 UTC, as a VHD counts; `None` where the system does not say.
    pub(super) fn written(&self) -> Option<u32> {
        const FROM_1970_TO_2000: u64 = 946_684_800;
        let modified = self.file.metadata().ok()?.modified().ok()?;
        let since_1970 = modified.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
        u32::try_from(since_1970.checked_sub(FROM_1970_TO_2000)?).ok()
    }

    /// The `length` bytes at `offset`, which belong to `structure`. The caller bounds `length`.
    pub(super) fn read(
        &self,
        structure: Structure,
        offset: u64,
        length: usize,
    ) -> Result<Vec<u8>, ImageFault> {
        let end = u64::try_from(length).ok().and_then(|length| offset.checked_add(length));
        if end.is_none_or(|end| end > self.length) {
            return Err(self.damaged(structure, offset, Flaw::CutShort));
        }
        let mut bytes = vec![0; length];
        self.fill(offset, &mut bytes).map_err(|source| match source.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(structure, offset, Flaw::CutShort),
            _ => refusal(&self.path, source),
        })?;
        Ok(bytes)
    }

    fn fill(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }

    /// The fault of a structure that begins at `offset`.
    pub(super) fn damaged(&self, structure: Structure, offset: u64, flaw: Flaw) -> ImageFault {
        ImageFault::Damaged { path: self.path.clone(), structure, offset, flaw }
    }
}

/// The bytes of a field of a record that was read whole: `u32::from_le_bytes(field(&record, 8))`.
pub(super) fn field<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    record.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

fn refusal(path: &Path, source: io::Error) -> ImageFault {
    /// ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    const HELD: [Option<i32>; 2] = [Some(32), Some(33)];
    let path = path.into();
    match source.kind() {
        // A file where a folder should be is not there, either.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ImageFault::NotThere { path },
        _ if cfg!(windows) && HELD.contains(&source.raw_os_error()) => ImageFault::InUse { path, source },
        _ => ImageFault::Unreadable { path, source },
    }
}
