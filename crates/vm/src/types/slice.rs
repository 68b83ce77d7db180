//! `slice`, and what a slice means for a sequence of some length.
//!
//! Layout: values: start, stop, step.

use crate::types::int;
use crate::{Args, Compare, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local, Value};

crate::class! {
    /// A slice.
    pub static SLICE = slice (table::SLICE) {
        slots { new: slice_new, print: slice_print, compare: slice_compare }
        /// Start, stop and step for a sequence of this length.
        indices = method (indices, this, length),
        /// The first index, or None.
        start = property (start, this),
        /// The index to stop before, or None.
        stop = property (stop, this),
        /// The distance of the indices, or None.
        step = property (step, this),
    }
}

/// Words of a Slice (and of a Range).
pub const START: u32 = 0;
/// See [`START`].
pub const STOP: u32 = 1;
/// See [`START`].
pub const STEP: u32 = 2;

/// The places of a sequence that a slice names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The first place. Where there is none, the place to insert at.
    pub start: u32,
    /// The distance from one place to the next; not zero.
    pub step: i32,
    /// How many places there are.
    pub count: u32,
}

impl Bounds {
    /// The places in order.
    pub fn places(self) -> impl Iterator<Item = u32> {
        (0..self.count)
            .map(move |n| (i64::from(self.start) + i64::from(self.step) * i64::from(n)) as u32)
    }

    /// The same places from the lowest to the highest.
    pub fn ascending(self) -> Self {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let last = i64::from(self.start) + i64::from(self.step) * (i64::from(self.count) - 1);
        Self { start: last as u32, step: self.step.saturating_neg(), count: self.count }
    }
}

/// An integer argument, brought into 32 bits: what is beyond them is as far as they reach.
fn clamped(vm: &mut Vm, value: Local) -> PyResult<i32> {
    let look = vm.heap.get(value);
    let int = match int::word(&vm.heap, look) {
        Some(int) => int,
        None if !vm.heap.is_kind(look, Kind::Int) => vm.to_i64(value)?,
        None if int::is_negative(&vm.heap, look) => i64::MIN,
        None => i64::MAX,
    };
    Ok(int.clamp(i64::from(-i32::MAX), i64::from(i32::MAX)) as i32)
}

/// An index as methods take it: negative ones count from the end, and what is outside is brought
/// to the nearest end.
pub fn position(vm: &mut Vm, index: Local, len: u32) -> PyResult<u32> {
    let index = i64::from(clamped(vm, index)?);
    let place = if index < 0 { index + i64::from(len) } else { index };
    Ok(place.clamp(0, i64::from(len)) as u32)
}

/// Start, stop and step for a sequence of `len` items; stop may be -1.
pub fn resolve(vm: &mut Vm, slice: Local, len: u32) -> PyResult<(i64, i64, i32)> {
    let step = part(vm, slice, STEP)?.unwrap_or(1);
    if step == 0 {
        return Err(vm.raise_value("slice step can't be zero"));
    }
    let len = i64::from(len);
    // Going down, the places lie between -1 and the last one.
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let mut ends = [0; 2];
    for (end, word) in ends.iter_mut().zip([START, STOP]) {
        *end = match part(vm, slice, word)? {
            None if (word == START) == (step > 0) => low,
            None => high,
            Some(index) => {
                let index = i64::from(index);
                (if index < 0 { index + len } else { index }).clamp(low, high)
            }
        };
    }
    Ok((ends[0], ends[1], step))
}

/// A part of a slice, brought into 32 bits; `None` if it is not given.
fn part(vm: &mut Vm, slice: Local, word: u32) -> PyResult<Option<i32>> {
    let value = vm.heap.word(vm.heap.get(slice), word);
    if value.is_none() {
        return Ok(None);
    }
    if let Some(small) = value.as_small() {
        return Ok(Some(small));
    }
    let mark = vm.mark();
    let value = vm.push_word(slice, word)?;
    let int = clamped(vm, value)?;
    vm.release(mark);
    Ok(Some(int))
}

/// How many steps cover a distance.
pub(super) fn steps(distance: u64, step: u64) -> u64 {
    // Divisions of 64 bits take long on chips of 32.
    match (u32::try_from(distance), u32::try_from(step)) {
        (_, Ok(1)) => distance,
        (Ok(distance), Ok(step)) => u64::from(distance.div_ceil(step)),
        _ => distance.div_ceil(step),
    }
}

/// The places that a slice names in a sequence of `len` items.
pub fn bounds(vm: &mut Vm, slice: Local, len: u32) -> PyResult<Bounds> {
    let (start, stop, step) = resolve(vm, slice, len)?;
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = if distance <= 0 {
        0
    } else {
        steps(distance as u64, u64::from(step.unsigned_abs())) as u32
    };
    Ok(Bounds { start: start.max(0) as u32, step, count })
}

fn slice_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 3)?;
    let slice = vm.alloc(Kind::Slice, 3)?;
    let object = vm.heap.get(slice);
    let get = |idx: u16| args.pos(idx).map_or(Value::NONE, |slot| vm.heap.get(slot));
    let (start, stop) = if args.n_pos == 1 { (Value::NONE, get(0)) } else { (get(0), get(1)) };
    vm.heap.init(object, START, start);
    vm.heap.init(object, STOP, stop);
    vm.heap.init(object, STEP, get(2));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn slice_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"slice(")?;
    for word in [START, STOP, STEP] {
        if word != START {
            vm.write(out, b", ")?;
        }
        let part = vm.push_word(this, word)?;
        vm.print(part, out, PrintKind::Repr)?;
    }
    vm.write(out, b")")
}

fn slice_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    if op != Compare::Equal || !vm.heap.is_kind(vm.heap.get(rhs), Kind::Slice) {
        return Ok(None);
    }
    for word in [START, STOP, STEP] {
        let a = vm.push_word(lhs, word)?;
        let b = vm.push_word(rhs, word)?;
        if !vm.equal(a, b)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

fn indices(vm: &mut Vm, this: Local, length: u32) -> PyResult<Local> {
    let (start, stop, step) = resolve(vm, this, length)?;
    let first = vm.alloc_int(start)?;
    vm.alloc_int(stop)?;
    vm.alloc_int(i64::from(step))?;
    vm.alloc_tuple(first, 3)
}

fn start(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.push_word(this, START)
}

fn stop(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.push_word(this, STOP)
}

fn step(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.push_word(this, STEP)
}
