//! A file that is to be read: opened once, and never waited for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What is at a path that is to be read.
#[derive(Debug)]
pub(crate) enum Opened {
    /// A file, open.
    File(File),
    /// A folder.
    Folder,
    /// A pipe or a device: to read it may not end.
    Device,
}

/// Opens what is at `path`. On Linux it is looked at first, since to open a pipe waits for its other end.
#[cfg(unix)]
pub(crate) fn open_to_read(path: &Path) -> io::Result<Opened> {
    let found = std::fs::metadata(path)?;
    match (found.is_file(), found.is_dir()) {
        (true, _) => Ok(Opened::File(File::open(path)?)),
        (false, true) => Ok(Opened::Folder),
        (false, false) => Ok(Opened::Device),
    }
}

/// Opens what is at `path`, and asks its handle what it is: each question by a path would open the file once more.
#[cfg(windows)]
#[allow(unsafe_code)]
pub(crate) fn open_to_read(path: &Path) -> io::Result<Opened> {
    use std::os::windows::io::AsRawHandle;
    use windows_sys::Win32::Storage::FileSystem::{FILE_TYPE_DISK, GetFileType};

    let file = match File::open(path) {
        Ok(file) => file,
        // That is all that Windows says of a folder.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.is_dir() => {
            return Ok(Opened::Folder);
        }
        Err(error) => return Err(error),
    };
    // SAFETY: the handle is that of the open file.
    match unsafe { GetFileType(file.as_raw_handle()) } {
        FILE_TYPE_DISK => Ok(Opened::File(file)),
        _ => Ok(Opened::Device),
    }
}

/// The bytes of a file, `most` of them. The length is not asked for, since most files of a lab fit into the first buffer.
pub(crate) fn read_up_to(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1 << 16);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_a_bound_and_a_folder_is_told_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, vec![7; 100_000]).unwrap();
        let open = || match open_to_read(&path).unwrap() {
            Opened::File(file) => file,
            other => panic!("{other:?}"),
        };
        assert_eq!(read_up_to(open(), 1 << 20).unwrap(), vec![7; 100_000]);
        assert_eq!(read_up_to(open(), 70_000).unwrap().len(), 70_000);
        assert!(matches!(open_to_read(folder.path()).unwrap(), Opened::Folder));
        let missing = open_to_read(&folder.path().join("missing")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let device = Path::new(if cfg!(windows) { "NUL" } else { "/dev/null" });
        assert!(matches!(open_to_read(device).unwrap(), Opened::Device));
    }
}
