//! Instructions that build, unpack and shuffle.

use super::{Interp, Step};
use crate::types::{code, function};
use crate::types::{list, set};
use octopy_heap::{Kind, Local, Value};

impl Interp<'_> {
    #[inline(always)]
    pub(super) fn dup_top(&mut self) -> Step {
        let heap = self.window.of(&self.vm.heap);
        heap.set(self.top(), heap.get(self.below(1)));
        self.sp += 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn dup_top_two(&mut self) -> Step {
        let heap = self.window.of(&self.vm.heap);
        heap.set(self.top(), heap.get(self.below(2)));
        heap.set(self.top().offset(1), heap.get(self.below(1)));
        self.sp += 8;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn pop_top(&mut self) -> Step {
        self.sp -= 4;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn rot_two(&mut self) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let (a, b) = (heap.get(self.below(2)), heap.get(self.below(1)));
        heap.set(self.below(2), b);
        heap.set(self.below(1), a);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn rot_three(&mut self) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let a = heap.get(self.below(3));
        let (b, c) = (heap.get(self.below(2)), heap.get(self.below(1)));
        heap.set(self.below(3), c);
        heap.set(self.below(2), a);
        heap.set(self.below(1), b);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn build_tuple(&mut self, count: u32) -> Step {
        self.sync();
        let first = self.below(count);
        let tuple = self.vm.alloc_tuple(first, count)?;
        self.replace(count, tuple)
    }

    pub(super) fn build_list(&mut self, count: u32) -> Step {
        self.sync();
        let first = self.below(count);
        let list = list::from_slots(self.vm, first, count)?;
        self.replace(count, list)
    }

    pub(super) fn build_map(&mut self, count: u32) -> Step {
        self.sync();
        let dict = self.vm.alloc_dict(count)?;
        self.replace(0, dict)
    }

    pub(super) fn store_map(&mut self) -> Step {
        self.sync();
        let (dict, value, key) = (self.below(3), self.below(2), self.below(1));
        self.check_collection(dict, Kind::Dict)?;
        self.vm.dict_store(dict, key, value)?;
        self.sp -= 8;
        self.refresh();
        Ok(())
    }

    pub(super) fn build_set(&mut self, count: u32) -> Step {
        self.sync();
        let first = self.below(count);
        let made = set::alloc(self.vm, Kind::Set)?;
        for idx in 0..count {
            set::add(self.vm, made, first.offset(idx))?;
        }
        self.replace(count, made)
    }

    pub(super) fn build_slice(&mut self, count: u32) -> Step {
        self.sync();
        let first = self.below(count);
        let slice = self.vm.alloc(Kind::Slice, 3)?;
        let heap = self.window.of(&self.vm.heap);
        let object = heap.get(slice);
        heap.init(object, 0, heap.get(first));
        heap.init(object, 1, heap.get(first.offset(1)));
        let step = if count == 3 { heap.get(first.offset(2)) } else { Value::NONE };
        heap.init(object, 2, step);
        self.replace(count, slice)
    }

    pub(super) fn store_comp(&mut self, place: u32) -> Step {
        self.sync();
        // As in MicroPython the place counts from below the item.
        let collection = self.below((place >> 2) + 1);
        match place & 3 {
            0 => {
                let item = self.below(1);
                self.check_collection(collection, Kind::List)?;
                list::push(self.vm, collection, item)?;
                self.sp -= 4;
            }
            1 => {
                let (value, key) = (self.below(2), self.below(1));
                self.check_collection(collection, Kind::Dict)?;
                self.vm.dict_store(collection, key, value)?;
                self.sp -= 8;
            }
            _ => {
                let item = self.below(1);
                self.check_collection(collection, Kind::Set)?;
                set::add(self.vm, collection, item)?;
                self.sp -= 4;
            }
        }
        self.refresh();
        Ok(())
    }

    pub(super) fn unpack_sequence(&mut self, count: u32) -> Step {
        let heap = self.window.of(&self.vm.heap);
        let sequence = heap.get(self.below(1));
        if heap.is_kind(sequence, Kind::Tuple) && heap.words(sequence) == count {
            let first = self.below(1);
            for idx in 0..count {
                heap.set(first.offset(count - 1 - idx), heap.word(sequence, idx));
            }
            self.sp += 4 * count;
            self.sp -= 4;
            return Ok(());
        }
        self.unpack_slow(count, 0, false)
    }

    pub(super) fn unpack_ex(&mut self, counts: u32) -> Step {
        self.unpack_slow(counts & 0xff, counts >> 8 & 0xff, true)
    }

    #[inline(never)]
    fn unpack_slow(&mut self, before: u32, after: u32, starred: bool) -> Step {
        self.sync();
        let vm = &mut *self.vm;
        let source = Local::<octopy_heap::Any>::at(self.sp - 4);
        let items = vm.list_from(source)?;
        let len = list::len(&vm.heap, vm.heap.get(items));
        let fixed = before + after;
        if len < fixed {
            let text = "need more than %u values to unpack";
            return Err(vm
                .raise_numbers(&crate::types::exception::VALUE_ERROR, text, &[len])
                .into());
        }
        if len > fixed && !starred {
            let text = "too many values to unpack (expected %u)";
            return Err(vm
                .raise_numbers(&crate::types::exception::VALUE_ERROR, text, &[fixed])
                .into());
        }
        let total = fixed + u32::from(starred);
        let middle = if starred {
            let first = vm.mark();
            for idx in before..len - after {
                let item = list::item(&vm.heap, vm.heap.get(items), idx);
                if vm.heap.push(item).is_err() {
                    return Err(vm.raise_recursion().into());
                }
            }
            let rest = list::from_slots(vm, Local::at(first), len - fixed)?;
            Some(vm.keep(first, rest))
        } else {
            None
        };
        // The results overlap the slots of the temporaries, so they are built above, then moved.
        let mark = vm.mark();
        for idx in (0..total).rev() {
            let value = if starred && idx == before {
                middle.map_or(Value::NULL, |slot| vm.heap.get(slot))
            } else {
                let at = if starred && idx > before { len - (total - idx) } else { idx };
                list::item(&vm.heap, vm.heap.get(items), at)
            };
            if vm.heap.push(value).is_err() {
                return Err(vm.raise_recursion().into());
            }
        }
        let from = Local::<octopy_heap::Any>::at(mark);
        for idx in 0..total {
            vm.heap.set(source.offset(idx), vm.heap.get(from.offset(idx)));
        }
        self.sp = source.offset(total).addr();
        self.refresh();
        Ok(())
    }

    /// Pushes the child code object with this index.
    fn push_child(&mut self, child: u32) -> Result<Local, super::Stop> {
        let function = self.function();
        let code = self.vm.push_word(function, function::CODE_WORD)?;
        let children = self.vm.push_word(code, code::CHILDREN)?;
        let child = self.vm.push_word(children, child)?;
        let heap = &self.vm.heap;
        let names = heap.word(heap.get(code), code::NAMES);
        if heap.word(heap.get(child), code::NAMES) == names {
            return Ok(child);
        }
        // The running code is a copy that has other globals.
        let names = self.vm.push_word(code, code::NAMES)?;
        Ok(function::copy_code(self.vm, child, names)?)
    }

    /// Whether the cells of a closure are cells, and defaults what the code expects.
    fn fits(&self, code: Local, defaults: Option<Local>, cells: u32, n_cells: u32) -> bool {
        let heap = &self.vm.heap;
        let cells = Local::<octopy_heap::Any>::at(cells.max(4));
        let are_cells =
            (0..n_cells).all(|idx| heap.is_kind(heap.get(cells.offset(idx)), Kind::Cell));
        let Some(defaults) = defaults else { return are_cells };
        let args = heap.raw(heap.get(code), code::ARGS);
        let count = args >> 16 & 0xff;
        let (tuple, dict) = (heap.get(defaults), heap.get(defaults.offset(1)));
        let is_tuple = heap.is_kind(tuple, Kind::Tuple) && heap.words(tuple) >= count;
        are_cells
            && (tuple.is_null() || is_tuple)
            && (dict.is_null()
                || code::has_keyword_defaults(args) && heap.is_kind(dict, Kind::Dict))
    }

    /// That a collection of loaded code is of the type that the instruction adds to.
    fn check_collection(&mut self, collection: Local, kind: Kind) -> Step {
        if cfg!(feature = "mpy") && !self.vm.heap.is_kind(self.vm.heap.get(collection), kind) {
            return Err(self.vm.bug("wrong collection").into());
        }
        Ok(())
    }

    fn make(&mut self, child: u32, defaults: Option<Local>, cells: u32, n_cells: u32) -> Step {
        let count = n_cells + if defaults.is_some() { 2 } else { 0 };
        let code = self.push_child(child)?;
        let made = function::alloc(self.vm, code, n_cells)?;
        let heap = self.window.of(&self.vm.heap);
        let object = heap.get(made);
        // Of code that was loaded, the verifier knows how much is on the stack, not of what type.
        if cfg!(feature = "mpy") && !self.fits(code, defaults, cells, n_cells) {
            return Err(self.vm.bug("wrong defaults or cells").into());
        }
        let code = heap.get(code);
        let args = heap.raw(code, code::ARGS);
        if let Some(defaults) = defaults {
            let (tuple, dict) = (heap.get(defaults), heap.get(defaults.offset(1)));
            if !tuple.is_null() {
                let to = function::FIRST_DEFAULT;
                self.vm.heap.copy_words(tuple, 0, object, to, args >> 16 & 0xff);
            }
            if code::has_keyword_defaults(args) {
                heap.init(object, function::keyword_defaults(args), dict);
            }
        }
        if n_cells > 0 {
            // The cells are arguments that the caller does not give: they have to be bound.
            heap.poke_raw(code, code::ENTRY, heap.raw(code, code::ENTRY) | code::BOUND);
        }
        for idx in 0..n_cells {
            let cell = heap.get(Local::<octopy_heap::Any>::at(cells).offset(idx));
            heap.init(object, function::first_cell(args) + idx, cell);
        }
        self.replace(count, made)
    }

    pub(super) fn make_function(&mut self, child: u32) -> Step {
        self.sync();
        self.make(child, None, 0, 0)
    }

    pub(super) fn make_function_defargs(&mut self, child: u32) -> Step {
        self.sync();
        let defaults = self.below(2);
        self.make(child, Some(defaults), 0, 0)
    }

    pub(super) fn make_closure(&mut self, child: u32, cells: u8) -> Step {
        self.sync();
        let n_cells = u32::from(cells);
        let first = self.below(n_cells).addr();
        self.make(child, None, first, n_cells)
    }

    pub(super) fn make_closure_defargs(&mut self, child: u32, cells: u8) -> Step {
        self.sync();
        let n_cells = u32::from(cells);
        let first = self.below(n_cells).addr();
        let defaults = self.below(n_cells + 2);
        self.make(child, Some(defaults), first, n_cells)
    }
}
