//! `enumerate`: items with their numbers.
//!
//! Layout: Native with type, iterator, the next number.

use crate::keyword::keywords;
use octopy_vm::{Args, Kind, Local, PyResult, Value, Vm, class, q};

class! {
    /// Pairs of number and item.
    pub static ENUMERATE = enumerate (crate::table::ENUMERATE) {
        slots { new: enumerate_new, next: enumerate_next }
    }
}

const ITERATOR: u32 = 1;
const NUMBER: u32 = 2;

fn enumerate_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    let [named, start] = keywords(vm, &args, [q::iterable, q::start])?;
    let (iterable, start) = (args.pos(0).or(named), args.pos(1).or(start));
    let Some(iterable) = iterable.filter(|_| args.n_pos <= 2) else {
        return vm.check_args(&args, 1, 2);
    };
    let iterator = vm.iter(iterable)?;
    let this = vm.alloc(Kind::Native, 3)?;
    let object = vm.heap.get(this);
    vm.heap.init(object, 0, ENUMERATE.value());
    vm.heap.init(object, ITERATOR, vm.heap.get(iterator));
    let start = start.map_or(Value::from_small(0), |start| vm.heap.get(start));
    vm.heap.init(object, NUMBER, start);
    vm.heap.set(args.ret, object);
    Ok(())
}

fn enumerate_next(vm: &mut Vm, this: Local) -> PyResult<Option<Local>> {
    let mark = vm.mark();
    let number = vm.push_word(this, NUMBER)?;
    let iterator = vm.push_word(this, ITERATOR)?;
    let Some(item) = vm.next(iterator)? else { return Ok(None) };
    let item = vm.keep(iterator.addr(), item);
    debug_assert!(item.addr() == number.offset(1).addr());
    let pair = vm.alloc_tuple(number, 2)?;
    let after = match vm.heap.get(number).as_small().and_then(|n| Value::small(n + 1)) {
        Some(after) => vm.push(after)?,
        None => {
            let int = vm.to_i64(number)?;
            vm.alloc_int(int.wrapping_add(1))?
        }
    };
    vm.heap.poke(vm.heap.get(this), NUMBER, vm.heap.get(after));
    Ok(Some(vm.keep(mark, pair)))
}
