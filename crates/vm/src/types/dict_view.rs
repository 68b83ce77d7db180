//! `dict_view`. (Table only so far.)

use crate::table;

crate::class! {
    /// A view of a dict.
    pub static DICT_VIEW = dict_view (table::DICT_VIEW) {}
}
