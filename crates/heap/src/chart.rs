//! The chart: what of the memory is alive, one bit for each eight bytes, for a full collection that
//! does not touch objects more often than it must.
//!
//! In external memory an access takes as long as seventy instructions, so marks in headers, chains
//! through references and walks over headers are what a collection's time goes into. With a chart,
//! marking reads each object once, in one burst; what is dead is found in the chart alone; and an
//! object's new address is counted together from the bits before it, so that sliding reads and
//! writes what moves once, in long bursts.
//!
//! It lies in memory that nobody uses meanwhile: in the gap of the fast region, in the value stack
//! above its top, and last in the gaps of the others. Where these have no room for it (a fortieth
//! of what the objects take), where something is pinned, and where objects go to another region,
//! `mark.rs` and `compact.rs` collect without one.
//!
//! A piece of it is a run of bits, and then a run of offsets, one for each *block* of 512 bytes:
//! the new address of what is alive from the middle of the block on, so that an object's is counted
//! together from half of the block's bits.

mod marking;
mod sliding;

use crate::generation::{Scope, Survivors};
use crate::region::{MAX_REGIONS, Region};
use crate::root::PIN;
use crate::span::Rest;
use crate::{Heap, Space, raw};

/// Bytes of objects that an offset is for, and what the chart takes for them.
const BLOCK: u32 = 512;
const ENTRY: u32 = BITS + 4;
const BITS: u32 = BLOCK / 64;
/// Most pieces that a chart can be in, and least blocks of one.
const PIECES: usize = 8;
const LEAST: u32 = 64;

/// A run of bits, one of offsets, and the objects' memory that they are for.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where the objects begin, and how many bytes they take, up to the end of a block.
    first: u32,
    len: u32,
    /// Below this address, nothing moves.
    settled: u32,
    /// Where the bits are, and the offsets.
    bits: u32,
    offsets: u32,
}

impl Piece {
    const NONE: Self = Self { first: 0, len: 0, settled: 0, bits: 0, offsets: 0 };

    /// Where the bit of the eight bytes at `offset` is.
    #[inline(always)]
    const fn place(&self, offset: u32) -> Place {
        (self.bits + offset / 256 * 4, (offset / 8) & 31)
    }

    /// The same in a word at any address, in which the bits of a short object are; if it ends in
    /// the next piece, also those.
    #[inline(always)]
    const fn spot(&self, offset: u32) -> Place {
        (self.bits + offset / 64, (offset / 8) & 7)
    }

    /// Where the object at `offset` will be, which is below `settled` or is alive.
    #[inline(always)]
    fn forward(&self, space: &Space, offset: u32) -> u32 {
        let addr = self.first + offset;
        if addr < self.settled {
            return addr;
        }
        let (word, bit) = self.place(offset);
        let bits = raw::load(space, word);
        let middle = raw::load(space, self.offsets + offset / BLOCK * 4);
        if offset & (BLOCK / 2) == 0 {
            middle - (bits >> bit).count_ones() * 8
        } else {
            middle + (bits & ((1 << bit) - 1)).count_ones() * 8
        }
    }
}

/// Which eight bytes are alive.
#[derive(Debug)]
pub(crate) struct Chart {
    pieces: [Piece; PIECES],
    count: usize,
}

/// A bit: the word that it is in, and its number there.
type Place = (u32, u32);

impl Chart {
    /// The piece for an address, and where it is there; `None` if no object can be there.
    #[inline(always)]
    fn piece(&self, addr: u32) -> Option<(&Piece, u32)> {
        let [first, second, rest @ ..] = &self.pieces;
        let offset = addr.wrapping_sub(first.first);
        if offset < first.len {
            return Some((first, offset));
        }
        let offset = addr.wrapping_sub(second.first);
        if offset < second.len {
            return Some((second, offset));
        }
        Self::piece_among(rest, addr)
    }

    #[inline(never)]
    fn piece_among(pieces: &[Piece], addr: u32) -> Option<(&Piece, u32)> {
        let piece = pieces.iter().find(|piece| addr.wrapping_sub(piece.first) < piece.len)?;
        Some((piece, addr - piece.first))
    }

