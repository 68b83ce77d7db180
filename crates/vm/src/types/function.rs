//! `function`, `bound_method`, and the objects behind them: code and cells.
//!
//! Function: values: code, globals, defaults (a tuple, NULL, or Words of either and the dict of
//! keyword defaults), then the closure's cells. Cells are passed as the first arguments.

use crate::{Args, Out, PrintKind, PyResult, UnaryOp, Vm, table};
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

crate::class! {
    /// Compiled code.
    pub static CODE = code (table::CODE) {}
}

/// Word of the code.
pub const CODE_WORD: u32 = 0;
/// Word of the globals.
pub const GLOBALS: u32 = 1;
/// Word of the defaults.
pub const DEFAULTS: u32 = 2;
/// Word of the first cell.
pub const FIRST_CELL: u32 = 3;

/// Slots that every call leaves free above its frame for natives.
pub const SPARE_SLOTS: u32 = 64;

/// The layout of Code objects.
pub mod code {
    /// Raw: locals (low half), evaluation stack (high half).
    pub const SIZES: u32 = 0;
    /// Raw, a byte each: positional parameters (free variables included), keyword-only ones,
    /// defaults, `CodeParts` flags.
    pub const ARGS: u32 = 1;
    /// Raw: number of cells.
    pub const CELL_COUNT: u32 = 2;
    /// Raw: first line.
    pub const FIRST_LINE: u32 = 3;
    /// Raw: exception handlers.
    pub const HANDLERS: u32 = 4;
    /// Raw: the number of positional arguments with which the function can be entered without
    /// any binding, or `NOT_SIMPLE`.
    pub const SIMPLE_ARGS: u32 = 5;
    /// Bytecode (Bytes).
    pub const BYTES: u32 = 6;
    /// The module's names (Words).
    pub const NAMES: u32 = 7;
    /// The module's constants (Words).
    pub const CONSTS: u32 = 8;
    /// Child code objects (Words, or NULL).
    pub const CHILDREN: u32 = 9;
    /// Names of the parameters (Words, or NULL).
    pub const ARG_NAMES: u32 = 10;
    /// Line table (Bytes).
    pub const LINES: u32 = 11;
    /// Numbers of the locals that are cells (Bytes, or NULL).
    pub const CELLS: u32 = 12;
    /// The function's name.
    pub const NAME: u32 = 13;
    /// The file's name.
    pub const FILE: u32 = 14;
    /// Payload words.
    pub const WORDS: u32 = 15;
    /// See [`SIMPLE_ARGS`].
    pub const NOT_SIMPLE: u32 = u32::MAX;
}

/// A function of the code in `code` and globals in `globals`, pushed.
pub fn alloc(vm: &mut Vm, code: Local, globals: Local, n_cells: u32) -> PyResult<Local> {
    let function = vm.alloc(Kind::Function, FIRST_CELL + n_cells)?;
    let object = vm.heap.get(function);
    vm.heap.init(object, CODE_WORD, vm.heap.get(code));
    vm.heap.init(object, GLOBALS, vm.heap.get(globals));
    Ok(function)
}

/// The defaults of a function (a tuple or NULL), and its keyword defaults (a dict or NULL).
pub fn defaults<'h>(heap: &'h Heap, function: Value<'h>) -> (Value<'h>, Value<'h>) {
    let both = heap.word(function, DEFAULTS);
    if heap.is_kind(both, Kind::Words) {
        return (heap.word(both, 0), heap.word(both, 1));
    }
    (both, Value::NULL)
}

/// `function(code, globals)`, for code that needs no closure.
fn function_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 2, 2)?;
    let (code, globals) = (args.base, args.base.offset(1));
    if !vm.heap.is_kind(vm.heap.get(code), Kind::Code)
        || !vm.heap.is_kind(vm.heap.get(globals), Kind::Dict)
        || has_free_variables(vm, vm.heap.get(code))
    {
        return Err(vm.raise_type("function() takes code without closure, and globals"));
    }
    let function = alloc(vm, code, globals, 0)?;
    vm.heap.set(args.ret, vm.heap.get(function));
    Ok(())
}

/// Whether code expects cells of a surrounding function: they are parameters that
/// nobody can name.
fn has_free_variables(vm: &Vm, code: Value<'_>) -> bool {
    let names = vm.heap.word(code, code::ARG_NAMES);
    let nameless = Value::from_qstr(q::star.0);
    !names.is_null() && (0..vm.heap.words(names)).any(|idx| vm.heap.word(names, idx) == nameless)
}

fn function_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let value = vm.heap.get(this);
    let id = value.bits();
    if vm.heap.is_kind(value, Kind::Function) {
        let code = vm.heap.word(value, CODE_WORD);
        let flags = vm.heap.raw(code, code::ARGS) >> 24;
        let generator = flags & u32::from(octopy_compiler::CodeParts::GENERATOR) != 0;
        let slot = vm.push(Value::NULL)?;
        let code = vm.heap.word(vm.heap.get(this), CODE_WORD);
        vm.heap.set(slot, vm.heap.word(code, code::NAME));
        vm.write(out, if generator { b"<generator " } else { b"<function " })?;
        vm.write_text(out, slot)?;
        return vm.write_numbers(out, " at 0x%x>", &[id]);
    }
    vm.write(out, b"<function>")
}

fn function_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        // Functions move: they hash by their code's place in the source, or by their identity.
        UnaryOp::Hash if !cfg!(feature = "weak") => {
            let code = vm.heap.word(vm.heap.get(this), CODE_WORD);
            let hash = vm.heap.raw(code, code::FIRST_LINE).wrapping_mul(0x9e37_79b1) >> 4;
            vm.alloc_int(i64::from(hash)).map(Some)
        }
        _ => Ok(None),
    }
}

fn function_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    match name {
        q::__name__ | q::__qualname__ => {
            let code = vm.push_word(this, CODE_WORD)?;
            vm.push_word(code, code::NAME).map(Some)
        }
        q::__globals__ => vm.push_word(this, GLOBALS).map(Some),
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
