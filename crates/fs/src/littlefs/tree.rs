//! The tree: paths, parents, and repairs after power was cut.

use octopy_hal::{Errno, Flash};

use super::blocks::Pairs;
use super::change::Change;
use super::disk::CORRUPT;
use super::pair::{Found, Meta, Pair, in_sync, is_null, same};
use super::tag::kind;
use super::{LittleFs, held};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    /// The root directory, which has no entry.
    Root,
    /// An entry with a name of this kind: a file or a directory.
    Entry(u16),
    /// Nothing, but its directory exists.
    Missing,
}

/// Where a path leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) there: There,
    /// The pair of the entry, or where it would be.
    pub(super) meta: Meta,
    /// The id that the entry has or would get.
    pub(super) id: u16,
}

impl Target {
    /// The kind of the entry's name; [`Errno::NOENT`] if there is none.
    pub(super) fn entry(&self, root: Errno) -> Result<u16, Errno> {
        match self.there {
            There::Root => Err(root),
            There::Entry(kind) => Ok(kind),
            There::Missing => Err(Errno::NOENT),
        }
    }
}

impl<F: Flash> LittleFs<F> {
    /// Finds a normalised path.
    pub(super) fn resolve(&mut self, path: &str) -> Result<Target, Errno> {
        let mut target = Target { there: There::Root, meta: Meta::new(self.root, 0), id: 0 };
        for name in path.split('/').filter(|name| !name.is_empty()) {
            target.meta.tail = self.directory(&target)?;
            if name.len() as u32 > self.name_max {
                return Err(Errno::NAMETOOLONG);
            }
            // A path that is not normalised must not make an entry that nobody can reach.
            if name == "." || name == ".." || name.as_bytes().contains(&0) {
                return Err(Errno::INVAL);
            }
            self.look_up(&mut target, name.as_bytes())?;
        }
        Ok(target)
    }

    /// The first pair of the directory that a target is.
    pub(super) fn directory(&mut self, target: &Target) -> Result<Pair, Errno> {
        match target.there {
            There::Root => Ok(self.root),
            There::Entry(kind::DIRECTORY) => {
                self.disk.child(&target.meta, target.id)?.ok_or(CORRUPT)
            }
            There::Entry(_) => Err(Errno::NOTDIR),
            There::Missing => Err(Errno::NOENT),
        }
    }

    /// Finds a name in the pairs that begin with the tail of `target`.
    fn look_up(&mut self, target: &mut Target, name: &[u8]) -> Result<(), Errno> {
        for _ in 0..self.disk.blocks {
            target.meta = self.disk.fetch(target.meta.tail)?;
            (target.there, target.id) = match self.disk.find(&target.meta, name)? {
                Found::Entry(id, kind) => (There::Entry(kind), id),
                Found::Here(id) => (There::Missing, id),
                Found::After if !target.meta.split => (There::Missing, target.meta.count),
                Found::After => continue,
            };
            return Ok(());
        }
        Err(CORRUPT)
    }

    /// The last pair of the directory that `meta` belongs to.
    pub(super) fn last_pair(&mut self, meta: &Meta) -> Result<Meta, Errno> {
        let mut meta = *meta;
        for _ in 0..self.disk.blocks {
            if !meta.split {
                return Ok(meta);
            }
            meta = self.disk.fetch(meta.tail)?;
        }
        Err(CORRUPT)
    }

    /// True if a directory has no entries.
    pub(super) fn is_empty(&mut self, dir: Pair) -> Result<bool, Errno> {
        let mut meta = self.disk.fetch(dir);
        let meta = held(&mut meta)?;
        Ok(meta.count == 0 && !meta.split)
    }

    /// The pair before `pair` in the list of all pairs.
    pub(super) fn before(&mut self, pair: Pair) -> Result<Option<Meta>, Errno> {
        let mut pairs = Pairs::new(&self.disk);
        while let Some(meta) = pairs.next(&mut self.disk)? {
            if !is_null(meta.tail) && same(meta.tail, pair) {
                return Ok(Some(meta));
            }
        }
        Ok(None)
    }

    /// Takes the directory pair `dir`, which has no entry any more, out of the list of all pairs.
    pub(super) fn unlink(&mut self, dir: Pair) -> Result<(), Errno> {
        match held(&mut self.before(dir))? {
            Some(before) => self.skip(before),
            None => Ok(()),
        }
    }

    /// Takes the pair after `before` out of the list of all pairs.
    fn skip(&mut self, before: &mut Meta) -> Result<(), Errno> {
        let mut next = self.disk.fetch(before.tail);
        let next = held(&mut next)?;
        self.pass_on(next)?;
        self.commit(before, &[Change::Tail { hard: next.split, pair: next.tail }])
    }

    /// Makes the next commit take over the share of the global state of a pair that goes.
    #[inline(never)]
    pub(super) fn pass_on(&mut self, from: &Meta) -> Result<(), Errno> {
        let share = self.disk.share(from)?;
        self.state_delta = self.state_delta.xor(share);
        Ok(())
    }

    /// The pair that the entry of the directory `dir` has.
    fn known_as(&mut self, dir: Pair) -> Result<Option<Pair>, Errno> {
        let mut pairs = Pairs::new(&self.disk);
        while let Some(meta) = held(&mut pairs.next(&mut self.disk))? {
            for id in 0..meta.count {
                if let Some(child) = self.disk.child(meta, id)?
                    && same(child, dir)
                {
                    return Ok(Some(child));
                }
            }
        }
        Ok(None)
    }

    /// Finishes what was interrupted; nothing may be written before.
    pub(super) fn repair(&mut self) -> Result<(), Errno> {
        if self.old_superblock {
            let bytes = self.superblock_bytes();
            let mut root = self.disk.fetch(self.root);
            let put = Change::Put { kind: kind::INLINE_STRUCT, id: 0, bytes: &bytes };
            self.commit(held(&mut root)?, &[put])?;
            self.old_superblock = false;
        }
        if let Some((pair, id)) = self.state.moved() {
            let mut meta = self.disk.fetch(pair);
            let meta = held(&mut meta)?;
            if id >= meta.count {
                return Err(CORRUPT);
            }
            self.state.set_moved(None);
            self.commit(meta, &[Change::Delete(id)])?;
        }
        if self.state.has_orphans() {
            // Half-orphans can hide orphans.
            self.repair_tails(false)?;
            self.repair_tails(true)?;
            // This gets to the device with the next commit; until then a mount looks again.
            self.state.set_orphans(false);
        }
        Ok(())
    }

    /// Goes through the list of all pairs for heads of directories that have moved from where the
    /// list says (C littlefs moves worn pairs), or, with `orphans`, that have no entry.
    fn repair_tails(&mut self, orphans: bool) -> Result<(), Errno> {
        let mut before = self.disk.fetch([0, 1])?;
        // Each round goes one pair on or takes one out.
        for _ in 0..self.disk.blocks.saturating_mul(2) {
            if is_null(before.tail) {
                return Ok(());
            }
            if !before.split {
                match self.known_as(before.tail)? {
                    Some(pair) if !orphans && !in_sync(pair, before.tail) => {
                        self.commit(&mut before, &[Change::Tail { hard: false, pair }])?;
                        continue;
                    }
                    // The root has no entry: a superblock that was expanded has it as its tail.
                    None if orphans && !same(before.tail, self.root) => {
                        self.skip(&mut before)?;
                        continue;
                    }
                    _ => {}
                }
            }
            before = self.disk.fetch(before.tail)?;
        }
        Err(CORRUPT)
    }
}
