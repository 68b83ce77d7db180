//! The main program: running code in `__main__`, and reporting what it raised.

use octopy_heap::Local;
use octopy_vm::{Out, PyResult, Vm};

/// Runs code in `__main__`, and what it has left to be served.
pub(crate) fn execute(vm: &mut Vm, code: Local) -> PyResult<()> {
    let globals = vm.main_globals()?;
    vm.execute(code, globals, globals)?;
    settle(vm)
}

/// Serves what a program that has ended asked for: scheduled functions, lines of `gc.log`. A
/// Ctrl-C that came too late to stop it is forgotten.
pub(crate) fn settle(vm: &mut Vm) -> PyResult<()> {
    vm.attention.take_interrupt();
    vm.check_interrupt()
}

/// Prints the pending exception and clears it. If printing itself fails (no memory for a
/// `__repr__`), the exception of that is printed without its text.
pub(crate) fn print_pending(vm: &mut Vm, out: Out) {
    let mark = vm.mark();
    let exception = vm.take_exception();
    if vm.print_exception(exception, out).is_err() {
        let second = vm.take_exception();
        let _ = vm.write(out, b"\n");
        let _ = vm.write_type_name(out, second);
        let _ = vm.write(out, b"\n");
        vm.clear_exception();
    }
    vm.release(mark);
}
