//! Magnitudes: arithmetic on the digits of Int objects.
//!
//! Operands are slots that hold Int objects, small values included ([`object`] makes such an object
//! of a small int). Results are brought to the one form by [`finish`].

use crate::{PyResult, Vm};
use core::cmp::Ordering;
use octopy_heap::{Heap, Kind, Local, Value};

/// How many digits an Int object has.
#[inline(always)]
pub(super) fn len(heap: &Heap, int: Value<'_>) -> u32 {
    heap.words(int) - 1
}

/// Digit `idx`.
#[inline(always)]
pub(super) fn digit(heap: &Heap, int: Value<'_>, idx: u32) -> u32 {
    heap.raw(int, 1 + idx)
}

/// Replaces digit `idx` of an object that is being built.
#[inline(always)]
pub(super) fn set_digit(heap: &Heap, int: Value<'_>, idx: u32, digit: u32) {
    heap.poke_raw(int, 1 + idx, digit);
}

/// Whether an Int object is below zero.
#[inline(always)]
pub(super) fn is_negative(heap: &Heap, int: Value<'_>) -> bool {
    heap.raw(int, 0) != 0
}

/// How many digits there are without leading zeros.
pub(super) fn used(heap: &Heap, int: Value<'_>) -> u32 {
    let mut count = len(heap, int);
    while count > 0 && digit(heap, int, count - 1) == 0 {
        count -= 1;
    }
    count
}

/// Bits of the magnitude.
pub(super) fn bit_length(heap: &Heap, int: Value<'_>) -> u64 {
    match used(heap, int) {
        0 => 0,
        count => u64::from(count) * 32 - u64::from(digit(heap, int, count - 1).leading_zeros()),
    }
}

/// An Int object of `count` zero digits, pushed.
pub(super) fn alloc(vm: &mut Vm, count: u64) -> PyResult<Local> {
    // A count beyond the largest object fails in the allocation, with the right exception.
    vm.alloc(Kind::Int, u32::try_from(count + 1).unwrap_or(u32::MAX))
}

/// The integer in `slot` (small, bool or big) as an Int object, pushed if it is a new one.
pub(super) fn object(vm: &mut Vm, slot: Local) -> PyResult<Local> {
    let value = vm.heap.get(slot);
    if vm.heap.is_kind(value, Kind::Int) {
        return Ok(slot);
    }
    let small = super::word(&vm.heap, value).unwrap_or(0);
    super::alloc(vm, small)
}

/// Brings a fresh Int object to the one form: a small int, or no leading zeros.
pub(super) fn finish(vm: &mut Vm, slot: Local) -> Local {
    let object = vm.heap.get(slot);
    let count = used(&vm.heap, object);
    if count <= 1 {
        let magnitude = if count == 0 { 0 } else { i64::from(digit(&vm.heap, object, 0)) };
        let int = if is_negative(&vm.heap, object) { -magnitude } else { magnitude };
        if let Some(small) = i32::try_from(int).ok().and_then(Value::small) {
            vm.heap.set(slot, small);
            return slot;
        }
    }
    if count < len(&vm.heap, object) {
        vm.heap.shrink(slot, 1 + count);
    }
    slot
}

/// Compares magnitudes.
pub(super) fn compare(heap: &Heap, lhs: Value<'_>, rhs: Value<'_>) -> Ordering {
    let (n_lhs, n_rhs) = (used(heap, lhs), used(heap, rhs));
    if n_lhs != n_rhs {
        return n_lhs.cmp(&n_rhs);
    }
    for idx in (0..n_lhs).rev() {
        let (a, b) = (digit(heap, lhs, idx), digit(heap, rhs, idx));
        if a != b {
            return a.cmp(&b);
        }
    }
    Ordering::Equal
}

/// A copy of an Int object with `more` zero digits on top, pushed.
pub(super) fn copy(vm: &mut Vm, int: Local, more: u32) -> PyResult<Local> {
    let count = len(&vm.heap, vm.heap.get(int));
    let copy = alloc(vm, u64::from(count) + u64::from(more))?;
    vm.heap.copy_bytes(vm.heap.get(int), 0, vm.heap.get(copy), 0, 4 + 4 * count);
    Ok(copy)
}

/// `-int`, pushed.
pub(super) fn negate(vm: &mut Vm, int: Local) -> PyResult<Local> {
    let copy = copy(vm, int, 0)?;
    let object = vm.heap.get(copy);
    vm.heap.poke_raw(object, 0, vm.heap.raw(object, 0) ^ 1);
    Ok(finish(vm, copy))
}

/// `lhs + rhs`, or `lhs - rhs`, pushed.
pub(super) fn add(vm: &mut Vm, lhs: Local, rhs: Local, subtract: bool) -> PyResult<Local> {
    let (a, b) = (vm.heap.get(lhs), vm.heap.get(rhs));
    let negative = is_negative(&vm.heap, a);
    let sum = if negative == (is_negative(&vm.heap, b) != subtract) {
        let sum = add_magnitudes(vm, lhs, rhs)?;
        vm.heap.poke_raw(vm.heap.get(sum), 0, u32::from(negative));
        sum
    } else {
        let swap = compare(&vm.heap, a, b).is_lt();
        let sum = if swap {
            subtract_magnitudes(vm, rhs, lhs)?
        } else {
            subtract_magnitudes(vm, lhs, rhs)?
        };
        vm.heap.poke_raw(vm.heap.get(sum), 0, u32::from(negative != swap));
        sum
    };
    Ok(finish(vm, sum))
}

