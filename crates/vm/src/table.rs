//! The numbers of the tables, and the registry of the core's own types.
//!
//! A table's number is its place in the registry. The core's types come first; `modules` continues
//! from [`FIRST_MODULE`].

use crate::rom::Table;
use crate::types;

macro_rules! core_tables {
    ($($(#[$when:meta])* $id:ident = $table:path,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers by name")]
        #[repr(u16)]
        enum Number { $($(#[$when])* $id),* }
        $(
            $(#[$when])*
            #[allow(missing_docs, reason = "numbers of tables, named as the tables")]
            pub const $id: u16 = Number::$id as u16;
        )*

        /// The core's tables, in the order of their numbers.
        pub const CORE: &[&Table] = &[$($(#[$when])* &$table),*];
    };
}

core_tables! {
    OBJECT = types::object::OBJECT,
    TYPE = types::class::TYPE,
    NONE_TYPE = types::none::NONE_TYPE,
    ELLIPSIS_TYPE = types::none::ELLIPSIS_TYPE,
    NOT_IMPLEMENTED_TYPE = types::none::NOT_IMPLEMENTED_TYPE,
    INT = types::int::INT,
    BOOL = types::bool::BOOL,
    FLOAT = types::float::FLOAT,
    #[cfg(feature = "complex")]
    COMPLEX = types::complex::COMPLEX,
    STR = types::str::STR,
    BYTES = types::bytes::BYTES,
    BYTEARRAY = types::bytearray::BYTEARRAY,
    #[cfg(feature = "array")]
    ARRAY = types::array::ARRAY,
    MEMORYVIEW = types::memoryview::MEMORYVIEW,
    TUPLE = types::tuple::TUPLE,
    LIST = types::list::LIST,
    DICT = types::dict::DICT,
    DICT_VIEW = types::dict_view::DICT_VIEW,
    SET = types::set::SET,
    FROZENSET = types::set::FROZENSET,
    RANGE = types::range::RANGE,
    SLICE = types::slice::SLICE,
    ITERATOR = types::iterator::ITERATOR,
    FUNCTION = types::function::FUNCTION,
    BUILTIN_FUNCTION = types::function::BUILTIN_FUNCTION,
    BOUND_METHOD = types::function::BOUND_METHOD,
    CLOSURE_CELL = types::function::CLOSURE_CELL,
    CODE = types::code::CODE,
    GENERATOR = types::generator::GENERATOR,
    MODULE = types::module::MODULE,
    PROPERTY = types::property::PROPERTY,
    STATICMETHOD = types::property::STATICMETHOD,
    CLASSMETHOD = types::property::CLASSMETHOD,
    SUPER = types::super_::SUPER,
    BASE_EXCEPTION = types::exception::BASE_EXCEPTION,
    SYSTEM_EXIT = types::exception::SYSTEM_EXIT,
    KEYBOARD_INTERRUPT = types::exception::KEYBOARD_INTERRUPT,
    GENERATOR_EXIT = types::exception::GENERATOR_EXIT,
    EXCEPTION = types::exception::EXCEPTION,
    STOP_ITERATION = types::exception::STOP_ITERATION,
    STOP_ASYNC_ITERATION = types::exception::STOP_ASYNC_ITERATION,
    ARITHMETIC_ERROR = types::exception::ARITHMETIC_ERROR,
    OVERFLOW_ERROR = types::exception::OVERFLOW_ERROR,
    ZERO_DIVISION_ERROR = types::exception::ZERO_DIVISION_ERROR,
    ASSERTION_ERROR = types::exception::ASSERTION_ERROR,
    ATTRIBUTE_ERROR = types::exception::ATTRIBUTE_ERROR,
    EOF_ERROR = types::exception::EOF_ERROR,
    IMPORT_ERROR = types::exception::IMPORT_ERROR,
    LOOKUP_ERROR = types::exception::LOOKUP_ERROR,
    INDEX_ERROR = types::exception::INDEX_ERROR,
    KEY_ERROR = types::exception::KEY_ERROR,
    MEMORY_ERROR = types::exception::MEMORY_ERROR,
    NAME_ERROR = types::exception::NAME_ERROR,
    OS_ERROR = types::exception::OS_ERROR,
    RUNTIME_ERROR = types::exception::RUNTIME_ERROR,
    NOT_IMPLEMENTED_ERROR = types::exception::NOT_IMPLEMENTED_ERROR,
    SYNTAX_ERROR = types::exception::SYNTAX_ERROR,
    INDENTATION_ERROR = types::exception::INDENTATION_ERROR,
    SYSTEM_ERROR = types::exception::SYSTEM_ERROR,
    TYPE_ERROR = types::exception::TYPE_ERROR,
    VALUE_ERROR = types::exception::VALUE_ERROR,
    UNICODE_ERROR = types::exception::UNICODE_ERROR,
    VIPER_TYPE_ERROR = types::exception::VIPER_TYPE_ERROR,
}

/// The number of the first table that `modules` may use.
pub const FIRST_MODULE: u16 = CORE.len() as u16;
