//! Raising exceptions.

use crate::types::exception;
use crate::{PyResult, Raised, StateSlot, Table, Vm, table};
use octopy_hal::Errno;
use octopy_heap::{Kind, Local, MAX_WORDS, OutOfMemory, Place, Value, object_size};
use octopy_qstr::Qstr;

/// A short text built on the native stack; what does not fit is cut at a character.
#[derive(Debug)]
pub struct ShortText {
    bytes: [u8; 160],
    len: usize,
}

impl ShortText {
    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; 160], len: 0 }
    }

    /// The text so far.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Appends bytes that should be UTF-8.
    pub fn push(&mut self, text: &[u8]) {
        let mut room = self.bytes.len() - self.len;
        if text.len() < room {
            room = text.len();
        }
        while room > 0 && room < text.len() && text.get(room).is_some_and(|b| b & 0xc0 == 0x80) {
            room -= 1;
        }
        if let (Some(to), Some(from)) =
            (self.bytes.get_mut(self.len..self.len + room), text.get(..room))
        {
            to.copy_from_slice(from);
            self.len += room;
        }
    }

    /// Appends a text in which `%u`, `%d`, `%x` and `%X` stand for the next number: unsigned,
    /// signed, hexadecimal, and hexadecimal with eight digits.
    ///
    /// SIZE: `core::fmt` with what it takes to call it is 4 KB.
    #[cold]
    #[inline(never)]
    pub fn push_numbers(&mut self, template: &str, numbers: &[u32]) {
        let mut pieces = template.as_bytes().split(|&byte| byte == b'%');
        self.push(pieces.next().unwrap_or_default());
        for (piece, &number) in pieces.zip(numbers) {
            match piece.first() {
                Some(b'x') => self.push_digits(number, 16, 1),
                Some(b'X') => self.push_digits(number, 16, 8),
                Some(b'd') if (number as i32) < 0 => {
                    self.push(b"-");
                    self.push_digits(number.wrapping_neg(), 10, 1);
                }
                _ => self.push_digits(number, 10, 1),
            }
            self.push(piece.get(1..).unwrap_or_default());
        }
    }

    fn push_digits(&mut self, mut number: u32, base: u32, least: usize) {
        let mut digits = [b'0'; 10];
        let mut start = digits.len();
        while let Some(place) = start.checked_sub(1)
            && (number != 0 || digits.len() - start < least)
        {
            let digit = (number % base) as u8;
            if let Some(byte) = digits.get_mut(place) {
                *byte = if digit < 10 { b'0' + digit } else { b'a' - 10 + digit };
            }
            number /= base;
            start = place;
        }
        self.push(digits.get(start..).unwrap_or_default());
    }
}

impl Default for ShortText {
    fn default() -> Self {
        Self::new()
    }
}

impl Vm {
    /// Raises an exception of a native type with a fixed text.
    #[cold]
    pub fn raise(&mut self, class: &'static Table, text: &str) -> Raised {
        self.raise_bytes(class, text.as_bytes())
    }

