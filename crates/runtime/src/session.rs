//! The REPL's session: the board's console and the VM behind it.

use crate::console::{BoardWire, Console, INTERRUPT};
use crate::main_program::{execute, print_pending, settle};
use crate::text_store;
use octopy_heap::{Local, Root, Value};
use octopy_qstr::q;
use octopy_repl::{
    Completion, History, Mode, Outcome, Program, Prompt, Raised, RawPaste, Session, Terminal, Wire,
};
use octopy_vm::types::exception;
use octopy_vm::{CompileMode, Out, PrintKind, PyResult, SourceText, StateSlot, Vm};

impl Terminal for Console<'_> {
    fn history(&mut self) -> &mut History {
        self.history
    }

    fn print_prompt(&mut self, prompt: Prompt) {
        let (state, text): (StateSlot, &[u8]) = match prompt {
            Prompt::First => (StateSlot::Ps1, b">>> "),
            Prompt::More => (StateSlot::Ps2, b"... "),
            Prompt::Own => return,
        };
        let mark = self.vm.mark();
        let printed = match self.vm.state(state) {
            Ok(own) if !self.vm.heap.get(own).is_null() => {
                self.vm.print(own, Out::Console, PrintKind::Str).is_ok()
            }
            _ => false,
        };
        if !printed {
            self.vm.clear_exception();
            self.write(text);
        }
        self.vm.release(mark);
    }

    fn complete(&mut self, line: &[u8], out: &mut [u8]) -> Completion {
        crate::complete::complete(self.vm, line, out)
    }
}

/// A program that the REPL is receiving.
struct Incoming<'p, 'b> {
    paste: &'p mut RawPaste,
    wire: BoardWire<'b>,
}

impl octopy_syntax::Source for Incoming<'_, '_> {
    fn next_byte(&mut self) -> Option<u8> {
        self.paste.pull(&mut self.wire)
    }

    fn is_interrupted(&self) -> bool {
        self.paste.is_interrupted()
    }
}

impl Console<'_> {
    fn compile_text(&mut self, mode: CompileMode) -> PyResult<Local> {
        let text = text_store::object(self.vm)?;
        let mut source = SourceText::new(self.vm, text)?;
        self.vm.compile(&mut source, q::stdin_, mode)
    }
}

impl Session for Console<'_> {
    fn idle(&mut self) {
        while self.vm.heap.lock_depth() > 0 {
            self.vm.heap.unlock();
        }
    }

    fn print_banner(&mut self) {
        let identity = self.vm.board().identity();
        for text in [
            "MicroPython ",
            crate::MICROPYTHON,
            " (Octopy ",
            crate::VERSION,
            ") on ",
            crate::BUILD_DATE,
            "; ",
            identity.board,
        ] {
            let _ = self.vm.write(Out::Console, text.as_bytes());
        }
        let (word, mcu) =
            if identity.mcu.is_empty() { (" version", "") } else { (" with ", identity.mcu) };
        let _ = self.vm.write(Out::Console, word.as_bytes());
        let _ = self.vm.write(Out::Console, mcu.as_bytes());
        self.vm.clear_exception();
    }

    fn compile(&mut self, program: Program<'_>, mode: Mode) -> Result<(), Raised> {
        let mark = self.vm.mark();
        let kind = match mode {
            Mode::Line => CompileMode::Single,
            Mode::Paste => CompileMode::Paste,
            Mode::Raw => CompileMode::File,
        };
        let res = match program {
            Program::Stored => self.compile_text(kind),
            Program::Incoming(paste) => self.vm.lend_board(|vm, board| {
                let mut source = Incoming { paste, wire: BoardWire(board) };
                vm.compile(&mut source, q::stdin_, kind)
            }),
        };
        let res = res.and_then(|code| {
            self.vm.heap.root(self.vm.heap.get(code)).map_err(|error| self.vm.raise_memory(error))
        });
        self.vm.release(mark);
        match res {
            Ok(root) => {
                *self.compiled = Some(root);
                Ok(())
            }
            Err(_) => Err(Raised),
        }
    }

    fn execute(&mut self) -> Outcome {
        let Some(root) = self.compiled.take() else { return Outcome::Done };
        let mark = self.vm.mark();
        self.vm.attention.set_interrupt_byte(Some(INTERRUPT));
        let res = execute_root(self.vm, root);
        self.vm.attention.set_interrupt_byte(None);
        self.vm.attention.take_interrupt();
        self.vm.release(mark);
        match res {
            Ok(()) => Outcome::Done,
            Err(_) if self.vm.pending_is(&exception::SYSTEM_EXIT) => {
                self.vm.clear_exception();
                Outcome::Exit
            }
            Err(_) => Outcome::Raised,
        }
    }

    fn abandon(&mut self) {
        *self.compiled = None;
        self.vm.clear_exception();
    }

    fn print_exception(&mut self) {
        print_pending(self.vm, Out::Console);
        if settle(self.vm).is_err() {
            print_pending(self.vm, Out::Console);
        }
    }

    fn print_overflow(&mut self, len: usize) {
        let text = "MemoryError: memory allocation failed, allocating %u bytes\n";
        let _ = self.vm.write_numbers(Out::Console, text, &[len as u32]);
    }
}

fn execute_root(vm: &mut Vm, root: Root) -> PyResult<()> {
    let code = vm.push(Value::NULL)?;
    vm.heap.set(code, root.get(&vm.heap));
    drop(root);
    execute(vm, code)
}
