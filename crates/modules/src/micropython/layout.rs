//! The map of `micropython.mem_info(1)`: a letter for every 16 bytes, as MicroPython prints it.
//!
//! Objects start at multiples of eight bytes, so that two can begin in one block of 16: then the
//! letter is that of the first. `=` goes on with what began before; three or more lines without
//! any object become one.

use octopy_heap::{Block, Blocks, Kind};
use octopy_vm::{Out, PyResult, Vm};

/// Bytes that a letter stands for.
const BLOCK: u32 = 16;

/// Letters in a line.
const LINE: usize = 64;

/// Most lines without any object that are printed.
const FREE_LINES: u32 = 2;

/// The letter of an object's first block.
const fn letter(kind: Kind) -> u8 {
    match kind {
        Kind::Filler => b'.',
        Kind::Tuple => b'T',
        Kind::List => b'L',
        Kind::Dict => b'D',
        Kind::Str | Kind::Bytes => b'S',
        Kind::ByteArray | Kind::Array => b'A',
        Kind::Float => b'F',
        Kind::Function => b'B',
        Kind::Module => b'M',
        _ => b'h',
    }
}

/// Prints the map of a region of `size` bytes from `base`.
pub(super) fn print(vm: &mut Vm, region: usize, base: u32, size: u32) -> PyResult<()> {
    vm.write_numbers(Out::Console, "GC memory layout; from %x:\n", &[base])?;
    let mut blocks = Blocks::of(&vm.heap, region);
    let mut block = Block { address: base, size: 0, kind: Kind::Filler };
    let mut free_lines = 0;
    let mut at = 0;
    while at < size {
        let count = (size - at).div_ceil(BLOCK).min(LINE as u32);
        let mut letters = [b'.'; LINE];
        let end = base + at + count * BLOCK;
        loop {
            draw(&mut letters, base + at, block);
            if block.address + block.size >= end {
                break;
            }
            match blocks.next(&vm.heap) {
                Some(next) => block = next,
                None => break,
            }
        }
        if letters.iter().all(|&letter| letter == b'.') {
            free_lines += 1;
        } else {
            print_free(vm, at, free_lines)?;
            free_lines = 0;
            print_line(vm, at, letters.get(..count as usize).unwrap_or_default())?;
        }
        at += count * BLOCK;
    }
    print_free(vm, at, free_lines)
}

/// Puts a block into the letters of the line that begins at `first`.
fn draw(letters: &mut [u8; LINE], first: u32, block: Block) {
    if block.kind == Kind::Filler || block.address + block.size <= first {
        return;
    }
    let start = block.address.saturating_sub(first) / BLOCK;
    let end = (block.address + block.size - first).div_ceil(BLOCK);
    let begins_here = block.address >= first;
    for (n, place) in letters.iter_mut().enumerate().take(end as usize).skip(start as usize) {
        if begins_here && n == start as usize {
            if matches!(*place, b'.' | b'=') {
                *place = letter(block.kind);
            }
        } else {
            *place = b'=';
        }
    }
}

/// Prints the lines without objects before the line at `at`.
fn print_free(vm: &mut Vm, at: u32, lines: u32) -> PyResult<()> {
    if lines > FREE_LINES {
        return vm.write_numbers(Out::Console, "       (%u lines all free)\n", &[lines]);
    }
    for line in (1..=lines).rev() {
        print_line(vm, at - line * BLOCK * LINE as u32, &[b'.'; LINE])?;
    }
    Ok(())
}

fn print_line(vm: &mut Vm, at: u32, letters: &[u8]) -> PyResult<()> {
    vm.write_numbers(Out::Console, "%X: ", &[at])?;
    vm.write(Out::Console, letters)?;
    vm.write(Out::Console, b"\n")?;
    vm.stop_if_interrupted()
}
