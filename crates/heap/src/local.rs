//! `Local`: a slot of the value stack, and the stack itself.
//!
//! The stack is one run of words below the objects of the fast memory, growing upwards. Every word
//! below the stack pointer is a value and a root. Natives get their arguments as slots; `alloc_*`
//! pushes its result and returns the slot; slots are dropped when the native call returns.

use crate::{Heap, OutOfMemory, Place, Shortage, Value, raw};
use core::fmt;
use core::marker::PhantomData;
use core::num::NonZeroU32;

/// Any Python value: the type of a slot about whose value nothing is known.
#[derive(Debug, Clone, Copy)]
pub struct Any;

/// A rooted slot; `T` says what the value in it is known to be.
///
/// No slot is at address 0, so that a result or an option of one takes a single register.
pub struct Local<T: ?Sized = Any> {
    addr: NonZeroU32,
    known: PhantomData<fn() -> *const T>,
}

impl<T: ?Sized> Clone for Local<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Local<T> {}

impl<T: ?Sized> fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Local({:#x})", self.addr())
    }
}

impl<T: ?Sized> Local<T> {
    /// The slot at this stack address.
    #[inline(always)]
    pub const fn at(addr: u32) -> Self {
        Self { addr: raw::slot_address(addr), known: PhantomData }
    }

    /// The slot's stack address.
    #[inline(always)]
    pub const fn addr(self) -> u32 {
        self.addr.get()
    }

    /// The slot `n` words above.
    #[inline(always)]
    pub const fn offset(self, n: u32) -> Self {
        Self::at(self.addr() + n * 4)
    }

    /// Forgets what is known about the value.
    #[inline(always)]
    pub const fn any(self) -> Local {
        Local { addr: self.addr, known: PhantomData }
    }

    /// Says what the value is known to be. The caller has checked it; a wrong claim leads to an
    /// exception or a failed check later, never to a wrong memory access in checked builds.
    #[inline(always)]
    pub const fn assume<U: ?Sized>(self) -> Local<U> {
        Local { addr: self.addr, known: PhantomData }
    }
}

impl Heap {
    /// The stack pointer: the address of the first unused slot.
    #[inline(always)]
    pub fn sp(&self) -> u32 {
        self.sp.get()
    }

    /// Moves the stack pointer. Slots that come into use must have been set.
    #[inline(always)]
    pub fn set_sp(&self, sp: u32) {
        debug_assert!(sp >= self.stack_base && sp <= self.stack_end && sp & 3 == 0, "sp {sp:#x}");
        self.sp.set(sp);
    }

    /// Where the first slot is.
    pub fn stack_base(&self) -> u32 {
        self.stack_base
    }

    /// Unused slots left.
    #[inline(always)]
    pub fn stack_free(&self) -> u32 {
        (self.stack_end - self.sp.get()) / 4
    }

    /// The value in a slot.
    #[inline(always)]
    pub fn get<T: ?Sized>(&self, slot: Local<T>) -> Value<'_> {
        debug_assert!(self.is_slot(slot.addr()), "slot {:#x} is not in use", slot.addr());
        Value::from_bits(raw::load(&self.space, slot.addr()))
    }

    /// Replaces the value in a slot.
    #[inline(always)]
    pub fn set<T: ?Sized>(&self, slot: Local<T>, value: Value<'_>) {
        debug_assert!(slot.addr() >= self.stack_base && slot.addr() < self.stack_end);
        raw::store(&self.space, slot.addr(), value.bits());
    }

    fn is_slot(&self, addr: u32) -> bool {
        addr >= self.stack_base && addr < self.stack_end
    }

    /// Pushes a value; fails when the stack is full.
    #[inline(never)]
    pub fn push(&self, value: Value<'_>) -> Result<Local, OutOfMemory> {
        self.try_push(value).ok_or_else(|| self.stack_full())
    }

    /// As [`Heap::push`], in its caller and without a note of the failure.
    #[inline(always)]
    pub fn try_push(&self, value: Value<'_>) -> Option<Local> {
        let addr = self.sp.get();
        if addr >= self.stack_end {
            return None;
        }
        raw::store(&self.space, addr, value.bits());
        self.sp.set(addr + 4);
        Some(Local::at(addr))
    }

    #[cold]
    pub(crate) fn stack_full(&self) -> OutOfMemory {
        self.short(Shortage::of(Place::Stack))
    }
}
