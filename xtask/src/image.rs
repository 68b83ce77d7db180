//! A firmware image: its sections and symbols, read from the ELF file.

use crate::stack_frame::frame_size;
use anyhow::{Context, Result};
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, SymbolKind};
use std::path::Path;

/// What an image puts into memory.
#[derive(Debug)]
pub struct Image {
    /// Sections that occupy memory, in order of address.
    pub sections: Vec<Section>,
    /// Functions and data with a size, in order of address.
    pub symbols: Vec<Symbol>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name, for example `.text`.
    pub name: String,
    /// First address.
    pub address: u64,
    /// Bytes of flash that it takes, initial values of data included.
    pub flash: u64,
    /// Bytes of RAM that it takes.
    pub ram: u64,
}

/// A function or a piece of data.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// Its path, without the compiler's hash.
    pub name: String,
    /// The section that it is in.
    pub section: String,
    /// First address.
    pub address: u64,
    /// Bytes.
    pub size: u64,
    /// Bytes of stack that a function takes; 0 for data.
    pub frame: u64,
}

impl Image {
    /// Reads an ELF file.
    pub fn read(path: &Path) -> Result<Self> {
        let data = std::fs::read(path).with_context(|| path.display().to_string())?;
        Self::parse(&data).with_context(|| path.display().to_string())
    }

    /// Decodes an ELF file.
    pub fn parse(data: &[u8]) -> Result<Self> {
        let file = object::File::parse(data)?;
        let mut sections: Vec<Section> = file.sections().filter_map(|s| memory_of(&s)).collect();
        sections.sort_by_key(|section| section.address);
        let mut symbols: Vec<Symbol> = file
            .symbols()
            .filter(|s| s.size() > 0 && matches!(s.kind(), SymbolKind::Text | SymbolKind::Data))
            .filter_map(|symbol| {
                let section = file.section_by_index(symbol.section_index()?).ok()?;
                let code = section.data_range(symbol.address() & !1, symbol.size()).ok()?;
                let is_code = symbol.kind() == SymbolKind::Text;
                Some(Symbol {
                    name: format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?)),
                    section: section.name().ok()?.to_owned(),
                    address: symbol.address(),
                    size: symbol.size(),
                    frame: code.filter(|_| is_code).map_or(0, frame_size),
                })
            })
            .collect();
        symbols.sort_by_key(|symbol| (symbol.address, symbol.size));
        // Functions with equal bodies share an address; they are counted once.
        symbols.dedup_by_key(|symbol| symbol.address);
        Ok(Self { sections, symbols })
    }

    /// Bytes of flash in all.
    pub fn flash(&self) -> u64 {
        self.sections.iter().map(|section| section.flash).sum()
    }

    /// Bytes of static RAM in all.
    pub fn ram(&self) -> u64 {
        self.sections.iter().map(|section| section.ram).sum()
    }

    /// The function at an address, without the compiler's hash; a question mark if there is none.
    pub fn function_at(&self, address: u64) -> &str {
        // Symbols of code have the lowest bit of their address set.
        let after = self.symbols.partition_point(|symbol| symbol.address & !1 <= address);
        match after.checked_sub(1).and_then(|at| self.symbols.get(at)) {
            Some(symbol) if address < (symbol.address & !1) + symbol.size => &symbol.name,
            _ => "?",
        }
    }
}

/// What a section takes of flash and RAM; `None` for one that is not loaded.
fn memory_of(section: &object::Section<'_, '_>) -> Option<Section> {
    let SectionFlags::Elf { sh_flags } = section.flags() else { return None };
    if sh_flags & u64::from(object::elf::SHF_ALLOC) == 0 || section.size() == 0 {
        return None;
    }
    let size = section.size();
    let (flash, ram) = match section.kind() {
        SectionKind::UninitializedData => (0, size),
        SectionKind::Data => (size, size),
        _ => (size, 0),
    };
    let name = section.name().ok()?.to_owned();
    Some(Section { name, address: section.address(), flash, ram })
}

/// The crate that a symbol's path begins with, for example `octopy_hal` in
/// `<octopy_hal::errno::Errno as core::fmt::Debug>::fmt`.
pub fn crate_of(name: &str) -> &str {
    let mut rest = name;
    // Generic instances and trait methods of the library belong to the type they serve.
    while let Some(inner) = rest.strip_prefix(['<', '&', '*', '[', '(']) {
        rest = inner.trim_start_matches("mut ").trim_start_matches("const ");
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    match rest[end..].starts_with("::") {
        true => &rest[..end],
        false => "(no crate)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_belongs_to_the_crate_of_its_type() {
        let check = |name, expect| assert_eq!(crate_of(name), expect, "{name}");
        check("mps2_an505::uart::received", "mps2_an505");
        check("<octopy_hal::Errno as core::fmt::Debug>::fmt", "octopy_hal");
        check("<&mut octopy_vm::Vm as core::fmt::Write>::write_str", "octopy_vm");
        check("<[T] as core::cmp::PartialEq>::eq", "(no crate)");
        check("memcpy", "(no crate)");
        check("core::fmt::write", "core");
    }
}
