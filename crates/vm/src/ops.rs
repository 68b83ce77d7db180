//! Operators: fast paths for small ints and floats, then the slots of the operands' types.

use crate::rom::{Arith, Compare};
use crate::types::instance::special;
use crate::types::{exception, int};
use crate::{Float, PyResult, Vm};
use octopy_bytecode::operator::{BinaryOp, UnaryOp};
use octopy_heap::{Kind, Local, Value};

const ARITH: [Arith; 14] = [
    Arith::Or,
    Arith::Xor,
    Arith::And,
    Arith::LeftShift,
    Arith::RightShift,
    Arith::Add,
    Arith::Subtract,
    Arith::Multiply,
    Arith::MatMultiply,
    Arith::FloorDivide,
    Arith::TrueDivide,
    Arith::Modulo,
    Arith::Power,
    Arith::DivMod,
];

impl Vm {
    /// `lhs op rhs`, pushed.
    pub fn binary_op(&mut self, op: BinaryOp, lhs: Local, rhs: Local) -> PyResult<Local> {
        let number = op as u32;
        if number >= BinaryOp::InplaceOr as u32 {
            let (arith, inplace) = if number >= BinaryOp::Or as u32 {
                (number - BinaryOp::Or as u32, false)
            } else {
                (number - BinaryOp::InplaceOr as u32, true)
            };
            return match ARITH.get(arith as usize) {
                Some(&arith) => self.arith(arith, inplace, lhs, rhs),
                None => Err(self.bug("no such operator")),
            };
        }
        if self.has_special_methods(lhs) || self.has_special_methods(rhs) {
            if let Some(result) = special::rich_compare(self, op, lhs, rhs)? {
                return Ok(result);
            }
        }
        match op {
            BinaryOp::Equal => {
                let equal = self.equal(lhs, rhs)?;
                self.push(Value::from_bool(equal))
            }
            BinaryOp::NotEqual => {
                let equal = self.equal(lhs, rhs)?;
                self.push(Value::from_bool(!equal))
            }
            BinaryOp::Less => self.compare(Compare::Less, lhs, rhs),
            BinaryOp::More => self.compare(Compare::More, lhs, rhs),
            BinaryOp::LessEqual => self.compare(Compare::LessEqual, lhs, rhs),
            BinaryOp::MoreEqual => self.compare(Compare::MoreEqual, lhs, rhs),
            BinaryOp::Is => self.push(Value::from_bool(self.heap.get(lhs) == self.heap.get(rhs))),
            BinaryOp::In => {
                let found = self.contains(rhs, lhs)?;
                self.push(Value::from_bool(found))
            }
            BinaryOp::ExceptionMatch => {
                let matches = exception::matches(self, lhs, rhs)?;
                self.push(Value::from_bool(matches))
            }
            _ => Err(self.bug("no such operator")),
        }
    }

    /// Arithmetic: fast paths, then the left operand's type, then the right one's.
    pub fn arith(&mut self, op: Arith, inplace: bool, lhs: Local, rhs: Local) -> PyResult<Local> {
        if let Some(result) = self.float_arith(op, lhs, rhs)? {
            return Ok(result);
        }
        let slots = &self.type_table(lhs).slots;
        if inplace {
            if let Some(slot) = slots.inplace {
                if let Some(result) = slot(self, op, lhs, rhs)? {
                    return Ok(result);
                }
            }
        }
        if let Some(slot) = slots.binary {
            if let Some(result) = slot(self, op, lhs, rhs)? {
                return Ok(result);
            }
        }
        if let Some(slot) = self.type_table(rhs).slots.reverse {
            if let Some(result) = slot(self, op, lhs, rhs)? {
                return Ok(result);
            }
        }
        Err(self.raise_unsupported(op, inplace, lhs, rhs))
    }

