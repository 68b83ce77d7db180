//! Passes over runs of bytes, so long that Ctrl-C must not wait for their end.
//!
//! A pass over 4 MB takes a board 200 ms where a byte takes ten instructions. With the feature
//! `long-passes` one that is longer than [`PIECE`] looks for Ctrl-C as it goes. Boards whose memory
//! is small go without it: what fits there is passed soon enough.

use crate::types::buffer::BufferLook;
use crate::{PyResult, Vm};

/// Bytes between two looks: some milliseconds on a board.
pub const PIECE: u32 = if cfg!(feature = "long-passes") { 1 << 16 } else { u32::MAX };

impl Vm {
    /// Shows a run of bytes to `see`, from its start and in one piece or several, until that says
    /// no; whether it never did.
    #[inline(always)]
    pub fn pass(
        &mut self,
        look: &BufferLook,
        mut see: impl FnMut(&[u8]) -> bool,
    ) -> PyResult<bool> {
        #[cfg(feature = "long-passes")]
        if look.len > PIECE {
            return self.pass_pieces(look, &mut see);
        }
        Ok(see(self.buffer_bytes(look)))
    }

    #[cfg(feature = "long-passes")]
    #[inline(never)]
    fn pass_pieces(
        &mut self,
        look: &BufferLook,
        see: &mut dyn FnMut(&[u8]) -> bool,
    ) -> PyResult<bool> {
        let mut rest = *look;
        while rest.len > 0 {
            if !see(self.buffer_bytes(&rest.part(0, PIECE))) {
                return Ok(false);
            }
            self.stop_if_interrupted()?;
            rest = rest.from(PIECE);
        }
        Ok(true)
    }

    /// Hands a run of writable bytes to `change`, in one piece or several.
    #[inline(always)]
    pub fn pass_mut(
        &mut self,
        look: &BufferLook,
        mut change: impl FnMut(&mut [u8]),
    ) -> PyResult<()> {
        let mut rest = *look;
        while rest.len > PIECE {
            change(self.buffer_bytes_mut(&rest.part(0, PIECE)));
            self.stop_if_interrupted()?;
            rest = rest.from(PIECE);
        }
        change(self.buffer_bytes_mut(&rest));
        Ok(())
    }

    /// The hash of a run of bytes.
    #[inline(never)]
    pub(crate) fn hash_run(&mut self, look: &BufferLook) -> PyResult<u32> {
        let mut hash = octopy_qstr::HASH;
        self.pass(look, |bytes| {
            hash = octopy_qstr::hash_on(hash, bytes);
            true
        })?;
        Ok(hash)
    }

    /// Looks for Ctrl-C now and then: at the steps of a loop whose number is a multiple of 4096.
    #[inline(always)]
    pub fn pass_step(&mut self, number: u32) -> PyResult<()> {
        if cfg!(feature = "long-passes") && number.is_multiple_of(4096) {
            self.stop_if_interrupted()?;
        }
        Ok(())
    }
}
