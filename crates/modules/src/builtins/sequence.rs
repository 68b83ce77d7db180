//! Iterables: lengths, sums, extremes, sorting.

use crate::keyword::keywords;
use octopy_vm::args::Rest;
use octopy_vm::rom::Compare;
use octopy_vm::{Arith, Kind, Local, PyResult, Value, Vm, q};

pub(super) fn len(vm: &mut Vm, object: Local) -> PyResult<u32> {
    vm.len_of(object)
}

pub(super) fn iter(vm: &mut Vm, iterable: Local) -> PyResult<Local> {
    vm.iter(iterable)
}

pub(super) fn next(vm: &mut Vm, iterator: Local, default: Option<Local>) -> PyResult<Local> {
    if default.is_none() && vm.heap.is_kind(vm.heap.get(iterator), Kind::Generator) {
        // StopIteration carries what the generator returned.
        let method = vm.attr(iterator, q::__next__)?;
        return vm.call(method, &[]);
    }
    vm.forget_stop_value();
    match (vm.next(iterator)?, default) {
        (Some(item), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.raise_stop()?),
    }
}

/// Whether some item's truth is `wanted`.
fn has_truth(vm: &mut Vm, iterable: Local, wanted: bool) -> PyResult<bool> {
    let iterator = vm.iter(iterable)?;
    let mark = vm.mark();
    while let Some(item) = vm.next(iterator)? {
        if vm.is_true(item)? == wanted {
            return Ok(true);
        }
        vm.release(mark);
    }
    Ok(false)
}

pub(super) fn all(vm: &mut Vm, iterable: Local) -> PyResult<bool> {
    Ok(!has_truth(vm, iterable, false)?)
}

pub(super) fn any(vm: &mut Vm, iterable: Local) -> PyResult<bool> {
    has_truth(vm, iterable, true)
}

pub(super) fn sum(vm: &mut Vm, iterable: Local, start: Option<Local>) -> PyResult<Local> {
    let total = match start {
        Some(start) => vm.copy(start)?,
        None => vm.push(Value::from_small(0))?,
    };
    vm.for_each(iterable, |vm, item| {
        let sum = vm.arith(Arith::Add, false, total, item)?;
        vm.heap.set(total, vm.heap.get(sum));
        Ok(())
    })?;
    Ok(total)
}

pub(super) fn max(vm: &mut Vm, rest: Rest) -> PyResult<Local> {
    extreme(vm, rest, Compare::More)
}

pub(super) fn min(vm: &mut Vm, rest: Rest) -> PyResult<Local> {
    extreme(vm, rest, Compare::Less)
}

fn extreme(vm: &mut Vm, rest: Rest, op: Compare) -> PyResult<Local> {
    let args = rest.0;
    let [key, default] = keywords(vm, &args, [q::key, q::default])?;
    let key = key.filter(|key| !vm.heap.get(*key).is_none());
    let best = vm.push(Value::NULL)?;
    let best_key = vm.push(Value::NULL)?;
    let consider = |vm: &mut Vm, item: Local| {
        let item_key = match key {
            Some(key) => vm.call(key, &[item])?,
            None => item,
        };
        if vm.heap.get(best).is_null() || vm.ordered(op, item_key, best_key)? {
            vm.heap.set(best, vm.heap.get(item));
            vm.heap.set(best_key, vm.heap.get(item_key));
        }
        Ok(())
    };
    match args.n_pos {
        0 => {
            let args = octopy_vm::Args { n_kw: 0, ..args };
            vm.check_args(&args, 1, 255)?;
        }
        1 => vm.for_each(args.base, consider)?,
        count => {
            let mark = vm.mark();
            for idx in 0..count {
                consider(vm, args.base.offset(u32::from(idx)))?;
                vm.release(mark);
            }
        }
    }
    if !vm.heap.get(best).is_null() {
        return Ok(best);
    }
    default.ok_or(()).map_err(|()| vm.raise_value("arg is an empty sequence"))
}

pub(super) fn sorted(vm: &mut Vm, iterable: Local, rest: Rest) -> PyResult<Local> {
    if rest.0.n_pos > 0 {
        return Err(vm.raise_type("must use keyword argument for key function"));
    }
    let list = vm.list_from(iterable)?;
    let sort = vm.attr(list, q::sort)?;
    vm.call_with(sort, None, rest.0)?;
    Ok(list)
}