    #[cold]
    fn raise_unsupported(
        &mut self,
        op: Arith,
        inplace: bool,
        lhs: Local,
        rhs: Local,
    ) -> crate::Raised {
        let number = op as u32
            + if inplace && op != Arith::DivMod {
                BinaryOp::InplaceOr as u32
            } else {
                BinaryOp::Or as u32
            };
        let method = BinaryOp::from_number(number).map_or("", BinaryOp::method);
        let mut short = crate::raise::ShortText::new();
        short.push(b"unsupported types for ");
        short.push(method.as_bytes());
        short.push(b": '");
        short.push(self.type_name_of(self.heap.get(lhs)));
        short.push(b"', '");
        short.push(self.type_name_of(self.heap.get(rhs)));
        short.push(b"'");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// Arithmetic of floats that need no memory, the common case.
    #[inline]
    fn float_arith(&mut self, op: Arith, lhs: Local, rhs: Local) -> PyResult<Option<Local>> {
        let (a, b) = (self.heap.get(lhs), self.heap.get(rhs));
        let a = match a.as_immediate_float() {
            Some(float) => Float::from(float),
            None => match a.as_small() {
                Some(small) if b.as_immediate_float().is_some() => small as Float,
                _ => return Ok(None),
            },
        };
        let b = match b.as_immediate_float() {
            Some(float) => Float::from(float),
            None => match b.as_small() {
                Some(small) => small as Float,
                None => return Ok(None),
            },
        };
        let result = match op {
            Arith::Add => a + b,
            Arith::Subtract => a - b,
            Arith::Multiply => a * b,
            Arith::TrueDivide if b != 0.0 => a / b,
            _ => return Ok(None),
        };
        self.alloc_float(result).map(Some)
    }

    /// `lhs == rhs`
    pub fn equal(&mut self, lhs: Local, rhs: Local) -> PyResult<bool> {
        let (a, b) = (self.heap.get(lhs), self.heap.get(rhs));
        // NaN is not equal to itself, in a box or not.
        let may_differ = match self.heap.kind(a) {
            Some(kind) => matches!(kind, Kind::Float | Kind::Complex),
            None => a.as_immediate_float().is_some_and(f32::is_nan),
        };
        if a == b && !may_differ {
            return Ok(true);
        }
        if Value::both_small(a, b) || (a.as_qstr().is_some() && b.as_qstr().is_some()) {
            return Ok(false);
        }
        let mark = self.mark();
        let res = self.nested(|vm| {
            if let Some(compare) = vm.type_table(lhs).slots.compare {
                if let Some(equal) = compare(vm, Compare::Equal, lhs, rhs)? {
                    return Ok(equal);
                }
            }
            if let Some(compare) = vm.type_table(rhs).slots.compare {
                if let Some(equal) = compare(vm, Compare::Equal, rhs, lhs)? {
                    return Ok(equal);
                }
            }
            Ok(vm.heap.get(lhs) == vm.heap.get(rhs))
        });
        self.release(mark);
        res
    }

    fn compare(&mut self, op: Compare, lhs: Local, rhs: Local) -> PyResult<Local> {
        let less = self.ordered(op, lhs, rhs)?;
        self.push(Value::from_bool(less))
    }

    /// `lhs op rhs` for an ordering; TypeError where the types have none.
    pub fn ordered(&mut self, op: Compare, lhs: Local, rhs: Local) -> PyResult<bool> {
        let (a, b) = (self.heap.get(lhs), self.heap.get(rhs));
        if Value::both_small(a, b) {
            let (a, b) = (a.small_unchecked(), b.small_unchecked());
            return Ok(op.holds(a.cmp(&b)));
        }
        if let (Some(a), Some(b)) = (short_number(a), short_number(b)) {
            return Ok(a.partial_cmp(&b).is_some_and(|order| op.holds(order)));
        }
        let mark = self.mark();
        let res = self.nested(|vm| {
            if let Some(compare) = vm.type_table(lhs).slots.compare {
                if let Some(holds) = compare(vm, op, lhs, rhs)? {
                    return Ok(Some(holds));
                }
            }
            if let Some(compare) = vm.type_table(rhs).slots.compare {
                return compare(vm, op.swapped(), rhs, lhs);
            }
            Ok(None)
        });
        self.release(mark);
        match res? {
            Some(holds) => Ok(holds),
            None => Err(self.raise_unordered(op, lhs, rhs)),
        }
    }

    #[cold]
    pub(crate) fn raise_unordered(&mut self, op: Compare, lhs: Local, rhs: Local) -> crate::Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"unsupported types for ");
        short.push(op.method().as_bytes());
        short.push(b": '");
        short.push(self.type_name_of(self.heap.get(lhs)));
        short.push(b"', '");
        short.push(self.type_name_of(self.heap.get(rhs)));
        short.push(b"'");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// `item in container`
    pub fn contains(&mut self, container: Local, item: Local) -> PyResult<bool> {
        let mark = self.mark();
        let res = self.contains_inner(container, item);
        self.release(mark);
        res
    }

