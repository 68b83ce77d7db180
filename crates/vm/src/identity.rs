//! Identities: what `id()` says of an object, although objects move.
//!
//! What has room for a number keeps one: an instance of a class without native base in the word of
//! its native part, a native that has words of its own, as a file, in half of its first word. With
//! the feature `weak`, all others have the number of a place in a table (see the heap's
//! `identity.rs`), and so have those that come when all numbers are given away.
//!
//! Every identity is a multiple of eight, and the word of an immediate is none:
//!
//! | From | Of |
//! |---|---|
//! | 8 | places in the table |
//! | [`NATIVES`] | natives |
//! | [`INSTANCES`] | instances, as far as small ints go |
//!
//! COMPAT: without the feature, any other object is known by where it is, and has another identity
//! after it was moved.

use crate::types::instance;
use crate::{Kind, Local, PyResult, Value, Vm};
use octopy_qstr::{Qstr, q};

/// The first number of natives, behind all places of the table.
const NATIVES: u32 = 1 << 21;
/// The first number of instances, behind the 16 bits that natives have.
const INSTANCES: u32 = NATIVES + (1 << 16);
/// Instances have fewer numbers than this: eight times the last one is a small int.
const INSTANCES_END: u32 = (1 << 26) - INSTANCES;
/// The last number that instances have.
const LAST: u32 = 0x0fff_ffff;

impl Vm {
    /// A number that no other living object has and that stays when the object moves; `None` if
    /// there is only the address.
    pub fn identity(&mut self, this: Local) -> PyResult<Option<u32>> {
        let value = self.heap.get(this);
        match self.heap.kind(value) {
            None => return Ok(Some(value.bits())),
            Some(Kind::NativeState | Kind::NativeBytes) => {
                // The type takes half of the first word, the number gets the other half.
                let mut word = self.heap.raw(value, 0);
                if word >> 16 == 0 && self.natives < u16::MAX {
                    self.natives += 1;
                    word |= u32::from(self.natives) << 16;
                    self.heap.poke_raw(value, 0, word);
                }
                if word >> 16 != 0 {
                    return Ok(Some((NATIVES + (word >> 16)) << 3));
                }
            }
            Some(Kind::Instance) => {
                let native = self.heap.word(value, instance::NATIVE);
                if self.native_base(self.heap.word(value, instance::CLASS)).is_none()
                    && (native.is_null() || native.is_small())
                {
                    let number = self.number_instance(this);
                    if number < INSTANCES_END || !cfg!(feature = "weak") {
                        return Ok(Some((INSTANCES + number) << 3));
                    }
                }
            }
            Some(_) => {}
        }
        self.place_of(this)
    }

    /// A word that stands for a value in bytes, as `struct` packs it: the value's own if it needs no
    /// memory, else eight times its place in the table, plus eight; `None` where there is no table.
    pub fn packed(&mut self, this: Local) -> PyResult<Option<u32>> {
        let value = self.heap.get(this);
        if value.is_ref() { self.place_of(this) } else { Ok(Some(value.bits())) }
    }

    /// The value that [`Vm::packed`] gave this word, pushed; `None` if there is none any more, or if
    /// it never gave it.
    pub fn unpacked(&mut self, word: u32) -> PyResult<Option<Local>> {
        #[cfg(feature = "weak")]
        if let Some(place) = (word >> 3).checked_sub(1).filter(|_| word & 7 == 0) {
            let Some(object) = self.heap.identified(place) else { return Ok(None) };
            return match self.heap.try_push(object) {
                Some(slot) => Ok(Some(slot)),
                None => Err(self.raise_recursion()),
            };
        }
        let Some(value) = Value::from_foreign(word) else { return Ok(None) };
        let exists = match (value.as_qstr(), value.as_rom()) {
            (Some(name), _) => Qstr(name) == q::empty || !self.name_text(Qstr(name)).is_empty(),
            (_, Some(_)) => self.as_table(value).is_some() || self.as_native(value).is_some(),
            _ => true,
        };
        if exists { self.push(value).map(Some) } else { Ok(None) }
    }

    /// The number of an instance without native part, which it gets when this is first asked. From
    /// [`INSTANCES_END`] on, others may have the same.
    pub(crate) fn number_instance(&mut self, this: Local) -> u32 {
        let object = self.heap.get(this);
        if self.heap.word(object, instance::NATIVE).is_null() {
            self.identities += 1;
            if self.identities > LAST {
                self.identities = INSTANCES_END;
            }
            let number = Value::from_small(self.identities as i32);
            self.heap.poke(object, instance::NATIVE, number);
        }
        self.heap.word(object, instance::NATIVE).as_small().unwrap_or(0) as u32
    }

    #[cfg(feature = "weak")]
    fn place_of(&mut self, this: Local) -> PyResult<Option<u32>> {
        match self.heap.identity(this) {
            Ok(place) => Ok(Some((place + 1) << 3)),
            Err(error) => Err(self.raise_memory(error)),
        }
    }

    #[cfg(not(feature = "weak"))]
    fn place_of(&mut self, _this: Local) -> PyResult<Option<u32>> {
        Ok(None)
    }

    /// The hash of an object that is compared by identity; where that may change, all of a type
    /// have one hash.
    #[inline(never)]
    pub(crate) fn identity_hash(&mut self, this: Local) -> PyResult<u32> {
        Ok(match self.identity(this)? {
            Some(number) => number.wrapping_mul(0x9e37_79b1),
            None => octopy_qstr::hash(self.type_name_of(self.heap.get(this))),
        })
    }
}
