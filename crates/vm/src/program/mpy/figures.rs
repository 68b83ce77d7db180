//! Verifying loaded code, and giving it the figures that it really needs.
//!
//! A file says how many slots a function uses altogether; how many of them are locals follows from
//! the code.

use crate::types::code;
use crate::types::list;
use crate::{PyResult, Vm};
use octopy_bytecode::verify::{self, Figures, Function, Scratch, Survey, free_variables};
use octopy_compiler::CodeParts;
use octopy_heap::{Heap, Kind, Local, Value};
use octopy_mpy::Fault;
use octopy_qstr::{Qstr, q};

/// The verifier's memory: a Buffer.
struct HeapScratch<'h> {
    heap: &'h Heap,
    buffer: Value<'h>,
}

impl Scratch for HeapScratch<'_> {
    fn word(&self, at: u32) -> u32 {
        if at < self.heap.words(self.buffer) { self.heap.raw(self.buffer, at) } else { 0 }
    }

    fn set_word(&mut self, at: u32, word: u32) -> bool {
        let fits = at < self.heap.words(self.buffer);
        if fits {
            self.heap.poke_raw(self.buffer, at, word);
        }
        fits
    }
}

/// Verifies a module's code object and all that it can make functions of.
pub(super) fn verify(vm: &mut Vm, module: Local, n_names: u32, n_consts: u32) -> PyResult<()> {
    // Code objects to verify, each followed by its number of free variables.
    let todo = list::alloc(vm, 4)?;
    let scratch = vm.alloc(Kind::Buffer, 256)?;
    let function = vm.push(Value::NULL)?;
    let mark = vm.mark();
    vm.heap.set(function, vm.heap.get(module));
    let mut n_free = 0;
    loop {
        vm.stop_if_interrupted()?;
        let found = examine(vm, function, scratch, n_free, n_names, n_consts)?;
        let Some(figures) = found else {
            return Err(vm.raise_mpy(Fault::Incompatible));
        };
        settle(vm, function, n_free, figures)?;
        push_children(vm, function, scratch, todo)?;
        vm.release(mark);
        let heap = &vm.heap;
        let object = heap.get(todo);
        let Some(len) = list::len(heap, object).checked_sub(2) else { return Ok(()) };
        heap.set(function, list::item(heap, object, len));
        n_free = list::item(heap, object, len + 1).as_small().unwrap_or(0) as u32;
        list::set_len(heap, object, len);
    }
}

/// Verifies one function; `None` if it cannot be run.
fn examine(
    vm: &mut Vm,
    function: Local,
    scratch: Local,
    n_free: u32,
    n_names: u32,
    n_consts: u32,
) -> PyResult<Option<Figures>> {
    let args = vm.heap.raw(vm.heap.get(function), code::ARGS);
    let (n_pos, n_defaults) = (args & 0xff, args >> 16 & 0xff);
    if n_pos < n_free + n_defaults {
        return Ok(None);
    }
    let Ok(survey) = verify::survey(&described(&vm.heap, function, n_free, n_names, n_consts))
    else {
        return Ok(None);
    };
    clear(vm, scratch, &survey)?;
    let heap = &vm.heap;
    let mut scratch = HeapScratch { heap, buffer: heap.get(scratch) };
    let described = described(heap, function, n_free, n_names, n_consts);
    Ok(verify::verify(&described, &survey, &mut scratch).ok())
}

/// A function as the verifier wants it.
fn described(
    heap: &Heap,
    function: Local,
    n_free: u32,
    n_names: u32,
    n_consts: u32,
) -> Function<'_> {
    let object = heap.get(function);
    let args = heap.raw(object, code::ARGS);
    let flags = (args >> 24) as u8;
    let stars = (flags & (CodeParts::VAR_ARGS | CodeParts::VAR_KEYWORDS)).count_ones();
    let children = heap.word(object, code::CHILDREN);
    Function {
        code: code::bytecode(heap, object),
        n_names,
        n_consts,
        n_children: if children.is_null() { 0 } else { heap.words(children) },
        n_params: code::n_named(args) + stars,
        n_free,
        cells: code::cells(heap, object),
        is_generator: flags & CodeParts::GENERATOR != 0,
        max_state: heap.raw(object, code::SIZES),
        max_handlers: code::handlers(heap.raw(object, code::ENTRY)),
    }
}

/// Makes the scratch memory as long as it has to be, and all zero.
fn clear(vm: &mut Vm, scratch: Local, survey: &Survey) -> PyResult<()> {
    if survey.words > vm.heap.words(vm.heap.get(scratch)) {
        let mark = vm.mark();
        let longer = vm.alloc(Kind::Buffer, survey.words)?;
        vm.heap.set(scratch, vm.heap.get(longer));
        vm.release(mark);
        return Ok(());
    }
    let buffer = vm.heap.get(scratch);
    for at in 0..survey.words {
        vm.heap.poke_raw(buffer, at, 0);
    }
    Ok(())
}

/// Writes down what the verifier found.
fn settle(vm: &mut Vm, function: Local, n_free: u32, figures: Figures) -> PyResult<()> {
    let heap = &vm.heap;
    let object = heap.get(function);
    heap.poke_raw(object, code::SIZES, figures.n_locals | figures.max_stack << 16);
    let args = heap.raw(object, code::ARGS);
    let special = CodeParts::GENERATOR | CodeParts::VAR_ARGS | CodeParts::VAR_KEYWORDS;
    let is_special = args >> 24 & u32::from(special) != 0 || args >> 8 & 0xff != 0;
    let n_cells = heap.raw(object, code::TAIL) & 0xff;
    let is_simple = !is_special && n_free == 0 && n_cells == 0;
    let simple = if is_simple { args & 0xff } else { code::NOT_SIMPLE };
    let name = Qstr(heap.raw(object, code::ENTRY) as u16);
    heap.poke_raw(object, code::ENTRY, code::entry(simple, figures.max_handlers, name));
    // That it has free variables is told from their names.
    if n_free > 0 {
        let first = code::bytecode(heap, object).len() + code::lines(heap, object).len();
        let mark = vm.mark();
        let bytes = vm.push_word(function, code::BYTES)?;
        let names = vm.heap.bytes_mut(bytes, 1).get_mut(first..).unwrap_or_default();
        for name in names.as_chunks_mut().0.iter_mut().take(n_free as usize) {
            *name = q::star.0.to_le_bytes();
        }
        vm.release(mark);
    }
    Ok(())
}

/// Puts the children that functions are made of on the list; the others are dropped.
fn push_children(vm: &mut Vm, function: Local, scratch: Local, todo: Local) -> PyResult<()> {
    let children = vm.push_word(function, code::CHILDREN)?;
    if vm.heap.get(children).is_null() {
        return Ok(());
    }
    for idx in 0..vm.heap.words(vm.heap.get(children)) {
        let mark = vm.mark();
        let heap = &vm.heap;
        let scratch = HeapScratch { heap, buffer: heap.get(scratch) };
        match free_variables(&scratch, idx) {
            Some(n_free) => {
                let child = vm.push_word(children, idx)?;
                list::push(vm, todo, child)?;
                let n_free = vm.push(Value::from_small(n_free as i32))?;
                list::push(vm, todo, n_free)?;
            }
            None => vm.heap.poke(vm.heap.get(children), idx, Value::NULL),
        }
        vm.release(mark);
    }
    Ok(())
}
