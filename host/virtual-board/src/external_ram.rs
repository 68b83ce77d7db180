//! `ExternalRam`: the chip outside, which can be absent, broken or smaller than it should be.

use std::cell::RefCell;
use std::collections::HashMap;
use std::str::FromStr;

use octopy_hal::ram::{self, Cells};

/// How a virtual board's external RAM behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExternalRam {
    /// As `board.toml` says.
    #[default]
    Sound,
    /// Nothing answers.
    Absent,
    /// A data line is stuck.
    Stuck,
    /// A chip of so many bytes, which does not have the upper address lines.
    OfSize(u32),
}

impl ExternalRam {
    /// How many of `size` bytes the test at start-up finds usable.
    pub fn usable(self, size: u32) -> u32 {
        ram::usable(&mut Chip { fault: self, words: RefCell::default() }, size)
    }
}

/// No chip is smaller.
const LEAST: u32 = 64 << 10;

impl FromStr for ExternalRam {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let size = || {
            let (digits, unit) = match text.strip_suffix(['k', 'K']) {
                Some(digits) => (digits, 1 << 10),
                None => match text.strip_suffix(['m', 'M']) {
                    Some(digits) => (digits, 1 << 20),
                    None => (text, 1),
                },
            };
            let size = digits.parse::<u32>().ok()?.checked_mul(unit)?;
            (size.is_power_of_two() && size >= LEAST).then_some(Self::OfSize(size))
        };
        match text {
            "absent" => Ok(Self::Absent),
            "stuck" => Ok(Self::Stuck),
            _ => size().ok_or_else(|| {
                "give it as absent, stuck, or a size that is a power of two, such as 4m, from 64k on"
                    .to_owned()
            }),
        }
    }
}

/// The words that the test has touched.
struct Chip {
    fault: ExternalRam,
    words: RefCell<HashMap<u32, u32>>,
}

impl Chip {
    /// The cell that an address leads to.
    fn place(&self, offset: u32) -> u32 {
        match self.fault {
            ExternalRam::OfSize(size) => offset & (size - 1),
            _ => offset,
        }
    }
}

impl Cells for Chip {
    fn load(&self, offset: u32) -> Option<u32> {
        let word = self.words.borrow().get(&self.place(offset)).copied().unwrap_or(0);
        match self.fault {
            ExternalRam::Absent => None,
            ExternalRam::Stuck => Some(word | 1 << 7),
            ExternalRam::Sound | ExternalRam::OfSize(_) => Some(word),
        }
    }

    fn store(&mut self, offset: u32, word: u32) {
        self.words.borrow_mut().insert(self.place(offset), word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers() {
        let usable = |text: &str| text.parse::<ExternalRam>().unwrap().usable(8 << 20);
        assert_eq!(ExternalRam::Sound.usable(8 << 20), 8 << 20);
        assert_eq!((usable("absent"), usable("stuck")), (0, 0));
        assert_eq!((usable("4m"), usable("64K"), usable("16m")), (4 << 20, 64 << 10, 8 << 20));
        for text in ["", "3m", "0", "5000000k", "-1", "1", "32k", "broken"] {
            assert!(text.parse::<ExternalRam>().is_err(), "{text}");
        }
    }
}
