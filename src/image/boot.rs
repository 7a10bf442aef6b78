//! Which generation of a VM boots an image, and which system is in it.

use std::path::Path;

use super::chain::Chain;
use super::guid::Guid;
use super::model::Format;
use super::partitions::{self, MbrPartition, Partitions};
use super::verdict::{BootVerdict, Generations, System, Undecided};

const EFI_SYSTEM: Guid = Guid(0xC12A_7328_F81F_11D2_BA4B_00A0_C93E_C93B);
const BIOS_BOOT: Guid = Guid(0x2168_6148_6449_6E6F_744E_6565_6445_4649);

/// Partitions that Linux alone makes.
const LINUX: [Guid; 9] = [
    // Data, which is what most installers take for all of it.
    Guid(0x0FC6_3DAF_8483_4772_8E79_3D69_D847_7DE4),
    // The root for x86-64, and for ARM64.
    Guid(0x4F68_BCE3_E8CD_4DB1_96E7_FBCA_F984_B709),
    Guid(0xB921_B045_1DF0_41C3_AF44_4C6F_280D_3FAE),
    // /usr for x86-64, /boot, /home.
    Guid(0x8484_680C_9521_48C6_9C11_B072_0656_F69E),
    Guid(0xBC13_C2FF_59E6_4262_A352_B275_FD6F_7172),
    Guid(0x933A_C7E1_2EB4_4F13_B844_0E14_E2AE_F915),
    // Swap, LVM, RAID.
    Guid(0x0657_FD6D_A4AB_43C4_84E5_0933_C84B_4F4F),
    Guid(0xE6D6_D379_F507_44C2_A23C_238F_2A3D_F928),
    Guid(0xA19D_880F_05FC_4D3B_A006_743F_0F84_911E),
];

/// Partitions that Windows alone makes: reserved, recovery. Its data partitions have a type that Linux used as well.
const WINDOWS: [Guid; 2] =
    [Guid(0xE3C9_E316_0B5C_4DB8_817D_F92D_F002_15AE), Guid(0xDE94_BBA4_06D1_4D40_A16A_BFD5_0179_D6AC)];

/// The same for an MBR: data, swap, LVM, RAID; NTFS, recovery.
const LINUX_IN_MBR: [u8; 4] = [0x83, 0x82, 0x8E, 0xFD];
const WINDOWS_IN_MBR: [u8; 2] = [0x07, 0x27];
const EFI_SYSTEM_IN_MBR: u8 = 0xEF;

/// How the image at `path` boots, by the partition table of its disk. What the disk leaves to its parents is read from
/// them. Whatever is damaged, foreign or open in a VM is unknown, with the reason.
pub fn boot(path: &Path) -> BootVerdict {
    let unknown =
        |reason, system| BootVerdict { generations: Generations::Unknown, system, reason: Some(reason) };
    let read = || {
        let chain = Chain::open(path)?;
        Ok((partitions::read(&chain)?, chain.image().format))
    };
    let (partitions, format) = match read() {
        Ok(read) => read,
        Err(reason) => return unknown(reason, System::Unknown),
    };
    let (firmware, system) = match &partitions {
        Partitions::Mbr(partitions) => (of_mbr(partitions), system_of_mbr(partitions)),
        Partitions::Gpt(types) => (of_gpt(types), system_of(types, &LINUX, &WINDOWS)),
    };
    let generations = match (firmware, format) {
        (Ok(Generations::Two), Format::Vhd) => Err(Undecided::UefiInVhd),
        (Ok(Generations::Both), Format::Vhd) => Ok(Generations::One),
        (firmware, _) => firmware,
    };
    match generations {
        Ok(generations) => BootVerdict { generations, system, reason: None },
        Err(reason) => unknown(reason, system),
    }
}

fn of_mbr(partitions: &[MbrPartition]) -> Result<Generations, Undecided> {
    let is_active = partitions.iter().any(|partition| partition.is_active);
    let has_efi = partitions.iter().any(|partition| partition.kind == EFI_SYSTEM_IN_MBR);
    either(is_active, has_efi).ok_or(Undecided::NothingActive)
}

fn of_gpt(types: &[Guid]) -> Result<Generations, Undecided> {
    either(types.contains(&BIOS_BOOT), types.contains(&EFI_SYSTEM)).ok_or(Undecided::NothingToBoot)
}

fn either(has_bios: bool, has_uefi: bool) -> Option<Generations> {
    match (has_bios, has_uefi) {
        (true, true) => Some(Generations::Both),
        (true, false) => Some(Generations::One),
        (false, true) => Some(Generations::Two),
        (false, false) => None,
    }
}

fn system_of_mbr(partitions: &[MbrPartition]) -> System {
    let kinds: Vec<u8> = partitions.iter().map(|partition| partition.kind).collect();
    system_of(&kinds, &LINUX_IN_MBR, &WINDOWS_IN_MBR)
}

fn system_of<T: PartialEq>(kinds: &[T], linux: &[T], windows: &[T]) -> System {
    let has = |known: &[T]| kinds.iter().any(|kind| known.contains(kind));
    match (has(linux), has(windows)) {
        (true, false) => System::Linux,
        (false, true) => System::Windows,
        _ => System::Unknown,
    }
}
