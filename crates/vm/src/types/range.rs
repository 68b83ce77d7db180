//! `range`: integers at equal distances.
//!
//! Layout: values: stop, then start and step unless they are 0 and 1; all fit 64 bits, and the
//! length fits 32.

use crate::types::iterator::{self, Source};
use crate::types::{exception, float, int, slice};
use crate::{Args, Compare, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Kind, Local, Value};

crate::class! {
    /// A range of integers.
    pub static RANGE = range (table::RANGE) {
        slots {
            new: range_new, print: range_print, unary: range_unary, compare: range_compare,
            contains: range_contains, iter: range_iter, subscript: range_subscript,
        }
        /// The first number.
        start = property (start, this),
        /// The number to stop before.
        stop = property (stop, this),
        /// The distance of the numbers.
        step = property (step, this),
    }
}

/// Words of the numbers.
const STOP: u32 = 0;
const START: u32 = 1;
const STEP: u32 = 2;

/// Whether ranges may be short.
const SHORT: bool = cfg!(feature = "short-ranges");

/// Start, stop and step of a range of so many words, which `word` looks at.
#[inline(always)]
pub(crate) fn parts<'h>(words: u32, word: impl Fn(u32) -> Value<'h>) -> [Value<'h>; 3] {
    if SHORT && words == 1 {
        return [Value::from_small(0), word(STOP), Value::from_small(1)];
    }
    [word(START), word(STOP), word(STEP)]
}

/// A range in Rust.
#[derive(Clone, Copy)]
struct Numbers {
    start: i64,
    stop: i64,
    step: i64,
}

impl Numbers {
    fn of(vm: &Vm, range: Local) -> Self {
        let object = vm.heap.get(range);
        let [start, stop, step] = parts(vm.heap.words(object), |word| vm.heap.word(object, word))
            .map(|part| int::word(&vm.heap, part).unwrap_or(1));
        Self { start, stop, step }
    }

    fn len(self) -> u64 {
        let (low, high) =
            if self.step > 0 { (self.start, self.stop) } else { (self.stop, self.start) };
        if low >= high {
            return 0;
        }
        slice::steps(high.abs_diff(low), self.step.unsigned_abs().max(1))
    }

    /// Number `idx`, which is in the range.
    fn nth(self, idx: u64) -> i64 {
        self.start.wrapping_add(self.step.wrapping_mul(idx as i64))
    }
}

/// A range, pushed.
fn alloc(vm: &mut Vm, numbers: Numbers) -> PyResult<Local> {
    let words = if SHORT && numbers.start == 0 && numbers.step == 1 { 1 } else { 3 };
    let range = vm.alloc(Kind::Range, words)?;
    let parts = [(STOP, numbers.stop), (START, numbers.start), (STEP, numbers.step)];
    for (word, part) in parts.into_iter().take(words as usize) {
        let part = vm.alloc_int(part)?;
        vm.heap.poke(vm.heap.get(range), word, vm.heap.get(part));
        vm.release(part.addr());
    }
    Ok(range)
}

/// Item number `at` of a range, pushed; `None` past the end.
pub fn nth(vm: &mut Vm, range: Local, at: u32) -> PyResult<Option<Local>> {
    let numbers = Numbers::of(vm, range);
    if u64::from(at) >= numbers.len() {
        return Ok(None);
    }
    vm.alloc_int(numbers.nth(u64::from(at))).map(Some)
}

fn range_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 3)?;
    let mut parts = [0, 0, 1];
    for (idx, part) in (0..args.n_pos).zip(&mut parts) {
        if let Some(slot) = args.pos(idx) {
            if float::value(&vm.heap, vm.heap.get(slot)).is_some() {
                return Err(vm.raise_type("can't convert float to int"));
            }
            *part = vm.to_i64(slot)?;
        }
    }
    let [start, stop, step] = if args.n_pos == 1 { [0, parts[0], 1] } else { parts };
    if step == 0 {
        return Err(vm.raise_value("zero step"));
    }
    let numbers = Numbers { start, stop, step };
    if numbers.len() > u64::from(u32::MAX) {
        return Err(
            vm.raise(&exception::OVERFLOW_ERROR, "overflow converting long int to machine word")
        );
    }
    let range = alloc(vm, numbers)?;
    vm.heap.set(args.ret, vm.heap.get(range));
    Ok(())
}

