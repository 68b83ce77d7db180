//! Damaged programs: whatever they say, they raise or run, they end, and the heap stays sound.
//!
//! The programs are pieces of `tests/scripts`, with words and lines exchanged, doubled or left
//! out, so most get past the parser. Every statement at the left margin is compiled and run by
//! itself: an exception in one does not save the next from being tried.
//!
//! `OCTOPY_FUZZ_ITERATIONS` and `OCTOPY_FUZZ_SEED` in the environment ask for more than the usual
//! run; `OCTOPY_FUZZ_TRACE` names a file that each program is written to before it runs.

mod fuzzing;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fuzzing::{Random, from_environment};
use octopy_runtime::Vm;
use octopy_vm::{CompileMode, Local};

/// Words that are put in besides those of the scripts.
const WORDS: [&str; 44] = [
    "lambda",
    "yield",
    "await",
    "async",
    "nonlocal",
    "global",
    "del",
    "None",
    "True",
    "...",
    "*",
    "**",
    ":=",
    "->",
    "@",
    "//",
    "<<",
    ">>",
    "not in",
    "is not",
    "0",
    "-1",
    "1 << 29",
    "-(1 << 29)",
    "1 << 31",
    "1 << 64",
    "10 ** 40",
    "0.0",
    "1e308",
    "float('nan')",
    "1j",
    "''",
    "b''",
    "'\\ud800'",
    "f'{x!r:>{y}}'",
    "()",
    "[]",
    "{}",
    "{1, 2}",
    "range(9)",
    "bytearray(5)",
    "object()",
    "type",
    "super()",
];

/// Backward jumps of one statement.
const FUEL: u32 = 500;

/// The program that runs, for whoever reports that it should not have.
static CURRENT: Mutex<String> = Mutex::new(String::new());

/// How many programs have begun.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// Whether a line begins a statement at the left margin.
fn begins_statement(line: &str) -> bool {
    let continues = ["else", "elif", "except", "finally", ")", "]", "}", "#", " ", "\t"];
    !line.is_empty() && !continues.iter().any(|start| line.starts_with(start))
}

/// The statements at the left margin, with the lines that belong to them.
fn statements(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut decorated = false;
    for line in text.split_inclusive('\n') {
        match found.last_mut() {
            Some(last) if decorated || !begins_statement(line) => last.push_str(line),
            _ => found.push(line.to_owned()),
        }
        decorated = line.starts_with('@');
    }
    found
}

/// Cuts a text into words, numbers, strings, signs and white space.
fn words(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        ' ' => 1,
        '\n' => 2,
        _ if c.is_alphanumeric() || c == '_' => 3,
        _ => 4,
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let quoted = match first {
            '\'' | '"' => rest[1..].find([first, '\n']).map(|end| end + 2),
            _ => None,
        };
        let len = quoted.unwrap_or_else(|| match class(first) {
            2 | 4 => first.len_utf8(),
            kind => rest.find(|c| class(c) != kind).unwrap_or(rest.len()),
        });
        let (word, after) = rest.split_at(len);
        found.push(word);
        rest = after;
    }
    found
}

/// What programs are made of.
struct Stock {
    /// The statements of each script.
    scripts: Vec<Vec<String>>,
    words: Vec<String>,
}

