//! `OpenDir` and the operations on directories.

use octopy_hal::{DirEntry, Errno, FileKind, Flash, Stat};

use super::change::Change;
use super::disk::CORRUPT;
use super::pair::{Meta, is_null, pair_bytes, same};
use super::place::Place;
use super::tag::{Class, Tag, kind};
use super::{LittleFs, MODIFIED, There, held};

#[derive(Debug)]
pub(super) struct OpenDir {
    /// The entry that comes next.
    pub(super) place: Place,
    /// The pair, and the number of changes when it was read.
    meta: Option<(Meta, u32)>,
    /// How many pairs have been gone through; a damaged list may go in circles.
    pairs: u32,
}

impl<F: Flash> LittleFs<F> {
    pub(super) fn open_listing(&mut self, path: &str) -> Result<u16, Errno> {
        let mut target = self.resolve(path);
        let pair = self.directory(held(&mut target)?)?;
        self.dirs.insert(OpenDir { place: Place { pair, id: 0 }, meta: None, pairs: 0 })
    }

    /// The next entry of a listing; `None` at its end.
    pub(super) fn list_next(
        &mut self,
        id: u16,
        name: &mut [u8],
    ) -> Result<Option<DirEntry>, Errno> {
        let dir = self.dirs.peek(id)?;
        while dir.pairs <= self.disk.blocks {
            if is_null(dir.place.pair) {
                return Ok(None);
            }
            let meta = match dir.meta {
                Some((meta, changes)) if changes == self.changes => meta,
                _ => self.disk.fetch(dir.place.pair)?,
            };
            dir.meta = Some((meta, self.changes));
            if dir.place.id >= meta.count {
                dir.place = match meta.split {
                    true => Place { pair: meta.tail, id: 0 },
                    false => return Ok(None),
                };
                dir.meta = None;
                dir.pairs += 1;
                continue;
            }
            let id = dir.place.id;
            let found = self.disk.entry(&meta, id, |tag| tag.class() == Class::Name)?;
            let kind = found.and_then(|(tag, _)| entry_kind(tag.kind()));
            if let (Some((tag, off)), Some(kind)) = (found, kind) {
                let room = name.get_mut(..tag.len() as usize).ok_or(Errno::NAMETOOLONG)?;
                self.disk.read(meta.pair[0], off, room)?;
                let size = match self.disk.structure(&meta, id)? {
                    Some((tag, off)) => size_of(&mut self.disk, &meta, tag, off)?,
                    None => 0,
                };
                dir.place.id += 1;
                return Ok(Some(DirEntry { name_len: tag.len() as usize, kind, size }));
            }
            dir.place.id += 1;
        }
        Err(CORRUPT)
    }

    pub(super) fn status(&mut self, path: &str) -> Result<Stat, Errno> {
        let mut target = self.resolve(path);
        let target = held(&mut target)?;
        if target.there == There::Root {
            return Ok(Stat { kind: FileKind::Directory, size: 0, modified: 0 });
        }
        let name = target.entry(Errno::NOENT)?;
        let (meta, id) = (&target.meta, target.id);
        let size = match self.disk.structure(meta, id)? {
            Some((tag, off)) => size_of(&mut self.disk, meta, tag, off)?,
            None => 0,
        };
        let wanted = |tag: Tag| tag.kind() == kind::USER_ATTR + MODIFIED;
        let modified = match self.disk.entry(meta, id, wanted)? {
            Some((tag, off)) if tag.len() == 8 => {
                let [low, high] = self.disk.two_words(meta.pair[0], off)?;
                (u64::from(low) | u64::from(high) << 32) / 1_000_000_000
            }
            _ => 0,
        };
        let kind = entry_kind(name).ok_or(CORRUPT)?;
        Ok(Stat { kind, size, modified })
    }

    pub(super) fn make_directory(&mut self, path: &str) -> Result<(), Errno> {
        let mut target = self.resolve(path);
        let target = held(&mut target)?;
        if target.there != There::Missing {
            return Err(Errno::EXIST);
        }
        let (parent, id) = (&mut target.meta, target.id);
        let mut dir = self.new_pair();
        let dir = held(&mut dir)?;
        let mut last = self.last_pair(parent);
        let last = held(&mut last)?;
        // The new directory comes right after its parent in the list of all pairs.
        self.commit(dir, &[Change::Tail { hard: false, pair: last.tail }])?;
        let pair = dir.pair;
        let tail = Change::Tail { hard: false, pair };
        let alone = !parent.split;
        if !alone {
            // The list and the entry are in different pairs: in between it is an orphan.
            self.state.set_orphans(true);
            self.commit(last, &[tail])?;
            self.state.set_orphans(false);
        }
        let name = crate::path::base_name(path).as_bytes();
        let bytes = pair_bytes(pair);
        let put = |kind, bytes| Change::Put { kind, id, bytes };
        let changes = [
            Change::Create(id),
            put(kind::DIRECTORY, name),
            put(kind::DIR_STRUCT, &bytes),
            Change::Tail { hard: false, pair },
        ];
        let changes = if alone { changes.get(..) } else { changes.get(..3) };
        self.commit(parent, changes.unwrap_or(&[]))
    }

