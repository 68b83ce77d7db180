//! A board's life: boot.py, main.py, the REPL, soft resets.

use crate::console::{Console, INTERRUPT};
use crate::main_program::{execute, print_pending};
use crate::runtime::Runtime;
use octopy_fs::Mounted;
use octopy_modules::importer;
use octopy_repl::Event;
use octopy_vm::types::{exception, list};
use octopy_vm::{Out, PyResult, StateSlot, Vm};

impl Runtime {
    /// Runs a board until its console closes.
    pub fn run_board(&mut self) {
        loop {
            self.boot();
            let event = self.run_repl();
            let raw = match event {
                Event::SoftReset { raw } | Event::Exit { raw } => raw,
                Event::Closed => return,
            };
            self.repl.set_raw(raw);
            self.soft_reset();
        }
    }

    /// Runs the REPL until something ends it.
    pub(crate) fn run_repl(&mut self) -> Event {
        self.repl.run(&mut Console::new(&mut self.vm, &mut self.history, &mut self.compiled))
    }

    /// Mounts the board's files and runs boot.py and, unless a host tool has asked for the raw
    /// REPL, main.py.
    fn boot(&mut self) {
        if self.vm.board().files().is_some() {
            // A fresh mount table has room, and the current directory exists.
            let _ = self.vm.mounts.mount("/flash", Mounted::Board);
            let _ = self.vm.mounts.set_current("/flash");
        }
        if set_path(&mut self.vm, &["", "/flash", "/flash/lib"]).is_err() {
            print_pending(&mut self.vm, Out::Console);
        }
        if !self.run_start_file("boot.py") {
            return;
        }
        if !self.repl.is_raw() {
            self.run_start_file("main.py");
        }
    }

    /// Runs a file in `__main__` if it exists; false if it asked for a soft reset or failed.
    fn run_start_file(&mut self, name: &str) -> bool {
        if importer::stat_kind(&mut self.vm, name) != Some(octopy_hal::FileKind::File) {
            return true;
        }
        let mark = self.vm.mark();
        self.vm.attention.set_interrupt_byte(Some(INTERRUPT));
        let res = run_main_file(&mut self.vm, name);
        self.vm.attention.set_interrupt_byte(None);
        let done = match res {
            Ok(()) => true,
            Err(_) if self.vm.pending_is(&exception::SYSTEM_EXIT) => {
                self.vm.clear_exception();
                true
            }
            Err(_) => {
                print_pending(&mut self.vm, Out::Console);
                false
            }
        };
        self.vm.release(mark);
        done
    }

    /// Forgets everything but what is on the board's flash.
    pub fn soft_reset(&mut self) {
        self.vm.attention.set_interrupt_byte(Some(INTERRUPT));
        let mark = self.vm.mark();
        if octopy_modules::run_at_exit(&mut self.vm).is_err() {
            print_pending(&mut self.vm, Out::Console);
        }
        self.vm.release(mark);
        self.vm.attention.set_interrupt_byte(None);
        self.compiled = None;
        self.history.clear();
        if let Some(files) = self.vm.board().files() {
            files.close_all();
        }
        if let Some(network) = self.vm.board().network() {
            network.close_all();
        }
        if self.vm.reset().is_err() {
            // A heap that was big enough for the first start is big enough now.
            let _ = self.vm.write(Out::Console, b"FATAL: no memory to start again\n");
        }
        octopy_modules::install(&mut self.vm);
        self.vm.input_hook = Some(crate::input::input);
    }
}

/// Sets `sys.path`.
pub(crate) fn set_path(vm: &mut Vm, entries: &[&str]) -> PyResult<()> {
    let mark = vm.mark();
    let path = list::alloc(vm, entries.len() as u32)?;
    for entry in entries {
        let text = vm.alloc_str(entry.as_bytes())?;
        list::push(vm, path, text)?;
    }
    vm.set_state(StateSlot::SysPath, path);
    vm.release(mark);
    Ok(())
}

/// Runs a file in `__main__`.
pub(crate) fn run_main_file(vm: &mut Vm, path: &str) -> PyResult<()> {
    let code = importer::compile_file(vm, path)?;
    let globals = vm.main_globals()?;
    let file = vm.alloc_str(path.as_bytes())?;
    vm.store_name(globals, octopy_qstr::q::__file__, file)?;
    execute(vm, code)
}