    /// Raises an exception of a native type with a text; also while the heap is locked.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise_bytes(&mut self, class: &'static Table, text: &[u8]) -> Raised {
        let mark = self.mark();
        let mut res = self.raise_once(class, text);
        self.release(mark);
        if res.is_err() && !self.peek_state(StateSlot::Reserve).is_null() {
            let words = self.roots.state.get(&self.heap);
            self.heap.poke_immediate(words, StateSlot::Reserve as u32, Value::NULL);
            res = self.raise_once(class, text);
            self.release(mark);
        } else {
            self.restock();
        }
        match res {
            Ok(raised) | Err(raised) => raised,
        }
    }

    fn raise_once(&mut self, class: &'static Table, text: &[u8]) -> PyResult<Raised> {
        let before = self.heap.set_raising(true);
        let text = self.alloc_str(text);
        self.heap.set_raising(before);
        self.raise_with(class, text?)
    }

    /// Raises an exception of a native type with numbers in its text: [`ShortText::push_numbers`].
    #[cold]
    #[inline(never)]
    pub fn raise_numbers(
        &mut self,
        class: &'static Table,
        template: &str,
        numbers: &[u32],
    ) -> Raised {
        let mut short = ShortText::new();
        short.push_numbers(template, numbers);
        self.raise_bytes(class, short.bytes())
    }

    /// Raises an exception of a native type with one argument.
    #[cold]
    pub fn raise_with(&mut self, class: &'static Table, argument: Local) -> PyResult<Raised> {
        let exception = exception::alloc(self, class.value(), &[argument])?;
        Ok(self.raise_object(exception))
    }

    /// Raises an exception of a native type without arguments.
    #[cold]
    pub fn raise_bare(&mut self, class: &'static Table) -> Raised {
        let mark = self.mark();
        let res = exception::alloc(self, class.value(), &[]);
        let raised = match res {
            Ok(exception) => self.raise_object(exception),
            Err(raised) => raised,
        };
        self.release(mark);
        raised
    }

    /// Raises an exception object.
    #[cold]
    pub fn raise_object(&mut self, exception: Local) -> Raised {
        self.roots.pending.set(&self.heap, self.heap.get(exception));
        Raised(())
    }

    /// `TypeError` with a fixed text.
    #[cold]
    pub fn raise_type(&mut self, text: &str) -> Raised {
        self.raise(&exception::TYPE_ERROR, text)
    }

    /// `ValueError` with a fixed text.
    #[cold]
    pub fn raise_value(&mut self, text: &str) -> Raised {
        self.raise(&exception::VALUE_ERROR, text)
    }

    /// `OSError` with an error number.
    #[cold]
    pub fn raise_os(&mut self, errno: Errno) -> Raised {
        let mark = self.mark();
        let res = self
            .push(Value::from_small(i32::from(errno.code())))
            .and_then(|number| self.raise_with(&exception::OS_ERROR, number));
        self.release(mark);
        match res {
            Ok(raised) | Err(raised) => raised,
        }
    }

    /// `AttributeError` for a missing attribute.
    #[cold]
    pub fn raise_attribute(&mut self, object: Local, name: Qstr) -> Raised {
        let mut short = ShortText::new();
        let value = self.heap.get(object);
        if let Some(table) = self.as_table(value) {
            short.push(if table.is_type {
                b"type object '"
            } else {
                b"'module' object has no attribute '"
            });
            if table.is_type {
                short.push(self.name_text(table.name));
                short.push(b"' has no attribute '");
            }
        } else if self.heap.is_kind(value, Kind::Class) {
            short.push(b"type object '");
            short.push(self.type_name(object));
            short.push(b"' has no attribute '");
        } else {
            short.push(b"'");
            short.push(self.type_name_of(value));
            short.push(b"' object has no attribute '");
        }
        short.push(self.name_text(name));
        short.push(b"'");
        self.raise_bytes(&exception::ATTRIBUTE_ERROR, short.bytes())
    }

    /// `RuntimeError: maximum recursion depth exceeded`
    #[cold]
    pub fn raise_recursion(&mut self) -> Raised {
        // Made without pushing: the value stack may be what is full.
        match exception::alloc_without_stack(
            &mut self.heap,
            exception::RUNTIME_ERROR.value(),
            octopy_qstr::q::maximum_recursion_depth_exceeded,
        ) {
            Some(slot) => self.roots.pending.set(&self.heap, self.heap.get(slot)),
            None => exception::refill_memory_error(self, b"no memory for an exception"),
        }
        Raised(())
    }

    /// `MemoryError`, with what was asked for and what there is; never needs memory to succeed.
    #[cold]
    pub fn raise_memory(&mut self, _: OutOfMemory) -> Raised {
        let shortage = self.heap.shortage();
        let mut short = ShortText::new();
        short.push(b"memory allocation failed, ");
        match shortage.place {
            Place::Stack => return self.raise_recursion(),
            Place::Locked => short.push(b"heap is locked"),
            Place::Roots => short.push(b"too many roots"),
            Place::Dma => short.push(b"no DMA memory"),
            Place::Region(region) => {
                let numbers = [shortage.bytes, shortage.free, shortage.largest];
                // More than the length in an object's header can say, while there is room. No board
                // has so much in one piece.
                if cfg!(feature = "double")
                    && shortage.bytes.min(shortage.largest) >= object_size(MAX_WORDS)
                {
                    let numbers = [shortage.bytes, shortage.free, MAX_WORDS * 4];
                    short.push_numbers(
                        "allocating %u bytes (%u free, an object has at most %u)",
                        &numbers,
                    );
                } else {
                    short.push_numbers(
                        "allocating %u bytes (%u free, largest run %u, region ",
                        &numbers,
                    );
                    short.push(self.heap.region_name(region).as_bytes());
                    short.push(b")");
                }
            }
        }
        exception::refill_memory_error(self, short.bytes());
        Raised(())
    }

    /// An impossible state: a `SystemError` with the place in our own source.
    #[cold]
    #[track_caller]
    pub fn bug(&mut self, what: &str) -> Raised {
        let place = core::panic::Location::caller();
        let mut short = ShortText::new();
        for text in [what, " (", place.file(), ":"] {
            short.push(text.as_bytes());
        }
        short.push_numbers("%u)", &[place.line()]);
        self.raise_bytes(&exception::SYSTEM_ERROR, short.bytes())
    }

    /// The pending exception, taken and pushed. NULL if there was none.
    pub fn take_exception(&mut self) -> Local {
        // When the stack is full the top slot is given up: an unwound stack has room.
        if self.heap.stack_free() == 0 {
            self.heap.set_sp(self.heap.sp() - 4);
        }
        let pending = self.roots.pending.get(&self.heap);
        let slot = match self.heap.push(pending) {
            Ok(slot) => slot,
            Err(_) => Local::at(self.heap.stack_base()),
        };
        self.roots.pending.set(&self.heap, Value::NULL);
        slot
    }

    /// Whether the pending exception is of a native type (or derived from it).
    pub fn pending_is(&mut self, class: &'static Table) -> bool {
        let pending = self.roots.pending.get(&self.heap);
        !pending.is_null() && self.heap.is_kind(pending, Kind::Exception) && {
            let mut of = self.heap.word(pending, exception::CLASS);
            loop {
                if let Some(table) = self.as_table(of) {
                    break table.derives_from(class);
                }
                match self.first_native_base(of) {
                    Some(base) => of = base,
                    None => break false,
                }
            }
        }
    }

    /// Drops the pending exception.
    pub fn clear_exception(&mut self) {
        self.roots.pending.set(&self.heap, Value::NULL);
    }

    /// The core's table of this number; for raising from other crates.
    pub fn exception_table(&self, id: u16) -> &'static Table {
        debug_assert!(id >= table::BASE_EXCEPTION);
        self.core_table(id)
    }
}

#[cfg(test)]
mod tests {
    use super::ShortText;

    #[test]
    fn numbers_take_their_places_in_a_text() {
        let mut short = ShortText::new();
        short.push_numbers("%u and %d at 0x%X or %x.", &[0, u32::MAX, 0xbeef, 0xf00d]);
        short.push_numbers(" %u", &[u32::MAX]);
        assert_eq!(short.bytes(), b"0 and -1 at 0x0000beef or f00d. 4294967295");
    }

    #[test]
    fn missing_numbers_cut_the_text() {
        let mut short = ShortText::new();
        short.push_numbers("a %u b %u c", &[7]);
        assert_eq!(short.bytes(), b"a 7 b ");
    }
}
