//! Weak references: a table that keeps nothing alive through a full collection.
//!
//! So is the table of identities (see `identity.rs`), which is without holders. This table is a
//! Words object of pairs: a target, and a holder that wants to know when the target is gone. A full
//! collection that reaches a target on no other way puts NULL in its place; a pair whose holder is
//! gone becomes NULL altogether. To minor collections and cycles, and when zeal moves everything,
//! the table is an object as any other: what is referred to weakly dies in full collections only,
//! `Heap::collect` among them.

use crate::object::Header;
use crate::{Heap, Local, OutOfMemory, Value, raw};

impl Heap {
    /// Makes an object the table of weak references, instead of the one that was.
    pub fn set_weak_table(&mut self, table: Local) -> Result<(), OutOfMemory> {
        match &self.weak {
            Some(root) => root.set(self, self.get(table)),
            None => self.weak = Some(self.root(self.get(table))?),
        }
        Ok(())
    }

    /// The table of weak references; `None` where there is none.
    pub fn weak_table(&self) -> Option<Value<'_>> {
        self.weak.as_ref().map(|root| root.get(self)).filter(|table| table.is_ref())
    }

    /// Whether there is something for [`Heap::begin_weak_service`].
    #[inline(always)]
    pub fn has_weak_loss(&self) -> bool {
        self.weak_loss && !self.weak_busy
    }

    /// Whether a target has died since the last time that this was asked, and nobody is at work on
    /// it: until [`Heap::end_weak_service`], the answer is no.
    pub fn begin_weak_service(&mut self) -> bool {
        let begins = self.weak_loss && !self.weak_busy;
        if begins {
            (self.weak_loss, self.weak_busy) = (false, true);
        }
        begins
    }

    /// Ends what [`Heap::begin_weak_service`] began.
    pub fn end_weak_service(&mut self) {
        self.weak_busy = false;
    }

    /// The tables that keep nothing alive: of weak references, and of identities.
    pub(crate) fn weak_tables(&self) -> impl Iterator<Item = u32> + use<> {
        let tables = [self.weak_table(), self.identity_table()];
        tables.map(|table| table.map(Value::bits)).into_iter().flatten()
    }

    /// Marks the tables without what is in them, before everything else is marked.
    pub(crate) fn pass_weak(&self) {
        for table in self.weak_tables() {
            let header = self.header(table);
            raw::store(&self.space, table, header.0 & !Header::GREY | Header::MARK);
        }
    }

    /// Forgets the targets and holders that are not marked, and their identities, after everything
    /// else is.
    pub(crate) fn forget_dead(&mut self) {
        // All objects with marks are counted, for sliding compares.
        self.marker.marked += self.weak_tables().count() as u32;
        self.forget_unless(|heap, word| heap.header(word).0 & Header::MARK != 0);
    }

    /// Forgets the targets, holders and identities of objects that are not alive.
    pub(crate) fn forget_unless(&mut self, lives: impl Fn(&Self, u32) -> bool) {
        let is_kept = |heap: &Self, word| !Value::from_bits(word).is_ref() || lives(heap, word);
        if let Some((mut addr, end)) = self.weak_words(self.weak_table().map(Value::bits)) {
            while addr + 4 < end {
                let (target, holder) =
                    (raw::load(&self.space, addr), raw::load(&self.space, addr + 4));
                let holder_lives = is_kept(self, holder);
                if !holder_lives || !is_kept(self, target) {
                    raw::store(&self.space, addr, Value::NULL.bits());
                    self.weak_loss = true;
                }
                if !holder_lives {
                    raw::store(&self.space, addr + 4, Value::NULL.bits());
                }
                addr += 8;
            }
        }
        if let Some((addr, end)) = self.weak_words(self.identity_table().map(Value::bits)) {
            for at in (addr..end).step_by(4) {
                if !is_kept(self, raw::load(&self.space, at)) {
                    raw::store(&self.space, at, Value::NULL.bits());
                }
            }
            self.forget_index();
        }
    }

    /// The words of a table that was passed.
    fn weak_words(&mut self, table: Option<u32>) -> Option<(u32, u32)> {
        let table = table?;
        let (addr, end) = self.header(table).traced(table)?;
        self.marker.looked_at += end - addr;
        Some((addr, end))
    }
}
