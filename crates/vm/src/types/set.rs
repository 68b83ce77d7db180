//! `set` and `frozenset`. (Tables only so far.)

use crate::table;

crate::class! {
    /// A set.
    pub static SET = set (table::SET) {}
}

crate::class! {
    /// An immutable set.
    pub static FROZENSET = frozenset (table::FROZENSET) {}
}

/// The first member at or behind place `at`, pushed, and how far it is plus one.
pub fn next_member(
    _vm: &mut crate::Vm,
    _set: crate::Local,
    _at: u32,
) -> crate::PyResult<(u32, Option<crate::Local>)> {
    Ok((0, None))
}
