//! `Value`: one 32-bit word, tagged in its low three bits.
//!
//! ```text
//! ...............................000   reference: the address of an object (0 is NULL)
//! iiiiiiiiiiiiiiiiiiiiiiiiiiiiii x01   small int, 30 bits, in the upper bits (two tag bits)
//! ................qqqqqqqqqqqqqqqq010   qstr
//! tttttttttttttrrrrrrrrrrrrrrrrrrr110   ROM coordinate: table t (13 bits), row r (16 bits)
//! ..........................nnnnn111   singleton n
//! fffffffffffffffffffffffffffffff011   float, rotated left by four, magnitude 2^-31 to 2
//! fffffffffffffffffffffffffffffff100   float, likewise, magnitude 2 to 2^33
//! ```
//!
//! A 32-bit float rotated left by four has the top three bits of its exponent in the low bits, and
//! 011 and 100 are the exponents of nearly every float that programs make, so those need no memory.
//! Zeros, infinities and NaN are singletons; what is left is boxed.

use core::fmt;
use core::marker::PhantomData;

/// Names an entry of a static table in flash: a native function, type or module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rom {
    /// The table, 0 to 8191.
    pub table: u16,
    /// The row in the table.
    pub row: u16,
}

/// A look at a value. Unrooted: valid until the next `&mut` use of the heap.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value<'h> {
    bits: u32,
    heap: PhantomData<&'h ()>,
}

const TAG_QSTR: u32 = 0b010;
const TAG_ROM: u32 = 0b110;
const TAG_SINGLE: u32 = 0b111;

const fn singleton(number: u32) -> Value<'static> {
    Value::from_bits(number << 3 | TAG_SINGLE)
}

impl Value<'static> {
    /// No value: an unset slot, never visible to Python.
    pub const NULL: Self = Self::from_bits(0);
    /// `None`
    pub const NONE: Self = singleton(0);
    /// `False`
    pub const FALSE: Self = singleton(1);
    /// `True`
    pub const TRUE: Self = singleton(2);
    /// `Ellipsis`
    pub const ELLIPSIS: Self = singleton(3);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Self = singleton(4);
    /// The end of an iteration, inside the VM; never visible to Python.
    pub const STOP: Self = singleton(5);
    /// A deleted entry of a table, inside the VM.
    pub const DELETED: Self = singleton(6);
    const ZERO: Self = singleton(8);
    const MINUS_ZERO: Self = singleton(9);
    const INFINITY: Self = singleton(10);
    const MINUS_INFINITY: Self = singleton(11);
    const NAN: Self = singleton(12);

    /// Smallest small int.
    pub const SMALL_MIN: i32 = -(1 << 29);
    /// Largest small int.
    pub const SMALL_MAX: i32 = (1 << 29) - 1;

    /// A small int; the caller has checked the range (higher bits are lost otherwise).
    #[inline(always)]
    pub const fn from_small(int: i32) -> Self {
        Self::from_bits((int as u32) << 2 | 1)
    }

    /// A small int, if it fits 30 bits.
    #[inline(always)]
    pub const fn small(int: i32) -> Option<Self> {
        if int >= Self::SMALL_MIN && int <= Self::SMALL_MAX {
            Some(Self::from_small(int))
        } else {
            None
        }
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn from_bool(condition: bool) -> Self {
        if condition { Self::TRUE } else { Self::FALSE }
    }

    /// An interned string by its number.
    #[inline(always)]
    pub const fn from_qstr(number: u16) -> Self {
        Self::from_bits((number as u32) << 3 | TAG_QSTR)
    }

    /// A ROM coordinate.
    #[inline(always)]
    pub const fn from_rom(rom: Rom) -> Self {
        Self::from_bits((rom.table as u32) << 19 | (rom.row as u32) << 3 | TAG_ROM)
    }

    /// A float without memory, if there is such a form of exactly this value.
    #[inline]
    pub fn from_f32(float: f32) -> Option<Self> {
        let bits = float.to_bits().rotate_left(4);
        // 011 and 100 are the only tags t with ((t + 1) & 7) in 4..=5.
        if bits.wrapping_add(1) & 6 == 4 {
            return Some(Self::from_bits(bits));
        }
        match float.to_bits() {
            0 => Some(Self::ZERO),
            0x8000_0000 => Some(Self::MINUS_ZERO),
            0x7f80_0000 => Some(Self::INFINITY),
            0xff80_0000 => Some(Self::MINUS_INFINITY),
            _ if float.is_nan() => Some(Self::NAN),
            _ => None,
        }
    }
}

impl Value<'static> {
    /// The value without memory that has this word, which anybody may have made up: `None` if there
    /// is none that a program may see. Whether a name or a ROM coordinate of this number exists is
    /// for the caller to find out.
    pub fn from_foreign(bits: u32) -> Option<Self> {
        let value = Self::from_bits(bits);
        let visible = [
            Self::NONE,
            Self::FALSE,
            Self::TRUE,
            Self::ELLIPSIS,
            Self::NOT_IMPLEMENTED,
            Self::ZERO,
            Self::MINUS_ZERO,
            Self::INFINITY,
            Self::MINUS_INFINITY,
            Self::NAN,
        ];
        let is_value = match bits & 7 {
            0 => false,
            TAG_SINGLE => visible.contains(&value),
            TAG_QSTR => bits >> 19 == 0,
            _ => true,
        };
        is_value.then_some(value)
    }
}

