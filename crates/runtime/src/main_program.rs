//! The main program: running code in `__main__`, and reporting what it raised.

use octopy_heap::Local;
use octopy_vm::{Out, PyResult, Vm};

/// Runs code in `__main__`.
pub(crate) fn execute(vm: &mut Vm, code: Local) -> PyResult<()> {
    let globals = vm.main_globals()?;
    vm.execute(code, globals, globals)?;
    Ok(())
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
