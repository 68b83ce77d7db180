//! `complex`. (Table only so far.)

use crate::table;

crate::class! {
    /// Complex numbers.
    pub static COMPLEX = complex (table::COMPLEX) {}
}
