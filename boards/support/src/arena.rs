//! The arena: a small allocator for littlefs, and for nothing else.
//!
//! Python's objects live in the moving heap. The file system's port needs an allocator for its
//! caches and open files; it gets a fixed piece of static memory, whose size is in `board.toml`.
//! Absent on purpose: growth. A full arena is an error of the file that was to be opened.

use embedded_alloc::LlffHeap;

#[global_allocator]
static ARENA: LlffHeap = LlffHeap::empty();

/// Gives the arena its memory. Called once, before the first file system is mounted.
pub fn start(memory: &'static mut [u8]) {
    // SAFETY: the memory is exclusively ours for ever, not empty, and this is the only call (a
    // board's main function runs once, and a static buffer can be borrowed so only once).
    unsafe { ARENA.init(memory.as_mut_ptr() as usize, memory.len()) }
}

/// Bytes in use.
pub fn used() -> usize {
    ARENA.used()
}

/// Bytes that are free, in pieces or not.
pub fn free() -> usize {
    ARENA.free()
}
