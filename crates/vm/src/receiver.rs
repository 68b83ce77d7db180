//! The first argument of native methods.
//!
//! INVARIANT: a native method gets a value of its own type as `self`, whatever Python code passes:
//! natives read objects by their layout.

use crate::rom::{Row, TABLE_ITSELF};
use crate::types::{exception, instance};
use crate::{PyResult, Table, Vm, table};
use octopy_heap::{Kind, Local, Value};

impl Vm {
    /// The row of the native function that `value` stands for, and the type whose method it is, if
    /// it is one.
    #[inline]
    pub(crate) fn native_to_call(
        &self,
        value: Value<'_>,
    ) -> Option<(&'static Row, Option<&'static Table>)> {
        let rom = value.as_rom()?;
        if rom.row == TABLE_ITSELF {
            return None;
        }
        let table = self.table(rom.table)?;
        let row = table.rows.get(usize::from(rom.row))?;
        Some((row, row.convention()?.takes_self().then_some(table)))
    }

    /// Checks that the value in `receiver` is of a type. An instance of a class derived from the
    /// type is replaced by its native part.
    #[inline]
    pub(crate) fn check_receiver(&mut self, receiver: Local, of: &'static Table) -> PyResult<()> {
        if self.table_of(self.heap.get(receiver)).id == of.id || of.id == table::OBJECT {
            return Ok(());
        }
        self.check_receiver_slow(receiver, of)
    }

    #[inline(never)]
    fn check_receiver_slow(&mut self, receiver: Local, of: &'static Table) -> PyResult<()> {
        let value = self.heap.get(receiver);
        let own = match self.heap.kind(value) {
            Some(Kind::Exception) => exception::native_class(self, value),
            _ => self.table_of(value),
        };
        // `__next__` serves every native type that has the slot.
        if own.derives_from(of) || (of.id == table::ITERATOR && own.slots.next.is_some()) {
            return Ok(());
        }
        if self.heap.is_kind(value, Kind::Instance) {
            let mark = self.mark();
            if let Some(native) = self.native_of(receiver)? {
                if self.table_of(self.heap.get(native)).derives_from(of) {
                    self.heap.set(receiver, self.heap.get(native));
                    self.release(mark);
                    return Ok(());
                }
            }
            self.release(mark);
            // A native type that keeps its values in instances (named tuples).
            let class = self.heap.word(self.heap.get(receiver), instance::CLASS);
            if self.native_base(class).is_some_and(|base| base.derives_from(of)) {
                return Ok(());
            }
        }
        Err(self.raise_type("argument has wrong type"))
    }
}
