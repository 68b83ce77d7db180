//! `text % values`: formatting as in C.

use super::digits::{IntForm, write_int};
use super::float_text::write_float;
use super::format_spec::{Spec, number, write_char, write_str};
use crate::types::exception;
use crate::types::text::{Flavour, Text, is_int, make, opt_text};
use crate::{Out, PrintKind, PyResult, Vm};
use octopy_heap::{Kind, Local};

/// The values to be formatted.
struct Values {
    /// The right operand.
    operand: Local,
    /// How many there are.
    count: u32,
    /// How many have been taken.
    taken: u32,
    is_tuple: bool,
    is_dict: bool,
}

impl Values {
    /// The next value, pushed.
    fn next(&mut self, vm: &mut Vm) -> PyResult<Local> {
        if self.taken >= self.count {
            return Err(vm.raise_type("format string needs more arguments"));
        }
        self.taken += 1;
        if self.is_tuple {
            vm.push_word(self.operand, self.taken - 1)
        } else {
            vm.copy(self.operand)
        }
    }
}

/// `text % operand`, pushed.
pub(crate) fn percent(vm: &mut Vm, text: &Text, operand: Local) -> PyResult<Local> {
    let operand = match vm.native_part(operand, Kind::Tuple)? {
        Some(native) => native,
        None => operand,
    };
    let is_tuple = vm.heap.is_kind(vm.heap.get(operand), Kind::Tuple);
    let mut values = Values {
        operand,
        count: if is_tuple { vm.heap.words(vm.heap.get(operand)) } else { 1 },
        taken: 0,
        is_tuple,
        is_dict: vm.heap.is_kind(vm.heap.get(operand), Kind::Dict),
    };
    let mark = vm.mark();
    let builder = vm.alloc_builder()?;
    let mut at = 0;
    while at < text.look.len {
        let rest = text.look.from(at);
        let bytes = vm.buffer_bytes(&rest);
        let plain = bytes.iter().position(|&byte| byte == b'%').unwrap_or(bytes.len()) as u32;
        vm.write_buffer(Out::Builder(builder), &rest.part(0, plain))?;
        at += plain + 1;
        if at > text.look.len {
            break;
        }
        let mark = vm.mark();
        at = field(vm, builder, text, at, &mut values)?;
        vm.release(mark);
    }
    if !values.is_dict && values.taken != values.count {
        return Err(vm.raise_type("format string didn't convert all arguments"));
    }
    let made = text.make_built(vm, builder)?;
    Ok(vm.keep(mark, made))
}

/// A width or precision at `at`: a number, or `*` for the next value.
fn measure(vm: &mut Vm, text: &Text, at: &mut u32, values: &mut Values) -> PyResult<Option<i32>> {
    if vm.buffer_byte(&text.look, *at) == Some(b'*') {
        *at += 1;
        let value = values.next(vm)?;
        return vm.to_i32(value).map(Some);
    }
    let rest = vm.buffer_bytes(&text.look).get(*at as usize..).unwrap_or_default();
    match number(rest) {
        Some((value, after)) => {
            *at += (rest.len() - after.len()) as u32;
            Ok(Some(value as i32))
        }
        None => Ok(None),
    }
}

/// The value for `(key)` at `at`, pushed.
fn keyed(vm: &mut Vm, text: &Text, at: &mut u32, values: &mut Values) -> PyResult<Local> {
    if !values.is_dict && !vm.heap.is_kind(vm.heap.get(values.operand), Kind::Instance) {
        return Err(vm.raise_type("format needs a dict"));
    }
    values.taken = values.count;
    let rest = text.look.from(*at + 1);
    let bytes = vm.buffer_bytes(&rest);
    let Some(len) = bytes.iter().position(|&byte| byte == b')') else {
        return Err(vm.raise_value("incomplete format key"));
    };
    *at += len as u32 + 2;
    vm.check_name(len)?;
    let key = make(vm, Flavour::Str, &rest.part(0, len as u32))?;
    vm.subscript(values.operand, key)
}

