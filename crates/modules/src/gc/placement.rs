//! `gc.alloc()`: a buffer in the memory that the program chooses.

use octopy_heap::RegionClass;
use octopy_vm::types::{bytearray, exception};
use octopy_vm::{Local, PyResult, Vm};

/// `gc.alloc(size, region=gc.FAST)`
pub(super) fn alloc(vm: &mut Vm, size: i32, region: Option<i32>) -> PyResult<Local> {
    const FAST: i32 = RegionClass::Fast as i32;
    const LARGE: i32 = RegionClass::Large as i32;
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
