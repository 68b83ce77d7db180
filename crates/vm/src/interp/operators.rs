//! Operators and subscripts: fast paths for small ints and floats.

use super::{Interp, Step};
use crate::types::text::subscript;
use crate::types::{bytearray, dict, int, list};
use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_heap::{Kind, Look, Value};

macro_rules! fast_arith {
    ($name:ident, $op:ident, |$a:ident, $b:ident| $int:expr, |$x:ident, $y:ident| $float:expr) => {
        #[inline(always)]
        pub(super) fn $name(&mut self) -> Step {
            let heap = self.window.of(&self.vm.heap);
            let (lhs, rhs) = (heap.get(self.below(2)), heap.get(self.below(1)));
            if Value::both_small(lhs, rhs) {
                let ($a, $b) = (lhs.small_unchecked(), rhs.small_unchecked());
                if let Some(value) = $int {
                    heap.set(self.below(2), value);
                    self.sp -= 4;
                    return Ok(());
                }
            } else if lhs.is_rotated_float()
                && rhs.is_rotated_float()
                && self.vm.has_single_floats()
            {
                if let (Some($x), Some($y)) = (lhs.as_immediate_float(), rhs.as_immediate_float()) {
                    if let Some(value) = Value::from_f32($float) {
                        heap.set(self.below(2), value);
                        self.sp -= 4;
                        return Ok(());
                    }
                }
            }
            self.apart(|interp| interp.binary_slow(BinaryOp::$op))
        }
    };
}

macro_rules! fast_compare {
    ($name:ident, $op:ident, $test:tt) => {
        #[inline(always)]
        pub(super) fn $name(&mut self) -> Step {
            let heap = self.window.of(&self.vm.heap);
            let (lhs, rhs) = (heap.get(self.below(2)), heap.get(self.below(1)));
            if Value::both_small(lhs, rhs) {
                let holds = lhs.small_unchecked() $test rhs.small_unchecked();
                heap.set(self.below(2), Value::from_bool(holds));
                self.sp -= 4;
                return Ok(());
            }
            self.apart(|interp| interp.binary_slow(BinaryOp::$op))
        }
    };
}

impl Interp<'_> {
    fast_arith!(fast_add, Add, |a, b| Value::small(a + b), |x, y| x + y);
    fast_arith!(fast_subtract, Subtract, |a, b| Value::small(a - b), |x, y| x - y);
    fast_arith!(fast_multiply, Multiply, |a, b| a.checked_mul(b).and_then(Value::small), |x, y| x
        * y);
    fast_compare!(fast_less, Less, <);
    fast_compare!(fast_more, More, >);
    fast_compare!(fast_less_equal, LessEqual, <=);
    fast_compare!(fast_more_equal, MoreEqual, >=);
    fast_compare!(fast_equal, Equal, ==);

    #[inline(never)]
    fn binary_slow(&mut self, op: BinaryOp) -> Step {
        // An in-place operator has the same fast path as the plain one: look at the code again.
        let byte = self.window.of(&self.vm.heap).byte_at(self.ip - 1);
        let op = BinaryOp::from_number(u32::from(byte).wrapping_sub(0xd7)).unwrap_or(op);
        if op == BinaryOp::ExceptionMatch && self.is_in_finally() {
            return self.match_cause();
        }
        self.sync();
        let (lhs, rhs) = (self.below(2), self.below(1));
        let result = self.vm.binary_op(op, lhs, rhs)?;
        self.replace(2, result)
    }

    /// Only the code of an `async with` matches an exception in a `finally`. It wants to know
    /// whether there is one: whatever the program may call `BaseException`, the values below depend
    /// on that.
    fn match_cause(&mut self) -> Step {
        let cause = self.below(2);
        let is_exception = !self.vm.heap.get(cause).is_small();
        self.vm.heap.set(cause, Value::from_bool(is_exception));
        self.sp -= 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn binary_op_multi(&mut self, operator: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let (lhs, rhs) = (heap.get(self.below(2)), heap.get(self.below(1)));
        if Value::both_small(lhs, rhs) {
            if let Some(value) = small_op(operator, lhs.small_unchecked(), rhs.small_unchecked()) {
                heap.set(self.below(2), value);
                self.sp -= 4;
                return Ok(());
            }
        }
        self.apart(|interp| interp.binary_slow(BinaryOp::Or))
    }

    #[inline(always)]
    pub(super) fn unary_op_multi(&mut self, operator: u32) -> Step {
        let operand = self.below(1);
        if operator == UnaryOp::Not as u32 {
            let truth = match self.window.of(&self.vm.heap).get(operand).as_immediate() {
                Some(Value::TRUE) => true,
                Some(Value::FALSE | Value::NONE) => false,
                _ => {
                    self.sync();
                    let truth = self.vm.is_true(operand)?;
                    self.refresh();
                    truth
                }
            };
            self.vm.heap.set(operand, Value::from_bool(!truth));
            return Ok(());
        }
        if operator == UnaryOp::Negative as u32 {
            if let Some(value) =
                self.vm.heap.get(operand).as_small().and_then(|small| Value::small(-small))
            {
                self.vm.heap.set(operand, value);
                return Ok(());
            }
        }
        self.sync();
        let op = UnaryOp::from_number(operator).unwrap_or(UnaryOp::Not);
        let result = self.vm.unary_op(op, operand)?;
        self.replace(1, result)
    }

    #[inline(always)]
    pub(super) fn load_subscr(&mut self) -> Step {
        let (object, index) = (self.below(2), self.below(1));
        let heap = self.window.of(&self.vm.heap);
        let (look, at) = (heap.get(object), heap.get(index));
        if let Some(item) = subscript_fast(heap, look, at) {
            heap.set(object, item);
            self.sp -= 4;
            return Ok(());
        }
        if heap.is_kind(look, Kind::Dict) {
            if let Some(entry) = self.vm.dict_find_quickly(look, at) {
                heap.set(object, heap.word(heap.word(look, dict::TABLE), dict::value_word(entry)));
                self.sp -= 4;
                return Ok(());
            }
        } else if let Some(byte) = subscript::byte_fast(self.vm, look, at) {
            heap.set(object, Value::from_small(i32::from(byte)));
            self.sp -= 4;
            return Ok(());
        }
        self.apart(|interp| interp.load_subscr_slow())
    }

    #[inline(never)]
    fn load_subscr_slow(&mut self) -> Step {
        let (object, index) = (self.below(2), self.below(1));
        self.sync();
        let item = self.vm.subscript(object, index)?;
        self.replace(2, item)
    }

    #[inline(always)]
    pub(super) fn store_subscr(&mut self) -> Step {
        let (value, object, index) = (self.below(3), self.below(2), self.below(1));
        let heap = self.window.of(&self.vm.heap);
        let (look, at, item) = (heap.get(object), heap.get(index), heap.get(value));
        if at.is_small() && heap.is_kind(look, Kind::List) {
            let at = at.small_unchecked();
            let items = heap.word(look, list::ITEMS);
            if at >= 0 && (at as u32) < heap.raw(items, list::LEN) && !item.is_null() {
                heap.poke(items, list::FIRST + at as u32, item);
                self.sp -= 12;
                return Ok(());
            }
        } else if heap.is_kind(look, Kind::Dict) && !item.is_null() {
            // A key that is there already: only its value changes.
            if let Some(entry) = self.vm.dict_find_quickly(look, at) {
                let table = heap.word(look, dict::TABLE);
                if heap.raw(table, dict::STATE) & dict::FIXED == 0 {
                    heap.poke(table, dict::value_word(entry), item);
                    self.sp -= 12;
                    return Ok(());
                }
            }
        } else if bytearray::store_byte(self.vm, look, at, item).is_some() {
            self.sp -= 12;
            return Ok(());
        }
        self.apart(|interp| interp.store_subscr_slow())
    }

    #[inline(never)]
    fn store_subscr_slow(&mut self) -> Step {
        let (value, object, index) = (self.below(3), self.below(2), self.below(1));
        let item = self.vm.heap.get(value);
        self.sync();
        let value = if item.is_null() { None } else { Some(value) };
        self.vm.store_subscript(object, index, value)?;
        self.sp -= 12;
        self.refresh();
        Ok(())
    }
}

