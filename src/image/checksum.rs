//! The checksums that images and partition tables carry.

/// CRC-32C (Castagnoli), as VHDX has it.
pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    crc(&CASTAGNOLI, bytes)
}

/// CRC-32 (IEEE 802.3), as GPT has it.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    crc(&IEEE, bytes)
}

/// The one's complement of the sum of all bytes, as VHD has it.
pub(super) fn complement_sum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)))
}

/// `record` with zeros in place of its four bytes of checksum at `at`: what the checksum was computed over.
pub(super) fn without_checksum(record: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = record.to_vec();
    if let Some(checksum) = bytes.get_mut(at..at + 4) {
        checksum.fill(0);
    }
    bytes
}

static CASTAGNOLI: [u32; 256] = table(0x82F6_3B78);
static IEEE: [u32; 256] = table(0xEDB8_8320);

/// The remainders of all bytes for a polynomial whose bits are in reversed order.
const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "it is below 256")]
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            remainder = if remainder & 1 == 1 { (remainder >> 1) ^ polynomial } else { remainder >> 1 };
            bit += 1;
        }
        table[byte] = remainder;
        byte += 1;
    }
    table
}

fn crc(table: &[u32; 256], bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        let [low, ..] = crc.to_le_bytes();
        table[usize::from(low ^ byte)] ^ (crc >> 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_values_of_both_crcs() {
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
