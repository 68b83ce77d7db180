//! `sys`: the interpreter.

use crate::collections::named_tuple;
use octopy_vm::types::{dict, exception, list};
use octopy_vm::{
    Kind, Local, Out, PrintKind, PyResult, Qstr, StateSlot, Table, UnaryOp, Value, Vm, module, q,
};

module! {
    /// The interpreter, its arguments and its search path.
    pub static SYS = sys (crate::table::SYS) {
        __name__ = name (sys),
        /// Sets the function that is called at the end, returns the one before.
        atexit = function (atexit, function),
        byteorder = name (little),
        /// The exception being handled: type, value and None.
        exc_info = function (exc_info),
        /// Ends the program by raising SystemExit.
        exit = function (exit, value),
        /// Bytes of an object in the heap, without what it refers to.
        getsizeof = function (getsizeof, object),
        /// The interned string with this text.
        intern = function (intern, text),
        maxsize = int (i32::MAX),
        /// Prints an exception with its traceback.
        print_exception = function (print_exception, exception, file),
    }
}

/// What `sys.implementation.version` says: the MicroPython whose behaviour is the specification.
const MICROPYTHON_VERSION: [i32; 3] = [1, 29, 0];
/// `sys.version_info`
const PYTHON_VERSION: [i32; 3] = [3, 4, 0];
const VERSION_TEXT: &str =
    concat!("3.4.0; MicroPython v1.29.0, by Octopy ", env!("CARGO_PKG_VERSION"));
/// Version 6.3 of the bytecode.
const MPY: i32 = 6 | 3 << 8;

fn exit(vm: &mut Vm, value: Option<Local>) -> PyResult<()> {
    Err(match value {
        Some(value) => vm.raise_with(&exception::SYSTEM_EXIT, value)?,
        None => vm.raise_bare(&exception::SYSTEM_EXIT),
    })
}

fn atexit(vm: &mut Vm, function: Local) -> PyResult<Local> {
    let before = vm.state(StateSlot::AtExit)?;
    if vm.heap.get(before).is_null() {
        vm.heap.set(before, Value::NONE);
    }
    vm.set_state(StateSlot::AtExit, function);
    Ok(before)
}

fn exc_info(vm: &mut Vm) -> PyResult<Local> {
    let first = vm.push(Value::NONE)?;
    let second = vm.push(Value::NONE)?;
    vm.push(Value::NONE)?;
    if let Some(handled) = vm.handled_exception()? {
        let class = vm.type_of(handled)?;
        vm.heap.set(first, vm.heap.get(class));
        vm.heap.set(second, vm.heap.get(handled));
    }
    vm.alloc_tuple(first, 3)
}

fn getsizeof(vm: &mut Vm, object: Local) -> PyResult<u32> {
    let value = vm.heap.get(object);
    if vm.heap.is_kind(value, Kind::Instance) {
        let sized = vm.unary_op(UnaryOp::Sizeof, object);
        match sized {
            Ok(size) => return vm.to_u32(size),
            Err(_) => vm.clear_exception(),
        }
    }
    let value = vm.heap.get(object);
    if !value.is_ref() {
        return Ok(0);
    }
    let mut size = octopy_heap::object_size(vm.heap.words(value));
    if let Some(octopy_heap::Layout::Traced(raw)) = vm.heap.kind(value).map(Kind::layout) {
        // Storage that belongs to this object alone.
        for idx in u32::from(raw)..vm.heap.words(value) {
            let part = vm.heap.word(value, idx);
            if let Some(Kind::Buffer | Kind::Words | Kind::Items | Kind::Table) = vm.heap.kind(part)
            {
                size += octopy_heap::object_size(vm.heap.words(part));
            }
            if vm.heap.is_kind(part, Kind::Table) {
                size += dict::index_size(&vm.heap, part);
            }
        }
    }
    Ok(size)
}

fn intern(vm: &mut Vm, text: Qstr) -> PyResult<Qstr> {
    let _ = vm;
    Ok(text)
}

fn print_exception(vm: &mut Vm, exception: Local, file: Option<Local>) -> PyResult<()> {
    let sink = match file {
        None => None,
        Some(file) => match vm.opt_attr(file, q::write)? {
            Some(write) => Some((vm.alloc_builder()?, write)),
            None => return Err(crate::stream::unsupported(vm)),
        },
    };
    let out = sink.map_or(Out::Console, |(builder, _)| Out::Builder(builder));
    if exception::is_exception(vm, exception) {
        vm.print_exception(exception, out)?;
    } else {
        vm.print(exception, out, PrintKind::Str)?;
        vm.write(out, b"\n")?;
    }
    if let Some((builder, write)) = sink {
        let text = vm.builder_str(builder)?;
        crate::stream::write_by(vm, write, text)?;
    }
    Ok(())
}