    fn contains_inner(&mut self, container: Local, item: Local) -> PyResult<bool> {
        if let Some(contains) = self.type_table(container).slots.contains {
            return contains(self, container, item);
        }
        let iterator = self.iter(container)?;
        let mark = self.mark();
        while let Some(candidate) = self.next(iterator)? {
            if self.equal(candidate, item)? {
                return Ok(true);
            }
            self.release(mark);
        }
        Ok(false)
    }

    /// `op value`, pushed.
    pub fn unary_op(&mut self, op: UnaryOp, value: Local) -> PyResult<Local> {
        if op == UnaryOp::Not {
            let truth = self.is_true(value)?;
            return self.push(Value::from_bool(!truth));
        }
        if let Some(unary) = self.type_table(value).slots.unary {
            if let Some(result) = unary(self, op, value)? {
                return Ok(result);
            }
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"unsupported type for ");
        short.push(op.method().as_bytes());
        short.push(b": '");
        short.push(self.type_name_of(self.heap.get(value)));
        short.push(b"'");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }

    /// `hash(value)` as 32 bits; TypeError for what has none.
    pub fn hash(&mut self, value: Local) -> PyResult<u32> {
        let look = self.heap.get(value);
        if let Some(text) = self.text(look) {
            #[cfg(feature = "long-passes")]
            if text.len() > crate::types::PIECE as usize {
                let mark = self.mark();
                let run = self.buffer_of(value)?;
                let hash = self.hash_run(&run);
                self.release(mark);
                return hash;
            }
            return Ok(octopy_qstr::hash(text));
        }
        if let Some(small) = look.as_small() {
            return Ok(small as u32);
        }
        if look.as_immediate().is_some() && look.as_immediate_float().is_none() {
            return Ok(match look.as_immediate() {
                Some(Value::TRUE) => 1,
                Some(Value::FALSE) => 0,
                _ => look.bits(),
            });
        }
        let mark = self.mark();
        if let Some(unary) = self.type_table(value).slots.unary {
            if let Some(result) = unary(self, UnaryOp::Hash, value)? {
                let hash = match self.heap.get(result).as_small() {
                    Some(small) => small as u32,
                    None => int::low_word(&self.heap, self.heap.get(result)),
                };
                self.release(mark);
                return Ok(hash);
            }
        }
        self.release(mark);
        let table = self.type_table(value);
        if table.slots.compare.is_none() {
            return self.identity_hash(value);
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"unsupported type for __hash__: '");
        short.push(self.type_name_of(self.heap.get(value)));
        short.push(b"'");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }
}

impl Compare {
    /// Whether the operator holds for operands in this order.
    pub fn holds(self, order: core::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::More => order.is_gt(),
            Self::Equal => order.is_eq(),
            Self::LessEqual => order.is_le(),
            Self::MoreEqual => order.is_ge(),
        }
    }

    /// The operator with its operands exchanged.
    pub fn swapped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::More => Self::Less,
            Self::Equal => Self::Equal,
            Self::LessEqual => Self::MoreEqual,
            Self::MoreEqual => Self::LessEqual,
        }
    }

    /// The special method's name.
    pub fn method(self) -> &'static str {
        match self {
            Self::Less => "__lt__",
            Self::More => "__gt__",
            Self::Equal => "__eq__",
            Self::LessEqual => "__le__",
            Self::MoreEqual => "__ge__",
        }
    }
}

/// A number that a single float holds exactly: an immediate float or an int of 24 bits.
fn short_number(value: Value<'_>) -> Option<f32> {
    const LIMIT: u32 = 1 << 24;
    match value.as_small() {
        Some(small) if small.unsigned_abs() <= LIMIT => Some(small as f32),
        Some(_) => None,
        None => value.as_immediate_float(),
    }
}
