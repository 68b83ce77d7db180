//! `json`: values as text.

mod parse;
mod write;

use crate::keyword::keywords;
use octopy_vm::args::Rest;
use octopy_vm::{Args, Kind, Local, Out, PyResult, Vm, module, q};

module! {
    /// Values as text.
    pub static JSON = json (crate::table::JSON) {
        __name__ = name (json),
        /// Writes a value to a stream.
        dump = function (dump, value, stream, **),
        /// A value as text.
        ///
        /// >>> json.dumps({'a': [1, None]})
        /// '{"a": [1, null]}'
        dumps = function (dumps, value, **),
        /// The value that a stream's text stands for.
        load = function (load, stream),
        /// The value that a text stands for.
        loads = function (loads, text),
    }
}

/// The two texts of the argument `separators`.
fn separators(vm: &mut Vm, args: &Args) -> PyResult<Option<(Local, Local)>> {
    vm.check_args(&Args { n_kw: 0, ..*args }, 0, 0)?;
    let [given] = keywords(vm, args, [q::separators])?;
    let Some(given) = given.filter(|given| !vm.heap.get(*given).is_none()) else {
        return Ok(None);
    };
    let pair = vm.tuple_from(given)?;
    if vm.heap.words(vm.heap.get(pair)) != 2 {
        return Err(vm.raise_value("separators must be two strings"));
    }
    let item = vm.push_word(pair, 0)?;
    let key = vm.push_word(pair, 1)?;
    for separator in [item, key] {
        if !vm.is_str(separator) {
            return Err(vm.raise_convert(separator, "str"));
        }
    }
    Ok(Some((item, key)))
}

fn dumps(vm: &mut Vm, value: Local, rest: Rest) -> PyResult<Local> {
    let separators = separators(vm, &rest.0)?;
    let builder = vm.alloc_builder()?;
    write::Writer { out: Out::Builder(builder), separators }.value(vm, value)?;
    vm.builder_str(builder)
}

fn dump(vm: &mut Vm, value: Local, stream: Local, rest: Rest) -> PyResult<()> {
    let text = dumps(vm, value, rest)?;
    let write = vm.attr(stream, q::write)?;
    crate::stream::write_by(vm, write, text)
}

fn loads(vm: &mut Vm, text: Local) -> PyResult<Local> {
    let look = vm.buffer_of(text)?;
    let is_text = vm.is_str(text) || vm.native_part(text, Kind::Str)?.is_some();
    parse::parse(vm, look, is_text)
}

fn load(vm: &mut Vm, stream: Local) -> PyResult<Local> {
    let text = match vm.opt_attr(stream, q::read)? {
        Some(read) => vm.call(read, &[])?,
        None => {
            let readinto = vm.attr(stream, q::readinto)?;
            crate::stream::read_by(vm, readinto)?
        }
    };
    loads(vm, text)
}
