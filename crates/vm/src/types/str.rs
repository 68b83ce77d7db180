//! `str`: UTF-8 text, interned (a qstr) or an object.
//!
//! Positions count characters; most methods are shared with bytes and live in `text`.

mod digits;
mod float_text;
pub mod format;
pub mod format_spec;
pub mod percent;

use crate::types::buffer::BufferLook;
use crate::types::text::{
    self, Flavour, case, codec, find, index, join, replace, sides, split, strip,
};
use crate::{Args, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Local, Value};
use octopy_qstr::q;

crate::class! {
    /// Text.
    pub static STR = str (table::STR) {
        slots {
            new: str_new,
            print: str_print,
            unary: text::text_unary,
            binary: text::text_binary,
            reverse: text::text_reverse,
            compare: text::compare::text_compare,
            contains: text::text_contains,
            iter: text::text_iter,
            subscript: text::subscript::text_subscript,
        }
        /// A copy with its first letter in upper case and the others in lower case.
        capitalize = method (case::capitalize, this),
        /// Text centred in a field of `width`.
        center = method (sides::center, this, width, fill),
        /// How often `sub` occurs.
        count = method (find::count, this, sub, start, end),
        /// The bytes that encode the text.
        encode = method (codec::encode, this, encoding, errors),
        /// Whether it ends with `suffix`, or one of a tuple of suffixes.
        endswith = method (find::endswith, this, suffix, start, end),
        /// Where `sub` is first, or -1.
        find = method (find::find, this, sub, start, end),
        /// Fills the fields of a format.
        format = method (format::format, this, **),
        /// Where `sub` is first; ValueError if nowhere.
        index = method (find::index, this, sub, start, end),
        /// Whether all are letters or digits.
        isalnum = method (case::isalnum, this),
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
        /// Text at the left of a field of `width`.
        ljust = method (sides::ljust, this, width, fill),
        /// A copy in lower case.
        lower = method (case::lower, this),
        /// A copy without leading characters of a set.
        lstrip = method (strip::lstrip, this, characters),
        /// The part before the first separator, it, and the part after.
        partition = method (split::partition, this, separator),
        /// A copy without `prefix` at the start.
        removeprefix = method (sides::removeprefix, this, prefix),
        /// A copy without `suffix` at the end.
        removesuffix = method (sides::removesuffix, this, suffix),
        /// A copy in which `new` stands for `old`.
        replace = method (replace::replace, this, old, new, count),
        /// Where `sub` is last, or -1.
        rfind = method (find::rfind, this, sub, start, end),
        /// Where `sub` is last; ValueError if nowhere.
        rindex = method (find::rindex, this, sub, start, end),
        /// Text at the right of a field of `width`.
        rjust = method (sides::rjust, this, width, fill),
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
        /// The text with zeros before it, behind its sign, up to `width`.
        zfill = method (sides::zfill, this, width),
    }
}

/// `str(object)`, `str(bytes, encoding[, errors])`
fn str_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 3)?;
    let made = match (args.pos(0), args.pos(1)) {
        (None, _) => vm.push(Value::from_qstr(q::empty.0))?,
        (Some(value), None) => vm.to_text(value, PrintKind::Str)?,
        (Some(value), encoding) => {
            let look = vm.buffer_of(value);
            let look = crate::held(&look)?;
            codec::decode_look(vm, look, encoding, args.pos(2))?
        }
    };
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

fn str_print(vm: &mut Vm, this: Local, out: Out, kind: PrintKind) -> PyResult<()> {
    match kind {
        PrintKind::Str => vm.write_text(out, this),
        PrintKind::Repr => {
            let look = vm.buffer_of(this);
            let look = crate::held(&look)?;
            text::quote::write_quoted(vm, out, look, false)
        }
    }
}

/// A string of one character, pushed. ASCII ones are interned: programs take texts apart into
/// them all the time, and there are few.
pub(crate) fn alloc_char(vm: &mut Vm, look: &BufferLook) -> PyResult<Local> {
    if let &[byte] = vm.buffer_bytes(look)
        && byte.is_ascii()
    {
        let name = vm.intern(&[byte])?;
        return vm.push(Value::from_qstr(name.0));
    }
    text::make(vm, Flavour::Str, look)
}

/// The character at byte position `at` as a string, pushed, and its length in bytes; `None` at the
/// end.
pub fn char_at(vm: &mut Vm, text: Local, at: u32) -> PyResult<(u32, Option<Local>)> {
    let look = vm.buffer_of(text);
    let look = crate::held(&look)?;
    let len = index::char_len_at(vm.buffer_bytes(look), at as usize) as u32;
    if len == 0 {
        return Ok((0, None));
    }
    Ok((len, Some(alloc_char(vm, &look.part(at, len))?)))
}
