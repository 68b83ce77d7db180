//! `micropython.RingIO`: bytes from one hand to the other, as between an interrupt and a program.
//!
//! Layout: NativeState with type; raw: where the content starts, how many bytes it has; values: a
//! buffer, how many bytes it takes.

use crate::{stream, table};
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, Value, Vm, class};

class! {
    /// A queue of bytes of fixed size.
    pub static RING_IO = RingIO (table::RING_IO) {
        slots { new: ring_new, print: ring_print, iter: stream::stream_iter, next: stream::stream_next }
        /// How many bytes can be read.
        any = method (any, this),
        /// Does nothing.
        close = method (close, this),
        /// So many bytes, or all.
        read = method (stream::read, this, count),
        /// Fills a buffer.
        readinto = method (stream::readinto, this, buf, count),
        /// The next line.
        readline = method (stream::readline, this, count),
        /// Writes what there is room for, and says how much that was.
        write = method (stream::write, this, data, first, second),
    }
}

const TYPE: u32 = 0;
const START: u32 = 1;
const COUNT: u32 = 2;
const BUFFER: u32 = 4;
const SIZE: u32 = 5;

/// Most bytes.
const MOST: u32 = 65534;

fn ring_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 1)?;
    let given = args.base;
    let look = vm.opt_buffer(given)?;
    let size = match look {
        // COMPAT: MicroPython needs a byte of the buffer for itself.
        Some(look) => look.len.saturating_sub(1),
        None => vm.to_i64(given)?.clamp(0, i64::from(MOST) + 1) as u32,
    };
    if !(1..=MOST).contains(&size) {
        return Err(vm.raise_value("size out of range"));
    }
    let buffer = match look {
        Some(_) => {
            vm.writable_buffer_of(given)?;
            given
        }
        None => octopy_vm::types::bytearray::alloc(vm, size)?,
    };
    let made = vm.alloc(Kind::NativeState, SIZE + 1)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(table::RING_IO));
    vm.heap.init(object, BUFFER, vm.heap.get(buffer));
    vm.heap.init(object, SIZE, Value::from_small(size as i32));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn ring_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<RingIO>")
}

/// How many bytes can be read, and how many there is room for.
pub(crate) fn fill(vm: &Vm, this: Local) -> (u32, u32) {
    let object = vm.heap.get(this);
    let count = vm.heap.raw(object, COUNT);
    let size = vm.heap.word(object, SIZE).as_small().unwrap_or(0) as u32;
    (count, size - count.min(size))
}

fn any(vm: &mut Vm, this: Local) -> PyResult<u32> {
    Ok(fill(vm, this).0)
}

fn close(_vm: &mut Vm, _this: Local) -> PyResult<()> {
    Ok(())
}

/// The run of bytes from `offset` behind the start on, up to the end of the buffer.
fn run(vm: &mut Vm, this: Local, offset: u32) -> PyResult<BufferLook> {
    let (count, room) = fill(vm, this);
    let size = (count + room).max(1);
    let start = vm.heap.raw(vm.heap.get(this), START);
    let buffer = vm.push_word(this, BUFFER)?;
    let look = vm.writable_buffer_of(buffer);
    let look = octopy_vm::held(&look)?;
    let at = (start + offset) % size;
    Ok(look.part(at, size - at))
}

/// See [`stream`].
pub(crate) fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<u32> {
    let (count, room) = fill(vm, this);
    let run = run(vm, this, 0)?;
    let from = run.part(0, count.min(into.len));
    vm.copy_buffer(&from, into.object, into.at);
    let object = vm.heap.get(this);
    let start = (vm.heap.raw(object, START) + from.len) % (count + room).max(1);
    vm.heap.poke_raw(object, START, start);
    vm.heap.poke_raw(object, COUNT, count - from.len);
    Ok(from.len)
}

/// See [`stream`].
pub(crate) fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<u32> {
    let (count, room) = fill(vm, this);
    let run = run(vm, this, count)?;
    let from = from.part(0, room.min(run.len));
    vm.copy_buffer(&from, run.object, run.at);
    vm.heap.poke_raw(vm.heap.get(this), COUNT, count + from.len);
    Ok(from.len)
}
