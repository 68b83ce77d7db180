//! `filter`: the items that a function wants.
//!
//! Layout: Native with type, function or None, iterator.

use octopy_vm::{Args, Kind, Local, PyResult, Vm, class};

class! {
    /// The items for which a function is true.
    pub static FILTER = filter (crate::table::FILTER) {
        slots { new: filter_new, next: filter_next }
    }
}

const FUNCTION: u32 = 1;
const ITERATOR: u32 = 2;

fn filter_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 2, 2)?;
    let iterator = vm.iter(args.base.offset(1))?;
    let this = vm.alloc(Kind::Native, 3)?;
    let object = vm.heap.get(this);
    vm.heap.init(object, 0, FILTER.value());
    vm.heap.init(object, FUNCTION, vm.heap.get(args.base));
    vm.heap.init(object, ITERATOR, vm.heap.get(iterator));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn filter_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let start = vm.mark();
    let function = vm.push_word(this, FUNCTION)?;
    let iterator = vm.push_word(this, ITERATOR)?;
    let mark = vm.mark();
    while let Some(item) = vm.next(iterator)? {
        let verdict = match vm.heap.get(function).is_none() {
            true => item,
            false => vm.call(function, &[item])?,
        };
        if vm.is_true(verdict)? {
            return Ok(Some(vm.keep(start, item)));
        }
        vm.release(mark);
    }
    Ok(None)
}
