//! Iteration.
//!
//! An iterator over a core type is an `Iterator` object, or the same four values unpacked into
//! stack slots by a `for` loop, which then needs no memory.

use crate::rom::NextSlot;
use crate::types::{exception, generator, iterator, list};
use crate::{Out, PrintKind, PyResult, Raised, StateSlot, Vm};
use octopy_heap::{Kind, Local, Value};

impl Vm {
    /// `iter(value)`, pushed.
    pub fn iter(&mut self, value: Local) -> PyResult<Local> {
        if let Some(iter) = self.type_table(value).slots.iter {
            return iter(self, value);
        }
        if self.type_table(value).slots.next.is_some() {
            return self.copy(value);
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"'");
        short.push(self.type_name_of(self.heap.get(value)));
        short.push(b"' object isn't iterable");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }

    /// The next item, pushed; `None` at the end. A StopIteration raised by Python code is the end,
    /// and what it carries is kept for whoever raises it again.
    /// An interrupt is heeded here: a native that consumes an iterator ends at Ctrl-C.
    pub fn next(&mut self, iterator: Local) -> PyResult<Option<Local>> {
        self.stop_if_interrupted()?;
        let kind = self.heap.kind(self.heap.get(iterator));
        if kind == Some(Kind::Iterator) {
            let item = iterator::next(self, iterator)?;
            if item.is_none() {
                self.forget_stop_value();
            }
            return Ok(item);
        }
        let next = match kind {
            // The table would say so as well, but generators are what is asked most.
            Some(Kind::Generator) => generator::generator_next(self, iterator),
            _ => match self.type_table(iterator).slots.next {
                Some(next) => self.next_by_slot(next, iterator),
                None => return Err(self.raise_no_iterator(iterator)),
            },
        };
        match next {
            Ok(item) => Ok(item),
            Err(raised) => self.end_by_exception(raised),
        }
    }

    #[cold]
    fn raise_no_iterator(&mut self, value: Local) -> Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"'");
        short.push(self.type_name_of(self.heap.get(value)));
        short.push(b"' object isn't an iterator");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// The end of an iterator if StopIteration is pending; keeps what it carries.
    #[cold]
    fn end_by_exception(&mut self, raised: Raised) -> PyResult<Option<Local>> {
        if !self.pending_is(&exception::STOP_ITERATION) {
            return Err(raised);
        }
        let stop = self.take_exception();
        let args = self.heap.word(self.heap.get(stop), exception::ARGS);
        if self.heap.words(args) > 0 {
            self.heap.set(stop, self.heap.word(args, 0));
            self.set_state(StateSlot::StopValue, stop);
        }
        self.release(stop.addr());
        Ok(None)
    }

    /// Calls a type's `next`. Those of natives walk over other iterators, natively: this is where
    /// that recursion is counted.
    fn next_by_slot(&mut self, next: NextSlot, iterator: Local) -> PyResult<Option<Local>> {
        if self.heap.is_kind(self.heap.get(iterator), Kind::Native) {
            return self.nested(|vm| next(vm, iterator));
        }
        next(self, iterator)
    }

    /// Forgets what the last StopIteration carried.
    pub fn forget_stop_value(&mut self) {
        let words = self.roots.state.get(&self.heap);
        self.heap.poke_immediate(words, StateSlot::StopValue as u32, Value::NULL);
    }

    /// Raises StopIteration for an iterator whose [`Vm::next`] came to the end, with what the
    /// StopIteration that ended it carried.
    #[cold]
    pub fn raise_stop(&mut self) -> PyResult<Raised> {
        let value = self.state(StateSlot::StopValue)?;
        if self.heap.get(value).is_null() {
            return Ok(self.raise_bare(&exception::STOP_ITERATION));
        }
        self.forget_stop_value();
        self.raise_with(&exception::STOP_ITERATION, value)
    }

    /// Calls `body` with each item of an iterable, in a slot that is dropped after each call.
    pub fn for_each(
        &mut self,
        iterable: Local,
        mut body: impl FnMut(&mut Self, Local) -> PyResult<()>,
    ) -> PyResult<()> {
        let start = self.mark();
        let iterator = self.iter(iterable)?;
        let mark = self.mark();
        while let Some(item) = self.next(iterator)? {
            body(self, item)?;
            self.release(mark);
        }
        self.release(start);
        Ok(())
    }

    /// Writes the items of an iterable, separated by commas.
    pub(crate) fn print_each(&mut self, iterable: Local, out: Out) -> PyResult<()> {
        let mut is_first = true;
        self.for_each(iterable, |vm, item| {
            vm.stop_if_interrupted()?;
            if !is_first {
                vm.write(out, b", ")?;
            }
            is_first = false;
            vm.print(item, out, PrintKind::Repr)
        })
    }

    /// Adds each item of an iterable to a list or set with `add`. A generator does it itself where that
    /// takes no memory and no Python code, which spares leaving it at each item.
    pub(crate) fn collect(
        &mut self,
        iterable: Local,
        into: Local,
        add: fn(&mut Self, into: Local, item: Local) -> PyResult<()>,
    ) -> PyResult<()> {
        let start = self.mark();
        let iterator = self.iter(iterable)?;
        let mark = self.mark();
        loop {
            let item = match generator::next_beside(self, iterator, into)? {
                Some(next) => next,
                None => self.next(iterator)?,
            };
            let Some(item) = item else { break };
            add(self, into, item)?;
            self.release(mark);
        }
        self.release(start);
        Ok(())
    }

    /// A fresh list with the items of an iterable, pushed.
    pub fn list_from(&mut self, iterable: Local) -> PyResult<Local> {
        let list = list::alloc(self, 0)?;
        self.collect(iterable, list, list::push)?;
        Ok(list)
    }

    /// `value` if it is a tuple, else a fresh tuple with the items of the iterable, pushed.
    pub fn tuple_from(&mut self, iterable: Local) -> PyResult<Local> {
        if self.heap.is_kind(self.heap.get(iterable), Kind::Tuple) {
            return self.copy(iterable);
        }
        let mark = self.mark();
        let list = self.list_from(iterable)?;
        let len = list::len(&self.heap, self.heap.get(list));
        let tuple = match len {
            0 => crate::types::tuple::empty(self)?,
            _ => {
                let tuple = self.alloc(Kind::Tuple, len)?;
                let items = self.heap.word(self.heap.get(list), list::ITEMS);
                self.heap.copy_words(items, list::FIRST, self.heap.get(tuple), 0, len);
                tuple
            }
        };
        Ok(self.keep(mark, tuple))
    }

    /// The value that `StopIteration` carries, if that is what is pending; clears it.
    pub fn take_stop_value(&mut self) -> PyResult<Option<Local>> {
        if !self.pending_is(&exception::STOP_ITERATION) {
            return Ok(None);
        }
        let stop = self.take_exception();
        let args = self.push_word(stop, exception::ARGS)?;
        let args = self.heap.get(args);
        let first = if self.heap.words(args) > 0 { self.heap.word(args, 0) } else { Value::NONE };
        match self.heap.push(first) {
            Ok(slot) => Ok(Some(slot)),
            Err(_) => Err(self.raise_recursion()),
        }
    }
}
