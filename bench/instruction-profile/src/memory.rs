//! What accesses of a memory that is slow would cost: bursts and bytes, and the time between two
//! readings of a clock.
//!
//! A *burst* is a run of accesses in one direction, each of which begins where the last one of that
//! memory ended, within one line. What is done to other memory in between does not end it.

use crate::Instruction;
use std::collections::BTreeMap;
use std::ffi::{c_int, c_uint, c_void};
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

unsafe extern "C" {
    fn qemu_plugin_register_vcpu_mem_cb(
        instruction: *mut Instruction,
        callback: extern "C" fn(c_uint, u32, u64, *mut c_void),
        flags: c_int,
        directions: c_int,
        data: *mut c_void,
    );
    fn qemu_plugin_mem_size_shift(info: u32) -> c_uint;
    fn qemu_plugin_mem_is_store(info: u32) -> bool;
}

/// The callback does not look at registers.
const NO_REGISTERS: c_int = 0;
/// Loads and stores.
const BOTH: c_int = 3;

/// How often any instruction was executed. QEMU's translated code adds to it without asking.
pub static INSTRUCTIONS: AtomicU64 = AtomicU64::new(0);

/// First address and size of the slow memory, its line, and the address of the clock.
static BASE: AtomicU64 = AtomicU64::new(0);
static SIZE: AtomicU64 = AtomicU64::new(0);
static LINE: AtomicU64 = AtomicU64::new(0);
static CLOCK: AtomicU64 = AtomicU64::new(0);

/// Where the next access goes on with a burst: the address, and 1 in bit 63 for stores.
static NEXT: AtomicU64 = AtomicU64::new(u64::MAX);
const STORE: u64 = 1 << 63;

/// Bursts and bytes, of loads and of stores.
static COUNTS: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];

/// Bursts by the address of the instruction that begins them.
static BURSTS: Mutex<BTreeMap<u64, &'static AtomicU64>> = Mutex::new(BTreeMap::new());

/// All counts at one moment, instructions first.
type Counts = [u64; 5];

/// At the last reading of the clock, and the differences between readings that are worth a line.
static READINGS: Mutex<(Counts, String)> = Mutex::new(([0; 5], String::new()));

/// Shorter times between two readings are not noted.
const LEAST: u64 = 5000;

/// Understands `BASE:SIZE:LINE:CLOCK`, in hexadecimal; false if it cannot.
pub fn configure(text: &str) -> bool {
    let mut numbers = text.split(':').map(|number| u64::from_str_radix(number, 16));
    for place in [&BASE, &SIZE, &LINE, &CLOCK] {
        match numbers.next() {
            Some(Ok(number)) => place.store(number, Relaxed),
            _ => return false,
        }
    }
    numbers.next().is_none()
}

/// Whether accesses are to be counted.
pub fn is_wanted() -> bool {
    SIZE.load(Relaxed) != 0
}

/// Has the accesses of an instruction counted.
///
/// # Safety
///
/// The instruction must be one of the block that is being translated.
pub unsafe fn watch(instruction: *mut Instruction, address: u64) {
    let Ok(mut bursts) = BURSTS.lock() else { return };
    let counter: &'static AtomicU64 =
        bursts.entry(address).or_insert_with(|| Box::leak(Box::new(AtomicU64::new(0))));
    // SAFETY: as asked of the caller; the callback has the type that the interface wants.
    unsafe {
        qemu_plugin_register_vcpu_mem_cb(
            instruction,
            accessed,
            NO_REGISTERS,
            BOTH,
            std::ptr::from_ref(counter).cast_mut().cast(),
        );
    }
}

/// Called by QEMU for each access.
extern "C" fn accessed(_: c_uint, info: u32, address: u64, counter: *mut c_void) {
    if address.wrapping_sub(BASE.load(Relaxed)) < SIZE.load(Relaxed) {
        // SAFETY: `info` is what QEMU has just given.
        let (bytes, is_store) =
            unsafe { (1 << qemu_plugin_mem_size_shift(info), qemu_plugin_mem_is_store(info)) };
        let direction = if is_store { STORE } else { 0 };
        let first = if is_store { 2 } else { 0 };
        let goes_on =
            NEXT.load(Relaxed) == address | direction && address % LINE.load(Relaxed).max(1) != 0;
        if !goes_on {
            COUNTS[first].fetch_add(1, Relaxed);
            // SAFETY: `watch` gave a counter that lives for ever.
            unsafe { &*counter.cast::<AtomicU64>() }.fetch_add(1, Relaxed);
        }
        COUNTS[first + 1].fetch_add(bytes, Relaxed);
        NEXT.store(address + bytes | direction, Relaxed);
    } else if address == CLOCK.load(Relaxed) {
        reading();
    }
}

fn now() -> Counts {
    let [a, b, c, d] = COUNTS.each_ref().map(|count| count.load(Relaxed));
    [INSTRUCTIONS.load(Relaxed), a, b, c, d]
}

/// The clock is read.
fn reading() {
    let Ok(mut readings) = READINGS.lock() else { return };
    let now = now();
    let before = std::mem::replace(&mut readings.0, now);
    if now[0] - before[0] >= LEAST {
        line(&mut readings.1, std::array::from_fn(|n| now[n] - before[n]));
    }
}

fn line(text: &mut String, counts: Counts) {
    let [instructions, load_bursts, loaded, store_bursts, stored] = counts;
    let _ = writeln!(text, "{instructions} {load_bursts} {loaded} {store_bursts} {stored}");
}

/// The counts of the whole run, and of the times between readings: each line has instructions,
/// bursts and bytes of loads, bursts and bytes of stores.
pub fn report() -> String {
    let mut text = String::new();
    line(&mut text, now());
    if let Ok(readings) = READINGS.lock() {
        text += &readings.1;
    }
    text + "@\n"
}

/// The third column of an instruction's line: bursts that it has begun.
pub fn bursts_at(address: u64) -> String {
    let bursts = BURSTS.lock().ok();
    let count = bursts.and_then(|b| b.get(&address).map(|n| n.load(Relaxed)));
    format!(" {}", count.unwrap_or(0))
}
