//! Aging: in the fast region, an object is promoted when it has survived two minor collections.
//!
//! Sliding keeps the order, so those that have survived one, the *aged* ones, lie between the floor
//! and `aged_end`, and what is new lies above. A minor collection promotes what is alive below
//! `aged_end`; the rest slides down, stays young, and is what is aged from then on. So what lives
//! as long as a nursery takes to fill does not become old, and does not get to external memory.
//!
//! Aging is left out, and everything is promoted at once, when more survives for the first time
//! than there is room for, or when more of it is referred to by old objects than the remembered set
//! should have: such objects live long. A cycle that waits for the roots needs that, too, and so
//! does a region with pinned objects.
//!
//! `aged_end` may have any value: which objects are old, the floor alone says.
//!
//! INVARIANT stays: what is old after a minor collection and refers to an object that stays young
//! is in the remembered set. What was there already is looked through between the two passes of
//! sliding, and what is promoted when it is passed for the second time.

use crate::generation::{Scope, Survivors};
use crate::object::Header;
use crate::region::RegionClass;
use crate::{Heap, raw};

/// What stays young may have so many quarters of a nursery.
const ROOM: u32 = 3;

/// What aging knows.
#[derive(Debug)]
pub(crate) struct Aging {
    /// Where the objects end that have survived once.
    aged_end: u32,
    /// What stays young at the minor collection that is running: its addresses from then on, start
    /// and length.
    staying: (u32, u32),
    /// There is not more room for it than this, because a program has placed objects there.
    room: u32,
}

impl Aging {
    pub(super) const fn new() -> Self {
        Self { aged_end: 0, staying: (0, 0), room: u32::MAX }
    }

    /// Nothing has survived just once.
    pub(super) const fn clear(&mut self) {
        self.aged_end = 0;
    }
}

/// What marking counts.
#[derive(Debug)]
pub(crate) struct Census {
    /// Where the new objects of the fast region are: start and length.
    fresh: (u32, u32),
    /// Bytes of these that are alive.
    staying: u32,
    /// Words of other young objects that refer to them.
    crossing: u32,
}

impl Census {
    pub(crate) const NONE: Self = Self { fresh: (0, 0), staying: 0, crossing: 0 };

    /// Whether the word before `next`, which refers to a young object, is to be counted if it is
    /// one of a young object.
    #[inline(always)]
    pub(crate) const fn meets(&self, next: u32, object: u32) -> bool {
        is_in(object, self.fresh) && !is_in(next - 4, self.fresh)
    }

    /// Counts it: if its object is promoted, it must be remembered.
    pub(crate) const fn cross(&mut self) {
        self.crossing += 1;
    }

    /// A young object is alive.
    #[inline(always)]
    pub(crate) fn count(&mut self, object: u32, header: Header) {
        if is_in(object, self.fresh) {
            self.staying += header.size();
        }
    }
}

#[inline(always)]
const fn is_in(addr: u32, (start, len): (u32, u32)) -> bool {
    addr.wrapping_sub(start) < len
}

/// Where promotion ends in a region, as sliding goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Border {
    /// Objects below this address are promoted.
    from: u32,
    /// Where those end afterwards, and all.
    floor: u32,
    top: u32,
}

impl Border {
    pub(crate) const NONE: Self = Self { from: u32::MAX, floor: 0, top: 0 };

    /// Whether the object at this address is promoted.
    #[inline(always)]
    pub(crate) const fn promotes(&self, addr: u32) -> bool {
        addr < self.from
    }

    /// Up to where objects may settle, when those that are promoted leave at `limit`.
    #[inline(always)]
    pub(crate) fn last(&self, top: u32, limit: u32) -> u32 {
        if self.from <= limit { top } else { top.min(limit) }
    }

    /// The region's objects end here, if nothing more is alive.
    #[inline(always)]
    pub(crate) const fn begin(&mut self, end: u32) {
        (self.floor, self.top) = (end, end);
    }

    /// The object at this address will end at `end`.
    #[inline(always)]
    pub(crate) const fn pass(&mut self, addr: u32, end: u32) {
        self.top = end;
        if self.promotes(addr) {
            self.floor = end;
        }
    }

    /// The region's floor, if its objects end at `top`.
    #[inline(always)]
    pub(crate) const fn floor(&self, _top: u32) -> u32 {
        self.floor
    }
}

impl Heap {
    /// Where the new objects begin.
    fn fresh_start(&self) -> u32 {
        let fast = self.region(self.fast);
        self.cycle.aging.aged_end.max(fast.floor).min(fast.top)
    }

    /// Bytes of young objects in a region that have survived once.
    pub(crate) fn aged(&self, region: usize) -> u32 {
        if region == self.fast { self.fresh_start() - self.region(region).floor } else { 0 }
    }

