//! Whether the parts of a description fit each other.

use crate::{Class, Description, Flash, Heap, Ram, Region};

/// Fewest entries of the mark stack and of the trail with which the heap is tested.
const FEWEST_ENTRIES: u32 = 16;

impl Description {
    /// Refuses a memory map that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.regions.iter().try_for_each(Region::check)?;
        self.flash.check()?;
        self.check_overlap()?;
        self.heap.check()?;
        if !self.console.receive_capacity.is_power_of_two() {
            return Err("console: receive_capacity is not a power of two".into());
        }
        match &self.ram {
            Some(ram) => self.check_ram(ram),
            None => Ok(()),
        }
    }

    fn check_overlap(&self) -> Result<(), String> {
        let flash = self.flash.base.map(|base| ("flash", base, self.flash.size));
        let regions = self.regions.iter().map(|r| (r.name.as_str(), r.base, r.size));
        let mut spans: Vec<_> = regions.chain(flash).collect();
        spans.sort_by_key(|span| span.1);
        for pair in spans.windows(2) {
            if u64::from(pair[0].1) + u64::from(pair[0].2) > u64::from(pair[1].1) {
                return Err(format!("{} and {} overlap", pair[0].0, pair[1].0));
            }
        }
        Ok(())
    }

    /// The internal memory has room for everything, and the fast region ends it.
    fn check_ram(&self, ram: &Ram) -> Result<(), String> {
        let stacks = [ram.value_stack, ram.thread_stack, ram.handler_stack];
        let claims = stacks.into_iter().chain([self.budget.static_ram]);
        let claimed: u64 = u64::from(self.fast_size()) + claims.map(u64::from).sum::<u64>();
        if claimed > u64::from(ram.size) {
            return Err(format!("{claimed} bytes are claimed of {} bytes of RAM", ram.size));
        }
        if stacks.iter().any(|size| !size.is_multiple_of(8)) {
            return Err("ram: a stack is not a multiple of 8 bytes".into());
        }
        let heap = &self.heap;
        let collector = (u64::from(heap.mark_stack) + u64::from(heap.trail)) * 8;
        if (collector + u64::from(heap.roots) * 4) * 2 > u64::from(ram.value_stack) {
            return Err("heap: roots, mark_stack and trail leave no half of value_stack".into());
        }
        let (_, top) = self.ram()?;
        let end = u64::from(ram.base) + u64::from(ram.size);
        for region in self.regions.iter().filter(|r| r.class == Class::Fast) {
            if region.base < top || u64::from(region.base) + u64::from(region.size) > end {
                return Err(format!("{}: a fast region belongs at the end of RAM", region.name));
            }
        }
        Ok(())
    }
}

impl Heap {
    fn check(&self) -> Result<(), String> {
        if self.mark_stack < FEWEST_ENTRIES || self.trail < FEWEST_ENTRIES {
            return Err(format!(
                "heap: mark_stack and trail have {FEWEST_ENTRIES} entries at least"
            ));
        }
        Ok(())
    }
}

impl Region {
    fn check(&self) -> Result<(), String> {
        let end = u64::from(self.base) + u64::from(self.size);
        if !self.base.is_multiple_of(8) || !self.size.is_multiple_of(8) || end > 1 << 32 {
            return Err(format!("{}: not whole 8-byte cells of the address space", self.name));
        }
        Ok(())
    }
}

impl Flash {
    fn check(&self) -> Result<(), String> {
        let is_multiple = |whole: u32, part: u32| part != 0 && whole.is_multiple_of(part);
        if !is_multiple(self.size, self.erase_size)
            || !is_multiple(self.erase_size, self.program_size)
        {
            return Err("flash: the sizes are not multiples of each other".into());
        }
        Ok(())
    }
}
