//! How much stack a function takes, read from its first instructions (Thumb-2).
//!
//! A compiler's function pushes registers and lowers the stack pointer at its start. What it may
//! push later (rare) is not seen, so the figure is a lower bound.

/// Bytes that the function with this code puts on the stack at its start.
pub fn frame_size(code: &[u8]) -> u64 {
    const PROLOGUE: usize = 20;
    let mut halves = code.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let mut size = 0;
    for _ in 0..PROLOGUE {
        let Some(first) = halves.next() else { break };
        // 32-bit instructions begin with 0b11101, 0b11110 or 0b11111.
        let is_wide = first >> 11 >= 0b11101;
        if !is_wide {
            match first >> 7 {
                // push {…}: eight registers and lr.
                0b1_0110_1000..=0b1_0110_1011 => {
                    size += u64::from((first & 0x1ff).count_ones()) * 4
                }
                // sub sp, #4 × imm7
                0b1_0110_0001 => size += u64::from(first & 0x7f) * 4,
                _ => {}
            }
            continue;
        }
        let Some(second) = halves.next() else { break };
        match first {
            // push.w {…}
            0xe92d => size += u64::from(second.count_ones()) * 4,
            // vpush {…}: imm8 words.
            0xed2d => size += u64::from(second & 0xff) * 4,
            _ => size += lowered(first, second),
        }
    }
    size
}

/// What `sub.w sp, sp, #n` or `subw sp, sp, #n` lowers the stack pointer by; 0 for anything else.
fn lowered(first: u16, second: u16) -> u64 {
    // The destination is sp.
    if second & 0x8f00 != 0x0d00 {
        return 0;
    }
    let i = u32::from(first >> 10 & 1);
    let packed = i << 11 | u32::from(second >> 12 & 7) << 8 | u32::from(second & 0xff);
    match first & !0x0400 {
        0xf2ad => u64::from(packed),
        0xf1ad => u64::from(expanded(packed)),
        _ => 0,
    }
}

/// The 32-bit constant behind twelve bits of an instruction.
fn expanded(packed: u32) -> u32 {
    let byte = packed & 0xff;
    match packed >> 8 {
        0 => byte,
        1 => byte << 16 | byte,
        2 => byte << 24 | byte << 8,
        3 => byte * 0x0101_0101,
        _ => (0x80 | byte & 0x7f).rotate_right(packed >> 7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(halves: &[u16], expect: u64) {
        let code: Vec<u8> = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
        assert_eq!(frame_size(&code), expect, "{halves:x?}");
    }

    #[test]
    fn pushes_and_subtractions_are_added() {
        check(&[0x4770], 0);
        // push {r4, r5, r6, r7, lr}; add r7, sp, #12; sub sp, #16
        check(&[0xb5f0, 0xaf03, 0xb084], 36);
        // push {r7, lr}; push.w {r8, r9, r11}
        check(&[0xb580, 0xe92d, 0x0b00], 20);
        // vpush {d8}; sub.w sp, sp, #560
        check(&[0xed2d, 0x8b02, 0xf5ad, 0x7d0c], 568);
        // subw sp, sp, #2052
        check(&[0xf6ad, 0x0d04], 2052);
    }
}
