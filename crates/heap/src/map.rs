//! `Blocks`: what lies where in a region, block by block.
//!
//! A walk holds no look at the heap, so that what it finds can be printed on the way. If objects
//! move meanwhile, what it says is wrong; but it never leaves the region.

use crate::{Heap, Kind};

/// An object, or a run of free bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its first address.
    pub address: u32,
    /// Its size in bytes, header and padding included.
    pub size: u32,
    /// What it is made of; `Filler` if it is free.
    pub kind: Kind,
}

/// The blocks of a region, from its first address to its end.
#[derive(Debug, Clone, Copy)]
pub struct Blocks {
    region: usize,
    address: u32,
    /// Where the objects end.
    top: u32,
    end: u32,
}

impl Blocks {
    /// The blocks of a region; none if there is no such region.
    pub fn of(heap: &Heap, region: usize) -> Self {
        let place = heap.region(region);
        Self { region, address: place.base, top: place.top, end: place.end }
    }

    /// The next block. The one behind the last object is the gap.
    #[inline(always)]
    pub fn next(&mut self, heap: &Heap) -> Option<Block> {
        let address = self.address;
        if address >= self.top {
            self.address = self.end;
            let size = self.end - address;
            return (size != 0).then_some(Block { address, size, kind: Kind::Filler });
        }
        let header = heap.header(address);
        let size = header.size().min(self.top - address);
        self.address = address + size;
        Some(Block { address, size, kind: header.kind() })
    }

    /// All objects that are left as one block, without a look at them.
    pub fn rest(&mut self) -> Option<Block> {
        let address = self.address;
        let size = self.top.saturating_sub(address);
        self.address += size;
        (size != 0).then_some(Block { address, size, kind: Kind::Filler })
    }

    /// Where the old objects end and the young ones begin.
    pub fn floor(&self, heap: &Heap) -> u32 {
        heap.region(self.region).floor
    }
}

impl Heap {
    /// Whether a part of a pinned object lies between two addresses of a region.
    pub fn is_pinned_between(&self, region: usize, first: u32, end: u32) -> bool {
        let mut found = false;
        self.for_each_pinned(region, &mut |object, size| {
            found |= object < end && object + size > first;
        });
        found
    }
}
