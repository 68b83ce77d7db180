//! The verifier: walks every object of every region and says what is wrong.
//!
//! It changes nothing: on a PC, where objects start is noted beside the heap. Zeal builds and tests
//! call it after each collection, and after each slice of one.

use crate::object::Header;
use crate::region::{MAX_REGIONS, Region};
use crate::{Heap, Kind, raw};

/// What the verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyError {
    /// The object, or the slot.
    pub addr: u32,
    /// What is wrong with it.
    pub what: &'static str,
}

/// One bit for each place where an object can start, of one region. A chip has no memory for that:
/// there every odd word is taken for a header.
#[derive(Clone, Default)]
struct Starts {
    #[cfg(not(target_os = "none"))]
    base: u32,
    #[cfg(not(target_os = "none"))]
    bits: std::vec::Vec<u64>,
}

#[cfg(not(target_os = "none"))]
impl Starts {
    fn of(region: &Region) -> Self {
        let words = (region.top - region.base).div_ceil(8 * 64) as usize;
        Self { base: region.base, bits: std::vec![0; words] }
    }

    fn set(&mut self, addr: u32) {
        let bit = (addr - self.base) / 8;
        if let Some(word) = self.bits.get_mut(bit as usize / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    fn has(&self, addr: u32, _header: Header) -> bool {
        let bit = addr.wrapping_sub(self.base) / 8;
        self.bits.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

#[cfg(target_os = "none")]
impl Starts {
    fn of(_region: &Region) -> Self {
        Self {}
    }

    fn set(&mut self, _addr: u32) {}

    fn has(&self, _addr: u32, header: Header) -> bool {
        header.0 & 1 == 1 && header.kind() != Kind::Filler
    }
}

impl Heap {
    /// Checks the whole heap: headers, sizes, references, figures.
    pub fn verify(&self) -> Result<(), VerifyError> {
        let mut starts: [Starts; MAX_REGIONS] = Default::default();
        for (idx, place) in starts.iter_mut().enumerate().take(self.n_regions) {
            *place = self.verify_headers(idx)?;
        }
        self.verify_words(&starts, self.roots_base, self.sp.get())?;
        for idx in 0..self.n_regions {
            self.verify_contents(&starts, idx)?;
        }
        self.verify_cycle()
    }

    /// Checks the headers of a region: says where its objects start.
    fn verify_headers(&self, idx: usize) -> Result<Starts, VerifyError> {
        let region = self.region(idx);
        let (mut addr, mut holes) = (region.base, 0);
        let mut starts = Starts::of(&region);
        while addr < region.top {
            let err = |what| Err(VerifyError { addr, what });
            let header = self.header(addr);
            if header.0 & 1 == 0 {
                return err("the header is a reference");
            }
            let is_flagged = header.0 & (Header::MARK | Header::PINNED) != 0;
            let is_old = addr < region.floor;
            if is_flagged && !(is_old && self.may_have_flags(idx, addr, header)) {
                return err("a flag is left over from a collection");
            }
            let is_filler = header.kind() == Kind::Filler;
            let is_watched = header.0 & Header::WATCHED != 0;
            if !is_old {
                if is_watched {
                    return err("a young object is watched");
                }
            } else if !is_filler && !is_watched && !self.is_remembered(addr) {
                return err("an old object is neither watched nor remembered");
            }
            if is_old && addr + header.size() > region.floor {
                return err("an object is half old");
            }
            if Kind::ALL.get((header.0 >> 4 & 0x3f) as usize).is_none() {
                return err("there is no such kind");
            }
            if header.size() > region.top - addr {
                return err("the object ends above the region's top");
            }
            if !is_filler {
                starts.set(addr);
            } else if !self.is_being_swept(idx, addr) {
                holes += header.size();
            }
            addr += header.size();
        }
        let counted = region.holes();
        if holes != counted.bytes || counted.largest > holes {
            return Err(VerifyError { addr: region.base, what: "the holes are counted wrongly" });
        }
        Ok(starts)
    }

    fn verify_contents(&self, starts: &[Starts], idx: usize) -> Result<(), VerifyError> {
        let region = self.region(idx);
        let mut addr = region.base;
        while addr < region.top {
            let header = self.header(addr);
            if let Some((first, last)) = header.traced(addr)
                && !self.is_unswept(addr, header)
            {
                self.verify_words(starts, first, last)?;
                if header.0 & Header::WATCHED != 0 {
                    self.verify_watched(addr, first, last)?;
                }
            }
            addr += header.size();
        }
        Ok(())
    }

    fn verify_words(&self, starts: &[Starts], mut addr: u32, end: u32) -> Result<(), VerifyError> {
        while addr < end {
            let word = raw::load(&self.space, addr);
            if word & 7 == 0 && word != 0 {
                if !self.is_object_addr(word) {
                    return Err(VerifyError { addr, what: "a reference leads out of the heap" });
                }
                if !starts.iter().any(|region| region.has(word, self.header(word))) {
                    return Err(VerifyError { addr, what: "a reference leads to no object" });
                }
                if self.is_unswept(word, self.header(word)) {
                    return Err(VerifyError { addr, what: "a reference leads to a dead object" });
                }
            }
            addr += 4;
        }
        Ok(())
    }

    /// Checks that the words of a watched object do not refer to young ones unnoticed, nor hide
    /// old ones from a cycle.
    fn verify_watched(&self, object: u32, mut addr: u32, end: u32) -> Result<(), VerifyError> {
        while addr < end {
            let word = raw::load(&self.space, addr);
            if word & 7 == 0 && word != 0 {
                if self.is_young(word) && !self.is_remembered_at(addr) {
                    let what = "a reference to a young object is missed";
                    return Err(VerifyError { addr, what });
                }
                self.verify_shade(object, addr, word)?;
            }
            addr += 4;
        }
        Ok(())
    }
}
