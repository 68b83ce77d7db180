//! The format mini-language: `[[fill]align][sign][#][0][width][,][.precision][type]`.
//!
//! One formatter for `format()`, `str.format` (and so f-strings) and `%`.

use super::digits::{IntForm, write_int};
use super::float_text::{write_float, write_number};
use crate::types::buffer::BufferLook;
use crate::types::exception;
use crate::types::text::{encode, index, opt_text, sides};
use crate::{Out, PrintKind, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::q;

/// A parsed specification.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The character that fills the field.
    pub fill: [u8; 4],
    /// How many bytes the fill has.
    pub fill_len: u8,
    /// `<`, `>`, `^`, `=`, or 0 for what the value's type prefers.
    pub align: u8,
    /// `+` or blank before numbers that are not negative, or 0.
    pub sign: u8,
    /// `#`
    pub alternate: bool,
    /// The field's least width.
    pub width: u32,
    /// The separator between groups of digits.
    pub grouping: Option<u8>,
    /// Digits, or the most characters of a text.
    pub precision: Option<u32>,
    /// The type letter, or 0.
    pub kind: u8,
}

impl Spec {
    /// The empty specification.
    pub const NONE: Self = Self {
        fill: [b' ', 0, 0, 0],
        fill_len: 1,
        align: 0,
        sign: 0,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        kind: 0,
    };

    /// Parses a specification; `None` if it is none.
    pub fn parse(text: &[u8], is_number: bool) -> Option<Self> {
        let mut spec = Self::NONE;
        let mut rest = text;
        let is_align = |byte: &u8| matches!(byte, b'<' | b'>' | b'^' | b'=');
        let fill_len = index::char_len_at(rest, 0);
        let mut has_fill = false;
        if let Some(align) = rest.get(fill_len).filter(|&byte| fill_len > 0 && is_align(byte)) {
            spec.align = *align;
            spec.set_fill(rest.get(..fill_len)?);
            has_fill = true;
            rest = rest.get(fill_len + 1..)?;
        } else if let Some(align) = rest.first().filter(|&byte| is_align(byte)) {
            spec.align = *align;
            rest = rest.get(1..)?;
        }
        if let Some(sign) = rest.first().filter(|byte| matches!(byte, b'+' | b'-' | b' ')) {
            spec.sign = if *sign == b'-' { 0 } else { *sign };
            rest = rest.get(1..)?;
        }
        if let Some(b'#') = rest.first() {
            spec.alternate = true;
            rest = rest.get(1..)?;
        }
        if let Some(b'0') = rest.first() {
            if spec.align == 0 && is_number {
                spec.align = b'=';
            }
            if !has_fill {
                spec.set_fill(b"0");
            }
        }
        (spec.width, rest) = number(rest).unwrap_or((0, rest));
        if let Some(separator) = rest.first().filter(|byte| matches!(byte, b',' | b'_')) {
            spec.grouping = Some(*separator);
            rest = rest.get(1..)?;
        }
        if let Some(b'.') = rest.first() {
            let (precision, after) = number(rest.get(1..)?)?;
            spec.precision = Some(precision);
            rest = after;
        }
        if let Some(kind) = rest.first().filter(|byte| b"bcdeEfFgGnosxX%".contains(byte)) {
            spec.kind = *kind;
            rest = rest.get(1..)?;
        }
        if rest.is_empty() { Some(spec) } else { None }
    }

    /// Sets the fill character.
    pub(crate) fn set_fill(&mut self, fill: &[u8]) {
        for (to, from) in self.fill.iter_mut().zip(fill) {
            *to = *from;
        }
        self.fill_len = fill.len().min(4) as u8;
    }

    /// Whether the field is filled with zeros between sign and digits.
    pub(crate) fn fills_with_zeros(&self) -> bool {
        self.align == b'=' && self.fill_len == 1 && self.fill.first() == Some(&b'0')
    }

    /// What is written for the sign, and how long that is.
    pub(crate) fn sign_of(&self, is_negative: bool) -> ([u8; 1], usize) {
        if is_negative { ([b'-'], 1) } else { ([self.sign], usize::from(self.sign != 0)) }
    }

