//! `uctypes`: where bytes are in memory.

use octopy_vm::{Local, PyResult, Vm, module};

module! {
    /// Access to memory.
    pub static UCTYPES = uctypes (crate::table::UCTYPES) {
        __name__ = name (uctypes),
        /// The address of an object's bytes. It is out of date when the object moves.
        addressof = function (addressof, object),
    }
}

fn addressof(vm: &mut Vm, object: Local) -> PyResult<u32> {
    let look = vm.buffer_of(object);
    let look = octopy_vm::held(&look)?;
    let holder = vm.heap.get(look.object);
    // A name in flash has no address in the heap's space.
    Ok(if holder.is_ref() { holder.bits() + 4 + look.at } else { 0 })
}
