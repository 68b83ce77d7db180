//! `array`: the module of the core's array type.

use octopy_vm::{module, types};

module! {
    /// Arrays of machine numbers.
    pub static ARRAY_MODULE = array (crate::table::ARRAY_MODULE) {
        __name__ = name (array),
        array = value (types::array::ARRAY.value()),
    }
}
