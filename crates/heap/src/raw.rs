//! The memory accesses. With `space.rs`, the only file with `unsafe`.
//!
//! INVARIANT: every address passed here lies in the space's mapped ranges and is aligned for the
//! access. Addresses come from object headers and the stack, which the heap writes itself; debug
//! and zeal builds check each one against the regions' bounds in `object.rs` and `local.rs`.
#![allow(unsafe_code, reason = "this file is the crate's memory access")]

use crate::Space;
use crate::look::Window;
use core::cell::Cell;
use core::num::NonZeroU32;

/// Words of a line of external memory.
#[cfg(feature = "incremental")]
pub(crate) const LINE: usize = 8;

/// What makes addresses into pointers: the space, or a copy of where it is.
pub(crate) trait Addressed {
    fn ptr(&self, addr: u32) -> *mut u8;
    fn contains(&self, addr: u32, len: u32) -> bool;
}

impl Addressed for Space {
    #[inline(always)]
    fn ptr(&self, addr: u32) -> *mut u8 {
        Space::ptr(self, addr)
    }

    #[inline(always)]
    fn contains(&self, addr: u32, len: u32) -> bool {
        Space::contains(self, addr, len)
    }
}

impl Addressed for Window {
    #[inline(always)]
    fn ptr(&self, addr: u32) -> *mut u8 {
        Window::ptr(self, addr)
    }

    #[inline(always)]
    fn contains(&self, _addr: u32, _len: u32) -> bool {
        true
    }
}

/// The address of a slot, which is never 0: the stack is not at the start of its space.
#[inline(always)]
pub(crate) const fn slot_address(addr: u32) -> NonZeroU32 {
    debug_assert!(addr != 0, "no slot is at address 0");
    // SAFETY: INVARIANT above: slots lie on the stack, whose base `HeapConfig` says is not 0.
    unsafe { NonZeroU32::new_unchecked(addr) }
}

/// Loads an aligned word.
#[inline(always)]
pub(crate) fn load<S: Addressed>(space: &S, addr: u32) -> u32 {
    debug_assert!(space.contains(addr, 4) && addr & 3 == 0, "load at {addr:#x}");
    // SAFETY: INVARIANT above: mapped and aligned.
    unsafe { space.ptr(addr).cast::<u32>().read() }
}

/// Loads a byte.
#[inline(always)]
pub(crate) fn load_byte<S: Addressed>(space: &S, addr: u32) -> u8 {
    debug_assert!(space.contains(addr, 1), "load at {addr:#x}");
    // SAFETY: INVARIANT above: mapped.
    unsafe { space.ptr(addr).read() }
}

/// Stores an aligned word.
#[inline(always)]
pub(crate) fn store<S: Addressed>(space: &S, addr: u32, word: u32) {
    debug_assert!(space.contains(addr, 4) && addr & 3 == 0, "store at {addr:#x}");
    // SAFETY: INVARIANT above; the space is memory of cells, never borrowed as `&[u32]`.
    unsafe { space.ptr(addr).cast::<u32>().write(word) }
}

/// Loads a word from any address.
#[cfg(feature = "incremental")]
#[inline(always)]
pub(crate) fn load_anywhere(space: &Space, addr: u32) -> u32 {
    debug_assert!(space.contains(addr, 4), "load at {addr:#x}");
    // SAFETY: INVARIANT above: mapped.
    u32::from_le(unsafe { space.ptr(addr).cast::<u32>().read_unaligned() })
}

/// Stores a word at any address.
#[cfg(feature = "incremental")]
#[inline(always)]
pub(crate) fn store_anywhere(space: &Space, addr: u32, word: u32) {
    debug_assert!(space.contains(addr, 4), "store at {addr:#x}");
    // SAFETY: INVARIANT above: mapped.
    unsafe { space.ptr(addr).cast::<u32>().write_unaligned(word.to_le()) }
}

/// Loads a line of external memory, in one burst.
#[cfg(feature = "incremental")]
#[inline(always)]
pub(crate) fn load_line(space: &Space, addr: u32) -> [u32; LINE] {
    debug_assert!(space.contains(addr, 32) && addr & 31 == 0, "line at {addr:#x}");
    // SAFETY: INVARIANT above: mapped and aligned.
    unsafe { space.ptr(addr).cast::<[u32; LINE]>().read() }
}