    /// Room in the fast region, beside the nursery, for what stays young.
    pub(crate) const fn aging_room(&self) -> u32 {
        let most = (self.nursery / 4 * ROOM) & !7;
        if most < self.cycle.aging.room { most } else { self.cycle.aging.room }
    }

    /// Gives some of that room up for an object of so many bytes that the program wants in the fast
    /// region, behind all others. False if there is none.
    pub(crate) fn yield_aging_room(&mut self, bytes: u32) -> bool {
        let fast = self.region(self.fast);
        let end = fast.top - fast.base + bytes;
        let Some(left) = (fast.size() - self.nursery).checked_sub(end) else { return false };
        let left = left & !7;
        let yields = left < self.aging_room();
        if yields {
            self.cycle.aging.room = left;
        }
        yields
    }

    /// Takes the room back, after a full collection, if nothing is there.
    pub(super) fn reclaim_aging_room(&mut self) {
        let fast = self.region(self.fast);
        let room = core::mem::replace(&mut self.cycle.aging.room, u32::MAX);
        if fast.top - fast.base > self.promotion_limit(&fast) {
            self.cycle.aging.room = room;
        }
    }

    /// Whether any object is young.
    pub(super) fn has_young(&self) -> bool {
        self.used_regions().iter().any(|region| region.top != region.floor)
    }

    /// Before marking: what is to be counted.
    pub(crate) fn census(&self) -> Census {
        let (fast, fresh) = (self.region(self.fast), self.fresh_start());
        Census { fresh: (fresh, fast.top - fresh), ..Census::NONE }
    }

    /// After marking: which young objects of the fast region are promoted.
    pub(crate) fn promotion_border(&self, scope: Scope, survivors: Survivors) -> Border {
        let fast = self.region(self.fast);
        let Census { staying, crossing, .. } = self.marker.census;
        let ages = scope == Scope::Minor
            && survivors == Survivors::Age
            && fast.class == RegionClass::Fast
            && !fast.pinned
            && !self.cycle.pace.ready
            && staying <= self.aging_room()
            && fast.end - fast.floor >= self.nursery + staying
            && self.remembered.has_room_for(crossing);
        if ages { Border { from: self.fresh_start(), ..Border::NONE } } else { Border::NONE }
    }

    /// Between the passes of sliding: references are what they will be, and the fast region's
    /// objects will lie as its border says.
    pub(crate) fn keep_remembered(&mut self, border: &Border) {
        self.cycle.aging.staying = (border.floor, border.top - border.floor);
        if border.top != border.floor {
            self.retain_remembered(|heap, slot| heap.stays_young(slot));
        }
    }

    /// Whether the word refers to an object that stays young.
    fn stays_young(&self, slot: u32) -> bool {
        let word = raw::load(&self.space, slot);
        word & 7 == 0 && is_in(word, self.cycle.aging.staying)
    }

    /// The flag of an object that is promoted from `addr`, with its last references, to `new`.
    #[inline(always)]
    pub(crate) fn promote(&self, addr: u32, new: u32, header: Header) -> u32 {
        if self.cycle.aging.staying.1 == 0 {
            return Header::WATCHED;
        }
        let (mut slot, end) = header.traced(addr).unwrap_or((0, 0));
        while slot < end {
            if self.stays_young(slot) {
                return self.remember_promoted(addr, new, header, slot);
            }
            slot += 4;
        }
        Header::WATCHED
    }

    /// The same when `slot` is its first word that refers to an object that stays young.
    #[cold]
    #[inline(never)]
    fn remember_promoted(&self, addr: u32, new: u32, header: Header, first: u32) -> u32 {
        let (mut slot, end) = (first, header.traced(addr).map_or(0, |(_, end)| end));
        while self.remembered.by_word(header.words()) && slot < end {
            if self.stays_young(slot) && !self.remembered.push(slot - addr + new) {
                break;
            }
            slot += 4;
        }
        if slot >= end {
            return Header::WATCHED;
        }
        if slot != first {
            self.remembered.forget_words(new, new + header.size());
        }
        self.remembered.push_whole(new, header.words());
        0
    }

    /// The promoted objects from `addr` to `end`, which did not move, are looked through.
    pub(crate) fn promote_settled(&self, mut addr: u32, end: u32, border: &Border) {
        if self.cycle.aging.staying.1 == 0 {
            return;
        }
        while addr < end && border.promotes(addr) {
            let header = self.header(addr);
            let flag = self.promote(addr, addr, header);
            raw::store(&self.space, addr, header.0 & !Header::WATCHED | flag);
            addr += header.size();
        }
    }

    /// After a minor collection: all that is young has survived. Says whether anything is.
    pub(crate) fn age(&mut self) -> bool {
        let fast = self.region(self.fast);
        self.cycle.aging.aged_end = fast.top;
        fast.top != fast.floor
    }
}
