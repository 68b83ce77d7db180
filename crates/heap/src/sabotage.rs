//! Sabotage: allocations that fail on purpose, on PCs.
//!
//! A test lets so many allocations through and has the next one fail, or every one from there on.
//! Meanwhile no window is open, so that every allocation is seen. A chip has none of this.

#[cfg(not(target_os = "none"))]
use crate::Heap;

/// Which allocation fails.
#[derive(Debug)]
pub(crate) struct Sabotage {
    /// Allocations to let through before one fails; `u32::MAX` is off.
    #[cfg(not(target_os = "none"))]
    left: u32,
    /// Only one fails.
    #[cfg(not(target_os = "none"))]
    once: bool,
}

#[cfg(not(target_os = "none"))]
impl Sabotage {
    pub(crate) const NONE: Self = Self { left: u32::MAX, once: false };

    /// Whether every allocation is to be looked at.
    pub(crate) const fn is_on(&self) -> bool {
        self.left != u32::MAX
    }

    /// Counts an allocation: whether it fails.
    pub(crate) fn strikes(&mut self) -> bool {
        match self.left {
            u32::MAX => false,
            0 => {
                if self.once {
                    *self = Self::NONE;
                }
                true
            }
            _ => {
                self.left -= 1;
                false
            }
        }
    }
}

#[cfg(target_os = "none")]
impl Sabotage {
    pub(crate) const NONE: Self = Self {};

    pub(crate) const fn is_on(&self) -> bool {
        false
    }

    pub(crate) const fn strikes(&mut self) -> bool {
        false
    }
}

#[cfg(not(target_os = "none"))]
impl Heap {
    /// Lets `count` allocations through, then fails every one: for tests of running out of memory.
    /// `None` ends that.
    pub fn fail_after(&mut self, count: Option<u32>) {
        self.shut_window();
        self.sabotage = Sabotage { left: count.unwrap_or(u32::MAX), once: false };
    }

    /// Lets `count` allocations through, then fails one.
    pub fn fail_once_after(&mut self, count: u32) {
        self.shut_window();
        self.sabotage = Sabotage { left: count, once: true };
    }

    /// Allocations that will still be let through; `None` if none fails.
    pub fn until_failure(&self) -> Option<u32> {
        self.sabotage.is_on().then_some(self.sabotage.left)
    }
}
