//! `module`: namespaces of files, and native modules.
//!
//! Layout of a Module object: values: name, dict. A native module is a ROM coordinate instead.

use crate::types::dict;
use crate::{Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local, OutOfMemory, Value};
use octopy_qstr::{Qstr, q};

crate::class! {
    /// A module.
    pub static MODULE = module (table::MODULE) {
        slots { print: module_print, attr: module_attr, store_attr: module_store_attr }
    }
}

/// Word of the name.
pub const NAME: u32 = 0;
/// Word of the dict.
pub const DICT: u32 = 1;

/// A module with a fresh dict that knows its own name, pushed.
pub fn alloc(vm: &mut Vm, name: Qstr) -> PyResult<Local> {
    let globals = vm.alloc_dict(8)?;
    let name_slot = vm.push(Value::from_qstr(name.0))?;
    vm.store_name(globals, q::__name__, name_slot)?;
    let module = vm.alloc(Kind::Module, 2)?;
    let object = vm.heap.get(module);
    vm.heap.init(object, NAME, vm.heap.get(name_slot));
    vm.heap.init(object, DICT, vm.heap.get(globals));
    let mark = globals.addr();
    Ok(vm.keep(mark, module))
}

impl Vm {
    /// Makes the `__main__` module of the globals in `main`.
    pub(crate) fn start_main_module(&mut self, main: Local) -> Result<(), OutOfMemory> {
        let module = self.heap.alloc(Kind::Module, 2)?;
        let object = self.heap.get(module);
        self.heap.init(object, NAME, Value::from_qstr(q::__main__.0));
        self.heap.init(object, DICT, self.heap.get(main));
        let modules = self.heap.push(self.roots.modules.get(&self.heap))?;
        dict::store_name(&mut self.heap, modules, q::__main__, module)?;
        self.heap.set_sp(module.addr());
        Ok(())
    }
}

fn module_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<module '")?;
    let native = vm.as_table(vm.heap.get(this));
    match native {
        Some(table) => {
            let name = vm.push(Value::from_qstr(table.name.0))?;
            vm.write_text(out, name)?;
            vm.write(out, b"'>")
        }
        None => {
            let name = vm.push_word(this, NAME)?;
            vm.write_text(out, name)?;
            let globals = vm.push_word(this, DICT)?;
            let file = vm.lookup(vm.heap.get(globals), q::__file__).is_some();
            vm.write(out, b"'")?;
            if file {
                vm.write(out, b" from '")?;
                let path = vm.attr(this, q::__file__)?;
                vm.write_text(out, path)?;
                vm.write(out, b"'")?;
            }
            vm.write(out, b">")
        }
    }
}

fn module_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    if let Some(table) = vm.as_table(vm.heap.get(this)) {
        if let Some(assigned) = vm.native_module_attr(table, name)? {
            return Ok(Some(assigned));
        }
        return match name {
            q::__name__ => vm.push(Value::from_qstr(table.name.0)).map(Some),
            q::__dict__ => vm.table_dict(table).map(Some),
            _ => Ok(None),
        };
    }
    let globals = vm.push_word(this, DICT)?;
    if name == q::__dict__ {
        return Ok(Some(globals));
    }
    if let Some(value) = vm.lookup(vm.heap.get(globals), name) {
        return match vm.heap.push(value) {
            Ok(slot) => Ok(Some(slot)),
            Err(_) => Err(vm.raise_recursion()),
        };
    }
    if let Some(getattr) = vm.lookup(vm.heap.get(globals), q::__getattr__) {
        if let Ok(getattr) = vm.heap.push(getattr) {
            let name = vm.push(Value::from_qstr(name.0))?;
            return vm.call(getattr, &[name]).map(Some);
        }
    }
    Ok(None)
}

fn module_store_attr(vm: &mut Vm, this: Local, name: Qstr, value: Option<Local>) -> PyResult<bool> {
    if let Some(table) = vm.as_table(vm.heap.get(this)) {
        return vm.store_native_module_attr(table, name, value);
    }
    let globals = vm.push_word(this, DICT)?;
    match value {
        Some(value) => {
            vm.store_name(globals, name, value)?;
            Ok(true)
        }
        None => vm.delete_name(globals, name),
    }
}
