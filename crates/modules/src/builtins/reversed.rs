//! `reversed`: a sequence from its end.
//!
//! Layout: NativeState with the number of items left; values: the sequence.

use octopy_vm::{Args, Kind, Local, PyResult, Vm, class, q};

class! {
    /// The items of a sequence, the last one first.
    pub static REVERSED = reversed (crate::table::REVERSED) {
        slots { new: reversed_new, next: reversed_next }
    }
}

const LEFT: u32 = 1;
const SEQUENCE: u32 = 4;

fn reversed_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 1)?;
    if let Some(method) = vm.opt_attr(args.base, q::__reversed__)? {
        let result = vm.call(method, &[])?;
        vm.heap.set(args.ret, vm.heap.get(result));
        return Ok(());
    }
    let len = vm.len_of(args.base)?;
    let this = vm.alloc(Kind::NativeState, 5)?;
    let object = vm.heap.get(this);
    vm.heap.poke_raw(object, 0, u32::from(REVERSED.id));
    vm.heap.poke_raw(object, LEFT, len);
    vm.heap.init(object, SEQUENCE, vm.heap.get(args.base));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn reversed_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let mark = vm.mark();
    let left = vm.heap.raw(vm.heap.get(this), LEFT);
    if left == 0 {
        return Ok(None);
    }
    let sequence = vm.push_word(this, SEQUENCE)?;
    let index = vm.alloc_int(i64::from(left - 1))?;
    vm.heap.poke_raw(vm.heap.get(this), LEFT, left - 1);
    let item = vm.subscript(sequence, index)?;
    Ok(Some(vm.keep(mark, item)))
}
