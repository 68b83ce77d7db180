//! `str`: UTF-8 text, interned (a qstr) or an object.

use crate::{Out, PrintKind, PyResult, Vm, table};
use octopy_heap::Local;

crate::class! {
    /// Text.
    pub static STR = str (table::STR) {
        slots { print: str_print }
    }
}

fn str_print(vm: &mut Vm, this: Local, out: Out, _kind: PrintKind) -> PyResult<()> {
    vm.write_text(out, this)
}

/// The character at byte position `at` as a string, pushed, and its length in bytes.
pub fn char_at(_vm: &mut Vm, _text: Local, _at: u32) -> PyResult<(u32, Option<Local>)> {
    Ok((0, None))
}
