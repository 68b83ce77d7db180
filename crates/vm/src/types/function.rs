//! `function`, `bound_method`, and the cells of closures.
//!
//! Function: values: code, the defaults of positional parameters (NULL where none was given), the
//! dict of keyword defaults if the code has the flag, then the closure's cells. How many of each,
//! the code says. Cells are passed as the first arguments. The globals are those of the code's
//! module: they stand before its names, and code that is run with other globals is copied.

use super::code;
use crate::{Args, Out, PrintKind, PyResult, UnaryOp, Vm, table};
use octopy_compiler::CodeParts;
use octopy_heap::{Heap, Kind, Local, Value};
use octopy_qstr::{Qstr, q};

crate::class! {
    /// A function made by `def` or `lambda`.
    pub static FUNCTION = function (table::FUNCTION) {
        slots { new: function_new, print: function_print, attr: function_attr, unary: function_unary }
    }
}

crate::class! {
    /// A function of a native module or type.
    pub static BUILTIN_FUNCTION = function (table::BUILTIN_FUNCTION) {
        slots { print: function_print, attr: builtin_attr }
    }
}

crate::class! {
    /// A function with its first argument.
    pub static BOUND_METHOD = bound_method (table::BOUND_METHOD) {
        slots { print: bound_print, attr: bound_attr, compare: bound_compare, unary: bound_unary }
    }
}

crate::class! {
    /// A variable shared between functions.
    pub static CLOSURE_CELL = closure (table::CLOSURE_CELL) {}
}

/// Word of the code.
pub const CODE_WORD: u32 = 0;
/// Word of the first default.
pub const FIRST_DEFAULT: u32 = 1;

/// Word of the keyword defaults, of a function whose code has these [`code::ARGS`] and some.
pub const fn keyword_defaults(args: u32) -> u32 {
    FIRST_DEFAULT + (args >> 16 & 0xff)
}

/// Word of the first cell of a function whose code has these [`code::ARGS`].
pub const fn first_cell(args: u32) -> u32 {
    keyword_defaults(args) + code::has_keyword_defaults(args) as u32
}

/// Slots that every call leaves free above its frame for natives.
pub const SPARE_SLOTS: u32 = 64;

/// A function of the code in `code`, without defaults yet, pushed.
pub fn alloc(vm: &mut Vm, code: Local, n_cells: u32) -> PyResult<Local> {
    let args = vm.heap.raw(vm.heap.get(code), code::ARGS);
    let function = vm.alloc(Kind::Function, first_cell(args) + n_cells)?;
    vm.heap.init(vm.heap.get(function), CODE_WORD, vm.heap.get(code));
    Ok(function)
}

/// A function of the code in `code`, with these globals, pushed.
pub fn with_globals(vm: &mut Vm, code: Local, globals: Local) -> PyResult<Local> {
    let mut code = code;
    let mut names = vm.push_word(code, code::NAMES)?;
    let current = vm.heap.word(vm.heap.get(names), code::GLOBALS);
    if !current.is_null() && current != vm.heap.get(globals) {
        names = duplicate(vm, names, 0)?;
        code = copy_code(vm, code, names)?;
    }
    vm.heap.poke(vm.heap.get(names), code::GLOBALS, vm.heap.get(globals));
    alloc(vm, code, 0)
}

/// A copy of code that has the globals and names of `names`, pushed.
pub(crate) fn copy_code(vm: &mut Vm, code: Local, names: Local) -> PyResult<Local> {
    let copy = duplicate(vm, code, code::BYTES)?;
    vm.heap.poke(vm.heap.get(copy), code::NAMES, vm.heap.get(names));
    Ok(copy)
}

/// A copy of an object of which so many words are raw, pushed.
fn duplicate(vm: &mut Vm, object: Local, raw: u32) -> PyResult<Local> {
    let look = vm.heap.get(object);
    let (kind, words) = (vm.heap.kind(look).unwrap_or(Kind::Words), vm.heap.words(look));
    let copy = vm.alloc(kind, words)?;
    let (from, to) = (vm.heap.get(object), vm.heap.get(copy));
    vm.heap.copy_bytes(from, 0, to, 0, raw * 4);
    vm.heap.copy_words(from, raw, to, raw, words - raw);
    Ok(copy)
}

/// The globals of a function.
#[inline]
pub fn globals<'h>(heap: &'h Heap, function: Value<'h>) -> Value<'h> {
    heap.word(heap.word(heap.word(function, CODE_WORD), code::NAMES), code::GLOBALS)
}

