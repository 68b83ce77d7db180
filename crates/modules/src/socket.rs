//! `socket`: TCP and UDP, with blocking and timeouts made of the board's sockets, which never block.
//!
//! Layout of a socket: NativeState with type; raw: socket number and flags, timeout in
//! milliseconds.

pub(crate) mod address;

use crate::device::{after, lend, lend_mut, pause};
use crate::{lost, stream, table};
use address::{endpoint_of, endpoint_tuple};
use octopy_hal::{Errno, Network, Ready, SocketId, SocketKind};
use octopy_vm::types::buffer::BufferLook;
use octopy_vm::{Args, Kind, Local, Out, PrintKind, PyResult, Value, Vm, class, module};

module! {
    /// Network connections.
    pub static SOCKETS = socket (table::SOCKETS) {
        __name__ = name (socket),
        AF_INET = int (2),
        AF_INET6 = int (10),
        IPPROTO_TCP = int (6),
        IPPROTO_UDP = int (17),
        SOCK_DGRAM = int (2),
        SOCK_RAW = int (3),
        SOCK_STREAM = int (1),
        SOL_SOCKET = int (SOL_SOCKET),
        SO_BROADCAST = int (SO_BROADCAST),
        SO_KEEPALIVE = int (SO_KEEPALIVE),
        SO_REUSEADDR = int (SO_REUSEADDR),
        TCP_NODELAY = int (TCP_NODELAY),
        /// Addresses of a host: a list of family, type, protocol, name and address.
        getaddrinfo = function (address::getaddrinfo, host, port, ..),
        socket = value (SOCKET.value()),
    }
}

class! {
    /// A network connection.
    pub static SOCKET = socket (table::SOCKET) {
        slots { new: socket_new, print: socket_print, iter: stream::stream_iter, next: stream::stream_next }
        __enter__ = method (stream::enter, this),
        __exit__ = method (stream::exit, this, class, exception, traceback),
        /// Waits for a connection: the socket of it and the peer's address.
        accept = method (accept, this),
        /// Takes a local address.
        bind = method (bind, this, address),
        /// Closes the connection.
        close = method (close, this),
        /// Connects to a server.
        connect = method (connect, this, address),
        /// Listens for connections.
        listen = method (listen, this, backlog),
        /// The socket itself as a stream.
        makefile = method (makefile, this, ..),
        /// So many bytes, or all until the peer closes.
        read = method (stream::read, this, count),
        /// Fills a buffer.
        readinto = method (stream::readinto, this, buf, count),
        /// The next line.
        readline = method (stream::readline, this, count),
        /// What has arrived, at most so many bytes; nothing when the peer has closed.
        recv = method (recv, this, count, flags),
        /// As `recv`, into a buffer.
        recv_into = method (recv_into, this, buf, count),
        /// A datagram and where it came from.
        recvfrom = method (recvfrom, this, count, flags),
        /// Sends bytes; how many.
        send = method (send, this, data, flags),
        /// Sends all bytes.
        sendall = method (sendall, this, data, flags),
        /// Sends a datagram.
        sendto = method (sendto, this, data, address),
        /// Whether operations wait.
        setblocking = method (setblocking, this, flag),
        /// Sets an option.
        setsockopt = method (setsockopt, this, level, option, value),
        /// After how many seconds operations give up; None for never.
        settimeout = method (settimeout, this, seconds),
        /// Writes bytes.
        write = method (stream::write, this, data, first, second),
    }
}

const SOL_SOCKET: i32 = 1;
const SO_REUSEADDR: i32 = 2;
const SO_BROADCAST: i32 = 6;
const SO_KEEPALIVE: i32 = 9;
const TCP_NODELAY: i32 = 1;

const TYPE: u32 = 0;
const SOCKET_WORD: u32 = 1;
const TIMEOUT: u32 = 2;

/// Flag beside the socket number: it is open.
const OPEN: u32 = 1 << 16;
/// Flag: UDP.
const DATAGRAM: u32 = 1 << 17;

/// The timeout of a socket that waits for ever.
const FOREVER: u32 = u32::MAX;

