//! `network`: the board's interface.
//!
//! `network.LAN()` is one object; it has no state of its own.

use crate::device::{after, pause};
use crate::keyword::keywords;
use crate::socket::address::{parse, text};
use crate::socket::with_network;
use crate::{kept, table};
use octopy_hal::{Errno, Interface, LinkStatus};
use octopy_vm::types::exception;
use octopy_vm::{
    Args, Kind, Local, Out, PrintKind, PyResult, Rest, ShortText, Value, Vm, class, module, q,
};

module! {
    /// The board's network interface.
    pub static NETWORK = network (table::NETWORK) {
        __name__ = name (network),
        AP_IF = int (1),
        LAN = value (LAN.value()),
        STA_IF = int (0),
        /// The name that the board goes by, or sets it.
        hostname = function (hostname, name),
    }
}

class! {
    /// The Ethernet interface.
    pub static LAN = LAN (table::LAN) {
        slots { new: lan_new, print: lan_print }
        /// Whether the interface is on, or switches it.
        active = method (active, this, on),
        /// A parameter by name, or sets some.
        config = method (config, this, **),
        /// Address, netmask, gateway and name server, or sets them; `'dhcp'` asks the network.
        ifconfig = method (ifconfig, this, addresses),
        /// A parameter of IP by name, or sets some.
        ipconfig = method (ipconfig, this, **),
        /// Whether there is a link and an address.
        isconnected = method (isconnected, this),
        /// 0 down, 1 link, 2 no address, 3 up.
        status = method (status, this),
    }
}

/// How long `ifconfig('dhcp')` waits for an address, in microseconds.
const DHCP_PATIENCE: u64 = 10_000_000;

/// The longest host name.
const HOSTNAME_MAX: usize = 32;

fn lan_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    if vm.board().network().is_none() {
        return Err(vm.raise_os(Errno::NODEV));
    }
    let mut object = kept::load(vm, kept::LAN)?;
    if vm.heap.get(object).is_null() {
        object = vm.alloc(Kind::NativeState, 4)?;
        vm.heap.poke_raw(vm.heap.get(object), 0, u32::from(table::LAN));
        kept::store(vm, kept::LAN, object)?;
    }
    vm.heap.set(args.ret, vm.heap.get(object));
    Ok(())
}

fn link(vm: &mut Vm) -> LinkStatus {
    vm.board().network().map_or(LinkStatus::Down, |network| network.status())
}

fn interface(vm: &mut Vm) -> PyResult<Interface> {
    with_network(vm, |network| Ok(network.interface()))
}

fn lan_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let status = link(vm) as u8;
    let [a, b, c, d] = interface(vm)?.addr.map(u32::from);
    vm.write_numbers(out, "<ETH %u %u.%u.%u.%u>", &[u32::from(status), a, b, c, d])
}

fn active(vm: &mut Vm, _this: Local, on: Option<bool>) -> PyResult<Value<'static>> {
    match on {
        Some(on) => {
            with_network(vm, |network| network.set_active(on))?;
            Ok(Value::NONE)
        }
        None => Ok(Value::from_bool(link(vm) != LinkStatus::Down)),
    }
}

fn isconnected(vm: &mut Vm, _this: Local) -> PyResult<bool> {
    Ok(link(vm) == LinkStatus::Up)
}

fn status(vm: &mut Vm, _this: Local) -> PyResult<i32> {
    Ok(link(vm) as i32)
}

/// An address given as text.
fn addr_of(vm: &mut Vm, slot: Local) -> PyResult<[u8; 4]> {
    let look = vm.buffer_of(slot);
    let look = octopy_vm::held(&look)?;
    match parse(vm.buffer_bytes(look)) {
        Some(addr) => Ok(addr),
        None => Err(vm.raise_value("invalid arguments")),
    }
}

/// The addresses in a sequence.
fn addrs_of<const N: usize>(vm: &mut Vm, sequence: Local) -> PyResult<[[u8; 4]; N]> {
    let mut addrs = [[0; 4]; N];
    if vm.len_of(sequence)? != N as u32 {
        return Err(vm.raise_value("invalid arguments"));
    }
    for (idx, addr) in addrs.iter_mut().enumerate() {
        let mark = vm.mark();
        let idx = vm.push(Value::from_small(idx as i32))?;
        let item = vm.subscript(sequence, idx)?;
        *addr = addr_of(vm, item)?;
        vm.release(mark);
    }
    Ok(addrs)
}

