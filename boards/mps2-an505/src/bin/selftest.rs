//! The self-test: proves the board without the interpreter.
//!
//! The first word of the emulator's `-append` chooses a test; the exit code is 0 when it passed.
//! Those that end in a fault report are judged by whoever started the emulator:
//! `cargo xtask fw selftest BOARD`.
#![no_std]
#![no_main]

use core::hint::black_box;
use mps2_an505::{An505, last_words, memory};
use octopy_board_support::{arena, board, fault, probe, report, semihosting, thread_stack};
use octopy_hal::Board;

board! { main = main, last_words = last_words }

type Test = fn(&mut An505) -> bool;

const TESTS: [(&str, Test); 14] = [
    ("memory", memory_answers),
    ("clock", clock_runs),
    ("disk", disk_behaves_as_flash),
    ("stack", stack_is_measured),
    ("arena", arena_gives_and_takes),
    ("entropy", entropy_differs),
    ("reset", reset_keeps_the_disk),
    ("echo", echo),
    ("overflow", |_| recurse(1) == 0),
    ("unmapped", |_| unmapped_read() == 0),
    ("undefined", |_| undefined_instruction()),
    ("divide", |_| divide_by_zero()),
    ("flash", |_| flash_write()),
    ("panic", |_| panic!("on purpose")),
];

fn main() -> ! {
    let Some(mut board) = An505::start() else { fault::end(fault::PANIC_EXIT) };
    let mut buf = [0u8; 256];
    let wanted = semihosting::command_line(&mut buf).split(' ').nth(1).unwrap_or("");
    let Some((name, test)) = TESTS.iter().find(|(name, _)| *name == wanted) else {
        report::text("no such test\r\n");
        fault::end(2)
    };
    report::text(name);
    let passed = test(&mut board);
    report::text(if passed { ": ok\r\n" } else { ": FAILED\r\n" });
    fault::end(u32::from(!passed))
}

/// External RAM is there, holds what it is told, and absent memory is told apart.
fn memory_answers(_: &mut An505) -> bool {
    // SAFETY: no heap is built in this program, so nothing uses these ranges.
    let fast = unsafe { probe::ram(memory::FAST_BASE, memory::FAST_SIZE) };
    memory::has_large_region()
        && fast
        && probe::word(memory::FAST_BASE).is_some()
        && probe::word(0xc000_0000).is_none()
}

/// The clock moves on, and a sleep ends at its deadline and not before.
fn clock_runs(board: &mut An505) -> bool {
    let start = board.micros();
    let deadline = start + 20_000;
    let mut sleeps = 0;
    while board.micros() < deadline {
        board.wait(Some(deadline));
        sleeps += 1;
    }
    let late = board.micros() - deadline;
    // The host decides how late; a sleep that returns at once again and again is a bug.
    sleeps < 50 && late < 5_000_000
}

fn disk_behaves_as_flash(board: &mut An505) -> bool {
    let Some(disk) = board.flash() else { return false };
    let (erase, program) = (disk.erase_size(), disk.program_size());
    let last = disk.size() - erase;
    let ones = [0x5au8; 512];
    let mut back = [0u8; 512];
    let Some(data) = ones.get(..program as usize) else { return false };
    let Some(cells) = back.get_mut(..program as usize) else { return false };
    let done = disk.erase(last, erase).is_ok()
        && disk.program(last, data).is_ok()
        && disk.read(last, cells).is_ok();
    let read_back = done && cells == data;
    // Programming clears bits only: 0x5a over 0x5a changes nothing, 0x0f over it leaves 0x0a.
    let low = [0x0fu8; 512];
    let over = low.get(..program as usize).is_some_and(|data| disk.program(last, data).is_ok())
        && disk.read(last, cells).is_ok()
        && cells.iter().all(|byte| *byte == 0x0a);
    let outside = disk.read(last + erase, cells).is_err() && disk.erase(1, erase).is_err();
    read_back && over && outside && disk.size() == memory::DISK_SIZE
}

fn stack_is_measured(_: &mut An505) -> bool {
    let stack = thread_stack();
    let before = stack.deepest();
    let mut block = [0u8; 8192];
    black_box(&mut block);
    stack.size() == 65_536 && stack.remaining() < 65_536 && stack.deepest() >= before.max(8192)
}

fn arena_gives_and_takes(_: &mut An505) -> bool {
    extern crate alloc;
    let before = arena::used();
    let buffer = alloc::vec![1u8; 4096];
    let during = arena::used();
    drop(black_box(buffer));
    during >= before + 4096 && arena::used() == before && arena::free() > 8192
}

fn entropy_differs(board: &mut An505) -> bool {
    let (mut one, mut two) = ([0u8; 16], [0u8; 16]);
    board.entropy(&mut one);
    board.entropy(&mut two);
    one != two
}

/// Leaves a mark on the disk, resets, and finds it again.
fn reset_keeps_the_disk(board: &mut An505) -> bool {
    const MARK: [u8; 512] = [0x6f; 512];
    let Some(disk) = board.flash() else { return false };
    let mut found = [0u8; 512];
    if disk.read(0, &mut found).is_ok() && found == MARK {
        return true;
    }
    let size = disk.erase_size();
    if disk.erase(0, size).is_ok() && disk.program(0, &MARK).is_ok() {
        board.reset();
    }
    false
}

/// Sends back what comes until Ctrl-D; the other side compares.
fn echo(board: &mut An505) -> bool {
    board.console().write(b"\r\nready\r\n");
    let mut buf = [0u8; 64];
    loop {
        let n = board.console().read(&mut buf);
        let bytes = buf.get(..n).unwrap_or(&[]);
        board.console().write(bytes);
        if bytes.contains(&4) {
            return true;
        }
        if n == 0 {
            board.wait(None);
        }
    }
}

fn recurse(depth: u32) -> u32 {
    let block = black_box([depth; 32]);
    if block[0] == 0 { 0 } else { recurse(block[31] + 1) + black_box(block)[0] }
}

fn unmapped_read() -> u32 {
    let address = black_box(0xc000_0000u32) as *const u32;
    // SAFETY: the fault is the purpose of this test.
    unsafe { address.read_volatile() }
}

fn flash_write() -> bool {
    let code = main as *const () as u32 & !3;
    // SAFETY: the fault is the purpose of this test.
    unsafe { (black_box(code) as *mut u32).write_volatile(0) };
    false
}

fn undefined_instruction() -> bool {
    cortex_m::asm::udf()
}

fn divide_by_zero() -> bool {
    let quotient: u32;
    // SAFETY: the instruction touches registers only, and faults, which is the purpose.
    unsafe {
        core::arch::asm!("udiv {0}, {1}, {2}", out(reg) quotient, in(reg) 1, in(reg) 0);
    }
    quotient == 0
}
