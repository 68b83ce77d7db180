//! Types of values, and conversions between Python and Rust.

use crate::rom::Table;
use crate::types::{self, class, exception, instance};
use crate::{Float, Out, PyResult, Vm};
use octopy_heap::{Kind, Local, Value};
use octopy_qstr::{Qstr, q};

impl Vm {
    /// The native type of a value, where its slots are. User classes' instances have their own.
    #[inline]
    pub fn type_table(&self, slot: Local) -> &'static Table {
        self.table_of(self.heap.get(slot))
    }

    /// As [`Vm::type_table`], of a look.
    pub fn table_of(&self, value: Value<'_>) -> &'static Table {
        if value.is_small() {
            return &types::int::INT;
        }
        if value.is_ref() {
            return self.object_table(value);
        }
        if value.as_qstr().is_some() {
            return &types::str::STR;
        }
        if value.as_immediate_float().is_some() {
            return &types::float::FLOAT;
        }
        if value.as_rom().is_some() {
            return match self.as_table(value) {
                Some(table) if table.is_type => &class::TYPE,
                Some(_) => &types::module::MODULE,
                None => &types::function::BUILTIN_FUNCTION,
            };
        }
        match value.as_immediate() {
            Some(Value::TRUE | Value::FALSE) => &types::bool::BOOL,
            Some(Value::ELLIPSIS) => &types::none::ELLIPSIS_TYPE,
            Some(Value::NOT_IMPLEMENTED) => &types::none::NOT_IMPLEMENTED_TYPE,
            _ => &types::none::NONE_TYPE,
        }
    }

    fn object_table(&self, value: Value<'_>) -> &'static Table {
        match self.heap.kind(value).unwrap_or(Kind::Filler) {
            Kind::Str => &types::str::STR,
            Kind::Bytes => &types::bytes::BYTES,
            Kind::Int => &types::int::INT,
            Kind::Float => &types::float::FLOAT,
            #[cfg(feature = "complex")]
            Kind::Complex => &types::complex::COMPLEX,
            Kind::ByteArray => &types::bytearray::BYTEARRAY,
            #[cfg(feature = "array")]
            Kind::Array => &types::array::ARRAY,
            Kind::MemoryView => &types::memoryview::MEMORYVIEW,
            Kind::Tuple => &types::tuple::TUPLE,
            Kind::List => &types::list::LIST,
            Kind::Dict => &types::dict::DICT,
            Kind::Set => &types::set::SET,
            Kind::FrozenSet => &types::set::FROZENSET,
            Kind::DictView => &types::dict_view::DICT_VIEW,
            Kind::Range => &types::range::RANGE,
            Kind::Slice => &types::slice::SLICE,
            Kind::Iterator => &types::iterator::ITERATOR,
            Kind::Cell => &types::function::CLOSURE_CELL,
            Kind::Code => &types::code::CODE,
            Kind::Function => &types::function::FUNCTION,
            Kind::BoundMethod => &types::function::BOUND_METHOD,
            Kind::Generator => &types::generator::GENERATOR,
            Kind::Class => &class::TYPE,
            Kind::Instance => &instance::INSTANCE,
            Kind::Exception => {
                let class = self.heap.word(value, exception::CLASS);
                self.as_table(class).unwrap_or(&instance::INSTANCE)
            }
            Kind::Module => &types::module::MODULE,
            Kind::Property => &types::property::PROPERTY,
            Kind::StaticMethod => &types::property::STATICMETHOD,
            Kind::ClassMethod => &types::property::CLASSMETHOD,
            Kind::Super => &types::super_::SUPER,
            Kind::Native => {
                self.as_table(self.heap.word(value, 0)).unwrap_or(&types::object::OBJECT)
            }
            Kind::NativeState | Kind::NativeBytes => {
                let rom = Value::from_rom(octopy_heap::Rom {
                    table: self.heap.raw(value, 0) as u16,
                    row: crate::rom::TABLE_ITSELF,
                });
                self.as_table(rom).unwrap_or(&types::object::OBJECT)
            }
            #[cfg(not(feature = "complex"))]
            Kind::Complex => &types::object::OBJECT,
            #[cfg(not(feature = "array"))]
            Kind::Array => &types::object::OBJECT,
            Kind::Filler | Kind::Buffer | Kind::Words | Kind::Items | Kind::Table => {
                &types::object::OBJECT
            }
        }
    }

    /// `type(value)`, pushed: a native type or a user class.
    pub fn type_of(&mut self, slot: Local) -> PyResult<Local> {
        let value = self.heap.get(slot);
        match self.heap.kind(value) {
            Some(Kind::Instance) => self.push_word(slot, instance::CLASS),
            Some(Kind::Exception) => self.push_word(slot, exception::CLASS),
            _ => self.push(self.type_table(slot).value()),
        }
    }

    /// The name of the class that a value is an instance of.
    pub fn type_name_of<'a>(&'a self, value: Value<'a>) -> &'a [u8] {
        let class = match self.heap.kind(value) {
            Some(Kind::Instance) => self.heap.word(value, instance::CLASS),
            Some(Kind::Exception) => self.heap.word(value, exception::CLASS),
            _ => return self.name_text(self.table_of(value).name),
        };
        self.class_name(class)
    }

    /// The name of a class (native or user).
    pub fn class_name<'a>(&'a self, class: Value<'a>) -> &'a [u8] {
        if let Some(table) = self.as_table(class) {
            return self.name_text(table.name);
        }
        if self.heap.is_kind(class, Kind::Class) {
            return self.text(self.heap.word(class, class::NAME)).unwrap_or(b"");
        }
        b"?"
    }

    /// The name of the class in `slot`.
    pub fn type_name(&self, slot: Local) -> &[u8] {
        self.class_name(self.heap.get(slot))
    }

    /// Writes the name of the class that `value` is an instance of.
    pub fn write_type_name(&mut self, out: Out, value: Local) -> PyResult<()> {
        let mark = self.mark();
        let class = self.type_of(value)?;
        let res = self.write_class_name(out, class);
        self.release(mark);
        res
    }

    /// Writes the name of a class.
    pub fn write_class_name(&mut self, out: Out, class: Local) -> PyResult<()> {
        let name = match self.as_table(self.heap.get(class)) {
            Some(table) => self.push(Value::from_qstr(table.name.0))?,
            None => self.push_word(class, class::NAME)?,
        };
        self.write_text(out, name)
    }

    /// Whether the value is a string.
    #[inline]
    pub fn is_str(&self, slot: Local) -> bool {
        let value = self.heap.get(slot);
        value.as_qstr().is_some() || self.heap.is_kind(value, Kind::Str)
    }

    /// A string as a name.
    pub fn to_qstr(&mut self, slot: Local) -> PyResult<Qstr> {
        if self.is_str(slot) {
            return self.intern_str(slot);
        }
        if let Some(inner) = self.native_part(slot, Kind::Str)? {
            return self.intern_str(inner);
        }
        Err(self.raise_convert(slot, "str"))
    }

    /// `TypeError: can't convert X to Y`, as for implicit conversions.
    #[cold]
    pub fn raise_convert(&mut self, slot: Local, to: &str) -> crate::Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"can't convert '");
        short.push(self.type_name_of(self.heap.get(slot)));
        short.push(b"' object to ");
        short.push(to.as_bytes());
        short.push(b" implicitly");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// Raises an exception of a native type with a text composed in pieces.
    #[cold]
    pub fn raise_short(
        &mut self,
        class: &'static Table,
        text: &crate::raise::ShortText,
    ) -> crate::Raised {
        self.raise_bytes(class, text.bytes())
    }

    /// An integer that fits 64 bits; also a bool. Types without `__int__` semantics are refused.
    pub fn to_i64(&mut self, slot: Local) -> PyResult<i64> {
        let value = self.heap.get(slot);
        if let Some(small) = value.as_small() {
            return Ok(i64::from(small));
        }
        match value.as_immediate() {
            Some(Value::TRUE) => return Ok(1),
            Some(Value::FALSE) => return Ok(0),
            _ => {}
        }
        if self.heap.is_kind(value, Kind::Int) {
            return match types::int::to_i64(&self.heap, value) {
                Some(int) => Ok(int),
                None => Err(self.raise(
                    &exception::OVERFLOW_ERROR,
                    "overflow converting long int to machine word",
                )),
            };
        }
        if let Some(inner) = self.native_part(slot, Kind::Int)? {
            return self.to_i64(inner);
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"can't convert ");
        short.push(self.type_name_of(self.heap.get(slot)));
        short.push(b" to int");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }

    /// An integer that fits 32 bits.
    #[inline]
    pub fn to_i32(&mut self, slot: Local) -> PyResult<i32> {
        if let Some(small) = self.heap.get(slot).as_small() {
            return Ok(small);
        }
        let int = self.to_i64(slot)?;
        match i32::try_from(int) {
            Ok(int) => Ok(int),
            Err(_) => Err(self
                .raise(&exception::OVERFLOW_ERROR, "overflow converting long int to machine word")),
        }
    }

    /// An integer from 0 to 2^32 - 1.
    pub fn to_u32(&mut self, slot: Local) -> PyResult<u32> {
        let int = self.to_i64(slot)?;
        match u32::try_from(int) {
            Ok(int) => Ok(int),
            Err(_) => Err(self
                .raise(&exception::OVERFLOW_ERROR, "overflow converting long int to machine word")),
        }
    }

    /// A float; integers and bools are converted.
    pub fn to_float(&mut self, slot: Local) -> PyResult<Float> {
        if let Some(float) = self.opt_float(slot)? {
            return Ok(float);
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"can't convert ");
        short.push(self.type_name_of(self.heap.get(slot)));
        short.push(b" to float");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }

    /// The float of a value that is a float, an integer or a bool (or has `__float__`).
    pub fn opt_float(&mut self, slot: Local) -> PyResult<Option<Float>> {
        let value = self.heap.get(slot);
        if let Some(small) = value.as_small() {
            return Ok(Some(self.round_float(small as Float)));
        }
        if let Some(float) = types::float::value(&self.heap, value) {
            return Ok(Some(float));
        }
        match value.as_immediate() {
            Some(Value::TRUE) => return Ok(Some(1.0)),
            Some(Value::FALSE) => return Ok(Some(0.0)),
            _ => {}
        }
        if self.heap.is_kind(value, Kind::Int) {
            let float = types::int::to_float(&self.heap, value);
            return Ok(Some(self.round_float(float)));
        }
        if value.is_ref() {
            let mark = self.mark();
            if let Some(unary) = self.type_table(slot).slots.unary {
                if let Some(result) = unary(self, crate::UnaryOp::Float, slot)? {
                    let float = types::float::value(&self.heap, self.heap.get(result));
                    self.release(mark);
                    return Ok(float);
                }
            }
            self.release(mark);
        }
        Ok(None)
    }

    /// Truth: `bool(value)`.
    #[inline]
    pub fn is_true(&mut self, slot: Local) -> PyResult<bool> {
        let value = self.heap.get(slot);
        if value.is_small() {
            return Ok(value.small_unchecked() != 0);
        }
        match value.as_immediate() {
            Some(Value::TRUE) => return Ok(true),
            Some(Value::FALSE | Value::NONE) => return Ok(false),
            Some(immediate) => {
                if let Some(float) = immediate.as_immediate_float() {
                    return Ok(float != 0.0);
                }
                if let Some(name) = immediate.as_qstr() {
                    return Ok(name != q::empty.0);
                }
                return Ok(true);
            }
            None => {}
        }
        self.is_true_slow(slot)
    }

    #[inline(never)]
    fn is_true_slow(&mut self, slot: Local) -> PyResult<bool> {
        let mark = self.mark();
        if let Some(unary) = self.type_table(slot).slots.unary {
            if let Some(result) = unary(self, crate::UnaryOp::Bool, slot)? {
                let truth = self.heap.get(result) == Value::TRUE;
                self.release(mark);
                return Ok(truth);
            }
            if let Some(len) = unary(self, crate::UnaryOp::Len, slot)? {
                let truth = self.heap.get(len) != Value::from_small(0);
                self.release(mark);
                return Ok(truth);
            }
        }
        self.release(mark);
        Ok(true)
    }

    /// `len(value)`; TypeError where there is none.
    pub fn len_of(&mut self, slot: Local) -> PyResult<u32> {
        let mark = self.mark();
        if let Some(unary) = self.type_table(slot).slots.unary {
            if let Some(len) = unary(self, crate::UnaryOp::Len, slot)? {
                let len = self.to_u32(len)?;
                self.release(mark);
                return Ok(len);
            }
        }
        let mut short = crate::raise::ShortText::new();
        short.push(b"object of type '");
        short.push(self.type_name_of(self.heap.get(slot)));
        short.push(b"' has no len()");
        Err(self.raise_short(&exception::TYPE_ERROR, &short))
    }

    /// For an instance of a user class derived from a native type: its native part of that kind.
    pub fn native_part(&mut self, slot: Local, kind: Kind) -> PyResult<Option<Local>> {
        let value = self.heap.get(slot);
        if !self.heap.is_kind(value, Kind::Instance) {
            return Ok(None);
        }
        let native = self.heap.word(value, instance::NATIVE);
        let matches = match kind {
            Kind::Str => native.as_qstr().is_some() || self.heap.is_kind(native, kind),
            Kind::Int => native.is_small() || self.heap.is_kind(native, kind),
            _ => self.heap.is_kind(native, kind),
        };
        if matches { self.push_word(slot, instance::NATIVE).map(Some) } else { Ok(None) }
    }

    /// An integer as an object, pushed.
    #[inline]
    pub fn alloc_int(&mut self, int: i64) -> PyResult<Local> {
        match i32::try_from(int).ok().and_then(Value::small) {
            Some(value) => self.push(value),
            None => types::int::alloc(self, int),
        }
    }

    /// A float as an object, rounded to this VM's width, pushed.
    #[inline]
    pub fn alloc_float(&mut self, float: Float) -> PyResult<Local> {
        types::float::alloc(self, float)
    }

    /// A tuple of the values in `count` consecutive slots, pushed.
    pub fn alloc_tuple(&mut self, first: Local, count: u32) -> PyResult<Local> {
        if count == 0 {
            return types::tuple::empty(self);
        }
        let tuple = self.alloc(Kind::Tuple, count)?;
        let object = self.heap.get(tuple);
        for idx in 0..count {
            self.heap.init(object, idx, self.heap.get(first.offset(idx)));
        }
        Ok(tuple)
    }

    /// An index into a sequence of `len` items, negative ones counted from the end; IndexError
    /// outside. `class` names the sequence in the message.
    pub fn to_index(&mut self, index: Local, len: u32, class: &str) -> PyResult<u32> {
        let value = self.heap.get(index);
        let at = match value.as_small() {
            Some(small) => i64::from(small),
            None if self.heap.is_kind(value, Kind::Int)
                || matches!(value.as_immediate(), Some(Value::TRUE | Value::FALSE)) =>
            {
                self.to_i64(index)?
            }
            None => {
                let mut short = crate::raise::ShortText::new();
                short.push(class.as_bytes());
                short.push(b" indices must be integers, not ");
                short.push(self.type_name_of(self.heap.get(index)));
                return Err(self.raise_short(&exception::TYPE_ERROR, &short));
            }
        };
        let place = if at < 0 { at + i64::from(len) } else { at };
        match u32::try_from(place) {
            Ok(place) if place < len => Ok(place),
            _ => {
                let mut short = crate::raise::ShortText::new();
                short.push(class.as_bytes());
                short.push(b" index out of range");
                Err(self.raise_short(&exception::INDEX_ERROR, &short))
            }
        }
    }
}