    /// Where the bit of the eight bytes at `addr` is; `None` if no object can be there.
    #[inline(always)]
    fn place(&self, addr: u32) -> Option<Place> {
        self.piece(addr).map(|(piece, offset)| piece.place(offset))
    }

    /// Whether the bit is set.
    #[inline(always)]
    fn is_set(space: &Space, place: Place) -> bool {
        raw::load(space, place.0) >> place.1 & 1 != 0
    }

    /// Whether the object at this address is marked.
    #[cfg(feature = "weak")]
    fn has(&self, space: &Space, addr: u32) -> bool {
        self.place(addr).is_some_and(|place| Self::is_set(space, place))
    }

    /// The first piece.
    const fn first(&self) -> Piece {
        let [first, ..] = self.pieces;
        first
    }

    /// The piece for an address that is not 0; `None` if no object can be there.
    #[inline(never)]
    fn piece_of(&self, addr: u32) -> Option<&Piece> {
        self.pieces.iter().find(|piece| addr.wrapping_sub(piece.first) < piece.len)
    }

    /// Whether there is an object without mark at an address, most likely in this piece.
    #[inline(always)]
    fn is_new(&self, space: &Space, piece: &Piece, addr: u32) -> bool {
        let offset = addr.wrapping_sub(piece.first);
        if offset < piece.len {
            return !Self::is_set(space, piece.place(offset));
        }
        let found = if addr == 0 { None } else { self.piece_of(addr) };
        found.is_some_and(|piece| !Self::is_set(space, piece.place(addr - piece.first)))
    }

    /// Gives the next piece the bits of short objects that end there. Marking has left them behind
    /// those of the piece that they begin in.
    fn join(&self, space: &Space) {
        for piece in self.pieces.iter().take(self.count) {
            let next = self.pieces.iter().find(|next| next.first == piece.first + piece.len);
            if let Some(next) = next.filter(|next| next.len != 0) {
                let bits = raw::load(space, piece.offsets) | raw::load(space, next.bits);
                raw::store(space, next.bits, bits);
            }
        }
    }

    /// Marks `size` bytes at `addr`.
    #[inline(never)]
    fn set(&self, space: &Space, mut addr: u32, size: u32) {
        let end = addr + size;
        let or = |word, bits| raw::store(space, word, raw::load(space, word) | bits);
        while addr < end
            && let Some((piece, offset)) = self.piece(addr)
        {
            let stop = (end - piece.first).min(piece.len);
            let ((word, bit), (last, last_bit)) = (piece.place(offset), piece.place(stop - 8));
            let (head, tail) = (u32::MAX << bit, u32::MAX >> (31 - last_bit));
            if word == last {
                or(word, head & tail);
            } else {
                or(word, head);
                raw::fill(space, word + 4, last - word - 4, 0xff);
                or(last, tail);
            }
            addr = piece.first + stop;
        }
    }

    /// The first address from `addr` on, below `end`, whose bit is as wanted; `end` if there is none.
    fn find(&self, space: &Space, mut addr: u32, end: u32, wanted: bool) -> u32 {
        let flip = if wanted { 0 } else { u32::MAX };
        while addr < end
            && let Some((word, bit)) = self.place(addr)
        {
            let bits = (raw::load(space, word) ^ flip) >> bit;
            if bits != 0 {
                return end.min(addr + bits.trailing_zeros() * 8);
            }
            addr += (32 - bit) * 8;
        }
        end
    }

    /// Bytes that are alive from `addr` to `end`.
    fn alive(&self, space: &Space, mut addr: u32, end: u32) -> u32 {
        let mut bytes = 0;
        while addr < end
            && let Some((piece, offset)) = self.piece(addr)
        {
            let stop = (end - piece.first).min(piece.len);
            let (mut word, last) = (piece.place(offset).0, piece.place(stop - 8).0);
            while word <= last {
                bytes += raw::load(space, word).count_ones() * 8;
                word += 4;
            }
            addr = piece.first + stop;
        }
        bytes
    }

