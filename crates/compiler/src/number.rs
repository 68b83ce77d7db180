//! Numbers: integers of 64 bits, as literals and under operators.
//!
//! SIZE: the VM computes with the same functions.

/// The value of an integer literal: decimal, or with `0x`, `0o` or `0b`.
pub(crate) fn parse(text: &[u8], negative: bool) -> Option<i64> {
    let (radix, digits) = match text {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', b'o' | b'O', digits @ ..] => (8, digits),
        [b'0', b'b' | b'B', digits @ ..] => (2, digits),
        digits => (10, digits),
    };
    let mut value = 0_i64;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix)?;
        value = value.checked_mul(i64::from(radix))?.checked_sub(i64::from(digit))?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// The decimal digits of a number, without its sign, at the end of the buffer.
pub(crate) fn digits(value: i64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut rest = value.unsigned_abs();
    let mut start = buffer.len();
    for place in buffer.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or(&[])
}

/// The value of an operator, by its index in `Tree::BINARY_OPERATORS`; `None` if Python raises an
/// exception, gives a float, or the value is too big for us.
#[inline(never)]
pub fn binary(operator: u32, left: i64, right: i64) -> Option<i64> {
    match operator {
        0 => Some(left | right),
        1 => Some(left ^ right),
        2 => Some(left & right),
        3 => shift_left(left, right),
        4 if right >= 0 => Some(left >> right.min(63)),
        5 => left.checked_add(right),
        6 => left.checked_sub(right),
        7 => multiply(left, right),
        9 => floor_divmod(left, right).map(|(quotient, _)| quotient),
        11 => floor_divmod(left, right).map(|(_, rest)| rest),
        12 => power(left, u32::try_from(right).ok()?),
        _ => None,
    }
}

/// Whether an operator, by its index in `Tree::BINARY_OPERATORS`, raises an exception for an
/// integer and `right`.
pub(crate) fn is_impossible(operator: u32, right: i64) -> bool {
    match operator {
        3 | 4 => right < 0,
        8 => true,
        9..=11 => right == 0,
        _ => false,
    }
}

fn shift_left(left: i64, right: i64) -> Option<i64> {
    if left == 0 && right >= 0 {
        return Some(0);
    }
    let factor = 1_i64.checked_shl(u32::try_from(right).ok()?).filter(|&factor| factor > 0)?;
    multiply(left, factor)
}

/// The product; `None` on overflow.
#[inline(never)]
fn multiply(left: i64, right: i64) -> Option<i64> {
    left.checked_mul(right)
}

fn power(base: i64, exponent: u32) -> Option<i64> {
    let mut value = 1_i64;
    let mut bit = exponent.checked_ilog2().map_or(0, |top| 1 << top);
    while bit != 0 {
        value = multiply(value, value)?;
        if exponent & bit != 0 {
            value = multiply(value, base)?;
        }
        bit >>= 1;
    }
    Some(value)
}

/// Quotient rounded down and remainder; `None` on overflow and for a divisor of zero.
pub fn floor_divmod(left: i64, right: i64) -> Option<(i64, i64)> {
    let (quotient, rest) = (left.checked_div(right)?, left.checked_rem(right)?);
    if rest != 0 && (rest < 0) != (right < 0) {
        Some((quotient - 1, rest + right))
    } else {
        Some((quotient, rest))
    }
}

/// The value of an operator, by the aux of a Unary node.
pub(crate) fn unary(operator: u32, value: i64) -> Option<i64> {
    match operator {
        0 => Some(value),
        1 => value.checked_neg(),
        _ => Some(!value),
    }
}
