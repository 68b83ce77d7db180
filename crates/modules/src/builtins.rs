//! `builtins`: the functions and types that every program sees.

mod attribute;
mod class;
mod dir;
pub mod enumerate;
pub mod filter;
mod help;
pub mod map;
mod number;
mod output;
mod program;
pub mod reversed;
mod sequence;
mod text;
pub mod zip;

use octopy_vm::{Value, module, types};

use attribute::{delattr, getattr, hasattr, setattr};
use class::{build_class, callable, isinstance, issubclass};
use dir::dir;
use help::help;
use number::{abs, divmod, hash, id, pow, round};
use output::{input, print, repl_print};
use program::{compile, eval, exec, execfile, globals, import, locals};
use sequence::{all, any, iter, len, max, min, next, sorted, sum};
use text::{bin, chr, hex, oct, ord, repr};

module! {
    /// Builtin functions, types and exceptions.
    pub static BUILTINS = builtins (crate::table::BUILTINS) {
        __name__ = name (builtins),
        /// Makes a class from its body, name and bases.
        __build_class__ = function (build_class, body, name, ..),
        /// Imports a module by name.
        __import__ = function (import, name, globals, locals, fromlist, level),
        /// Prints what an expression at the prompt gave.
        __repl_print__ = function (repl_print, value),

        bool = value (types::bool::BOOL.value()),
        bytearray = value (types::bytearray::BYTEARRAY.value()),
        bytes = value (types::bytes::BYTES.value()),
        classmethod = value (types::property::CLASSMETHOD.value()),
        #[cfg(feature = "complex")]
        complex = value (types::complex::COMPLEX.value()),
        dict = value (types::dict::DICT.value()),
        enumerate = value (enumerate::ENUMERATE.value()),
        filter = value (filter::FILTER.value()),
        float = value (types::float::FLOAT.value()),
        frozenset = value (types::set::FROZENSET.value()),
        int = value (types::int::INT.value()),
        list = value (types::list::LIST.value()),
        map = value (map::MAP.value()),
        memoryview = value (types::memoryview::MEMORYVIEW.value()),
        object = value (types::object::OBJECT.value()),
        property = value (types::property::PROPERTY.value()),
        range = value (types::range::RANGE.value()),
        reversed = value (reversed::REVERSED.value()),
        set = value (types::set::SET.value()),
        slice = value (types::slice::SLICE.value()),
        staticmethod = value (types::property::STATICMETHOD.value()),
        str = value (types::str::STR.value()),
        super_ = value (types::super_::SUPER.value()),
        tuple = value (types::tuple::TUPLE.value()),
        type_ = value (types::class::TYPE.value()),
        zip = value (zip::ZIP.value()),

        Ellipsis = value (Value::ELLIPSIS),
        NotImplemented = value (Value::NOT_IMPLEMENTED),

        /// The absolute value.
        ///
        /// >>> abs(-3)
        /// 3
        abs = function (abs, value),
        /// Whether every item is true.
        all = function (all, iterable),
        /// Whether some item is true.
        any = function (any, iterable),
        /// An integer in base 2.
        ///
        /// >>> bin(10)
        /// '0b1010'
        bin = function (bin, value),
        /// Whether a value can be called.
        callable = function (callable, value),
        /// The character with this code point.
        chr = function (chr, code),
        /// Compiles a program for `exec` or `eval`.
        compile = function (compile, source, filename, mode, ..),
        /// Deletes an attribute by name.
        delattr = function (delattr, object, name),
        /// The names in a namespace, sorted.
        dir = function (dir, object),
        /// Quotient and remainder.
        ///
        /// >>> divmod(7, 2)
        /// (3, 1)
        divmod = function (divmod, lhs, rhs),
        /// The value of an expression.
        eval = function (eval, source, globals, locals),
        /// Runs a program.
        exec = function (exec, source, globals, locals),
        /// Runs a file.
        execfile = function (execfile, path, globals, locals),
        /// An attribute by name.
        getattr = function (getattr, object, name, default),
        /// The names of the running module.
        globals = function (globals),
        /// Whether there is an attribute with this name.
        hasattr = function (hasattr, object, name),
        /// The hash of a value.
        hash = function (hash, value),
        /// Says what an object is and what it has.
        help = function (help, object),
        /// An integer in base 16.
        ///
        /// >>> hex(255)
        /// '0xff'
        hex = function (hex, value),
        /// A number for an object, unique while it exists.
        id = function (id, object),
        /// One line from the console.
        input = function (input, prompt),
        /// Whether a value is of a class, or of one of a tuple of classes.
        isinstance = function (isinstance, object, class),
        /// Whether a class derives from another, or from one of a tuple of classes.
        issubclass = function (issubclass, class, bases),
        /// An iterator.
        iter = function (iter, iterable),
        /// The number of items.
        len = function (len, object),
        /// The names of the running module or class body.
        locals = function (locals),
        /// The largest item or argument.
        max = function (max, **),
        /// The smallest item or argument.
        min = function (min, **),
        /// The next item of an iterator.
        next = function (next, iterator, default),
        /// An integer in base 8.
        oct = function (oct, value),
        /// Opens a file.
        open = function (crate::file::open, file, **),
        /// The code point of a character.
        ord = function (ord, character),
        /// A power, by a modulus if there is one.
        pow = function (pow, base, exponent, modulus),
        /// Prints values.
        print = function (print, **),
        /// The text that stands for a value in a program.
        repr = function (repr, value),
        /// A number rounded to so many digits.
        round = function (round, number, digits),
        /// Sets an attribute by name.
        setattr = function (setattr, object, name, value),
        /// A sorted list of items.
        sorted = function (sorted, iterable, **),
        /// The sum of items.
        sum = function (sum, iterable, start),

        ArithmeticError = value (types::exception::ARITHMETIC_ERROR.value()),
        AssertionError = value (types::exception::ASSERTION_ERROR.value()),
        AttributeError = value (types::exception::ATTRIBUTE_ERROR.value()),
        BaseException = value (types::exception::BASE_EXCEPTION.value()),
        EOFError = value (types::exception::EOF_ERROR.value()),
        Exception = value (types::exception::EXCEPTION.value()),
        GeneratorExit = value (types::exception::GENERATOR_EXIT.value()),
        ImportError = value (types::exception::IMPORT_ERROR.value()),
        IndentationError = value (types::exception::INDENTATION_ERROR.value()),
        IndexError = value (types::exception::INDEX_ERROR.value()),
        KeyError = value (types::exception::KEY_ERROR.value()),
        KeyboardInterrupt = value (types::exception::KEYBOARD_INTERRUPT.value()),
        LookupError = value (types::exception::LOOKUP_ERROR.value()),
        MemoryError = value (types::exception::MEMORY_ERROR.value()),
        NameError = value (types::exception::NAME_ERROR.value()),
        NotImplementedError = value (types::exception::NOT_IMPLEMENTED_ERROR.value()),
        OSError = value (types::exception::OS_ERROR.value()),
        OverflowError = value (types::exception::OVERFLOW_ERROR.value()),
        RuntimeError = value (types::exception::RUNTIME_ERROR.value()),
        StopAsyncIteration = value (types::exception::STOP_ASYNC_ITERATION.value()),
        StopIteration = value (types::exception::STOP_ITERATION.value()),
        SyntaxError = value (types::exception::SYNTAX_ERROR.value()),
        SystemExit = value (types::exception::SYSTEM_EXIT.value()),
        TypeError = value (types::exception::TYPE_ERROR.value()),
        UnicodeError = value (types::exception::UNICODE_ERROR.value()),
        ValueError = value (types::exception::VALUE_ERROR.value()),
        ZeroDivisionError = value (types::exception::ZERO_DIVISION_ERROR.value()),
    }
}
