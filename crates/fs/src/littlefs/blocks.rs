//! Blocks: which are in use, and which to take next.
//!
//! There is no free list on the device: what no entry and no open file reaches is free. A window of
//! the device is searched at a time, so that the bitmap has a fixed size.

use octopy_hal::{Errno, Flash};

use super::disk::{CORRUPT, Disk};
use super::pair::{Meta, Pair, is_null};
use super::tag::kind;
use super::{LittleFs, held};

/// Blocks that one search looks at: all of a 16 MB flash.
const WINDOW: usize = 4096;

/// The free blocks of a window of the device.
#[derive(Debug)]
pub(super) struct Window {
    used: [u8; WINDOW / 8],
    /// The block that bit 0 stands for.
    start: u32,
    /// The bit to look at next.
    next: u32,
    /// How many bits count; 0 if nothing was searched yet.
    len: u32,
    /// Blocks that may be looked at before what was allocated must be reachable.
    budget: u32,
}

impl Window {
    pub(super) const fn new(start: u32) -> Self {
        Self { used: [0; WINDOW / 8], start, next: 0, len: 0, budget: 0 }
    }

    /// Everything allocated so far is reachable now.
    pub(super) fn checkpoint(&mut self, blocks: u32) {
        self.budget = blocks;
    }

    fn mark(&mut self, block: u32, blocks: u32) {
        let bit =
            if block >= self.start { block - self.start } else { block + blocks - self.start };
        if block < blocks
            && bit < self.len
            && let Some(byte) = self.used.get_mut(bit as usize / 8)
        {
            *byte |= 1 << (bit % 8);
        }
    }

    /// The next free block of the window.
    fn take(&mut self, blocks: u32) -> Option<u32> {
        while self.next < self.len && self.budget > 0 {
            let bit = self.next;
            self.next += 1;
            self.budget -= 1;
            let byte = self.used.get(bit as usize / 8).copied().unwrap_or(0xff);
            if byte & 1 << (bit % 8) == 0 {
                return Some(wrap(self.start + bit, blocks));
            }
        }
        None
    }
}

/// A block number that may have run over the end once.
fn wrap(block: u32, blocks: u32) -> u32 {
    if block < blocks { block } else { block - blocks }
}

/// Goes through all metadata pairs, in the order of their list.
#[derive(Debug)]
pub(super) struct Pairs {
    next: Pair,
    /// Pairs that can still come; a list with a cycle runs out of them.
    left: u32,
}

impl Pairs {
    pub(super) fn new<F>(disk: &Disk<F>) -> Self {
        Self { next: [0, 1], left: disk.blocks }
    }

    /// The next pair.
    pub(super) fn next<F: Flash>(&mut self, disk: &mut Disk<F>) -> Result<Option<Meta>, Errno> {
        if is_null(self.next) {
            return Ok(None);
        }
        self.left = self.left.checked_sub(1).ok_or(CORRUPT)?;
        let meta = disk.fetch(self.next)?;
        self.next = meta.tail;
        Ok(Some(meta))
    }
}

impl<F: Flash> Disk<F> {
    /// Calls `mark` for every block that the entries of the file system use; with `dirs` also for
    /// those of directories that are not in the list of pairs yet.
    fn walk(&mut self, dirs: bool, mark: &mut dyn FnMut(u32)) -> Result<(), Errno> {
        let mut pairs = Pairs::new(self);
        while let Some(meta) = held(&mut pairs.next(self))? {
            meta.pair.into_iter().for_each(&mut *mark);
            for id in 0..meta.count {
                let Some((tag, off)) = self.structure(meta, id)? else { continue };
                if tag.kind() == kind::CHAIN_STRUCT {
                    let [head, size] = self.two_words(meta.pair[0], off)?;
                    if let Some(last) = size.checked_sub(1) {
                        let index = super::chain::Spot::of(last, self.block_size).index;
                        self.walk_chain(head, index, mark)?;
                    }
                } else if dirs && tag.kind() == kind::DIR_STRUCT {
                    let pair = self.two_words(meta.pair[0], off)?;
                    pair.into_iter().for_each(&mut *mark);
                }
            }
        }
        Ok(())
    }
}

impl<F: Flash> LittleFs<F> {
    /// Takes a free block; `ENOSPC` if there is none.
    pub(super) fn allocate(&mut self) -> Result<u32, Errno> {
        let blocks = self.disk.blocks;
        loop {
            if let Some(block) = self.window.take(blocks) {
                return Ok(block);
            }
            if self.window.budget == 0 {
                return Err(Errno::NOSPC);
            }
            self.search()?;
        }
    }

    /// Moves the window on and finds what is used in it.
    fn search(&mut self) -> Result<(), Errno> {
        let (window, blocks) = (&mut self.window, self.disk.blocks);
        window.start = wrap(window.start + window.next, blocks);
        window.next = 0;
        window.len = window.budget.min(WINDOW as u32);
        window.used.fill(0);
        let mut mark = |block| window.mark(block, blocks);
        let mut marked = self.disk.walk(true, &mut mark);
        for file in self.files.iter() {
            marked = marked.and_then(|()| file.walk(&mut self.disk, &mut mark));
        }
        if marked.is_err() {
            // Half a map is worse than none.
            self.window.len = 0;
        }
        marked
    }

    /// How many blocks the entries of the file system use.
    pub(super) fn used_blocks(&mut self) -> Result<u32, Errno> {
        let mut used = 0;
        self.disk.walk(false, &mut |_| used += 1)?;
        Ok(used)
    }
}
