//! Names made at run time.
//!
//! Names known at build time are in flash; the others are Str objects in a growing array, found
//! through a hash index of 16-bit numbers. Names live until soft reset, as in MicroPython.

use crate::types::exception;
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, OutOfMemory, Shortage, Value};
use octopy_qstr::{COUNT, Qstr, hash};

const FIRST_NAMES: u32 = 32;

/// Most bytes of a name, as in MicroPython.
const LONGEST_NAME: usize = 255;

impl Vm {
    pub(crate) fn start_names(&mut self) -> Result<(), OutOfMemory> {
        let names = self.heap.alloc(Kind::Words, FIRST_NAMES)?;
        self.roots.names.set(&self.heap, self.heap.get(names));
        let index = self.heap.alloc(Kind::Buffer, FIRST_NAMES)?;
        self.roots.name_index.set(&self.heap, self.heap.get(index));
        Ok(())
    }

    /// The name with this text, if there is one already.
    pub fn find_name(&self, text: &[u8]) -> Option<Qstr> {
        Qstr::find_rom(text).or_else(|| self.find_dynamic(text).ok())
    }

    /// The dynamic name with this text, or the place in the index where it belongs.
    fn find_dynamic(&self, text: &[u8]) -> Result<Qstr, u32> {
        let index = self.heap.buffer(self.roots.name_index.get(&self.heap));
        let n_places = index.len() as u32 / 2;
        let names = self.roots.names.get(&self.heap);
        let mut place = hash(text) & (n_places - 1);
        loop {
            let number = read_u16(index, place);
            if number == 0 {
                return Err(place);
            }
            let name = self.heap.word(names, u32::from(number) - 1);
            if self.heap.data(name) == text {
                return Ok(Qstr(COUNT + number - 1));
            }
            place = (place + 1) & (n_places - 1);
        }
    }

    /// How many names have been made at run time.
    fn dynamic_count(&self) -> u32 {
        let names = self.roots.names.get(&self.heap);
        let capacity = self.heap.words(names);
        // The used entries are a prefix: find its end by bisection.
        let (mut low, mut high) = (0, capacity);
        while low < high {
            let mid = (low + high) / 2;
            if self.heap.word(names, mid).is_null() { high = mid } else { low = mid + 1 }
        }
        low
    }

    /// The name with this text, made if need be.
    pub fn intern(&mut self, text: &[u8]) -> PyResult<Qstr> {
        self.check_name(text.len())?;
        self.intern_raw(text).map_err(|error| self.raise_memory(error))
    }

    /// Refuses a name of too many bytes.
    pub(crate) fn check_name(&mut self, len: usize) -> PyResult<()> {
        if len > LONGEST_NAME {
            return Err(self.raise(&exception::RUNTIME_ERROR, "name too long"));
        }
        Ok(())
    }

    pub(crate) fn intern_raw(&mut self, text: &[u8]) -> Result<Qstr, OutOfMemory> {
        if let Some(name) = self.find_name(text) {
            return Ok(name);
        }
        let mark = self.heap.sp();
        let name = self.alloc_text_raw(Kind::Str, text)?;
        let res = self.add_name(name);
        self.heap.set_sp(mark);
        res
    }

    /// The name with the text of the string in `slot`, made if need be.
    pub fn intern_str(&mut self, slot: Local) -> PyResult<Qstr> {
        let value = self.heap.get(slot);
        if let Some(number) = value.as_qstr() {
            return Ok(Qstr(number));
        }
        if let Some(name) = self.find_name(self.heap.data(value)) {
            return Ok(name);
        }
        self.check_name(self.heap.data(value).len())?;
        self.add_name(slot).map_err(|error| self.raise_memory(error))
    }

