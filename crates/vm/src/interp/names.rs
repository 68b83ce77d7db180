//! Instructions on names, attributes, locals and constants.

use super::{Interp, Step, Stop};
use crate::Vm;
use crate::types::{code, function};
use crate::types::{dict, exception};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

impl Interp<'_> {
    /// The name with this index in the module's table.
    #[inline(always)]
    fn name(&self, index: u32) -> Qstr {
        let heap = self.window.of(&self.vm.heap);
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        let name = heap.word(heap.word(code, code::NAMES), code::FIRST_NAME + index);
        Qstr((name.bits() >> 3) as u16)
    }

    #[inline(always)]
    pub(super) fn load_const_string(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.push(Value::from_qstr(name.0))
    }

    pub(super) fn load_name(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let vm = &mut *self.vm;
        let locals = vm.roots.locals.get(&vm.heap);
        if let Some(value) = vm.lookup_cached(locals, name, self.ip) {
            vm.heap.set(Local::<octopy_heap::Any>::at(self.sp), value);
            self.sp += 4;
            return Ok(());
        }
        let place = self.ip;
        self.load_global_named(name, place)
    }

    #[inline(always)]
    pub(super) fn load_global(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let place = self.ip;
        let heap = self.window.of(&self.vm.heap);
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        let globals = heap.word(heap.word(code, code::NAMES), code::GLOBALS);
        let table = heap.word(globals, dict::TABLE);
        let guess = self.vm.guess(place);
        if !table.is_null()
            && guess < heap.raw(table, dict::STATE) >> dict::USED_SHIFT
            && heap.word(table, dict::key_word(guess)) == Value::from_qstr(name.0)
        {
            heap.set(self.top(), heap.word(table, dict::value_word(guess)));
            self.sp += 4;
            return Ok(());
        }
        self.apart(|interp| interp.load_global_search(name, place))
    }

    #[inline(never)]
    fn load_global_search(&mut self, name: Qstr, place: u32) -> Step {
        let heap = &self.vm.heap;
        let globals = function::globals(heap, heap.get(self.function()));
        if dict::flags(heap, globals) & dict::MIXED == 0 {
            if let Some(entry) = dict::find_name(heap, globals, name) {
                let table = heap.word(globals, dict::TABLE);
                heap.set(self.top(), heap.word(table, dict::value_word(entry)));
                self.vm.remember(place, entry);
                self.sp += 4;
                return Ok(());
            }
            self.sync();
            let value = load_builtin(self.vm, name, place)?;
            return self.replace(0, value);
        }
        self.load_global_named(name, place)
    }

    #[inline(never)]
    fn load_global_named(&mut self, name: Qstr, place: u32) -> Step {
        self.sync();
        let function = self.function();
        let value = load_global_slow(self.vm, function, name, place)?;
        self.replace(0, value)
    }

    #[inline(always)]
    pub(super) fn load_attr(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let place = self.ip;
        let object = self.below(1);
        self.sync();
        self.vm.load_attr(object, name, place)?;
        self.refresh();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn load_method(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let place = self.ip;
        self.sync();
        let slot = self.below(1);
        self.vm.load_method(slot, name, place)?;
        self.sp += 4;
        self.refresh();
        Ok(())
    }

    pub(super) fn load_super_method(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let (class, object) = (self.below(2), self.below(1));
        let vm = &mut *self.vm;
        let Some(found) = vm.super_lookup(class, object, name)? else {
            let mut short = crate::raise::ShortText::new();
            short.push(b"'super' object has no attribute '");
            short.push(vm.name_text(name));
            short.push(b"'");
            return Err(vm.raise_short(&exception::ATTRIBUTE_ERROR, &short).into());
        };
        let value = vm.heap.get(found);
        let callable = Local::<octopy_heap::Any>::at(self.sp - 12);
        if vm.heap.is_kind(value, Kind::BoundMethod) {
            vm.heap.set(callable.offset(1), vm.heap.word(value, 1));
            vm.heap.set(callable, vm.heap.word(value, 0));
        } else {
            vm.heap.set(callable, value);
            vm.heap.set(callable.offset(1), Value::NULL);
        }
        self.sp -= 4;
        self.refresh();
        Ok(())
    }

    pub(super) fn store_name(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let value = self.below(1);
        let vm = &mut *self.vm;
        let locals = vm.push(Value::NULL)?;
        vm.heap.set(locals, vm.roots.locals.get(&vm.heap));
        vm.store_name(locals, name, value)?;
        self.sp -= 4;
        self.refresh();
        Ok(())
    }

    pub(super) fn store_global(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let place = self.ip;
        let heap = self.window.of(&self.vm.heap);
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        let globals = heap.word(heap.word(code, code::NAMES), code::GLOBALS);
        let table = heap.word(globals, dict::TABLE);
        let guess = self.vm.guess(place);
        if !table.is_null()
            && guess < heap.raw(table, dict::STATE) >> dict::USED_SHIFT
            && heap.word(table, dict::key_word(guess)) == Value::from_qstr(name.0)
        {
            heap.poke(table, dict::value_word(guess), heap.get(self.below(1)));
            self.sp -= 4;
            return Ok(());
        }
        self.sync();
        let value = self.below(1);
        let function = self.function();
        let globals = self.vm.globals_of(function)?;
        self.vm.store_name(globals, name, value)?;
        let look = self.vm.heap.get(globals);
        if let Some(entry) = dict::find_name(&self.vm.heap, look, name) {
            self.vm.remember(place, entry);
        }
        self.sp -= 4;
        self.refresh();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn store_attr(&mut self, name: u32) -> Step {
        let name = self.name(name);
        let place = self.ip;
        self.sync();
        let (value, object) = (self.below(2), self.below(1));
        if self.vm.heap.get(value).is_null() {
            self.vm.store_attr(object, name, None)?;
        } else {
            self.vm.store_attr_fast(object, name, value, place)?;
        }
        self.sp -= 8;
        self.refresh();
        Ok(())
    }

    pub(super) fn delete_name(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let vm = &mut *self.vm;
        let locals = vm.push(Value::NULL)?;
        vm.heap.set(locals, vm.roots.locals.get(&vm.heap));
        self.delete_from(locals, name)
    }

    pub(super) fn delete_global(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let function = self.function();
        let globals = self.vm.globals_of(function)?;
        self.delete_from(globals, name)
    }

    fn delete_from(&mut self, namespace: Local, name: Qstr) -> Step {
        if !self.vm.delete_name(namespace, name)? {
            return Err(raise_name(self.vm, name));
        }
        self.refresh();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn load_const_obj(&mut self, object: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let code = heap.word(heap.get(self.function()), function::CODE_WORD);
        let consts = heap.word(heap.word(code, code::NAMES), code::CONSTS);
        heap.set(self.top(), heap.word(consts, code::FIRST_CONST + object));
        self.sp += 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn load_const_small_int(&mut self, value: i32) -> Step {
        match Value::small(value) {
            Some(small) => self.push(small),
            None => self.apart(|interp| interp.load_const_large(value)),
        }
    }

    #[cold]
    #[inline(never)]
    fn load_const_large(&mut self, value: i32) -> Step {
        self.sync();
        let slot = self.vm.alloc_int(i64::from(value))?;
        self.replace(0, slot)
    }

    #[inline(always)]
    pub(super) fn load_const_small_int_multi(&mut self, value: i32) -> Step {
        self.push(Value::from_small(value))
    }

    #[inline(always)]
    pub(super) fn load_const_false(&mut self) -> Step {
        self.push(Value::FALSE)
    }

    #[inline(always)]
    pub(super) fn load_const_none(&mut self) -> Step {
        self.push(Value::NONE)
    }

    #[inline(always)]
    pub(super) fn load_const_true(&mut self) -> Step {
        self.push(Value::TRUE)
    }

    #[inline(always)]
    pub(super) fn load_null(&mut self) -> Step {
        self.push(Value::NULL)
    }

    pub(super) fn load_build_class(&mut self) -> Step {
        let place = self.ip;
        self.load_global_named(q::__build_class__, place)
    }

    #[inline(always)]
    fn local(&self, n: u32) -> Local {
        Local::at(self.base + 4 * n)
    }

    #[inline(always)]
    pub(super) fn load_fast_n(&mut self, local: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let value = heap.get(self.local(local));
        if value.is_null() {
            return Err(raise_unbound(self.vm));
        }
        heap.set(self.top(), value);
        self.sp += 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn load_fast_multi(&mut self, local: u32) -> Step {
        // There are 16 of these instructions. A mask needs no constant of 32 bits, as the difference
        // to the first of them does.
        self.load_fast_n(local & 0xf)
    }

    #[inline(always)]
    pub(super) fn store_fast_n(&mut self, local: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        heap.set(self.local(local), heap.get(self.below(1)));
        self.sp -= 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn store_fast_multi(&mut self, local: u32) -> Step {
        self.store_fast_n(local & 0xf)
    }

    pub(super) fn delete_fast(&mut self, local: u32) -> Step {
        let slot = self.local(local);
        if self.vm.heap.get(slot).is_null() {
            return Err(raise_unbound(self.vm));
        }
        self.vm.heap.set(slot, Value::NULL);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn load_deref(&mut self, local: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let value = heap.word(heap.get(self.local(local)), 0);
        if value.is_null() {
            return Err(raise_unbound(self.vm));
        }
        heap.set(self.top(), value);
        self.sp += 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn store_deref(&mut self, local: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        heap.poke(heap.get(self.local(local)), 0, heap.get(self.below(1)));
        self.sp -= 4;
        Ok(())
    }

    pub(super) fn delete_deref(&mut self, local: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let cell = heap.get(self.local(local));
        if heap.word(cell, 0).is_null() {
            return Err(raise_unbound(self.vm));
        }
        heap.poke_immediate(cell, 0, Value::NULL);
        Ok(())
    }

    pub(super) fn import_name(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let (level, names) = (self.below(2), self.below(1));
        let module = self.vm.import_statement(name, level, names)?;
        self.replace(2, module)
    }

    pub(super) fn import_from(&mut self, name: u32) -> Step {
        let name = self.name(name);
        self.sync();
        let module = self.below(1);
        let value = self.vm.import_from(module, name)?;
        self.replace(0, value)
    }

    pub(super) fn import_star(&mut self) -> Step {
        self.sync();
        let module = self.below(1);
        self.vm.import_star(module)?;
        self.sp -= 4;
        self.refresh();
        Ok(())
    }
}

/// A name that is not in the function's globals, pushed: in the builtins, or an error.
fn load_global_slow(vm: &mut Vm, function: Local, name: Qstr, place: u32) -> Result<Local, Stop> {
    let globals = function::globals(&vm.heap, vm.heap.get(function));
    if let Some(value) = vm.lookup(globals, name) {
        return vm.heap.push(value).map_err(|_| vm.raise_recursion().into());
    }
    load_builtin(vm, name, place)
}

/// A name that the globals do not have, pushed. Remembers the row for the next time at this place.
fn load_builtin(vm: &mut Vm, name: Qstr, place: u32) -> Result<Local, Stop> {
    let assigned = vm.roots.builtins.get(&vm.heap);
    if !assigned.is_null() {
        if let Some(value) = vm.lookup(assigned, name) {
            return vm.heap.push(value).map_err(|_| vm.raise_recursion().into());
        }
    }
    let builtins = vm.builtins;
    let guess = vm.guess(place);
    let row = match builtins.rows.get(guess as usize) {
        Some(row) if row.name() == name => guess as u16,
        _ => match builtins.find(name) {
            Some(row) => {
                vm.remember(place, u32::from(row));
                row
            }
            None => return Err(raise_name(vm, name)),
        },
    };
    Ok(vm.push_row(builtins, row)?)
}

#[cold]
fn raise_name(vm: &mut Vm, name: Qstr) -> Stop {
    let mut short = crate::raise::ShortText::new();
    short.push(b"name '");
    short.push(vm.name_text(name));
    short.push(b"' isn't defined");
    vm.raise_short(&exception::NAME_ERROR, &short).into()
}

#[cold]
#[inline(never)]
fn raise_unbound(vm: &mut Vm) -> Stop {
    vm.raise(&exception::NAME_ERROR, "local variable referenced before assignment").into()
}