fn add_magnitudes(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<Local> {
    let mut n_long = len(&vm.heap, vm.heap.get(lhs));
    let mut n_short = len(&vm.heap, vm.heap.get(rhs));
    let (mut long, mut short) = (lhs, rhs);
    if n_long < n_short {
        (long, short, n_long, n_short) = (short, long, n_short, n_long);
    }
    // Room for a carry only where one may come.
    let mut top = u64::from(digit(&vm.heap, vm.heap.get(long), n_long - 1)) + 1;
    if n_long == n_short {
        top += u64::from(digit(&vm.heap, vm.heap.get(short), n_short - 1));
    }
    let count = u64::from(n_long) + (top >> 32);
    let sum = alloc(vm, count)?;
    let heap = &vm.heap;
    let (x, y, to) = (heap.get(long), heap.get(short), heap.get(sum));
    let mut carry = 0_u64;
    for idx in 0..n_long {
        carry += u64::from(digit(heap, x, idx));
        if idx < n_short {
            carry += u64::from(digit(heap, y, idx));
        }
        set_digit(heap, to, idx, carry as u32);
        carry >>= 32;
    }
    if carry != 0 {
        set_digit(heap, to, n_long, carry as u32);
    }
    Ok(sum)
}

/// The larger magnitude less the smaller one.
fn subtract_magnitudes(vm: &mut Vm, large: Local, small: Local) -> PyResult<Local> {
    let n_large = len(&vm.heap, vm.heap.get(large));
    let difference = alloc(vm, u64::from(n_large))?;
    let heap = &vm.heap;
    let (x, y, to) = (heap.get(large), heap.get(small), heap.get(difference));
    let n_small = len(heap, y);
    let mut borrow = 0_i64;
    for idx in 0..n_large {
        borrow += i64::from(digit(heap, x, idx));
        if idx < n_small {
            borrow -= i64::from(digit(heap, y, idx));
        }
        set_digit(heap, to, idx, borrow as u32);
        borrow >>= 32;
    }
    Ok(difference)
}

/// `lhs * rhs`, pushed.
pub(super) fn multiply(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<Local> {
    let (a, b) = (vm.heap.get(lhs), vm.heap.get(rhs));
    let bits = bit_length(&vm.heap, a) + bit_length(&vm.heap, b);
    let count = bits.div_ceil(32).max(1);
    let product = alloc(vm, count)?;
    let heap = &vm.heap;
    let (x, y, to) = (heap.get(lhs), heap.get(rhs), heap.get(product));
    let (n_x, n_y) = (used(heap, x), used(heap, y));
    for idx in 0..n_x {
        if vm.attention.is_interrupted() {
            break;
        }
        let factor = u64::from(digit(heap, x, idx));
        let mut carry = 0_u64;
        for other in 0..n_y {
            carry += factor * u64::from(digit(heap, y, other));
            carry += u64::from(digit(heap, to, idx + other));
            set_digit(heap, to, idx + other, carry as u32);
            carry >>= 32;
        }
        if carry != 0 {
            set_digit(heap, to, idx + n_y, carry as u32);
        }
    }
    heap.poke_raw(to, 0, u32::from(is_negative(heap, x) != is_negative(heap, y)));
    vm.stop_if_interrupted()?;
    Ok(finish(vm, product))
}

/// Quotient rounded down and remainder with the divisor's sign, both pushed. The divisor is not
/// zero.
pub(super) fn divmod(vm: &mut Vm, lhs: Local, rhs: Local) -> PyResult<(Local, Local)> {
    let quotient = alloc(vm, 1)?;
    let remainder = alloc(vm, 1)?;
    let mark = vm.mark();
    divide(vm, lhs, rhs, quotient, remainder)?;
    let heap = &vm.heap;
    let (x, y) = (heap.get(lhs), heap.get(rhs));
    let (q, r) = (heap.get(quotient), heap.get(remainder));
    let differ = is_negative(heap, x) != is_negative(heap, y);
    heap.poke_raw(q, 0, u32::from(differ));
    heap.poke_raw(r, 0, u32::from(is_negative(heap, y)));
    if differ && used(heap, r) > 0 {
        increment(heap, q);
        let mut borrow = 0_i64;
        for idx in 0..len(heap, r) {
            if idx < len(heap, y) {
                borrow += i64::from(digit(heap, y, idx));
            }
            borrow -= i64::from(digit(heap, r, idx));
            set_digit(heap, r, idx, borrow as u32);
            borrow >>= 32;
        }
    }
    vm.release(mark);
    finish(vm, quotient);
    finish(vm, remainder);
    Ok((quotient, remainder))
}

/// Adds one to a magnitude that has room for it.
pub(super) fn increment(heap: &Heap, int: Value<'_>) {
    for idx in 0..len(heap, int) {
        let (sum, carry) = digit(heap, int, idx).overflowing_add(1);
        set_digit(heap, int, idx, sum);
        if !carry {
            return;
        }
    }
}

/// Divides magnitudes: the quotient (with room for one more) and the remainder are stored in the
/// slots `quotient` and `remainder`.
fn divide(vm: &mut Vm, lhs: Local, rhs: Local, quotient: Local, remainder: Local) -> PyResult<()> {
    let (n_lhs, n_rhs) = (used(&vm.heap, vm.heap.get(lhs)), used(&vm.heap, vm.heap.get(rhs)));
    if n_lhs < n_rhs {
        let rest = copy(vm, lhs, 1 + n_rhs - n_lhs)?;
        vm.heap.set(remainder, vm.heap.get(rest));
        return Ok(());
    }
    let fresh = alloc(vm, u64::from(n_lhs - n_rhs) + 2)?;
    vm.heap.set(quotient, vm.heap.get(fresh));
    let shift = digit(&vm.heap, vm.heap.get(rhs), n_rhs - 1).leading_zeros();
    let rest = alloc(vm, u64::from(n_lhs) + 1)?;
    vm.heap.set(remainder, vm.heap.get(rest));
    let divisor = alloc(vm, u64::from(n_rhs) + 1)?;
    let heap = &vm.heap;
    let (q, r, d) = (heap.get(fresh), heap.get(rest), heap.get(divisor));
    shift_up(heap, heap.get(lhs), n_lhs, shift, r);
    shift_up(heap, heap.get(rhs), n_rhs, shift, d);
    let top = u64::from(digit(heap, d, n_rhs - 1));
    let second = if n_rhs > 1 { u64::from(digit(heap, d, n_rhs - 2)) } else { 0 };
    for place in (0..=n_lhs - n_rhs).rev() {
        if vm.attention.is_interrupted() {
            break;
        }
        // The estimate from the top two digits is at most two too high; the third corrects it.
        let high = u64::from(digit(heap, r, place + n_rhs)) << 32
            | u64::from(digit(heap, r, place + n_rhs - 1));
        let third = if n_rhs > 1 { u64::from(digit(heap, r, place + n_rhs - 2)) } else { 0 };
        let mut estimate = high / top;
        let mut rest = high % top;
        while estimate >> 32 != 0 || estimate * second > (rest << 32 | third) {
            estimate -= 1;
            rest += top;
            if rest >> 32 != 0 {
                break;
            }
        }
        let mut borrow = 0_i64;
        let mut carry = 0_u64;
        for idx in 0..=n_rhs {
            carry += if idx < n_rhs { estimate * u64::from(digit(heap, d, idx)) } else { 0 };
            borrow += i64::from(digit(heap, r, place + idx)) - i64::from(carry as u32);
            set_digit(heap, r, place + idx, borrow as u32);
            carry >>= 32;
            borrow >>= 32;
        }
        if borrow < 0 {
            // The estimate was one too high after all.
            estimate -= 1;
            let mut carry = 0_u64;
            for idx in 0..=n_rhs {
                carry += u64::from(digit(heap, r, place + idx));
                carry += if idx < n_rhs { u64::from(digit(heap, d, idx)) } else { 0 };
                set_digit(heap, r, place + idx, carry as u32);
                carry >>= 32;
            }
        }
        set_digit(heap, q, place, estimate as u32);
    }
    if shift > 0 {
        let mut above = 0;
        for idx in (0..=n_lhs).rev() {
            let digit = digit(heap, r, idx);
            set_digit(heap, r, idx, digit >> shift | above << (32 - shift));
            above = digit;
        }
    }
    vm.stop_if_interrupted()
}

/// Writes `from << shift` (less than 32) into `to`, which has a digit more.
fn shift_up(heap: &Heap, from: Value<'_>, count: u32, shift: u32, to: Value<'_>) {
    let mut carry = 0_u64;
    for idx in 0..count {
        carry |= u64::from(digit(heap, from, idx)) << shift;
        set_digit(heap, to, idx, carry as u32);
        carry >>= 32;
    }
    set_digit(heap, to, count, carry as u32);
}

/// Multiplies a magnitude in place and adds; what does not fit is lost.
pub(super) fn multiply_add(heap: &Heap, int: Value<'_>, count: u32, factor: u32, more: u32) -> u32 {
    let mut carry = u64::from(more);
    for idx in 0..count {
        carry += u64::from(digit(heap, int, idx)) * u64::from(factor);
        set_digit(heap, int, idx, carry as u32);
        carry >>= 32;
    }
    carry as u32
}

/// Divides the lowest `count` digits in place; gives the remainder.
pub(super) fn divide_small(heap: &Heap, int: Value<'_>, count: u32, divisor: u32) -> u32 {
    let divisor = u64::from(divisor.max(1));
    let mut rest = 0_u64;
    for idx in (0..count).rev() {
        let part = rest << 32 | u64::from(digit(heap, int, idx));
        set_digit(heap, int, idx, (part / divisor) as u32);
        rest = part % divisor;
    }
    rest as u32
}
