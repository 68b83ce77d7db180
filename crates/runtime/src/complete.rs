//! Completing names at the prompt: what the Tab key finds.
//!
//! The names are those that `dir()` gives for the object before the last dot, those of `__main__`
//! where there is no dot, or those of the native modules after `import`.

use octopy_modules::{BUILTINS, REGISTRY};
use octopy_qstr::q;
use octopy_repl::Completion;
use octopy_vm::types::list;
use octopy_vm::{Local, Out, PyResult, Vm};

const IMPORT: &[u8] = b"import ";

/// Width of a column of names, and how many there are.
const COLUMN: usize = 16;
const COLUMNS: usize = 4;

/// Longest name that is completed.
const LONGEST: usize = 64;

/// Completes the name that ends `line`; see [`octopy_repl::Terminal::complete`].
pub(crate) fn complete(vm: &mut Vm, line: &[u8], out: &mut [u8]) -> Completion {
    let mark = vm.mark();
    let found = find(vm, line, out);
    if found.is_err() {
        vm.clear_exception();
    }
    vm.release(mark);
    found.unwrap_or(Completion::None)
}

fn find(vm: &mut Vm, line: &[u8], out: &mut [u8]) -> PyResult<Completion> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let start = line.iter().rposition(|byte| !is_part(byte)).map_or(0, |at| at + 1);
    let chain = line.get(start..).unwrap_or_default();
    let dot = chain.iter().rposition(|&byte| byte == b'.');
    let stem = chain.get(dot.map_or(0, |at| at + 1)..).unwrap_or_default();
    let names = if line.starts_with(IMPORT) {
        Some(native_modules(vm)?)
    } else {
        names_in(vm, dot.and_then(|dot| chain.get(..dot)))?
    };
    let Some(names) = names else { return Ok(Completion::None) };
    let mut prefix = Prefix { bytes: [0; LONGEST], len: 0, count: 0 };
    for_each_match(vm, names, stem, |_, name| {
        prefix.narrow(name);
        Ok(())
    })?;
    let text = match prefix.count {
        0 if start == 0 && dot.is_none() && !stem.is_empty() && IMPORT.starts_with(stem) => IMPORT,
        0 => return Ok(Completion::None),
        1 => prefix.text(),
        _ if prefix.len > stem.len() => prefix.text(),
        _ => {
            print_matches(vm, names, stem)?;
            return Ok(Completion::Listed);
        }
    };
    let rest = text.get(stem.len()..).unwrap_or_default();
    let len = rest.len().min(out.len());
    out.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    Ok(if len == 0 { Completion::None } else { Completion::Insert(len) })
}

/// What all matching names begin with.
struct Prefix {
    bytes: [u8; LONGEST],
    len: usize,
    count: usize,
}

impl Prefix {
    fn narrow(&mut self, name: &[u8]) {
        self.count += 1;
        if self.count == 1 {
            self.len = name.len().min(LONGEST);
            self.bytes.iter_mut().zip(name).for_each(|(to, from)| *to = *from);
        } else {
            let same = self.text().iter().zip(name).take_while(|(a, b)| a == b).count();
            self.len = same;
        }
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// A list of the names in the object that a chain of names leads to, from `__main__`; `None` if
/// there is no such object.
fn names_in(vm: &mut Vm, chain: Option<&[u8]>) -> PyResult<Option<Local>> {
    let Some(mut object) = vm.loaded_module(q::__main__)? else { return Ok(None) };
    for part in chain.into_iter().flat_map(|chain| chain.split(|&byte| byte == b'.')) {
        let Some(name) = vm.find_name(part) else { return Ok(None) };
        match vm.opt_attr(object, name)? {
            Some(value) => object = value,
            None => return Ok(None),
        }
    }
    let builtins = vm.push(BUILTINS.value())?;
    let dir = vm.attr(builtins, q::dir)?;
    vm.call(dir, &[object]).map(Some)
}

/// A list of the names of the native modules.
fn native_modules(vm: &mut Vm) -> PyResult<Local> {
    let names = list::alloc(vm, 0)?;
    for table in REGISTRY.iter().filter(|table| !table.is_type) {
        let name = vm.push(Vm::name_value(table.name))?;
        list::push(vm, names, name)?;
        vm.release(name.addr());
    }
    Ok(names)
}

/// Visits the names that begin with `stem`. Those with an underscore have to be asked for.
fn for_each_match(
    vm: &mut Vm,
    names: Local,
    stem: &[u8],
    mut visit: impl FnMut(&mut Vm, &[u8]) -> PyResult<()>,
) -> PyResult<()> {
    vm.for_each(names, |vm, name| {
        let mut copy = [0; LONGEST];
        let text = vm.text(vm.heap.get(name)).unwrap_or_default();
        let len = text.len();
        copy.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        match copy.get(..len) {
            Some(text)
                if text.starts_with(stem) && !(stem.is_empty() && text.starts_with(b"_")) =>
            {
                visit(vm, text)
            }
            _ => Ok(()),
        }
    })
}

/// Prints the matching names in columns.
fn print_matches(vm: &mut Vm, names: Local, stem: &[u8]) -> PyResult<()> {
    // As if the line were full, so that the first name begins a new one.
    let mut used = COLUMN * COLUMNS;
    for_each_match(vm, names, stem, |vm, name| {
        let mut gap = used.next_multiple_of(COLUMN) - used;
        if gap < 2 {
            gap += COLUMN;
        }
        if used + gap + name.len() > COLUMN * COLUMNS {
            vm.write(Out::Console, b"\n")?;
            used = 0;
            gap = 0;
        }
        for _ in 0..gap {
            vm.write(Out::Console, b" ")?;
        }
        used += gap + name.len();
        vm.write(Out::Console, name)
    })?;
    vm.write(Out::Console, b"\n")
}