    /// How much fill stands before, inside and behind a content of `len` characters.
    pub(crate) fn pads(&self, default: u8, len: u32) -> (u32, u32, u32) {
        let pad = self.width.saturating_sub(len);
        match if self.align == 0 { default } else { self.align } {
            b'<' => (0, 0, pad),
            b'^' => (pad / 2, 0, pad - pad / 2),
            b'=' => (0, pad, 0),
            _ => (pad, 0, 0),
        }
    }

    /// How many digits and separators a number with `digits` digits before the point has beside
    /// `others` characters: a field filled with zeros goes on with groups of zeros.
    pub(crate) fn grouped(&self, digits: u32, others: u32, group: u32) -> (u32, u32) {
        if self.grouping.is_none() || digits == 0 {
            return (digits, 0);
        }
        let separators = |count: u32| (count - 1) / group;
        let mut count = digits;
        if self.fills_with_zeros() {
            let target = self.width.saturating_sub(others);
            count = count.max(target / (group + 1) * group);
            while count + separators(count) < target {
                count += 1;
            }
        }
        (count, separators(count))
    }

    /// Writes fill.
    #[inline(never)]
    pub(crate) fn write_pad(&self, vm: &mut Vm, out: Out, count: u32) -> PyResult<()> {
        if count == 0 {
            return Ok(());
        }
        let fill = self.fill.get(..usize::from(self.fill_len)).unwrap_or_default();
        sides::write_fill(vm, out, fill, count)
    }
}

/// A number at the start of a text, and the rest; `None` if there is no digit.
pub(crate) fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let len = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(len)?;
    if digits.is_empty() {
        return None;
    }
    let value = digits.iter().fold(0_u32, |value, &digit| {
        value.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    });
    // Widths that no memory could hold are as good as this one.
    Some((value.min(1 << 30), rest))
}

/// Writes a text in its field, cut at the precision.
pub(crate) fn write_str(vm: &mut Vm, out: Out, look: &BufferLook, spec: &Spec) -> PyResult<()> {
    let bytes = vm.buffer_bytes(look);
    let mut chars = index::count_chars(bytes);
    let mut look = *look;
    if let Some(most) = spec.precision.filter(|&most| most < chars) {
        let len = index::char_offset(bytes, i64::from(most)).unwrap_or(bytes.len());
        look = look.part(0, len as u32);
        chars = most;
    }
    let (before, _, after) = spec.pads(b'<', chars);
    spec.write_pad(vm, out, before)?;
    vm.write_buffer(out, &look)?;
    spec.write_pad(vm, out, after)
}

/// Writes the character with an int's code point in its field.
pub(crate) fn write_char(vm: &mut Vm, out: Out, code: Local, spec: &Spec) -> PyResult<()> {
    let code = vm.to_i64(code)?;
    let Some(code) = u32::try_from(code).ok().filter(|&code| code < 0x11_0000) else {
        return Err(vm.raise(&exception::OVERFLOW_ERROR, "char not in range(0x110000)"));
    };
    let (bytes, len) = encode(code);
    let bytes = bytes.get(..len).unwrap_or_default();
    let (before, inner, after) = spec.pads(b'<', 1);
    spec.write_pad(vm, out, before + inner)?;
    vm.write(out, bytes)?;
    spec.write_pad(vm, out, after)
}

#[cold]
fn raise_unknown_code(vm: &mut Vm, value: Local, spec: &Spec) -> crate::Raised {
    let mut short = crate::raise::ShortText::new();
    short.push(b"unknown format code '");
    short.push(&[spec.kind]);
    short.push(b"' for object of type '");
    short.push(vm.type_name_of(vm.heap.get(value)));
    short.push(b"'");
    vm.raise_short(&exception::VALUE_ERROR, &short)
}

