//! `Window` and `Look`: the heap as the interpreter's inner loop sees it.
//!
//! On a PC every access adds the space's base to an address. The base is a field of the heap, and
//! after each store the compiler must assume that it has changed; a [`Window`] is a copy that stays
//! in a register. [`Window::of`] gives it back the heap's lifetime, so that what is looked at
//! cannot outlive a move. On a chip all of this is nothing.

use crate::{Heap, Kind, Local, Value, raw};

/// Where the heap's space is.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    #[cfg(not(target_os = "none"))]
    base: *mut u8,
}

impl Window {
    /// The heap through this window. It must be the heap that the window was taken from.
    #[inline(always)]
    pub fn of(self, heap: &Heap) -> Look<'_> {
        #[cfg(not(target_os = "none"))]
        debug_assert!(self.base == heap.space.ptr(0), "a window of another heap");
        Look { window: self, heap }
    }

    #[cfg(not(target_os = "none"))]
    #[inline(always)]
    pub(crate) fn ptr(&self, addr: u32) -> *mut u8 {
        self.base.wrapping_add(addr as usize)
    }

    #[cfg(target_os = "none")]
    #[inline(always)]
    pub(crate) fn ptr(&self, addr: u32) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(addr as usize)
    }
}

impl Heap {
    /// A copy of where the heap's space is.
    #[inline(always)]
    pub fn window(&self) -> Window {
        Window {
            #[cfg(not(target_os = "none"))]
            base: self.space.ptr(0),
        }
    }
}

/// The heap, looked at through a window. The methods are those of [`Heap`].
#[derive(Debug, Clone, Copy)]
pub struct Look<'h> {
    window: Window,
    heap: &'h Heap,
}

#[allow(missing_docs, reason = "see the methods of the same names on Heap")]
impl<'h> Look<'h> {
    const CHECKED: bool = cfg!(any(debug_assertions, feature = "zeal"));

    #[inline(always)]
    pub fn get<T: ?Sized>(self, slot: Local<T>) -> Value<'h> {
        if Self::CHECKED {
            return self.heap.get(slot);
        }
        Value::from_bits(raw::load(&self.window, slot.addr()))
    }

    #[inline(always)]
    pub fn set<T: ?Sized>(self, slot: Local<T>, value: Value<'_>) {
        if Self::CHECKED {
            return self.heap.set(slot, value);
        }
        raw::store(&self.window, slot.addr(), value.bits());
    }

    #[inline(always)]
    pub fn kind(self, value: Value<'_>) -> Option<Kind> {
        if value.is_ref() {
            Some(Kind::from_number(raw::load(&self.window, value.bits()) >> 4 & 0x3f))
        } else {
            None
        }
    }

    #[inline(always)]
    pub fn is_kind(self, value: Value<'_>, kind: Kind) -> bool {
        value.is_ref() && raw::load(&self.window, value.bits()) >> 4 & 0x3f == kind as u32
    }

    #[inline(always)]
    pub fn words(self, object: Value<'_>) -> u32 {
        raw::load(&self.window, object.bits()) >> 10
    }

    #[inline(always)]
    pub fn word(self, object: Value<'_>, idx: u32) -> Value<'h> {
        if Self::CHECKED {
            return Value::from_bits(self.heap.word(object, idx).bits());
        }
        Value::from_bits(raw::load(&self.window, object.bits() + 4 + idx * 4))
    }

    #[inline(always)]
    pub fn poke(self, object: Value<'_>, idx: u32, value: Value<'_>) {
        self.heap.poke(object, idx, value);
    }

    #[inline(always)]
    pub fn poke_immediate(self, object: Value<'_>, idx: u32, value: Value<'static>) {
        if Self::CHECKED {
            return self.heap.poke_immediate(object, idx, value);
        }
        raw::store(&self.window, object.bits() + 4 + idx * 4, value.bits());
    }

    #[inline(always)]
    pub fn init(self, object: Value<'_>, idx: u32, value: Value<'_>) {
        if Self::CHECKED {
            return self.heap.init(object, idx, value);
        }
        raw::store(&self.window, object.bits() + 4 + idx * 4, value.bits());
    }

    #[inline(always)]
    pub fn raw(self, object: Value<'_>, idx: u32) -> u32 {
        if Self::CHECKED {
            return self.heap.raw(object, idx);
        }
        raw::load(&self.window, object.bits() + 4 + idx * 4)
    }

    #[inline(always)]
    pub fn poke_raw(self, object: Value<'_>, idx: u32, word: u32) {
        if Self::CHECKED {
            return self.heap.poke_raw(object, idx, word);
        }
        raw::store(&self.window, object.bits() + 4 + idx * 4, word);
    }

    /// One byte, by an address from [`Heap::data_address`](crate::Heap::data_address): the
    /// interpreter's instruction fetch.
    #[inline(always)]
    pub fn byte_at(self, address: u32) -> u8 {
        raw::load_byte(&self.window, address)
    }
}
