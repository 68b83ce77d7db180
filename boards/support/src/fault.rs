//! The fault report: one clear line, then exit or reset.
//!
//! Every fault exception arrives at [`fault`]. Two instructions are allowed to fault, one in
//! `probe` and one in `semihosting`; those continue elsewhere. Any other fault is the end: it is
//! named in one line, an emulator gets an exit code, and hardware resets.

use crate::{report, semihosting, stack};
use core::arch::naked_asm;

/// Exit code of a panic.
pub const PANIC_EXIT: u32 = 101;
/// Exit code of a fault.
pub const FAULT_EXIT: u32 = 102;

const CFSR: *mut u32 = 0xe000_ed28 as *mut u32;
const HFSR: *mut u32 = 0xe000_ed2c as *mut u32;
const MMFAR: *const u32 = 0xe000_ed34 as *const u32;
const BFAR: *const u32 = 0xe000_ed38 as *const u32;

/// The bits of CFSR, in the order in which they are worth telling.
const REASONS: [(u32, &str); 16] = [
    (1 << 20, "stack overflow"),
    (1 << 7 | 1 << 1, "forbidden memory access"),
    (1 << 0, "execution of data"),
    (1 << 15 | 1 << 9, "access where nothing is"),
    (1 << 10, "late bus error of a write"),
    (1 << 8, "execution where nothing is"),
    (1 << 12, "bus error entering a handler"),
    (1 << 11, "bus error leaving a handler"),
    (1 << 4, "memory fault entering a handler"),
    (1 << 3, "memory fault leaving a handler"),
    (1 << 25, "division by zero"),
    (1 << 24, "unaligned access"),
    (1 << 19, "FPU is off"),
    (1 << 18, "bad return from a handler"),
    (1 << 17, "bad execution state"),
    (1 << 16, "undefined instruction"),
];
const STACK_OVERFLOW: u32 = 1 << 20;
const BFAR_VALID: u32 = 1 << 15;
const MMFAR_VALID: u32 = 1 << 7;

/// What the processor pushes when an exception begins.
#[repr(C)]
struct Frame {
    r0: u32,
    r1: u32,
    r2: u32,
    r3: u32,
    r12: u32,
    lr: u32,
    pc: u32,
    xpsr: u32,
}

unsafe extern "C" {
    fn octopy_probe_point();
    fn octopy_probe_absent();
    fn octopy_semihosting_point();
    fn octopy_semihosting_absent();
}

/// Gives each kind of fault its own exception, makes division by zero one, and asks whether a
/// semihosting listener is there.
pub(crate) fn enable() {
    const SHCSR: *mut u32 = 0xe000_ed24 as *mut u32;
    const CCR: *mut u32 = 0xe000_ed14 as *mut u32;
    const DIV_0_TRAP: u32 = 1 << 4;
    // SAFETY: system control registers of the core, touched here before anything else runs.
    unsafe {
        SHCSR.write_volatile(0b1111 << 16);
        CCR.write_volatile(CCR.read_volatile() | DIV_0_TRAP);
    }
    semihosting::detect();
}

/// The last thing that a firmware does: exit code for an emulator, reset for hardware.
pub fn end(code: u32) -> ! {
    if semihosting::is_present() {
        semihosting::exit(code);
    }
    cortex_m::peripheral::SCB::sys_reset()
}

/// The handler of interrupts that nobody has switched on: reports which one came.
pub fn unexpected() -> ! {
    report_line(0, 0, None, 0);
    end(FAULT_EXIT)
}

/// Addresses where a fault is foreseen, and where to go on.
fn detour(pc: u32) -> Option<u32> {
    let table = [
        (octopy_probe_point as *const () as u32, octopy_probe_absent as *const () as u32),
        (
            octopy_semihosting_point as *const () as u32,
            octopy_semihosting_absent as *const () as u32,
        ),
    ];
    table.iter().find(|(point, _)| point & !1 == pc).map(|(_, to)| to & !1)
}

/// Every fault and unexpected exception, called by [`entry`].
extern "C" fn fault(frame: *mut Frame, exc_return: u32) {
    // SAFETY: fault status registers of the core; reading has no effect.
    let (cfsr, hfsr) = unsafe { (CFSR.read_volatile(), HFSR.read_volatile()) };
    // After a stack overflow the processor had no room to push a frame.
    let frame = if cfsr & STACK_OVERFLOW != 0 {
        None
    } else {
        // SAFETY: the processor pushed a frame at this address on entry, and nobody else uses it.
        Some(unsafe { &mut *frame })
    };
    if let Some(frame) = &frame
        && let Some(to) = detour(frame.pc)
    {
        // SAFETY: both registers are cleared by writing their bits back; the frame is ours.
        unsafe {
            CFSR.write_volatile(cfsr);
            HFSR.write_volatile(hfsr);
            (&raw const frame.pc).cast_mut().write_volatile(to);
        }
        return;
    }
    report_line(cfsr, hfsr, frame.as_deref(), exc_return);
    end(FAULT_EXIT)
}

/// `FAULT: reason, address …, pc …, lr …, CFSR …`.
fn report_line(cfsr: u32, hfsr: u32, frame: Option<&Frame>, exc_return: u32) {
    let number = |name: &str, value: u32| {
        report::text(name);
        report::hex(value);
    };
    report::text("\r\nFAULT: ");
    let vector = cortex_m::peripheral::SCB::vect_active();
    match REASONS.iter().find(|(bits, _)| cfsr & bits != 0) {
        Some((_, reason)) => report::text(reason),
        None => {
            report::text("unexpected exception ");
            report::decimal(vector_number(vector));
        }
    }
    if exc_return & 4 == 0 {
        report::text(" in an interrupt handler");
    } else if cfsr & STACK_OVERFLOW != 0 {
        report::text(", ");
        report::decimal(stack::thread_stack().size());
        report::text(" bytes are used");
    }
    // SAFETY: as above; these two are only meaningful with their valid bits set.
    let (bfar, mmfar) = unsafe { (BFAR.read_volatile(), MMFAR.read_volatile()) };
    if cfsr & BFAR_VALID != 0 {
        number(", address ", bfar);
    } else if cfsr & MMFAR_VALID != 0 {
        number(", address ", mmfar);
    }
    if let Some(frame) = frame {
        number(", pc ", frame.pc);
        number(", lr ", frame.lr);
    }
    number(", CFSR ", cfsr);
    number(", HFSR ", hfsr);
    report::text("\r\n");
}

/// The number of the exception that is being served.
fn vector_number(active: cortex_m::peripheral::scb::VectActive) -> u32 {
    use cortex_m::peripheral::scb::VectActive;
    match active {
        VectActive::ThreadMode => 0,
        VectActive::Exception(exception) => (exception.irqn() + 16) as u32,
        VectActive::Interrupt { irqn } => u32::from(irqn) + 16,
    }
}

/// Entry of a fault exception: finds the frame on the stack that was in use.
macro_rules! entry {
    ($($name:ident)*) => {$(
        #[doc = concat!("The vector `", stringify!($name), "`, named by `cortex-m-rt`.")]
        #[unsafe(naked)]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name() {
            naked_asm!(
                "tst lr, #4",
                "ite eq",
                "mrseq r0, msp",
                "mrsne r0, psp",
                "mov r1, lr",
                "b {fault}",
                fault = sym fault,
            )
        }
    )*};
}

entry!(HardFault MemoryManagement BusFault UsageFault SecureFault NonMaskableInt DefaultHandler);