fn socket_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 4)?;
    let mut numbers = [2, 1];
    for idx in 0..args.n_pos {
        let given = vm.to_i32(args.base.offset(u32::from(idx)))?;
        if let Some(number) = numbers.get_mut(usize::from(idx)) {
            *number = given;
        }
    }
    let kind = match numbers {
        [2, 1] => SocketKind::Stream,
        [2, 2] => SocketKind::Datagram,
        _ => return Err(vm.raise_os(Errno::OPNOTSUPP)),
    };
    let slot = alloc(vm)?;
    lost::prepare(vm)?;
    let mut opened = network(vm.board()).and_then(|network| network.socket(kind));
    if matches!(opened, Err(Errno::MFILE | Errno::NOBUFS)) && lost::reap(vm)? {
        opened = network(vm.board()).and_then(|network| network.socket(kind));
    }
    let id = opened.map_err(|errno| vm.raise_os(errno))?;
    fill(vm, slot, id, kind)?;
    vm.heap.set(args.ret, vm.heap.get(slot));
    Ok(())
}

/// A closed socket, pushed.
fn alloc(vm: &mut Vm) -> PyResult<Local> {
    let slot = vm.alloc(Kind::NativeState, 4)?;
    let object = vm.heap.get(slot);
    vm.heap.poke_raw(object, TYPE, u32::from(table::SOCKET));
    vm.heap.poke_raw(object, TIMEOUT, FOREVER);
    Ok(slot)
}

fn fill(vm: &mut Vm, slot: Local, id: SocketId, kind: SocketKind) -> PyResult<()> {
    let flags = if kind == SocketKind::Datagram { OPEN | DATAGRAM } else { OPEN };
    vm.heap.poke_raw(vm.heap.get(slot), SOCKET_WORD, flags | u32::from(id.0));
    lost::note(vm, lost::SOCKET | u32::from(id.0))
}

/// How an object of a socket that is open stands on the list of `lost.rs`.
pub(crate) fn open_word(vm: &Vm, object: Value<'_>) -> Option<u32> {
    let is_socket = vm.table_of(object).id == table::SOCKET;
    let word = if is_socket { vm.heap.raw(object, SOCKET_WORD) } else { 0 };
    if word & OPEN != 0 { Some(lost::SOCKET | word & 0xffff) } else { None }
}

/// Closes a socket without an object.
pub(crate) fn abandon(vm: &mut Vm, id: u16) {
    if let Some(network) = vm.board().network() {
        network.close(SocketId(id));
    }
}

/// Runs an operation of the board's network; its errors become OSError.
pub(crate) fn with_network<R>(
    vm: &mut Vm,
    body: impl FnOnce(&mut dyn Network) -> Result<R, Errno>,
) -> PyResult<R> {
    let res = match vm.board().network() {
        Some(network) => body(network),
        None => Err(Errno::NODEV),
    };
    res.map_err(|errno| vm.raise_os(errno))
}

/// The number of an open socket.
fn id_of(vm: &mut Vm, this: Local) -> PyResult<SocketId> {
    let word = vm.heap.raw(vm.heap.get(this), SOCKET_WORD);
    if word & OPEN == 0 {
        return Err(vm.raise_os(Errno::BADF));
    }
    Ok(SocketId(word as u16))
}

/// How long operations on a socket may wait.
struct Patience {
    timeout: u32,
    deadline: Option<u64>,
}

impl Patience {
    fn of(vm: &mut Vm, this: Local) -> Self {
        let timeout = vm.heap.raw(vm.heap.get(this), TIMEOUT);
        let deadline = match timeout {
            FOREVER | 0 => None,
            _ => Some(after(vm, u64::from(timeout) * 1000)),
        };
        Self { timeout, deadline }
    }

    /// Waits after an operation that could not proceed; OSError if that is not to be.
    fn wait(&self, vm: &mut Vm) -> PyResult<()> {
        if self.timeout == 0 {
            return Err(vm.raise_os(Errno::AGAIN));
        }
        if pause(vm, self.deadline)? { Ok(()) } else { Err(vm.raise_os(Errno::TIMEDOUT)) }
    }
}

/// Repeats an operation until it can proceed or the socket's patience ends.
fn persist<R>(
    vm: &mut Vm,
    this: Local,
    mut attempt: impl FnMut(&mut Vm) -> Result<R, Errno>,
) -> PyResult<R> {
    let patience = Patience::of(vm, this);
    let mut reaped = false;
    loop {
        match attempt(vm) {
            Ok(done) => return Ok(done),
            Err(Errno::AGAIN) => patience.wait(vm)?,
            Err(Errno::MFILE | Errno::NOBUFS) if !reaped && lost::reap(vm)? => reaped = true,
            Err(errno) => return Err(vm.raise_os(errno)),
        }
    }
}

fn network(board: &mut dyn octopy_hal::Board) -> Result<&mut dyn Network, Errno> {
    board.network().ok_or(Errno::NODEV)
}

