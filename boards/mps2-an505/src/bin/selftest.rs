//! The self-test: proves the board without the interpreter.
//!
//! The first word of the emulator's `-append` chooses a test; the exit code is 0 when it passed.
//! Those that end in a fault report are judged by whoever started the emulator:
//! `cargo xtask fw selftest BOARD`.
#![no_std]
#![no_main]

use core::hint::black_box;
use mps2_an505::{An505, last_words, memory};
use octopy_board_support::{board, fault, probe, report, semihosting, thread_stack};
use octopy_hal::{Board, Errno, FileSystem, OpenMode};
use octopy_heap::{Heap, HeapConfig, Kind, RegionClass, RegionSpec, Space, Value};

board! { main = main, last_words = last_words }

type Test = fn(&mut An505) -> bool;

const TESTS: [(&str, Test); 16] = [
    ("memory", memory_answers),
    ("clock", clock_runs),
    ("disk", disk_behaves_as_flash),
    ("stack", stack_is_measured),
    ("entropy", entropy_differs),
    ("files", files_are_kept),
    ("heap", heap_compacts),
    ("reset", reset_keeps_the_disk),
    ("echo", echo),
    ("interrupt", interrupt_gets_through),
    ("overflow", |_| recurse(1) == 0),
    ("unmapped", |_| unmapped_read() == 0),
    ("undefined", |_| undefined_instruction()),
    ("divide", |_| divide_by_zero()),
    ("flash", |_| flash_write()),
    ("panic", |_| panic!("on purpose")),
];

fn main() -> ! {
    let Some(board) = An505::start() else { fault::end(fault::PANIC_EXIT) };
    let mut buf = [0u8; 256];
    let wanted = semihosting::command_line(&mut buf).split(' ').nth(1).unwrap_or("");
    let Some((name, test)) = TESTS.iter().find(|(name, _)| *name == wanted) else {
        report::text("no such test\r\n");
        fault::end(2)
    };
    report::text(name);
    let passed = test(board);
    report::text(if passed { ": ok\r\n" } else { ": FAILED\r\n" });
    fault::end(u32::from(!passed))
}

/// External RAM is there, holds what it is told, and absent memory is told apart.
fn memory_answers(_: &mut An505) -> bool {
    // SAFETY: the only heap of this program is made by a later test, so nothing uses these ranges.
    let fast = unsafe { probe::ram(memory::FAST_BASE, memory::FAST_SIZE) };
    // SAFETY: the disk is not used now, and behind it nothing answers.
    let beyond = unsafe { probe::ram(memory::DISK_BASE, 2 * memory::DISK_SIZE) };
    memory::large_size() == memory::LARGE_SIZE
        && fast == memory::FAST_SIZE
        && beyond == memory::DISK_SIZE
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

fn entropy_differs(board: &mut An505) -> bool {
    let (mut one, mut two) = ([0u8; 16], [0u8; 16]);
    board.entropy(&mut one);
    board.entropy(&mut two);
    one != two
}

/// Several files open at once, written and read back, with the time of the calendar.
fn files_are_kept(board: &mut An505) -> bool {
    board.set_unix_nanos(1_700_000_000_000_000_000);
    let Some(files) = board.files() else { return false };
    let done = write_and_read_back(files);
    if let Err(errno) = &done {
        report::text(", errno ");
        report::decimal(u32::from(errno.code()));
    }
    done == Ok(true)
}

fn write_and_read_back(files: &mut dyn FileSystem) -> Result<bool, Errno> {
    const NAMES: [&str; 8] = ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"];
    let write = OpenMode { write: true, create: true, ..OpenMode::default() };
    let read = OpenMode { read: true, ..OpenMode::default() };
    let mut ids = [None; NAMES.len()];
    for (name, id) in NAMES.iter().zip(&mut ids) {
        *id = Some(files.open(name, write)?);
    }
    for id in ids.iter().flatten() {
        for _ in 0..20 {
            files.write(*id, &[0xa5; 500])?;
        }
    }
    for id in ids.into_iter().flatten() {
        files.close(id)?;
    }
    let stat = files.stat("/g")?;
    let id = files.open("/h", read)?;
    let mut buf = [0; 500];
    let mut total = 0;
    loop {
        let n = files.read(id, &mut buf)?;
        if n == 0 {
            break;
        }
        total += buf.iter().take(n).filter(|byte| **byte == 0xa5).count();
    }
    files.close(id)?;
    let seconds = 1_700_000_000..1_700_000_100;
    Ok(total == 10_000 && stat.size == 10_000 && seconds.contains(&stat.modified))
}

/// Fills both regions, frees every second object, and asks for most of what is free in one piece.
fn heap_compacts(_: &mut An505) -> bool {
    let region = |name, base, size, class| RegionSpec {
        name,
        base,
        size,
        class,
        dma: class == RegionClass::Fast,
    };
    let config = HeapConfig {
        stack_base: memory::VALUE_STACK_BASE,
        stack_size: memory::VALUE_STACK_SIZE,
        roots: 64,
        mark_stack: 256,
        trail: 128,
        regions: &[
            region(memory::FAST_NAME, memory::FAST_BASE, memory::FAST_SIZE, RegionClass::Fast),
            region(memory::LARGE_NAME, memory::LARGE_BASE, memory::LARGE_SIZE, RegionClass::Large),
        ],
        large_object: 4096,
    };
    // SAFETY: `board.toml` gives these ranges to the heap alone, and this program makes one heap.
    let mut heap = Heap::new(unsafe { Space::identity() }, &config);
    let base = heap.sp();
    let Ok(all) = heap.alloc(Kind::Words, 50_000) else { return false };
    let mark = heap.sp();
    let mut count = 0;
    while let Ok(slot) = heap.alloc(Kind::Buffer, 250) {
        heap.poke(heap.get(all), count, heap.get(slot));
        heap.set_sp(mark);
        count += 1;
    }
    for idx in (0..count).step_by(2) {
        heap.poke(heap.get(all), idx, Value::NULL);
    }
    heap.set_sp(mark);
    heap.collect();
    let free = heap.region_info(1).map_or(0, |info| info.free);
    let one = heap.alloc(Kind::Buffer, free / 4 / 100 * 95).is_ok();
    heap.set_sp(base);
    heap.collect();
    let info = heap.info();
    report::text(", objects: ");
    report::decimal(count);
    count > 8000 && one && info.used == 0 && info.free == info.total && heap.verify().is_ok()
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

/// A program that never reads can still be interrupted, however much was sent to it before.
fn interrupt_gets_through(board: &mut An505) -> bool {
    board.attention().set_interrupt_byte(Some(3));
    board.console().write(b"\r\nready\r\n");
    let deadline = board.micros() + 20_000_000;
    while board.micros() < deadline {
        if board.attention().take_interrupt() {
            // What the receiver could hold is still there.
            let mut buf = [0; memory::RECEIVE_CAPACITY + 1];
            return board.console().read(&mut buf) == memory::RECEIVE_CAPACITY;
        }
        board.wait(Some(deadline));
    }
    false
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
