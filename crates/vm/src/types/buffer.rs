//! Buffers: runs of bytes inside str, bytes, bytearray, array and memoryview objects.
//!
//! A [`BufferLook`] names a run by the slot of the raw object that holds it, an offset and a
//! length, never by an address, so it survives a move. Every access checks it against the object
//! as it is then: a buffer that was replaced or shrunk meanwhile gives fewer bytes, never others.

use crate::types::{array, bytearray, instance, memoryview};
use crate::{Out, PyResult, Vm};
use octopy_heap::{Kind, Local, Place, Shortage, Value};
use octopy_qstr::Qstr;

/// A run of bytes in an object.
#[derive(Debug, Clone, Copy)]
pub struct BufferLook {
    /// The raw object that holds the bytes (Str, Bytes or Buffer), or a name in flash.
    pub object: Local,
    /// Where the run starts: bytes from the start of the object's payload.
    pub at: u32,
    /// How many bytes it has.
    pub len: u32,
    /// What the items are, as a typecode of `array`; `B` for text and bytes.
    pub typecode: u8,
    /// Whether the bytes may be changed.
    pub writable: bool,
}

impl BufferLook {
    /// Bytes `start` to `start + len` of this run, cut at its end.
    #[inline(never)]
    pub fn part(&self, start: u32, len: u32) -> Self {
        let start = start.min(self.len);
        let len = len.min(self.len - start);
        Self { at: self.at + start, len, ..*self }
    }

    /// The bytes from `start` on.
    pub fn from(&self, start: u32) -> Self {
        self.part(start, u32::MAX)
    }

    /// How many items it has.
    pub fn items(self) -> u32 {
        self.len / array::item_size(self.typecode)
    }
}

/// Bytes that a native copies at a time when it cannot borrow both ends.
const CHUNK: usize = 64;

/// MemoryError for a request that no region could ever serve.
#[cold]
pub(crate) fn raise_too_large(vm: &mut Vm, bytes: u64) -> crate::Raised {
    let info = vm.heap.info();
    let error = vm.heap.short(Shortage {
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        free: info.free,
        largest: info.max_free,
        place: Place::Region(0),
    });
    vm.raise_memory(error)
}

impl Vm {
    /// The bytes of a str, bytes, bytearray, array or memoryview (or of an instance derived from
    /// one); `None` for other values. May push slots, which the look then refers to.
    pub fn opt_buffer(&mut self, slot: Local) -> PyResult<Option<BufferLook>> {
        let value = self.heap.get(slot);
        let look =
            |object, at, len| BufferLook { object, at, len, typecode: b'B', writable: false };
        if let Some(number) = value.as_qstr() {
            if let Some(text) = Qstr(number).rom_text() {
                return Ok(Some(look(slot, 0, text.len() as u32)));
            }
            let names = self.roots.names.get(&self.heap);
            let text = self.heap.word(names, u32::from(number - octopy_qstr::COUNT));
            let len = self.heap.raw(text, 0);
            return match self.heap.push(text) {
                Ok(object) => Ok(Some(look(object, 4, len))),
                Err(_) => Err(self.raise_recursion()),
            };
        }
        Ok(match self.heap.kind(value) {
            Some(Kind::Str | Kind::Bytes) => Some(look(slot, 4, self.heap.raw(value, 0))),
            Some(Kind::ByteArray) => {
                let len = self.heap.raw(value, bytearray::LEN);
                let object = self.push_word(slot, bytearray::BUFFER)?;
                Some(BufferLook { writable: true, ..look(object, 0, len) })
            }
            Some(Kind::Array) => Some(array::look(self, slot)?),
            Some(Kind::MemoryView) => Some(memoryview::look(self, slot)?),
            Some(Kind::Instance) => {
                let native = self.heap.word(value, instance::NATIVE);
                if native.is_null() || self.heap.is_kind(native, Kind::Instance) {
                    return Ok(None);
                }
                let native = self.push_word(slot, instance::NATIVE)?;
                return self.opt_buffer(native);
            }
            _ => None,
        })
    }

    /// As [`Vm::opt_buffer`]; TypeError for values without bytes.
    pub fn buffer_of(&mut self, slot: Local) -> PyResult<BufferLook> {
        match self.opt_buffer(slot)? {
            Some(look) => Ok(look),
            None => Err(self.raise_type("object with buffer protocol required")),
        }
    }