/// `function(code, globals)`, for code that needs no closure.
fn function_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 2, 2)?;
    let (code, globals) = (args.base, args.base.offset(1));
    if !vm.heap.is_kind(vm.heap.get(code), Kind::Code)
        || !vm.heap.is_kind(vm.heap.get(globals), Kind::Dict)
        || has_free_variables(vm, vm.heap.get(code))
    {
        return Err(vm.raise_type("function() takes code and globals"));
    }
    let function = with_globals(vm, code, globals)?;
    vm.heap.set(args.ret, vm.heap.get(function));
    Ok(())
}

/// Whether code expects cells of a surrounding function: they are parameters that
/// nobody can name.
fn has_free_variables(vm: &Vm, code: Value<'_>) -> bool {
    code::params(&vm.heap, code).iter().any(|&param| code::named(param) == q::star)
}

fn function_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let value = vm.heap.get(this);
    let id = value.bits();
    if vm.heap.is_kind(value, Kind::Function) {
        let code = vm.heap.word(value, CODE_WORD);
        let flags = vm.heap.raw(code, code::ARGS) >> 24;
        let generator = flags & u32::from(CodeParts::GENERATOR) != 0;
        let slot = vm.push(code::name(&vm.heap, code))?;
        vm.write(out, if generator { b"<generator " } else { b"<function " })?;
        vm.write_text(out, slot)?;
        return vm.write_numbers(out, " at 0x%x>", &[id]);
    }
    vm.write(out, b"<function>")
}

fn function_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        // Functions move: they hash by what their code is, or by their identity.
        UnaryOp::Hash if !cfg!(feature = "weak") => {
            let code = vm.heap.word(vm.heap.get(this), CODE_WORD);
            let name = vm.heap.raw(code, code::ENTRY) & 0xffff;
            let hash = (name.wrapping_mul(0x9e37_79b1) ^ vm.heap.raw(code, code::SIZES)) >> 4;
            vm.alloc_int(i64::from(hash)).map(Some)
        }
        _ => Ok(None),
    }
}

fn function_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    match name {
        q::__name__ | q::__qualname__ => {
            let name = code::name(&vm.heap, vm.heap.word(vm.heap.get(this), CODE_WORD));
            vm.push(name).map(Some)
        }
        q::__globals__ => vm.globals_of(this).map(Some),
        q::__code__ => vm.push_word(this, CODE_WORD).map(Some),
        _ => Ok(None),
    }
}

fn builtin_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    if name != q::__name__ {
        return Ok(None);
    }
    let Some(rom) = vm.heap.get(this).as_rom() else { return Ok(None) };
    let row = vm.table(rom.table).and_then(|table| table.rows.get(usize::from(rom.row)));
    match row {
        Some(row) => vm.push(Value::from_qstr(row.name().0)).map(Some),
        None => Ok(None),
    }
}

fn bound_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let id = vm.heap.get(this).bits();
    vm.write_numbers(out, "<bound_method %x ", &[id])?;
    let receiver = vm.push_word(this, 1)?;
    vm.print(receiver, out, PrintKind::Repr)?;
    vm.write(out, b".")?;
    let function = vm.push_word(this, 0)?;
    vm.print(function, out, PrintKind::Repr)?;
    vm.write(out, b">")
}

fn bound_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    match name {
        q::__self__ => vm.push_word(this, 1).map(Some),
        q::__func__ => vm.push_word(this, 0).map(Some),
        _ => {
            let function = vm.push_word(this, 0)?;
            vm.opt_attr(function, name)
        }
    }
}

fn bound_compare(
    vm: &mut Vm,
    op: crate::Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    let (a, b) = (vm.heap.get(lhs), vm.heap.get(rhs));
    if op != crate::Compare::Equal || !vm.heap.is_kind(b, Kind::BoundMethod) {
        return Ok(None);
    }
    Ok(Some(vm.heap.word(a, 0) == vm.heap.word(b, 0) && vm.heap.word(a, 1) == vm.heap.word(b, 1)))
}

fn bound_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Hash => {
            let (function, receiver) = (vm.push_word(this, 0)?, vm.push_word(this, 1)?);
            let hash = vm.hash(function)? ^ vm.identity_hash(receiver)?;
            vm.alloc_int(i64::from(hash >> 4)).map(Some)
        }
        _ => Ok(None),
    }
}
