//! `Script`: MicroPython's own command line.
//!
//! Programs and test suites start MicroPython's unix command in certain ways, and start ours in
//! the same: the order of checks, what ends the options and what lands in `sys.argv` are part of
//! that. There are two passes, as there: the first finds `-h`, `--version` and `-X` anywhere before
//! the program, the second the rest.

mod run;

use crate::request::Request;

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The REPL, or standard input where that is not a terminal.
    Input,
    /// `-c CODE`.
    Code(String),
    /// `-m MODULE`.
    Module(String),
    /// A file.
    File(String),
}

/// A program with everything that the command line says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What to run.
    pub program: Program,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// A REPL follows (`-i`).
    pub inspect: bool,
    /// Optimisation level (`-O`).
    pub optimise: u8,
    /// How often `-v` was given.
    pub verbose: u8,
    /// Nothing is executed (`-X compile-only`).
    pub compile_only: bool,
    /// The heap's size (`-X heapsize=`).
    pub heap_size: HeapSize,
}

/// How large the heap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapSize {
    /// As large as it is without `-X heapsize=`.
    Usual,
    /// So many bytes.
    Bytes(usize),
    /// As the program needs it (`auto`).
    Auto,
}

/// An argument that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub String);

/// A smaller heap cannot even hold the interpreter's own tables.
const SMALLEST_HEAP: i64 = 700;

/// Behind the heap there are addresses that are not its own.
const BIGGEST_HEAP: usize = 3 << 30;

impl Script {
    /// Understands the arguments that follow the program's name.
    pub fn parse(args: &[String]) -> Result<Request, Invalid> {
        let mut script = Self {
            program: Program::Input,
            argv: Vec::new(),
            inspect: false,
            optimise: 0,
            verbose: 0,
            compile_only: false,
            heap_size: HeapSize::Usual,
        };
        if let Some(request) = script.early_options(args)? {
            return Ok(request);
        }
        script.options(args)?;
        Ok(Request::Script(script))
    }

    /// The first pass; answers itself where no program is to be run.
    fn early_options(&mut self, args: &[String]) -> Result<Option<Request>, Invalid> {
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.as_str() {
                "-c" | "-m" => break,
                "-h" | "--help" => return Ok(Some(Request::Help)),
                "--version" => return Ok(Some(Request::Version)),
                "-X" => self.implementation_option(rest.next())?,
                option if option.starts_with('-') => {}
                _file => break,
            }
        }
        Ok(None)
    }

    /// The second pass, which ends at the program.
    fn options(&mut self, args: &[String]) -> Result<(), Invalid> {
        let mut rest = args;
        while let Some((arg, after)) = rest.split_first() {
            rest = after;
            match arg.as_str() {
                "-i" => self.inspect = true,
                "-v" => self.verbose = self.verbose.saturating_add(1),
                "-X" => rest = after.get(1..).unwrap_or_default(),
                "-c" | "-m" => {
                    let (what, after) = after.split_first().ok_or_else(|| invalid(arg))?;
                    let (program, name) = if arg == "-c" {
                        (Program::Code(what.clone()), arg)
                    } else {
                        (Program::Module(what.clone()), what)
                    };
                    self.start(program, name, after);
                    return Ok(());
                }
                option if option.starts_with("-O") => self.optimise = level(option),
                option if option.starts_with('-') => return Err(invalid(arg)),
                file => {
                    self.start(Program::File(file.to_owned()), arg, after);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, program: Program, name: &str, rest: &[String]) {
        self.program = program;
        self.argv = std::iter::once(name.to_owned()).chain(rest.iter().cloned()).collect();
    }

    fn implementation_option(&mut self, option: Option<&String>) -> Result<(), Invalid> {
        let option = option.ok_or_else(|| Invalid("-X".into()))?;
        match option.as_str() {
            "compile-only" => self.compile_only = true,
            // The only code emitter there is.
            "emit=bytecode" => {}
            other => {
                let size = match other.strip_prefix("heapsize=") {
                    Some("auto") => Some(HeapSize::Auto),
                    Some(size) => match heap_size(size) {
                        Some(size) if size > BIGGEST_HEAP => {
                            return Err(Invalid(format!("-X {option} (the most is 3g)")));
                        }
                        size => size.map(HeapSize::Bytes),
                    },
                    None => None,
                };
                self.heap_size = size.ok_or_else(|| Invalid(format!("-X {option}")))?;
            }
        }
        Ok(())
    }
}

fn invalid(arg: &str) -> Invalid {
    Invalid(arg.to_owned())
}

/// `-O` is 1, `-OO` is 2, `-O3` is 3.
fn level(option: &str) -> u8 {
    match option.as_bytes() {
        [_, _, digit @ b'0'..=b'9', ..] => digit - b'0',
        letters => {
            let n = letters.iter().skip(1).take_while(|letter| **letter == b'O').count();
            u8::try_from(n).unwrap_or(u8::MAX)
        }
    }
}

/// `N[w][k|m|g]`, where N is written as in C. The `w` is for machines with words of 64 bits; ours
/// have 32 everywhere, so it changes nothing.
fn heap_size(text: &str) -> Option<usize> {
    let text = text.trim_start();
    let (text, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        _ if text.starts_with('0') => (text, 8),
        _ => (text, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let number = i64::from_str_radix(&digits[..end], radix).ok()?;
    let suffix = &digits[end..];
    let suffix = suffix.strip_prefix(['w', 'W']).unwrap_or(suffix);
    let unit = match suffix {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return None,
    };
    let size = number.checked_mul(unit)?;
    if negative || size < SMALLEST_HEAP {
        return None;
    }
    usize::try_from(size).ok()
}

#[cfg(test)]
mod tests;
