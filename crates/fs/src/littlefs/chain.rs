//! Chains: the blocks of a file, each pointing back to earlier ones.
//!
//! Block `n` starts with `ctz(n) + 1` block numbers (none for block 0): of block `n - 1`, `n - 2`,
//! `n - 4` and so on, so that any block is found from the last one in a logarithm of steps.

use octopy_hal::{Errno, Flash};

use super::disk::{CORRUPT, Disk};

/// A file's blocks: the last one, and how many bytes of the file are in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) head: u32,
    pub(super) size: u32,
}

/// A place in a chain: which block of the file, and the offset within that block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) index: u32,
    pub(super) off: u32,
}

impl Spot {
    /// Where byte `pos` of a file is.
    pub(super) fn of(pos: u32, block_size: u32) -> Self {
        let room = block_size - 8;
        let whole = pos / room;
        if whole == 0 {
            return Self { index: 0, off: pos };
        }
        // All pointers before block `n` take 8n - 4 popcount(n) bytes less than two for each block.
        let index = (pos - 4 * ((whole - 1).count_ones() + 2)) / room;
        Self { index, off: pos - room * index - 4 * index.count_ones() }
    }
}

/// How many block numbers are at the start of a block.
pub(super) fn pointers(index: u32) -> u32 {
    if index == 0 { 0 } else { index.trailing_zeros() + 1 }
}

impl<F: Flash> Disk<F> {
    /// The block in which byte `pos` of a chain is, and the offset there.
    pub(super) fn find_block(&mut self, chain: Chain, pos: u32) -> Result<(u32, Spot), Errno> {
        let last = chain.size.checked_sub(1).ok_or(CORRUPT)?;
        let spot = Spot::of(pos.min(last), self.block_size);
        let mut index = Spot::of(last, self.block_size).index;
        let mut block = chain.head;
        while index > spot.index {
            // The longest step that does not go too far.
            let step = (index - spot.index).ilog2().min(index.trailing_zeros());
            block = self.word(block, 4 * step)?;
            index -= 1 << step;
        }
        Ok((block, spot))
    }

    /// Calls `mark` for every block from block `index` of a file, which is `head`, to its first.
    pub(super) fn walk_chain(
        &mut self,
        head: u32,
        index: u32,
        mark: &mut dyn FnMut(u32),
    ) -> Result<(), Errno> {
        if index >= self.blocks {
            return Err(CORRUPT);
        }
        let mut block = head;
        mark(block);
        for _ in 0..index {
            block = self.word(block, 0)?;
            mark(block);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_follow_the_layout_of_blocks() {
        for block_size in [128, 512, 4096] {
            let (mut index, mut off) = (0, 0);
            for pos in 0..200_000 {
                if off == block_size {
                    index += 1;
                    off = 4 * pointers(index);
                }
                assert_eq!(Spot::of(pos, block_size), Spot { index, off }, "{pos} {block_size}");
                off += 1;
            }
        }
    }
}
