//! Device registers: the one place where a driver touches an address.

/// A 32-bit register of a device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Register(u32);

impl Register {
    /// The register at `address`.
    ///
    /// # Safety
    ///
    /// `address` must be a 32-bit register of a device of this board, whose reading and writing
    /// does not change memory behind the program's back.
    pub(crate) const unsafe fn at(address: u32) -> Self {
        Self(address)
    }

    /// Reads it.
    pub(crate) fn read(self) -> u32 {
        // SAFETY: the address is a device register, by the contract of `at`.
        unsafe { (self.0 as *const u32).read_volatile() }
    }

    /// Writes it.
    pub(crate) fn write(self, value: u32) {
        // SAFETY: as above.
        unsafe { (self.0 as *mut u32).write_volatile(value) }
    }
}
