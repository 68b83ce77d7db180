//! `tuple`: immutable sequences; the object is its items.

use crate::{PyResult, Vm, table};
use octopy_heap::{Kind, Local};

crate::class! {
    /// Immutable sequence.
    pub static TUPLE = tuple (table::TUPLE) {}
}

/// The empty tuple, pushed.
pub fn empty(vm: &mut Vm) -> PyResult<Local> {
    vm.alloc(Kind::Tuple, 0)
}
