//! The first sectors of disks: partition tables.

use super::{crc, little_endian};

pub(crate) const EFI_SYSTEM: u128 = 0xC12A_7328_F81F_11D2_BA4B_00A0_C93E_C93B;
pub(crate) const BIOS_BOOT: u128 = 0x2168_6148_6449_6E6F_744E_6565_6445_4649;
pub(crate) const LINUX_DATA: u128 = 0x0FC6_3DAF_8483_4772_8E79_3D69_D847_7DE4;
pub(crate) const LINUX_ROOT: u128 = 0x4F68_BCE3_E8CD_4DB1_96E7_FBCA_F984_B709;
pub(crate) const WINDOWS_RESERVED: u128 = 0xE3C9_E316_0B5C_4DB8_817D_F92D_F002_15AE;
pub(crate) const WINDOWS_RECOVERY: u128 = 0xDE94_BBA4_06D1_4D40_A16A_BFD5_0179_D6AC;
/// Windows' data, which Linux used as well.
pub(crate) const BASIC_DATA: u128 = 0xEBD0_A0A2_B9E5_4433_87C0_68B6_B726_99C7;

/// The status of a partition from which a BIOS boots.
pub(crate) const ACTIVE: u8 = 0x80;

/// A boot record with partitions of (status, type).
pub(crate) fn mbr(partitions: &[(u8, u8)]) -> Vec<u8> {
    let mut sector = vec![0; 512];
    for (index, (status, kind)) in partitions.iter().enumerate() {
        let entry = &mut sector[446 + index * 16..][..16];
        entry[0] = *status;
        entry[4] = *kind;
        entry[8..12].copy_from_slice(&(2048 * (index as u32 + 1)).to_le_bytes());
        entry[12..16].copy_from_slice(&2048u32.to_le_bytes());
    }
    sector[510..].copy_from_slice(&[0x55, 0xAA]);
    sector
}

/// A protective boot record, a GPT and its partitions of these types, on a disk with sectors of `sector` bytes.
pub(crate) fn gpt(sector: u32, types: &[u128]) -> Vec<u8> {
    gpt_with(sector, types, |_| {})
}

/// The same, with the header changed before its checksum is computed.
pub(crate) fn gpt_with(sector: u32, types: &[u128], change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let sector = sector as usize;
    let mut entries = vec![0; 128 * 128];
    for (index, kind) in types.iter().enumerate() {
        let entry = &mut entries[index * 128..][..128];
        entry[..16].copy_from_slice(&little_endian(*kind));
        entry[16..32].copy_from_slice(&little_endian(index as u128 + 1));
        entry[32..40].copy_from_slice(&(2048 * (index as u64 + 1)).to_le_bytes());
        entry[40..48].copy_from_slice(&(2048 * (index as u64 + 2) - 1).to_le_bytes());
    }
    let mut header = vec![0; 92];
    header[..8].copy_from_slice(b"EFI PART");
    header[8..12].copy_from_slice(&0x0001_0000u32.to_le_bytes());
    header[12..16].copy_from_slice(&92u32.to_le_bytes());
    header[24..32].copy_from_slice(&1u64.to_le_bytes());
    header[72..80].copy_from_slice(&2u64.to_le_bytes());
    header[80..84].copy_from_slice(&128u32.to_le_bytes());
    header[84..88].copy_from_slice(&128u32.to_le_bytes());
    header[88..92].copy_from_slice(&crc(0xEDB8_8320, &entries).to_le_bytes());
    change(&mut header);
    let checksum = crc(0xEDB8_8320, &header);
    header[16..20].copy_from_slice(&checksum.to_le_bytes());

    let mut disk = mbr(&[(0, 0xEE)]);
    disk.resize(sector, 0);
    disk.extend(header);
    disk.resize(2 * sector, 0);
    disk.extend(entries);
    disk
}
