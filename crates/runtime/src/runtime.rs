//! `Runtime`: a Python with its REPL.

use octopy_hal::Board;
use octopy_heap::{Heap, OutOfMemory, Root};
use octopy_modules::{BUILTINS, REGISTRY};
use octopy_repl::{History, Repl};
use octopy_vm::Vm;

/// How a runtime is set up.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Floats are 32-bit, as on the boards.
    pub single_floats: bool,
    /// A board: CRLF line ends, `/flash`, boot.py and main.py, soft reset.
    pub is_board: bool,
    /// Deepest nesting of native calls; each level takes up to about 500 bytes of native stack.
    pub native_depth: u16,
}

/// A Python with its REPL on one board.
#[derive(Debug)]
pub struct Runtime {
    pub(crate) vm: Vm,
    pub(crate) repl: Repl,
    pub(crate) history: History,
    /// What the REPL has compiled and not run yet.
    pub(crate) compiled: Option<Root>,
}

impl Runtime {
    /// A runtime with this heap and board.
    pub fn new(
        heap: Heap,
        board: &'static mut dyn Board,
        config: Config,
    ) -> Result<Self, OutOfMemory> {
        let vm_config = octopy_vm::Config {
            registry: REGISTRY,
            builtins: BUILTINS,
            single_floats: config.single_floats,
            cooked_console: config.is_board,
            native_depth: config.native_depth,
        };
        let mut vm = Vm::new(heap, board, vm_config)?;
        debug_assert!(vm.registry_is_sound(), "a table does not stand at its number");
        octopy_modules::install(&mut vm);
        vm.input_hook = Some(crate::input::input);
        let repl = if config.is_board { Repl::new() } else { Repl::of_process() };
        Ok(Self { vm, repl, history: History::new(), compiled: None })
    }

    /// The VM, for hosts that drive it themselves.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }
}
