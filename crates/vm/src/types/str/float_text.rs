//! Floats in the forms of `e`, `f`, `g` and `%`.

use super::decimal::Decimal;
use super::format_spec::Spec;
use crate::types::text::quote::Chunk;
use crate::{Float, Out, PyResult, Vm};

/// How a finite float is laid out, once its digits are rounded.
struct Form {
    decimal: Decimal,
    /// Place of the first digit written.
    first: i32,
    /// Digits behind the point.
    fraction: u32,
    /// The exponent, in exponent form.
    exponent: Option<i32>,
    /// Whether the point is written even if nothing follows.
    point: bool,
    /// Digits between separators before the point.
    separator: Option<u8>,
}

/// Digits between separators.
const GROUP: i32 = 3;

impl Form {
    /// The form of a magnitude. `letter` is `e`, `f` or `g`.
    fn new(float: Float, letter: u8, precision: u32, spec: &Spec) -> Self {
        let mut decimal = Decimal::new(float);
        let precision = i32::try_from(precision).unwrap_or(i32::MAX / 2);
        let mut form_letter = letter;
        let mut fraction = precision;
        let exact = decimal.clone();
        let mut exponent = decimal.top().unwrap_or(0);
        if letter != b'f' {
            let digits = if letter == b'g' { precision.max(1) } else { precision.saturating_add(1) };
            decimal.round_at(exponent.saturating_sub(digits - 1));
            exponent = decimal.top().unwrap_or(exponent);
            if letter == b'g' {
                let is_fixed = exponent >= -4 && exponent < digits;
                form_letter = if is_fixed { b'f' } else { b'e' };
                fraction = if is_fixed { digits - 1 - exponent } else { digits - 1 };
            }
        }
        if form_letter == b'f' {
            if letter == b'f' {
                decimal = exact;
                decimal.round_at(-fraction);
            }
            exponent = 0;
        }
        let first = if form_letter == b'f' { decimal.top().unwrap_or(0).max(0) } else { exponent };
        if letter == b'g' && !spec.alternate {
            let last = if form_letter == b'f' { 0 } else { exponent };
            // No digits lie beyond some place, so the stripping starts there.
            fraction = fraction.min(last + 1100);
            while fraction > 0 && decimal.digit(last - fraction) == 0 {
                fraction -= 1;
            }
        }
        Self {
            decimal,
            first,
            fraction: fraction.max(0) as u32,
            exponent: if form_letter == b'e' { Some(exponent) } else { None },
            point: fraction > 0 || spec.alternate,
            separator: spec.grouping,
        }
    }

    /// How many bytes it takes with `whole` digits before the point.
    fn len(&self, whole: u32) -> u32 {
        let separators = if self.separator.is_some() { (whole - 1) / GROUP as u32 } else { 0 };
        let exponent = match self.exponent {
            Some(exponent) if exponent.unsigned_abs() >= 100 => 5,
            Some(_) => 4,
            None => 0,
        };
        let fraction = self.fraction.saturating_add(u32::from(self.point));
        fraction.saturating_add(whole + separators + exponent)
    }

    /// Digits before the point.
    fn whole(&self) -> u32 {
        if self.exponent.is_some() { 1 } else { self.first as u32 + 1 }
    }

    /// Writes it, with zeros in front up to `whole` digits before the point.
    fn write(&self, vm: &mut Vm, chunk: &mut Chunk, whole: u32, upper: bool) -> PyResult<()> {
        let last = if self.exponent.is_some() { self.first } else { 0 };
        for left in (0..whole as i32).rev() {
            chunk.push(vm, b'0' + self.decimal.digit(last + left))?;
            if let Some(separator) = self.separator.filter(|_| left > 0 && left % GROUP == 0) {
                chunk.push(vm, separator)?;
            }
        }
        if self.point {
            chunk.push(vm, b'.')?;
        }
        for behind in 1..=self.fraction {
            let place = i32::try_from(behind).map_or(i32::MIN / 2, |behind| last - behind);
            chunk.push(vm, b'0' + self.decimal.digit(place))?;
        }
        if let Some(exponent) = self.exponent {
            chunk.push(vm, if upper { b'E' } else { b'e' })?;
            chunk.push(vm, if exponent < 0 { b'-' } else { b'+' })?;
            let size = exponent.unsigned_abs();
            if size >= 100 {
                chunk.push(vm, b'0' + (size / 100) as u8)?;
            }
            chunk.push(vm, b'0' + (size / 10 % 10) as u8)?;
            chunk.push(vm, b'0' + (size % 10) as u8)?;
        }
        Ok(())
    }
}

/// Writes a float in the form that `spec` asks for, in its field.
pub(crate) fn write_float(vm: &mut Vm, out: Out, float: Float, spec: &Spec) -> PyResult<()> {
    let is_percent = spec.kind == b'%';
    let float = if is_percent { vm.round_float(float * 100.0) } else { float };
    let upper = spec.kind.is_ascii_uppercase();
    let is_negative = float.is_sign_negative() && !float.is_nan();
    let (sign, n_signs) = spec.sign_of(is_negative);
    let sign = sign.get(..n_signs).unwrap_or_default();
    if !float.is_finite() {
        let name: &[u8] = match (float.is_nan(), upper) {
            (true, false) => b"nan",
            (true, true) => b"NAN",
            (false, false) => b"inf",
            (false, true) => b"INF",
        };
        let len = name.len() as u32 + u32::from(is_percent);
        let (before, inner, after) = spec.pads(b'>', sign.len() as u32 + len);
        spec.write_pad(vm, out, before)?;
        vm.write(out, sign)?;
        spec.write_pad(vm, out, inner)?;
        vm.write(out, name)?;
        vm.write(out, if is_percent { b"%" } else { b"" })?;
        return spec.write_pad(vm, out, after);
    }
    let letter = match spec.kind.to_ascii_lowercase() {
        b'%' | b'f' => b'f',
        b'e' => b'e',
        _ => b'g',
    };
    let magnitude = if is_negative { -float } else { float };
    let form = Form::new(magnitude, letter, spec.precision.unwrap_or(6), spec);
    let head = sign.len() as u32 + u32::from(is_percent);
    let mut whole = form.whole();
    if spec.fills_with_zeros() && form.separator.is_some() && form.exponent.is_none() {
        while form.len(whole).saturating_add(head) < spec.width {
            whole += 1;
        }
    }
    let (before, inner, after) = spec.pads(b'>', form.len(whole).saturating_add(head));
    spec.write_pad(vm, out, before)?;
    vm.write(out, sign)?;
    spec.write_pad(vm, out, inner)?;
    let mut chunk = Chunk::new(out);
    form.write(vm, &mut chunk, whole, upper)?;
    if is_percent {
        chunk.push(vm, b'%')?;
    }
    chunk.flush(vm)?;
    spec.write_pad(vm, out, after)
}
