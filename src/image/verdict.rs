//! What can be said of how an image boots.

use super::fault::ImageFault;

/// The generations of a VM that boot an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generations {
    /// Generation 1 alone (BIOS).
    One,
    /// Generation 2 alone (UEFI).
    Two,
    /// Either.
    Both,
    /// It cannot be said: [`BootVerdict::reason`] says why.
    Unknown,
}

/// The system in an image, which decides the template of Secure Boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Partitions that Linux alone makes.
    Linux,
    /// Partitions that Windows alone makes.
    Windows,
    /// Neither, or both.
    Unknown,
}

/// How an image boots, by its partition table.
#[derive(Debug)]
pub struct BootVerdict {
    /// What boots it.
    pub generations: Generations,
    /// What is in it.
    pub system: System,
    /// Why `generations` is unknown; there exactly then. The user has to say the generation.
    pub reason: Option<Undecided>,
}

/// Why the generation of an image is unknown, to follow the image's name.
#[derive(Debug, thiserror::Error)]
pub enum Undecided {
    /// The image or one of its parents could not be read.
    #[error(transparent)]
    Image(#[from] ImageFault),

    /// The first sector is no boot record.
    #[error("its first sector holds no partition table")]
    NoTable,

    /// A GPT is where a disk with the other sector size has it, as after a conversion that kept the bytes.
    #[error("its partition table was written for sectors of {written} bytes, and the disk has {actual}")]
    OtherSectorSize {
        /// The sector size for which it was written, in bytes.
        written: u32,
        /// The sector size of the disk, in bytes.
        actual: u32,
    },

    /// The first sector announces a GPT that is not there or not whole.
    #[error("its partition table (GPT) is damaged")]
    DamagedGpt,

    /// An MBR whose partitions a BIOS does not boot and UEFI does not know.
    #[error("none of its partitions is marked as active, and none is an EFI system partition")]
    NothingActive,

    /// A GPT without what either way of booting needs.
    #[error("it has neither an EFI system partition nor a BIOS boot partition")]
    NothingToBoot,

    /// Only UEFI boots it, and only generation 2 has UEFI, and generation 2 takes no VHD.
    #[error("it boots by UEFI only, and a VM with UEFI takes no VHD: Convert-VHD makes a VHDX of it")]
    UefiInVhd,
}
