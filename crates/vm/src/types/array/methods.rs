//! Slots and methods of arrays.

use super::{BUFFER, LEN, TYPECODE, alloc, item, item_size, look, reserve};
use crate::types::buffer::BufferLook;
use crate::types::slice::{self, Bounds};
use crate::types::text::{is_int, opt_text, str_text};
use crate::types::{bytearray, exception};
use crate::{Args, Arith, Compare, Out, PrintKind, PyResult, UnaryOp, Vm};
use octopy_heap::{Kind, Local, Value};

/// `array(typecode[, items])`
pub(super) fn array_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 2)?;
    let Some(code) = args.pos(0) else { return Ok(()) };
    let code = str_text(vm, code);
    let code = crate::held(&code)?;
    let typecode = match vm.buffer_bytes(&code.look) {
        &[typecode] if item::is_typecode(typecode) => typecode,
        _ => return Err(vm.raise_value("bad typecode")),
    };
    let made = match args.pos(1) {
        None => alloc(vm, typecode, 0)?,
        Some(items) => match crate::held(&opt_text(vm, items))? {
            Some(text) if !text.is_str() => {
                let array = alloc(vm, typecode, text.look.len / item_size(typecode))?;
                let to = look(vm, array);
                let to = crate::held(&to)?;
                vm.copy_buffer(&text.look.part(0, to.len), to.object, 0);
                array
            }
            _ => {
                let array = alloc(vm, typecode, 0)?;
                vm.for_each(items, |vm, item| append(vm, array, item))?;
                array
            }
        },
    };
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

/// The array that a receiver is, or is derived from.
fn this_array(vm: &mut Vm, this: Local) -> PyResult<Local> {
    if vm.heap.is_kind(vm.heap.get(this), Kind::Array) {
        return Ok(this);
    }
    match vm.native_part(this, Kind::Array)? {
        Some(native) => Ok(native),
        None => Err(vm.raise_convert(this, "array")),
    }
}

pub(super) fn array_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let typecode = vm.heap.raw(vm.heap.get(this), TYPECODE) as u8;
    vm.write(out, &[b'a', b'r', b'r', b'a', b'y', b'(', b'\'', typecode, b'\''])?;
    let mut idx = 0;
    while idx < vm.heap.raw(vm.heap.get(this), LEN) {
        vm.write(out, if idx == 0 { b", [" } else { b", " })?;
        let mark = vm.mark();
        let look = look(vm, this);
        let look = crate::held(&look)?;
        let item = item::load(vm, look, idx)?;
        vm.print(item, out, PrintKind::Repr)?;
        vm.release(mark);
        idx += 1;
    }
    vm.write(out, if idx == 0 { b")" } else { b"])" })
}

pub(super) fn array_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let len = vm.heap.raw(vm.heap.get(this), LEN);
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(len != 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(len)).map(Some),
        _ => Ok(None),
    }
}

/// `+` and `*`
pub(super) fn array_binary(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    let from = look(vm, lhs);
    let from = crate::held(&from)?;
    let size = item_size(from.typecode);
    match op {
        Arith::Add => {
            let other = vm.opt_buffer(rhs);
            let Some(other) = crate::held(&other)? else { return Ok(None) };
            let more = other.len / size;
            let made = alloc(vm, from.typecode, from.items() + more)?;
            let to = look(vm, made);
            let to = crate::held(&to)?;
            vm.copy_buffer(from, to.object, 0);
            vm.copy_buffer(&other.part(0, more * size), to.object, from.len);
            Ok(Some(made))
        }
        Arith::Multiply if is_int(vm, rhs) => {
            let count = u64::try_from(vm.to_i64(rhs)?).unwrap_or(0);
            let items = u64::from(from.items()).saturating_mul(count);
            let items = u32::try_from(items).unwrap_or(u32::MAX);
            let made = alloc(vm, from.typecode, items)?;
            let to = look(vm, made);
            let to = crate::held(&to)?;
            let mut at = 0;
            while at < to.len {
                vm.copy_buffer(from, to.object, at);
                at += from.len;
            }
            Ok(Some(made))
        }
        _ => Ok(None),
    }
}