    /// Says that nothing below `settled` moves in the region that begins at `base`, and everything
    /// alive up to `end` slides down to there. Returns where that will end.
    fn number(&mut self, space: &Space, base: u32, settled: u32, end: u32) -> u32 {
        let mut to = settled;
        for piece in self.pieces.iter_mut().take(self.count) {
            if piece.first < base || piece.first >= end {
                continue;
            }
            piece.settled = settled;
            let mut offset = settled.saturating_sub(piece.first) & !(BLOCK - 1);
            while offset < piece.len && piece.first + offset < end {
                let addr = piece.first + offset;
                let word = piece.place(offset).0;
                let low = raw::load(space, word);
                let bits = u64::from(raw::load(space, word + 4)) << 32 | u64::from(low);
                // What of the block is alive and does not move.
                let below = match settled.saturating_sub(addr) / 8 {
                    0 => 0,
                    count => (bits & ((1 << count) - 1)).count_ones() * 8,
                };
                let middle = to - below + low.count_ones() * 8;
                raw::store(space, piece.offsets + offset / BLOCK * 4, middle);
                to += bits.count_ones() * 8 - below;
                offset += BLOCK;
            }
        }
        to
    }

    /// What a word that is no NULL will be.
    #[inline(always)]
    fn forward(&self, space: &Space, word: u32) -> u32 {
        match self.piece(word) {
            Some((piece, offset)) => piece.forward(space, offset),
            None => word,
        }
    }
}

impl Heap {
    /// An empty chart for a full collection; `None` if it has to do without.
    pub(crate) fn lay_chart(&mut self, scope: Scope, survivors: Survivors) -> Option<Chart> {
        // Both ways are to be tested.
        let other = cfg!(any(test, feature = "zeal")) && self.counts.full % 2 == 1;
        if scope != Scope::Full || other || self.has_pins() || self.would_leave(survivors) {
            return None;
        }
        // What is free, the fastest first.
        let mut areas = [Rest { next: 0, end: 0 }; MAX_REGIONS + 1];
        let gap = |region: &Region| Rest { next: region.top, end: region.end };
        let stack = Rest { next: self.sp.get(), end: self.stack_end };
        let [fast, others @ ..] = &mut areas;
        *fast = gap(&self.region(self.fast));
        for (area, region) in others.iter_mut().zip(self.used_regions()) {
            *area = gap(region);
        }
        if let Some(area) = others.get_mut(self.fast) {
            *area = stack;
        }
        let mut chart = Chart { pieces: [Piece::NONE; PIECES], count: 0 };
        for region in self.used_regions().iter().rev() {
            let mut first = region.base;
            let mut blocks = (region.top - region.base).div_ceil(BLOCK);
            while blocks != 0 {
                let enough = |area: &&mut Rest| area.end - area.next >= blocks.min(LEAST) * ENTRY;
                let area = areas.iter_mut().find(enough)?;
                let part = blocks.min((area.end - area.next) / ENTRY);
                let piece = chart.pieces.get_mut(chart.count)?;
                let (bits, offsets) = (area.next, area.next + part * BITS);
                // The last block may be longer than what is left of the region.
                let len = (part * BLOCK).min(region.end - first);
                *piece = Piece { first, len, settled: 0, bits, offsets };
                chart.count += 1;
                raw::fill(&self.space, bits, part * BITS + 4, 0);
                area.next += part * ENTRY;
                first += part * BLOCK;
                blocks -= part;
            }
        }
        // What is left is for the mark stack, in one of the gaps.
        let gaps = areas.iter().filter(|area| area.end != self.stack_end);
        let rest = gaps.max_by_key(|area| area.end - area.next);
        self.marker.begin(rest.map_or((0, 0), |area| (area.next, area.end)));
        Some(chart)
    }

    /// Whether an object is pinned.
    fn has_pins(&self) -> bool {
        let mut addr = self.roots_base;
        while addr < self.stack_base {
            if raw::load(&self.space, addr) == PIN {
                return true;
            }
            addr += 4;
        }
        false
    }

    /// Whether survivors would leave their region.
    fn would_leave(&self, survivors: Survivors) -> bool {
        let fast = self.region(self.fast);
        let slack = match survivors {
            Survivors::Stay => return false,
            Survivors::Leave => return true,
            Survivors::Promote | Survivors::Age => 0,
            // A minor collection has just moved what it could.
            Survivors::Settle => (self.large_words * 4).min(self.nursery / 8),
        };
        let limit = self.promotion_limit(&fast) + slack;
        self.fast < self.large && fast.top - fast.base > limit
    }
}