/// Loads neighbouring words, which slow memory gives in bursts.
#[cfg(feature = "incremental")]
#[inline]
pub(crate) fn load_words(space: &Space, mut addr: u32, words: &mut [u32]) {
    debug_assert!(space.contains(addr, words.len() as u32 * 4) && addr & 3 == 0);
    let (lines, rest) = words.as_chunks_mut::<LINE>();
    for line in lines {
        // SAFETY: INVARIANT above.
        *line = unsafe { space.ptr(addr).cast::<[u32; LINE]>().read() };
        addr += 4 * LINE as u32;
    }
    for word in rest {
        *word = load(space, addr);
        addr += 4;
    }
}

/// Stores neighbouring words, the same way.
#[cfg(feature = "incremental")]
#[inline]
pub(crate) fn store_words(space: &Space, mut addr: u32, words: &[u32]) {
    debug_assert!(space.contains(addr, words.len() as u32 * 4) && addr & 3 == 0);
    let (lines, rest) = words.as_chunks::<LINE>();
    for line in lines {
        // SAFETY: as above.
        unsafe { space.ptr(addr).cast::<[u32; LINE]>().write(*line) };
        addr += 4 * LINE as u32;
    }
    for &word in rest {
        store(space, addr, word);
        addr += 4;
    }
}

/// Copies bytes; the runs may overlap.
#[inline]
pub(crate) fn copy(space: &Space, from: u32, to: u32, len: u32) {
    debug_assert!(space.contains(from, len) && space.contains(to, len));
    // SAFETY: INVARIANT above, for both runs; `copy` allows overlap.
    unsafe { core::ptr::copy(space.ptr(from), space.ptr(to), len as usize) }
}

/// Fills bytes.
#[inline]
pub(crate) fn fill(space: &Space, addr: u32, len: u32, byte: u8) {
    debug_assert!(space.contains(addr, len));
    // SAFETY: INVARIANT above.
    unsafe { core::ptr::write_bytes(space.ptr(addr), byte, len as usize) }
}

/// Bytes that nothing writes while they are borrowed: payloads of objects that are complete.
#[inline(always)]
pub(crate) fn bytes(space: &Space, addr: u32, len: u32) -> &[u8] {
    debug_assert!(space.contains(addr, len));
    // SAFETY: INVARIANT above. Writing through `&Heap` (`copy_bytes`, `poke_raw`) would alias; the
    // callers write only to objects that they have just made, or whose bytes nobody looks at
    // meanwhile. The types do not check that: docs/adr/0002 lists it among what we gave up.
    unsafe { core::slice::from_raw_parts(space.ptr(addr), len as usize) }
}

/// Bytes as cells: payloads of mutable buffers.
#[inline(always)]
pub(crate) fn cells(space: &Space, addr: u32, len: u32) -> &[Cell<u8>] {
    debug_assert!(space.contains(addr, len));
    // SAFETY: INVARIANT above; `Cell<u8>` has the layout of `u8` and allows shared writing.
    unsafe { core::slice::from_raw_parts(space.ptr(addr).cast::<Cell<u8>>(), len as usize) }
}

/// Bytes borrowed exclusively, together with the whole space.
#[inline(always)]
pub(crate) fn bytes_mut(space: &mut Space, addr: u32, len: u32) -> &mut [u8] {
    debug_assert!(space.contains(addr, len));
    // SAFETY: INVARIANT above; the `&mut Space` keeps every other access out.
    unsafe { core::slice::from_raw_parts_mut(space.ptr(addr), len as usize) }
}

/// A word that lives as long as the program: the root table's.
#[inline]
pub(crate) fn root_cell(space: &Space, addr: u32) -> &'static Cell<u32> {
    debug_assert!(space.contains(addr, 4) && addr & 3 == 0);
    // SAFETY: INVARIANT above; a space's memory is never unmapped (see `Space`), and the root
    // table is only ever accessed word by word.
    unsafe { &*space.ptr(addr).cast::<Cell<u32>>() }
}

/// Bytes of an object that stays where it is for as long as the guard that hands them out exists.
pub(crate) fn pinned_cells(space: &Space, addr: u32, len: u32) -> &'static [Cell<u8>] {
    debug_assert!(space.contains(addr, len));
    // SAFETY: INVARIANT above; a space is never unmapped, `Pinned` keeps the object in its place,
    // and `Cell<u8>` allows that the heap writes to it meanwhile.
    unsafe { core::slice::from_raw_parts(space.ptr(addr).cast::<Cell<u8>>(), len as usize) }
}
