//! CRC-32 as littlefs computes it: reflected 0x04c11db7, no final inversion.

/// What every checksum starts from.
pub(super) const START: u32 = u32::MAX;

/// The checksum of one nibble; 16 words instead of 256, for flash.
const TABLE: [u32; 16] = table();

const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut idx = 0;
    while idx < 16 {
        let mut word = idx as u32;
        let mut bit = 0;
        while bit < 4 {
            word = if word & 1 == 1 { word >> 1 ^ 0xedb8_8320 } else { word >> 1 };
            bit += 1;
        }
        table[idx] = word;
        idx += 1;
    }
    table
}

#[inline(never)]
pub(super) fn crc(start: u32, data: &[u8]) -> u32 {
    let step = |crc: u32, nibble: u32| {
        let idx = (crc ^ nibble) & 0xf;
        crc >> 4 ^ TABLE.get(idx as usize).copied().unwrap_or(0)
    };
    data.iter().fold(start, |crc, &byte| {
        let byte = u32::from(byte);
        step(step(crc, byte), byte >> 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_the_standard_one() {
        assert_eq!(!crc(START, b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(crc(START, b"1234"), b"56789"), crc(START, b"123456789"));
    }
}
