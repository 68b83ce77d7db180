//! `str.format`: texts with fields in braces. F-strings are compiled to it.

use super::format_spec::{number, write_formatted};
use crate::types::buffer::BufferLook;
use crate::types::exception;
use crate::types::text::this_text;
use crate::{Args, Out, PrintKind, PyResult, Rest, Vm};
use octopy_heap::Local;

/// Whether fields are numbered by their order or by themselves; not both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbering {
    /// The next argument to take.
    Automatic(u32),
    Manual,
}

/// What the fields are filled from.
struct Fields {
    args: Args,
    numbering: Numbering,
}

/// `format`
pub(crate) fn format(vm: &mut Vm, this: Local, rest: Rest) -> PyResult<Local> {
    let text = this_text(vm, this);
    let text = crate::held(&text)?;
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut fields = Fields { args: rest.0, numbering: Numbering::Automatic(0) };
    fields.fill(vm, builder, text.look)?;
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}

/// Where the first byte is for which `ends` holds, or the end.
fn scan(vm: &Vm, look: &BufferLook, from: u32, ends: impl Fn(u8) -> bool) -> u32 {
    let bytes = vm.buffer_bytes(look);
    let rest = bytes.get(from as usize..).unwrap_or_default();
    from + rest.iter().position(|&byte| ends(byte)).unwrap_or(rest.len()) as u32
}

impl Fields {
    /// Appends the format in `look` to a builder, its fields filled.
    fn fill(&mut self, vm: &mut Vm, builder: Local, look: BufferLook) -> PyResult<()> {
        let out = Out::Builder(builder);
        let mut at = 0;
        while at < look.len {
            let next = scan(vm, &look, at, |byte| matches!(byte, b'{' | b'}'));
            vm.write_buffer(out, &look.part(at, next - at))?;
            let Some(brace) = vm.buffer_byte(&look, next) else { break };
            at = next + 1;
            if vm.buffer_byte(&look, at) == Some(brace) {
                vm.write(out, &[brace])?;
                at += 1;
            } else if brace == b'}' {
                return Err(vm.raise_value("single '}' encountered in format string"));
            } else {
                let mark = vm.mark();
                at = self.field(vm, builder, look, at)?;
                vm.release(mark);
            }
        }
        Ok(())
    }

    /// Fills the field whose content starts at `at`; says where the text goes on.
    fn field(&mut self, vm: &mut Vm, builder: Local, look: BufferLook, at: u32) -> PyResult<u32> {
        let out = Out::Builder(builder);
        let mut end = at;
        // An index in brackets may have any characters.
        let mut nest = false;
        while let Some(byte) = vm.buffer_byte(&look, end) {
            match byte {
                b'[' => nest = true,
                b']' => nest = false,
                b'}' | b'!' | b':' if !nest => break,
                _ => {}
            }
            end += 1;
        }
        let name = look.part(at, end - at);
        let mut conversion = None;
        if vm.buffer_byte(&look, end) == Some(b'!') {
            conversion = vm.buffer_byte(&look, end + 1);
            match conversion {
                Some(b'r' | b's' | b'a') => end += 2,
                None => {
                    return Err(
                        vm.raise_value("end of format while looking for conversion specifier")
                    );
                }
                Some(other) => {
                    let mut short = crate::raise::ShortText::new();
                    short.push(b"unknown conversion specifier ");
                    short.push(&[other]);
                    return Err(vm.raise_short(&exception::VALUE_ERROR, &short));
                }
            }
        }
        let mut spec = look.part(0, 0);
        if vm.buffer_byte(&look, end) == Some(b':') {
            let start = end + 1;
            let mut depth = 1;
            end = start;
            while let Some(byte) = vm.buffer_byte(&look, end) {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                end += 1;
            }
            spec = look.part(start, end - start);
        }
        match vm.buffer_byte(&look, end) {
            Some(b'}') => {}
            None => return Err(vm.raise_value("unmatched '{' in format")),
            Some(_) => return Err(vm.raise_value("expected ':' after format specifier")),
        }
        let mut value = self.value(vm, name)?;
        if let Some(conversion) = conversion {
            let kind = if conversion == b's' { PrintKind::Str } else { PrintKind::Repr };
            value = vm.to_text(value, kind)?;
        }
        if scan(vm, &spec, 0, |byte| matches!(byte, b'{' | b'}')) < spec.len {
            let inner = vm.alloc_builder()?;
            vm.nested(|vm| self.fill(vm, inner, spec))?;
            spec = vm.buffer_of(inner)?;
        }
        write_formatted(vm, out, value, &spec)?;
        Ok(end + 1)
    }