/// See [`stream`]. A socket that does not block gives `None` instead of an error.
pub(crate) fn read_some(vm: &mut Vm, this: Local, into: &BufferLook) -> PyResult<Option<u32>> {
    let id = id_of(vm, this)?;
    if into.len == 0 {
        return Ok(Some(0));
    }
    let patience = Patience::of(vm, this);
    loop {
        match lend_mut(vm, into, |board, bytes| network(board)?.recv(id, bytes)) {
            Ok(got) => return Ok(Some(got as u32)),
            Err(Errno::AGAIN) if patience.timeout == 0 => return Ok(None),
            Err(Errno::AGAIN) => patience.wait(vm)?,
            Err(errno) => return Err(vm.raise_os(errno)),
        }
    }
}

/// See [`stream`].
pub(crate) fn write_some(vm: &mut Vm, this: Local, from: &BufferLook) -> PyResult<Option<u32>> {
    let id = id_of(vm, this)?;
    let patience = Patience::of(vm, this);
    loop {
        match lend(vm, from, |board, bytes| network(board)?.send(id, bytes)) {
            Ok(0) if from.len > 0 => return Err(vm.raise_os(Errno::CONNRESET)),
            Ok(sent) => return Ok(Some(sent as u32)),
            Err(Errno::AGAIN) if patience.timeout == 0 => return Ok(None),
            Err(Errno::AGAIN) => patience.wait(vm)?,
            Err(errno) => return Err(vm.raise_os(errno)),
        }
    }
}

/// What a socket is ready for; `None` if it is closed.
pub(crate) fn ready(vm: &mut Vm, this: Local) -> Option<Ready> {
    let word = vm.heap.raw(vm.heap.get(this), SOCKET_WORD);
    let network = vm.board().network().filter(|_| word & OPEN != 0)?;
    Some(network.ready(SocketId(word as u16)))
}

fn socket_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    let word = vm.heap.raw(vm.heap.get(this), SOCKET_WORD);
    let state = if word & OPEN != 0 { word & 0xffff } else { u32::MAX };
    let timeout = vm.heap.raw(vm.heap.get(this), TIMEOUT);
    vm.write_numbers(out, "<socket %d timeout=%d>", &[state, timeout])
}

fn accept(vm: &mut Vm, this: Local) -> PyResult<Local> {
    let id = id_of(vm, this)?;
    // Room first: a connection that was taken must not be lost.
    let first = alloc(vm)?;
    let address = vm.push(Value::NONE)?;
    let (socket, peer) = persist(vm, this, |vm| network(vm.board())?.accept(id))?;
    fill(vm, first, socket, SocketKind::Stream)?;
    let peer = endpoint_tuple(vm, peer)?;
    vm.heap.set(address, vm.heap.get(peer));
    vm.alloc_tuple(first, 2)
}

fn bind(vm: &mut Vm, this: Local, address: Local) -> PyResult<()> {
    let id = id_of(vm, this)?;
    let local = endpoint_of(vm, address)?;
    with_network(vm, |network| network.bind(id, local))
}

fn close(vm: &mut Vm, this: Local) -> PyResult<()> {
    let object = vm.heap.get(this);
    let word = vm.heap.raw(object, SOCKET_WORD);
    vm.heap.poke_raw(object, SOCKET_WORD, word & !OPEN);
    if word & OPEN != 0 {
        lost::forget(vm, lost::SOCKET | word & 0xffff)?;
        abandon(vm, word as u16);
    }
    Ok(())
}

fn connect(vm: &mut Vm, this: Local, address: Local) -> PyResult<()> {
    let id = id_of(vm, this)?;
    let remote = endpoint_of(vm, address)?;
    let patience = Patience::of(vm, this);
    loop {
        let res = network(vm.board()).and_then(|network| network.connect(id, remote));
        match res {
            Ok(()) => return Ok(()),
            Err(errno @ (Errno::INPROGRESS | Errno::ALREADY)) if patience.timeout == 0 => {
                return Err(vm.raise_os(errno));
            }
            Err(Errno::INPROGRESS | Errno::ALREADY | Errno::AGAIN) => patience.wait(vm)?,
            Err(errno) => return Err(vm.raise_os(errno)),
        }
    }
}

fn listen(vm: &mut Vm, this: Local, backlog: Option<i32>) -> PyResult<()> {
    let id = id_of(vm, this)?;
    let backlog = backlog.unwrap_or(2).clamp(1, 128) as u16;
    with_network(vm, |network| network.listen(id, backlog))
}

