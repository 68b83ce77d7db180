//! Classes made by Python, and `type` itself.
//!
//! Layout: raw flags; values: name, bases (a tuple), dict, names of
//! the attributes of instances. The method resolution order is depth
//! first, left to right, as in MicroPython.

use crate::rom::{Entry, PrintKind, Role};
use crate::types::{dict, exception, instance, object};
use crate::{Args, Out, PyResult, Table, UnaryOp, Vm, table};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

crate::class! {
    /// The type of types.
    pub static TYPE = type_ (table::TYPE) {
        slots { new: type_new, print: type_print, unary: type_unary, call: type_call, attr: type_attr, store_attr: type_store_attr }
    }
}

/// Word of the flags.
pub const FLAGS: u32 = 0;
/// Word of the name.
pub const NAME: u32 = 1;
/// Word of the bases.
pub const BASES: u32 = 2;
/// Word of the dict.
pub const DICT: u32 = 3;
/// Word of the names of its instances' attributes (see `instance/values.rs`), or NULL.
pub const NAMES: u32 = 4;

/// Flag: some class in the hierarchy defines `__setattr__` or `__delattr__`, or a property or
/// descriptor, so that storing an attribute must look at the class first.
pub const SPECIAL_STORE: u32 = 1;
/// Flag: the class derives from an exception.
pub const EXCEPTION: u32 = 2;
/// Flag: the class derives from a native type other than `object`.
pub const NATIVE: u32 = 4;

/// `type(value)` or `type(name, bases, dict)`.
fn type_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    match args.n_pos {
        1 => {
            let class = vm.type_of(args.base)?;
            vm.heap.set(args.ret, vm.heap.get(class));
            Ok(())
        }
        3 => {
            let class = make(vm, args.base, args.base.offset(1), args.base.offset(2))?;
            vm.heap.set(args.ret, vm.heap.get(class));
            Ok(())
        }
        _ => Err(vm.raise_type("type takes 1 or 3 arguments")),
    }
}

/// A class from its name, its bases (a tuple) and its dict, pushed.
pub fn make(vm: &mut Vm, name: Local, bases: Local, namespace: Local) -> PyResult<Local> {
    if !vm.heap.is_kind(vm.heap.get(bases), Kind::Tuple)
        || !vm.heap.is_kind(vm.heap.get(namespace), Kind::Dict)
        || !vm.is_str(name)
    {
        return Err(vm.raise_type("type() argument has the wrong type"));
    }
    vm.to_qstr(name)?;
    let mut flags = 0;
    let count = vm.heap.words(vm.heap.get(bases));
    let mut native: Option<&'static Table> = None;
    for idx in 0..count {
        let mark = vm.mark();
        let base = vm.push_word(bases, idx)?;
        if !vm.is_class(base) {
            return Err(vm.raise_type("base must be a type"));
        }
        let value = vm.heap.get(base);
        let table = match vm.as_table(value) {
            Some(table) => {
                if table.slots.new.is_none() || table.id == table::BOOL {
                    let mut short = crate::raise::ShortText::new();
                    short.push(b"type '");
                    short.push(vm.name_text(table.name));
                    short.push(b"' isn't an acceptable base type");
                    return Err(vm.raise_short(&exception::TYPE_ERROR, &short));
                }
                Some(table)
            }
            None => {
                flags |= vm.heap.raw(value, FLAGS);
                vm.native_base(value)
            }
        };
        if let Some(table) = table.filter(|table| table.id != table::OBJECT) {
            if table.derives_from(&exception::BASE_EXCEPTION) {
                flags |= EXCEPTION;
            }
            flags |= NATIVE;
            if native.is_some_and(|other| other.id != table.id) {
                return Err(vm.raise_type("multiple bases have instance lay-out conflict"));
            }
            native = Some(table);
        }
        vm.release(mark);
    }
    let class = vm.alloc(Kind::Class, 5)?;
    let object = vm.heap.get(class);
    vm.heap.init(object, NAME, vm.heap.get(name));
    vm.heap.init(object, BASES, vm.heap.get(bases));
    vm.heap.init(object, DICT, vm.heap.get(namespace));
    flags |= special_flags(vm, namespace);
    let object = vm.heap.get(class);
    vm.heap.poke_raw(object, FLAGS, flags);
    // `__new__` is a static method without saying so.
    let function = vm.lookup(vm.heap.get(namespace), q::__new__);
    if function.is_some_and(|function| vm.heap.is_kind(function, Kind::Function)) {
        let wrapper = vm.alloc(Kind::StaticMethod, 1)?;
        if let Some(function) = vm.lookup(vm.heap.get(namespace), q::__new__) {
            vm.heap.init(vm.heap.get(wrapper), 0, function);
        }
        vm.store_name(namespace, q::__new__, wrapper)?;
        vm.release(wrapper.addr());
    }
    if flags & SPECIAL_STORE != 0 {
        call_set_name(vm, class, namespace)?;
    }
    Ok(class)
}

