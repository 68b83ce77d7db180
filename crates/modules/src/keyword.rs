//! Keyword arguments of natives that also take any number of positional ones.

use octopy_vm::types::exception;
use octopy_vm::{Args, Local, PyResult, Qstr, ShortText, Vm};

/// The values of the keyword arguments with these names; TypeError for any other.
pub(crate) fn keywords<const N: usize>(
    vm: &mut Vm,
    args: &Args,
    names: [Qstr; N],
) -> PyResult<[Option<Local>; N]> {
    let mut found = [None; N];
    for idx in 0..args.n_kw {
        let Some((name, value)) = args.kw(idx) else { break };
        let wanted = vm.heap.get(name).as_qstr();
        let place = names.iter().position(|name| Some(name.0) == wanted);
        match place.and_then(|place| found.get_mut(place)) {
            Some(slot) => *slot = Some(value),
            None => {
                let mut short = ShortText::new();
                short.push(b"unexpected keyword argument '");
                short.push(vm.text(vm.heap.get(name)).unwrap_or(b"?"));
                short.push(b"'");
                return Err(vm.raise_short(&exception::TYPE_ERROR, &short));
            }
        }
    }
    Ok(found)
}
