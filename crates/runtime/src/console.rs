//! The console of a board, with the store of the line or program that is being entered.

use crate::text_store;
use octopy_hal::Board;
use octopy_repl::{Text, TextFull, Wire};
use octopy_vm::Vm;

/// The byte of Ctrl-C.
pub(crate) const INTERRUPT: u8 = 3;

/// The board's console as bytes.
pub(crate) struct BoardWire<'b>(pub(crate) &'b mut dyn Board);

impl Wire for BoardWire<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        loop {
            let mut byte = [0];
            if self.0.console().read(&mut byte) == 1 {
                return Some(byte[0]);
            }
            if self.0.attention().take_interrupt() {
                return Some(INTERRUPT);
            }
            if self.0.console().is_closed() {
                return None;
            }
            self.0.wait(None);
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

/// Console and VM, for as long as lines are edited on them; `rest` is what their editor needs
/// besides: [`crate::session::ReplState`] for the REPL, a history for `input()`.
pub(crate) struct Console<'r, R> {
    pub(crate) vm: &'r mut Vm,
    pub(crate) capacity: usize,
    pub(crate) rest: R,
}

impl<'r, R> Console<'r, R> {
    pub(crate) fn new(vm: &'r mut Vm, rest: R) -> Self {
        let capacity = vm.board().console().receive_capacity();
        Self { vm, capacity, rest }
    }
}

impl<R> Wire for Console<'_, R> {
    fn read_byte(&mut self) -> Option<u8> {
        BoardWire(self.vm.board()).read_byte()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.vm.board().console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

impl<R> Text for Console<'_, R> {
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