/// Formats the field behind a `%`; says where the text goes on.
fn field(vm: &mut Vm, builder: Local, text: &Text, at: u32, values: &mut Values) -> PyResult<u32> {
    let out = Out::Builder(builder);
    let mut at = at;
    if vm.buffer_byte(&text.look, at) == Some(b'%') {
        vm.write(out, b"%")?;
        return Ok(at + 1);
    }
    let mut value = None;
    if vm.buffer_byte(&text.look, at) == Some(b'(') {
        value = Some(keyed(vm, text, &mut at, values)?);
    }
    let mut spec = Spec { align: b'>', ..Spec::NONE };
    let mut zeros = false;
    loop {
        match vm.buffer_byte(&text.look, at) {
            Some(b'-') => spec.align = b'<',
            Some(b'+') => spec.sign = b'+',
            Some(b' ') if spec.sign == 0 => spec.sign = b' ',
            Some(b' ') => {}
            Some(b'#') => spec.alternate = true,
            Some(b'0') => zeros = true,
            _ => break,
        }
        at += 1;
    }
    if let Some(width) = measure(vm, text, &mut at, values)? {
        if width < 0 {
            spec.align = b'<';
        }
        spec.width = width.unsigned_abs();
    }
    if vm.buffer_byte(&text.look, at) == Some(b'.') {
        at += 1;
        let precision = measure(vm, text, &mut at, values)?.unwrap_or(0);
        spec.precision = u32::try_from(precision).ok();
    }
    // Lengths of C's types mean nothing here.
    while matches!(vm.buffer_byte(&text.look, at), Some(b'l' | b'h' | b'L')) {
        at += 1;
    }
    let Some(letter) = vm.buffer_byte(&text.look, at) else {
        return Err(vm.raise_value("incomplete format"));
    };
    let value = match value {
        Some(value) => value,
        None => values.next(vm)?,
    };
    spec.kind = letter;
    match letter {
        b'c' => char_field(vm, out, value, &spec)?,
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
            int_field(vm, out, value, &mut spec, zeros)?;
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            if zeros && spec.align == b'>' {
                spec.align = b'=';
                spec.set_fill(b"0");
            }
            let float = vm.to_float(value)?;
            write_float(vm, out, float, &spec)?;
        }
        b's' | b'r' | b'a' => text_field(vm, out, text, value, &spec)?,
        _ => {
            let mut short = crate::raise::ShortText::new();
            short.push(b"unsupported format character '");
            let mut utf8 = [0; 4];
            short.push(char::from(letter).encode_utf8(&mut utf8).as_bytes());
            short.push_numbers("' (0x%x) at index %u", &[u32::from(letter), at]);
            return Err(vm.raise_short(&exception::VALUE_ERROR, &short));
        }
    }
    Ok(at + 1)
}

fn char_field(vm: &mut Vm, out: Out, value: Local, spec: &Spec) -> PyResult<()> {
    if is_int(vm, value) {
        return write_char(vm, out, value, spec);
    }
    match crate::held(&opt_text(vm, value))? {
        Some(text) if text.is_str() => {
            let bytes = vm.buffer_bytes(&text.look);
            if crate::types::text::index::count_chars(bytes) != 1 {
                return Err(vm.raise_type("%c needs int or char"));
            }
            write_str(vm, out, &text.look, spec)
        }
        _ => Err(vm.raise_type("integer needed")),
    }
}

fn int_field(vm: &mut Vm, out: Out, value: Local, spec: &mut Spec, zeros: bool) -> PyResult<()> {
    let is_decimal = matches!(spec.kind, b'd' | b'i' | b'u');
    let mut value = value;
    if let Some(native) = vm.native_part(value, Kind::Int)? {
        value = native;
    }
    let look = vm.heap.get(value);
    if is_decimal
        && (crate::types::float::value(&vm.heap, look).is_some()
            || vm.heap.is_kind(look, Kind::Instance))
    {
        let class = vm.push(crate::types::int::INT.value())?;
        value = vm.call(class, &[value])?;
    } else if !is_int(vm, value) {
        let int = vm.to_i64(value)?;
        value = vm.alloc_int(int)?;
    }
    let mut least = spec.precision.take().unwrap_or(0);
    if zeros && spec.align == b'>' {
        spec.align = b'=';
        spec.set_fill(b"0");
        spec.width = spec.width.max(least);
        least = 0;
    }
    let (base, prefix): (u32, &'static [u8]) = match spec.kind {
        b'o' => (8, b"0o"),
        b'x' => (16, b"0x"),
        b'X' => (16, b"0X"),
        _ => (10, b""),
    };
    let prefix = if spec.alternate { prefix } else { b"" };
    write_int(vm, out, value, &IntForm { base, upper: spec.kind == b'X', prefix, least }, spec)
}

fn text_field(vm: &mut Vm, out: Out, text: &Text, value: Local, spec: &Spec) -> PyResult<()> {
    let given = opt_text(vm, value)?;
    let is_plain = spec.kind == b's'
        && given.is_some_and(|given| given.is_str() || !text.is_str())
        && !vm.heap.is_kind(vm.heap.get(value), Kind::Instance);
    let look = match given {
        Some(given) if is_plain => given.look,
        _ => {
            let kind = if spec.kind == b's' { PrintKind::Str } else { PrintKind::Repr };
            let printed = vm.to_text(value, kind)?;
            vm.buffer_of(printed)?
        }
    };
    write_str(vm, out, &look, spec)
}
