//! `collections`: containers beyond the builtin ones.

pub mod deque;
pub mod named_tuple;
pub mod ordered_dict;

use named_tuple::namedtuple;
use octopy_vm::module;

module! {
    /// Containers beyond the builtin ones.
    pub static COLLECTIONS = collections (crate::table::COLLECTIONS) {
        __name__ = name (collections),
        OrderedDict = value (ordered_dict::ORDERED_DICT.value()),
        deque = value (deque::DEQUE.value()),
        /// A class of tuples whose items have names.
        namedtuple = function (namedtuple, name, fields),
    }
}
