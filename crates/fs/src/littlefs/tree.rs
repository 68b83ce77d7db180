//! The tree: paths, parents, and repairs after power was cut.

use octopy_hal::{Errno, Flash};

use super::LittleFs;
use super::blocks::Pairs;
use super::change::Change;
use super::disk::CORRUPT;
use super::pair::{Found, Meta, Pair, in_sync, is_null, same};
use super::tag::kind;

/// Where a path leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    /// The root directory, which has no entry.
    Root,
    /// An entry: its pair, its id, and whether it is a file or a directory.
    Entry(Meta, u16, u16),
    /// Nothing, but its directory exists: where it would be.
    Missing(Meta, u16),
}

impl<F: Flash> LittleFs<F> {
    /// Finds a normalised path.
    pub(super) fn resolve(&mut self, path: &str) -> Result<Target, Errno> {
        let mut target = Target::Root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let dir = self.directory(&target)?;
            if name.len() as u32 > self.name_max {
                return Err(Errno::NAMETOOLONG);
            }
            target = self.look_up(dir, name.as_bytes())?;
        }
        Ok(target)
    }

    /// The first pair of the directory that a target is.
    pub(super) fn directory(&mut self, target: &Target) -> Result<Pair, Errno> {
        match target {
            Target::Root => Ok(self.root),
            Target::Entry(meta, id, kind::DIRECTORY) => self.disk.child(meta, *id)?.ok_or(CORRUPT),
            Target::Entry(..) => Err(Errno::NOTDIR),
            Target::Missing(..) => Err(Errno::NOENT),
        }
    }

    fn look_up(&mut self, dir: Pair, name: &[u8]) -> Result<Target, Errno> {
        let mut pair = dir;
        for _ in 0..self.disk.blocks {
            let meta = self.disk.fetch(pair)?;
            match self.disk.find(&meta, name)? {
                Found::Entry(id, kind) => return Ok(Target::Entry(meta, id, kind)),
                Found::Here(id) => return Ok(Target::Missing(meta, id)),
                Found::After if !meta.split => return Ok(Target::Missing(meta, meta.count)),
                Found::After => pair = meta.tail,
            }
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
        let meta = self.disk.fetch(dir)?;
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
        let Some(mut before) = self.before(dir)? else { return Ok(()) };
        let dir = self.disk.fetch(before.tail)?;
        let share = self.disk.share(&dir)?;
        self.state_delta = self.state_delta.xor(share);
        self.commit(&mut before, &[Change::Tail { hard: dir.split, pair: dir.tail }])
    }

    /// The pair that the entry of the directory `dir` has.
    fn known_as(&mut self, dir: Pair) -> Result<Option<Pair>, Errno> {
        let mut pairs = Pairs::new(&self.disk);
        while let Some(meta) = pairs.next(&mut self.disk)? {
            for id in 0..meta.count {
                if let Some(child) = self.disk.child(&meta, id)?
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
            let mut root = self.disk.fetch(self.root)?;
            let put = Change::Put { kind: kind::INLINE_STRUCT, id: 0, bytes: &bytes };
            self.commit(&mut root, &[put])?;
            self.old_superblock = false;
        }
        if let Some((pair, id)) = self.state.moved() {
            let mut meta = self.disk.fetch(pair)?;
            if id >= meta.count {
                return Err(CORRUPT);
            }
            self.state.set_moved(None);
            self.commit(&mut meta, &[Change::Delete(id)])?;
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
                        let dir = self.disk.fetch(before.tail)?;
                        let share = self.disk.share(&dir)?;
                        self.state_delta = self.state_delta.xor(share);
                        let tail = Change::Tail { hard: dir.split, pair: dir.tail };
                        self.commit(&mut before, &[tail])?;
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
