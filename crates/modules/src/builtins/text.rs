//! Texts of values: numbers in other bases, characters, `repr`.

use octopy_vm::types::{count_chars, encode, exception, first_char, int};
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, ShortText, Vm};

/// An integer or bool, or the integer that an instance derives from or converts to.
fn integer(vm: &mut Vm, value: Local) -> PyResult<Option<Local>> {
    let look = vm.heap.get(value);
    if int::is_int(&vm.heap, look) || vm.heap.is_kind(look, Kind::Instance) {
        return int::opt_int(vm, value);
    }
    Ok(None)
}

fn in_base(vm: &mut Vm, value: Local, base: u32, prefix: &[u8]) -> PyResult<Local> {
    let number = match integer(vm, value)? {
        Some(number) => number,
        None => {
            let mut short = ShortText::new();
            short.push(b"can't convert ");
            short.push(vm.type_name_of(vm.heap.get(value)));
            short.push(b" to int");
            return Err(vm.raise_short(&exception::TYPE_ERROR, &short));
        }
    };
    let builder = vm.alloc_builder()?;
    let out = Out::Builder(builder);
    let mut number = number;
    if int::is_negative(&vm.heap, vm.heap.get(number)) {
        vm.write(out, b"-")?;
        number = vm.unary_op(octopy_vm::UnaryOp::Negative, number)?;
    }
    vm.write(out, prefix)?;
    int::write_in_base(vm, out, number, base, false)?;
    vm.builder_str(builder)
}

pub(super) fn bin(vm: &mut Vm, value: Local) -> PyResult<Local> {
    in_base(vm, value, 2, b"0b")
}

pub(super) fn oct(vm: &mut Vm, value: Local) -> PyResult<Local> {
    in_base(vm, value, 8, b"0o")
}

pub(super) fn hex(vm: &mut Vm, value: Local) -> PyResult<Local> {
    in_base(vm, value, 16, b"0x")
}

pub(super) fn repr(vm: &mut Vm, value: Local) -> PyResult<Local> {
    vm.to_text(value, PrintKind::Repr)
}

pub(super) fn chr(vm: &mut Vm, code: Local) -> PyResult<Local> {
    let code = vm.to_i64(code)?;
    let Some(code) = u32::try_from(code).ok().filter(|&code| code < 0x11_0000) else {
        return Err(vm.raise_value("chr() arg not in range(0x110000)"));
    };
    let (bytes, len) = encode(code);
    vm.alloc_str(bytes.get(..len).unwrap_or_default())
}

pub(super) fn ord(vm: &mut Vm, character: Local) -> PyResult<u32> {
    let is_text = vm.is_str(character) || vm.native_part(character, Kind::Str)?.is_some();
    let look = vm.opt_buffer(character);
    let Some(look) = octopy_vm::held(&look)? else {
        return Err(vm.raise_convert(character, "str"));
    };
    let bytes = vm.buffer_bytes(look);
    let len = if is_text {
        let (only, len) = first_char(bytes);
        if len > 0 && len == bytes.len() {
            return Ok(only);
        }
        count_chars(bytes) as usize
    } else {
        if let [only] = bytes {
            return Ok(u32::from(*only));
        }
        bytes.len()
    };
    Err(vm.raise_numbers(
        &exception::TYPE_ERROR,
        "ord() expected a character, but string of length %u found",
        &[len as u32],
    ))
}
