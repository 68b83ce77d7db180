//! Random bytes for seeds, from the jitter of when things happen.
//!
//! The emulator has no random source. This mixes the clock at each request into a counter-driven
//! generator (splitmix64): two boots differ as soon as their timing does. Under a deterministic
//! clock it is deterministic, which is what measurements want.

use crate::timer;

/// The generator's state.
#[derive(Debug, Default)]
pub(crate) struct Entropy {
    state: u64,
}

impl Entropy {
    /// Fills `buf`.
    pub(crate) fn fill(&mut self, buf: &mut [u8]) {
        self.state ^= timer::ticks().rotate_left(17);
        for chunk in buf.chunks_mut(8) {
            self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.state;
            word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ word >> 31).to_le_bytes()[..chunk.len()]);
        }
    }
}
