//! Floats in the forms of `e`, `f`, `g` and `%`, in their field.

use super::format_spec::Spec;
use crate::types::float::format_float;
use crate::types::text::quote::Chunk;
use crate::{Float, Out, PyResult, Vm};

/// Room for the digits of the largest float, the highest precision, sign, point and exponent.
const ROOM: usize = if cfg!(feature = "double") { 309 + 256 + 16 } else { 39 + 256 + 16 };

/// Most bytes of a float that is written without an exponent.
const LONGEST: usize = 33;

/// Digits between separators.
const GROUP: u32 = 3;

/// Writes a float in the form that `spec` asks for, in its field.
pub(crate) fn write_float(vm: &mut Vm, out: Out, float: Float, spec: &Spec) -> PyResult<()> {
    let is_percent = spec.kind == b'%';
    let float = if is_percent { vm.round_float(float * 100.0) } else { float };
    let kind = match spec.kind {
        b'%' => b'f',
        0 | b'n' => b'g',
        kind => kind,
    };
    let precision = spec.precision.map(|digits| u8::try_from(digits).unwrap_or(u8::MAX));
    let single = vm.has_single_floats();
    let mut buffer = [0; ROOM];
    let mut len = format_float(float, single, kind, precision, spec.alternate, &mut buffer);
    if kind == b'f' || kind == b'F' {
        // COMPAT: what would be longer than this is written as by `g`.
        let whole = buffer.iter().take(len).take_while(|&&byte| byte != b'.').count();
        let whole = whole.saturating_sub(usize::from(buffer.first() == Some(&b'-')));
        let decimals = precision.unwrap_or(6);
        let signs = spec.sign_of(float.is_sign_negative()).1;
        if whole > 1 && float.is_finite() && whole + usize::from(decimals) + 1 + signs > LONGEST {
            let kind = kind + (b'g' - b'f');
            let precision = Some(decimals.saturating_add(1));
            len = format_float(float, single, kind, precision, spec.alternate, &mut buffer);
        }
    }
    let text = buffer.get(..len).unwrap_or_default();
    let (is_negative, text) = match text.strip_prefix(b"-") {
        Some(text) => (true, text),
        None => (false, text),
    };
    write_number(vm, out, text, is_negative, if is_percent { b"%" } else { b"" }, spec)
}

/// Writes the text of a float's magnitude, with its sign and separators, in its field.
pub(crate) fn write_number(
    vm: &mut Vm,
    out: Out,
    text: &[u8],
    is_negative: bool,
    unit: &[u8],
    spec: &Spec,
) -> PyResult<()> {
    let (sign, n_signs) = spec.sign_of(is_negative);
    let sign = sign.get(..n_signs).unwrap_or_default();
    let digits = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (whole, rest) = text.split_at_checked(digits).unwrap_or_default();
    let others = (sign.len() + rest.len() + unit.len()) as u32;
    let (count, separators) = spec.grouped(whole.len() as u32, others, GROUP);
    let (before, inner, after) = spec.pads(b'>', others + count + separators);
    spec.write_pad(vm, out, before)?;
    vm.write(out, sign)?;
    spec.write_pad(vm, out, inner)?;
    let mut chunk = Chunk::new(out);
    for left in (0..count).rev() {
        let digit = whole.len().checked_sub(left as usize + 1).and_then(|at| whole.get(at));
        chunk.push(vm, digit.copied().unwrap_or(b'0'))?;
        if let Some(separator) = spec.grouping.filter(|_| left > 0 && left % GROUP == 0) {
            chunk.push(vm, separator)?;
        }
    }
    chunk.push_all(vm, rest)?;
    chunk.push_all(vm, unit)?;
    chunk.flush(vm)?;
    spec.write_pad(vm, out, after)
}