/// Writes a value as `spec` says.
pub(crate) fn write_value(vm: &mut Vm, out: Out, value: Local, spec: &Spec) -> PyResult<()> {
    let look = vm.heap.get(value);
    let is_int = crate::types::text::is_int(vm, value);
    let is_float = !is_int && crate::types::float::value(&vm.heap, look).is_some();
    if spec.sign != 0 && matches!(spec.kind, b's' | b'c') {
        return Err(vm.raise_value(if spec.kind == b's' {
            "sign not allowed in string format specifier"
        } else {
            "sign not allowed with integer format specifier 'c'"
        }));
    }
    if is_int {
        let upper = spec.kind == b'X';
        let (base, prefix): (u32, &'static [u8]) = match spec.kind {
            b'b' => (2, b"0b"),
            b'o' => (8, b"0o"),
            b'x' => (16, b"0x"),
            b'X' => (16, b"0X"),
            b'c' => {
                let align = if spec.align == 0 { b'>' } else { spec.align };
                return write_char(vm, out, value, &Spec { align, ..*spec });
            }
            0 | b'd' | b'n' => (10, b""),
            b's' => return Err(raise_unknown_code(vm, value, spec)),
            _ => {
                let float = vm.to_float(value)?;
                return write_float(vm, out, float, spec);
            }
        };
        let prefix = if spec.alternate { prefix } else { b"" };
        return write_int(vm, out, value, &IntForm { base, upper, prefix, least: 0 }, spec);
    }
    if is_float {
        match spec.kind {
            // COMPAT: without a type, MicroPython prints six digits; this prints `str(value)`.
            0 if spec.precision.is_none() => {
                return write_plain_float(vm, out, value, spec);
            }
            0 | b'n' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
                let float = vm.to_float(value)?;
                return write_float(vm, out, float, spec);
            }
            _ => return Err(raise_unknown_code(vm, value, spec)),
        }
    }
    if spec.align == b'=' {
        return Err(vm.raise_value("'=' alignment not allowed in string format specifier"));
    }
    if !matches!(spec.kind, 0 | b's') {
        return Err(raise_unknown_code(vm, value, spec));
    }
    match crate::held(&opt_text(vm, value))? {
        Some(text) if text.is_str() => write_str(vm, out, &text.look, spec),
        _ => Err(vm.raise_convert(value, "str")),
    }
}

/// Writes `str(value)` of a float in its field.
fn write_plain_float(vm: &mut Vm, out: Out, value: Local, spec: &Spec) -> PyResult<()> {
    let text = vm.to_text(value, PrintKind::Str)?;
    let look = vm.buffer_of(text);
    let look = crate::held(&look)?;
    let mut buffer = [0; 32];
    let bytes = vm.buffer_bytes(look);
    let len = bytes.len().min(buffer.len());
    for (to, from) in buffer.iter_mut().zip(bytes) {
        *to = *from;
    }
    let text = buffer.get(..len).unwrap_or_default();
    match text.strip_prefix(b"-") {
        Some(text) => write_number(vm, out, text, true, b"", spec),
        None => write_number(vm, out, text, false, b"", spec),
    }
}

/// Writes a value as the specification in `spec` (a text) says.
pub(crate) fn write_formatted(
    vm: &mut Vm,
    out: Out,
    value: Local,
    spec: &BufferLook,
) -> PyResult<()> {
    let mark = vm.mark();
    if spec.len == 0 {
        vm.print(value, out, PrintKind::Str)?;
        vm.release(mark);
        return Ok(());
    }
    let mut value = value;
    if vm.heap.is_kind(vm.heap.get(value), Kind::Instance) {
        if let Some(method) = vm.opt_special(value, q::__format__)? {
            let text = vm.alloc_from_buffer(Kind::Str, spec)?;
            let result = vm.call(method, &[text])?;
            let res = vm.print(result, out, PrintKind::Str);
            vm.release(mark);
            return res;
        }
        let native = vm.push_word(value, crate::types::instance::NATIVE)?;
        if !vm.heap.get(native).is_null() {
            value = native;
        }
    }
    let look = vm.heap.get(value);
    let is_number = crate::types::text::is_int(vm, value)
        || crate::types::float::value(&vm.heap, look).is_some();
    let parsed = match Spec::parse(vm.buffer_bytes(spec), is_number) {
        Some(parsed) => parsed,
        None => return Err(vm.raise_value("invalid format specifier")),
    };
    write_value(vm, out, value, &parsed)?;
    vm.release(mark);
    Ok(())
}

impl Vm {
    /// `format(value, spec)`, pushed; `str(value)` without a specification.
    pub fn format(&mut self, value: Local, spec: Option<Local>) -> PyResult<Local> {
        let mark = self.mark();
        let look = match spec {
            Some(slot) => crate::types::text::str_text(self, slot)?.look,
            None => {
                let empty = self.push(Value::from_qstr(q::empty.0))?;
                self.buffer_of(empty)?
            }
        };
        let builder = self.alloc_builder()?;
        write_formatted(self, Out::Builder(builder), value, &look)?;
        let text = self.builder_str(builder)?;
        Ok(self.keep(mark, text))
    }
}
