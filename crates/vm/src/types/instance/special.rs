//! Special methods of user classes as slots, with the native part as the fallback.

use crate::rom::{Arith, Compare};
use crate::types::exception;
use crate::{Args, Out, PrintKind, PyResult, UnaryOp, Vm};
use octopy_bytecode::operator::BinaryOp;
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

const BINARY: [(Qstr, Qstr, Qstr); 13] = [
    (q::__or__, q::__ror__, q::__ior__),
    (q::__xor__, q::__rxor__, q::__ixor__),
    (q::__and__, q::__rand__, q::__iand__),
    (q::__lshift__, q::__rlshift__, q::__ilshift__),
    (q::__rshift__, q::__rrshift__, q::__irshift__),
    (q::__add__, q::__radd__, q::__iadd__),
    (q::__sub__, q::__rsub__, q::__isub__),
    (q::__mul__, q::__rmul__, q::__imul__),
    (q::__matmul__, q::__rmatmul__, q::__imatmul__),
    (q::__floordiv__, q::__rfloordiv__, q::__ifloordiv__),
    (q::__truediv__, q::__rtruediv__, q::__itruediv__),
    (q::__mod__, q::__rmod__, q::__imod__),
    (q::__pow__, q::__rpow__, q::__ipow__),
];

/// Calls a special method; `None` if the class has none or it returned NotImplemented.
fn call_special(
    vm: &mut Vm,
    this: Local,
    name: Qstr,
    arguments: &[Local],
) -> PyResult<Option<Local>> {
    let Some(method) = vm.opt_special(this, name)? else {
        return Ok(None);
    };
    let result = vm.call(method, arguments)?;
    Ok(if vm.heap.get(result) == Value::NOT_IMPLEMENTED { None } else { Some(result) })
}

pub(super) fn instance_print(vm: &mut Vm, this: Local, out: Out, kind: PrintKind) -> PyResult<()> {
    let is_exception = vm.heap.is_kind(vm.heap.get(this), Kind::Exception);
    let mut method = None;
    if kind == PrintKind::Str {
        method = vm.opt_special(this, q::__str__)?;
    }
    if method.is_none() && !(is_exception && kind == PrintKind::Str) {
        method = vm.opt_special(this, q::__repr__)?;
    }
    if let Some(method) = method {
        let text = vm.call(method, &[])?;
        if !vm.is_str(text) && vm.native_part(text, Kind::Str)?.is_none() {
            return Err(vm.raise_type("__str__ must return a string"));
        }
        return vm.print(text, out, PrintKind::Str);
    }
    if is_exception {
        let table = exception::native_class(vm, vm.heap.get(this));
        if let Some(print) = table.slots.print {
            return print(vm, this, out, kind);
        }
    }
    if let Some(native) = vm.native_of(this)? {
        return vm.print(native, out, kind);
    }
    vm.write(out, b"<")?;
    vm.write_type_name(out, this)?;
    vm.write(out, b" object at ")?;
    let id = vm.heap.get(this).bits();
    vm.write_numbers(out, "0x%X>", &[id])
}

pub(super) fn instance_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let name = match op {
        UnaryOp::Positive => q::__pos__,
        UnaryOp::Negative => q::__neg__,
        UnaryOp::Invert => q::__invert__,
        UnaryOp::Bool => q::__bool__,
        UnaryOp::Len => q::__len__,
        UnaryOp::Hash => q::__hash__,
        UnaryOp::Abs => q::__abs__,
        UnaryOp::Int => q::__int__,
        UnaryOp::Float => q::__float__,
        UnaryOp::Complex => q::__complex__,
        UnaryOp::Sizeof => q::__sizeof__,
        UnaryOp::Not => return Ok(None),
    };
    // NotImplemented means something for two operands only; here it is a result.
    if let Some(method) = vm.opt_special(this, name)? {
        let result = vm.call(method, &[])?;
        return check_unary(vm, op, result).map(Some);
    }
    if op == UnaryOp::Int {
        if let Some(result) = call_special(vm, this, q::__index__, &[])? {
            return Ok(Some(result));
        }
    }
    if let Some(native) = vm.native_of(this)? {
        if let Some(unary) = vm.type_table(native).slots.unary {
            return unary(vm, op, native);
        }
        return Ok(None);
    }
    if op == UnaryOp::Hash {
        // Equality without hash makes instances unhashable, as in Python.
        if vm.opt_special(this, q::__eq__)?.is_some() {
            return Ok(None);
        }
        return identity_hash(vm, this).map(Some);
    }
    Ok(None)
}

