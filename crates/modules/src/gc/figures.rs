//! `gc.info()`: every figure of the heap, of one moment.
//!
//! A program may ask often, so the figures are copied as numbers, and become a dict when something
//! else than one of them is asked for.
//! Layout: NativeBytes with type; then the figures of the heap, those of its pinned bytes, and for
//! each region its own, its pinned bytes and whether it is fast.

use crate::table;
use octopy_heap::{HeapInfo, MAX_REGIONS, RegionInfo, fragmentation};
use octopy_vm::{
    Compare, Heap, Kind, Local, Out, PrintKind, PyResult, Qstr, UnaryOp, Value, Vm, class, q,
};

class! {
    /// The figures of a heap: looks, prints and iterates as a dict does.
    pub static FIGURES = info (table::FIGURES) {
        slots {
            print: figures_print, unary: figures_unary, compare: figures_compare,
            contains: figures_contains, iter: figures_iter, attr: figures_attr,
            subscript: figures_subscript,
        }
    }
}

/// A table of figures: their names, and what makes their numbers of what the heap says.
///
/// SIZE: arrays that the compiler fills are 200 bytes less than a function for each figure.
macro_rules! figures {
    ($(#[doc = $doc:literal])* $names:ident, $numbers:ident($heap:ident: $of:ty) {
        $($name:path = $figure:expr,)*
    }) => {
        $(#[doc = $doc])*
        pub(super) const $names: [Qstr; [$($name),*].len()] = [$($name),*];

        /// Their numbers, in the same order.
        pub(super) fn $numbers($heap: &$of) -> [u32; $names.len()] {
            [$($figure),*]
        }
    };
}

figures! {
    /// The figures of the whole heap, but for those that its regions add up to.
    HEAP, heap_figures(heap: HeapInfo) {
        q::total = heap.total,
        q::used = heap.used,
        q::free = heap.free,
        q::max_free = heap.max_free,
        q::max_block = heap.max_block,
        q::missing = heap.missing,
        q::num_1block = heap.num_1block,
        q::num_2block = heap.num_2block,
        q::minor = heap.counts.minor,
        q::full = heap.counts.full,
        q::cycles = heap.counts.cycles,
        q::slices = heap.counts.slices,
        q::compactions = heap.counts.compactions,
        q::last_pause = heap.counts.last_pause,
        q::longest_pause = heap.counts.longest_pause,
        q::moved = heap.counts.moved,
        q::mark_overflows = heap.counts.mark_overflows,
        q::remembered_overflows = heap.remembered_overflows,
        q::collections = heap.counts.collections(),
    }
}

figures! {
    /// The figures of a region.
    REGION, region_figures(region: RegionInfo) {
        q::base = region.base,
        q::total = region.total,
        q::used = region.used,
        q::free = region.free,
        q::max_free = region.max_free,
    }
}

/// SIZE: 300 bytes, for which a board without maps has no room.
const HAS_PINNED: bool = cfg!(feature = "heap-map");
/// Words before the figures.
const TYPE_WORDS: u32 = 1;
/// Words before the regions: the heap's pinned bytes are the last.
const FIRST_REGION: u32 = TYPE_WORDS + HEAP.len() as u32 + 1;
/// Words of a region: its pinned bytes and whether it is fast are the last.
const REGION_WORDS: u32 = REGION.len() as u32 + 2;
/// Words of two of its figures.
const FREE: u32 = 3;
const MAX_FREE: u32 = 4;

/// `gc.info()`
pub(super) fn info(vm: &mut Vm) -> PyResult<Local> {
    let count = vm.heap.region_count();
    let made = vm.alloc(Kind::NativeBytes, FIRST_REGION + count as u32 * REGION_WORDS)?;
    // All figures are of one moment, in which this object is in use.
    let heap = &vm.heap;
    let object = heap.get(made);
    heap.poke_raw(object, 0, u32::from(table::FIGURES));
    write(heap, object, TYPE_WORDS, &heap_figures(&heap.info()));
    let mut first = FIRST_REGION;
    let mut all_pinned = 0;
    for idx in 0..count {
        let Some(region) = heap.region_info(idx) else { break };
        write(heap, object, first, &region_figures(&region));
        first += REGION_WORDS;
        let pinned = if HAS_PINNED { heap.pinned_bytes(idx) } else { 0 };
        all_pinned += pinned;
        heap.poke_raw(object, first - 2, pinned);
        heap.poke_raw(object, first - 1, u32::from(region.fast));
    }
    heap.poke_raw(object, FIRST_REGION - 1, all_pinned);
    Ok(made)
}

/// Writes figures into the words of an object.
#[inline]
fn write(heap: &Heap, object: Value<'_>, first: u32, figures: &[u32]) {
    for (word, &figure) in (first..).zip(figures) {
        heap.poke_raw(object, word, figure);
    }
}

/// `this` as a dict, with a dict for each region, pushed.
pub(crate) fn to_dict(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let all = alloc_figures(vm, HEAP.len() as u32 + 2)?;
    store_figures(vm, all, this, TYPE_WORDS, &HEAP)?;
    let words = vm.heap.words(vm.heap.get(this));
    let regions = alloc_figures(vm, MAX_REGIONS as u32)?;
    let mut first = FIRST_REGION;
    while first < words {
        let mark = vm.mark();
        let one = alloc_figures(vm, REGION_WORDS)?;
        store_figures(vm, one, this, first, &REGION)?;
        let word = |word| vm.heap.raw(vm.heap.get(this), first + word);
        let fragmentation = fragmentation(word(FREE), word(MAX_FREE));
        let fast = word(REGION_WORDS - 1) != 0;
        let fragmentation = vm.alloc_int(i64::from(fragmentation))?;
        vm.store_name(one, q::fragmentation, fragmentation)?;
        let fast = vm.push(Value::from_bool(fast))?;
        vm.store_name(one, q::fast, fast)?;
        // In zeal builds its address has changed meanwhile.
        let idx = (first - FIRST_REGION) / REGION_WORDS;
        let name = vm.heap.region_info(idx as usize).map_or("gone", |region| region.name);
        let name = vm.alloc_str(name.as_bytes())?;
        vm.dict_store(regions, name, one)?;
        vm.release(mark);
        first += REGION_WORDS;
    }
    vm.store_name(all, q::regions, regions)?;
    Ok(all)
}

/// A dict for so many figures, pushed.
fn alloc_figures(vm: &mut Vm, count: u32) -> PyResult<Local> {
    vm.alloc_dict(count)
}

/// Puts the figures with these names, and the pinned bytes that follow them, into a dict.
#[inline(never)]
fn store_figures(
    vm: &mut Vm,
    into: Local,
    this: Local,
    first: u32,
    names: &[Qstr],
) -> PyResult<()> {
    let pinned: &[Qstr] = if HAS_PINNED { &[q::pinned] } else { &[] };
    for (idx, &name) in (first..).zip(names.iter().chain(pinned)) {
        let value = number(vm, this, idx)?;
        vm.store_name(into, name, value)?;
        vm.release(value.addr());
    }
    Ok(())
}

/// The number in a word, pushed.
fn number(vm: &mut Vm, this: Local, word: u32) -> PyResult<Local> {
    vm.alloc_int(i64::from(vm.heap.raw(vm.heap.get(this), word)))
}

fn figures_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let name = vm.heap.get(index).as_qstr();
    match HEAP.iter().position(|figure| Some(figure.0) == name) {
        Some(n) => number(vm, this, TYPE_WORDS + n as u32),
        None => {
            let dict = to_dict(vm, this)?;
            vm.subscript(dict, index)
        }
    }
}

fn figures_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    let dict = to_dict(vm, this)?;
    vm.opt_attr(dict, name)
}

fn figures_print(vm: &mut Vm, this: Local, out: Out, kind: PrintKind) -> PyResult<()> {
    let dict = to_dict(vm, this)?;
    vm.print(dict, out, kind)
}

fn figures_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let dict = to_dict(vm, this)?;
    vm.unary_op(op, dict).map(Some)
}

fn figures_compare(vm: &mut Vm, op: Compare, this: Local, other: Local) -> PyResult<Option<bool>> {
    if op != Compare::Equal {
        return Ok(None);
    }
    let dict = to_dict(vm, this)?;
    vm.equal(dict, other).map(Some)
}

fn figures_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    let dict = to_dict(vm, this)?;
    vm.contains(dict, item)
}

fn figures_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let dict = to_dict(vm, this)?;
    vm.iter(dict)
}
