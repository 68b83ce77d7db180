//! `micropython.mem_total()` and its like: bytes handed out, in use, and the most that were; and
//! what `micropython.mem_info()` and `qstr_info()` print of it as MicroPython does.

use octopy_heap::{Blocks, Kind};
use octopy_vm::{Out, PyResult, Qstr, Vm};

/// What MicroPython calls a block: objects are counted by how many of them they take.
const BLOCK: u32 = 16;

pub(super) fn mem_total(vm: &mut Vm) -> PyResult<i64> {
    Ok(vm.heap.totals().handed_out.cast_signed())
}

pub(super) fn mem_current(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.totals().used)
}

pub(super) fn mem_peak(vm: &mut Vm) -> PyResult<u32> {
    Ok(vm.heap.totals().peak)
}

/// The first line of `mem_info()`. It allocates nothing.
pub(super) fn print_totals(vm: &mut Vm) -> PyResult<()> {
    let totals = vm.heap.totals();
    let mut digits = [b'0'; 20];
    let mut left = totals.handed_out;
    let mut start = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        start = place;
        if left == 0 {
            break;
        }
    }
    vm.write(Out::Console, b"mem: total=")?;
    vm.write(Out::Console, digits.get(start..).unwrap_or_default())?;
    let text = ", current=%u, peak=%u\n";
    vm.write_numbers(Out::Console, text, &[totals.used, totals.peak])
}

/// The line about the objects' sizes, which looks at every object. COMPAT: all sizes are bytes.
pub(super) fn print_sizes(vm: &mut Vm) -> PyResult<()> {
    let (mut one, mut two, mut largest) = (0_u32, 0_u32, 0);
    for region in 0..vm.heap.region_count() {
        let mut blocks = Blocks::of(&vm.heap, region);
        while let Some(block) = blocks.next(&vm.heap) {
            if block.kind == Kind::Filler {
                continue;
            }
            largest = block.size.max(largest);
            match block.size.div_ceil(BLOCK) {
                1 => one += 1,
                2 => two += 1,
                _ => {}
            }
        }
    }
    let text = " No. of 1-blocks: %u, 2-blocks: %u, max blk sz: %u, max free sz: %u\n";
    let free = vm.heap.info().max_free;
    vm.write_numbers(Out::Console, text, &[one, two, largest, free])
}

/// The names that the program made, `count` of them.
pub(super) fn print_names(vm: &mut Vm, count: u32) -> PyResult<()> {
    let mark = vm.mark();
    for number in (octopy_qstr::COUNT..u16::MAX).take(count as usize) {
        let name = vm.push(Vm::name_value(Qstr(number)))?;
        vm.write(Out::Console, b"Q(")?;
        vm.write_text(Out::Console, name)?;
        vm.write(Out::Console, b")\n")?;
        vm.release(mark);
        vm.stop_if_interrupted()?;
    }
    Ok(())
}
