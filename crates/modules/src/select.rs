//! `select`: waiting for streams.
//!
//! Layout of a poll object: NativeState with type; values: a list with the stream, the events
//! wanted and the events found, one after the other.

use crate::device::after;
#[cfg(feature = "ring-io")]
use crate::ring_io;
use crate::{socket, stdio, stream, table};
use octopy_hal::Errno;
use octopy_vm::types::list;
use octopy_vm::{Kind, Local, Out, PrintKind, PyResult, Value, Vm, class, module, q};

module! {
    /// Waiting for streams.
    pub static SELECT = select (table::SELECT) {
        __name__ = name (select),
        POLLERR = int (POLLERR),
        POLLHUP = int (POLLHUP),
        POLLIN = int (POLLIN),
        POLLOUT = int (POLLOUT),
        /// A set of streams to wait for.
        poll = function (poll_new),
        /// Waits for one of lists of streams to be ready to read, to write, or to have failed.
        select = function (select, readers, writers, failing, timeout),
    }
}

class! {
    /// A set of streams to wait for.
    pub static POLL = poll (table::POLL) {
        slots { print: poll_print }
        /// As `poll`, for a `for` loop.
        ipoll = method (ipoll, this, timeout, flags),
        /// Changes the events to wait for.
        modify = method (modify, this, stream, events),
        /// Waits so many milliseconds; a list of streams and what happened to them.
        poll = method (poll, this, timeout),
        /// Adds a stream.
        register = method (register, this, stream, events),
        /// Removes a stream.
        unregister = method (unregister, this, stream),
    }
}

const POLLIN: i32 = 1;
const POLLOUT: i32 = 4;
const POLLERR: i32 = 8;
const POLLHUP: i32 = 16;
/// What a closed socket answers.
const POLLNVAL: i32 = 32;

/// The request for readiness that `ioctl` of a stream made in Python gets.
const IOCTL_POLL: i32 = 3;

/// Streams made in Python cannot wake the board: it looks again after so many microseconds.
const LOOK_AGAIN: u64 = 1000;

/// Word of the list.
const LIST: u32 = 4;
/// Items of the list for each stream.
const STRIDE: u32 = 3;

fn poll_new(vm: &mut Vm) -> PyResult<Local> {
    let list = list::alloc(vm, 2 * STRIDE)?;
    let made = vm.alloc(Kind::NativeState, 5)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, 0, u32::from(table::POLL));
    vm.heap.init(object, LIST, vm.heap.get(list));
    Ok(made)
}

fn poll_print(vm: &mut Vm, _this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<poll>")
}

/// The list of a poll object, pushed.
fn list_of(vm: &mut Vm, this: Local) -> PyResult<Local> {
    vm.push_word(this, LIST)
}

fn count(vm: &Vm, list: Local) -> u32 {
    list::len(&vm.heap, vm.heap.get(list)) / STRIDE
}

/// Item `part` of entry `n`: 0 the stream, 1 the events wanted, 2 those found.
fn entry(vm: &Vm, list: Local, n: u32, part: u32) -> Value<'_> {
    list::item(&vm.heap, vm.heap.get(list), n * STRIDE + part)
}

fn set_entry(vm: &Vm, list: Local, n: u32, part: u32, events: i32) {
    let events = Value::from_small(events);
    list::set_item(&vm.heap, vm.heap.get(list), n * STRIDE + part, events);
}

fn push_stream(vm: &mut Vm, list: Local, n: u32) -> PyResult<Local> {
    let items = vm.push_word(list, list::ITEMS)?;
    vm.push_word(items, list::FIRST + n * STRIDE)
}

fn place_of(vm: &Vm, list: Local, stream: Local) -> Option<u32> {
    (0..count(vm, list)).find(|&n| entry(vm, list, n, 0) == vm.heap.get(stream))
}

/// The native stream that a value is or has inside, pushed.
fn native_stream(vm: &mut Vm, stream: Local) -> PyResult<Local> {
    Ok(vm.native_part(stream, Kind::NativeState)?.unwrap_or(stream))
}

