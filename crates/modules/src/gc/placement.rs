//! `gc.alloc()`: a buffer in the memory that the program chooses.

use crate::keyword::keywords;
use octopy_heap::RegionClass;
use octopy_vm::types::{bytearray, exception};
use octopy_vm::{Local, PyResult, Rest, Vm, q};

/// `gc.alloc(size, region=gc.FAST)`
pub(super) fn alloc(vm: &mut Vm, size: i32, rest: Rest) -> PyResult<Local> {
    const FAST: i32 = RegionClass::Fast as i32;
    const LARGE: i32 = RegionClass::Large as i32;
    let [region] = keywords(vm, &rest.0, [q::region])?;
    if usize::from(rest.0.n_pos) + usize::from(region.is_some()) > 1 {
        return Err(vm.raise(&exception::TYPE_ERROR, "too many arguments"));
    }
    let region = match rest.0.pos(0).or(region) {
        Some(region) => Some(vm.to_i32(region)?),
        None => None,
    };
    let class = match region {
        None | Some(FAST) => RegionClass::Fast,
        Some(LARGE) => RegionClass::Large,
        Some(_) => return Err(vm.raise(&exception::VALUE_ERROR, "no such region")),
    };
    let Ok(len) = u32::try_from(size) else {
        return Err(vm.raise(&exception::VALUE_ERROR, "negative size"));
    };
    if !vm.heap.has_class(class) {
        let text = if class == RegionClass::Fast {
            "this board has no fast memory"
        } else {
            "this board has no large memory"
        };
        return Err(vm.raise(&exception::MEMORY_ERROR, text));
    }
    bytearray::alloc_placed(vm, len, class)
}
