//! Attending to what interrupts have asked for, between two instructions.

use crate::types::exception;
use crate::{PyResult, Vm};

impl Vm {
    /// Serves what interrupts asked for: raises KeyboardInterrupt, calls the modules' service.
    pub(crate) fn attend(&mut self) -> PyResult<()> {
        #[cfg(feature = "watch")]
        self.show_heap();
        if self.attention.take_interrupt() {
            return Err(self.raise_bare(&exception::KEYBOARD_INTERRUPT));
        }
        if self.attention.take_service() {
            if let Some(service) = self.service_hook {
                let mark = self.mark();
                let res = service(self);
                self.release(mark);
                return res;
            }
        }
        Ok(())
    }

    /// Shows the heap to the observer, if it has asked for that. Nothing of the program changes.
    #[cfg(feature = "watch")]
    pub fn show_heap(&self) {
        if self.attention.take_watch()
            && let Some(observer) = self.observer
        {
            observer.observe(&self.heap);
        }
    }

    /// Raises a pending KeyboardInterrupt and runs no Python code: for natives that take long.
    #[inline]
    pub fn stop_if_interrupted(&mut self) -> PyResult<()> {
        if self.attention.is_interrupted() { self.interrupt() } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn interrupt(&mut self) -> PyResult<()> {
        if self.attention.take_interrupt() {
            return Err(self.raise_bare(&exception::KEYBOARD_INTERRUPT));
        }
        Ok(())
    }

    /// Raises a pending KeyboardInterrupt and runs what is scheduled: for natives that wait, and
    /// before a prompt.
    pub fn check_interrupt(&mut self) -> PyResult<()> {
        if self.attention.is_pending() { self.attend() } else { Ok(()) }
    }
}
