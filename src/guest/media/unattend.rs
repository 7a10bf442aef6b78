//! The disc that names a Windows machine at its first boot: an answer file, where Windows Setup looks for one by itself.

use super::PLAIN_LABEL;
use super::image::image;
use super::tree::{File, is_plain, refused};
use crate::config::names::COMPUTER_NAME_LENGTH;
use crate::error::Result;

/// The name by which Setup finds an answer file in the root of a drive, in the passes of an image that was generalized
/// (sysprep).
const ANSWER_FILE: &str = "Unattend.xml";

/// Those of the guests of Hyper-V. Setup passes over a component that is not of its own.
const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// What asks Windows for a random name, as far as it is this setting's alone.
const RANDOM_NAME: &[u8] = b"<ComputerName>*</ComputerName>";

/// What a machine's first boot is told.
#[derive(Debug, Clone, Copy)]
pub struct Unattend<'a> {
    /// The name of the machine.
    pub computer_name: &'a str,
    /// The user's own answer file. It is handed on byte for byte, but that a name which it leaves to chance becomes the machine's.
    pub answer_file: Option<&'a [u8]>,
}

/// The image of the disc. The same content gives the same bytes.
///
/// # Errors
/// As [`image()`](super::image()), and where the name is not of 1 to 15 letters, digits and hyphens.
pub fn unattend(unattend: &Unattend<'_>) -> Result<Vec<u8>> {
    let name = unattend.computer_name;
    if name.len() > COMPUTER_NAME_LENGTH || !is_plain(name) {
        return Err(refused(&format!(
            "'{name}' is not of 1 to {COMPUTER_NAME_LENGTH} letters, digits and hyphens"
        )));
    }
    let element = format!("<ComputerName>{name}</ComputerName>");
    let content = match unattend.answer_file {
        Some(own) => replaced(own, RANDOM_NAME, element.as_bytes()),
        None => answer_file(&element).into_bytes(),
    };
    image(PLAIN_LABEL, &[File { name: ANSWER_FILE, bytes: &content }])
}

/// The answer file that names a machine: all else the image has to answer itself, or the user.
fn answer_file(computer_name: &str) -> String {
    let component = |architecture: &str| {
        format!(
            "    <component name=\"Microsoft-Windows-Shell-Setup\" processorArchitecture=\"{architecture}\" \
             publicKeyToken=\"31bf3856ad364e35\" language=\"neutral\" versionScope=\"nonSxS\">\n      \
             {computer_name}\n    </component>\n"
        )
    };
    let components: String = ARCHITECTURES.map(component).concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <unattend xmlns=\"urn:schemas-microsoft-com:unattend\">\n  \
         <settings pass=\"specialize\">\n{components}  </settings>\n</unattend>\n"
    )
}

/// `bytes` with `new` in every place of `old`.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(place) = rest.windows(old.len()).position(|window| window == old) {
        let (before, from) = rest.split_at(place);
        all.extend_from_slice(before);
        all.extend_from_slice(new);
        rest = from.get(old.len()..).unwrap_or_default();
    }
    all.extend_from_slice(rest);
    all
}
