//! Imports: finding modules by name, running files, packages.
//!
//! Native modules come from the registry; files through [`octopy_hal::FileSystem`], by the entries
//! of `sys.path`. How a file is read is the business of `modules`, which sets [`Vm::set_importer`].

use crate::types::{dict, exception, list, module};
use crate::{PyResult, StateSlot, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

/// Whether a file is preferred to the native module of this name.
fn is_extensible(name: Qstr) -> bool {
    matches!(
        name,
        q::array
            | q::binascii
            | q::collections
            | q::errno
            | q::hashlib
            | q::heapq
            | q::io
            | q::json
            | q::machine
            | q::os
            | q::random
            | q::select
            | q::socket
            | q::struct_
            | q::time
    )
}

/// What an importer does: looks for the file or package of a full module name (`a.b`) whose last
/// part is searched in `path` (the parent package's `__path__`, or NULL for `sys.path`), runs it in
/// the given fresh module, and says whether it found one.
pub type Importer = fn(&mut Vm, name: Qstr, path: Local, module: Local) -> PyResult<bool>;

impl Vm {
    /// Sets how files are imported.
    pub fn set_importer(&mut self, importer: Importer) {
        self.importer = Some(importer);
    }

    /// The native module with this name; `usys` is one of `sys`.
    pub(crate) fn native_module(&self, name: Qstr) -> Option<&'static crate::Table> {
        let name = if self.name_text(name) == b"usys" { q::sys } else { name };
        self.registry.iter().copied().find(|table| !table.is_type && table.name == name)
    }

    /// Whether `sys.path` is set and empty.
    fn has_empty_path(&self) -> bool {
        let path = self.peek_state(StateSlot::SysPath);
        match self.heap.kind(path) {
            Some(Kind::List) => list::len(&self.heap, path) == 0,
            Some(Kind::Tuple) => self.heap.words(path) == 0,
            _ => false,
        }
    }

    /// A loaded module by its full name, pushed.
    pub fn loaded_module(&mut self, name: Qstr) -> PyResult<Option<Local>> {
        let modules = self.roots.modules.get(&self.heap);
        match self.lookup(modules, name) {
            Some(module) => match self.heap.push(module) {
                Ok(slot) => Ok(Some(slot)),
                Err(_) => Err(self.raise_recursion()),
            },
            None => Ok(None),
        }
    }

    /// `sys.modules`, pushed.
    pub fn modules(&mut self) -> PyResult<Local> {
        let slot = self.push(Value::NULL)?;
        self.heap.set(slot, self.roots.modules.get(&self.heap));
        Ok(slot)
    }

    /// The module with this full name, loaded if need be, pushed. Parents are loaded first.
    pub fn import_module(&mut self, name: Qstr) -> PyResult<Local> {
        let mark = self.mark();
        let mut text = [0_u8; 255];
        let len = self.name_text(name).len();
        self.check_name(len)?;
        if len == 0 {
            return Err(self.raise_value("name is empty"));
        }
        for (to, from) in text.iter_mut().zip(self.name_text(name)) {
            *to = *from;
        }
        let full = text.get(..len).unwrap_or_default();
        let mut parent = self.push(Value::NULL)?;
        let mut end = 0;
        loop {
            let rest = full.get(end..).unwrap_or_default();
            let part = rest.iter().position(|&b| b == b'.').unwrap_or(rest.len());
            let last = rest.get(..part).unwrap_or_default();
            let so_far = full.get(..end + part).unwrap_or_default();
            let last = self.intern(last)?;
            let so_far = self.intern(so_far)?;
            let module = self.import_part(so_far, last, parent)?;
            parent = self.keep(mark, module);
            end += part + 1;
            if end > full.len() {
                return Ok(parent);
            }
        }
    }

    /// One part of a dotted name inside its parent (NULL for the first part), pushed.
    fn import_part(&mut self, full: Qstr, last: Qstr, parent: Local) -> PyResult<Local> {
        let is_top = self.heap.get(parent).is_null();
        let native = if is_top { self.native_module(full) } else { None };
        // Without a search path the native module is meant, not a file of its name.
        if let Some(table) = native.filter(|_| self.has_empty_path()) {
            return self.push(table.value());
        }
        if let Some(loaded) = self.loaded_module(full)? {
            return Ok(loaded);
        }
        let path = if is_top {
            self.push(Value::NULL)?
        } else {
            match self.opt_attr(parent, q::__path__)? {
                Some(path) => path,
                None => return Err(self.raise_no_module(full)),
            }
        };
        // Files come first, so that a program can extend a native module of the same name; but
        // those that the VM cannot do without are never replaced.
        if let Some(table) = native.filter(|table| !is_extensible(table.name)) {
            return self.push(table.value());
        }
        let Some(importer) = self.importer else {
            return match native {
                Some(table) => self.push(table.value()),
                None => Err(self.raise_no_module(full)),
            };
        };
        let module = module::alloc(self, full)?;
        let modules = self.modules()?;
        self.store_name(modules, full, module)?;
        let found = self.nested(|vm| importer(vm, full, path, module));
        match found {
            Ok(true) => {}
            Ok(false) => {
                self.delete_name(modules, full)?;
                if let Some(table) = native {
                    return self.push(table.value());
                }
                return Err(self.raise_no_module(full));
            }
            Err(raised) => {
                // A module that failed is not kept; the pending exception is.
                let pending = self.take_exception();
                let _ = self.delete_name(modules, full);
                let again = self.raise_object(pending);
                let _ = raised;
                return Err(again);
            }
        }
        // The module may have replaced itself in `sys.modules`.
        let module = self.loaded_module(full)?.unwrap_or(module);
        if !is_top {
            self.store_attr(parent, last, Some(module))?;
        }
        Ok(module)
    }

    #[cold]
    fn raise_no_module(&mut self, name: Qstr) -> crate::Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"no module named '");
        short.push(self.name_text(name));
        short.push(b"'");
        self.raise_short(&exception::IMPORT_ERROR, &short)
    }

    /// `import name` with the level and the names wanted, as the instruction has them, into a
    /// module with these globals (if they matter, else those of the running function); pushed.
    pub fn import_name(
        &mut self,
        name: Qstr,
        level: Local,
        names: Local,
        globals: Option<Local>,
    ) -> PyResult<Local> {
        let mark = self.mark();
        let level = self.to_i32(level)?;
        if level < 0 || (level == 0 && name == q::empty) {
            return Err(self.raise_bare(&exception::VALUE_ERROR));
        }
        let name = if level > 0 { self.relative_name(name, level, globals)? } else { name };
        let module = self.import_module(name)?;
        let from_list = self.heap.get(names);
        if !from_list.is_none() {
            // `from package import submodule` loads submodules.
            let count = if self.heap.is_kind(from_list, Kind::Tuple) {
                self.heap.words(from_list)
            } else {
                0
            };
            for idx in 0..count {
                let before = self.mark();
                let wanted = self.push_word(names, idx)?;
                let wanted = self.to_qstr(wanted)?;
                if wanted != q::star
                    && self.heap.is_kind(self.heap.get(module), Kind::Module)
                    && self.opt_attr(module, wanted)?.is_none()
                    && self.opt_attr(module, q::__path__)?.is_some()
                {
                    self.import_submodule(name, wanted)?;
                }
                self.release(before);
            }
            return Ok(self.keep(mark, module));
        }
        if level > 0 {
            return Ok(self.keep(mark, module));
        }
        // Plain `import a.b` gives `a`.
        let dot = self.name_text(name).iter().position(|&b| b == b'.');
        let top = match dot {
            Some(at) => {
                let mut text = [0_u8; 255];
                for (to, from) in text.iter_mut().zip(self.name_text(name)) {
                    *to = *from;
                }
                let top = self.intern(text.get(..at).unwrap_or_default())?;
                self.import_module(top)?
            }
            None => module,
        };
        Ok(self.keep(mark, top))
    }

    /// `import name` as a program says it: by its own `builtins.__import__`, if it has set one.
    pub(crate) fn import_statement(
        &mut self,
        name: Qstr,
        level: Local,
        names: Local,
    ) -> PyResult<Local> {
        let assigned = self.roots.builtins.get(&self.heap);
        if assigned.is_null() || self.lookup(assigned, q::__import__).is_none() {
            return self.import_name(name, level, names, None);
        }
        let mark = self.mark();
        let function = self.push(Value::NULL)?;
        let assigned = self.roots.builtins.get(&self.heap);
        if let Some(own) = self.lookup(assigned, q::__import__) {
            self.heap.set(function, own);
        }
        let name = self.push(Value::from_qstr(name.0))?;
        let globals = self.globals()?;
        let none = self.push(Value::NONE)?;
        let module = self.call(function, &[name, globals, none, names, level])?;
        Ok(self.keep(mark, module))
    }

    fn import_submodule(&mut self, package: Qstr, name: Qstr) -> PyResult<()> {
        let full = self.join_names(package, name)?;
        match self.import_module(full) {
            Ok(_) => Ok(()),
            Err(raised) => {
                // A name that is no submodule is looked up (and reported) by `import_from`.
                if self.pending_is(&exception::IMPORT_ERROR) {
                    self.clear_exception();
                    return Ok(());
                }
                Err(raised)
            }
        }
    }

    /// `package.name` as one name.
    fn join_names(&mut self, package: Qstr, name: Qstr) -> PyResult<Qstr> {
        if name == q::empty {
            return Ok(package);
        }
        let mut short = crate::raise::ShortText::new();
        short.push(self.name_text(package));
        short.push(b".");
        short.push(self.name_text(name));
        self.intern(short.bytes())
    }

    /// The full name of a relative import.
    fn relative_name(&mut self, name: Qstr, level: i32, globals: Option<Local>) -> PyResult<Qstr> {
        let mark = self.mark();
        let globals = match globals {
            Some(globals) => globals,
            None => self.globals()?,
        };
        if !self.heap.is_kind(self.heap.get(globals), Kind::Dict) {
            return Err(self.raise_convert(globals, "dict"));
        }
        let mut own = self.lookup(self.heap.get(globals), q::__name__);
        if own.is_some_and(|name| name.as_qstr() == Some(q::__main__.0)) {
            // The name that it would have without `-m`.
            own = self.lookup(self.heap.get(globals), q::__main__);
        }
        let own = match own.and_then(Value::as_qstr) {
            Some(number) => Qstr(number),
            None => return Err(self.raise_relative()),
        };
        let is_package = self.lookup(self.heap.get(globals), q::__path__).is_some();
        let mut text = [0_u8; 255];
        let len = self.name_text(own).len();
        for (to, from) in text.iter_mut().zip(self.name_text(own)) {
            *to = *from;
        }
        let mut package = text.get(..len).unwrap_or_default();
        let drop = if is_package { level - 1 } else { level };
        for _ in 0..drop {
            match package.iter().rposition(|&b| b == b'.') {
                Some(at) => package = package.get(..at).unwrap_or_default(),
                None if !package.is_empty() => package = &[],
                None => return Err(self.raise_relative()),
            }
        }
        if package.is_empty() {
            return Err(self.raise_relative());
        }
        let package = self.intern(package)?;
        self.release(mark);
        self.join_names(package, name)
    }

    #[cold]
    fn raise_relative(&mut self) -> crate::Raised {
        self.raise(&exception::IMPORT_ERROR, "can't perform relative import")
    }

    /// `from module import name`, pushed.
    pub(crate) fn import_from(&mut self, module: Local, name: Qstr) -> PyResult<Local> {
        if let Some(value) = self.opt_attr(module, name)? {
            return Ok(value);
        }
        // A submodule that is being imported in a circle is in `sys.modules` already.
        if let Some(package) = self.opt_attr(module, q::__name__)? {
            if let Some(number) = self.heap.get(package).as_qstr() {
                let full = self.join_names(Qstr(number), name)?;
                if let Some(loaded) = self.loaded_module(full)? {
                    return Ok(loaded);
                }
            }
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"can't import name ");
        short.push(self.name_text(name));
        Err(self.raise_short(&exception::IMPORT_ERROR, &short))
    }

    /// `from module import *` into the running namespace.
    pub(crate) fn import_star(&mut self, module: Local) -> PyResult<()> {
        let mark = self.mark();
        let locals = self.locals()?;
        if let Some(table) = self.as_table(self.heap.get(module)) {
            for (row, entry) in table.rows.iter().enumerate() {
                if !self.name_text(entry.name()).starts_with(b"_") {
                    let value = self.push_row(table, row as u16)?;
                    self.store_name(locals, entry.name(), value)?;
                    self.release(value.addr());
                }
            }
            self.release(mark);
            return Ok(());
        }
        let all = match self.opt_attr(module, q::__all__) {
            // The `__getattr__` of a module says so when there is none.
            Err(_) if self.pending_is(&exception::ATTRIBUTE_ERROR) => {
                self.clear_exception();
                None
            }
            all => all?,
        };
        if let Some(all) = all {
            self.for_each(all, |vm, name| {
                let name = vm.to_qstr(name)?;
                let value = vm.attr(module, name)?;
                vm.store_name(locals, name, value)
            })?;
            self.release(mark);
            return Ok(());
        }
        let globals = if self.heap.is_kind(self.heap.get(module), Kind::Module) {
            self.push_word(module, module::DICT)?
        } else {
            // Anything may stand in `sys.modules`; what has attributes will do.
            match self.opt_attr(module, q::__dict__)? {
                Some(found) if self.heap.is_kind(self.heap.get(found), Kind::Dict) => found,
                _ => return Err(self.raise(&exception::IMPORT_ERROR, "no __dict__ and no __all__")),
            }
        };
        let mut n = 0;
        loop {
            let before = self.mark();
            let (step, key) = dict::next_entry(self, globals, n, dict::Part::Key)?;
            let Some(key) = key else { break };
            let name = self.to_qstr(key)?;
            if !self.name_text(name).starts_with(b"_") {
                if let (_, Some(value)) = dict::next_entry(self, globals, n, dict::Part::Value)? {
                    self.store_name(locals, name, value)?;
                }
            }
            n += step;
            self.release(before);
        }
        self.release(mark);
        Ok(())
    }

    /// Attributes assigned to native modules: only `builtins` takes them, for all programs.
    pub(crate) fn native_module_attr(
        &mut self,
        table: &'static crate::Table,
        name: Qstr,
    ) -> PyResult<Option<Local>> {
        if table.id == self.builtins.id {
            let assigned = self.roots.builtins.get(&self.heap);
            if !assigned.is_null() {
                if let Some(value) = self.lookup(assigned, name) {
                    return match self.heap.push(value) {
                        Ok(slot) => Ok(Some(slot)),
                        Err(_) => Err(self.raise_recursion()),
                    };
                }
            }
            return Ok(None);
        }
        match self.module_attr {
            Some(hook) => hook(self, table, name),
            None => Ok(None),
        }
    }

    /// See [`Vm::native_module_attr`].
    pub(crate) fn store_native_module_attr(
        &mut self,
        table: &'static crate::Table,
        name: Qstr,
        value: Option<Local>,
    ) -> PyResult<bool> {
        if table.id == self.builtins.id {
            if self.roots.builtins.get(&self.heap).is_null() {
                let made = self.alloc_dict(4)?;
                self.roots.builtins.set(&self.heap, self.heap.get(made));
            }
            let assigned = self.push(Value::NULL)?;
            self.heap.set(assigned, self.roots.builtins.get(&self.heap));
            return match value {
                Some(value) => {
                    self.store_name(assigned, name, value)?;
                    Ok(true)
                }
                None => self.delete_name(assigned, name),
            };
        }
        match self.module_store {
            Some(hook) => hook(self, table, name, value),
            None => Ok(false),
        }
    }

    /// Sets how attributes of native modules that are not in their tables are read and written
    /// (`sys.path`, `sys.ps1`).
    pub fn set_module_hooks(&mut self, read: ModuleAttr, write: ModuleStore) {
        self.module_attr = Some(read);
        self.module_store = Some(write);
    }
}

/// Reads an attribute of a native module that is not in its table.
pub type ModuleAttr = fn(&mut Vm, &'static crate::Table, Qstr) -> PyResult<Option<Local>>;
/// Writes (or deletes) an attribute of a native module.
pub type ModuleStore = fn(&mut Vm, &'static crate::Table, Qstr, Option<Local>) -> PyResult<bool>;
