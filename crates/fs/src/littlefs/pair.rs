//! `Meta`: one metadata pair, fetched: a log of tags in the newer of two blocks.
//!
//! ```text
//! revision | tag data | tag data | … | crc tag | padding | tag data | … | crc tag | erased
//!            └──────────── commit ────────────┘
//! ```
//!
//! Entries have ids from 0 in the order of their names. A tag means the entry that had the id when
//! it was written; reading backwards, creations and deletions shift the ids.

use core::cmp::Ordering;

use octopy_hal::{Errno, Flash};

use super::crc;
use super::disk::{CORRUPT, Disk};
use super::state::GlobalState;
use super::tag::{Class, NO_ID, Tag, kind};

/// The two blocks of a metadata pair.
pub(super) type Pair = [u32; 2];

/// A block number that names nothing.
pub(super) const NO_BLOCK: u32 = u32::MAX;
/// The end of the list of pairs.
pub(super) const NO_PAIR: Pair = [NO_BLOCK; 2];

pub(super) fn is_null(pair: Pair) -> bool {
    pair.contains(&NO_BLOCK)
}

/// True if two pairs share a block: after a relocation only one of them may still be the same.
pub(super) fn same(lhs: Pair, rhs: Pair) -> bool {
    lhs.iter().any(|block| rhs.contains(block))
}

/// True if two pairs have the same blocks, in any order.
pub(super) fn in_sync(lhs: Pair, rhs: Pair) -> bool {
    lhs == rhs || lhs == [rhs[1], rhs[0]]
}

pub(super) fn pair_bytes(pair: Pair) -> [u8; 8] {
    u64::to_le_bytes(u64::from(pair[0]) | u64::from(pair[1]) << 32)
}

/// What is known of a metadata pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meta {
    /// The block in use, and the other one.
    pub(super) pair: Pair,
    pub(super) revision: u32,
    /// The end of the last commit; 0 if there is none.
    pub(super) off: u32,
    /// What the next tag is xored with.
    pub(super) end_tag: Tag,
    /// How many entries there are.
    pub(super) count: u16,
    /// True if the rest of the block can be programmed.
    pub(super) erased: bool,
    /// True if the tail continues this directory.
    pub(super) split: bool,
    /// The next pair of the list of all pairs.
    pub(super) tail: Pair,
}

impl Meta {
    /// A pair without entries, in which nothing was written yet.
    #[inline(never)]
    pub(super) fn new(pair: Pair, revision: u32) -> Self {
        Self {
            pair,
            revision,
            off: 0,
            end_tag: Tag::FIRST,
            count: 0,
            erased: false,
            split: false,
            tail: NO_PAIR,
        }
    }
}

/// Where a name is or would be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found {
    /// The entry's id and kind of name.
    Entry(u16, u16),
    /// The id that it would get; the directory has greater names in this pair.
    Here(u16),
    /// All names of this pair are smaller.
    After,
}

impl<F: Flash> Disk<F> {
    /// Reads a metadata pair.
    pub(super) fn fetch(&mut self, pair: Pair) -> Result<Meta, Errno> {
        let revisions = [self.word(pair[0], 0)?, self.word(pair[1], 0)?];
        // Revisions wrap around.
        let second = revisions[1].wrapping_sub(revisions[0]) as i32 > 0;
        for second in [second, !second] {
            let (pair, revision) = match second {
                true => ([pair[1], pair[0]], revisions[1]),
                false => (pair, revisions[0]),
            };
            if let Some(meta) = self.fetch_block(pair, revision)? {
                return Ok(meta);
            }
        }
        Err(CORRUPT)
    }

