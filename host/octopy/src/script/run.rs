//! Running a script on this PC.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use anyhow::{Context, Result};
use octopy_runtime::{self as runtime, Config, Exit, HeapConfig, RegionClass, RegionSpec, Runtime};
use octopy_virtual_board::HostBoard;

use super::{HeapSize, Program, Script};
use crate::machine::on_big_stack;
use crate::output::print;
use crate::search_path::{folder_of, search_path};
use crate::{machine, program as bytecode, signals};

/// Bytes of heap where `-X heapsize=` does not say.
const HEAP: usize = 2 << 20;

/// The most that a heap of no fixed size may take.
const MOST: u32 = 1 << 30;

/// Entries of the root table: what Rust code keeps of Python's objects.
const ROOTS: u32 = 64;

/// Entries of the mark stack, and of the trail of a cycle, as on the boards.
const MARK_STACK: u32 = 256;
const TRAIL: u32 = 128;

/// Where the value stack is, and its bytes.
const STACK: (u32, u32) = (0x0800_0000, 0x0004_0800);

/// Where the heap is.
const HEAP_BASE: u32 = 0x1000_0000;

const CONFIG: Config = Config { single_floats: false, is_board: false, native_depth: 1200 };

impl Script {
    /// Runs it to its end; the exit status is the program's.
    pub fn run(&self) -> Result<ExitCode> {
        signals::end_on(&[signals::SIGTERM, signals::SIGHUP])?;
        on_big_stack(|| self.run_here())
    }

    fn run_here(&self) -> Result<ExitCode> {
        let first = match &self.program {
            Program::File(path) => match folder_of(path) {
                Ok(folder) => folder,
                Err(error) => return Ok(missing(path, &error)),
            },
            _ => String::new(),
        };
        let mut runtime = self.runtime()?;
        let path = search_path(&first);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let argv: Vec<&str> = self.argv.iter().map(String::as_str).collect();
        let current = std::env::current_dir().context("there is no current directory")?;
        let current = current.to_string_lossy();
        let input;
        let program = match &self.program {
            Program::File(path) => runtime::Program::File(path),
            Program::Code(code) => runtime::Program::Code(code),
            Program::Module(name) => runtime::Program::Module(name),
            Program::Input if self.inspect() || std::io::stdin().is_terminal() => {
                runtime::Program::Repl
            }
            Program::Input => {
                let mut bytes = Vec::new();
                std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
                input = bytes;
                runtime::Program::Input(&input)
            }
        };
        match program {
            runtime::Program::File(path) => {
                self.show_code(path, &std::fs::read(path).unwrap_or_default());
            }
            runtime::Program::Code(code) => self.show_code("<string>", code.as_bytes()),
            runtime::Program::Input(code) => self.show_code("<stdin>", code),
            runtime::Program::Module(_) | runtime::Program::Repl => {}
        }
        let is_repl = matches!(program, runtime::Program::Repl);
        if is_repl {
            runtime.vm().board().console().set_interactive(true);
        }
        let mut exit = runtime.run_script(&runtime::Script {
            program,
            path: &path,
            argv: &argv,
            current: &current,
            compile_only: self.compile_only,
            optimise: self.optimise,
            verbose: self.verbose,
        });
        let mut value = [0; 1];
        let environment = runtime.vm().board().environment();
        // The program may have asked for it.
        let asked = environment.and_then(|all| all.get("MICROPYINSPECT", &mut value));
        if (self.inspect || asked.is_some_and(|len| len > 0)) && !is_repl {
            runtime.vm().board().console().set_interactive(true);
            exit = runtime.run_process_repl();
        }
        runtime.vm().board().console().set_interactive(false);
        let Exit(status) = exit;
        Ok(ExitCode::from(status))
    }

    /// Shows the program's bytecode if `-v` was given twice. What does not compile is reported
    /// when it is to be run.
    fn show_code(&self, name: &str, source: &[u8]) {
        if self.verbose < 2 {
            return;
        }
        if let Ok(program) = bytecode::Program::compile(source, name, self.optimise) {
            print(&program.dump());
        }
    }

    /// Whether a REPL follows: asked for now or by the environment.
    fn inspect(&self) -> bool {
        self.inspect || std::env::var_os("MICROPYINSPECT").is_some_and(|value| !value.is_empty())
    }

    fn runtime(&self) -> Result<Runtime> {
        let size = match self.heap_size {
            HeapSize::Usual | HeapSize::Auto => HEAP,
            HeapSize::Bytes(size) => size & !7,
        };
        let region = RegionSpec {
            name: "heap",
            base: HEAP_BASE,
            size: u32::try_from(size)?,
            class: RegionClass::Fast,
            dma: true,
        };
        let board = Box::leak(Box::new(HostBoard::new()?));
        let (stack_base, stack_size) = STACK;
        let regions = &[region];
        let heap = HeapConfig {
            stack_base,
            stack_size,
            roots: ROOTS,
            mark_stack: MARK_STACK,
            trail: TRAIL,
            regions,
            large_object: u32::MAX,
        };
        match self.heap_size {
            HeapSize::Auto => machine::growing_runtime(&heap, MOST, board, CONFIG),
            _ => machine::runtime(&heap, board, CONFIG),
        }
    }
}

/// A file that is not there, in the words that Python programs use.
fn missing(path: &str, error: &std::io::Error) -> ExitCode {
    let name = std::env::args().next().unwrap_or_else(|| "octopy".into());
    let code = error.raw_os_error().unwrap_or(0);
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    eprintln!("{name}: can't open file '{path}': [Errno {code}] {text}");
    ExitCode::from(2)
}