/// The item of a list or tuple at a small-int index.
#[inline(always)]
fn subscript_fast<'h>(heap: Look<'h>, object: Value<'_>, index: Value<'_>) -> Option<Value<'h>> {
    let at = index.as_small()?;
    match heap.kind(object)? {
        Kind::List => {
            let items = heap.word(object, list::ITEMS);
            let len = heap.raw(items, list::LEN);
            let at = if at < 0 { at + len as i32 } else { at } as u32;
            if at < len { Some(heap.word(items, list::FIRST + at)) } else { None }
        }
        Kind::Tuple => {
            let len = heap.words(object);
            let at = if at < 0 { at + len as i32 } else { at } as u32;
            if at < len { Some(heap.word(object, at)) } else { None }
        }
        _ => None,
    }
}

/// An operator on small ints whose result is an immediate value.
#[inline(always)]
fn small_op(operator: u32, a: i32, b: i32) -> Option<Value<'static>> {
    let op = BinaryOp::from_number(operator)?;
    match op {
        BinaryOp::NotEqual => Some(Value::from_bool(a != b)),
        BinaryOp::Is => Some(Value::from_bool(a == b)),
        BinaryOp::And | BinaryOp::InplaceAnd => Some(Value::from_small(a & b)),
        BinaryOp::Or | BinaryOp::InplaceOr => Some(Value::from_small(a | b)),
        BinaryOp::Xor | BinaryOp::InplaceXor => Some(Value::from_small(a ^ b)),
        BinaryOp::Rshift | BinaryOp::InplaceRshift if b >= 0 => {
            Some(Value::from_small(a >> b.min(31)))
        }
        BinaryOp::Lshift | BinaryOp::InplaceLshift if (0..30).contains(&b) => {
            let shifted = i64::from(a) << b;
            i32::try_from(shifted).ok().and_then(Value::small)
        }
        BinaryOp::FloorDivide | BinaryOp::InplaceFloorDivide => {
            int::small_divmod(a, b).map(|(quotient, _)| quotient)
        }
        BinaryOp::Modulo | BinaryOp::InplaceModulo => int::small_divmod(a, b).map(|(_, rest)| rest),
        _ => None,
    }
}
