//! The verifier: walks every object of every region and says what is wrong.
//!
//! It marks every object, checks that each reference leads to a marked header, and takes the marks
//! away again. Zeal builds and tests call it after each collection.

use crate::object::Header;
use crate::{Heap, Kind, raw};

/// What the verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyError {
    /// The object, or the slot.
    pub addr: u32,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Heap {
    /// Checks the whole heap: headers, sizes, references, figures.
    pub fn verify(&self) -> Result<(), VerifyError> {
        let res = (0..self.n_regions).try_for_each(|idx| self.verify_headers(idx));
        let res = res.and_then(|()| {
            self.verify_words(self.roots_base, self.sp.get())?;
            (0..self.n_regions).try_for_each(|idx| self.verify_contents(idx))
        });
        for idx in 0..self.n_regions {
            self.unmark(idx);
        }
        res
    }

    /// Checks the headers of a region and marks them.
    fn verify_headers(&self, idx: usize) -> Result<(), VerifyError> {
        let region = self.region(idx);
        let (mut addr, mut holes) = (region.base, 0);
        while addr < region.top {
            let err = |what| Err(VerifyError { addr, what });
            let header = self.header(addr);
            if header.0 & 1 == 0 {
                return err("the header is a reference");
            }
            if header.0 & (Header::MARK | Header::PINNED) != 0 {
                return err("a flag is left over from a collection");
            }
            let is_filler = header.kind() == Kind::Filler;
            let is_watched = header.0 & Header::WATCHED != 0;
            if addr >= region.floor {
                if is_watched {
                    return err("a young object is watched");
                }
            } else if !is_filler && !is_watched && !self.is_remembered(addr) {
                return err("an old object is neither watched nor remembered");
            }
            if addr < region.floor && addr + header.size() > region.floor {
                return err("an object is half old");
            }
            if Kind::ALL.get((header.0 >> 4 & 0x3f) as usize).is_none() {
                return err("there is no such kind");
            }
            if header.size() > region.top - addr {
                return err("the object ends above the region's top");
            }
            if is_filler {
                holes += header.size();
            } else {
                raw::store(&self.space, addr, header.0 | Header::MARK);
            }
            addr += header.size();
        }
        let counted = region.holes();
        if holes != counted.bytes || counted.largest > holes {
            return Err(VerifyError { addr: region.base, what: "the holes are counted wrongly" });
        }
        Ok(())
    }

    fn verify_contents(&self, idx: usize) -> Result<(), VerifyError> {
        let region = self.region(idx);
        let mut addr = region.base;
        while addr < region.top {
            let header = self.header(addr);
            if let Some((first, last)) = header.traced(addr) {
                self.verify_words(first, last)?;
                if header.0 & Header::WATCHED != 0 {
                    self.verify_watched(first, last)?;
                }
            }
            addr += header.size();
        }
        Ok(())
    }

    fn verify_words(&self, mut addr: u32, end: u32) -> Result<(), VerifyError> {
        while addr < end {
            let word = raw::load(&self.space, addr);
            if word & 7 == 0 && word != 0 {
                if !self.is_object_addr(word) {
                    return Err(VerifyError { addr, what: "a reference leads out of the heap" });
                }
                if self.header(word).0 & (Header::MARK | 1) != Header::MARK | 1 {
                    return Err(VerifyError { addr, what: "a reference leads to no object" });
                }
            }
            addr += 4;
        }
        Ok(())
    }

    /// Checks that the words of a watched object do not refer to young ones unnoticed.
    fn verify_watched(&self, mut addr: u32, end: u32) -> Result<(), VerifyError> {
        while addr < end {
            let word = raw::load(&self.space, addr);
            if word & 7 == 0 && self.is_young(word) && !self.is_remembered_at(addr) {
                return Err(VerifyError { addr, what: "a reference to a young object is missed" });
            }
            addr += 4;
        }
        Ok(())
    }

    /// Takes away the marks that `verify_headers` set, as far as it came.
    fn unmark(&self, idx: usize) {
        let region = self.region(idx);
        let mut addr = region.base;
        while addr < region.top {
            let header = self.header(addr);
            let filler = header.0 & 1 == 1 && header.kind() == Kind::Filler;
            if !filler && header.0 & (Header::MARK | 1) != Header::MARK | 1 {
                return;
            }
            raw::store(&self.space, addr, header.0 & !Header::MARK);
            addr += header.size();
        }
    }
}
