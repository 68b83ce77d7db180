//! `zip`: tuples of the items of several iterables.
//!
//! Layout: Native with type, iterators.

use super::map::{alloc_with_iterators, next_of_each};
use octopy_vm::{Args, Local, PyResult, Vm, class};

class! {
    /// Tuples with one item of each iterable, until the shortest ends.
    pub static ZIP = zip (crate::table::ZIP) {
        slots { new: zip_new, next: zip_next }
    }
}

const FIRST: u32 = 1;

fn zip_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, u16::from(u8::MAX))?;
    let this = alloc_with_iterators(vm, ZIP.value(), args.ret, args, FIRST)?;
    vm.heap.set(args.ret, vm.heap.get(this));
    Ok(())
}

fn zip_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let mark = vm.mark();
    match next_of_each(vm, this, FIRST)? {
        None | Some((_, 0)) => Ok(None),
        Some((first, count)) => {
            let tuple = vm.alloc_tuple(first, count)?;
            Ok(Some(vm.keep(mark, tuple)))
        }
    }
}
