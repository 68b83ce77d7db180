//! `bytes`: immutable bytes.
//!
//! Layout: raw length, then the bytes. Methods are shared with str and live in `text`.

use crate::types::text::{
    self, Flavour, case, codec, compare, find, join, replace, sides, split, strip,
};
use crate::types::{bytearray, str};
use crate::{Args, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local};

crate::class! {
    /// Immutable bytes.
    pub static BYTES = bytes (table::BYTES) {
        slots {
            new: bytes_new,
            print: bytes_print,
            unary: text::text_unary,
            binary: text::text_binary,
            reverse: text::text_reverse,
            compare: compare::text_compare,
            contains: text::text_contains,
            iter: text::text_iter,
            subscript: text::subscript::text_subscript,
        }
        /// Text centred in a field of `width`.
        center = method (sides::center, this, width, fill),
        /// How often `sub` occurs.
        count = method (find::count, this, sub, start, end),
        /// The text that the bytes encode.
        decode = method (codec::decode, this, encoding, errors),
        /// Whether it ends with `suffix`, or one of a tuple of suffixes.
        endswith = method (find::endswith, this, suffix, start, end),
        /// Where `sub` is first, or -1.
        find = method (find::find, this, sub, start, end),
        /// Fills the fields of a format.
        format = method (str::format::format, this, **),
        /// Bytes from pairs of hexadecimal digits.
        fromhex = class_method (codec::fromhex, class, digits),
        /// The bytes as hexadecimal digits.
        hex = method (codec::hex, this, separator),
        /// Where `sub` is first; ValueError if nowhere.
        index = method (find::index, this, sub, start, end),
        /// Whether all are letters.
        isalpha = method (case::isalpha, this),
        /// Whether all are digits.
        isdigit = method (case::isdigit, this),
        /// Whether all letters are lower-case.
        islower = method (case::islower, this),
        /// Whether all are white space.
        isspace = method (case::isspace, this),
        /// Whether all letters are upper-case.
        isupper = method (case::isupper, this),
        /// The items of an iterable, with this between them.
        join = method (join::join, this, items),
        /// A copy in lower case.
        lower = method (case::lower, this),
        /// A copy without leading characters of a set.
        lstrip = method (strip::lstrip, this, characters),
        /// The part before the first separator, it, and the part after.
        partition = method (split::partition, this, separator),
        /// A copy in which `new` stands for `old`.
        replace = method (replace::replace, this, old, new, count),
        /// Where `sub` is last, or -1.
        rfind = method (find::rfind, this, sub, start, end),
        /// Where `sub` is last; ValueError if nowhere.
        rindex = method (find::rindex, this, sub, start, end),
        /// The part before the last separator, it, and the part after.
        rpartition = method (split::rpartition, this, separator),
        /// The parts between separators, from the right.
        rsplit = method (split::rsplit, this, separator, limit),
        /// A copy without trailing characters of a set.
        rstrip = method (strip::rstrip, this, characters),
        /// The parts between separators.
        split = method (split::split, this, separator, limit),
        /// The lines.
        splitlines = method (split::splitlines, this, **),
        /// Whether it starts with `prefix`, or one of a tuple of prefixes.
        startswith = method (find::startswith, this, prefix, start, end),
        /// A copy without leading and trailing characters of a set.
        strip = method (strip::strip, this, characters),
        /// A copy in upper case.
        upper = method (case::upper, this),
    }
}

/// `bytes(size)`, `bytes(buffer)`, `bytes(iterable)`, `bytes(text, encoding[, errors])`
fn bytes_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 3)?;
    let made = match args.pos(0) {
        Some(value) if vm.heap.is_kind(vm.heap.get(value), Kind::Bytes) => vm.copy(value)?,
        _ => {
            let look = content(vm, args);
            let look = crate::held(&look)?;
            vm.alloc_from_buffer(Kind::Bytes, look)?
        }
    };
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

/// The bytes that the arguments of `bytes()` or `bytearray()` describe. Pushes slots.
pub(crate) fn content(vm: &mut Vm, args: Args) -> PyResult<super::buffer::BufferLook> {
    let Some(value) = args.pos(0) else {
        let none = bytearray::alloc(vm, 0)?;
        return vm.buffer_of(none);
    };
    if let Some(text) = crate::held(&text::opt_text(vm, value))?
        && text.flavour == Flavour::Str
    {
        if args.n_pos < 2 {
            return Err(vm.raise_type("string argument without an encoding"));
        }
        let encoded = codec::encode(vm, value, args.pos(1), args.pos(2))?;
        return vm.buffer_of(encoded);
    }
    if args.n_pos > 1 {
        return Err(vm.raise_type("wrong number of arguments"));
    }
    if text::is_int(vm, value) {
        let zeros = zeros(vm, value)?;
        return vm.buffer_of(zeros);
    }
    if let Some(look) = crate::held(&vm.opt_buffer(value))? {
        return Ok(*look);
    }
    let gathered = bytearray::alloc(vm, 0)?;
    vm.for_each(value, |vm, item| {
        let byte = find::byte_of(vm, item)?;
        bytearray::extend_bytes(vm, gathered, &[byte])
    })?;
    vm.buffer_of(gathered)
}

/// A bytearray of as many zero bytes as an int says, pushed.
pub(crate) fn zeros(vm: &mut Vm, count: Local) -> PyResult<Local> {
    let count = vm.to_i64(count)?;
    let Ok(size) = u64::try_from(count) else {
        return Err(vm.raise_value("negative count"));
    };
    match u32::try_from(size) {
        Ok(size) => bytearray::alloc(vm, size),
        Err(_) => Err(super::buffer::raise_too_large(vm, size)),
    }
}

/// Writes a literal; for bytearrays as the argument of a call.
pub(crate) fn bytes_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let text = text::this_text(vm, this)?;
    let (before, after): (&[u8], &[u8]) = match text.flavour {
        Flavour::ByteArray => (b"bytearray(b", b")"),
        _ => (b"b", b""),
    };
    vm.write(out, before)?;
    text::quote::write_quoted(vm, out, &text.look, true)?;
    vm.write(out, after)
}
