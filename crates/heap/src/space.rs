//! `Space`: the 4 GiB address range that values refer into.
//!
//! On a chip it is the address map itself. On a PC it is a range reserved from the operating
//! system, of which only the committed parts are memory. A space is never given back.
#![allow(unsafe_code, reason = "this file makes addresses into pointers")]

/// An address space of objects.
#[derive(Debug)]
pub struct Space {
    #[cfg(not(target_os = "none"))]
    base: *mut u8,
    #[cfg(not(target_os = "none"))]
    len: u64,
    /// The address bit that leads to the twin of each region; 0 if there are no twins.
    #[cfg(not(target_os = "none"))]
    twin: u32,
}

#[cfg(target_os = "none")]
impl Space {
    /// The chip's own address map.
    ///
    /// # Safety
    ///
    /// The ranges that the heap is then given must be memory that nothing else uses, for ever, and
    /// there must be one heap only.
    pub const unsafe fn identity() -> Self {
        Self {}
    }

    #[inline(always)]
    pub(crate) fn ptr(&self, addr: u32) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(addr as usize)
    }

    #[inline(always)]
    pub(crate) fn contains(&self, _addr: u32, _len: u32) -> bool {
        true
    }

    #[inline(always)]
    pub(crate) const fn twin(&self) -> u32 {
        0
    }
}

#[cfg(not(target_os = "none"))]
impl Space {
    /// A small space of `len` bytes of ordinary memory, for tests (Miri included). Address 0 is
    /// part of it but never used.
    #[cfg(any(test, feature = "reserve"))]
    pub fn boxed(len: u32) -> Self {
        let memory = std::vec![0_u64; len.div_ceil(8) as usize].leak();
        Self { base: memory.as_mut_ptr().cast(), len: u64::from(len), twin: 0 }
    }

    /// An ordinary small space for a heap like `config`, with twins of its regions.
    #[cfg(any(test, feature = "reserve"))]
    pub fn boxed_for(config: &crate::HeapConfig<'_>) -> Self {
        let (ranges, twin) = ranges(config);
        let len = ranges.iter().map(|&(base, size)| base + size).max().unwrap_or(0);
        Self { twin, ..Self::boxed(len) }
    }

    /// Reserves 4 GiB of addresses and commits what a heap like `config` needs; in zeal builds
    /// also the twins of its regions, to which objects are moved and back.
    #[cfg(feature = "reserve")]
    pub fn for_config(config: &crate::HeapConfig<'_>) -> std::io::Result<Self> {
        let (ranges, twin) = ranges(config);
        Ok(Self { twin, ..Self::reserve(&ranges)? })
    }

    /// Reserves 4 GiB of addresses and commits the given `(base, size)` ranges, zeroed.
    #[cfg(feature = "reserve")]
    pub fn reserve(ranges: &[(u32, u32)]) -> std::io::Result<Self> {
        const LEN: usize = 1 << 32;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a fresh anonymous mapping at an address of the system's choice.
        let base = unsafe { libc::mmap(core::ptr::null_mut(), LEN, libc::PROT_NONE, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return Err(std::io::Error::last_os_error());
        }
        for &(start, size) in ranges {
            let (first, last) = (start & !0xfff, u64::from(start) + u64::from(size));
            let len = (last - u64::from(first)).next_multiple_of(4096) as usize;
            // SAFETY: `first` is inside the 4 GiB mapping.
            let at = unsafe { base.cast::<u8>().add(first as usize) };
            // SAFETY: the range is inside the mapping made above, page-aligned.
            let res = unsafe { libc::mprotect(at.cast(), len, libc::PROT_READ | libc::PROT_WRITE) };
            if res != 0 {
                return Err(std::io::Error::last_os_error());
            }
        }
        Ok(Self { base: base.cast(), len: 1 << 32, twin: 0 })
    }

    #[inline(always)]
    pub(crate) fn ptr(&self, addr: u32) -> *mut u8 {
        // SAFETY: every u32 is inside the reserved range, or checked by `contains` in tests.
        unsafe { self.base.add(addr as usize) }
    }

    #[inline(always)]
    pub(crate) fn contains(&self, addr: u32, len: u32) -> bool {
        u64::from(addr) + u64::from(len) <= self.len
    }

    #[inline(always)]
    pub(crate) const fn twin(&self) -> u32 {
        self.twin
    }
}

/// The ranges of addresses that a heap needs, and the bit that leads to its regions' twins: the
/// lowest one with which no two ranges overlap.
#[cfg(all(not(target_os = "none"), any(test, feature = "reserve")))]
fn ranges(config: &crate::HeapConfig<'_>) -> (std::vec::Vec<(u32, u32)>, u32) {
    let mut ranges = std::vec![(config.stack_base, config.stack_size)];
    ranges.extend(config.regions.iter().map(|r| (r.base, r.size)));
    if !cfg!(any(test, feature = "zeal")) {
        return (ranges, 0);
    }
    for bit in 12..32 {
        let twins = config.regions.iter().map(|r| (r.base ^ 1 << bit, r.size));
        let mut all = ranges.clone();
        all.extend(twins);
        all.sort_unstable();
        let apart = all
            .windows(2)
            .all(|w| matches!(w, [a, b] if u64::from(a.0) + u64::from(a.1) <= u64::from(b.0)));
        let fits = all.iter().all(|r| r.0 >= 8 && r.0.checked_add(r.1).is_some());
        if apart && fits {
            return (all, 1 << bit);
        }
    }
    (ranges, 0)
}