/// `__set_name__` of the descriptors in a new class.
fn call_set_name(vm: &mut Vm, class: Local, namespace: Local) -> PyResult<()> {
    let start = vm.mark();
    // A descriptor may change the class; the others are told their names nevertheless.
    let namespace = vm.dict_copy(namespace)?;
    let mut n = 0;
    loop {
        let mark = vm.mark();
        let (step, value) = dict::next_entry(vm, namespace, n, dict::Part::Value)?;
        let Some(value) = value else { break };
        if vm.heap.is_kind(vm.heap.get(value), Kind::Instance) {
            if let Some(method) = vm.opt_special(value, q::__set_name__)? {
                if let (_, Some(key)) = dict::next_entry(vm, namespace, n, dict::Part::Key)? {
                    vm.call(method, &[class, key])?;
                }
            }
        }
        n += step;
        vm.release(mark);
    }
    vm.release(start);
    Ok(())
}

/// The flags that a class's own dict asks for.
fn special_flags(vm: &Vm, namespace: Local) -> u32 {
    let dict = vm.heap.get(namespace);
    let table = vm.heap.word(dict, dict::TABLE);
    if table.is_null() {
        return 0;
    }
    for n in 0..dict::used(&vm.heap, table) {
        let key = vm.heap.word(table, dict::key_word(n));
        let value = vm.heap.word(table, dict::value_word(n));
        if needs_special_store(vm, key, value) {
            return SPECIAL_STORE;
        }
    }
    0
}

fn needs_special_store(vm: &Vm, key: Value<'_>, value: Value<'_>) -> bool {
    key == Value::from_qstr(q::__setattr__.0)
        || key == Value::from_qstr(q::__delattr__.0)
        || matches!(vm.heap.kind(value), Some(Kind::Property | Kind::Instance))
}

fn type_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<class '")?;
    vm.write_class_name(out, this)?;
    vm.write(out, b"'>")
}

fn type_unary(vm: &mut Vm, op: UnaryOp, this: Local) -> PyResult<Option<Local>> {
    match op {
        UnaryOp::Hash => {
            // Classes move: they hash by their name.
            let hash = octopy_qstr::hash(vm.type_name(this));
            vm.alloc_int(i64::from(hash >> 3)).map(Some)
        }
        _ => Ok(None),
    }
}

fn type_call(vm: &mut Vm, this: Local, args: Args) -> PyResult<()> {
    if let Some(table) = vm.as_table(vm.heap.get(this)) {
        return match table.slots.new {
            Some(new) => new(vm, this, args),
            None => {
                let mut short = crate::raise::ShortText::new();
                short.push(b"cannot create '");
                short.push(vm.name_text(table.name));
                short.push(b"' instances");
                Err(vm.raise_short(&exception::TYPE_ERROR, &short))
            }
        };
    }
    instance::construct(vm, this, args)
}

