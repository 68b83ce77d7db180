//! `eval`, `exec`, `compile`, `__import__`: programs that programs make.

use octopy_vm::{Args, CompileMode, Kind, Local, PyResult, Qstr, Rest, SourceText, Value, Vm, q};

pub(super) fn globals(vm: &mut Vm) -> PyResult<Local> {
    vm.globals()
}

pub(super) fn locals(vm: &mut Vm) -> PyResult<Local> {
    vm.locals()
}

pub(super) fn eval(
    vm: &mut Vm,
    source: Local,
    globals: Option<Local>,
    locals: Option<Local>,
) -> PyResult<Local> {
    run(vm, source, globals, locals, CompileMode::Eval)
}

pub(super) fn exec(
    vm: &mut Vm,
    source: Local,
    globals: Option<Local>,
    locals: Option<Local>,
) -> PyResult<Local> {
    run(vm, source, globals, locals, CompileMode::File)
}

pub(super) fn execfile(
    vm: &mut Vm,
    path: Local,
    globals: Option<Local>,
    locals: Option<Local>,
) -> PyResult<Local> {
    if !vm.is_str(path) {
        return Err(vm.raise_convert(path, "str"));
    }
    let code = crate::os::place::with_text(vm, path, crate::importer::compile_file)??;
    run(vm, code, globals, locals, CompileMode::File)
}

fn run(
    vm: &mut Vm,
    source: Local,
    globals: Option<Local>,
    locals: Option<Local>,
    mode: CompileMode,
) -> PyResult<Local> {
    let globals = namespace(vm, globals)?;
    let locals = match (namespace(vm, locals)?, globals) {
        (Some(locals), _) => locals,
        (None, Some(globals)) => globals,
        (None, None) => vm.locals()?,
    };
    let globals = match globals {
        Some(globals) => globals,
        None => vm.globals()?,
    };
    let code = if vm.heap.is_kind(vm.heap.get(source), Kind::Code) {
        source
    } else {
        let mut text = source_text(vm, source)?;
        vm.compile(&mut text, q::string_, mode)?
    };
    vm.execute(code, globals, locals)
}

/// The text of a program in a string or any object with bytes.
fn source_text(vm: &mut Vm, source: Local) -> PyResult<SourceText> {
    if let Some(Kind::Str | Kind::Bytes | Kind::ByteArray) = vm.heap.kind(vm.heap.get(source)) {
        return SourceText::new(vm, source);
    }
    if vm.is_str(source) {
        return SourceText::new(vm, source);
    }
    let look = vm.buffer_of(source);
    let look = octopy_vm::held(&look)?;
    let copy = vm.alloc_from_buffer(Kind::Bytes, look)?;
    SourceText::new(vm, copy)
}

/// A namespace that was given: a dict, or nothing for None.
fn namespace(vm: &mut Vm, slot: Option<Local>) -> PyResult<Option<Local>> {
    let Some(slot) = slot else { return Ok(None) };
    let value = vm.heap.get(slot);
    if value.is_none() {
        return Ok(None);
    }
    if vm.heap.is_kind(value, Kind::Dict) {
        return Ok(Some(slot));
    }
    Err(vm.raise_type("namespace must be a dict"))
}

pub(super) fn compile(
    vm: &mut Vm,
    source: Local,
    filename: Qstr,
    mode: Qstr,
    options: Rest,
) -> PyResult<Local> {
    // `flags`, `dont_inherit` and `optimize`, which change nothing.
    let all = Args { n_pos: options.0.n_pos.saturating_add(3), ..options.0 };
    vm.check_args(&all, 3, 6)?;
    let mode = match mode {
        q::exec => CompileMode::File,
        q::eval => CompileMode::Eval,
        q::single => CompileMode::Single,
        _ => return Err(vm.raise_value("bad compile mode")),
    };
    let mut text = source_text(vm, source)?;
    vm.compile(&mut text, filename, mode)
}

pub(super) fn import(
    vm: &mut Vm,
    name: Qstr,
    globals: Option<Local>,
    _locals: Option<Local>,
    fromlist: Option<Local>,
    level: Option<Local>,
) -> PyResult<Local> {
    let level = match level {
        Some(level) => level,
        None => vm.push(Value::from_small(0))?,
    };
    let names = match fromlist {
        Some(names) => names,
        None => vm.push(Value::NONE)?,
    };
    let globals = globals.filter(|globals| !vm.heap.get(*globals).is_none());
    vm.import_name(name, level, names, globals)
}
