//! Subscripts: `object[index]`, its assignment and deletion.

use crate::types::exception;
use crate::{PyResult, Vm};
use octopy_heap::Local;

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
}
