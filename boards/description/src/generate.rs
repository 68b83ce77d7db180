//! What build scripts derive from a description: linker script and constants.

use crate::{Class, Description};
use std::fmt::Write;
use std::path::Path;

impl Description {
    /// The `memory.x` that `cortex-m-rt` links with.
    ///
    /// RAM ends where the fast region begins, so that no section can grow into the heap, and the
    /// linker refuses static data that would meet the stacks.
    pub fn memory_x(&self) -> Result<String, String> {
        let code = self.code.as_ref().ok_or("board.toml has no [code]")?;
        let (ram, top) = self.ram()?;
        let thread_top = top - ram.handler_stack;
        let thread_end = thread_top - ram.thread_stack;
        let stacks_end = top - self.stacks();
        Ok(format!(
            "/* Made from board.toml. */\n\
             MEMORY\n{{\n  \
               FLASH : ORIGIN = {:#x}, LENGTH = {:#x}\n  \
               RAM : ORIGIN = {:#x}, LENGTH = {:#x}\n}}\n\
             _stack_start = {top:#x};\n\
             _octopy_code_start = {code_start:#x};\n\
             _octopy_code_end = {code_end:#x};\n\
             _octopy_ram_start = {ram_start:#x};\n\
             _octopy_ram_end = {ram_end:#x};\n\
             _octopy_handler_stack_end = {thread_top:#x};\n\
             _octopy_thread_stack_start = {thread_top:#x};\n\
             _octopy_thread_stack_end = {thread_end:#x};\n\
             ASSERT(__euninit <= {stacks_end:#x}, \"static data runs into the stacks\");\n",
            code.base,
            code.size,
            ram.base,
            top - ram.base,
            code_start = code.base,
            code_end = code.base + code.size,
            ram_start = ram.base,
            ram_end = ram.base + ram.size,
        ))
    }

    /// Rust constants: the module that a board includes as its memory map.
    pub fn constants(&self) -> Result<String, String> {
        let (ram, top) = self.ram()?;
        let mut out = String::new();
        let mut string = |name: &str, doc: &str, value: &str| {
            let _ = writeln!(out, "/// {doc}\npub const {name}: &str = {value:?};");
        };
        string("NAME", "The board's name.", &self.board.name);
        string("PLATFORM", "`sys.platform`.", &self.board.platform);
        string("MCU", "The chip's name.", &self.board.mcu);
        for region in &self.regions {
            string(
                &format!("{}_NAME", prefix(region.class)),
                "A heap region's name.",
                &region.name,
            );
        }
        let mut number = |name: &str, doc: &str, ty: &str, value: u32| {
            let _ = writeln!(out, "/// {doc}\npub const {name}: {ty} = {value:#x};");
        };
        number("FREQUENCY", "CPU frequency in hertz.", "u32", self.board.frequency);
        number(
            "RECEIVE_CAPACITY",
            "Bytes that the console's receiver holds.",
            "usize",
            self.console.receive_capacity,
        );
        number("VALUE_STACK_BASE", "First address.", "u32", top - self.stacks());
        number("VALUE_STACK_SIZE", "Bytes of the value stack.", "u32", ram.value_stack);
        number("NATIVE_DEPTH", "Deepest nesting of native calls.", "u16", ram.native_depth.into());
        number("ROOTS", "Entries of the root table.", "u32", self.heap.roots);
        number("MARK_STACK", "Entries of the mark stack.", "u32", self.heap.mark_stack);
        number("TRAIL", "Entries of a cycle's trail.", "u32", self.heap.trail);
        number("LARGE_OBJECT", "Bytes of what counts as large.", "u32", self.heap.large_object);
        for region in &self.regions {
            let prefix = prefix(region.class);
            number(&format!("{prefix}_BASE"), "A heap region's first address.", "u32", region.base);
            number(&format!("{prefix}_SIZE"), "A heap region's bytes.", "u32", region.size);
        }
        if let Some(base) = self.flash.base {
            number("DISK_BASE", "First address of the files' memory.", "u32", base);
        }
        number("DISK_SIZE", "Bytes for files.", "u32", self.flash.size);
        number("DISK_ERASE_SIZE", "Bytes erased at once.", "u32", self.flash.erase_size);
        number("DISK_PROGRAM_SIZE", "Bytes programmed at once.", "u32", self.flash.program_size);
        Ok(out)
    }

    /// The whole build script of a Cortex-M board: linker scripts and `board.rs` in `out`.
    pub fn write_build_files(&self, out: &Path) -> Result<(), String> {
        let write = |name: &str, text: &str| {
            std::fs::write(out.join(name), text).map_err(|e| format!("{name}: {e}"))
        };
        write("memory.x", &self.memory_x()?)?;
        // cortex-m-rt asks for it where a board brings its own interrupt table; ours names its
        // handlers directly, so that nothing needs a default.
        write("device.x", "")?;
        write("board.rs", &self.constants()?)
    }
}

/// What the names of a region's constants begin with.
fn prefix(class: Class) -> &'static str {
    match class {
        Class::Fast => "FAST",
        Class::Large => "LARGE",
    }
}
