//! Bit operators and shifts of big ints, as if in endless two's complement.

use super::digits::{self, alloc, digit, finish, is_negative, len, set_digit, used};
use crate::{Arith, PyResult, Vm};
use octopy_heap::{Heap, Local, Value};

/// The digits of an integer in two's complement, lowest first.
struct Complement<'h> {
    heap: &'h Heap,
    int: Value<'h>,
    len: u32,
    flip: u32,
    carry: bool,
}

impl<'h> Complement<'h> {
    fn new(heap: &'h Heap, int: Value<'h>) -> Self {
        let negative = is_negative(heap, int);
        Self {
            heap,
            int,
            len: len(heap, int),
            flip: if negative { u32::MAX } else { 0 },
            carry: negative,
        }
    }

    fn next(&mut self, idx: u32) -> u32 {
        let plain = if idx < self.len { digit(self.heap, self.int, idx) } else { 0 };
        let (word, carry) = (plain ^ self.flip).overflowing_add(u32::from(self.carry));
        self.carry = carry;
        word
    }
}

/// `lhs op rhs` for and, or, xor, pushed.
pub(super) fn logic(vm: &mut Vm, op: Arith, lhs: Local, rhs: Local) -> PyResult<Local> {
    let apply = |a: u32, b: u32| match op {
        Arith::And => a & b,
        Arith::Or => a | b,
        _ => a ^ b,
    };
    let count = len(&vm.heap, vm.heap.get(lhs)).max(len(&vm.heap, vm.heap.get(rhs))) + 1;
    let result = alloc(vm, u64::from(count))?;
    let heap = &vm.heap;
    let to = heap.get(result);
    let mut a = Complement::new(heap, heap.get(lhs));
    let mut b = Complement::new(heap, heap.get(rhs));
    let flip = apply(a.flip, b.flip);
    let mut carry = flip != 0;
    for idx in 0..count {
        let word = apply(a.next(idx), b.next(idx));
        let (word, over) = (word ^ flip).overflowing_add(u32::from(carry));
        carry = over;
        set_digit(heap, to, idx, word);
    }
    heap.poke_raw(to, 0, flip & 1);
    Ok(finish(vm, result))
}

/// `~int`, pushed.
pub(super) fn invert(vm: &mut Vm, int: Local) -> PyResult<Local> {
    let one = super::alloc(vm, 1)?;
    let sum = digits::add(vm, int, one, false)?;
    let sum = digits::object(vm, sum)?;
    digits::negate(vm, sum)
}

/// `int << count`, pushed.
pub(super) fn shift_left(vm: &mut Vm, int: Local, count: u64) -> PyResult<Local> {
    let n_from = len(&vm.heap, vm.heap.get(int));
    let result = alloc(vm, u64::from(n_from) + count / 32 + 1)?;
    let heap = &vm.heap;
    let (from, to) = (heap.get(int), heap.get(result));
    let (skip, shift) = ((count / 32) as u32, (count % 32) as u32);
    let mut carry = 0_u64;
    for idx in 0..n_from {
        carry |= u64::from(digit(heap, from, idx)) << shift;
        set_digit(heap, to, skip + idx, carry as u32);
        carry >>= 32;
    }
    set_digit(heap, to, skip + n_from, carry as u32);
    heap.poke_raw(to, 0, heap.raw(from, 0));
    Ok(finish(vm, result))
}

/// `int >> count`, rounded down, pushed.
pub(super) fn shift_right(vm: &mut Vm, int: Local, count: u64) -> PyResult<Local> {
    let from = vm.heap.get(int);
    let (n_from, negative) = (used(&vm.heap, from), is_negative(&vm.heap, from));
    if count / 32 >= u64::from(n_from) {
        return vm.push(Value::from_small(-i32::from(negative)));
    }
    let (skip, shift) = ((count / 32) as u32, (count % 32) as u32);
    let n_to = n_from - skip;
    let result = alloc(vm, u64::from(n_to) + 1)?;
    let heap = &vm.heap;
    let (from, to) = (heap.get(int), heap.get(result));
    for idx in 0..n_to {
        let high = if idx + 1 < n_to { digit(heap, from, skip + idx + 1) } else { 0 };
        let both = u64::from(high) << 32 | u64::from(digit(heap, from, skip + idx));
        set_digit(heap, to, idx, (both >> shift) as u32);
    }
    heap.poke_raw(to, 0, u32::from(negative));
    let lost = digit(heap, from, skip) & !(u32::MAX << shift);
    if negative && (lost != 0 || (0..skip).any(|idx| digit(heap, from, idx) != 0)) {
        digits::increment(heap, to);
    }
    Ok(finish(vm, result))
}