/// A tuple of addresses as text, pushed.
fn texts(vm: &mut Vm, addrs: &[[u8; 4]]) -> PyResult<Local> {
    let list = octopy_vm::types::list::alloc(vm, addrs.len() as u32)?;
    for addr in addrs {
        let text = text(vm, *addr)?;
        octopy_vm::types::list::push(vm, list, text)?;
    }
    vm.tuple_from(list)
}

fn ifconfig(vm: &mut Vm, _this: Local, addresses: Option<Local>) -> PyResult<Local> {
    let Some(addresses) = addresses else {
        let own = interface(vm)?;
        return texts(vm, &[own.addr, own.mask, own.gateway, own.dns]);
    };
    if vm.is_str(addresses) {
        if vm.text(vm.heap.get(addresses)) != Some(b"dhcp") {
            return Err(vm.raise_value("invalid arguments"));
        }
        dhcp(vm)?;
    } else {
        let [addr, mask, gateway, dns] = addrs_of(vm, addresses)?;
        let own = Interface { addr, mask, gateway, dns };
        with_network(vm, |network| network.set_interface(own))?;
    }
    vm.push(Value::NONE)
}

/// Asks for an address and waits for it.
fn dhcp(vm: &mut Vm) -> PyResult<()> {
    with_network(vm, |network| network.start_dhcp())?;
    let deadline = after(vm, DHCP_PATIENCE);
    while link(vm) != LinkStatus::Up {
        if !pause(vm, Some(deadline))? {
            return Err(vm.raise_os(Errno::TIMEDOUT));
        }
    }
    Ok(())
}

#[cold]
fn unknown(vm: &mut Vm) -> octopy_vm::Raised {
    vm.raise_value("unknown config param")
}

fn config(vm: &mut Vm, _this: Local, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    if args.n_kw > 0 {
        let [name, mac] = keywords(vm, &args, [q::hostname, q::mac])?;
        if mac.is_some() {
            return Err(vm.raise_os(Errno::OPNOTSUPP));
        }
        return hostname(vm, name);
    }
    let Some(name) = args.pos(0) else {
        return Err(vm.raise_type("must query one param"));
    };
    match vm.to_qstr(name)? {
        q::mac => {
            let mac = with_network(vm, |network| Ok(network.mac()))?;
            vm.alloc_bytes(&mac)
        }
        q::hostname => hostname(vm, None),
        _ => Err(unknown(vm)),
    }
}

fn ipconfig(vm: &mut Vm, _this: Local, rest: Rest) -> PyResult<Local> {
    let args = rest.0;
    let mut own = interface(vm)?;
    if args.n_kw == 0 {
        let Some(name) = args.pos(0) else {
            return Err(vm.raise_type("must query one param"));
        };
        return match vm.to_qstr(name)? {
            q::addr4 => texts(vm, &[own.addr, own.mask]),
            q::gw4 => text(vm, own.gateway),
            _ => Err(unknown(vm)),
        };
    }
    let [addr, gateway, dhcp] = keywords(vm, &args, [q::addr4, q::gw4, q::dhcp4])?;
    if let Some(addr) = addr {
        [own.addr, own.mask] = addrs_of(vm, addr)?;
    }
    if let Some(gateway) = gateway {
        own.gateway = addr_of(vm, gateway)?;
    }
    let dhcp = match dhcp {
        Some(dhcp) => vm.is_true(dhcp)?,
        None => false,
    };
    if dhcp {
        with_network(vm, |network| network.start_dhcp())?;
    } else {
        with_network(vm, |network| network.set_interface(own))?;
    }
    vm.push(Value::NONE)
}

fn hostname(vm: &mut Vm, name: Option<Local>) -> PyResult<Local> {
    if let Some(name) = name {
        if !vm.is_str(name) {
            return Err(vm.raise_convert(name, "str"));
        }
        if vm.text(vm.heap.get(name)).is_none_or(|text| text.len() > HOSTNAME_MAX) {
            return Err(vm.raise(&exception::VALUE_ERROR, "name too long"));
        }
        kept::store(vm, kept::HOSTNAME, name)?;
        return vm.push(Value::NONE);
    }
    let kept = kept::load(vm, kept::HOSTNAME)?;
    if !vm.heap.get(kept).is_null() {
        return Ok(kept);
    }
    let mut short = ShortText::new();
    short.push(b"mpy-");
    short.push(vm.board().identity().platform.as_bytes());
    vm.alloc_str(short.bytes())
}