/// Adds a stream to a list, or more events to one that is there.
fn add(vm: &mut Vm, list: Local, stream: Local, events: i32) -> PyResult<()> {
    if let Some(n) = place_of(vm, list, stream) {
        set_entry(vm, list, n, 1, events);
        return Ok(());
    }
    // Something that cannot be waited for is refused now and not later.
    let mark = vm.mark();
    events_of(vm, stream, 0)?;
    let events = vm.push(Value::from_small(events & 0xffff))?;
    let found = vm.push(Value::from_small(0))?;
    for item in [stream, events, found] {
        list::push(vm, list, item)?;
    }
    vm.release(mark);
    Ok(())
}

/// What has happened to a stream, of the events wanted and of those that always count.
fn events_of(vm: &mut Vm, stream: Local, wanted: i32) -> PyResult<i32> {
    let native = native_stream(vm, stream)?;
    let (mut read, mut write, mut hangup) = (true, true, false);
    match stream::type_of(vm, native) {
        table::SOCKET => {
            let Some(ready) = socket::ready(vm, native) else { return Ok(POLLNVAL) };
            (read, write, hangup) = (ready.read, ready.write, ready.hangup);
        }
        table::TEXT_STDIO | table::STDIO => {
            read = stdio::is_readable(vm, native);
            write = !stdio::is_input(vm, native);
        }
        #[cfg(feature = "ring-io")]
        table::RING_IO => {
            let (count, room) = ring_io::fill(vm, native);
            (read, write) = (count > 0, room > 0);
        }
        table::TEXT_FILE | table::BINARY_FILE | table::STRING_IO | table::BYTES_IO => {}
        _ => return python_events(vm, stream, wanted),
    }
    let mut found = 0;
    found |= if read { POLLIN & wanted } else { 0 };
    found |= if write { POLLOUT & wanted } else { 0 };
    found |= if hangup { POLLHUP } else { 0 };
    Ok(found)
}

/// Asks a stream made in Python.
fn python_events(vm: &mut Vm, stream: Local, wanted: i32) -> PyResult<i32> {
    let Some(ioctl) = vm.opt_attr(stream, q::ioctl)? else {
        return Err(stream::unsupported(vm));
    };
    if wanted == 0 {
        return Ok(0);
    }
    let request = vm.push(Value::from_small(IOCTL_POLL))?;
    let argument = vm.push(Value::from_small(wanted))?;
    let found = vm.call(ioctl, &[request, argument])?;
    match vm.to_i32(found)? {
        found @ 0.. => Ok(found),
        error => {
            let errno = Errno::new(u16::try_from(error.unsigned_abs()).unwrap_or(0));
            Err(vm.raise_os(errno))
        }
    }
}

/// Looks at every stream of a list once: how many are ready, and whether some are made in Python.
fn look(vm: &mut Vm, list: Local) -> PyResult<(u32, bool)> {
    let (mut ready, mut python) = (0, false);
    let mark = vm.mark();
    // The list may shrink while Python code runs.
    let mut n = 0;
    while n < count(vm, list) {
        let stream = push_stream(vm, list, n)?;
        let wanted = entry(vm, list, n, 1).as_small().unwrap_or(0);
        let native = native_stream(vm, stream)?;
        python |= !matches!(
            stream::type_of(vm, native),
            table::SOCKET | table::TEXT_STDIO | table::STDIO
        );
        let found = if wanted == 0 { 0 } else { events_of(vm, stream, wanted)? };
        if n < count(vm, list) {
            set_entry(vm, list, n, 2, found & 0xffff);
            ready += u32::from(found != 0);
        }
        vm.release(mark);
        n += 1;
    }
    Ok((ready, python))
}

/// Waits until a stream of the list is ready or the deadline has passed.
fn wait(vm: &mut Vm, list: Local, timeout: Option<u64>) -> PyResult<u32> {
    let deadline = timeout.map(|micros| after(vm, micros));
    loop {
        vm.check_interrupt()?;
        let (ready, python) = look(vm, list)?;
        let now = vm.board().micros();
        if ready > 0 || deadline.is_some_and(|deadline| now >= deadline) {
            return Ok(ready);
        }
        let mut until = deadline;
        if python {
            let soon = now.saturating_add(LOOK_AGAIN);
            until = Some(until.map_or(soon, |until| until.min(soon)));
        }
        vm.board().wait(until);
    }
}

/// A timeout in milliseconds; none for None and negative numbers.
fn milliseconds(vm: &mut Vm, timeout: Option<Local>) -> PyResult<Option<u64>> {
    match timeout {
        Some(slot) if !vm.heap.get(slot).is_none() => {
            let count = vm.to_i64(slot)?;
            Ok(u64::try_from(count).ok().map(|count| count.saturating_mul(1000)))
        }
        _ => Ok(None),
    }
}