    fn add_name(&mut self, name: Local) -> Result<Qstr, OutOfMemory> {
        let mark = self.heap.sp();
        let count = self.dynamic_count();
        if count >= u32::from(u16::MAX - COUNT) - 1 {
            let place = octopy_heap::Place::Roots;
            return Err(self.heap.short(Shortage { bytes: 4, free: 0, largest: 0, place }));
        }
        if count + 1 > self.heap.words(self.roots.names.get(&self.heap)) {
            let grown = self.heap.alloc(Kind::Words, count * 2)?;
            let old = self.roots.names.get(&self.heap);
            self.heap.copy_words(old, 0, self.heap.get(grown), 0, count);
            self.roots.names.set(&self.heap, self.heap.get(grown));
        }
        // The index is kept at most half full.
        let places = self.heap.words(self.roots.name_index.get(&self.heap)) * 2;
        if (count + 1) * 2 > places {
            let grown = self.heap.alloc(Kind::Buffer, places)?;
            self.roots.name_index.set(&self.heap, self.heap.get(grown));
            for number in 0..count {
                let names = self.roots.names.get(&self.heap);
                let text = self.heap.data(self.heap.word(names, number));
                if let Err(place) = self.find_dynamic(text) {
                    self.write_index(place, number + 1);
                }
            }
        }
        let names = self.roots.names.get(&self.heap);
        self.heap.poke(names, count, self.heap.get(name));
        if let Err(place) = self.find_dynamic(self.heap.data(self.heap.get(name))) {
            self.write_index(place, count + 1);
        }
        self.heap.set_sp(mark);
        Ok(Qstr(COUNT + count as u16))
    }

    fn write_index(&self, place: u32, number: u32) {
        let index = self.heap.buffer(self.roots.name_index.get(&self.heap));
        let at = place as usize * 2;
        if let (Some(low), Some(high)) = (index.get(at), index.get(at + 1)) {
            low.set(number as u8);
            high.set((number >> 8) as u8);
        }
    }

    /// The text of a name.
    pub fn name_text(&self, name: Qstr) -> &[u8] {
        if let Some(text) = name.rom_text() {
            return text.as_bytes();
        }
        let names = self.roots.names.get(&self.heap);
        let number = u32::from(name.0 - COUNT);
        if number < self.heap.words(names) {
            let text = self.heap.word(names, number);
            if !text.is_null() {
                return self.heap.data(text);
            }
        }
        b""
    }

    /// The text of a string value (a name or a Str object), or the bytes of a Bytes object.
    #[inline]
    pub fn text<'a>(&'a self, value: Value<'a>) -> Option<&'a [u8]> {
        if let Some(number) = value.as_qstr() {
            return Some(self.name_text(Qstr(number)));
        }
        if self.heap.is_kind(value, Kind::Str) { Some(self.heap.data(value)) } else { None }
    }

    /// Allocates a Str or Bytes with this content.
    pub(crate) fn alloc_text_raw(&mut self, kind: Kind, text: &[u8]) -> Result<Local, OutOfMemory> {
        let len = text.len() as u32;
        let slot = self.heap.alloc(kind, 1 + len.div_ceil(4))?;
        self.heap.poke_raw(self.heap.get(slot), 0, len);
        if let Some(to) = self.heap.bytes_mut(slot, 1).get_mut(..text.len()) {
            to.copy_from_slice(text);
        }
        Ok(slot)
    }

    /// A string with this text, pushed: the interned one if it exists, else a new object.
    pub fn alloc_str(&mut self, text: &[u8]) -> PyResult<Local> {
        if text.len() <= 32 {
            if let Some(name) = self.find_name(text) {
                return self.push(Value::from_qstr(name.0));
            }
        }
        self.alloc_text_raw(Kind::Str, text).map_err(|error| self.raise_memory(error))
    }

    /// A bytes object, pushed.
    pub fn alloc_bytes(&mut self, bytes: &[u8]) -> PyResult<Local> {
        self.alloc_text_raw(Kind::Bytes, bytes).map_err(|error| self.raise_memory(error))
    }

    /// A Str or Bytes of `len` bytes, zeroed, pushed; fill it with `heap.bytes_mut(slot, 1)`.
    pub fn alloc_text(&mut self, kind: Kind, len: u32) -> PyResult<Local> {
        let slot = self.alloc(kind, (len / 4).saturating_add(2))?;
        self.heap.poke_raw(self.heap.get(slot), 0, len);
        Ok(slot)
    }
}

fn read_u16(index: &[core::cell::Cell<u8>], place: u32) -> u16 {
    let at = place as usize * 2;
    match (index.get(at), index.get(at + 1)) {
        (Some(low), Some(high)) => u16::from(low.get()) | u16::from(high.get()) << 8,
        _ => 0,
    }
}
