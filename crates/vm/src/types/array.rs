//! `array`. (Table only so far.)

use crate::table;

crate::class! {
    /// Typed arrays.
    pub static ARRAY = array (table::ARRAY) {}
}