fn makefile(_vm: &mut Vm, this: Local, _rest: octopy_vm::Rest) -> PyResult<Local> {
    Ok(this)
}

/// Most bytes that one `recv` asks for at once: what a network can have ready.
const RECV_MAX: u32 = 64 * 1024;

fn recv(vm: &mut Vm, this: Local, count: u32, _flags: Option<i32>) -> PyResult<Local> {
    let read = stream::read_bytes(vm, this, count.min(RECV_MAX), true)?;
    if vm.heap.get(read).is_none() {
        return Err(vm.raise_os(Errno::AGAIN));
    }
    Ok(read)
}

fn recv_into(vm: &mut Vm, this: Local, buf: Local, count: Option<u32>) -> PyResult<u32> {
    let look = vm.writable_buffer_of(buf);
    let look = octopy_vm::held(&look)?;
    match read_some(vm, this, &look.part(0, count.unwrap_or(u32::MAX)))? {
        Some(got) => Ok(got),
        None => Err(vm.raise_os(Errno::AGAIN)),
    }
}

fn recvfrom(vm: &mut Vm, this: Local, count: u32, _flags: Option<i32>) -> PyResult<Local> {
    let id = id_of(vm, this)?;
    let first = vm.push(Value::NONE)?;
    let address = vm.push(Value::NONE)?;
    let made = vm.alloc_text(Kind::Bytes, count.min(RECV_MAX))?;
    let len = count.min(RECV_MAX);
    let into = BufferLook { object: made, at: 4, len, typecode: b'B', writable: true };
    let (got, peer) = persist(vm, this, |vm| {
        lend_mut(vm, &into, |board, bytes| network(board)?.recv_from(id, bytes))
    })?;
    let data = vm.alloc_from_buffer(Kind::Bytes, &into.part(0, got as u32))?;
    vm.heap.set(first, vm.heap.get(data));
    let peer = endpoint_tuple(vm, peer)?;
    vm.heap.set(address, vm.heap.get(peer));
    vm.alloc_tuple(first, 2)
}

fn send(vm: &mut Vm, this: Local, data: Local, _flags: Option<i32>) -> PyResult<u32> {
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    match stream::write_all(vm, this, look)? {
        Some(sent) => Ok(sent),
        None => Err(vm.raise_os(Errno::AGAIN)),
    }
}

fn sendall(vm: &mut Vm, this: Local, data: Local, flags: Option<i32>) -> PyResult<()> {
    let wanted = vm.buffer_of(data)?.len;
    let sent = send(vm, this, data, flags)?;
    if sent < wanted { Err(vm.raise_os(Errno::AGAIN)) } else { Ok(()) }
}

fn sendto(vm: &mut Vm, this: Local, data: Local, address: Local) -> PyResult<u32> {
    let id = id_of(vm, this)?;
    let remote = endpoint_of(vm, address)?;
    let look = vm.buffer_of(data);
    let look = octopy_vm::held(&look)?;
    let sent = persist(vm, this, |vm| {
        lend(vm, look, |board, bytes| network(board)?.send_to(id, bytes, remote))
    })?;
    Ok(sent as u32)
}

fn setblocking(vm: &mut Vm, this: Local, flag: bool) -> PyResult<()> {
    id_of(vm, this)?;
    vm.heap.poke_raw(vm.heap.get(this), TIMEOUT, if flag { FOREVER } else { 0 });
    Ok(())
}

fn settimeout(vm: &mut Vm, this: Local, seconds: Local) -> PyResult<()> {
    id_of(vm, this)?;
    let timeout = if vm.heap.get(seconds).is_none() {
        FOREVER
    } else {
        // Negative becomes 0; FOREVER itself is kept free.
        ((vm.to_float(seconds)? * 1000.0) as u32).min(FOREVER - 1)
    };
    vm.heap.poke_raw(vm.heap.get(this), TIMEOUT, timeout);
    Ok(())
}

fn setsockopt(vm: &mut Vm, this: Local, level: i32, option: i32, value: Local) -> PyResult<()> {
    let id = id_of(vm, this)?;
    match (level, option) {
        (SOL_SOCKET, SO_REUSEADDR) => {
            let on = vm.is_true(value)?;
            with_network(vm, |network| network.set_reuse_addr(id, on))
        }
        // Hints that need no answer.
        (SOL_SOCKET, SO_BROADCAST | SO_KEEPALIVE) | (6, TCP_NODELAY) => Ok(()),
        _ => Err(vm.raise_os(Errno::OPNOTSUPP)),
    }
}
