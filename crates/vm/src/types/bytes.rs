//! `bytes`. (Table only so far.)

use crate::table;

crate::class! {
    /// Immutable bytes.
    pub static BYTES = bytes (table::BYTES) {}
}
