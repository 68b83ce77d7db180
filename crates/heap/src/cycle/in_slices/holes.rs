//! Holes: the memory of dead old objects, in lists by size that run through the holes themselves.
//!
//! A hole is a filler, so that walks step over it; its first payload word is the next hole of its
//! list. Holes of up to [`EXACT`] bytes have a list for each size, longer ones for each power of
//! two, so that a look at one word of bits finds a hole that is long enough. Holes before objects
//! that stay while others slide are in a list at once. Those that shrinking an object or giving one
//! back leaves are in none until a cycle sweeps over them.

use crate::region::{Holes, MAX_REGIONS};
use crate::{Heap, MAX_WORDS, object_size, raw};

/// Up to this many bytes, all holes of a list have the same size.
const EXACT: u32 = 128;
/// How many such lists there are.
const EXACT_LISTS: u32 = EXACT / 8;
/// And of the others: the last one begins with 16 MB.
const LISTS: usize = EXACT_LISTS as usize + 18;
/// In a list of different sizes, so many holes are looked at.
const LOOKED_AT: u32 = 8;

/// The lists of one region.
#[derive(Debug)]
struct Lists {
    /// The first hole of each; 0 if there is none.
    heads: [u32; LISTS],
    /// Bit n is set if list n has a hole.
    full: u64,
}

impl Lists {
    const NONE: Self = Self { heads: [0; LISTS], full: 0 };
}

/// The holes that can be taken.
#[derive(Debug)]
pub(super) struct Free {
    /// Of the fast region, and of the large one.
    lists: [Lists; 2],
    /// Bytes in holes of more than [`EXACT`].
    long: u32,
    /// The holes that a minor collection has given to survivors, first and last.
    first: u32,
    last: u32,
}

impl Free {
    pub(super) const fn new() -> Self {
        Self { lists: [Lists::NONE; 2], long: 0, first: 0, last: 0 }
    }

    pub(super) const fn clear(&mut self) {
        self.lists = [Lists::NONE; 2];
        self.long = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lists.iter().all(|lists| lists.full == 0)
    }
}

/// The list of holes of `size` bytes.
const fn list_of(size: u32) -> u32 {
    if size <= EXACT { size / 8 - 1 } else { EXACT_LISTS + (size.ilog2() - EXACT.ilog2()) }
}

impl Heap {
    /// Which lists a region's holes are in.
    fn lists_of(&self, region: usize) -> Option<usize> {
        if region == self.fast {
            Some(0)
        } else if region == self.large {
            Some(1)
        } else {
            None
        }
    }

    /// Makes a hole of dead old objects, and counts it.
    pub(crate) fn make_hole(&mut self, region: usize, mut addr: u32, end: u32) {
        if cfg!(any(test, feature = "zeal")) {
            raw::fill(&self.space, addr, end - addr, crate::compact::POISON);
        }
        self.write_filler(addr, end);
        while addr < end {
            let size = (end - addr).min(object_size(MAX_WORDS));
            self.link_hole(region, addr, size);
            addr += size;
        }
    }

    /// Enters a hole, which has a header already, in its list, and counts it.
    fn link_hole(&mut self, region: usize, addr: u32, size: u32) {
        if let Some(place) = self.regions.get_mut(region) {
            place.old_holes.add(size);
        }
        let list = list_of(size);
        let lists = self.lists_of(region).and_then(|n| self.cycle.free.lists.get_mut(n));
        if let Some(lists) = lists
            && let Some(head) = lists.heads.get_mut(list as usize)
        {
            raw::store(&self.space, addr + 4, *head);
            *head = addr;
            lists.full |= 1 << list;
            if size > EXACT {
                self.cycle.free.long += size;
            }
        }
    }

    /// Takes `size` bytes from a hole of the region. The rest of the hole stays one.
    pub(super) fn hole_in(&mut self, region: usize, size: u32) -> Option<u32> {
        let which = self.lists_of(region)?;
        let lists = self.cycle.free.lists.get_mut(which)?;
        let list = list_of(size);
        // Of a list above, every hole is long enough; of this one perhaps, unless all are equal.
        let from = lists.full & (u64::MAX << list);
        let mut choice = from.trailing_zeros();
        let mut before = 0;
        if choice == list && size > EXACT {
            match fitting(&self.space, *lists.heads.get(list as usize)?, size) {
                Some(found) => before = found,
                None => choice = (from & !(1 << list)).trailing_zeros(),
            }
        }
        let head = lists.heads.get_mut(choice as usize)?;
        let hole = if before == 0 { *head } else { raw::load(&self.space, before + 4) };
        let next = raw::load(&self.space, hole + 4);
        if before == 0 {
            *head = next;
            if next == 0 {
                lists.full &= !(1 << choice);
            }
        } else {
            raw::store(&self.space, before + 4, next);
        }
        let length = self.header(hole).size();
        if length > EXACT {
            self.cycle.free.long -= length;
        }
        if length > size {
            self.write_filler(hole + size, hole + length);
            self.link_hole(region, hole + size, length - size);
        }
        self.uncount_hole(region, length);
        Some(hole)
    }

