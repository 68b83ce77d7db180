//! `Totals`: the bytes that were ever handed out, and the most that were in use.
//!
//! Small objects move a pointer and count nothing: what came out of the window is counted when it is
//! shut. The most in use is what was seen when a collection began and when somebody asks; between
//! two collections memory in use can only grow, but for what a cycle finds dead and what shrinks.
//! Builds without the feature `totals`, for boards with little flash, count nothing.

use crate::Heap;

/// Bytes of objects, their headers included.
#[cfg(feature = "totals")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Handed out since start-up or the last soft reset; what was taken back when an object was
    /// resized is not in it.
    pub handed_out: u64,
    /// In use, as `HeapInfo::used`.
    pub used: u32,
    /// The most that was seen in use.
    pub peak: u32,
}

impl Heap {
    /// The totals now.
    #[cfg(feature = "totals")]
    pub fn totals(&mut self) -> Totals {
        self.shut_window();
        self.note_peak();
        self.totals
    }

    /// Looks how much is in use.
    #[cfg(feature = "totals")]
    pub(crate) fn note_peak(&mut self) {
        self.totals.used = self.info().used;
        self.totals.peak = self.totals.peak.max(self.totals.used);
    }

    #[cfg(not(feature = "totals"))]
    #[inline(always)]
    pub(crate) const fn note_peak(&mut self) {}

    /// Counts bytes that have been handed out.
    #[inline(always)]
    #[cfg_attr(not(feature = "totals"), allow(unused_variables, reason = "nothing is counted"))]
    pub(crate) const fn count_given(&mut self, bytes: u32) {
        #[cfg(feature = "totals")]
        {
            self.totals.handed_out = self.totals.handed_out.wrapping_add(bytes as u64);
        }
    }

    /// Counts bytes that have been taken back before any collection.
    #[inline(always)]
    #[cfg_attr(not(feature = "totals"), allow(unused_variables, reason = "nothing is counted"))]
    pub(crate) const fn count_returned(&mut self, bytes: u32) {
        #[cfg(feature = "totals")]
        {
            self.totals.handed_out = self.totals.handed_out.wrapping_sub(bytes as u64);
        }
    }
}

#[cfg(all(test, feature = "totals"))]
mod tests {
    use crate::tests::heap_of;
    use crate::{Kind, RegionClass, RegionSpec, object_size};

    #[test]
    fn every_byte_is_counted_whichever_way_it_is_handed_out() {
        let region = |name, base, class| RegionSpec { name, base, size: 8192, class, dma: true };
        let regions =
            [region("a", 0x2000, RegionClass::Fast), region("b", 0x4000, RegionClass::Large)];
        let mut heap = heap_of(&regions, 256);
        let mut handed_out = 0;
        let mark = heap.sp();
        for round in 1..=2000_u32 {
            let words = if round.is_multiple_of(16) { 100 } else { round % 20 };
            let made = heap.alloc(Kind::Bytes, words);
            handed_out += u64::from(object_size(words));
            let totals = heap.totals();
            assert_eq!(totals.handed_out, handed_out, "{round}");
            assert_eq!(totals.used, heap.info().used);
            assert!(totals.peak >= totals.used);
            if let Ok(object) = made
                && round.is_multiple_of(8)
            {
                heap.shrink(object, words / 2);
                handed_out -= u64::from(object_size(words) - object_size(words / 2));
            }
            if !round.is_multiple_of(50) {
                heap.set_sp(mark);
            }
        }
        heap.collect();
        let totals = heap.totals();
        assert_eq!(totals.handed_out, handed_out);
        assert!(totals.used < totals.peak && totals.peak <= 16384);
        heap.reset();
        assert_eq!((heap.totals().handed_out, heap.totals().peak), (0, 0));
    }
}
