//! `OrderedDict`: a dict that says that its order matters.
//!
//! All dicts keep the order of insertion; an ordered one also compares it, and prints so.
//! COMPAT: its type is `dict`.

use octopy_vm::types::dict;
use octopy_vm::{Args, Local, PyResult, Vm, class, q, types};

class! {
    /// A dict whose order matters when it is compared.
    pub static ORDERED_DICT = OrderedDict (crate::table::ORDERED_DICT, types::dict::DICT) {
        slots { new: ordered_dict_new }
    }
}

/// An empty one, pushed.
pub(crate) fn alloc(vm: &mut Vm) -> PyResult<Local> {
    let this = vm.alloc_dict(4)?;
    vm.dict_flag(this, dict::ORDERED)?;
    Ok(this)
}

fn ordered_dict_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let this = alloc(vm)?;
    let update = vm.attr(this, q::update)?;
    vm.call_with(update, None, args)?;
    vm.heap.set(args.ret, vm.heap.get(this));
    Ok(())
}
