//! The memory protection unit: code cannot be written, data cannot be executed.
//!
//! A stray write through a wild pointer is reported where it happens instead of corrupting the
//! program. Everything else keeps the processor's default map.

unsafe extern "C" {
    static _octopy_code_start: u32;
    static _octopy_code_end: u32;
    static _octopy_ram_start: u32;
    static _octopy_ram_end: u32;
}

const CONTROL: *mut u32 = 0xe000_ed94 as *mut u32;
const NUMBER: *mut u32 = 0xe000_ed98 as *mut u32;
const BASE: *mut u32 = 0xe000_ed9c as *mut u32;
const LIMIT: *mut u32 = 0xe000_eda0 as *mut u32;
const ATTRIBUTES: *mut u32 = 0xe000_edc0 as *mut u32;

const ENABLE: u32 = 1 << 0;
/// Privileged code sees the default map outside the regions.
const DEFAULT_MAP: u32 = 1 << 2;
const READ_ONLY: u32 = 0b10 << 1;
const NO_EXECUTE: u32 = 1 << 0;
/// Normal memory, cached where there is a cache.
const NORMAL: u32 = 0xff;

/// Switches protection on.
pub(crate) fn enable() {
    // SAFETY: registers of the core. The regions allow what this program does: it reads and
    // executes the code memory and does not execute its data.
    unsafe {
        ATTRIBUTES.write_volatile(NORMAL);
        region(0, &raw const _octopy_code_start, &raw const _octopy_code_end, READ_ONLY);
        region(1, &raw const _octopy_ram_start, &raw const _octopy_ram_end, NO_EXECUTE);
        CONTROL.write_volatile(ENABLE | DEFAULT_MAP);
    }
    cortex_m::asm::dsb();
    cortex_m::asm::isb();
}

/// Sets up one region.
///
/// # Safety
///
/// The program must be able to live with the region's restrictions.
unsafe fn region(number: u32, start: *const u32, end: *const u32, access: u32) {
    const CELL: u32 = 32;
    // SAFETY: registers of the core; the effect is the caller's business.
    unsafe {
        NUMBER.write_volatile(number);
        BASE.write_volatile(start as u32 & !(CELL - 1) | access);
        LIMIT.write_volatile((end as u32 - 1) & !(CELL - 1) | ENABLE);
    }
}
