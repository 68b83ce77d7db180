//! `os.getenv` and its like, where there is an environment.

use octopy_hal::Environment;
use octopy_heap::Rom;
use octopy_vm::{Local, PyResult, Qstr, Value, Vm, class};

class! {
    /// The functions about the environment; not a type, but a place for them outside of `os`,
    /// which does not have them on boards.
    pub static ENVIRONMENT = os (crate::table::ENVIRONMENT) {
        /// The value of a variable, or the default.
        getenv = function (getenv, name, default),
        /// Sets a variable.
        putenv = function (putenv, name, value),
        /// Removes a variable.
        unsetenv = function (unsetenv, name),
    }
}

/// Longest name and value.
const LONGEST: usize = 1024;

/// A function of this table by its name, if the board has an environment.
pub(crate) fn attr(vm: &mut Vm, name: Qstr) -> PyResult<Option<Local>> {
    match ENVIRONMENT.find(name) {
        Some(row) if vm.board().environment().is_some() => {
            vm.push(Value::from_rom(Rom { table: ENVIRONMENT.id, row })).map(Some)
        }
        _ => Ok(None),
    }
}

/// Calls `body` with the environment and the texts of one or two strings.
fn with<R>(
    vm: &mut Vm,
    texts: [Option<Local>; 2],
    body: impl FnOnce(&mut dyn Environment, [&str; 2]) -> R,
) -> PyResult<Option<R>> {
    let mut copies = [[0; LONGEST]; 2];
    let mut lens = [0; 2];
    for ((copy, len), text) in copies.iter_mut().zip(&mut lens).zip(texts) {
        let Some(text) = text else { continue };
        if !vm.is_str(text) {
            return Err(vm.raise_convert(text, "str"));
        }
        let text = vm.text(vm.heap.get(text)).unwrap_or_default();
        if text.len() > LONGEST {
            return Err(vm.raise_value("name too long"));
        }
        *len = text.len();
        copy.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    }
    let text = |at: usize| {
        let bytes = copies.get(at).zip(lens.get(at)).and_then(|(copy, len)| copy.get(..*len));
        core::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    };
    let texts = [text(0), text(1)];
    Ok(vm.board().environment().map(|environment| body(environment, texts)))
}

fn getenv(vm: &mut Vm, name: Local, default: Option<Local>) -> PyResult<Option<Local>> {
    let mut value = [0; LONGEST];
    let found =
        with(vm, [Some(name), None], |environment, [name, _]| environment.get(name, &mut value))?;
    match found.flatten() {
        Some(len) => vm.alloc_str(value.get(..len.min(LONGEST)).unwrap_or_default()).map(Some),
        None => Ok(default),
    }
}

fn putenv(vm: &mut Vm, name: Local, value: Local) -> PyResult<()> {
    with(vm, [Some(name), Some(value)], |environment, [name, value]| {
        environment.set(name, Some(value));
    })?;
    Ok(())
}

fn unsetenv(vm: &mut Vm, name: Local) -> PyResult<()> {
    with(vm, [Some(name), None], |environment, [name, _]| environment.set(name, None))?;
    Ok(())
}
