//! Tracebacks: collecting them on the way up, printing them.

use crate::types::exception;
use crate::types::list;
use crate::types::{code, function};
use crate::{Out, PrintKind, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// Most places of one traceback; recursion without end would fill the memory otherwise.
const MAX_PLACES: u32 = 100;

impl Vm {
    /// Adds file, line and name of a function to the pending exception's traceback.
    pub(crate) fn extend_traceback(&mut self, function: Local, line: u32) {
        let mark = self.mark();
        if self.heap.stack_free() < 12 {
            return;
        }
        let pending = self.roots.pending.get(&self.heap);
        let Ok(exception) = self.heap.push(pending) else { return };
        let before = self.heap.set_raising(true);
        // Memory may be what has just run out: an allocation that fails must not replace the
        // pending exception, so plain heap calls are used.
        let made = self.traceback_list(exception);
        self.heap.set_raising(before);
        if let Some(places) = made {
            let code = self.heap.word(self.heap.get(function), function::CODE_WORD);
            let file = code::file(&self.heap, code);
            let name = code::name(&self.heap, code);
            self.add_place(self.heap.get(places), file, line, name);
        }
        self.release(mark);
    }

    /// Adds a place without a function: where a program does not parse.
    pub(crate) fn add_source_place(&mut self, file: octopy_qstr::Qstr, line: u32) {
        let mark = self.mark();
        let pending = self.roots.pending.get(&self.heap);
        let Ok(exception) = self.heap.push(pending) else { return };
        if let Some(places) = self.traceback_list(exception) {
            self.add_place(self.heap.get(places), Value::from_qstr(file.0), line, Value::NULL);
        }
        self.release(mark);
    }

    /// Adds a place to a traceback that has room for it.
    fn add_place(&self, places: Value<'_>, file: Value<'_>, line: u32, name: Value<'_>) {
        let heap = &self.heap;
        let at = list::len(heap, places);
        list::set_item(heap, places, at, file);
        list::set_item(heap, places, at + 1, Value::from_small(line as i32));
        list::set_item(heap, places, at + 2, name);
        list::set_len(heap, places, at + 3);
    }

    /// The traceback list of an exception with room for three more values, pushed.
    fn traceback_list(&mut self, exception: Local) -> Option<Local> {
        let current = self.heap.word(self.heap.get(exception), exception::TRACEBACK);
        if !self.heap.is_kind(current, Kind::List) {
            let places = self.heap.alloc(Kind::List, 1).ok()?;
            let items = self.heap.alloc(Kind::Items, list::FIRST + 6).ok()?;
            self.heap.poke(self.heap.get(places), list::ITEMS, self.heap.get(items));
            let object = self.heap.get(exception);
            self.heap.poke(object, exception::TRACEBACK, self.heap.get(places));
            return Some(places);
        }
        let places = self.heap.push(current).ok()?;
        let len = list::len(&self.heap, self.heap.get(places));
        let items = self.heap.word(self.heap.get(places), list::ITEMS);
        if list::FIRST + len + 3 <= self.heap.words(items) {
            return Some(places);
        }
        if len >= 3 * MAX_PLACES {
            return None;
        }
        let grown = self.heap.alloc(Kind::Items, list::FIRST + len * 2).ok()?;
        let (object, to) = (self.heap.get(places), self.heap.get(grown));
        let items = self.heap.word(object, list::ITEMS);
        self.heap.copy_words(items, list::FIRST, to, list::FIRST, len);
        self.heap.poke(object, list::ITEMS, to);
        list::set_len(&self.heap, object, len);
        Some(places)
    }

    /// Prints an exception with its traceback, as the REPL and `sys.print_exception` do.
    pub fn print_exception(&mut self, exception: Local, out: Out) -> PyResult<()> {
        let mark = self.mark();
        let places = self.push_word(exception, exception::TRACEBACK)?;
        if self.heap.is_kind(self.heap.get(places), Kind::List) {
            self.write(out, b"Traceback (most recent call last):\n")?;
            let mut at = list::len(&self.heap, self.heap.get(places));
            while at >= 3 {
                at -= 3;
                self.print_place(places, at, out)?;
            }
        }
        self.write_type_name(out, exception)?;
        // The colon stands even where no text follows: MicroPython's host tools know that form.
        self.write(out, b": ")?;
        self.print(exception, out, PrintKind::Str)?;
        self.write(out, b"\n")?;
        self.release(mark);
        Ok(())
    }

    fn print_place(&mut self, places: Local, at: u32, out: Out) -> PyResult<()> {
        let mark = self.mark();
        let items = self.push_word(places, list::ITEMS)?;
        let at = list::FIRST + at;
        self.write(out, b"  File \"")?;
        let file = self.push_word(items, at)?;
        self.print(file, out, PrintKind::Str)?;
        let line = self.heap.word(self.heap.get(items), at + 1).as_small().unwrap_or(0);
        self.write_numbers(out, "\", line %u", &[line as u32])?;
        let name = self.push_word(items, at + 2)?;
        if !self.heap.get(name).is_null() {
            self.write(out, b", in ")?;
            self.print(name, out, PrintKind::Str)?;
        }
        self.write(out, b"\n")?;
        self.release(mark);
        Ok(())
    }
}
