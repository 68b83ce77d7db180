//! What modules do between two instructions: scheduled functions, lines of `gc.log`.

use octopy_vm::types::list;
use octopy_vm::{Kind, Local, Out, PyResult, StateSlot, Value, Vm};

/// Most functions that wait at a time.
const QUEUE: u32 = 16;

/// The VM's service function.
pub(crate) fn serve(vm: &mut Vm) -> PyResult<()> {
    let is_logging = crate::gc::print_new(vm)?;
    if is_logging {
        // Asked for again until logging ends.
        vm.attention.raise_service();
    }
    #[cfg(feature = "weakref")]
    crate::weakref::serve(vm)?;
    run_scheduled(vm)
}

/// Queues `function(argument)`; false when the queue is full.
pub(crate) fn schedule(vm: &mut Vm, function: Local, argument: Local) -> PyResult<bool> {
    let queue = match vm.state(StateSlot::Schedule)? {
        queue if vm.heap.is_kind(vm.heap.get(queue), Kind::List) => queue,
        _ => {
            let queue = list::alloc(vm, 2 * QUEUE)?;
            vm.set_state(StateSlot::Schedule, queue);
            queue
        }
    };
    if list::len(&vm.heap, vm.heap.get(queue)) >= 2 * QUEUE {
        return Ok(false);
    }
    list::push(vm, queue, function)?;
    list::push(vm, queue, argument)?;
    vm.attention.raise_service();
    Ok(true)
}

/// Asks for a KeyboardInterrupt in the program; one at a time, and not in a scheduled function.
pub(crate) fn schedule_interrupt(vm: &mut Vm) -> PyResult<()> {
    let busy = vm.state(StateSlot::Scheduling)?;
    if vm.heap.get(busy).is_null() {
        vm.attention.raise_interrupt();
    } else {
        let asked = vm.push(Value::NONE)?;
        vm.set_state(StateSlot::Scheduling, asked);
    }
    Ok(())
}

/// Runs what was queued, in order. What is queued meanwhile waits for the next time.
fn run_scheduled(vm: &mut Vm) -> PyResult<()> {
    let busy = vm.state(StateSlot::Scheduling)?;
    let queue = vm.state(StateSlot::Schedule)?;
    if !vm.heap.get(busy).is_null() || vm.heap.get(queue).is_null() {
        return Ok(());
    }
    let null = vm.push(Value::NULL)?;
    vm.set_state(StateSlot::Schedule, null);
    let busy = vm.push(Value::TRUE)?;
    vm.set_state(StateSlot::Scheduling, busy);
    let count = list::len(&vm.heap, vm.heap.get(queue)) / 2;
    let mut res = Ok(());
    for pair in 0..count {
        let mark = vm.mark();
        let items = vm.push_word(queue, list::ITEMS)?;
        let function = vm.push_word(items, list::FIRST + 2 * pair)?;
        let argument = vm.push_word(items, list::FIRST + 2 * pair + 1)?;
        if vm.call(function, &[argument]).is_err() {
            // The others still run; the program is not disturbed.
            res = report(vm);
        }
        vm.release(mark);
        if res.is_err() {
            break;
        }
    }
    let busy = vm.state(StateSlot::Scheduling)?;
    if vm.heap.get(busy).is_none() {
        vm.attention.raise_interrupt();
    }
    vm.set_state(StateSlot::Scheduling, null);
    // Something may have been queued and asked for service in vain.
    let queue = vm.state(StateSlot::Schedule)?;
    if !vm.heap.get(queue).is_null() {
        vm.attention.raise_service();
    }
    res
}

/// Prints the exception of a scheduled function.
fn report(vm: &mut Vm) -> PyResult<()> {
    let exception = vm.take_exception();
    vm.write(Out::Error, b"Uncaught exception in scheduled function\n")?;
    vm.print_exception(exception, Out::Error)
}
