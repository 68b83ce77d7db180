//! `Cells`: memory that may be absent, broken or smaller than it should be, and the test for that.
//!
//! The test is one of samples: it finds what goes wrong where a chip is soldered or chosen (no
//! answer, a data or address line that is open, stuck or joined with another, a chip with fewer
//! cells), and takes some thousand accesses for 8 MB. A single bad cell between two samples it does
//! not find, unless every word is a sample.

/// Memory under test, by offsets that are multiples of four.
pub trait Cells {
    /// The word there, or `None` where nothing answers. A cache must not answer instead.
    fn load(&self, offset: u32) -> Option<u32>;

    /// Writes the word there. Called only where something has answered.
    fn store(&mut self, offset: u32, word: u32);
}

/// What is wrong with memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RamFault {
    /// Nothing answers.
    Absent,
    /// A word is not what was written to it.
    Data,
    /// A word is written where another one is.
    Address,
}

/// From one sample to the next in a test at start-up.
pub const SAMPLES: u32 = 64 * 1024;

/// Less than this is not worth being used.
const LEAST: u32 = 64 * 1024;

/// How many words the lines of an address of 32 bits tell apart.
const LINES: usize = 31;

/// Tests the first `size` bytes, with a sample every `step` bytes (a multiple of four); the
/// contents are afterwards what they were.
pub fn test(cells: &mut dyn Cells, size: u32, step: u32) -> Result<(), RamFault> {
    let mut saved = [0; LINES];
    for (offset, word) in lines(size).zip(&mut saved) {
        *word = cells.load(offset).ok_or(RamFault::Absent)?;
    }
    let mut result = test_data(cells);
    if result.is_ok() {
        result = test_addresses(cells, size);
    }
    for (offset, word) in lines(size).zip(saved) {
        cells.store(offset, word);
    }
    let mut offset = step;
    while result.is_ok() && offset < size {
        result = test_sample(cells, offset);
        offset = offset.saturating_add(step);
    }
    result
}

/// How many bytes from the start on can be used: `size`, or the half of it, or the half of that,
/// where address lines lead nowhere; 0 where nothing answers, or not truly.
pub fn usable(cells: &mut dyn Cells, mut size: u32) -> u32 {
    while size >= LEAST {
        match test(cells, size, SAMPLES) {
            Ok(()) => return size,
            Err(RamFault::Data) => return 0,
            Err(RamFault::Absent | RamFault::Address) => size = (size / 2) & !7,
        }
    }
    0
}

/// Offset 0, and one with each single address line.
fn lines(size: u32) -> impl Iterator<Item = u32> {
    core::iter::once(0).chain((2..32).map(|line| 1 << line)).take_while(move |&at| at < size)
}

/// Each data line by itself, against its complement in the next word, so that what the lines keep
/// for a while does not pass for an answer.
fn test_data(cells: &mut dyn Cells) -> Result<(), RamFault> {
    for line in 0..32 {
        let word = 1 << line;
        cells.store(0, word);
        cells.store(4, !word);
        if cells.load(0) != Some(word) || cells.load(4) != Some(!word) {
            return Err(RamFault::Data);
        }
    }
    Ok(())
}

/// Each address line by itself: if two lead to one cell, the second value written is in both.
fn test_addresses(cells: &mut dyn Cells, size: u32) -> Result<(), RamFault> {
    for pattern in [0x5555_5555, 0xaaaa_aaaa] {
        for offset in lines(size) {
            cells.store(offset, pattern ^ offset);
        }
        for offset in lines(size) {
            if cells.load(offset) != Some(pattern ^ offset) {
                return Err(RamFault::Address);
            }
        }
    }
    Ok(())
}