    /// Counts a hole, which is in no list any more, no longer.
    pub(super) fn uncount_hole(&mut self, region: usize, size: u32) {
        let Some(place) = self.regions.get_mut(region) else { return };
        place.old_holes.remove(size);
        if place.old_holes.largest == size {
            let longest = self.longest_free(region);
            if let Some(place) = self.regions.get_mut(region) {
                place.old_holes.largest = longest;
            }
        }
    }

    /// The longest hole among the first ones of the list of the longest.
    fn longest_free(&self, region: usize) -> u32 {
        let lists = self.lists_of(region).and_then(|n| self.cycle.free.lists.get(n));
        let list = lists.map_or(0, |lists| lists.full).checked_ilog2().unwrap_or(0);
        let mut hole = lists.and_then(|l| l.heads.get(list as usize)).copied().unwrap_or(0);
        let (mut longest, mut count) = (0, 0);
        while hole != 0 && count < LOOKED_AT {
            longest = longest.max(self.header(hole).size());
            hole = raw::load(&self.space, hole + 4);
            count += 1;
        }
        longest
    }

    /// Notes that a hole has been given to a survivor. It has a header.
    pub(super) fn queue_hole(&mut self, hole: u32) {
        raw::store(&self.space, hole + 4, 0);
        if self.cycle.free.first == 0 {
            self.cycle.free.first = hole;
        } else {
            raw::store(&self.space, self.cycle.free.last + 4, hole);
        }
        self.cycle.free.last = hole;
    }

    /// The hole that was given first.
    pub(super) fn unqueue_hole(&mut self) -> Option<u32> {
        let hole = self.cycle.free.first;
        if hole == 0 {
            return None;
        }
        self.cycle.free.first = raw::load(&self.space, hole + 4);
        Some(hole)
    }

    /// Bytes in holes of all regions.
    pub(super) fn hole_bytes(&self) -> u32 {
        self.used_regions().iter().map(|r| r.old_holes.bytes).sum()
    }

    /// Bytes in those that are long.
    pub(super) const fn long_hole_bytes(&self) -> u32 {
        self.cycle.free.long
    }

    /// Whether an object of this size needs a long hole.
    pub(super) const fn needs_long_hole(size: u32) -> bool {
        size > EXACT
    }

    /// What is wrong with the lists; for the verifier.
    pub(super) fn verify_lists(&self) -> Result<(), crate::VerifyError> {
        for idx in 0..self.n_regions.min(MAX_REGIONS) {
            let region = self.region(idx);
            let Some(lists) = self.lists_of(idx).and_then(|n| self.cycle.free.lists.get(n)) else {
                continue;
            };
            let mut bytes = 0;
            for (list, &head) in lists.heads.iter().enumerate() {
                let err = |addr, what| Err(crate::VerifyError { addr, what });
                if (head != 0) != (lists.full >> list & 1 == 1) {
                    return err(head, "a list of holes is not what its bit says");
                }
                let mut hole = head;
                while hole != 0 {
                    if hole < region.base || hole >= region.floor {
                        return err(hole, "a hole is not among the old objects of its region");
                    }
                    let header = self.header(hole);
                    if header.kind() != crate::Kind::Filler
                        || list_of(header.size()) as usize != list
                    {
                        return err(hole, "a hole is in the wrong list");
                    }
                    bytes += header.size();
                    if bytes > region.old_holes.bytes {
                        return err(hole, "there are more holes than are counted");
                    }
                    hole = raw::load(&self.space, hole + 4);
                }
            }
        }
        Ok(())
    }
}

/// Of the first holes of a list, one of at least `size` bytes: the one before it, or 0.
fn fitting(space: &crate::Space, head: u32, size: u32) -> Option<u32> {
    let (mut before, mut hole) = (0, head);
    for _ in 0..LOOKED_AT {
        if hole == 0 {
            return None;
        }
        if crate::Header(raw::load(space, hole)).size() >= size {
            return Some(before);
        }
        before = hole;
        hole = raw::load(space, hole + 4);
    }
    None
}

impl Holes {
    /// Counts a hole of `size` bytes no longer. `largest` stays.
    pub(super) const fn remove(&mut self, size: u32) {
        self.bytes = self.bytes.saturating_sub(size);
        if size <= 16 {
            self.small[0] = self.small[0].saturating_sub(1);
        } else if size <= 32 {
            self.small[1] = self.small[1].saturating_sub(1);
        }
    }
}
