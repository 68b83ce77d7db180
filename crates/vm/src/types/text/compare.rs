//! Ordering and equality of texts, arrays and memoryviews: by their bytes.

use crate::types::text::{Flavour, opt_text, this_text};
use crate::{Compare, PyResult, Vm};
use octopy_heap::{Kind, Local};

/// Compares a str with a str, and bytes or a bytearray with any buffer that is no str.
pub(crate) fn text_compare(
    vm: &mut Vm,
    op: Compare,
    lhs: Local,
    rhs: Local,
) -> PyResult<Option<bool>> {
    // Two strings, the common case, need no slots.
    if let (Some(a), Some(b)) = (vm.text(vm.heap.get(lhs)), vm.text(vm.heap.get(rhs))) {
        return Ok(Some(if op == Compare::Equal { a == b } else { op.holds(a.cmp(b)) }));
    }
    let text = this_text(vm, lhs);
    let text = crate::held(&text)?;
    let other = match crate::held(&opt_text(vm, rhs))? {
        Some(other) if other.is_str() == text.is_str() => other.look,
        Some(_) => return Ok(None),
        None if text.is_str() => return Ok(None),
        // Arrays equal bytearrays with their bytes, but never bytes, as in CPython.
        None if text.flavour == Flavour::Bytes
            && (vm.heap.is_kind(vm.heap.get(rhs), Kind::Array)
                || vm.native_part(rhs, Kind::Array)?.is_some()) =>
        {
            return Ok(None);
        }
        None => match crate::held(&vm.opt_buffer(rhs))? {
            Some(look) if matches!(look.typecode, b'B' | b'b') => *look,
            _ => return Ok(None),
        },
    };
    let (lhs, rhs) = (vm.buffer_bytes(&text.look), vm.buffer_bytes(&other));
    if op == Compare::Equal {
        return Ok(Some(lhs == rhs));
    }
    Ok(Some(op.holds(lhs.cmp(rhs))))
}
