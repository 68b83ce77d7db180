//! Attributes and methods: look-up, binding, assignment.

use crate::rom::Role;
use crate::types::class::{self, Member};
use crate::types::instance::{self, values};
use crate::types::{dict, iterator};
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

impl Vm {
    /// `object.name`, pushed; AttributeError if there is none.
    pub fn attr(&mut self, object: Local, name: Qstr) -> PyResult<Local> {
        match self.opt_attr(object, name)? {
            Some(value) => Ok(value),
            None => Err(self.raise_attribute(object, name)),
        }
    }

    /// `object.name`, pushed; `None` if there is none.
    pub fn opt_attr(&mut self, object: Local, name: Qstr) -> PyResult<Option<Local>> {
        let table = self.type_table(object);
        if let Some(attr) = table.slots.attr {
            if let Some(value) = attr(self, object, name)? {
                return Ok(Some(value));
            }
        }
        if let Some(row) = self.find_row(object, name) {
            let member = self.push_row(row.0, row.1)?;
            let native = self.as_native(self.heap.get(member));
            return match native.map(|native| (native.convention.role(), native.call)) {
                Some((Role::Method, _)) => self.alloc_bound(member, object).map(Some),
                Some((Role::ClassMethod, _)) => {
                    let class = self.type_of(object)?;
                    self.alloc_bound(member, class).map(Some)
                }
                Some((Role::Property, call)) => {
                    let ret = self.push(Value::NULL)?;
                    let base = self.copy(object)?;
                    call(self, crate::Args { ret, base, n_pos: 1, n_kw: 0 })?;
                    Ok(Some(ret))
                }
                _ => Ok(Some(member)),
            };
        }
        if name == q::__class__ {
            return self.type_of(object).map(Some);
        }
        if name == q::__next__
            && table.slots.next.is_some()
            && !core::ptr::eq(table, &instance::INSTANCE)
        {
            if let Some(row) = iterator::ITERATOR.find(name) {
                let member = self.push_row(&iterator::ITERATOR, row)?;
                return self.alloc_bound(member, object).map(Some);
            }
        }
        Ok(None)
    }

    fn find_row(&self, object: Local, name: Qstr) -> Option<(&'static crate::Table, u16)> {
        let value = self.heap.get(object);
        if let Some(table) = self.as_table(value) {
            // Attributes of a type itself went through its slot; modules look here.
            if !table.is_type {
                return table.find(name).map(|row| (table, row));
            }
        }
        let mut table = self.table_of(value);
        loop {
            if let Some(row) = table.find(name) {
                return Some((table, row));
            }
            table = table.base?;
        }
    }

    /// A class member as an attribute of an instance, pushed.
    pub(crate) fn bind(&mut self, member: Local, this: Local, class: Local) -> PyResult<Local> {
        let value = self.heap.get(member);
        if let Some(rom) = value.as_rom() {
            let table = self.table(rom.table);
            return match self.as_native(value).map(|native| (native.convention.role(), native.call))
            {
                Some((Role::Method, _)) => self.alloc_bound(member, this),
                Some((Role::ClassMethod, _)) => self.alloc_bound(member, class),
                Some((Role::Property, call)) => {
                    let ret = self.push(Value::NULL)?;
                    let base = self.copy(this)?;
                    if let Some(table) = table {
                        self.check_receiver(base, table)?;
                    }
                    call(self, crate::Args { ret, base, n_pos: 1, n_kw: 0 })?;
                    Ok(ret)
                }
                _ => Ok(member),
            };
        }
        match self.heap.kind(value) {
            Some(Kind::Function) => self.alloc_bound(member, this),
            Some(Kind::StaticMethod) => self.push_word(member, 0),
            Some(Kind::ClassMethod) => {
                let function = self.push_word(member, 0)?;
                self.alloc_bound(function, class)
            }
            Some(Kind::Property) => {
                let getter = self.push_word(member, 0)?;
                if self.heap.get(getter).is_none() {
                    return Err(self
                        .raise(&crate::types::exception::ATTRIBUTE_ERROR, "unreadable attribute"));
                }
                self.call(getter, &[this])
            }
            Some(Kind::Instance) => match self.opt_special(member, q::__get__)? {
                Some(get) => self.call(get, &[this, class]),
                None => Ok(member),
            },
            _ => Ok(member),
        }
    }

    /// A bound method, pushed.
    pub(crate) fn alloc_bound(&mut self, function: Local, this: Local) -> PyResult<Local> {
        let slot = self.alloc(Kind::BoundMethod, 2)?;
        let object = self.heap.get(slot);
        self.heap.init(object, 0, self.heap.get(function));
        self.heap.init(object, 1, self.heap.get(this));
        Ok(slot)
    }

    /// `object.name` for the interpreter: replaces the value in `object`. `place` is a number of
    /// the place in the program, for remembering.
    #[inline]
    pub(crate) fn load_attr(&mut self, object: Local, name: Qstr, place: u32) -> PyResult<()> {
        let value = self.heap.get(object);
        if value.is_ref() {
            let found = match self.heap.kind(value) {
                Some(Kind::Instance) => self.own_attr_cached(value, name, place),
                Some(Kind::Module) => self.lookup_cached(self.heap.word(value, 1), name, place),
                _ => None,
            };
            if let Some(found) = found {
                self.heap.set(object, found);
                return Ok(());
            }
        }
        self.load_attr_slow(object, name, place)
    }

    /// An instance's own attribute; remembers where it was.
    #[inline]
    fn own_attr_cached<'a>(&'a self, this: Value<'a>, name: Qstr, place: u32) -> Option<Value<'a>> {
        let values = self.heap.word(this, instance::ATTRS);
        values::guessed(&self.heap, values, name, self.guess(place))
    }

