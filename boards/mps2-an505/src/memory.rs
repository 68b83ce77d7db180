//! The memory map, made from `board.toml`, and the checks that it is there.

use octopy_board_support::probe;

include!(concat!(env!("OUT_DIR"), "/board.rs"));

/// How many bytes of the large heap region answer.
pub fn large_size() -> u32 {
    // SAFETY: the range is external RAM that nothing uses before the heap is built on it.
    unsafe { probe::ram(LARGE_BASE, LARGE_SIZE) }
}

/// The RAM disk's memory, with whatever a reset has left in it. `None` without external RAM.
///
/// Called once, by the board's constructor.
pub(crate) fn disk() -> Option<&'static mut [u8]> {
    // SAFETY: the range is external RAM that nothing uses before the disk is made on it.
    if unsafe { probe::ram(DISK_BASE, DISK_SIZE) } < DISK_SIZE {
        return None;
    }
    // SAFETY: RAM answers over the whole range, `board.toml` gives it to the disk alone, and the
    // board is constructed once.
    Some(unsafe { core::slice::from_raw_parts_mut(DISK_BASE as *mut u8, DISK_SIZE as usize) })
}
