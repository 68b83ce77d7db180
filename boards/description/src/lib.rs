//! `board.toml`: what a board is, read once and used everywhere.
//!
//! A board's memory map and budgets are stated in its `board.toml` and nowhere else: the linker
//! script, the constants that the firmware compiles in, the emulator's command line and the size
//! report all derive from it. This crate runs on the PC, in build scripts and in `xtask`.

mod check;
mod generate;

use serde::Deserialize;
use std::path::Path;

/// One board.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Names and numbers.
    pub board: Names,
    /// The serial console.
    pub console: Console,
    /// The heap as a whole.
    pub heap: Heap,
    /// The heap's regions, in order of preference.
    #[serde(rename = "region")]
    pub regions: Vec<Region>,
    /// The flash device for files.
    pub flash: Flash,
    /// The network interface, on boards that have one.
    pub network: Option<Network>,
    /// What the firmware may use.
    pub budget: Budget,
    /// How the firmware is built, for boards that have one.
    pub firmware: Option<Firmware>,
    /// The memory that code runs from.
    pub code: Option<Code>,
    /// The internal memory.
    pub ram: Option<Ram>,
    /// How an emulator runs the firmware, where one can.
    pub qemu: Option<Qemu>,
    /// What the external memory is thought to cost.
    pub model: Option<Model>,
}

/// What the board and its chip are called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The board, as in the banner.
    pub name: String,
    /// `sys.platform`.
    pub platform: String,
    /// The chip, as in the banner.
    pub mcu: String,
    /// CPU frequency in hertz.
    pub frequency: u32,
}

/// The serial console.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// Bytes that the receive buffer holds; a power of two.
    pub receive_capacity: u32,
}

/// The heap as a whole: what must be the same on a chip and on its virtual twin, so that both run
/// out of memory at the same object.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heap {
    /// Entries of the root table: what Rust code keeps of Python's objects.
    pub roots: u32,
    /// Entries of the mark stack: eight bytes each, of the value stack's memory.
    pub mark_stack: u32,
    /// Entries of the trail of a collection in slices, likewise.
    pub trail: u32,
    /// Objects of at least this many bytes go to the large region first.
    pub large_object: u32,
}

/// What a region is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Small objects that are touched often.
    Fast,
    /// Large objects.
    Large,
}

/// One region of the heap.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its name in `gc.info()`.
    pub name: String,
    /// First address.
    pub base: u32,
    /// Bytes.
    pub size: u32,
    /// What it is good for.
    pub class: Class,
    /// Whether hardware may move data in it.
    pub dma: bool,
}

/// The flash device for files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flash {
    /// First address, where the device is plain memory.
    pub base: Option<u32>,
    /// Bytes.
    pub size: u32,
    /// Bytes erased at once.
    pub erase_size: u32,
    /// Bytes programmed at once.
    pub program_size: u32,
}

/// The network interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Hardware address, six hexadecimal bytes with colons.
    pub mac: String,
}

/// What the firmware may use, in bytes; the build fails above it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Code and constants.
    pub flash: u32,
    /// The same of the firmware with every module, made for speed.
    pub full_flash: u32,
    /// RAM outside the heap and the stacks.
    pub static_ram: u32,
}

/// How the firmware is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firmware {
    /// The package, and the binary in it.
    pub package: String,
    /// The Rust target.
    pub target: String,
}

/// The memory that code runs from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// First address.
    pub base: u32,
    /// Bytes that exist.
    pub size: u32,
}

/// The internal memory. From its start: static data, spare bytes, the three stacks, the
/// fast region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ram {
    /// First address.
    pub base: u32,
    /// Bytes that the firmware may use in all.
    pub size: u32,
    /// Bytes of the root table, the stack of Python values, the mark stack and the trail.
    pub value_stack: u32,
    /// Bytes of stack that the interpreter runs on.
    pub thread_stack: u32,
    /// Deepest nesting of native calls that the thread stack has room for.
    pub native_depth: u16,
    /// Bytes of stack for interrupt handlers.
    pub handler_stack: u32,
}

/// How QEMU runs the firmware.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qemu {
    /// The argument of `-machine`.
    pub machine: String,
}

/// What accesses of the large region would cost on a real chip: an emulator's memory is all alike.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The chip's frequency in hertz; an instruction is one cycle.
    pub frequency: u32,
    /// What a burst takes in nanoseconds, besides its bytes.
    pub burst: f64,
    /// What a byte takes in nanoseconds.
    pub byte: f64,
    /// Bytes beyond which no burst goes: a line.
    pub line: u32,
    /// The register that the firmware reads the time from.
    pub clock: u32,
}

impl Description {
    /// Reads the board's description from `path`.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Self::parse(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Parses a description and checks that its parts fit each other.
    pub fn parse(text: &str) -> Result<Self, String> {
        let board: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        board.check()?;
        Ok(board)
    }

    /// How the firmware is built, or why it cannot be.
    pub fn firmware(&self) -> Result<&Firmware, String> {
        self.firmware.as_ref().ok_or_else(|| format!("{} has no firmware yet", self.board.name))
    }

    /// The internal memory and the address behind its stacks, where the fast region begins.
    pub fn ram(&self) -> Result<(&Ram, u32), String> {
        let ram = self.ram.as_ref().ok_or("board.toml has no [ram]")?;
        let top = ram.size.checked_sub(self.fast_size()).ok_or("the fast region is too big")?;
        Ok((ram, ram.base + top))
    }

    /// Bytes of the three stacks.
    pub fn stacks(&self) -> u32 {
        self.ram.as_ref().map_or(0, |ram| ram.value_stack + ram.thread_stack + ram.handler_stack)
    }

    /// Bytes of the fast regions.
    pub fn fast_size(&self) -> u32 {
        self.regions.iter().filter(|r| r.class == Class::Fast).map(|r| r.size).sum()
    }
}

#[cfg(test)]
mod tests;
