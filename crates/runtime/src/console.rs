//! The console of a board, with the store of the line or program that is being entered.

use crate::text_store;
use octopy_hal::Board;
use octopy_heap::Root;
use octopy_repl::{History, Text, TextFull, Wire};
use octopy_vm::Vm;

/// The byte of Ctrl-C.
pub(crate) const INTERRUPT: u8 = 3;

/// The board's console as bytes.
pub(crate) struct BoardWire<'b>(pub(crate) &'b mut dyn Board);

/// What the console had.
enum Found {
    Byte(u8),
    Nothing,
    /// It is closed.
    End,
}

impl BoardWire<'_> {
    /// Looks for a byte, and does not wait.
    fn look(&mut self) -> Found {
        let mut byte = [0];
        if self.0.console().read(&mut byte) == 1 {
            return Found::Byte(byte[0]);
        }
        if self.0.attention().take_interrupt() {
            return Found::Byte(INTERRUPT);
        }
        if self.0.console().is_closed() { Found::End } else { Found::Nothing }
    }
}

impl Wire for BoardWire<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        loop {
            match self.look() {
                Found::Byte(byte) => return Some(byte),
                Found::End => return None,
                Found::Nothing => self.0.wait(None),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        // The trait looks at the board only mutably; the runtime asks it beforehand.
        0
    }
}

/// Console and VM, for as long as lines are edited on them.
///
/// SIZE: one type for the REPL and for `input()`, so that there is one line editor: 2 KB.
pub(crate) struct Console<'r> {
    pub(crate) vm: &'r mut Vm,
    pub(crate) capacity: usize,
    pub(crate) history: &'r mut History,
    /// What the REPL has compiled and not run yet.
    pub(crate) compiled: &'r mut Option<Root>,
}

impl<'r> Console<'r> {
    pub(crate) fn new(
        vm: &'r mut Vm,
        history: &'r mut History,
        compiled: &'r mut Option<Root>,
    ) -> Self {
        let capacity = vm.board().console().receive_capacity();
        Self { vm, capacity, history, compiled }
    }
}

impl Wire for Console<'_> {
    #[cfg(not(feature = "watch"))]
    fn read_byte(&mut self) -> Option<u8> {
        BoardWire(self.vm.board()).read_byte()
    }

    #[cfg(feature = "watch")]
    fn read_byte(&mut self) -> Option<u8> {
        loop {
            match BoardWire(self.vm.board()).look() {
                Found::Byte(byte) => return Some(byte),
                Found::End => return None,
                Found::Nothing => {
                    self.vm.show_heap();
                    self.vm.board().wait(None);
                }
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.vm.board().console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

impl Text for Console<'_> {
    fn text_len(&self) -> usize {
        text_store::len(self.vm)
    }

    fn text_copy(&self, at: usize, dst: &mut [u8]) -> usize {
        text_store::copy(self.vm, at, dst)
    }

    fn text_insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), TextFull> {
        text_store::insert(self.vm, at, bytes)
    }

    fn text_remove(&mut self, at: usize, len: usize) {
        text_store::remove(self.vm, at, len);
    }

    fn text_clear(&mut self) {
        text_store::clear(self.vm);
    }
}