fn type_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    match name {
        q::__name__ | q::__qualname__ => {
            return match vm.as_table(vm.heap.get(this)) {
                Some(table) => vm.push(Value::from_qstr(table.name.0)).map(Some),
                None => vm.push_word(this, NAME).map(Some),
            };
        }
        q::__bases__ => {
            return match vm.as_table(vm.heap.get(this)) {
                Some(table) => {
                    let base = table.base.map_or(object::OBJECT.value(), Table::value);
                    let base = vm.push(base)?;
                    vm.alloc_tuple(base, if table.id == table::OBJECT { 0 } else { 1 }).map(Some)
                }
                None => {
                    let bases = vm.push_word(this, BASES)?;
                    if vm.heap.words(vm.heap.get(bases)) == 0 {
                        let object = vm.push(object::OBJECT.value())?;
                        return vm.alloc_tuple(object, 1).map(Some);
                    }
                    Ok(Some(bases))
                }
            };
        }
        q::__dict__ => {
            let names = match vm.as_table(vm.heap.get(this)) {
                Some(table) => vm.table_dict(table)?,
                None => {
                    let namespace = vm.push_word(this, DICT)?;
                    vm.dict_copy(namespace)?
                }
            };
            vm.dict_flag(names, dict::FIXED)?;
            return Ok(Some(names));
        }
        _ => {}
    }
    match vm.class_member(this, name)? {
        Some(member) => vm.bind_to_class(member, this).map(Some),
        None => Ok(None),
    }
}

fn type_store_attr(vm: &mut Vm, this: Local, name: Qstr, value: Option<Local>) -> PyResult<bool> {
    if vm.as_table(vm.heap.get(this)).is_some() {
        return Ok(false);
    }
    let namespace = vm.push_word(this, DICT)?;
    match value {
        Some(value) => {
            let key = Value::from_qstr(name.0);
            if needs_special_store(vm, key, vm.heap.get(value)) {
                let object = vm.heap.get(this);
                let flags = vm.heap.raw(object, FLAGS) | SPECIAL_STORE;
                vm.heap.poke_raw(object, FLAGS, flags);
            }
            vm.store_name(namespace, name, value)?;
            Ok(true)
        }
        None => vm.delete_name(namespace, name),
    }
}

impl Vm {
    /// Whether a value is a class (native type or made by Python).
    pub fn is_class(&self, slot: Local) -> bool {
        let value = self.heap.get(slot);
        self.heap.is_kind(value, Kind::Class)
            || self.as_table(value).is_some_and(|table| table.is_type)
    }

    /// The first base of a user class.
    pub(crate) fn first_native_base<'a>(&'a self, class: Value<'a>) -> Option<Value<'a>> {
        if !self.heap.is_kind(class, Kind::Class) {
            return None;
        }
        let bases = self.heap.word(class, BASES);
        let mut first = None;
        for idx in 0..self.heap.words(bases) {
            let base = self.heap.word(bases, idx);
            if idx == 0 {
                first = Some(base);
            }
            // Prefer the base that leads to a native type other than object.
            let native = match self.as_table(base) {
                Some(table) => Some(table),
                None => self.native_base(base),
            };
            if native.is_some_and(|table| table.id != table::OBJECT) {
                return Some(base);
            }
        }
        first
    }