    #[inline(never)]
    fn load_attr_slow(&mut self, object: Local, name: Qstr, place: u32) -> PyResult<()> {
        self.remember_entry(object, name, place);
        let mark = self.mark();
        let value = self.attr(object, name)?;
        self.heap.set(object, self.heap.get(value));
        self.release(mark);
        Ok(())
    }

    /// Remembers where an own attribute or a module's name is.
    fn remember_entry(&mut self, object: Local, name: Qstr, place: u32) {
        let value = self.heap.get(object);
        let entry = match self.heap.kind(value) {
            Some(Kind::Instance) => {
                values::find(&self.heap, self.heap.word(value, instance::ATTRS), name)
            }
            Some(Kind::Module) => dict::find_name(&self.heap, self.heap.word(value, 1), name),
            _ => None,
        };
        if let Some(entry) = entry {
            self.remember(place, entry);
        }
    }

    /// Prepares a method call for the interpreter: replaces the object in `slot` by the callable
    /// and sets the slot above to `self`, or NULL where there is none to pass.
    #[inline]
    pub(crate) fn load_method(&mut self, slot: Local, name: Qstr, place: u32) -> PyResult<()> {
        let value = self.heap.get(slot);
        let receiver = slot.offset(1);
        if self.heap.is_kind(value, Kind::Instance) {
            // A plain method of the class, unless the instance has an attribute of that name.
            let attrs = self.heap.word(value, instance::ATTRS);
            if values::find(&self.heap, attrs, name).is_none() {
                let class = self.heap.word(value, instance::CLASS);
                if let Some(Member::Value(found)) = self.class_lookup(class, name, place) {
                    if self.heap.is_kind(found, Kind::Function) {
                        self.heap.set(receiver, value);
                        self.heap.set(slot, found);
                        return Ok(());
                    }
                }
            }
        } else if let Some(rom) = self.native_method(value, name, place) {
            self.heap.set(receiver, value);
            self.heap.set(slot, Value::from_rom(rom));
            self.remember(place, u32::from(rom.row));
            return Ok(());
        }
        self.load_method_slow(slot, name, place)
    }

    /// The entry of a native value's type with this name, if nothing can shadow it.
    #[inline]
    fn native_method(&self, value: Value<'_>, name: Qstr, place: u32) -> Option<octopy_heap::Rom> {
        let table = self.table_of(value);
        if table.slots.attr.is_some() {
            return None;
        }
        let guess = self.guess(place);
        // SIZE: 44 bytes.
        let guessed = cfg!(feature = "quick-lookup")
            && table.rows.get(guess as usize).is_some_and(|row| row.name() == name);
        let row = if guessed { guess as u16 } else { table.find(name)? };
        let role = table.rows.get(usize::from(row))?.role();
        (role == Some(Role::Method)).then_some(octopy_heap::Rom { table: table.id, row })
    }

    #[inline(never)]
    fn load_method_slow(&mut self, slot: Local, name: Qstr, place: u32) -> PyResult<()> {
        self.remember_method(slot, name, place);
        let mark = self.mark();
        let scratch = slot.offset(2);
        // The two slots above the object belong to the result; keep temporaries above them.
        self.heap.set(slot.offset(1), Value::NULL);
        if mark < scratch.addr() {
            self.heap.set_sp(scratch.addr());
        }
        let found = self.attr(slot, name)?;
        let value = self.heap.get(found);
        if self.heap.is_kind(value, Kind::BoundMethod) {
            self.heap.set(slot.offset(1), self.heap.word(value, 1));
            self.heap.set(slot, self.heap.word(value, 0));
        } else {
            self.heap.set(slot, value);
            self.heap.set(slot.offset(1), Value::NULL);
        }
        self.heap.set_sp(mark);
        Ok(())
    }

    fn remember_method(&mut self, slot: Local, name: Qstr, place: u32) {
        let value = self.heap.get(slot);
        if self.heap.is_kind(value, Kind::Instance) {
            let class = self.heap.word(value, instance::CLASS);
            if self.heap.is_kind(class, Kind::Class) {
                let dict = self.heap.word(class, class::DICT);
                if let Some(entry) = dict::find_name(&self.heap, dict, name) {
                    self.remember(place, entry);
                }
            }
        }
    }

    /// `object.name = value`
    pub fn store_attr(&mut self, object: Local, name: Qstr, value: Option<Local>) -> PyResult<()> {
        let mark = self.mark();
        let stored = match self.type_table(object).slots.store_attr {
            Some(store) => store(self, object, name, value)?,
            None => false,
        };
        self.release(mark);
        if stored { Ok(()) } else { Err(self.raise_attribute(object, name)) }
    }

    /// Assignment for the interpreter: tries the remembered entry of an instance's own attributes.
    #[inline]
    pub(crate) fn store_attr_fast(
        &mut self,
        object: Local,
        name: Qstr,
        value: Local,
        place: u32,
    ) -> PyResult<()> {
        let this = self.heap.get(object);
        let mut has_attributes = false;
        if self.heap.is_kind(this, Kind::Instance) {
            let values = self.heap.word(this, instance::ATTRS);
            let class = self.heap.word(this, instance::CLASS);
            has_attributes = !values.is_null();
            if has_attributes && self.heap.raw(class, class::FLAGS) & class::SPECIAL_STORE == 0 {
                let guess = self.guess(place);
                if values::guessed(&self.heap, values, name, guess).is_some()
                    || cfg!(feature = "quick-lookup")
                        && values::is_next(&self.heap, values, name, guess)
                {
                    values::set(&self.heap, values, guess, self.heap.get(value));
                    return Ok(());
                }
            }
        }
        self.store_attr(object, name, Some(value))?;
        if has_attributes {
            self.remember_entry(object, name, place);
        }
        Ok(())
    }
}
