//! Running programs as MicroPython's unix command does.

use crate::board::{run_main_file, set_path};
use crate::console::INTERRUPT;
use crate::main_program::{execute, print_pending, settle};
use crate::runtime::Runtime;
use octopy_fs::Mounted;
use octopy_qstr::q;
use octopy_repl::Event;
use octopy_vm::types::{exception, list};
use octopy_vm::{CompileMode, Out, PyResult, SourceText, StateSlot, Vm};

/// What to run.
#[derive(Debug, Clone, Copy)]
pub enum Program<'a> {
    /// A file.
    File(&'a str),
    /// A text: `-c`.
    Code(&'a str),
    /// A text from standard input.
    Input(&'a [u8]),
    /// A module: `-m`.
    Module(&'a str),
    /// The REPL.
    Repl,
}

/// A program with its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// What to run.
    pub program: Program<'a>,
    /// `sys.path`
    pub path: &'a [&'a str],
    /// `sys.argv`
    pub argv: &'a [&'a str],
    /// The current directory, absolute.
    pub current: &'a str,
    /// Compile only.
    pub compile_only: bool,
    /// Optimisation level.
    pub optimise: u8,
    /// How much is told besides what the program prints: at 1 and above the memory, at its end.
    pub verbose: u8,
}

/// How a program ended: the process's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Runtime {
    /// Runs a program to its end. Uncaught exceptions are printed to the error console.
    pub fn run_script(&mut self, script: &Script<'_>) -> Exit {
        // The PC's whole file system is one mount.
        let _ = self.vm.mounts.mount("/", Mounted::Board);
        let _ = self.vm.mounts.set_current(script.current);
        self.vm.set_optimise(script.optimise);
        let mark = self.vm.mark();
        if let Program::Repl = script.program {
            let prepared = prepare(&mut self.vm, script);
            if prepared.is_err() {
                print_pending(&mut self.vm, Out::Error);
            }
            return self.run_process_repl();
        }
        self.vm.attention.set_interrupt_byte(Some(INTERRUPT));
        let res = prepare(&mut self.vm, script).and_then(|()| run(&mut self.vm, script));
        let exit = match res {
            Ok(()) => Exit(0),
            Err(_) => {
                let exit = report(&mut self.vm);
                if settle(&mut self.vm).is_err() {
                    print_pending(&mut self.vm, Out::Error);
                }
                exit
            }
        };
        self.vm.release(mark);
        let at_exit = octopy_modules::run_at_exit(&mut self.vm);
        let exit = if at_exit.is_err() { report(&mut self.vm) } else { exit };
        self.vm.release(mark);
        if script.verbose > 0 && octopy_modules::micropython::mem_info(&mut self.vm, None).is_err()
        {
            print_pending(&mut self.vm, Out::Error);
        }
        exit
    }

    /// The REPL of a process, which ends instead of being reset.
    pub fn run_process_repl(&mut self) -> Exit {
        match self.run_repl() {
            Event::SoftReset { .. } | Event::Exit { .. } | Event::Closed => Exit(0),
        }
    }
}

fn prepare(vm: &mut Vm, script: &Script<'_>) -> PyResult<()> {
    set_path(vm, script.path)?;
    let mark = vm.mark();
    let argv = list::alloc(vm, script.argv.len() as u32)?;
    for argument in script.argv {
        let text = vm.alloc_str(argument.as_bytes())?;
        list::push(vm, argv, text)?;
    }
    vm.set_state(StateSlot::SysArgv, argv);
    vm.release(mark);
    Ok(())
}

fn run(vm: &mut Vm, script: &Script<'_>) -> PyResult<()> {
    match script.program {
        Program::File(path) if script.compile_only => {
            octopy_modules::importer::compile_file(vm, path).map(|_| ())
        }
        Program::File(path) => run_main_file(vm, path),
        Program::Code(_) | Program::Input(_) => {
            let (file, text) = match script.program {
                Program::Code(text) => (q::string_, text.as_bytes()),
                Program::Input(text) => (q::stdin_, text),
                _ => (q::string_, &b""[..]),
            };
            let source = vm.alloc_bytes(text)?;
            let mut source = SourceText::new(vm, source)?;
            let code = vm.compile(&mut source, file, CompileMode::File)?;
            drop(source);
            if script.compile_only {
                return Ok(());
            }
            execute(vm, code)
        }
        Program::Module(name) => run_module(vm, name),
        Program::Repl => Ok(()),
    }
}

/// `-m name`: the module, or a package's `__main__`, runs as `__main__`.
fn run_module(vm: &mut Vm, name: &str) -> PyResult<()> {
    let name = vm.intern(name.as_bytes())?;
    vm.set_main_import(Some(name));
    let module = vm.import_module(name)?;
    let path = vm.opt_attr(module, q::__path__);
    if path.is_err() {
        // What a module's own `__getattr__` raises says that there is none.
        vm.clear_exception();
    }
    if let Ok(Some(_)) = path {
        let mut full = [0_u8; 128];
        let text = vm.name_text(name);
        let mut len = 0;
        for (to, from) in full.iter_mut().zip(text.iter().chain(b".__main__")) {
            *to = *from;
            len += 1;
        }
        let main = vm.intern(full.get(..len).unwrap_or_default())?;
        vm.set_main_import(Some(main));
        vm.import_module(main)?;
    }
    Ok(())
}

/// Prints the pending exception and turns it into an exit status.
fn report(vm: &mut Vm) -> Exit {
    if !vm.pending_is(&exception::SYSTEM_EXIT) {
        print_pending(vm, Out::Error);
        return Exit(1);
    }
    let mark = vm.mark();
    let exit = vm.take_exception();
    let status = match vm.attr(exit, q::value) {
        Ok(value) if vm.heap.get(value).is_none() => Exit(0),
        Ok(value) => match vm.to_i64(value) {
            Ok(int) => Exit(int as u8),
            Err(_) => {
                vm.clear_exception();
                if vm.print(value, Out::Error, octopy_vm::PrintKind::Str).is_ok() {
                    let _ = vm.write(Out::Error, b"\n");
                }
                Exit(1)
            }
        },
        Err(_) => Exit(1),
    };
    vm.clear_exception();
    vm.release(mark);
    status
}
