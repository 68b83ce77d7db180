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
    /// The ranges that the heap is then given, at first or later, must be memory that nothing else
    /// uses as long as the heap has them, and there must be one heap only.
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

    /// Whether there is memory at a range: who gave the heap its space says so.
    pub(crate) const fn commit(&self, _base: u32, _size: u32) -> bool {
        true
    }

    /// A range is the heap's no longer.
    pub(crate) const fn discard(&self, _base: u32, _size: u32) {}
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
        let space = Self { base: base.cast(), len: Self::ALL, twin: 0 };
        for &(start, size) in ranges {
            if !space.commit(start, size) {
                return Err(std::io::Error::last_os_error());
            }
        }
        Ok(space)
    }

    /// The length of a space that is reserved from the operating system.
    #[cfg(feature = "reserve")]
    const ALL: u64 = 1 << 32;

    /// As [`Space::for_config`], with addresses for one region that grows up to `most` bytes.
    #[cfg(feature = "reserve")]
    pub fn for_growth(config: &crate::HeapConfig<'_>, most: u32) -> std::io::Result<Self> {
        let regions: std::vec::Vec<crate::RegionSpec> = config
            .regions
            .iter()
            .map(|r| crate::RegionSpec { size: most.max(r.size), ..*r })
            .collect();
        let (_, twin) = ranges(&crate::HeapConfig { regions: &regions, ..*config });
        let mut ranges = std::vec![(config.stack_base, config.stack_size)];
        for region in config.regions {
            ranges.extend([(region.base, region.size), (region.base ^ twin, region.size)]);
        }
        Ok(Self { twin, ..Self::reserve(&ranges)? })
    }

    /// Has the operating system give memory to a range, zeroed if it had none. False if it does
    /// not, or if the range is outside of the space.
    pub(crate) fn commit(&self, base: u32, size: u32) -> bool {
        #[cfg(feature = "reserve")]
        if self.len == Self::ALL {
            let (first, last) = (base & !0xfff, u64::from(base) + u64::from(size));
            let len = (last - u64::from(first)).next_multiple_of(4096);
            // SAFETY: the range is page-aligned and inside the mapping of `reserve`, which nothing
            // but this space uses.
            return last <= Self::ALL
                && unsafe {
                    let access = libc::PROT_READ | libc::PROT_WRITE;
                    libc::mprotect(self.ptr(first).cast(), len as usize, access) == 0
                };
        }
        self.contains(base, size)
    }

    /// Gives the memory of a range, which the heap no longer has, back to the operating system.
    #[cfg_attr(not(feature = "reserve"), allow(clippy::unused_self, reason = "there is no system"))]
    pub(crate) fn discard(&self, base: u32, size: u32) {
        #[cfg(feature = "reserve")]
        if self.len == Self::ALL {
            let first = base.next_multiple_of(4096);
            let len = ((base + size) & !0xfff).saturating_sub(first) as usize;
            // SAFETY: as above; and no object and no reference is left in the range. Where the
            // system refuses, the memory stays committed, which harms nothing.
            unsafe {
                libc::madvise(self.ptr(first).cast(), len, libc::MADV_DONTNEED);
                libc::mprotect(self.ptr(first).cast(), len, libc::PROT_NONE);
            }
        }
        let _ = (base, size);
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