fn register(vm: &mut Vm, this: Local, stream: Local, events: Option<i32>) -> PyResult<()> {
    let list = list_of(vm, this)?;
    add(vm, list, stream, events.unwrap_or(POLLIN | POLLOUT))
}

fn unregister(vm: &mut Vm, this: Local, stream: Local) -> PyResult<()> {
    let list = list_of(vm, this)?;
    let Some(n) = place_of(vm, list, stream) else { return Ok(()) };
    let pop = vm.attr(list, q::pop)?;
    for _ in 0..STRIDE {
        let mark = vm.mark();
        let index = vm.push(Value::from_small((n * STRIDE) as i32))?;
        vm.call(pop, &[index])?;
        vm.release(mark);
    }
    Ok(())
}

fn modify(vm: &mut Vm, this: Local, stream: Local, events: i32) -> PyResult<()> {
    let list = list_of(vm, this)?;
    match place_of(vm, list, stream) {
        Some(n) => {
            set_entry(vm, list, n, 1, events & 0xffff);
            Ok(())
        }
        None => Err(vm.raise_os(Errno::NOENT)),
    }
}

fn poll(vm: &mut Vm, this: Local, timeout: Option<Local>) -> PyResult<Local> {
    let list = list_of(vm, this)?;
    let timeout = milliseconds(vm, timeout)?;
    wait(vm, list, timeout)?;
    ready_list(vm, list, false)
}

fn ipoll(vm: &mut Vm, this: Local, timeout: Option<Local>, flags: Option<i32>) -> PyResult<Local> {
    let list = list_of(vm, this)?;
    let timeout = milliseconds(vm, timeout)?;
    wait(vm, list, timeout)?;
    let ready = ready_list(vm, list, flags.unwrap_or(0) & 1 != 0)?;
    vm.iter(ready)
}

/// The streams that were found ready, with their events. `once` stops waiting for those.
fn ready_list(vm: &mut Vm, list: Local, once: bool) -> PyResult<Local> {
    let made = list::alloc(vm, 1)?;
    let mark = vm.mark();
    for n in 0..count(vm, list) {
        let found = entry(vm, list, n, 2).as_small().unwrap_or(0);
        if found == 0 {
            continue;
        }
        let items = vm.push_word(list, list::ITEMS)?;
        let first = vm.push_word(items, list::FIRST + n * STRIDE)?;
        vm.push(Value::from_small(found))?;
        let pair = vm.alloc_tuple(first, 2)?;
        list::push(vm, made, pair)?;
        if once {
            set_entry(vm, list, n, 1, 0);
        }
        vm.release(mark);
    }
    Ok(made)
}

fn select(
    vm: &mut Vm,
    readers: Local,
    writers: Local,
    failing: Local,
    timeout: Option<Local>,
) -> PyResult<Local> {
    let timeout = match timeout {
        Some(slot) if !vm.heap.get(slot).is_none() => {
            let seconds = vm.to_float(slot)?;
            if seconds < 0.0 { None } else { Some((seconds * 1_000_000.0) as u64) }
        }
        _ => None,
    };
    let sets = [(readers, POLLIN), (writers, POLLOUT), (failing, POLLERR | POLLHUP)];
    let list = list::alloc(vm, 2 * STRIDE)?;
    for (streams, events) in sets {
        vm.for_each(streams, |vm, stream| {
            let before = place_of(vm, list, stream);
            let before = before.and_then(|n| entry(vm, list, n, 1).as_small()).unwrap_or(0);
            add(vm, list, stream, before | events)
        })?;
    }
    wait(vm, list, timeout)?;
    let first = vm.mark();
    for _ in sets {
        list::alloc(vm, 0)?;
    }
    let mark = vm.mark();
    for n in 0..count(vm, list) {
        let found = entry(vm, list, n, 2).as_small().unwrap_or(0);
        let stream = push_stream(vm, list, n)?;
        for (idx, (_, events)) in (0..).zip(sets) {
            if found & events != 0 {
                list::push(vm, Local::<octopy_vm::Any>::at(first).offset(idx), stream)?;
            }
        }
        vm.release(mark);
    }
    vm.alloc_tuple(Local::at(first), sets.len() as u32)
}