/// Where a settable attribute of `sys` is kept.
fn state_of(name: Qstr) -> Option<StateSlot> {
    Some(match name {
        q::path => StateSlot::SysPath,
        q::argv => StateSlot::SysArgv,
        q::ps1 => StateSlot::Ps1,
        q::ps2 => StateSlot::Ps2,
        _ => return None,
    })
}

/// The names of the attributes that are not in the table.
pub(crate) const COMPUTED: &[Qstr] = &[
    q::argv,
    q::implementation,
    q::modules,
    q::path,
    q::platform,
    q::ps1,
    q::ps2,
    q::version,
    q::version_info,
];

/// The attributes that are not in the table.
pub(crate) fn attr(vm: &mut Vm, name: Qstr) -> PyResult<Option<Local>> {
    if let Some(state) = state_of(name) {
        let value = vm.state(state)?;
        if vm.heap.get(value).is_null() {
            let default = match name {
                q::ps1 => vm.alloc_str(b">>> ")?,
                q::ps2 => vm.alloc_str(b"... ")?,
                _ => list::alloc(vm, 0)?,
            };
            vm.set_state(state, default);
            return Ok(Some(default));
        }
        return Ok(Some(value));
    }
    match name {
        q::stdin | q::stdout | q::stderr => crate::stdio::named(vm, name),
        q::modules => vm.modules().map(Some),
        q::platform => {
            let platform = vm.board().identity().platform;
            vm.alloc_str(platform.as_bytes()).map(Some)
        }
        q::version => vm.alloc_str(VERSION_TEXT.as_bytes()).map(Some),
        q::version_info => {
            let first = push_version(vm, PYTHON_VERSION)?;
            vm.alloc_tuple(first, 3).map(Some)
        }
        q::implementation => implementation(vm).map(Some),
        _ => Ok(None),
    }
}

/// Replaces (or deletes) an attribute; false for what cannot be.
pub(crate) fn store(vm: &mut Vm, name: Qstr, value: Option<Local>) -> PyResult<bool> {
    let (Some(state), Some(value)) = (state_of(name), value) else { return Ok(false) };
    vm.set_state(state, value);
    Ok(true)
}

fn push_version(vm: &mut Vm, version: [i32; 3]) -> PyResult<Local> {
    let first = vm.push(Value::from_small(version[0]))?;
    vm.push(Value::from_small(version[1]))?;
    vm.push(Value::from_small(version[2]))?;
    Ok(first)
}

fn implementation(vm: &mut Vm) -> PyResult<Local> {
    let identity = vm.board().identity();
    let version = push_version(vm, MICROPYTHON_VERSION)?;
    vm.push(Value::from_qstr(q::empty.0))?;
    let version = vm.alloc_tuple(version, 4)?;
    let builder = vm.alloc_builder()?;
    vm.write(Out::Builder(builder), identity.board.as_bytes())?;
    if !identity.mcu.is_empty() {
        vm.write(Out::Builder(builder), b" with ")?;
        vm.write(Out::Builder(builder), identity.mcu.as_bytes())?;
    }
    let machine = vm.builder_str(builder)?;
    let build = vm.alloc_str(identity.board.as_bytes())?;
    let first = vm.push(Value::from_qstr(q::micropython.0))?;
    vm.copy(version)?;
    vm.copy(machine)?;
    vm.push(Value::from_small(MPY))?;
    vm.copy(build)?;
    let fields = [q::name, q::version, q::_machine, q::_mpy, q::_build];
    named_tuple::alloc(vm, q::empty, &fields, first)
}

/// The tables of this crate whose attributes are computed.
pub(crate) fn module_attr(
    vm: &mut Vm,
    table: &'static Table,
    name: Qstr,
) -> PyResult<Option<Local>> {
    match table.id {
        crate::table::SYS => attr(vm, name),
        #[cfg(feature = "environment")]
        crate::table::OS => crate::os::environment::attr(vm, name),
        #[cfg(feature = "ring-io")]
        crate::table::MICROPYTHON if name == q::RingIO => {
            vm.push(crate::ring_io::RING_IO.value()).map(Some)
        }
        crate::table::ERRNO if name == q::errorcode => crate::errno::errorcode(vm).map(Some),
        _ => Ok(None),
    }
}

/// As [`module_attr`], for assignment.
pub(crate) fn module_store(
    vm: &mut Vm,
    table: &'static Table,
    name: Qstr,
    value: Option<Local>,
) -> PyResult<bool> {
    match table.id {
        crate::table::SYS => store(vm, name, value),
        _ => Ok(false),
    }
}