impl<'h> Value<'h> {
    /// A value from its word. The word must be one that [`Value::bits`] gave.
    #[inline(always)]
    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self { bits, heap: PhantomData }
    }

    /// The word. For identity and hashing; a reference's word changes when its object moves.
    #[inline(always)]
    pub const fn bits(self) -> u32 {
        self.bits
    }

    /// Whether this is a reference to an object.
    #[inline(always)]
    pub const fn is_ref(self) -> bool {
        self.bits & 7 == 0 && self.bits != 0
    }

    /// Whether this is [`Value::NULL`].
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.bits == 0
    }

    /// Whether this is a small int.
    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.bits & 3 == 1
    }

    /// The small int. Meaningless for other values: check [`Value::is_small`] first.
    #[inline(always)]
    pub const fn small_unchecked(self) -> i32 {
        self.bits as i32 >> 2
    }

    /// The small int, if it is one.
    #[inline(always)]
    pub const fn as_small(self) -> Option<i32> {
        if self.is_small() { Some(self.small_unchecked()) } else { None }
    }

    /// Whether both are small ints.
    #[inline(always)]
    pub const fn both_small(lhs: Value<'_>, rhs: Value<'_>) -> bool {
        ((lhs.bits ^ 1) | (rhs.bits ^ 1)) & 3 == 0
    }

    /// Number of the interned string, if it is one.
    #[inline(always)]
    pub const fn as_qstr(self) -> Option<u16> {
        if self.bits & 7 == TAG_QSTR { Some((self.bits >> 3) as u16) } else { None }
    }

    /// The ROM coordinate, if it is one.
    #[inline(always)]
    pub const fn as_rom(self) -> Option<Rom> {
        if self.bits & 7 == TAG_ROM {
            Some(Rom { table: (self.bits >> 19) as u16, row: (self.bits >> 3) as u16 })
        } else {
            None
        }
    }

    /// Whether this is a float without memory in rotated form (not a singleton float).
    #[inline(always)]
    pub const fn is_rotated_float(self) -> bool {
        self.bits.wrapping_add(1) & 6 == 4
    }

    /// The float, if it is one that needs no memory.
    #[inline(always)]
    pub fn as_immediate_float(self) -> Option<f32> {
        if self.is_rotated_float() {
            return Some(f32::from_bits(self.bits.rotate_right(4)));
        }
        if self.bits & 7 != TAG_SINGLE {
            return None;
        }
        match Value::from_bits(self.bits) {
            Value::ZERO => Some(0.0),
            Value::MINUS_ZERO => Some(-0.0),
            Value::INFINITY => Some(f32::INFINITY),
            Value::MINUS_INFINITY => Some(f32::NEG_INFINITY),
            Value::NAN => Some(f32::NAN),
            _ => None,
        }
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.bits == Value::NONE.bits
    }

    /// Forgets the heap, for values that are not references (which a move cannot change).
    #[inline(always)]
    pub const fn as_immediate(self) -> Option<Value<'static>> {
        if self.bits & 7 != 0 || self.bits == 0 { Some(Value::from_bits(self.bits)) } else { None }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:#010x})", self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ints_survive() {
        for int in [0, 1, -1, 1000, Value::SMALL_MIN, Value::SMALL_MAX] {
            assert_eq!(Value::small(int).and_then(Value::as_small), Some(int));
        }
        assert_eq!(Value::small(Value::SMALL_MAX + 1), None);
        assert_eq!(Value::small(Value::SMALL_MIN - 1), None);
    }

    #[test]
    fn floats_survive_bit_for_bit() {
        let mut bits = 1_u32;
        let mut immediate = 0;
        let count = if cfg!(miri) { 2000 } else { 200_000 };
        for _ in 0..count {
            bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let float = f32::from_bits(bits);
            if let Some(value) = Value::from_f32(float) {
                immediate += 1;
                assert!(!value.is_ref() && !value.is_small());
                assert!(value.as_qstr().is_none() && value.as_rom().is_none());
                let back = value.as_immediate_float().unwrap_or(1.25);
                assert!(back.to_bits() == float.to_bits() || (back.is_nan() && float.is_nan()));
            }
        }
        assert!(immediate > count / 5);
        for float in [0.0, -0.0, 1.0, -1.5, 3.0e9, 1e-9, f32::INFINITY] {
            let value = Value::from_f32(float).unwrap_or(Value::NONE);
            assert_eq!(value.as_immediate_float().map(f32::to_bits), Some(float.to_bits()));
        }
        assert_eq!(Value::from_f32(1e30), None);
    }

    #[test]
    fn tags_do_not_overlap() {
        let rom = Value::from_rom(Rom { table: 8191, row: 65535 });
        assert_eq!(rom.as_rom(), Some(Rom { table: 8191, row: 65535 }));
        let qstr = Value::from_qstr(65535);
        assert_eq!(qstr.as_qstr(), Some(65535));
        for value in [rom, qstr, Value::NONE, Value::TRUE, Value::STOP] {
            assert!(!value.is_small() && !value.is_ref() && !value.is_rotated_float());
        }
    }
}