    /// Reads the log of `pair[0]`; `None` if no commit in it is whole.
    #[inline(never)]
    fn fetch_block(&mut self, pair: Pair, revision: u32) -> Result<Option<Meta>, Errno> {
        let block = pair[0];
        let mut good = Meta::new(pair, revision);
        // `next` is what the commit being read will make of it.
        let mut next = good;
        let (mut forward, mut good_forward) = (None, None);
        let mut sum = crc::crc(crc::START, &revision.to_le_bytes());
        let mut last = Tag::FIRST;
        let mut off = 4;
        let mut at_commit_end = false;
        while off + 4 <= self.block_size {
            let stored = self.word(block, off)?;
            let tag = Tag(stored.swap_bytes() ^ last.0);
            if !tag.is_valid() {
                at_commit_end = off == good.off;
                break;
            }
            if off + tag.span() > self.block_size {
                break;
            }
            sum = crc::crc(sum, &stored.to_le_bytes());
            let data = off + 4;
            off += tag.span();
            last = tag.chain();
            if tag.class() == Class::Crc {
                if self.word(block, data)? != sum {
                    break;
                }
                self.seed = self.seed.rotate_left(1) ^ sum;
                next.off = off;
                next.end_tag = last;
                good = next;
                good_forward = forward.take();
                sum = crc::START;
                continue;
            }
            sum = self.crc(block, data, tag.len(), sum)?;
            match tag.class() {
                Class::Name => next.count = next.count.max(tag.id() + 1),
                Class::Splice if tag.kind() == kind::CREATE => next.count += 1,
                Class::Splice => next.count = next.count.saturating_sub(1),
                Class::Tail => {
                    next.split = tag.kind() & 1 == 1;
                    next.tail = self.two_words(block, data)?;
                }
                _ if tag.kind() == kind::FORWARD_CRC => {
                    forward = Some(self.two_words(block, data)?);
                }
                _ => {}
            }
        }
        if good.off == 0 {
            return Ok(None);
        }
        if let Some([size, expect]) = good_forward
            && at_commit_end
            && good.off == self.round_up(good.off)
            && good.off.saturating_add(size) <= self.block_size
        {
            // A program that was interrupted here has left bytes that are not erased.
            good.erased = self.crc(block, good.off, size, crc::START)? == expect;
        }
        Ok(Some(good))
    }

