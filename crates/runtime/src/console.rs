//! The REPL's session: the board's console and the VM behind it.

use crate::runtime::Config;
use crate::text_store;
use octopy_hal::Board;
use octopy_heap::{Local, Root, Value};
use octopy_qstr::{Qstr, q};
use octopy_repl::{
    Completion, Entered, History, Mode, Outcome, Program, Prompt, Raised, RawPaste, Session,
    Terminal, Text, TextFull, Wire, read_line,
};
use octopy_vm::types::exception;
use octopy_vm::{CompileMode, Out, PrintKind, PyResult, SourceText, StateSlot, Vm};

/// The byte of Ctrl-C.
const INTERRUPT: u8 = 3;

/// The board's console as bytes.
pub(crate) struct BoardWire<'b>(pub(crate) &'b mut dyn Board);

impl Wire for BoardWire<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        loop {
            let mut byte = [0];
            if self.0.console().read(&mut byte) == 1 {
                return Some(byte[0]);
            }
            if self.0.attention().take_interrupt() {
                return Some(INTERRUPT);
            }
            if self.0.console().is_closed() {
                return None;
            }
            self.0.wait(None);
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        // The trait looks at the board only mutably; the runtime asks it beforehand.
        0
    }
}

/// Console and VM, for the time that the REPL runs.
pub(crate) struct Console<'r> {
    pub(crate) vm: &'r mut Vm,
    pub(crate) config: &'r Config,
    pub(crate) history: &'r mut History,
    pub(crate) compiled: &'r mut Option<Root>,
    pub(crate) capacity: usize,
}

impl Wire for Console<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        BoardWire(self.vm.board()).read_byte()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.vm.board().console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

impl Text for Console<'_> {
    fn text_len(&self) -> usize {
        text_store::len(self.vm)
    }

    fn text_copy(&self, at: usize, dst: &mut [u8]) -> usize {
        text_store::copy(self.vm, at, dst)
    }

    fn text_insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), TextFull> {
        text_store::insert(self.vm, at, bytes)
    }

    fn text_remove(&mut self, at: usize, len: usize) {
        text_store::remove(self.vm, at, len);
    }

    fn text_clear(&mut self) {
        text_store::clear(self.vm);
    }
}

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
        let date = self.config.build_date;
        let _ = self.vm.write_fmt(
            Out::Console,
            format_args!(
                "MicroPython {} (Octopy {}) on {date}; {}",
                crate::MICROPYTHON,
                crate::VERSION,
                identity.board
            ),
        );
        if !identity.mcu.is_empty() {
            let _ = self.vm.write_fmt(Out::Console, format_args!(" with {}", identity.mcu));
        } else {
            let _ = self.vm.write(Out::Console, b" version");
        }
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
        let res = execute(self.vm, root);
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
    }

    fn print_overflow(&mut self, len: usize) {
        let _ = self.vm.write_fmt(
            Out::Console,
            format_args!("MemoryError: memory allocation failed, allocating {len} bytes\n"),
        );
    }
}

fn execute(vm: &mut Vm, root: Root) -> PyResult<()> {
    let code = vm.push(Value::NULL)?;
    vm.heap.set(code, root.get(&vm.heap));
    drop(root);
    let globals = vm.main_globals()?;
    vm.execute(code, globals, globals)?;
    Ok(())
}

/// Prints the pending exception and clears it. If printing itself fails (no memory for a
/// `__repr__`), the exception of that is printed without its text.
pub(crate) fn print_pending(vm: &mut Vm, out: Out) {
    let mark = vm.mark();
    let exception = vm.take_exception();
    if vm.print_exception(exception, out).is_err() {
        let second = vm.take_exception();
        let _ = vm.write(out, b"\n");
        let _ = vm.write_type_name(out, second);
        let _ = vm.write(out, b"\n");
        vm.clear_exception();
    }
    vm.release(mark);
}

/// The terminal for `input()`: it has the VM alone, so a line of history is all it remembers.
struct InputTerminal<'v> {
    vm: &'v mut Vm,
    history: History,
    capacity: usize,
}

impl Wire for InputTerminal<'_> {
    fn read_byte(&mut self) -> Option<u8> {
        BoardWire(self.vm.board()).read_byte()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.vm.board().console().write(bytes);
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

impl Text for InputTerminal<'_> {
    fn text_len(&self) -> usize {
        text_store::len(self.vm)
    }

    fn text_copy(&self, at: usize, dst: &mut [u8]) -> usize {
        text_store::copy(self.vm, at, dst)
    }

    fn text_insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), TextFull> {
        text_store::insert(self.vm, at, bytes)
    }

    fn text_remove(&mut self, at: usize, len: usize) {
        text_store::remove(self.vm, at, len);
    }

    fn text_clear(&mut self) {
        text_store::clear(self.vm);
    }
}

impl Terminal for InputTerminal<'_> {
    fn history(&mut self) -> &mut History {
        &mut self.history
    }
}

/// Reads one line for `input()`, pushed as a string.
pub(crate) fn input(vm: &mut Vm) -> PyResult<Local> {
    let mark = vm.mark();
    let capacity = vm.board().console().receive_capacity();
    let mut terminal = InputTerminal { vm, history: History::new(), capacity };
    let entered = read_line(&mut terminal);
    let res = match entered {
        Entered::Line => {
            let text = text_store::object(vm)?;
            vm.builder_str(text)
        }
        Entered::Interrupt => Err(vm.raise_bare(&exception::KEYBOARD_INTERRUPT)),
        Entered::Eof => Err(vm.raise_bare(&exception::EOF_ERROR)),
    };
    text_store::clear(vm);
    let line = res?;
    Ok(vm.keep(mark, line))
}

/// The name of a program given on the command line.
pub(crate) const STRING: Qstr = q::string_;