/// Objects move, so an instance without `__hash__` gets a number when it is first hashed.
pub(super) fn identity_hash(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let object = vm.heap.get(this);
    if vm.heap.is_kind(object, Kind::Exception) {
        let hash = vm.identity_hash(this)?;
        return vm.push(Value::from_small((hash >> 4) as i32));
    }
    vm.number_instance(this);
    vm.push_word(this, super::NATIVE)
}

fn check_unary(vm: &mut Vm, op: UnaryOp, result: Local) -> PyResult<Local> {
    match op {
        UnaryOp::Bool => {
            let truth = vm.is_true(result)?;
            vm.push(Value::from_bool(truth))
        }
        UnaryOp::Int
            if !vm.heap.get(result).is_small()
                && !vm.heap.is_kind(vm.heap.get(result), Kind::Int) =>
        {
            Err(vm.raise_convert(result, "int"))
        }
        UnaryOp::Hash => {
            let int = vm.heap.get(result);
            if let Some(truth @ (Value::TRUE | Value::FALSE)) = int.as_immediate() {
                return vm.push(Value::from_small(i32::from(truth == Value::TRUE)));
            }
            if int.is_small() || vm.heap.is_kind(int, Kind::Int) {
                Ok(result)
            } else {
                Err(vm.raise_type("__hash__ method should return an integer"))
            }
        }
        _ => Ok(result),
    }
}

pub(super) fn instance_binary(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    let name = match BINARY.get(op as usize) {
        Some(names) => names.0,
        None => q::__divmod__,
    };
    if let Some(result) = call_special(vm, lhs, name, &[rhs])? {
        return Ok(Some(result));
    }
    if let Some(native) = vm.native_of(lhs)? {
        if let Some(binary) = vm.type_table(native).slots.binary {
            let rhs = vm.native_of(rhs)?.unwrap_or(rhs);
            return binary(vm, op, native, rhs);
        }
    }
    Ok(None)
}

pub(super) fn instance_inplace(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    match BINARY.get(op as usize) {
        Some(names) => call_special(vm, lhs, names.2, &[rhs]),
        None => Ok(None),
    }
}

pub(super) fn instance_reverse(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if let Some(names) = BINARY.get(op as usize) {
        if let Some(result) = call_special(vm, rhs, names.1, &[lhs])? {
            return Ok(Some(result));
        }
    }
    if vm.heap.is_kind(vm.heap.get(lhs), Kind::Instance) {
        return Ok(None);
    }
    match vm.native_of(rhs)? {
        Some(native) => vm.arith(op, false, lhs, native).map(Some),
        None => Ok(None),
    }
}

/// A comparison of two values with special methods, at least one of them: whatever the methods
/// return, pushed; without methods, by native part or identity. `None` for other operators.
pub(crate) fn rich_compare(
    vm: &mut Vm,
    op: BinaryOp,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    let compare = match op {
        BinaryOp::Less => Compare::Less,
        BinaryOp::More => Compare::More,
        BinaryOp::LessEqual => Compare::LessEqual,
        BinaryOp::MoreEqual => Compare::MoreEqual,
        BinaryOp::Equal | BinaryOp::NotEqual => Compare::Equal,
        _ => return Ok(None),
    };
    let negated = op == BinaryOp::NotEqual;
    for (this, other, compare) in [(lhs, rhs, compare), (rhs, lhs, compare.swapped())] {
        let name = method_of(compare, negated);
        if !vm.has_special_methods(this) {
            continue;
        }
        if let Some(result) = call_special(vm, this, name, &[other])? {
            return Ok(Some(result));
        }
        // A native type has a `!=` of its own, which knows nothing of the class's `==`.
        if negated && vm.native_of(this)?.is_none() {
            if let Some(equal) = call_special(vm, this, q::__eq__, &[other])? {
                let equal = vm.is_true(equal)?;
                return vm.push(Value::from_bool(!equal)).map(Some);
            }
        }
    }
    let a = vm.native_of(lhs)?.unwrap_or(lhs);
    let b = vm.native_of(rhs)?.unwrap_or(rhs);
    let bare = vm.has_special_methods(a) || vm.has_special_methods(b);
    let holds = match op {
        BinaryOp::Equal | BinaryOp::NotEqual => {
            let equal = if bare { vm.heap.get(a) == vm.heap.get(b) } else { vm.equal(a, b)? };
            equal == (op == BinaryOp::Equal)
        }
        _ if bare => return Err(vm.raise_unordered(compare, lhs, rhs)),
        _ => vm.ordered(compare, a, b)?,
    };
    vm.push(Value::from_bool(holds)).map(Some)
}

