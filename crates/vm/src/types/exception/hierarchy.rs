//! The exception types, as tables.

use super::methods::{exception_attr, exception_new, exception_print, exception_store_attr};
use crate::table;

crate::class! {
    /// The base of all exceptions.
    pub static BASE_EXCEPTION = BaseException (table::BASE_EXCEPTION) {
        slots { new: exception_new, print: exception_print, attr: exception_attr, store_attr: exception_store_attr }
    }
}

macro_rules! exceptions {
    ($($(#[doc = $doc:literal])* $table:ident = $name:ident ($base:ident),)*) => {
        $(crate::class! {
            $(#[doc = $doc])*
            pub static $table = $name (table::$table, $base) {
                slots { new: exception_new, print: exception_print, attr: exception_attr, store_attr: exception_store_attr }
            }
        })*
    };
}

exceptions! {
    /// Ends the program.
    SYSTEM_EXIT = SystemExit (BASE_EXCEPTION),
    /// Ctrl-C.
    KEYBOARD_INTERRUPT = KeyboardInterrupt (BASE_EXCEPTION),
    /// A generator is being closed.
    GENERATOR_EXIT = GeneratorExit (BASE_EXCEPTION),
    /// The base of all ordinary exceptions.
    EXCEPTION = Exception (BASE_EXCEPTION),
    /// An iterator has no more items.
    STOP_ITERATION = StopIteration (EXCEPTION),
    /// An asynchronous iterator has no more items.
    STOP_ASYNC_ITERATION = StopAsyncIteration (EXCEPTION),
    /// The base of arithmetic errors.
    ARITHMETIC_ERROR = ArithmeticError (EXCEPTION),
    /// A number is too large.
    OVERFLOW_ERROR = OverflowError (ARITHMETIC_ERROR),
    /// Division by zero.
    ZERO_DIVISION_ERROR = ZeroDivisionError (ARITHMETIC_ERROR),
    /// A failed `assert`.
    ASSERTION_ERROR = AssertionError (EXCEPTION),
    /// No such attribute.
    ATTRIBUTE_ERROR = AttributeError (EXCEPTION),
    /// The end of input.
    EOF_ERROR = EOFError (EXCEPTION),
    /// A module cannot be imported.
    IMPORT_ERROR = ImportError (EXCEPTION),
    /// The base of failed look-ups.
    LOOKUP_ERROR = LookupError (EXCEPTION),
    /// An index outside a sequence.
    INDEX_ERROR = IndexError (LOOKUP_ERROR),
    /// A key that is not there.
    KEY_ERROR = KeyError (LOOKUP_ERROR),
    /// Not enough memory.
    MEMORY_ERROR = MemoryError (EXCEPTION),
    /// An unknown name.
    NAME_ERROR = NameError (EXCEPTION),
    /// An error of the system, with its number.
    OS_ERROR = OSError (EXCEPTION),
    /// An error that is none of the others.
    RUNTIME_ERROR = RuntimeError (EXCEPTION),
    /// Something that is not implemented.
    NOT_IMPLEMENTED_ERROR = NotImplementedError (RUNTIME_ERROR),
    /// A program that does not parse.
    SYNTAX_ERROR = SyntaxError (EXCEPTION),
    /// Wrong indentation.
    INDENTATION_ERROR = IndentationError (SYNTAX_ERROR),
    /// An error in Octopy itself.
    SYSTEM_ERROR = SystemError (EXCEPTION),
    /// A value of the wrong type.
    TYPE_ERROR = TypeError (EXCEPTION),
    /// A wrong value.
    VALUE_ERROR = ValueError (EXCEPTION),
    /// Text that is not UTF-8.
    UNICODE_ERROR = UnicodeError (VALUE_ERROR),
    /// A type error in `@micropython.viper` code.
    VIPER_TYPE_ERROR = ViperTypeError (TYPE_ERROR),
}
