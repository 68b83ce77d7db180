//! `Writer`: from values to JSON.

use crate::table;
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::types::dict;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Value, Vm};

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub(super) out: Out,
    /// What stands between items and behind keys, if not `, ` and `: `.
    pub(super) separators: Option<(Local, Local)>,
}

impl Writer {
    /// Writes a value. What JSON has nothing for is written as its `repr`, as in MicroPython.
    pub(super) fn value(self, vm: &mut Vm, value: Local) -> PyResult<()> {
        let mark = vm.mark();
        let res = self.value_inner(vm, value);
        vm.release(mark);
        res
    }

    fn value_inner(self, vm: &mut Vm, value: Local) -> PyResult<()> {
        let look = vm.heap.get(value);
        let word: &[u8] = match look.as_immediate() {
            Some(Value::NONE) => b"null",
            Some(Value::TRUE) => b"true",
            Some(Value::FALSE) => b"false",
            _ => b"",
        };
        if !word.is_empty() {
            return vm.write(self.out, word);
        }
        if vm.is_str(value) {
            return self.text(vm, value);
        }
        match vm.heap.kind(look) {
            Some(Kind::Bytes) => self.text(vm, value),
            Some(Kind::List | Kind::Tuple) => vm.nested(|vm| self.items(vm, value)),
            Some(Kind::Dict) => vm.nested(|vm| self.entries(vm, value)),
            Some(Kind::NativeBytes) if vm.type_table(value).id == table::FIGURES => {
                let figures = crate::gc::to_dict(vm, value)?;
                self.value_inner(vm, figures)
            }
            Some(Kind::Instance) => {
                for kind in [Kind::Str, Kind::Dict, Kind::List, Kind::Tuple] {
                    if let Some(native) = vm.native_part(value, kind)? {
                        return self.value_inner(vm, native);
                    }
                }
                vm.print(value, self.out, PrintKind::Repr)
            }
            _ => vm.print(value, self.out, PrintKind::Repr),
        }
    }

    fn separator(self, vm: &mut Vm, is_key: bool) -> PyResult<()> {
        match self.separators {
            Some((item, key)) => vm.write_text(self.out, if is_key { key } else { item }),
            None => vm.write(self.out, if is_key { b": " } else { b", " }),
        }
    }

    fn items(self, vm: &mut Vm, value: Local) -> PyResult<()> {
        vm.write(self.out, b"[")?;
        let mut is_first = true;
        vm.for_each(value, |vm, item| {
            if !is_first {
                self.separator(vm, false)?;
            }
            is_first = false;
            self.value(vm, item)
        })?;
        vm.write(self.out, b"]")
    }

    fn entries(self, vm: &mut Vm, value: Local) -> PyResult<()> {
        vm.write(self.out, b"{")?;
        let mut n = 0;
        loop {
            let mark = vm.mark();
            let (step, key) = dict::next_entry(vm, value, n, dict::Part::Key)?;
            let (_, item) = dict::next_entry(vm, value, n, dict::Part::Value)?;
            let (Some(key), Some(item)) = (key, item) else { break };
            if n > 0 {
                self.separator(vm, false)?;
            }
            // Keys that are no texts become some.
            let is_text = vm.is_str(key) || vm.heap.is_kind(vm.heap.get(key), Kind::Bytes);
            if is_text {
                self.value(vm, key)?;
            } else {
                vm.write(self.out, b"\"")?;
                self.value(vm, key)?;
                vm.write(self.out, b"\"")?;
            }
            self.separator(vm, true)?;
            self.value(vm, item)?;
            n += step;
            vm.release(mark);
        }
        vm.write(self.out, b"}")
    }

    /// Writes a string or bytes value in quotes.
    fn text(self, vm: &mut Vm, text: Local) -> PyResult<()> {
        let look = vm.buffer_of(text);
        let look = octopy_vm::held(&look)?;
        vm.write(self.out, b"\"")?;
        let mut at = 0;
        while at < look.len {
            let plain = plain_run(vm, &look.from(at));
            vm.write_buffer(self.out, &look.part(at, plain))?;
            at += plain;
            let byte = vm.buffer_byte(look, at);
            match byte {
                Some(byte @ (b'"' | b'\\')) => vm.write(self.out, &[b'\\', byte])?,
                Some(b'\n') => vm.write(self.out, b"\\n")?,
                Some(b'\r') => vm.write(self.out, b"\\r")?,
                Some(b'\t') => vm.write(self.out, b"\\t")?,
                Some(byte) => vm.write_numbers(
                    self.out,
                    "\\u00%x%x",
                    &[u32::from(byte >> 4), u32::from(byte & 15)],
                )?,
                None => {}
            }
            at += 1;
        }
        vm.write(self.out, b"\"")
    }
}

/// How many bytes from the start need no escape.
fn plain_run(vm: &Vm, look: &BufferLook) -> u32 {
    let bytes = vm.buffer_bytes(look);
    let end = bytes.iter().position(|&byte| byte < b' ' || byte == b'"' || byte == b'\\');
    end.unwrap_or(bytes.len()) as u32
}