/// One word holds a pattern and its complement.
fn test_sample(cells: &mut dyn Cells, offset: u32) -> Result<(), RamFault> {
    let saved = cells.load(offset).ok_or(RamFault::Absent)?;
    let mut result = Ok(());
    for pattern in [0x5555_5555 ^ offset, !(0x5555_5555 ^ offset)] {
        cells.store(offset, pattern);
        if cells.load(offset) != Some(pattern) {
            result = Err(RamFault::Data);
        }
    }
    cells.store(offset, saved);
    result
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::vec::Vec;

    const MB: u32 = 1 << 20;

    /// A chip with faults.
    struct Chip {
        words: Vec<u32>,
        /// Addresses from here on are not answered.
        end: u32,
        /// What becomes of an address.
        wires: fn(u32) -> u32,
        /// What becomes of a word, by its place.
        cells: fn(u32, u32) -> u32,
        accesses: core::cell::Cell<u32>,
    }

    impl Chip {
        fn new(size: u32) -> Self {
            let words = (0..size / 4).map(|n| n.wrapping_mul(0x9e37_79b9)).collect();
            let accesses = core::cell::Cell::new(0);
            Self { words, end: u32::MAX, wires: |at| at, cells: |_, word| word, accesses }
        }

        fn place(&self, offset: u32) -> usize {
            self.accesses.set(self.accesses.get() + 1);
            (self.wires)(offset) as usize / 4 % self.words.len()
        }
    }

    impl Cells for Chip {
        fn load(&self, offset: u32) -> Option<u32> {
            assert_eq!(offset & 3, 0);
            let word = self.words[self.place(offset)];
            (offset < self.end).then(|| (self.cells)(offset, word))
        }

        fn store(&mut self, offset: u32, word: u32) {
            assert!(offset < self.end, "a store to what does not answer is a fault");
            let place = self.place(offset);
            self.words[place] = (self.cells)(offset, word);
        }
    }

    fn check(chip: &mut Chip) -> Result<(), RamFault> {
        test(chip, 8 * MB, SAMPLES)
    }

    #[test]
    fn a_sound_chip_passes_and_keeps_its_contents() {
        let mut chip = Chip::new(8 * MB);
        let before = chip.words.clone();
        assert_eq!(check(&mut chip), Ok(()));
        assert!(chip.accesses.get() < 1500, "{} accesses", chip.accesses.get());
        assert_eq!(usable(&mut chip, 8 * MB), 8 * MB);
        assert!(chip.words == before);
    }

    #[test]
    fn an_absent_chip() {
        let mut chip = Chip { end: 0, ..Chip::new(MB) };
        assert_eq!(check(&mut chip), Err(RamFault::Absent));
        assert_eq!(usable(&mut chip, 8 * MB), 0);
        // Without a bus fault: what is read is always the same.
        for word in [|_, _| 0, |_, _| u32::MAX, |_, _| 0x5555_5555] {
            let mut chip = Chip { cells: word, ..Chip::new(8 * MB) };
            assert_eq!(check(&mut chip), Err(RamFault::Data));
            assert_eq!(usable(&mut chip, 8 * MB), 0);
        }
    }

    #[test]
    fn a_data_line_that_is_stuck_or_joined_with_another() {
        for cells in [
            |_, word: u32| word | 1 << 13,
            |_, word: u32| word & !(1 << 31),
            |_, word: u32| word & !1,
            |_, word: u32| word & !(1 << 24) | (word >> 26 & 1) << 24,
            |_, word: u32| word | (word & 1) << 4 | word >> 4 & 1,
        ] {
            let mut chip = Chip { cells, ..Chip::new(8 * MB) };
            assert_eq!(check(&mut chip), Err(RamFault::Data));
            assert_eq!(usable(&mut chip, 8 * MB), 0);
        }
    }

    #[test]
    fn an_address_line_that_is_stuck_or_joined_with_another() {
        for wires in [
            |at: u32| at & !(1 << 22),
            |at: u32| at | 1 << 22,
            |at: u32| if at & (1 << 22 | 1 << 21) != 0 { at | 1 << 22 | 1 << 21 } else { at },
        ] {
            let mut chip = Chip { wires, ..Chip::new(8 * MB) };
            let before = chip.words.clone();
            assert_eq!(check(&mut chip), Err(RamFault::Address));
            // What lies below the line is told apart.
            let left = usable(&mut chip, 8 * MB);
            assert!(left == 4 * MB || left == 2 * MB, "{left}");
            assert!(chip.words == before);
        }
        // The line that tells neighbouring words apart: nothing is left.
        let mut chip = Chip { wires: |at| at & !4, ..Chip::new(8 * MB) };
        assert!(check(&mut chip).is_err());
        assert_eq!(usable(&mut chip, 8 * MB), 0);
    }

    #[test]
    fn a_smaller_chip() {
        for size in [4 * MB, MB, 64 * 1024] {
            // The lines that it has not are not connected.
            assert_eq!(usable(&mut Chip::new(size), 8 * MB), size);
            let mut chip = Chip { end: size, ..Chip::new(8 * MB) };
            assert_eq!(check(&mut chip), Err(RamFault::Absent));
            assert_eq!(usable(&mut chip, 8 * MB), size);
        }
        assert_eq!(usable(&mut Chip::new(32 * 1024), 8 * MB), 0);
        assert_eq!(usable(&mut Chip::new(8 * MB), 6 * MB), 6 * MB);
    }

    #[test]
    fn bad_cells_are_found_where_samples_are() {
        const BAD: u32 = 5 * MB + 4;
        let cells = |at, word| if at == BAD { word & !0x100 } else { word };
        let mut chip = Chip { cells, ..Chip::new(8 * MB) };
        assert_eq!(check(&mut chip), Ok(()));
        assert_eq!(test(&mut chip, 8 * MB, 4), Err(RamFault::Data));
        let cells = |at, word| if at >= 5 * MB { 0 } else { word };
        let mut chip = Chip { cells, ..Chip::new(8 * MB) };
        assert_eq!(check(&mut chip), Err(RamFault::Data));
    }
}
