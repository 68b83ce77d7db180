//! `collections`: containers beyond the builtin ones.

#[cfg(feature = "collections")]
pub mod deque;
pub mod named_tuple;
pub mod ordered_dict;

#[cfg(feature = "collections")]
octopy_vm::module! {
    /// Containers beyond the builtin ones.
    pub static COLLECTIONS = collections (crate::table::COLLECTIONS) {
        __name__ = name (collections),
        OrderedDict = value (ordered_dict::ORDERED_DICT.value()),
        deque = value (deque::DEQUE.value()),
        /// A class of tuples whose items have names.
        namedtuple = function (named_tuple::namedtuple, name, fields),
    }
}
