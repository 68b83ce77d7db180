//! `Place`: an entry of a directory, by pair and id, that commits keep up to date.

use octopy_hal::{Errno, Flash};

use super::change::Change;
use super::disk::Disk;
use super::pair::{Meta, NO_PAIR, Pair};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The pair; null once the entry is gone.
    pub(super) pair: Pair,
    pub(super) id: u16,
}

impl Place {
    pub(super) const GONE: Self = Self { pair: NO_PAIR, id: 0 };

    /// Gives it the id that its entry has after `changes` to its pair; true if they delete the
    /// entry, whose id the next one has then.
    pub(super) fn follow(&mut self, changes: &[Change<'_>]) -> bool {
        let mut gone = false;
        for change in changes {
            match *change {
                Change::Delete(id) => {
                    gone |= id == self.id;
                    self.id -= u16::from(id < self.id);
                }
                Change::Create(id) => self.id += u16::from(id <= self.id),
                _ => {}
            }
        }
        gone
    }

    /// Goes on to where the id is, if `meta` has been split before it.
    pub(super) fn settle<F: Flash>(
        &mut self,
        disk: &mut Disk<F>,
        meta: &Meta,
    ) -> Result<(), Errno> {
        let mut meta = *meta;
        while self.id >= meta.count && meta.split {
            self.id -= meta.count;
            meta = disk.fetch(meta.tail)?;
        }
        self.pair = meta.pair;
        Ok(())
    }
}