impl Stock {
    fn read(directory: &Path) -> Self {
        let mut paths: Vec<_> =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let mut scripts = Vec::new();
        let mut stock: Vec<String> = WORDS.iter().map(|&word| word.to_owned()).collect();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|e| e == "py")) {
            let text = std::fs::read_to_string(path).unwrap();
            for word in words(&text) {
                if !word.trim().is_empty() && !word.starts_with('#') {
                    stock.push(word.to_owned());
                }
            }
            scripts.push(statements(&text));
        }
        stock.sort();
        stock.dedup();
        Self { scripts, words: stock }
    }

    /// Some statements of a script, with the definitions before them that they may need.
    fn program(&self, random: &mut Random) -> String {
        let script = &self.scripts[random.below(self.scripts.len())];
        let start = random.below(script.len());
        let end = (start + 1 + random.below(8)).min(script.len());
        let is_definition = |text: &&String| {
            ["def ", "class ", "import ", "from "].iter().any(|s| text.starts_with(s))
        };
        let mut text = String::new();
        if random.below(2) == 0 {
            script[..start].iter().filter(is_definition).for_each(|s| text.push_str(s));
        }
        script[start..end].iter().for_each(|s| text.push_str(s));
        text
    }

    fn word(&self, random: &mut Random) -> &str {
        &self.words[random.below(self.words.len())]
    }

    /// Damages a text.
    fn damage(&self, text: &str, random: &mut Random) -> String {
        let mut parts = words(text);
        for _ in 0..1 + random.below(4) {
            if parts.is_empty() {
                break;
            }
            let at = random.below(parts.len());
            let other = random.below(parts.len());
            match random.below(8) {
                0 | 1 => parts[at] = self.word(random),
                2 => parts[at] = parts[other],
                3 => parts.swap(at, other),
                4 => parts.insert(at, parts[other]),
                5 => parts.insert(at, self.word(random)),
                6 => {
                    parts.remove(at);
                }
                // A stretch of words a second time.
                _ => {
                    let stretch = parts[at..(at + random.below(30)).min(parts.len())].to_vec();
                    let to = random.below(parts.len());
                    parts.splice(to..to, stretch);
                }
            }
        }
        let mut text = parts.concat();
        if random.below(10) == 0 {
            let mut bytes = text.into_bytes();
            let at = random.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(7);
            }
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        text
    }
}

/// Compiles a text and, if asked to, runs it; whether it went well.
fn attempt(vm: &mut Vm, globals: Local, text: &str, runs: bool) -> bool {
    let mark = vm.mark();
    fuzzing::refuel(vm, FUEL);
    let file = octopy_qstr::q::__main__;
    let res =
        vm.compile(&mut text.as_bytes().iter(), file, CompileMode::File).and_then(
            |code| match runs {
                true => vm.execute(code, globals, globals).map(drop),
                false => Ok(()),
            },
        );
    if res.is_err() {
        vm.clear_exception();
    }
    while vm.heap.lock_depth() > 0 {
        vm.heap.unlock();
    }
    vm.release(mark);
    res.is_ok()
}

/// Runs a program statement by statement; how many went well.
fn run(vm: &mut Vm, text: &str) -> usize {
    let mark = vm.mark();
    let Ok(globals) = octopy_vm::types::dict::alloc(&mut vm.heap, 4) else { return 0 };
    attempt(vm, globals, text, false);
    let passed = statements(text).iter().filter(|text| attempt(vm, globals, text, true)).count();
    vm.release(mark);
    passed
}

/// Interrupts what takes long without jumping, and reports what does not listen.
fn watch() {
    let mut last = (0, 0);
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let begun = BEGUN.load(Ordering::Relaxed);
        last = if begun == last.0 { (begun, last.1 + 1) } else { (begun, 0) };
        if begun > 0 && last.1 > 1 {
            fuzzing::interrupt();
        }
        if begun > 0 && last.1 > 60 {
            let text = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
            println!("hangs:\n{text}");
            std::process::abort();
        }
    }
}

fn fuzz() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let stock = Stock::read(&scripts);
    let trace = std::env::var_os("OCTOPY_FUZZ_TRACE");
    let iterations = from_environment("OCTOPY_FUZZ_ITERATIONS", 2_000);
    let seed = from_environment("OCTOPY_FUZZ_SEED", 1);
    let mut random = Random::new(seed);
    let (mut passed, mut all) = (0, 0);
    let mut runtime = fuzzing::runtime();
    for iteration in 0..iterations {
        if iteration % 1_000 == 999 {
            // Names are never forgotten; a new interpreter has room for more.
            runtime = fuzzing::runtime();
        }
        let program = stock.program(&mut random);
        let text = stock.damage(&program, &mut random);
        if let Some(path) = &trace {
            std::fs::write(path, &text).unwrap();
        }
        CURRENT.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&text);
        BEGUN.fetch_add(1, Ordering::Relaxed);
        let vm = runtime.vm();
        all += statements(&text).len();
        passed += run(vm, &text);
        if iteration % 16 == 0 {
            vm.heap.verify().expect("the heap is sound");
        }
    }
    println!("{iterations} programs with seed {seed}: {passed} of {all} statements went well");
    // There must be damage that is noticed, and much that is not.
    assert!(passed * 4 > all && passed < all);
}

#[test]
fn damaged_programs_do_no_damage() {
    std::panic::set_hook(Box::new(|info| {
        let text = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        println!("{info}\nin the program:\n{text}");
    }));
    std::thread::spawn(watch);
    fuzzing::with_big_stack(fuzz);
}
