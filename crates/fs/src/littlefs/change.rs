//! `Change`: what a commit does to a metadata pair, and how the pair looks with it.

use octopy_hal::{Errno, Flash};

use super::disk::Disk;
use super::pair::{EntryTags, Meta, Pair};
use super::tag::{Class, Tag, class_of, kind};

/// One step of a commit; ids count after the steps before it.
#[derive(Debug)]
pub(super) enum Change<'a> {
    /// Makes room for an entry at this id.
    Create(u16),
    /// Removes the entry with this id.
    Delete(u16),
    /// Sets an attribute of an entry: its name, structure or a user attribute.
    Put {
        /// The attribute.
        kind: u16,
        /// The entry.
        id: u16,
        /// The value.
        bytes: &'a [u8],
    },
    /// Gives an entry all attributes of another but the name.
    Copy {
        /// The entry.
        id: u16,
        /// The pair of the other, as it is before the commit.
        from: &'a Meta,
        /// The other.
        from_id: u16,
    },
    /// Sets the next pair.
    Tail {
        /// True if it continues this directory.
        hard: bool,
        /// The next pair.
        pair: Pair,
    },
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    Bytes(&'a [u8]),
    Disk { block: u32, off: u32, len: u32 },
}

impl Source<'_> {
    pub(super) fn len(&self) -> u32 {
        match self {
            Source::Bytes(bytes) => bytes.len() as u32,
            Source::Disk { len, .. } => *len,
        }
    }
}

/// The attributes that were seen already, so that older values of them are passed over.
#[derive(Debug, Default)]
struct Seen {
    name: bool,
    structure: bool,
    attributes: [u32; 8],
}

impl Seen {
    /// True if this is the first of its kind.
    fn is_new(&mut self, kind: u16) -> bool {
        let (word, bit) = match class_of(kind) {
            Class::Name => return !core::mem::replace(&mut self.name, true),
            Class::Struct => return !core::mem::replace(&mut self.structure, true),
            _ => (self.attributes.get_mut(usize::from(kind >> 5 & 7)), 1 << (kind & 31)),
        };
        let Some(word) = word else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// The attributes that an entry has after a commit, each once.
#[derive(Debug)]
pub(super) struct View<'a> {
    source: &'a Meta,
    changes: &'a [Change<'a>],
    /// The entry's id before the changes that are still to be looked at.
    id: u16,
    /// What is being read from a log.
    tags: Option<EntryTags>,
    /// True if `tags` are another entry's, whose name does not count.
    copying: bool,
    /// True once nothing older can follow.
    last: bool,
    seen: Seen,
}

impl<'a> View<'a> {
    /// The entry that has `id` after `changes` to `source`.
    pub(super) fn new(source: &'a Meta, changes: &'a [Change<'a>], id: u16) -> Self {
        Self { source, changes, id, tags: None, copying: false, last: false, seen: Seen::default() }
    }

    /// The attributes of an entry that a [`Change::Copy`] takes over.
    pub(super) fn of_copy(from: &'a Meta, id: u16) -> Self {
        let tags = Some(EntryTags::new(from, id));
        Self { copying: true, last: true, tags, ..Self::new(from, &[], id) }
    }

    /// The next attribute: its kind and value.
    pub(super) fn next<F: Flash>(
        &mut self,
        disk: &mut Disk<F>,
    ) -> Result<Option<(u16, Source<'a>)>, Errno> {
        loop {
            if let Some(tags) = &mut self.tags {
                let block = tags.block();
                while let Some((tag, off)) = tags.next(disk)? {
                    let foreign = self.copying && tag.class() == Class::Name;
                    if !foreign && self.seen.is_new(tag.kind()) && !tag.is_removed() {
                        let source = Source::Disk { block, off, len: tag.len() };
                        return Ok(Some((tag.kind(), source)));
                    }
                }
                self.tags = None;
                self.copying = false;
            }
            if self.last {
                return Ok(None);
            }
            let Some((change, before)) = self.changes.split_last() else {
                self.last = true;
                self.tags = Some(EntryTags::new(self.source, self.id));
                continue;
            };
            self.changes = before;
            match *change {
                Change::Create(id) if id == self.id => self.last = true,
                Change::Create(id) => self.id -= u16::from(id < self.id),
                Change::Delete(id) => self.id += u16::from(id <= self.id),
                Change::Put { kind, id, bytes } if id == self.id && self.seen.is_new(kind) => {
                    return Ok(Some((kind, Source::Bytes(bytes))));
                }
                Change::Copy { id, from, from_id } if id == self.id => {
                    self.tags = Some(EntryTags::new(from, from_id));
                    self.copying = true;
                }
                _ => {}
            }
        }
    }
}

/// The tag of a tail.
pub(super) fn tail_tag(hard: bool) -> Tag {
    Tag::new(if hard { kind::HARD_TAIL } else { kind::SOFT_TAIL }, super::tag::NO_ID, 8)
}
