//! A console of two byte strings and an interpreter that knows a handful of one-line statements.

use std::collections::VecDeque;

use octopy_repl::{
    Completion, Entered, Event, History, Mode, Outcome, Program, Raised, Repl, Session, Terminal,
    Text, TextFull, Wire, read_line,
};

pub const BANNER: &str = "MicroPython 1.29.0 (Toy) on 2026-11-23; BOARD with MCU\r\nType \"help()\" for more information.\r\n";

/// Statements, one on a line: `print(TEXT)`, `len TEXT`, `1/0`, `exit`, `input()`, `spin` (until
/// Ctrl-C), digits (an expression). A line with `!` is a syntax error; others do nothing.
pub struct Toy {
    pub input: VecDeque<u8>,
    pub output: Vec<u8>,
    pub text: Vec<u8>,
    /// Largest text that memory holds.
    pub limit: usize,
    pub capacity: usize,
    pub names: &'static [&'static str],
    pub history: History,
    pub n_reads: usize,
    pub n_copied: usize,
    /// What was compiled last.
    pub source: Vec<u8>,
    program: Vec<String>,
    mode: Mode,
    pending: Option<String>,
}

impl Toy {
    pub fn new(input: &[u8]) -> Self {
        Self {
            input: input.iter().copied().collect(),
            output: Vec::new(),
            text: Vec::new(),
            limit: usize::MAX,
            capacity: 512,
            names: &[],
            history: History::new(),
            n_reads: 0,
            n_copied: 0,
            source: Vec::new(),
            program: Vec::new(),
            mode: Mode::Raw,
            pending: None,
        }
    }

    fn traceback(&mut self, line: usize, text: &str) -> Outcome {
        self.pending = Some(format!("  File \"<stdin>\", line {line}, in <module>\r\n{text}\r\n"));
        Outcome::Raised
    }

    fn print(&mut self, text: &str) {
        self.write(text.as_bytes());
        self.write(b"\r\n");
    }

    fn statement(&mut self, number: usize, line: &str) -> Outcome {
        if let Some(text) = line.strip_prefix("print(").and_then(|rest| rest.strip_suffix(')')) {
            self.print(text);
        } else if let Some(text) = line.strip_prefix("len ") {
            self.print(&text.len().to_string());
        } else if line == "1/0" {
            return self.traceback(number, "ZeroDivisionError: divide by zero");
        } else if line == "exit" {
            return Outcome::Exit;
        } else if line == "input()" {
            self.write(b"q? ");
            match read_line(self) {
                Entered::Line => {
                    let line = String::from_utf8_lossy(&self.text).into_owned();
                    self.print(&format!("'{line}'"));
                }
                Entered::Interrupt => return self.traceback(number, "KeyboardInterrupt: "),
                Entered::Eof => return self.traceback(number, "EOFError: "),
            }
        } else if line == "spin" {
            while let Some(byte) = self.read_byte() {
                if byte == 3 {
                    return self.traceback(number, "KeyboardInterrupt: ");
                }
            }
        } else if !line.is_empty()
            && line.bytes().all(|byte| byte.is_ascii_digit())
            && self.mode != Mode::Raw
        {
            self.print(line);
        }
        Outcome::Done
    }
}

impl Wire for Toy {
    fn read_byte(&mut self) -> Option<u8> {
        self.n_reads += 1;
        self.input.pop_front()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }

    fn receive_capacity(&self) -> usize {
        self.capacity
    }
}

impl Text for Toy {
    fn text_len(&self) -> usize {
        self.text.len()
    }

    fn text_copy(&self, at: usize, dst: &mut [u8]) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let len = rest.len().min(dst.len());
        dst[..len].copy_from_slice(&rest[..len]);
        len
    }

    fn text_insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), TextFull> {
        if self.text.len() + bytes.len() > self.limit {
            return Err(TextFull);
        }
        self.n_copied += bytes.len() + self.text.len().saturating_sub(at);
        let at = at.min(self.text.len());
        self.text.splice(at..at, bytes.iter().copied());
        Ok(())
    }

    fn text_remove(&mut self, at: usize, len: usize) {
        let at = at.min(self.text.len());
        let end = at.saturating_add(len).min(self.text.len());
        self.text.drain(at..end);
    }

    fn text_clear(&mut self) {
        self.text = Vec::new();
    }
}

impl Terminal for Toy {
    fn history(&mut self) -> &mut History {
        &mut self.history
    }

