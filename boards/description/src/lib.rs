//! `board.toml`: what a board is, read once and used everywhere.
//!
//! A board's memory map and budgets are stated in its `board.toml` and nowhere else: the linker
//! script, the constants that the firmware compiles in, the emulator's command line and the size
//! report all derive from it. This crate runs on the PC, in build scripts and in `xtask`.

mod generate;

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One board.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Description {
    /// The name in the banner.
    pub name: String,
    /// `sys.platform`.
    pub platform: String,
    /// The chip's name in the banner.
    pub mcu: String,
    /// CPU frequency in hertz.
    pub frequency: u32,
    /// The package that builds the firmware.
    pub package: String,
    /// The Rust target of the firmware.
    pub target: String,
    /// Where code is.
    pub flash: FlashMemory,
    /// The internal memory: static data, stacks and the fast part of the heap.
    pub ram: Ram,
    /// The heap's regions.
    #[serde(rename = "region")]
    pub regions: Vec<Region>,
    /// The memory that stands for a flash chip, on boards without one.
    pub ram_disk: Option<RamDisk>,
    /// How an emulator runs the firmware, where one can.
    pub qemu: Option<Qemu>,
}

/// The memory that code runs from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlashMemory {
    /// First address.
    pub base: u32,
    /// Bytes that exist.
    pub size: u32,
    /// Bytes that the firmware may use; the build fails above it.
    pub budget: u32,
}

/// The internal memory. From its start: static data, spare bytes, the stacks, the fast region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ram {
    /// First address.
    pub base: u32,
    /// Bytes that the firmware may use in all.
    pub size: u32,
    /// Bytes of static data that the firmware may have; the build fails above it.
    pub static_budget: u32,
    /// Bytes of stack that the interpreter runs on.
    pub thread_stack: u32,
    /// Bytes of stack for interrupt handlers.
    pub handler_stack: u32,
    /// Bytes of the static data that serve as the file system's own small allocator.
    pub arena: u32,
}

/// One region of the heap.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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

/// What a region is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Small objects that are touched often.
    Fast,
    /// Large objects.
    Large,
}

/// Memory that stands for a flash chip.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RamDisk {
    /// First address.
    pub base: u32,
    /// Bytes.
    pub size: u32,
    /// Bytes erased at once.
    pub erase_size: u32,
    /// Bytes programmed at once.
    pub program_size: u32,
}

/// How QEMU runs the firmware.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Qemu {
    /// The argument of `-machine`.
    pub machine: String,
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

    /// The directory of the firmware's build output, below a cargo target directory.
    pub fn elf_path(&self, target_dir: &Path) -> PathBuf {
        target_dir.join(&self.target).join("release").join(&self.package)
    }

    /// First address behind the stacks: where the fast region begins.
    pub fn stack_top(&self) -> u32 {
        self.ram.base + self.ram.size - self.fast_size()
    }

    /// Bytes of internal memory that neither static data, stacks nor heap have a claim on.
    pub fn spare(&self) -> u32 {
        let ram = &self.ram;
        ram.size - self.fast_size() - ram.thread_stack - ram.handler_stack - ram.static_budget
    }

    fn fast_size(&self) -> u32 {
        self.regions.iter().filter(|r| r.class == Class::Fast).map(|r| r.size).sum()
    }

    fn check(&self) -> Result<(), String> {
        let ram = &self.ram;
        let claims = [self.fast_size(), ram.thread_stack, ram.handler_stack, ram.static_budget]
            .map(u64::from)
            .iter()
            .sum::<u64>();
        if claims > u64::from(ram.size) {
            return Err(format!("{claims} bytes are claimed of {} bytes of RAM", ram.size));
        }
        let ram_end = u64::from(ram.base) + u64::from(ram.size);
        for region in &self.regions {
            let name = &region.name;
            let end = u64::from(region.base) + u64::from(region.size);
            if region.base % 8 != 0 || region.size % 8 != 0 || end > 1 << 32 {
                return Err(format!("region {name}: not whole 8-byte cells of the address space"));
            }
            if region.class == Class::Fast && (end > ram_end || region.base < self.stack_top()) {
                return Err(format!("region {name}: a fast region belongs at the end of RAM"));
            }
        }
        let disk = self.ram_disk.iter().map(|d| ("ram-disk", d.base, d.size));
        let mut spans: Vec<_> =
            self.regions.iter().map(|r| (r.name.as_str(), r.base, r.size)).chain(disk).collect();
        spans.sort_by_key(|span| span.1);
        for pair in spans.windows(2) {
            if pair[0].1 + pair[0].2 > pair[1].1 {
                return Err(format!("{} and {} overlap", pair[0].0, pair[1].0));
            }
        }
        if let Some(disk) = &self.ram_disk
            && (disk.erase_size == 0
                || disk.program_size == 0
                || disk.size % disk.erase_size != 0
                || disk.erase_size % disk.program_size != 0)
        {
            return Err("ram-disk: the sizes are not multiples of each other".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
