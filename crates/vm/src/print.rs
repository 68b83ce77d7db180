//! Output: where printed text goes, and printing values.

use crate::{PrintKind, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

/// Where text goes.
#[derive(Debug, Clone, Copy)]
pub enum Out {
    /// The console.
    Console,
    /// The board's error output: standard error on a PC, else the console.
    Error,
    /// A ByteArray object that grows; see [`Vm::alloc_builder`].
    Builder(Local),
}

impl Vm {
    /// An empty growing buffer for [`Out::Builder`], pushed.
    pub fn alloc_builder(&mut self) -> PyResult<Local> {
        crate::types::bytearray::alloc(self, 0)
    }

    /// The text of a builder as a string, pushed.
    pub fn builder_str(&mut self, builder: Local) -> PyResult<Local> {
        self.builder_text(builder, Kind::Str)
    }

    /// The content of a builder as a Str or Bytes, pushed.
    pub fn builder_text(&mut self, builder: Local, kind: Kind) -> PyResult<Local> {
        let len = self.heap.raw(self.heap.get(builder), 0);
        if kind == Kind::Str && len <= 32 {
            let mut short = [0_u8; 32];
            let value = self.heap.get(builder);
            let buffer = self.heap.buffer(self.heap.word(value, 1));
            for (to, from) in short.iter_mut().zip(buffer.iter()) {
                *to = from.get();
            }
            let text = short.get(..len as usize).unwrap_or_default();
            if let Some(name) = self.find_name(text) {
                return self.push(Value::from_qstr(name.0));
            }
        }
        let slot = self.alloc_text(kind, len)?;
        let from = self.heap.word(self.heap.get(builder), 1);
        self.heap.copy_bytes(from, 0, self.heap.get(slot), 4, len);
        Ok(slot)
    }

    /// Writes bytes.
    pub fn write(&mut self, out: Out, bytes: &[u8]) -> PyResult<()> {
        match out {
            Out::Console | Out::Error => {
                let cooked = self.cooked_console;
                write_console(self.board(), cooked, out, bytes);
                Ok(())
            }
            Out::Builder(builder) => crate::types::bytearray::extend_bytes(self, builder, bytes),
        }
    }

    /// Writes the bytes of a string or bytes value.
    pub fn write_text(&mut self, out: Out, text: Local) -> PyResult<()> {
        let value = self.heap.get(text);
        if let Some(rom) = value.as_qstr().and_then(|n| octopy_qstr::Qstr(n).rom_text()) {
            return self.write(out, rom.as_bytes());
        }
        match out {
            Out::Console | Out::Error => {
                let cooked = self.cooked_console;
                self.write_object(out, text, cooked);
                Ok(())
            }
            Out::Builder(builder) => {
                let source = if let Some(number) = value.as_qstr() {
                    let names = self.roots.names.get(&self.heap);
                    self.heap.push(self.heap.word(names, u32::from(number - octopy_qstr::COUNT)))
                } else {
                    self.heap.push(value)
                };
                let mark = self.heap.sp() - 4;
                let source = match source {
                    Ok(source) => source,
                    Err(_) => return Err(self.raise_recursion()),
                };
                let res = crate::types::bytearray::extend_text(self, builder, source);
                self.heap.set_sp(mark);
                res
            }
        }
    }

    /// Writes a string or bytes object (or run-time name) to the console, in pieces copied out of
    /// the heap, because the console cannot borrow it.
    fn write_object(&mut self, out: Out, text: Local, cooked: bool) {
        let mut piece = [0_u8; 64];
        let mut at = 0;
        loop {
            let value = self.heap.get(text);
            let bytes = match value.as_qstr() {
                Some(number) => self.name_text(octopy_qstr::Qstr(number)),
                None => self.heap.data(value),
            };
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.is_empty() {
                return;
            }
            let count = rest.len().min(piece.len());
            for (to, from) in piece.iter_mut().zip(rest) {
                *to = *from;
            }
            at += count;
            let part = piece.get(..count).unwrap_or_default();
            write_console(self.board(), cooked, out, part);
        }
    }

    /// Writes a text of at most 160 bytes with numbers in it:
    /// [`ShortText::push_numbers`](crate::raise::ShortText::push_numbers).
    #[inline(never)]
    pub fn write_numbers(&mut self, out: Out, template: &str, numbers: &[u32]) -> PyResult<()> {
        let mut short = crate::raise::ShortText::new();
        short.push_numbers(template, numbers);
        self.write(out, short.bytes())
    }

    /// Writes `str(value)` or `repr(value)`.
    pub fn print(&mut self, value: Local, out: Out, kind: PrintKind) -> PyResult<()> {
        if kind == PrintKind::Str && self.is_str(value) {
            return self.write_text(out, value);
        }
        let mark = self.mark();
        let res = self.nested(|vm| {
            let slot = vm.type_table(value).slots.print;
            match slot {
                Some(print) => print(vm, value, out, kind),
                None => {
                    vm.write(out, b"<")?;
                    vm.write_type_name(out, value)?;
                    vm.write(out, b">")
                }
            }
        });
        self.release(mark);
        res
    }

    /// `str(value)` or `repr(value)` as a string, pushed.
    pub fn to_text(&mut self, value: Local, kind: PrintKind) -> PyResult<Local> {
        if kind == PrintKind::Str && self.is_str(value) {
            return self.copy(value);
        }
        let mark = self.mark();
        let builder = self.alloc_builder()?;
        self.print(value, Out::Builder(builder), kind)?;
        let text = self.builder_str(builder)?;
        Ok(self.keep(mark, text))
    }
}

fn write_console(board: &mut dyn octopy_hal::Board, cooked: bool, out: Out, bytes: &[u8]) {
    let console = match out {
        Out::Error => board.error_console(),
        _ => board.console(),
    };
    if !cooked {
        console.write(bytes);
        return;
    }
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&b| b == b'\n') {
        let (line, after) = rest.split_at(at);
        console.write(line);
        console.write(b"\r\n");
        rest = after.get(1..).unwrap_or_default();
    }
    console.write(rest);
}
