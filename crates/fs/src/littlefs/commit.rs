//! Commits: every change of metadata, in one step that power cannot cut in half.
//!
//! A commit is appended to the log while the block's rest is erased; otherwise the pair is
//! compacted into its other block. What does not fit into half a block is split off into a new pair.
//!
//! Absent on purpose: moving a metadata pair to other blocks because its blocks are worn or bad. The
//! log spreads some sixty commits over each erase; a block that fails is an error.

use octopy_hal::{Errno, Flash};

use super::LittleFs;
use super::change::{Change, Source, View, tail_tag};
use super::disk::CORRUPT;
use super::pair::{Meta, NO_PAIR, Pair, is_null, pair_bytes, same};
use super::place::Place;
use super::scribe::Scribe;
use super::state::GlobalState;
use super::tag::{NO_ID, Tag, kind};

/// More entries than this are not put into one pair.
const ENTRIES_MAX: u16 = 0xff;

impl<F: Flash> LittleFs<F> {
    /// Applies `changes` to a pair, and to what is open in it; `meta` is then the pair as it is.
    pub(super) fn commit(&mut self, meta: &mut Meta, changes: &[Change<'_>]) -> Result<(), Errno> {
        let mut next = *meta;
        let mut deletes = false;
        for change in changes {
            match *change {
                Change::Create(_) => next.count += 1,
                Change::Delete(_) => {
                    next.count = next.count.saturating_sub(1);
                    deletes = true;
                }
                Change::Tail { hard, pair } => (next.split, next.tail) = (hard, pair),
                Change::Put { .. } | Change::Copy { .. } => {}
            }
        }
        if deletes
            && next.count == 0
            && let Some(before) = self.before(meta.pair)?
            && before.split
        {
            // An empty pair in the middle of a directory goes: C littlefs cannot list past it.
            return self.drop_pair(before, meta, &next);
        }
        let appended = if meta.erased && next.count < ENTRIES_MAX {
            self.append(meta, changes)
        } else {
            Err(Errno::NOSPC)
        };
        match appended {
            Ok((off, end_tag)) => (next.off, next.end_tag) = (off, end_tag),
            Err(Errno::NOSPC | CORRUPT) => self.compact_or_split(meta, &mut next, changes)?,
            Err(errno) => return Err(errno),
        }
        // The block was erased, or known to be from here on.
        next.erased = true;
        self.state_on_disk = self.state;
        self.state_delta = GlobalState::NONE;
        self.follow(meta.pair, &next, changes)?;
        *meta = next;
        Ok(())
    }

    /// Takes `dropped`, which `emptied` describes, out of the list; `before` comes before it.
    fn drop_pair(&mut self, before: Meta, dropped: &mut Meta, emptied: &Meta) -> Result<(), Errno> {
        self.pass_on(dropped)?;
        let mut before = before;
        // This one deletes nothing, so it goes no deeper.
        self.commit(&mut before, &[Change::Tail { hard: emptied.split, pair: emptied.tail }])?;
        self.follow_drop(dropped.pair, emptied);
        *dropped = *emptied;
        Ok(())
    }

    /// The change of this pair's share of the global state, if there is one.
    fn new_share(&mut self, meta: &Meta, always: bool) -> Result<Option<GlobalState>, Errno> {
        let delta = self.state.xor(self.state_on_disk).xor(self.state_delta).on_disk();
        if delta == GlobalState::NONE && !always {
            return Ok(None);
        }
        let share = if meta.off == 0 { GlobalState::NONE } else { self.disk.share(meta)? };
        let share = share.xor(delta);
        Ok((!always || share != GlobalState::NONE).then_some(share))
    }

    fn append(&mut self, meta: &Meta, changes: &[Change<'_>]) -> Result<(u32, Tag), Errno> {
        let mut scribe = Scribe::resume(meta.pair[0], meta.off, meta.end_tag);
        let disk = &mut self.disk;
        for change in changes {
            match *change {
                Change::Create(id) => {
                    scribe.put(disk, Tag::new(kind::CREATE, id, 0), Source::Bytes(&[]))?;
                }
                Change::Delete(id) => {
                    scribe.put(disk, Tag::new(kind::DELETE, id, 0), Source::Bytes(&[]))?;
                }
                Change::Put { kind, id, bytes } => {
                    let tag = Tag::new(kind, id, bytes.len() as u32);
                    scribe.put(disk, tag, Source::Bytes(bytes))?;
                }
                Change::Copy { id, from, from_id } => {
                    let mut view = View::of_copy(from, from_id);
                    while let Some((kind, source)) = view.next(disk)? {
                        scribe.put(disk, Tag::new(kind, id, source.len()), source)?;
                    }
                }
                Change::Tail { hard, pair } => {
                    scribe.put(disk, tail_tag(hard), Source::Bytes(&pair_bytes(pair)))?;
                }
            }
        }
        if let Some(share) = self.new_share(meta, false)? {
            self.put_share(&mut scribe, share)?;
        }
        scribe.finish(&mut self.disk)
    }

    fn put_share(&mut self, scribe: &mut Scribe, share: GlobalState) -> Result<(), Errno> {
        let tag = Tag::new(kind::MOVE_STATE, NO_ID, GlobalState::SIZE as u32);
        scribe.put(&mut self.disk, tag, Source::Bytes(&share.to_bytes()))
    }

    /// Writes `next`'s entries anew, in one pair or several; `next` is then the first of them.
    fn compact_or_split(
        &mut self,
        source: &Meta,
        next: &mut Meta,
        changes: &[Change<'_>],
    ) -> Result<(), Errno> {
        let mut end = next.count;
        loop {
            let split = self.split_point(source, changes, end)?;
            if split == 0 {
                break;
            }
            match self.split_off(source, next, changes, split, end) {
                Ok(()) => end = split,
                // No room for a new pair: perhaps it all fits into this one.
                Err(Errno::NOSPC) => break,
                Err(errno) => return Err(errno),
            }
        }
        self.compact(source, next, changes, 0, end, true)
    }

    /// From which id on entries go into a new pair; 0 if all fit here.
    fn split_point(
        &mut self,
        source: &Meta,
        changes: &[Change<'_>],
        end: u16,
    ) -> Result<u16, Errno> {
        // Half a block, so that there is room for commits after; never what a tail (12 bytes),
        // a share of the state (16), a deletion (4) and the end of a commit (8) need.
        let half = self.disk.round_up(self.disk.block_size / 2);
        let limit = half.min(self.disk.block_size - 40);
        let mut split = 0;
        while end - split > 1 {
            let mut size = 0;
            for id in split..end {
                let mut view = View::new(source, changes, id);
                while let Some((_, value)) = view.next(&mut self.disk)? {
                    size += 4 + value.len();
                }
            }
            if end - split < ENTRIES_MAX && size <= limit {
                break;
            }
            split += (end - split) / 2;
        }
        Ok(split)
    }

    /// Puts the entries from `split` to `end` into a new pair after `next`.
    fn split_off(
        &mut self,
        source: &Meta,
        next: &mut Meta,
        changes: &[Change<'_>],
        split: u16,
        end: u16,
    ) -> Result<(), Errno> {
        let mut tail = self.new_pair()?;
        (tail.split, tail.tail) = (next.split, next.tail);
        self.compact(source, &mut tail, changes, split, end, false)?;
        (next.split, next.tail) = (true, tail.pair);
        Ok(())
    }

    /// A pair of free blocks, not in the list yet.
    pub(super) fn new_pair(&mut self) -> Result<Meta, Errno> {
        let second = self.allocate()?;
        let first = self.allocate()?;
        // The old content of the block that stays unwritten must not look newer.
        let revision = self.disk.word(first, 0).unwrap_or(0);
        Ok(Meta::new([first, second], revision))
    }

    /// Writes the entries `begin..end` of `source` with `changes` into the other block of `next`.
    ///
    /// `stateful` is false for pairs that are not in the list yet: they get no share of the state.
    fn compact(
        &mut self,
        source: &Meta,
        next: &mut Meta,
        changes: &[Change<'_>],
        begin: u16,
        end: u16,
        stateful: bool,
    ) -> Result<(), Errno> {
        let revision = next.revision.wrapping_add(1);
        let mut scribe = Scribe::start(&mut self.disk, next.pair[1], revision)?;
        for id in begin..end {
            let mut view = View::new(source, changes, id);
            while let Some((kind, value)) = view.next(&mut self.disk)? {
                let tag = Tag::new(kind, id - begin, value.len());
                scribe.put(&mut self.disk, tag, value)?;
            }
        }
        if !is_null(next.tail) {
            let tail = pair_bytes(next.tail);
            scribe.put(&mut self.disk, tail_tag(next.split), Source::Bytes(&tail))?;
        }
        if stateful && let Some(share) = self.new_share(source, true)? {
            self.put_share(&mut scribe, share)?;
        }
        let (off, end_tag) = scribe.finish(&mut self.disk)?;
        next.pair = [next.pair[1], next.pair[0]];
        next.revision = revision;
        (next.off, next.end_tag) = (off, end_tag);
        next.count = end - begin;
        Ok(())
    }

    /// Moves what is open in `pair` to where `changes` have put it; `next` is the pair afterwards.
    fn follow(&mut self, pair: Pair, next: &Meta, changes: &[Change<'_>]) -> Result<(), Errno> {
        self.changes = self.changes.wrapping_add(1);
        for file in self.files.iter_mut().filter(|file| same(file.place.pair, pair)) {
            if file.place.follow(changes) {
                file.place = Place::GONE;
            } else {
                file.place.settle(&mut self.disk, next)?;
            }
        }
        for dir in self.dirs.iter_mut().filter(|dir| same(dir.place.pair, pair)) {
            // Where the next entry was is then the one after it.
            dir.place.follow(changes);
            dir.place.settle(&mut self.disk, next)?;
        }
        Ok(())
    }

    /// Moves listings that are in a pair that goes; files have no entry there any more.
    fn follow_drop(&mut self, pair: Pair, emptied: &Meta) {
        for file in self.files.iter_mut().filter(|file| same(file.place.pair, pair)) {
            file.place.pair = NO_PAIR;
        }
        for dir in self.dirs.iter_mut().filter(|dir| same(dir.place.pair, pair)) {
            dir.place.id = 0;
            dir.place.pair = if emptied.split { emptied.tail } else { NO_PAIR };
        }
    }
}
