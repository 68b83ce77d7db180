//! `Table`: small integer ids for open things.
//!
//! An id is a slot in the low byte and the slot's generation in the high one, so that an id that was
//! closed does not reach what the slot holds later.

use octopy_hal::Errno;

#[derive(Debug)]
struct Slot<T> {
    generation: u8,
    content: Option<T>,
}

/// Up to `N` open things by id; `N` is at most 256.
#[derive(Debug)]
pub(crate) struct Table<T, const N: usize> {
    slots: [Slot<T>; N],
}

impl<T, const N: usize> Table<T, N> {
    /// Nothing open.
    pub(crate) fn new() -> Self {
        Self { slots: core::array::from_fn(|_| Slot { generation: 0, content: None }) }
    }

    /// True if one more can be open.
    pub(crate) fn has_room(&self) -> bool {
        self.slots.iter().any(|slot| slot.content.is_none())
    }

    /// Gives `content` an id; `EMFILE` if there is no room.
    pub(crate) fn insert(&mut self, content: T) -> Result<u16, Errno> {
        let mut slots = self.slots.iter_mut().enumerate();
        let (idx, slot) = slots.find(|(_, slot)| slot.content.is_none()).ok_or(Errno::MFILE)?;
        slot.content = Some(content);
        Ok(u16::from_le_bytes([idx as u8, slot.generation]))
    }

    fn slot(&mut self, id: u16) -> Result<&mut Slot<T>, Errno> {
        let [idx, generation] = id.to_le_bytes();
        let slot = self.slots.get_mut(usize::from(idx)).ok_or(Errno::BADF)?;
        if slot.generation == generation { Ok(slot) } else { Err(Errno::BADF) }
    }

    /// What `id` names; `EBADF` if it is closed.
    pub(crate) fn peek(&mut self, id: u16) -> Result<&mut T, Errno> {
        self.slot(id)?.content.as_mut().ok_or(Errno::BADF)
    }

    /// Takes what `id` names; the id is free afterwards.
    pub(crate) fn take(&mut self, id: u16) -> Result<T, Errno> {
        let slot = self.slot(id)?;
        let content = slot.content.take().ok_or(Errno::BADF)?;
        slot.generation = slot.generation.wrapping_add(1);
        Ok(content)
    }

    /// The id of something that is open.
    pub(crate) fn any(&self) -> Option<u16> {
        let mut slots = self.slots.iter().enumerate();
        let (idx, slot) = slots.find(|(_, slot)| slot.content.is_some())?;
        Some(u16::from_le_bytes([idx as u8, slot.generation]))
    }

    /// Everything that is open.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter_map(|slot| slot.content.as_ref())
    }

    /// Everything that is open, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().filter_map(|slot| slot.content.as_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_stale() {
        let mut table: Table<char, 2> = Table::new();
        let first = table.insert('a').expect("room");
        let second = table.insert('b').expect("room");
        assert!(!table.has_room());
        assert_eq!(table.insert('c'), Err(Errno::MFILE));
        assert_eq!(table.take(first), Ok('a'));
        assert_eq!(table.take(first), Err(Errno::BADF));
        let third = table.insert('c').expect("room");
        assert_ne!(first, third);
        assert_eq!(table.peek(first), Err(Errno::BADF));
        assert_eq!(table.peek(third), Ok(&mut 'c'));
        assert_eq!(table.peek(2), Err(Errno::BADF));
        assert_eq!(table.peek(second), Ok(&mut 'b'));
        assert_eq!(table.iter().count(), 2);
        while let Some(id) = table.any() {
            assert!(table.take(id).is_ok());
        }
        assert_eq!(table.iter().count(), 0);
        assert_eq!(table.peek(second), Err(Errno::BADF));
    }
}
