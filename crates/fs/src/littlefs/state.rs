//! `GlobalState`: what the whole file system is in the middle of.
//!
//! Its value is the xor of the shares that all metadata pairs hold, so that one commit anywhere can
//! change it together with something else, in one step.

use super::pair::Pair;
use super::tag::{Tag, kind};

/// Set while a directory may be in the tail list without a parent.
const ORPHANS: u32 = 1 << 31;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct GlobalState {
    tag: u32,
    pair: Pair,
}

impl GlobalState {
    pub(super) const SIZE: usize = 12;
    pub(super) const NONE: Self = Self { tag: 0, pair: [0, 0] };

    pub(super) fn from_bytes(bytes: [u8; Self::SIZE]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        Self {
            tag: u32::from_le_bytes([a, b, c, d]),
            pair: [u32::from_le_bytes([e, f, g, h]), u32::from_le_bytes([i, j, k, l])],
        }
    }

    pub(super) fn to_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let words = [self.tag, self.pair[0], self.pair[1]];
        for (room, word) in bytes.chunks_exact_mut(4).zip(words) {
            room.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn xor(self, other: Self) -> Self {
        Self {
            tag: self.tag ^ other.tag,
            pair: [self.pair[0] ^ other.pair[0], self.pair[1] ^ other.pair[1]],
        }
    }

    /// Without the bits that C littlefs keeps in memory only.
    pub(super) fn on_disk(self) -> Self {
        Self { tag: self.tag & !0x3ff, ..self }
    }

    pub(super) fn has_orphans(self) -> bool {
        self.tag & ORPHANS != 0
    }

    pub(super) fn set_orphans(&mut self, yes: bool) {
        self.tag = self.tag & !ORPHANS | u32::from(yes) << 31;
    }

    /// The entry that a rename has copied and not yet deleted.
    pub(super) fn moved(self) -> Option<(Pair, u16)> {
        let tag = Tag(self.tag);
        (tag.kind() & 0x700 != 0).then_some((self.pair, tag.id()))
    }

    pub(super) fn set_moved(&mut self, from: Option<(Pair, u16)>) {
        let orphans = self.tag & ORPHANS;
        let (tag, pair) = match from {
            Some((pair, id)) => (Tag::new(kind::DELETE, id, 0).0, pair),
            None => (0, [0, 0]),
        };
        *self = Self { tag: tag | orphans, pair };
    }
}
