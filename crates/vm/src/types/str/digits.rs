//! Integers of any size as digits in a base, in their field.

use super::format_spec::Spec;
use crate::types::buffer::BufferLook;
use crate::types::int;
use crate::types::text::quote::{Chunk, hex_digit};
use crate::{Out, PyResult, Vm};
use octopy_heap::{Kind, Local};

/// Digits of a 64-bit number in base 2.
const MOST: usize = 64;

/// The digits of an integer's magnitude.
struct Digits {
    /// Those of a number that fits 64 bits, at the end of the array.
    short: [u8; MOST],
    /// Those of a longer one, as a run of text.
    long: Option<BufferLook>,
    len: u32,
    is_negative: bool,
}

impl Digits {
    /// The digits of the int in `slot`. May push slots.
    fn new(vm: &mut Vm, slot: Local, base: u32, upper: bool) -> PyResult<Self> {
        let value = vm.heap.get(slot);
        let mut this = Self { short: [0; MOST], long: None, len: 0, is_negative: false };
        let is_long = vm.heap.is_kind(value, Kind::Int) && int::to_i64(&vm.heap, value).is_none();
        if is_long {
            this.is_negative = vm.heap.raw(value, 0) != 0;
            let look = long_digits(vm, slot, base, upper)?;
            this.long = Some(look);
            this.len = look.len;
            return Ok(this);
        }
        let int = vm.to_i64(slot)?;
        this.is_negative = int < 0;
        let mut rest = int.unsigned_abs();
        for place in this.short.iter_mut().rev() {
            *place = cased(hex_digit((rest % u64::from(base)) as u8), upper);
            this.len += 1;
            rest /= u64::from(base);
            if rest == 0 {
                break;
            }
        }
        Ok(this)
    }

    fn digit(&self, vm: &Vm, idx: u32) -> u8 {
        match &self.long {
            Some(look) => vm.buffer_byte(look, idx).unwrap_or(b'0'),
            None => {
                let at = MOST - self.len as usize + idx as usize;
                self.short.get(at).copied().unwrap_or(b'0')
            }
        }
    }
}

fn cased(digit: u8, upper: bool) -> u8 {
    if upper { digit.to_ascii_uppercase() } else { digit }
}

/// The digits of a long integer's magnitude as a text. Pushes slots.
fn long_digits(vm: &mut Vm, slot: Local, base: u32, upper: bool) -> PyResult<BufferLook> {
    let builder = vm.alloc_builder()?;
    int::write_in_base(vm, Out::Builder(builder), slot, base, upper)?;
    let look = vm.buffer_of(builder);
    let look = crate::held(&look)?;
    let signs = u32::from(vm.buffer_bytes(look).first() == Some(&b'-'));
    Ok(look.from(signs))
}

/// How an integer is to be written.
pub(crate) struct IntForm {
    /// 2, 8, 10 or 16.
    pub(crate) base: u32,
    /// Digits above nine are upper-case, and so is the prefix.
    pub(crate) upper: bool,
    /// What stands between sign and digits.
    pub(crate) prefix: &'static [u8],
    /// Fewest digits.
    pub(crate) least: u32,
}

/// Writes the int in `slot` in its field.
pub(crate) fn write_int(
    vm: &mut Vm,
    out: Out,
    slot: Local,
    form: &IntForm,
    spec: &Spec,
) -> PyResult<()> {
    let mark = vm.mark();
    let digits = Digits::new(vm, slot, form.base, form.upper)?;
    let (sign, n_signs) = spec.sign_of(digits.is_negative);
    let sign = sign.get(..n_signs).unwrap_or_default();
    let head = (sign.len() + form.prefix.len()) as u32;
    let group = if matches!(form.base, 10) { 3 } else { 4 };
    let (count, separators) = spec.grouped(digits.len.max(form.least), head, group);
    let total = head.saturating_add(count).saturating_add(separators);
    let (before, inner, after) = spec.pads(b'>', total);
    spec.write_pad(vm, out, before)?;
    vm.write(out, sign)?;
    vm.write(out, form.prefix)?;
    spec.write_pad(vm, out, inner)?;
    let mut chunk = Chunk::new(out);
    for left in (0..count).rev() {
        let digit = if left >= digits.len { b'0' } else { digits.digit(vm, digits.len - 1 - left) };
        chunk.push(vm, digit)?;
        if let Some(separator) = spec.grouping.filter(|_| left > 0 && left % group == 0) {
            chunk.push(vm, separator)?;
        }
    }
    chunk.flush(vm)?;
    spec.write_pad(vm, out, after)?;
    vm.release(mark);
    Ok(())
}