    /// The value that a field names, pushed.
    fn value(&mut self, vm: &mut Vm, name: BufferLook) -> PyResult<Local> {
        let len = scan(vm, &name, 0, |byte| matches!(byte, b'.' | b'['));
        let (first, path) = (name.part(0, len), name.from(len));
        let bytes = vm.buffer_bytes(&first);
        let value = match number(bytes) {
            Some((place, [])) => {
                if matches!(self.numbering, Numbering::Automatic(next) if next > 0) {
                    return Err(vm.raise_value(
                        "can't switch from automatic field numbering to manual field specification",
                    ));
                }
                self.numbering = Numbering::Manual;
                self.argument(vm, place)?
            }
            _ if first.len == 0 => {
                let Numbering::Automatic(next) = self.numbering else {
                    return Err(vm.raise_value(
                        "can't switch from manual field specification to automatic field numbering",
                    ));
                };
                self.numbering = Numbering::Automatic(next + 1);
                self.argument(vm, next)?
            }
            _ => self.keyword(vm, &first)?,
        };
        follow(vm, value, path)
    }

    fn argument(&self, vm: &mut Vm, place: u32) -> PyResult<Local> {
        match u16::try_from(place).ok().and_then(|place| self.args.pos(place)) {
            Some(slot) => vm.copy(slot),
            None => Err(vm.raise(&exception::INDEX_ERROR, "tuple index out of range")),
        }
    }

    fn keyword(&self, vm: &mut Vm, name: &BufferLook) -> PyResult<Local> {
        for idx in 0..self.args.n_kw {
            let Some((key, value)) = self.args.kw(idx) else { break };
            if vm.text(vm.heap.get(key)) == Some(vm.buffer_bytes(name)) {
                return vm.copy(value);
            }
        }
        let key = vm.alloc_from_buffer(octopy_heap::Kind::Str, name)?;
        Err(vm.raise_with(&exception::KEY_ERROR, key)?)
    }
}

/// Follows `.name` and `[index]` from a value, pushed.
fn follow(vm: &mut Vm, value: Local, mut path: BufferLook) -> PyResult<Local> {
    let mut value = value;
    while path.len > 0 {
        if vm.buffer_byte(&path, 0) == Some(b'.') {
            let end = scan(vm, &path, 1, |byte| matches!(byte, b'.' | b'['));
            let name = vm.alloc_from_buffer(octopy_heap::Kind::Str, &path.part(1, end - 1))?;
            let name = vm.intern_str(name)?;
            value = vm.attr(value, name)?;
            path = path.from(end);
            continue;
        }
        let end = scan(vm, &path, 1, |byte| byte == b']');
        if vm.buffer_byte(&path, 0) != Some(b'[') || end >= path.len {
            return Err(vm.raise_value("expected '}' before end of string"));
        }
        let inside = path.part(1, end - 1);
        let index = match number(vm.buffer_bytes(&inside)) {
            Some((index, [])) => vm.alloc_int(i64::from(index))?,
            _ => vm.alloc_from_buffer(octopy_heap::Kind::Str, &inside)?,
        };
        value = vm.subscript(value, index)?;
        path = path.from(end + 1);
    }
    Ok(value)
}
