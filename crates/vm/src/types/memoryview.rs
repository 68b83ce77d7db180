//! `memoryview`. (Table only so far.)

use crate::table;

crate::class! {
    /// A view of a buffer.
    pub static MEMORYVIEW = memoryview (table::MEMORYVIEW) {}
}