/// `+=`
pub(super) fn array_inplace(
    vm: &mut Vm,
    op: Arith,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<Local>> {
    if op != Arith::Add {
        return Ok(None);
    }
    extend(vm, lhs, rhs)?;
    vm.copy(lhs).map(Some)
}

/// Compares an array with another one.
pub(super) fn array_compare(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    let is_array = vm.heap.is_kind(vm.heap.get(rhs), Kind::Array)
        || vm.native_part(rhs, Kind::Array)?.is_some();
    if is_array { compare_items(vm, op, lhs, rhs) } else { Ok(None) }
}

/// Compares buffers item by item.
pub(crate) fn compare_items(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    if vm.is_str(rhs) {
        return Ok(None);
    }
    let (a, b) = (vm.opt_buffer(lhs), vm.opt_buffer(rhs));
    let (Some(a), Some(b)) = (crate::held(&a)?, crate::held(&b)?) else { return Ok(None) };
    if matches!(a.typecode, b'B') && matches!(b.typecode, b'B') {
        let (a, b) = (vm.buffer_bytes(a), vm.buffer_bytes(b));
        return Ok(Some(if op == Compare::Equal { a == b } else { op.holds(a.cmp(b)) }));
    }
    let shorter = a.items().min(b.items());
    for idx in 0..shorter {
        vm.pass_step(idx)?;
        let mark = vm.mark();
        let (left, right) = (item::load(vm, a, idx)?, item::load(vm, b, idx)?);
        if !vm.equal(left, right)? {
            let holds = op != Compare::Equal && vm.ordered(op, left, right)?;
            vm.release(mark);
            return Ok(Some(holds));
        }
        vm.release(mark);
    }
    Ok(Some(op.holds(a.items().cmp(&b.items()))))
}

/// `append`
pub(super) fn append(vm: &mut Vm, this: Local, value: Local) -> PyResult<()> {
    let this = this_array(vm, this)?;
    // The conversion may run Python code, so it comes before the room is measured.
    let typecode = vm.heap.raw(vm.heap.get(this), TYPECODE) as u8;
    let bits = item::to_bits(vm, typecode, value)?;
    reserve(vm, this, 1)?;
    let object = vm.heap.get(this);
    let len = vm.heap.raw(object, LEN);
    let buffer = vm.heap.buffer(vm.heap.word(object, BUFFER));
    let size = item_size(typecode) as usize;
    let room = buffer.get(len as usize * size..).unwrap_or_default();
    for (to, from) in room.iter().take(size).zip(bits.to_le_bytes()) {
        to.set(from);
    }
    vm.heap.poke_raw(object, LEN, len + 1);
    Ok(())
}

/// `extend`
pub(super) fn extend(vm: &mut Vm, this: Local, items: Local) -> PyResult<()> {
    let this = this_array(vm, this)?;
    let other = vm.opt_buffer(items);
    let Some(other) = crate::held(&other)? else {
        return vm.for_each(items, |vm, item| append(vm, this, item));
    };
    let size = item_size(vm.heap.raw(vm.heap.get(this), TYPECODE) as u8);
    let more = other.len / size;
    reserve(vm, this, more)?;
    let to = look(vm, this);
    let to = crate::held(&to)?;
    vm.copy_buffer(&other.part(0, more * size), to.object, to.len);
    vm.heap.poke_raw(vm.heap.get(this), LEN, to.len / size + more);
    Ok(())
}

pub(super) fn array_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let from = look(vm, this);
    let from = crate::held(&from)?;
    if !vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let at = vm.to_index(index, from.items(), "array")?;
        return item::load(vm, from, at);
    }
    let span = slice::bounds(vm, index, from.items())?;
    let size = item_size(from.typecode);
    let made = alloc(vm, from.typecode, span.count)?;
    let to = look(vm, made);
    let to = crate::held(&to)?;
    if span.step == 1 {
        vm.copy_buffer(&from.part(span.start * size, to.len), to.object, 0);
        return Ok(made);
    }
    for (idx, at) in span.places().enumerate() {
        vm.copy_buffer(&from.part(at * size, size), to.object, idx as u32 * size);
    }
    Ok(made)
}

/// What is assigned to a slice of items of `size` bytes. Pushes slots.
pub(crate) fn source_of(vm: &mut Vm, value: Local, size: u32) -> PyResult<BufferLook> {
    match crate::held(&vm.opt_buffer(value))? {
        Some(look) if !vm.is_str(value) => {
            if item_size(look.typecode) == size {
                return Ok(*look);
            }
            Err(vm.raise_value("lhs and rhs should be compatible"))
        }
        _ => Err(vm.raise(&exception::NOT_IMPLEMENTED_ERROR, "array/bytes required on right side")),
    }
}

pub(super) fn array_store(
    vm: &mut Vm,
    this: Local,
    index: Local,
    value: Option<Local>,
) -> PyResult<()> {
    let to = look(vm, this);
    let to = crate::held(&to)?;
    let size = item_size(to.typecode);
    if vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let span = slice::bounds(vm, index, to.items())?;
        if span.step != 1 {
            return Err(vm.raise(
                &exception::NOT_IMPLEMENTED_ERROR,
                "only slices with step=1 (aka None) are supported",
            ));
        }
        let source = match value {
            Some(value) => source_of(vm, value, size)?,
            None => to.part(0, 0),
        };
        return replace_run(vm, this, span, &source);
    }
    let at = vm.to_index(index, to.items(), "array")?;
    match value {
        Some(value) => item::store(vm, to, at, value),
        None => {
            let span = Bounds { start: at, step: 1, count: 1 };
            replace_run(vm, this, span, &to.part(0, 0))
        }
    }
}

/// Puts `source` in the place of a run of items of an array or a bytearray.
pub(crate) fn replace_run(
    vm: &mut Vm,
    this: Local,
    span: Bounds,
    source: &BufferLook,
) -> PyResult<()> {
    let to = vm.buffer_of(this);
    let to = crate::held(&to)?;
    let size = item_size(to.typecode);
    let is_array = vm.heap.is_kind(vm.heap.get(this), Kind::Array);
    let end = (span.start + span.count) * size;
    let incoming = source.len / size;
    // A source inside this array would be moved under our hands: take a copy first.
    let own = vm.heap.get(source.object) == vm.heap.get(to.object);
    let copy;
    let source = if own && source.len > 0 {
        let slot = bytearray::alloc_from(vm, source)?;
        copy = vm.buffer_of(slot);
        crate::held(&copy)?
    } else {
        source
    };
    if incoming > span.count {
        let more = incoming - span.count;
        if is_array {
            reserve(vm, this, more)?
        } else {
            bytearray::reserve(vm, this, more)?
        };
    }
    let word = if is_array { BUFFER } else { bytearray::BUFFER };
    let buffer = vm.push_word(this, word)?;
    let content = vm.heap.get(buffer);
    let behind = (span.start + incoming) * size;
    vm.heap.copy_bytes(content, end, content, behind, to.len - end);
    vm.heap.poke_raw(vm.heap.get(this), LEN, to.items() - span.count + incoming);
    vm.copy_buffer(&source.part(0, incoming * size), buffer, span.start * size);
    Ok(())
}
