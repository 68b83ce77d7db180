//! Subscripts: `object[index]`, its assignment and deletion.

use crate::types::exception;
use crate::{PyResult, Vm};
use octopy_heap::{Kind, Local, Value};

impl Vm {
    /// `object[index]`, pushed.
    pub fn subscript(&mut self, object: Local, index: Local) -> PyResult<Local> {
        match self.type_table(object).slots.subscript {
            Some(subscript) => subscript(self, object, index),
            None => Err(self.raise_not_subscriptable(object)),
        }
    }

    #[cold]
    fn raise_not_subscriptable(&mut self, object: Local) -> crate::Raised {
        let mut short = crate::raise::ShortText::new();
        short.push(b"'");
        short.push(self.type_name_of(self.heap.get(object)));
        short.push(b"' object isn't subscriptable");
        self.raise_short(&exception::TYPE_ERROR, &short)
    }

    /// `object[index] = value`, or `del object[index]` without a value.
    pub fn store_subscript(
        &mut self,
        object: Local,
        index: Local,
        value: Option<Local>,
    ) -> PyResult<()> {
        let mark = self.mark();
        let res = match self.type_table(object).slots.store_subscript {
            Some(store) => store(self, object, index, value),
            None => {
                let mut short = crate::raise::ShortText::new();
                short.push(b"'");
                short.push(self.type_name_of(self.heap.get(object)));
                short.push(match value {
                    Some(_) => b"' object doesn't support item assignment",
                    None => b"' object doesn't support item deletion",
                });
                Err(self.raise_short(&exception::TYPE_ERROR, &short))
            }
        };
        self.release(mark);
        res
    }

    /// The item of a list or tuple at a small-int index, without calls: the interpreter's fast path.
    #[inline(always)]
    pub(crate) fn subscript_fast(&self, object: Value<'_>, index: Value<'_>) -> Option<Value<'_>> {
        let at = index.as_small()?;
        if !object.is_ref() {
            return None;
        }
        match self.heap.kind(object)? {
            Kind::List => {
                let len = self.heap.raw(object, 0);
                let at = if at < 0 { at + len as i32 } else { at } as u32;
                if at >= len {
                    return None;
                }
                Some(self.heap.word(self.heap.word(object, 1), at))
            }
            Kind::Tuple => {
                let len = self.heap.words(object);
                let at = if at < 0 { at + len as i32 } else { at } as u32;
                if at >= len { None } else { Some(self.heap.word(object, at)) }
            }
            _ => None,
        }
    }
}