    /// The native type (other than object) that a user class derives from.
    pub fn native_base(&self, class: Value<'_>) -> Option<&'static Table> {
        if !self.heap.is_kind(class, Kind::Class) {
            return None;
        }
        let bases = self.heap.word(class, BASES);
        for idx in 0..self.heap.words(bases) {
            let base = self.heap.word(bases, idx);
            let native = match self.as_table(base) {
                Some(table) => Some(table),
                None => self.native_base(base),
            };
            if let Some(table) = native.filter(|table| table.id != table::OBJECT) {
                return Some(table);
            }
        }
        None
    }

    /// Whether `class` is `of` or derives from it. Both are classes.
    pub fn is_subclass(&self, class: Local, of: Local) -> bool {
        self.is_subclass_value(self.heap.get(class), self.heap.get(of))
    }

    fn is_subclass_value(&self, class: Value<'_>, of: Value<'_>) -> bool {
        if class == of || of == object::OBJECT.value() {
            return true;
        }
        if let Some(table) = self.as_table(class) {
            return self.as_table(of).is_some_and(|of| table.derives_from(of));
        }
        if !self.heap.is_kind(class, Kind::Class) {
            return false;
        }
        let bases = self.heap.word(class, BASES);
        (0..self.heap.words(bases)).any(|idx| {
            let base = self.heap.word(bases, idx);
            self.is_subclass_value(base, of)
        })
    }

    /// The member of a class with this name, unbound, by the method resolution order.
    pub(crate) fn class_lookup<'a>(
        &'a self,
        class: Value<'a>,
        name: Qstr,
        place: u32,
    ) -> Option<Member<'a>> {
        if let Some(table) = self.as_table(class) {
            return self.table_lookup(table, name);
        }
        if let Some(value) = self.lookup_cached(self.heap.word(class, DICT), name, place) {
            return Some(Member::Value(value));
        }
        let bases = self.heap.word(class, BASES);
        (0..self.heap.words(bases))
            .find_map(|idx| self.class_lookup(self.heap.word(bases, idx), name, place))
    }

    fn table_lookup(&self, table: &'static Table, name: Qstr) -> Option<Member<'static>> {
        let mut table = table;
        loop {
            if let Some(row) = table.find(name) {
                return Some(Member::Row(table, row));
            }
            table = table.base?;
        }
    }

    /// As [`Vm::class_lookup`], pushed.
    pub(crate) fn class_member(&mut self, class: Local, name: Qstr) -> PyResult<Option<Local>> {
        match self.class_lookup(self.heap.get(class), name, u32::from(name.0)) {
            Some(Member::Value(value)) => match self.heap.push(value) {
                Ok(slot) => Ok(Some(slot)),
                Err(_) => Err(self.raise_recursion()),
            },
            Some(Member::Row(table, row)) => self.push_row(table, row).map(Some),
            None => Ok(None),
        }
    }

    /// The value of a table's row, pushed: functions as ROM coordinates.
    pub(crate) fn push_row(&mut self, table: &'static Table, row: u16) -> PyResult<Local> {
        let rom = Value::from_rom(octopy_heap::Rom { table: table.id, row });
        match table.rows.get(usize::from(row)).map(crate::rom::Row::entry) {
            Some(Entry::Int(int)) => self.alloc_int(i64::from(int)),
            Some(Entry::Float(float)) => self.alloc_float(float),
            Some(Entry::Name(name)) => self.push(Value::from_qstr(name.0)),
            Some(Entry::Value(value)) => self.push(value),
            Some(_) => self.push(rom),
            None => Err(self.bug("no such row")),
        }
    }

    /// The rows of a native type or module as a dict that cannot be changed, pushed.
    pub(crate) fn table_dict(&mut self, table: &'static Table) -> PyResult<Local> {
        let rows = table.rows.len() as u32;
        let names = self.alloc_dict(rows)?;
        for (row, entry) in table.rows.iter().enumerate() {
            let value = self.push_row(table, row as u16)?;
            self.store_name(names, entry.name(), value)?;
            self.release(value.addr());
        }
        self.dict_flag(names, dict::FIXED)?;
        Ok(names)
    }

    /// A class member as an attribute of the class itself.
    fn bind_to_class(&mut self, member: Local, class: Local) -> PyResult<Local> {
        let value = self.heap.get(member);
        if value.as_rom().is_some() {
            return match self.as_native(value).map(|native| native.convention.role()) {
                Some(Role::ClassMethod) => self.alloc_bound(member, class),
                _ => Ok(member),
            };
        }
        match self.heap.kind(value) {
            Some(Kind::StaticMethod) => self.push_word(member, 0),
            Some(Kind::ClassMethod) => {
                let function = self.push_word(member, 0)?;
                self.alloc_bound(function, class)
            }
            Some(Kind::Instance) => {
                // A descriptor is asked with None as the instance.
                if let Some(get) = self.opt_special(member, q::__get__)? {
                    let none = self.push(Value::NONE)?;
                    return self.call(get, &[none, class]);
                }
                Ok(member)
            }
            _ => Ok(member),
        }
    }
}

/// What a look-up in a class found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Member<'a> {
    /// An entry of a class's dict.
    Value(Value<'a>),
    /// A row of a native type.
    Row(&'static Table, u16),
}
