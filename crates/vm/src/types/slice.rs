//! `slice`. (Table only so far.)

use crate::table;

crate::class! {
    /// A slice.
    pub static SLICE = slice (table::SLICE) {}
}
