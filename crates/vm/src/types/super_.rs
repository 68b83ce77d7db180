//! `super`: attribute look-up behind a class.

use crate::types::class::{self, Member};
use crate::types::object;
use crate::{Args, Out, PrintKind, PyResult, Vm, table};
use octopy_heap::{Kind, Local};
use octopy_qstr::{Qstr, q};

crate::class! {
    /// Looks attributes up in the bases of a class.
    pub static SUPER = super_ (table::SUPER) {
        slots { new: super_new, print: super_print, attr: super_attr }
    }
}

/// Words: class, object.
const CLASS: u32 = 0;
const OBJECT: u32 = 1;

fn super_new(vm: &mut Vm, _class: Local, args: Args) -> PyResult<()> {
    vm.check_args(&args, 2, 2)?;
    if !vm.is_class(args.base) {
        return Err(vm.raise_type("super() argument 1 must be a type"));
    }
    let object = args.base.offset(1);
    let of = vm.type_of(object)?;
    let fits =
        vm.is_subclass(of, args.base) || vm.is_class(object) && vm.is_subclass(object, args.base);
    if !fits {
        return Err(vm.raise_type("super() argument 2 must be an instance of argument 1"));
    }
    let slot = vm.alloc(Kind::Super, 2)?;
    let this = vm.heap.get(slot);
    vm.heap.init(this, CLASS, vm.heap.get(args.base));
    vm.heap.init(this, OBJECT, vm.heap.get(args.base.offset(1)));
    vm.heap.set(args.ret, this);
    Ok(())
}

fn super_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write(out, b"<super: ")?;
    let class = vm.push_word(this, CLASS)?;
    vm.print(class, out, PrintKind::Str)?;
    vm.write(out, b", ")?;
    let object = vm.push_word(this, OBJECT)?;
    vm.print(object, out, PrintKind::Repr)?;
    vm.write(out, b">")
}

fn super_attr(vm: &mut Vm, this: Local, name: Qstr) -> PyResult<Option<Local>> {
    let class = vm.push_word(this, CLASS)?;
    let object = vm.push_word(this, OBJECT)?;
    vm.super_lookup(class, object, name)
}

impl Vm {
    /// `super(class, object).name`, pushed.
    pub(crate) fn super_lookup(
        &mut self,
        class: Local,
        object: Local,
        name: Qstr,
    ) -> PyResult<Option<Local>> {
        let start = self.heap.get(class);
        if self.heap.is_kind(start, Kind::Class) {
            let bases = self.push_word(class, class::BASES)?;
            let count = self.heap.words(self.heap.get(bases));
            for idx in 0..count {
                let base = self.push_word(bases, idx)?;
                let found = match self.class_lookup(self.heap.get(base), name, u32::from(name.0)) {
                    Some(Member::Value(value)) => match self.heap.push(value) {
                        Ok(slot) => slot,
                        Err(_) => return Err(self.raise_recursion()),
                    },
                    Some(Member::Row(table, row)) => self.push_row(table, row)?,
                    None => continue,
                };
                // A method of a native base works on the instance's native part.
                let is_row = self.heap.get(found).as_rom().is_some();
                let receiver = if is_row && self.heap.is_kind(self.heap.get(object), Kind::Instance)
                {
                    match self.native_of(object)? {
                        Some(native) if name != q::__init__ && name != q::__new__ => native,
                        _ => object,
                    }
                } else {
                    object
                };
                let of = if self.is_class(receiver) {
                    self.copy(receiver)?
                } else {
                    self.type_of(receiver)?
                };
                return self.bind(found, receiver, of).map(Some);
            }
        }
        // Every class ends in object; native bases understand `__init__`.
        if name == q::__init__ {
            let row = object::OBJECT.find(q::__init__).unwrap_or(0);
            let function = self.push_row(&object::OBJECT, row)?;
            return self.alloc_bound(function, object).map(Some);
        }
        if let Some(row) = object::OBJECT.find(name) {
            let member = self.push_row(&object::OBJECT, row)?;
            let of = self.type_of(object)?;
            return self.bind(member, object, of).map(Some);
        }
        if let Some(native) = self.native_of(object)? {
            return self.opt_attr(native, name);
        }
        Ok(None)
    }
}
