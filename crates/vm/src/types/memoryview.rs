//! `memoryview`: a window on the bytes of another object.
//!
//! Layout: raw offset in items and typecode, length in items and flag; values: base object. No
//! object has more than 2^24 bytes, so eight bits of both words are free. A view keeps the base
//! object and an offset, never an address: when a bytearray grows, its views show the grown one,
//! and what lies behind the end of a shrunk one is gone.

use crate::types::array::item;
use crate::types::array::{item_size, methods};
use crate::types::buffer::BufferLook;
use crate::types::iterator::{self, Source};
use crate::types::text::codec;
use crate::types::{exception, slice};
use crate::{Args, PyResult, UnaryOp, Vm, table};
use octopy_heap::{Heap, Kind, Local, Value};

crate::class! {
    /// A window on the bytes of another object.
    pub static MEMORYVIEW = memoryview (table::MEMORYVIEW) {
        slots {
            new: memoryview_new,
            unary: memoryview_unary,
            compare: methods::compare_items,
            iter: memoryview_iter,
            subscript: memoryview_subscript,
            store_subscript: memoryview_store,
        }
        /// The bytes as hexadecimal digits.
        hex = method (codec::hex, this, separator),
        /// Bytes that an item takes.
        itemsize = property (itemsize, this),
    }
}

/// Word of the offset in items, and of the typecode above.
const OFFSET: u32 = 0;
/// Word of the length in items, and of the flag above.
const LEN: u32 = 1;
/// Word of the object looked at.
const BASE: u32 = 2;
/// The typecode's place.
const TYPECODE: u32 = 24;
/// The bits below.
const ITEMS: u32 = (1 << TYPECODE) - 1;
/// Behind the typecode: the view may be written through.
const WRITABLE: u32 = 0x100;

/// A view of `len` items of the object in `base`, pushed.
fn alloc(vm: &mut Vm, base: Local, at: u32, len: u32, typecode: u32) -> PyResult<Local> {
    let view = vm.alloc(Kind::MemoryView, 3)?;
    let object = vm.heap.get(view);
    vm.heap.poke_raw(object, OFFSET, at.min(ITEMS) | typecode << TYPECODE);
    vm.heap.poke_raw(object, LEN, len.min(ITEMS) | (typecode & WRITABLE) << (TYPECODE - 8));
    vm.heap.init(object, BASE, vm.heap.get(base));
    Ok(view)
}

/// Offset, length and typecode, with the flag, of a view.
fn fields(heap: &Heap, view: Value<'_>) -> (u32, u32, u32) {
    let (at, len) = (heap.raw(view, OFFSET), heap.raw(view, LEN));
    (at & ITEMS, len & ITEMS, at >> TYPECODE | len >> (TYPECODE - 8) & WRITABLE)
}

/// The bytes that the view in `slot` shows now. Pushes slots.
pub(crate) fn look(vm: &mut Vm, slot: Local) -> PyResult<BufferLook> {
    let value = vm.heap.get(slot);
    let (at, len, typecode) = fields(&vm.heap, value);
    let size = item_size(typecode as u8);
    let base = vm.push_word(slot, BASE)?;
    // The base is never a view, so this does not recurse further.
    let whole = vm.buffer_of(base);
    let whole = crate::held(&whole)?;
    let shown = whole.part(at.saturating_mul(size), len.saturating_mul(size));
    Ok(BufferLook {
        typecode: typecode as u8,
        writable: whole.writable && typecode & WRITABLE != 0,
        ..shown
    })
}

fn memoryview_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 1, 1)?;
    let Some(object) = args.pos(0) else { return Ok(()) };
    // The base of a view is never a view, not even one in an instance: looking stays shallow.
    let object = vm.native_part(object, Kind::MemoryView)?.unwrap_or(object);
    let look = vm.buffer_of(object);
    let look = crate::held(&look)?;
    let value = vm.heap.get(object);
    let made = if vm.heap.is_kind(value, Kind::MemoryView) {
        let (at, len, typecode) = fields(&vm.heap, value);
        let base = vm.push_word(object, BASE)?;
        alloc(vm, base, at, len, typecode)?
    } else {
        let typecode = u32::from(look.typecode) | if look.writable { WRITABLE } else { 0 };
        alloc(vm, object, 0, look.items(), typecode)?
    };
    vm.heap.set(args.ret, vm.heap.get(made));
    Ok(())
}

fn memoryview_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    let shown = look(vm, this);
    let shown = crate::held(&shown)?;
    match op {
        UnaryOp::Bool => vm.push(Value::from_bool(shown.len != 0)).map(Some),
        UnaryOp::Len => vm.alloc_int(i64::from(shown.items())).map(Some),
        UnaryOp::Hash if !shown.writable => {
            let hash = vm.hash_run(shown)?;
            vm.push(Value::from_small((hash >> 3) as i32)).map(Some)
        }
        _ => Ok(None),
    }
}

fn memoryview_iter(vm: &mut Vm, this: Local) -> PyResult<Local> {
    iterator::alloc(vm, Source::Items, this)
}

fn memoryview_subscript(vm: &mut Vm, this: Local, index: Local) -> PyResult<Local> {
    let shown = look(vm, this);
    let shown = crate::held(&shown)?;
    if !vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let at = vm.to_index(index, shown.items(), "memoryview")?;
        return item::load(vm, shown, at);
    }
    let span = slice::bounds(vm, index, shown.items())?;
    if span.step != 1 {
        return Err(raise_step(vm));
    }
    let (at, _, typecode) = fields(&vm.heap, vm.heap.get(this));
    let base = vm.push_word(this, BASE)?;
    alloc(vm, base, at.saturating_add(span.start), span.count, typecode)
}

#[cold]
fn raise_step(vm: &mut Vm) -> crate::Raised {
    vm.raise(&exception::NOT_IMPLEMENTED_ERROR, "only slices with step=1 (aka None) are supported")
}

fn memoryview_store(vm: &mut Vm, this: Local, index: Local, value: Option<Local>) -> PyResult<()> {
    let to = look(vm, this);
    let to = crate::held(&to)?;
    let value = match value {
        Some(value) if to.writable => value,
        Some(_) => {
            return Err(vm.raise_type("'memoryview' object doesn't support item assignment"));
        }
        None => return Err(vm.raise_type("'memoryview' object doesn't support item deletion")),
    };
    if !vm.heap.is_kind(vm.heap.get(index), Kind::Slice) {
        let at = vm.to_index(index, to.items(), "memoryview")?;
        return item::store(vm, to, at, value);
    }
    let span = slice::bounds(vm, index, to.items())?;
    if span.step != 1 {
        return Err(raise_step(vm));
    }
    let size = item_size(to.typecode);
    let source = methods::source_of(vm, value, size)?;
    if source.len != span.count * size {
        return Err(vm.raise_value("lhs and rhs should be compatible"));
    }
    vm.copy_buffer(&source, to.object, to.at + span.start * size);
    Ok(())
}

/// `itemsize`
fn itemsize(vm: &mut Vm, this: Local) -> PyResult<u32> {
    let look = vm.buffer_of(this);
    let look = crate::held(&look)?;
    Ok(item_size(look.typecode))
}
