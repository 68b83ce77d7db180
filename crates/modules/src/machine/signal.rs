//! `machine.Signal` and `machine.PinBase`: what a pin says may be upside down.
//!
//! Layout of a Signal: NativeState with type; raw: whether it is inverted; values: the pin.

use crate::{keyword, table};
use octopy_vm::{Args, Kind, Local, PyResult, Value, Vm, class, q};

class! {
    /// The base of pins made in Python, which have a method `value`.
    pub static PIN_BASE = PinBase (table::PIN_BASE) {
        slots { new: base_new }
    }
}

class! {
    /// A pin by what it means: on or off. Calling it is `value`.
    pub static SIGNAL = Signal (table::SIGNAL) {
        slots { new: signal_new, call: signal_call }
        /// Makes it inactive.
        off = method (off, this),
        /// Makes it active.
        on = method (on, this),
        /// Whether it is active, or makes it so.
        value = method (value, this, active),
    }
}

const TYPE: u32 = 0;
const INVERTED: u32 = 1;
const PIN: u32 = 4;
const WORDS: u32 = 5;

fn base_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    // The arguments are those of a class made in Python, which knows what to do with them.
    let made = vm.alloc(Kind::NativeState, PIN)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(table::PIN_BASE));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn signal_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&Args { n_kw: 0, ..args }, 1, 1)?;
    let [invert] = keyword::keywords(vm, &args, [q::invert])?;
    let inverted = match invert {
        Some(invert) => vm.is_true(invert)?,
        None => false,
    };
    let made = vm.alloc(Kind::NativeState, WORDS)?;
    let object = vm.heap.get(made);
    vm.heap.poke_raw(object, TYPE, u32::from(table::SIGNAL));
    vm.heap.poke_raw(object, INVERTED, u32::from(inverted));
    vm.heap.poke(object, PIN, vm.heap.get(args.base));
    vm.heap.set(args.ret, object);
    Ok(())
}

fn signal_call(vm: &mut Vm, this: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 0, 1)?;
    let result = value(vm, this, args.pos(0))?;
    vm.heap.set(args.ret, vm.heap.get(result));
    Ok(())
}

fn value(vm: &mut Vm, this: Local, active: Option<Local>) -> PyResult<Local> {
    if let Some(active) = active {
        let active = vm.is_true(active)?;
        set(vm, this, active)?;
        return vm.push(Value::NONE);
    }
    let pin = vm.push_word(this, PIN)?;
    let method = vm.attr(pin, q::value)?;
    let level = vm.call(method, &[])?;
    let level = vm.to_i64(level)? ^ i64::from(vm.heap.raw(vm.heap.get(this), INVERTED));
    vm.alloc_int(level)
}

fn on(vm: &mut Vm, this: Local) -> PyResult<()> {
    set(vm, this, true)
}

fn off(vm: &mut Vm, this: Local) -> PyResult<()> {
    set(vm, this, false)
}

fn set(vm: &mut Vm, this: Local, active: bool) -> PyResult<()> {
    let level = active != (vm.heap.raw(vm.heap.get(this), INVERTED) != 0);
    let pin = vm.push_word(this, PIN)?;
    let method = vm.attr(pin, q::value)?;
    let level = vm.push(Value::from_bool(level))?;
    vm.call(method, &[level]).map(drop)
}