    fn complete(&mut self, line: &[u8], out: &mut [u8]) -> Completion {
        let line = std::str::from_utf8(line).expect("the editor takes ASCII only");
        let word = line.rsplit(' ').next().unwrap_or_default();
        let fits: Vec<_> = self.names.iter().filter(|name| name.starts_with(word)).collect();
        match fits[..] {
            [] => Completion::None,
            [name] => {
                let rest = &name.as_bytes()[word.len()..];
                let len = rest.len().min(out.len());
                out[..len].copy_from_slice(&rest[..len]);
                Completion::Insert(len)
            }
            _ => {
                let list = fits.iter().map(|name| **name).collect::<Vec<_>>().join("  ");
                self.print(&format!("\r\n{list}"));
                Completion::Listed
            }
        }
    }
}

impl Session for Toy {
    fn print_banner(&mut self) {
        let line = BANNER.lines().next().unwrap_or_default();
        self.write(line.as_bytes());
    }

    fn compile(&mut self, program: Program<'_>, mode: Mode) -> Result<(), Raised> {
        assert!(self.pending.is_none(), "an exception was left pending");
        self.mode = mode;
        self.program.clear();
        self.source.clear();
        let mut stored = self.text.clone().into_iter();
        let mut line = Vec::new();
        let mut program = program;
        loop {
            let byte = match &mut program {
                Program::Stored => stored.next(),
                Program::Incoming(paste) => paste.pull(self),
            };
            self.source.extend(byte);
            match byte {
                Some(b'!') => {
                    let number = self.program.len() + 1;
                    self.pending = Some(format!(
                        "  File \"<stdin>\", line {number}\r\nSyntaxError: invalid syntax\r\n"
                    ));
                    return Err(Raised);
                }
                Some(b'\r' | b'\n') | None => {
                    self.program.push(String::from_utf8_lossy(&line).into_owned());
                    line.clear();
                    if byte.is_none() {
                        return Ok(());
                    }
                }
                Some(byte) => line.push(byte),
            }
        }
    }

    fn execute(&mut self) -> Outcome {
        assert!(self.text.is_empty(), "the text of a program that runs needs no memory");
        let program = std::mem::take(&mut self.program);
        for (idx, line) in program.iter().enumerate() {
            match self.statement(idx + 1, line) {
                Outcome::Done => {}
                outcome => return outcome,
            }
        }
        Outcome::Done
    }

    fn abandon(&mut self) {
        self.program.clear();
        self.pending = None;
    }

    fn print_exception(&mut self) {
        let text = self.pending.take().expect("an exception to print");
        self.write(b"Traceback (most recent call last):\r\n");
        self.write(text.as_bytes());
    }

    fn print_overflow(&mut self, len: usize) {
        self.print(&format!("MemoryError: memory allocation failed, allocating {len} bytes"));
    }
}

/// Runs a REPL over `input` until it is used up, across soft resets. Returns the output and how
/// often it was reset.
pub fn drive(repl: &mut Repl, toy: &mut Toy) -> usize {
    let mut n_resets = 0;
    while repl.run(toy) != Event::Closed {
        n_resets += 1;
    }
    n_resets
}

/// Output for input, starting at the friendly prompt (banner and prompt not included).
pub fn check(input: impl AsRef<[u8]>, expect: impl AsRef<[u8]>) {
    let mut toy = Toy::new(input.as_ref());
    check_toy(&mut toy, expect);
}

/// As [`check`], with a toy of one's own.
pub fn check_toy(toy: &mut Toy, expect: impl AsRef<[u8]>) {
    drive(&mut Repl::new(), toy);
    let greeting = format!("{BANNER}>>> ");
    let rest = toy.output.strip_prefix(greeting.as_bytes()).expect("banner and prompt");
    assert_eq!(rest.escape_ascii().to_string(), expect.as_ref().escape_ascii().to_string());
}

/// Output for input in the raw REPL, from its first prompt on.
pub fn check_raw(input: impl AsRef<[u8]>, expect: impl AsRef<[u8]>) {
    let mut toy = Toy::new(input.as_ref());
    check_raw_toy(&mut toy, expect);
}

/// As [`check_raw`], with a toy of one's own.
pub fn check_raw_toy(toy: &mut Toy, expect: impl AsRef<[u8]>) {
    let mut repl = Repl::new();
    repl.set_raw(true);
    drive(&mut repl, toy);
    let rest = toy.output.strip_prefix(b"raw REPL; CTRL-B to exit\r\n>").expect("raw greeting");
    assert_eq!(rest.escape_ascii().to_string(), expect.as_ref().escape_ascii().to_string());
}
