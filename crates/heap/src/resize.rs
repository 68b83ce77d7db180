//! Resizing objects where they are.

use crate::object::{Header, MAX_WORDS, object_size};
use crate::{Heap, Local, raw};

impl Heap {
    /// Makes an object longer where it is, if nothing is in the way: if it is the last one of its
    /// region, or its padding suffices. The new words are NULL or 0. Never collects.
    pub fn try_grow<T: ?Sized>(&mut self, object: Local<T>, words: u32) -> bool {
        let addr = self.get(object).bits();
        let header = self.header(addr);
        if words > MAX_WORDS || words < header.words() || self.locked > 0 {
            return false;
        }
        let (old_end, new_end) = (addr + header.size(), addr.saturating_add(object_size(words)));
        if new_end > old_end {
            self.shut_window();
            let region = self.region_of(addr).and_then(|r| self.regions.get_mut(r));
            let Some(region) = region else { return false };
            if old_end != region.top || new_end > region.end {
                return false;
            }
            region.top = new_end;
            if addr < region.floor {
                // An old object stays old, all of it.
                region.floor = new_end;
                self.note_resized(addr, old_end, new_end);
            }
            self.count_given(new_end - old_end);
        }
        let fresh = addr + 4 + header.words() * 4;
        raw::fill(&self.space, fresh, new_end - fresh, 0);
        self.set_words(addr, header, words);
        true
    }

    /// Makes an object shorter; the rest is free, at the latest after the next collection.
    pub fn shrink<T: ?Sized>(&mut self, object: Local<T>, words: u32) {
        let addr = self.get(object).bits();
        let header = self.header(addr);
        if words >= header.words() {
            return;
        }
        let (old_end, new_end) = (addr + header.size(), addr + object_size(words));
        self.note_shrink(addr);
        let header = self.header(addr);
        self.set_words(addr, header, words);
        if new_end == old_end {
            return;
        }
        self.shut_window();
        self.count_returned(old_end - new_end);
        self.write_filler(new_end, old_end);
        if let Some(region) = self.region_of(addr).and_then(|r| self.regions.get_mut(r)) {
            if old_end == region.top {
                region.top = new_end;
                region.floor = region.floor.min(new_end);
            } else {
                region.add_hole(addr, old_end - new_end);
            }
        }
        if !self.is_young(addr) {
            self.note_resized(addr, old_end, new_end);
        }
    }

    fn set_words(&self, addr: u32, header: Header, words: u32) {
        raw::store(&self.space, addr, header.0 & 0x3ff | words << 10);
    }
}