fn range_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let Numbers { start, stop, step } = Numbers::of(vm, this);
    let numbers = [start, stop, step];
    let mut before: &[u8] = b"range(";
    for number in numbers.iter().take(if step == 1 { 2 } else { 3 }) {
        vm.write(out, before)?;
        let number = vm.alloc_int(*number)?;
        vm.print(number, out, PrintKind::Repr)?;
        before = b", ";
    }
    vm.write(out, b")")
}

fn range_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let numbers = Numbers::of(vm, this);
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(numbers.len() > 0)).map(Some),
        UnaryOp::Len => int::from_u64(vm, numbers.len()).map(Some),
        UnaryOp::Hash => {
            let len = numbers.len();
            // Equal ranges have equal numbers; the step counts only if there are two.
            let mut hash = len as u32;
            if len > 0 {
                hash = hash.wrapping_mul(31) ^ numbers.start as u32;
            }
            if len > 1 {
                hash = hash.wrapping_mul(31) ^ numbers.step as u32;
            }
            vm.alloc_int(i64::from(hash as i32)).map(Some)
        }
        _ => Ok(None),
    }
}

fn range_compare(vm: &mut Vm, op: Compare, lhs: Local, rhs: Local) -> PyResult<Option<bool>> {
    if op != Compare::Equal || !vm.heap.is_kind(vm.heap.get(rhs), Kind::Range) {
        return Ok(None);
    }
    let (a, b) = (Numbers::of(vm, lhs), Numbers::of(vm, rhs));
    let len = a.len();
    let equal =
        len == b.len() && (len == 0 || a.start == b.start && (len == 1 || a.step == b.step));
    Ok(Some(equal))
}

fn range_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    let numbers = Numbers::of(vm, this);
    let value = vm.heap.get(item);
    if int::is_int(&vm.heap, value) {
        let Some(int) = int::word(&vm.heap, value) else { return Ok(false) };
        let (low, high) = if numbers.step > 0 {
            (numbers.start, numbers.stop)
        } else {
            (numbers.stop.saturating_add(1), numbers.start.saturating_add(1))
        };
        let distance = int.abs_diff(numbers.start);
        return Ok(low <= int && int < high && distance % numbers.step.unsigned_abs().max(1) == 0);
    }
    let iterator = vm.iter(this)?;
    let mark = vm.mark();
    while let Some(candidate) = vm.next(iterator)? {
        if vm.equal(candidate, item)? {
            return Ok(true);
        }
        vm.release(mark);
    }
    Ok(false)
}

fn range_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Range, this)
}

fn range_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let numbers = Numbers::of(vm, this);
    let len = numbers.len() as u32;
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let (start, stop, step) = slice::resolve(vm, index, len)?;
        let at = |idx| multiply_add(numbers.step, idx, numbers.start);
        let step = multiply_add(numbers.step, i64::from(step), 0);
        return alloc(vm, Numbers { start: at(start), stop: at(stop), step });
    }
    let at = vm.to_index(index, len, "range")?;
    vm.alloc_int(numbers.nth(u64::from(at)))
}

#[inline(never)]
fn multiply_add(left: i64, right: i64, more: i64) -> i64 {
    left.saturating_mul(right).saturating_add(more)
}

fn start(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if !SHORT {
        return vm.push_word(this, START);
    }
    let start = Numbers::of(vm, this).start;
    vm.alloc_int(start)
}

fn stop(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.push_word(this, STOP)
}

fn step(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if !SHORT {
        return vm.push_word(this, STEP);
    }
    let step = Numbers::of(vm, this).step;
    vm.alloc_int(step)
}
