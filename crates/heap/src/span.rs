//! `Rest`, `Range` and `Bounds`: which words, objects and parts of regions marking is about.

use crate::Heap;
use crate::region::Region;
#[cfg(feature = "incremental")]
use crate::{Space, raw, raw::LINE};

/// The words of an object that are still to be looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    pub(crate) next: u32,
    pub(crate) end: u32,
}

#[cfg(feature = "incremental")]
impl Rest {
    pub(crate) const NONE: Self = Self { next: 0, end: 0 };

    /// The next words, up to the end of a line of memory, read at once into `line`.
    #[inline(always)]
    pub(crate) fn ahead<'a>(self, space: &Space, line: &'a mut [u32; LINE]) -> &'a [u32] {
        let left = LINE - self.next as usize / 4 % LINE;
        let count = left.min((self.end - self.next) as usize / 4);
        if count == LINE {
            *line = raw::load_line(space, self.next);
            return line;
        }
        for (idx, word) in line.iter_mut().enumerate().take(count) {
            *word = raw::load(space, self.next + idx as u32 * 4);
        }
        line.get(..count).unwrap_or(&[])
    }
}

/// The lowest and the highest of some objects of a region.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) low: u32,
    pub(crate) high: u32,
}

impl Range {
    pub(crate) const NONE: Self = Self { low: u32::MAX, high: 0 };

    /// The same with one object more.
    pub(crate) fn with(self, addr: u32) -> Self {
        Self { low: self.low.min(addr), high: self.high.max(addr) }
    }
}

/// A part of each of two regions, start and length, for loops that ask often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    first: (u32, u32),
    second: (u32, u32),
    /// There are more regions.
    more: bool,
}

impl Bounds {
    pub(crate) const NONE: Self = Self { first: (0, 0), second: (0, 0), more: false };

    /// What `part` says of each region.
    pub(crate) fn of(heap: &Heap, part: impl Fn(&Region) -> (u32, u32)) -> Self {
        let bounds = |idx: usize| heap.regions.get(idx).map_or((0, 0), &part);
        Self { first: bounds(0), second: bounds(1), more: heap.n_regions > 2 }
    }

    /// Whether an address is in one of the parts; `elsewhere` is asked for the other regions.
    #[inline(always)]
    pub(crate) fn has(self, addr: u32, elsewhere: impl FnOnce() -> bool) -> bool {
        addr.wrapping_sub(self.first.0) < self.first.1
            || addr.wrapping_sub(self.second.0) < self.second.1
            || self.more && elsewhere()
    }
}