    /// Removes what is at `path` if it is a `wanted`, else says `otherwise`.
    pub(super) fn remove_kind(
        &mut self,
        path: &str,
        wanted: u16,
        otherwise: Errno,
    ) -> Result<(), Errno> {
        let mut target = self.resolve(path);
        let target = held(&mut target)?;
        let name = target.entry(if wanted == kind::FILE { otherwise } else { Errno::INVAL })?;
        let (meta, id) = (&mut target.meta, target.id);
        if (name == kind::DIRECTORY) != (wanted == kind::DIRECTORY) {
            return Err(otherwise);
        }
        let dir = if name == kind::DIRECTORY { self.disk.child(meta, id)? } else { None };
        if let Some(dir) = dir {
            if !self.is_empty(dir)? {
                return Err(Errno::NOTEMPTY);
            }
            self.state.set_orphans(true);
        }
        self.commit(meta, &[Change::Delete(id)])?;
        if let Some(dir) = dir {
            self.state.set_orphans(false);
            self.close_listings(dir);
            self.unlink(dir)?;
        }
        Ok(())
    }

    /// Ends listings of a directory that is removed.
    fn close_listings(&mut self, pair: super::pair::Pair) {
        for dir in self.dirs.iter_mut().filter(|dir| same(dir.place.pair, pair)) {
            dir.place = Place::GONE;
        }
    }

    pub(super) fn rename_entry(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        let mut source = self.resolve(from);
        let source = held(&mut source)?;
        let name = source.entry(Errno::INVAL)?;
        let (old, old_id) = (&source.meta, source.id);
        let mut target = self.resolve(to);
        let target = held(&mut target)?;
        let (new, new_id) = (&mut target.meta, target.id);
        let replaced = match target.there {
            There::Root => return Err(Errno::INVAL),
            There::Entry(kind) => Some(kind),
            There::Missing => None,
        };
        let together = same(old.pair, new.pair);
        let mut gone = None;
        match replaced {
            Some(kind) if kind != name => {
                let dir = kind == kind::DIRECTORY;
                return Err(if dir { Errno::ISDIR } else { Errno::NOTDIR });
            }
            Some(_) if together && new_id == old_id => return Ok(()),
            Some(kind::DIRECTORY) => {
                let dir = self.disk.child(new, new_id)?.ok_or(CORRUPT)?;
                if !self.is_empty(dir)? {
                    return Err(Errno::NOTEMPTY);
                }
                self.state.set_orphans(true);
                gone = Some(dir);
            }
            _ => {}
        }
        // The old entry's id once the new one has been put in.
        let shift = together && replaced.is_none() && new_id <= old_id;
        if !together {
            self.state.set_moved(Some((old.pair, old_id)));
        }
        for file in self.files.iter_mut() {
            file.moving = file.place == (Place { pair: old.pair, id: old_id });
        }
        let steps = [
            Change::Delete(new_id),
            Change::Create(new_id),
            Change::Put { kind: name, id: new_id, bytes: crate::path::base_name(to).as_bytes() },
            Change::Copy { id: new_id, from: old, from_id: old_id },
            Change::Delete(old_id + u16::from(shift)),
        ];
        let first = usize::from(replaced.is_none());
        let last = if together { 5 } else { 4 };
        self.commit(new, steps.get(first..last).unwrap_or(&[]))?;
        if !together {
            self.state.set_moved(None);
            let mut old = self.disk.fetch(old.pair);
            self.commit(held(&mut old)?, &[Change::Delete(old_id)])?;
        }
        if let Some(dir) = gone {
            self.state.set_orphans(false);
            self.close_listings(dir);
            self.unlink(dir)?;
        }
        self.follow_rename(to)
    }

    /// Gives files that were open under the old name their new place.
    fn follow_rename(&mut self, to: &str) -> Result<(), Errno> {
        let mut target = self.resolve(to);
        let target = held(&mut target)?;
        let place = Place { pair: target.meta.pair, id: target.id };
        for file in self.files.iter_mut().filter(|file| file.moving) {
            file.place = place;
            file.moving = false;
        }
        Ok(())
    }
}

fn entry_kind(name: u16) -> Option<FileKind> {
    match name {
        kind::DIRECTORY => Some(FileKind::Directory),
        kind::SUPERBLOCK => None,
        _ => Some(FileKind::File),
    }
}

/// The size of the content that a structure describes; 0 for directories.
fn size_of<F: Flash>(
    disk: &mut super::disk::Disk<F>,
    meta: &Meta,
    tag: Tag,
    off: u32,
) -> Result<u64, Errno> {
    match tag.kind() {
        kind::INLINE_STRUCT => Ok(u64::from(tag.len())),
        kind::CHAIN_STRUCT => disk.word(meta.pair[0], off + 4).map(u64::from),
        _ => Ok(0),
    }
}
