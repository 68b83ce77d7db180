//! `map`: a function of each item.
//!
//! Layout: Native with type, function, iterators.

use octopy_vm::{Args, Kind, Local, PyResult, Value, Vm, class};

class! {
    /// The results of a function for each item of one or more iterables.
    pub static MAP = map (crate::table::MAP) {
        slots { new: map_new, next: map_next }
    }
}

const FUNCTION: u32 = 1;
const FIRST: u32 = 2;

fn map_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 2, u16::from(u8::MAX))?;
    let this = alloc_with_iterators(vm, MAP.value(), args.base, args.skip(1), FIRST)?;
    vm.heap.set(args.ret, vm.heap.get(this));
    Ok(())
}

/// An object of `class` with the value in `second` (if it has a word before `first`) and iterators
/// over `iterables` from word `first` on, pushed.
pub(super) fn alloc_with_iterators(
    vm: &mut Vm,
    class: Value<'static>,
    second: Local,
    iterables: Args,
    first: u32,
) -> PyResult<Local> {
    let this = vm.alloc(Kind::Native, first + u32::from(iterables.n_pos))?;
    vm.heap.init(vm.heap.get(this), 0, class);
    if first > 1 {
        vm.heap.init(vm.heap.get(this), 1, vm.heap.get(second));
    }
    let mark = vm.mark();
    for idx in 0..iterables.n_pos {
        let iterator = vm.iter(iterables.base.offset(u32::from(idx)))?;
        vm.heap.poke(vm.heap.get(this), first + u32::from(idx), vm.heap.get(iterator));
        vm.release(mark);
    }
    Ok(this)
}

/// The next item of each iterator from word `first` on, in consecutive slots: the first of them
/// and how many; `None` when one is at its end.
pub(super) fn next_of_each(vm: &mut Vm, this: Local, first: u32) -> PyResult<Option<(Local, u32)>> {
    let count = vm.heap.words(vm.heap.get(this)) - first;
    let start = vm.mark();
    for idx in 0..count {
        let mark = vm.mark();
        let iterator = vm.push_word(this, first + idx)?;
        let Some(item) = vm.next(iterator)? else { return Ok(None) };
        vm.keep(mark, item);
    }
    Ok(Some((Local::at(start), count)))
}

fn map_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let mark = vm.mark();
    let function = vm.push_word(this, FUNCTION)?;
    let Some((base, count)) = next_of_each(vm, this, FIRST)? else { return Ok(None) };
    let args = Args { ret: function, base, n_pos: count as u16, n_kw: 0 };
    let result = vm.call_with(function, None, args)?;
    Ok(Some(vm.keep(mark, result)))
}
