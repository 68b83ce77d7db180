//! Addresses: `(host, port)` tuples, and host names.

use crate::device::pause;
use octopy_hal::{Endpoint, Errno};
use octopy_vm::types::list;
use octopy_vm::{Local, PyResult, Rest, ShortText, Value, Vm};

/// Longest host name.
const NAME_MAX: usize = 256;

/// `a.b.c.d` as bytes.
pub(crate) fn parse(text: &[u8]) -> Option<[u8; 4]> {
    let mut addr = [0; 4];
    let mut parts = text.split(|&byte| byte == b'.');
    for to in &mut addr {
        let part = parts.next().filter(|part| (1..=3).contains(&part.len()))?;
        let mut value = 0_u32;
        for digit in part {
            value = value * 10 + char::from(*digit).to_digit(10)?;
        }
        *to = u8::try_from(value).ok()?;
    }
    if parts.next().is_none() { Some(addr) } else { None }
}

/// An address as text, pushed.
pub(crate) fn text(vm: &mut Vm, addr: [u8; 4]) -> PyResult<Local> {
    let mut short = ShortText::new();
    short.push_numbers("%u.%u.%u.%u", &addr.map(u32::from));
    vm.alloc_str(short.bytes())
}

/// The address of a host, which may have to be asked for; an empty name is every address.
pub(crate) fn resolve(vm: &mut Vm, host: Local) -> PyResult<[u8; 4]> {
    let look = vm.buffer_of(host);
    let look = octopy_vm::held(&look)?;
    let mut name = [0_u8; NAME_MAX];
    let bytes = vm.buffer_bytes(look);
    let len = bytes.len();
    match name.get_mut(..len) {
        Some(copy) => copy.copy_from_slice(bytes),
        None => return Err(vm.raise_os(Errno::INVAL)),
    }
    let bytes = name.get(..len).unwrap_or_default();
    if bytes.is_empty() {
        return Ok([0; 4]);
    }
    if let Some(addr) = parse(bytes) {
        return Ok(addr);
    }
    let Ok(name) = core::str::from_utf8(bytes) else {
        return Err(vm.raise_os(Errno::INVAL));
    };
    loop {
        let res = match vm.board().network() {
            Some(network) => network.resolve(name),
            None => Err(Errno::NODEV),
        };
        match res {
            Ok(addr) => return Ok(addr),
            Err(Errno::AGAIN) => {
                pause(vm, None)?;
            }
            Err(errno) => return Err(vm.raise_os(errno)),
        }
    }
}

/// A port number.
fn port_of(vm: &mut Vm, port: Local) -> PyResult<u16> {
    let port = vm.to_i64(port)?;
    match u16::try_from(port) {
        Ok(port) => Ok(port),
        Err(_) => Err(vm.raise_os(Errno::INVAL)),
    }
}

/// The endpoint of a tuple of host and port.
pub(crate) fn endpoint_of(vm: &mut Vm, address: Local) -> PyResult<Endpoint> {
    let mark = vm.mark();
    if vm.len_of(address)? != 2 {
        return Err(vm.raise_value("address must be (host, port)"));
    }
    let index = vm.push(Value::from_small(0))?;
    let host = vm.subscript(address, index)?;
    vm.heap.set(index, Value::from_small(1));
    let port = vm.subscript(address, index)?;
    let port = port_of(vm, port)?;
    let addr = resolve(vm, host)?;
    vm.release(mark);
    Ok(Endpoint { addr, port })
}

/// A tuple of host and port, pushed.
pub(crate) fn endpoint_tuple(vm: &mut Vm, endpoint: Endpoint) -> PyResult<Local> {
    let first = text(vm, endpoint.addr)?;
    vm.push(Value::from_small(i32::from(endpoint.port)))?;
    vm.alloc_tuple(first, 2)
}

/// `getaddrinfo(host, port, family=0, type=0, protocol=0, flags=0)`
pub(crate) fn getaddrinfo(vm: &mut Vm, host: Local, port: Local, rest: Rest) -> PyResult<Local> {
    let port = port_of(vm, port)?;
    let addr = resolve(vm, host)?;
    let kind = match rest.0.pos(1) {
        Some(kind) => vm.to_i32(kind)?,
        None => 0,
    };
    let first = vm.push(Value::from_small(2))?;
    vm.push(Value::from_small(if kind == 2 { 2 } else { 1 }))?;
    vm.push(Value::from_small(0))?;
    vm.push(Value::from_qstr(octopy_vm::q::empty.0))?;
    let place = vm.push(Value::NONE)?;
    let endpoint = endpoint_tuple(vm, Endpoint { addr, port })?;
    vm.heap.set(place, vm.heap.get(endpoint));
    let info = vm.alloc_tuple(first, 5)?;
    let made = list::alloc(vm, 1)?;
    list::push(vm, made, info)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_addresses_are_parsed() {
        assert_eq!(parse(b"127.0.0.1"), Some([127, 0, 0, 1]));
        assert_eq!(parse(b"255.255.255.255"), Some([255; 4]));
        for text in ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..2.3", "a.b.c.d", "1.2.3.4 "] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
