//! The types that the syntax can produce and the interpreter must name, one type a file.

pub mod array;
pub mod bool;
pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod class;
pub mod code;
pub mod complex;
pub mod dict;
pub mod dict_view;
pub mod exception;
pub mod float;
pub mod function;
pub mod generator;
pub mod instance;
pub mod int;
pub mod iterator;
pub mod list;
pub mod memoryview;
pub mod module;
pub mod none;
pub mod object;
mod pass;
pub mod property;
pub mod range;
pub mod set;
pub mod slice;
pub mod str;
pub mod super_;
pub(crate) mod text;
pub mod tuple;

pub use pass::PIECE;
pub use text::codec::is_text;
pub use text::index::{count_chars, encode, first_char};