    /// As [`Vm::buffer_of`], of bytes that may be changed.
    pub fn writable_buffer_of(&mut self, slot: Local) -> PyResult<BufferLook> {
        match self.opt_buffer(slot)? {
            Some(look) if look.writable => Ok(look),
            _ => Err(self.raise_type("object with buffer protocol required")),
        }
    }

    /// The bytes of a run.
    // SIZE: as a call, 5 KB less than inlined at its many callers.
    #[inline(never)]
    pub fn buffer_bytes(&self, look: &BufferLook) -> &[u8] {
        let value = self.heap.get(look.object);
        let all = match value.as_qstr() {
            Some(number) => self.name_text(Qstr(number)),
            None if value.is_ref() => self.heap.raw_bytes(value, 0),
            None => return &[],
        };
        let (start, end) = (look.at as usize, (look.at + look.len) as usize);
        all.get(start..end).or_else(|| all.get(start..)).unwrap_or_default()
    }

    /// Byte `at` of a run; `None` behind its end.
    #[inline(never)]
    pub fn buffer_byte(&self, look: &BufferLook, at: u32) -> Option<u8> {
        self.buffer_bytes(look).get(at as usize).copied()
    }

    /// The bytes of a run, exclusively: for devices that fill memory. Empty if the run is not
    /// writable.
    pub fn buffer_bytes_mut(&mut self, look: &BufferLook) -> &mut [u8] {
        if !look.writable {
            return &mut [];
        }
        let all = self.heap.bytes_mut(look.object, 0);
        let start = (look.at as usize).min(all.len());
        let end = ((look.at + look.len) as usize).min(all.len());
        all.get_mut(start..end).unwrap_or_default()
    }

    /// Copies a run into the raw object in `to`, at payload byte `at`; the runs may overlap.
    pub fn copy_buffer(&mut self, look: &BufferLook, to: Local, at: u32) {
        let value = self.heap.get(look.object);
        if let Some(text) = value.as_qstr().and_then(|number| Qstr(number).rom_text()) {
            let from = text.as_bytes().get(look.at as usize..).unwrap_or_default();
            let to = self.heap.bytes_mut(to, 0).get_mut(at as usize..).unwrap_or_default();
            for (to, from) in to.iter_mut().zip(from.iter().take(look.len as usize)) {
                *to = *from;
            }
            return;
        }
        let target = self.heap.get(to);
        let room = (self.heap.words(target) * 4).saturating_sub(at);
        let there = (self.heap.words(value) * 4).saturating_sub(look.at);
        self.heap.copy_bytes(value, look.at, target, at, look.len.min(room).min(there));
    }

    /// Writes a run to an output.
    pub fn write_buffer(&mut self, out: Out, look: &BufferLook) -> PyResult<()> {
        if let Out::Builder(builder) = out {
            return bytearray::extend_look(self, builder, look);
        }
        let mut at = 0;
        while at < look.len {
            let mut chunk = [0_u8; CHUNK];
            let part = look.part(at, CHUNK as u32);
            let bytes = self.buffer_bytes(&part);
            let len = bytes.len().min(CHUNK);
            for (to, from) in chunk.iter_mut().zip(bytes) {
                *to = *from;
            }
            if len == 0 {
                break;
            }
            self.write(out, chunk.get(..len).unwrap_or_default())?;
            at += len as u32;
        }
        Ok(())
    }

    /// A Str or Bytes with the bytes of a run, pushed. A Str is not checked to be UTF-8; a short
    /// one is the interned one if that exists.
    pub fn alloc_from_buffer(&mut self, kind: Kind, look: &BufferLook) -> PyResult<Local> {
        if kind == Kind::Str
            && look.len <= 32
            && let Some(name) = self.find_name(self.buffer_bytes(look))
        {
            return self.push(Value::from_qstr(name.0));
        }
        let slot = self.alloc_unfilled(kind, look.len)?;
        self.copy_buffer(look, slot, 4);
        Ok(slot)
    }

    /// A Str or Bytes of `len` bytes, pushed, whose bytes are whatever the memory held: the caller
    /// fills them all.
    pub(crate) fn alloc_unfilled(&mut self, kind: Kind, len: u32) -> PyResult<Local> {
        match self.heap.alloc_raw(kind, len.div_ceil(4).saturating_add(1)) {
            Ok(slot) => {
                self.heap.poke_raw(self.heap.get(slot), 0, len);
                Ok(slot)
            }
            Err(error) => Err(self.raise_memory(error)),
        }
    }
}