    /// Finds a name in one pair.
    pub(super) fn find(&mut self, meta: &Meta, name: &[u8]) -> Result<Found, Errno> {
        let block = meta.pair[0];
        const NONE: u16 = u16::MAX;
        let (mut exact, mut exact_kind, mut greater) = (NONE, 0, NONE);
        let mut last = Tag::FIRST;
        let mut off = 4;
        while off < meta.off {
            let tag = Tag(self.word(block, off)?.swap_bytes() ^ last.0);
            let data = off + 4;
            off += tag.span();
            last = tag.chain();
            let id = tag.id();
            match tag.class() {
                Class::Splice if tag.kind() == kind::CREATE => {
                    exact = exact.saturating_add(u16::from(id <= exact));
                    greater = greater.saturating_add(u16::from(id <= greater));
                }
                Class::Splice => {
                    if exact == id {
                        exact = NONE;
                        greater = greater.min(id);
                    } else {
                        exact -= u16::from(id < exact && exact != NONE);
                        // The entry after a deleted one takes its id, and is greater too.
                        greater -= u16::from(id < greater && greater != NONE);
                    }
                }
                Class::Name if tag.kind() & 0x780 == 0 => {
                    match self.compare_name(block, data, tag.len(), name)? {
                        Ordering::Equal => (exact, exact_kind) = (id, tag.kind()),
                        order => {
                            if exact == id {
                                exact = NONE;
                            }
                            if order == Ordering::Greater {
                                greater = greater.min(id);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(match exact {
            NONE if greater < meta.count => Found::Here(greater),
            NONE => Found::After,
            id => Found::Entry(id, exact_kind),
        })
    }

    /// Compares a stored name with `name` in littlefs' order: bytewise, but longer before shorter.
    fn compare_name(
        &mut self,
        block: u32,
        off: u32,
        len: u32,
        name: &[u8],
    ) -> Result<Ordering, Errno> {
        let common = name.get(..len as usize).unwrap_or(name);
        let order = self.compare(block, off, common)?;
        Ok(order.then((name.len() as u32).cmp(&len)))
    }

    /// The newest tag of an entry that is `wanted`, and where its data is.
    pub(super) fn entry(
        &mut self,
        meta: &Meta,
        id: u16,
        wanted: impl Fn(Tag) -> bool,
    ) -> Result<Option<(Tag, u32)>, Errno> {
        let mut tags = EntryTags::new(meta, id);
        while let Some((tag, off)) = tags.next(self)? {
            if wanted(tag) {
                return Ok((!tag.is_removed()).then_some((tag, off)));
            }
        }
        Ok(None)
    }

    /// What an entry is made of.
    pub(super) fn structure(&mut self, meta: &Meta, id: u16) -> Result<Option<(Tag, u32)>, Errno> {
        self.entry(meta, id, |tag| tag.class() == Class::Struct)
    }

    /// The pair of the directory that an entry is, if it is one.
    pub(super) fn child(&mut self, meta: &Meta, id: u16) -> Result<Option<Pair>, Errno> {
        match self.structure(meta, id)? {
            Some((tag, off)) if tag.kind() == kind::DIR_STRUCT => {
                self.two_words(meta.pair[0], off).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The pair's share of the global state.
    pub(super) fn share(&mut self, meta: &Meta) -> Result<GlobalState, Errno> {
        let mut tags = Backward::new(meta);
        while let Some((tag, off)) = tags.next(self)? {
            if tag.kind() == kind::MOVE_STATE && tag.len() as usize == GlobalState::SIZE {
                let mut bytes = [0; GlobalState::SIZE];
                self.read(meta.pair[0], off, &mut bytes)?;
                return Ok(GlobalState::from_bytes(bytes));
            }
        }
        Ok(GlobalState::NONE)
    }
}

/// All tags of a log, newest first.
#[derive(Debug, Clone)]
struct Backward {
    block: u32,
    off: u32,
    tag: Tag,
}

impl Backward {
    fn new(meta: &Meta) -> Self {
        Self { block: meta.pair[0], off: meta.off, tag: meta.end_tag }
    }

    /// The tag before, and the offset of its data.
    #[inline(never)]
    fn next<F: Flash>(&mut self, disk: &mut Disk<F>) -> Result<Option<(Tag, u32)>, Errno> {
        let tag = Tag(self.tag.0 & !(1 << 31));
        if self.off < 4 + tag.span() {
            return Ok(None);
        }
        self.off -= tag.span();
        self.tag = Tag(disk.word(self.block, self.off)?.swap_bytes() ^ tag.0);
        Ok(Some((tag, self.off + 4)))
    }
}

/// The tags of one entry, newest first, back to its creation.
#[derive(Debug, Clone)]
pub(super) struct EntryTags {
    tags: Backward,
    /// The id that the entry had where the log is being read; [`NO_ID`] before its creation.
    id: u16,
}

impl EntryTags {
    pub(super) fn new(meta: &Meta, id: u16) -> Self {
        Self { tags: Backward::new(meta), id }
    }

    pub(super) fn block(&self) -> u32 {
        self.tags.block
    }

    pub(super) fn next<F: Flash>(
        &mut self,
        disk: &mut Disk<F>,
    ) -> Result<Option<(Tag, u32)>, Errno> {
        while self.id != NO_ID {
            let Some((tag, off)) = self.tags.next(disk)? else { break };
            match tag.class() {
                Class::Splice if tag.kind() == kind::CREATE => match tag.id().cmp(&self.id) {
                    Ordering::Less => self.id -= 1,
                    Ordering::Equal => self.id = NO_ID,
                    Ordering::Greater => {}
                },
                Class::Splice => self.id += u16::from(tag.id() <= self.id),
                Class::Name | Class::Struct | Class::Attribute if tag.id() == self.id => {
                    return Ok(Some((tag, off)));
                }
                _ => {}
            }
        }
        Ok(None)
    }
}
