//! `range`. (Table only so far.)

use crate::table;

crate::class! {
    /// A range of integers.
    pub static RANGE = range (table::RANGE) {}
}

/// Item number `at` of a range, pushed; `None` past the end.
pub fn nth(_vm: &mut crate::Vm, _range: crate::Local, _at: u32) -> crate::PyResult<Option<crate::Local>> {
    Ok(None)
}