fn method_of(compare: Compare, negated: bool) -> Qstr {
    match compare {
        Compare::Less => q::__lt__,
        Compare::More => q::__gt__,
        Compare::Equal if negated => q::__ne__,
        Compare::Equal => q::__eq__,
        Compare::LessEqual => q::__le__,
        Compare::MoreEqual => q::__ge__,
    }
}

pub(super) fn instance_compare(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    if let Some(result) = call_special(vm, lhs, method_of(op, false), &[rhs])? {
        return vm.is_true(result).map(Some);
    }
    if let Some(native) = vm.native_of(lhs)? {
        if let Some(compare) = vm.type_table(native).slots.compare {
            let rhs = vm.native_of(rhs)?.unwrap_or(rhs);
            return compare(vm, op, native, rhs);
        }
    }
    Ok(None)
}

pub(super) fn instance_contains(vm: &mut Vm, this: Local, item: Local) -> PyResult<bool> {
    if let Some(result) = call_special(vm, this, q::__contains__, &[item])? {
        return vm.is_true(result);
    }
    if let Some(native) = vm.native_of(this)?
        && vm.type_table(native).slots.contains.is_some()
    {
        return vm.contains(native, item);
    }
    let iterator = vm.iter(this)?;
    let mark = vm.mark();
    while let Some(candidate) = vm.next(iterator)? {
        if vm.equal(candidate, item)? {
            return Ok(true);
        }
        vm.release(mark);
    }
    Ok(false)
}

pub(super) fn instance_call(vm: &mut Vm, this: Local, args: Args) -> PyResult<()> {
    match vm.opt_special(this, q::__call__)? {
        Some(method) => {
            let result = vm.call_with(method, None, args)?;
            vm.heap.set(args.ret, vm.heap.get(result));
            Ok(())
        }
        None => {
            if cfg!(feature = "callable-subclasses")
                && let Some(native) = vm.native_of(this)?
                && let Some(call) = vm.type_table(native).slots.call
            {
                return call(vm, native, args);
            }
            Err(vm.raise_not_callable(this))
        }
    }
}

pub(super) fn instance_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if let Some(method) = vm.opt_special(this, q::__iter__)? {
        return vm.call(method, &[]);
    }
    // A native part that is not iterable itself, as an int, leaves that to the class.
    if let Some(native) = vm.native_of(this)?
        && let slots = &vm.type_table(native).slots
        && (slots.iter.is_some() || slots.next.is_some())
    {
        return vm.iter(native);
    }
    if vm.opt_special(this, q::__getitem__)?.is_some() {
        return crate::types::iterator::alloc(vm, crate::types::iterator::Source::GetItem, this);
    }
    let mut short = crate::raise::ShortText::new();
    short.push(b"'");
    short.push(vm.type_name_of(vm.heap.get(this)));
    short.push(b"' object isn't iterable");
    Err(vm.raise_short(&exception::TYPE_ERROR, &short))
}

pub(super) fn instance_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    match vm.opt_special(this, q::__next__)? {
        Some(method) => vm.call(method, &[]).map(Some),
        None => {
            let mut short = crate::raise::ShortText::new();
            short.push(b"'");
            short.push(vm.type_name_of(vm.heap.get(this)));
            short.push(b"' object isn't an iterator");
            Err(vm.raise_short(&exception::TYPE_ERROR, &short))
        }
    }
}

pub(super) fn instance_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    if let Some(method) = vm.opt_special(this, q::__getitem__)? {
        return vm.call(method, &[index]);
    }
    match vm.native_of(this)? {
        Some(native) => vm.subscript(native, index),
        None => {
            let mut short = crate::raise::ShortText::new();
            short.push(b"'");
            short.push(vm.type_name_of(vm.heap.get(this)));
            short.push(b"' object isn't subscriptable");
            Err(vm.raise_short(&exception::TYPE_ERROR, &short))
        }
    }
}

pub(super) fn instance_store_subscript(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    let name = if value.is_some() { q::__setitem__ } else { q::__delitem__ };
    if let Some(method) = vm.opt_special(this, name)? {
        match value {
            Some(value) => vm.call(method, &[index, value])?,
            None => vm.call(method, &[index])?,
        };
        return Ok(());
    }
    match vm.native_of(this)? {
        Some(native) => vm.store_subscript(native, index, value),
        None => {
            let mut short = crate::raise::ShortText::new();
            short.push(b"'");
            short.push(vm.type_name_of(vm.heap.get(this)));
            short.push(b"' object doesn't support item assignment");
            Err(vm.raise_short(&exception::TYPE_ERROR, &short))
        }
    }
}
