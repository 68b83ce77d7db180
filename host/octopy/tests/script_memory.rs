//! Scripts that run out of memory: allocation k fails, for every k, once or from there on.
//!
//! Whatever fails, a script of `tests/scripts` ends as always, or with a MemoryError, or does what
//! it says itself about one; the heap is sound; and the same interpreter then runs another program
//! as always. All is done in one process, by a soft reset between two runs.
//!
//! `OCTOPY_FAIL_SAMPLE` in the environment is how many k are tried of each script (0: all),
//! `OCTOPY_FAIL_SEED` which ones; `OCTOPY_FAIL_FILTER` is a part of the scripts' names, and
//! `OCTOPY_FAIL_START` the first k.

#[allow(dead_code, reason = "the scripts run on another board here")]
mod fuzzing;
mod recording;

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use fuzzing::{Random, from_environment, runtime_on};
use octopy_runtime::{Exit, Program, Runtime, Script};
use recording::{Record, Recorder};

/// A program that uses a little of everything.
const PROBE: &str = r#"
def probe():
    import math, sys

    class Base:
        def __init__(self, n):
            self.n = n

    class Derived(Base):
        def __repr__(self):
            return "<%d>" % self.n

    def numbers(limit):
        for n in range(limit):
            yield Derived(n)

    found = {repr(item): [item, (n, float(n))] for n, item in enumerate(numbers(20))}
    text = "".join(sorted(found))
    buffer = bytearray(3000)
    buffer[5:9] = b"abcd"
    try:
        found["missing"]
    except KeyError as error:
        text += str(error)
    big = 1 << 100
    assert hasattr(sys, "path") and not hasattr(sys, "nothing")
    return len(text), text[-20:], bytes(buffer[4:10]), math.sqrt(16), big, eval("1 + 2")


__import__("builtins").print(probe())
"#;

/// How the scripts run out of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failing {
    Never,
    Once(u32),
    From(u32),
}

/// What a run wrote, and its exit status.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    output: String,
    errors: String,
    exit: Exit,
}

/// What is going on, for whoever reports that it should not.
static CURRENT: Mutex<String> = Mutex::new(String::new());

/// How many runs have begun.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// An interpreter that is used again and again.
struct Machine {
    runtime: Runtime,
    output: Record,
    errors: Record,
}

impl Machine {
    fn new() -> Self {
        let (board, output, errors) = Recorder::new();
        let board = Box::leak(Box::new(board));
        Self { runtime: runtime_on(board, 2 << 20, 200), output, errors }
    }

    /// Starts again.
    fn renew(&mut self) {
        self.runtime.soft_reset();
        self.runtime.vm().board().reset();
    }

    fn run(&mut self, program: Program<'_>, failing: Failing) -> Ran {
        BEGUN.fetch_add(1, Ordering::Relaxed);
        match failing {
            Failing::Never => {}
            Failing::Once(k) => self.runtime.vm().heap.fail_once_after(k),
            Failing::From(k) => self.runtime.vm().heap.fail_after(Some(k)),
        }
        let script = Script {
            program,
            path: &["", "/flash"],
            argv: &["script"],
            current: "/flash",
            compile_only: false,
            optimise: 0,
            verbose: 0,
        };
        let exit = self.runtime.run_script(&script);
        self.runtime.vm().heap.fail_after(None);
        Ran { output: self.output.take(), errors: self.errors.take(), exit }
    }

    /// How many allocations a program makes.
    fn allocations(&mut self, text: &str) -> u32 {
        const MANY: u32 = 1 << 30;
        self.renew();
        self.runtime.vm().heap.fail_after(Some(MANY));
        let script = Script {
            program: Program::Code(text),
            path: &["", "/flash"],
            argv: &["script"],
            current: "/flash",
            compile_only: false,
            optimise: 0,
            verbose: 0,
        };
        self.runtime.run_script(&script);
        let left = self.runtime.vm().heap.until_failure().expect("none has failed");
        self.output.take();
        self.errors.take();
        MANY - left
    }

    /// Roots that are free.
    fn free_roots(&mut self) -> usize {
        let heap = &self.runtime.vm().heap;
        let roots: Vec<_> = std::iter::from_fn(|| heap.root(octopy_vm::Value::NULL).ok()).collect();
        roots.len()
    }
}

fn comments(source: &str, mark: &str) -> Vec<String> {
    source
        .lines()
        .filter_map(|line| line.split_once(mark))
        .map(|(_, text)| text.strip_prefix(' ').unwrap_or(text).to_owned())
        .collect()
}

/// A script, and how it is when nothing fails.
struct Subject {
    name: String,
    text: String,
    usual: Ran,
    probe: Ran,
    roots: usize,
    sp: u32,
    allocations: u32,
}

impl Subject {
    fn new(machine: &mut Machine, path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a script is readable");
        machine.renew();
        let sp = machine.runtime.vm().mark();
        let roots = machine.free_roots();
        let usual = machine.run(Program::Code(&text), Failing::Never);
        let probe = machine.run(Program::Code(PROBE), Failing::Never);
        let lines: Vec<&str> = usual.output.lines().collect();
        let raised = usual.errors.lines().last();
        let expected = comments(&text, "# raises:");
        if lines != comments(&text, "# expect:") || raised != expected.first().map(String::as_str) {
            println!("skipped: {name} does not print here what it says");
            return None;
        }
        let allocations = machine.allocations(&text);
        Some(Self { name, text, usual, probe, roots, sp, allocations })
    }

    /// What is wrong with a run in which an allocation fails.
    fn trouble(&self, machine: &mut Machine, failing: Failing) -> Option<String> {
        machine.renew();
        let ran = machine.run(Program::Code(&self.text), failing);
        let vm = machine.runtime.vm();
        if let Err(error) = vm.heap.verify() {
            return Some(format!("the heap is damaged: {error:?}"));
        }
        if vm.mark() != self.sp {
            return Some(format!("{} slots are left", (vm.mark() - self.sp) / 4));
        }
        while vm.heap.lock_depth() > 0 {
            vm.heap.unlock();
        }
        if let Some(why) = self.judge(&ran) {
            return Some(why);
        }
        let probe = machine.run(Program::Code(PROBE), Failing::Never);
        if probe != self.probe {
            return Some(format!("afterwards: {probe:?}"));
        }
        drop(probe);
        let vm = machine.runtime.vm();
        if let Err(error) = vm.heap.verify() {
            return Some(format!("afterwards the heap is damaged: {error:?}"));
        }
        machine.renew();
        let roots = machine.free_roots();
        (roots != self.roots).then(|| format!("{roots} roots are free instead of {}", self.roots))
    }

    fn judge(&self, ran: &Ran) -> Option<String> {
        if *ran == self.usual {
            return None;
        }
        let all = format!("{}{}", ran.output, ran.errors);
        if all.contains("SystemError") && !self.usual.output.contains("SystemError") {
            return Some(format!("an internal error: {all}"));
        }
        let raised = ran.errors.lines().last().unwrap_or_default();
        if raised.starts_with("MemoryError") && self.usual.output.starts_with(&ran.output) {
            return None;
        }
        let came: Vec<&str> = ran.output.lines().collect();
        let usual: Vec<&str> = self.usual.output.lines().collect();
        let at = (0..came.len().max(usual.len())).find(|&at| came.get(at) != usual.get(at));
        let at = at.unwrap_or(0);
        // The script has caught it, and says so; or says it of another request than usual.
        let is_told =
            ["MemoryError", "memory allocation failed", "allocating "].iter().any(|told| {
                all.matches(told).count() > self.usual.output.matches(told).count()
                    || came.get(at).is_some_and(|line| line.contains(told))
            });
        if is_told {
            return None;
        }
        Some(format!(
            "line {}: {:?} instead of {:?}; raised {raised:?}",
            at + 1,
            came.get(at),
            usual.get(at)
        ))
    }
}

/// Reports what does not end.
fn watch() {
    let mut last = (0, 0);
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let begun = BEGUN.load(Ordering::Relaxed);
        last = if begun == last.0 { (begun, last.1 + 1) } else { (begun, 0) };
        if begun > 0 && last.1 > 60 {
            let text = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
            println!("hangs: {text}");
            std::process::abort();
        }
    }
}

fn scripts() -> Vec<PathBuf> {
    let filter = std::env::var("OCTOPY_FAIL_FILTER").unwrap_or_default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("tests/scripts exists")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .filter(|path| path.to_string_lossy().contains(&filter))
        // These loop until Ctrl-C comes, which needs memory.
        .filter(|path| !path.to_string_lossy().contains("interrupt_"))
        .collect();
    paths.sort();
    paths
}

fn fail_all() {
    let sample = from_environment("OCTOPY_FAIL_SAMPLE", 4);
    let start = from_environment("OCTOPY_FAIL_START", 0) as u32;
    let mut random = Random::new(from_environment("OCTOPY_FAIL_SEED", 1));
    let mut machine = Machine::new();
    let mut report = String::new();
    let mut skipped = 0;
    for path in scripts() {
        let Some(subject) = Subject::new(&mut machine, &path) else {
            skipped += 1;
            continue;
        };
        let begin = Instant::now();
        let all: Vec<u32> = match sample {
            0 => (start..subject.allocations).collect(),
            _ => (0..sample)
                .map(|_| random.below(subject.allocations.max(1) as usize) as u32)
                .collect(),
        };
        let mut runs = 0;
        let mut troubles = Vec::new();
        for k in all {
            for failing in [Failing::Once(k), Failing::From(k)] {
                let what = format!("{} {failing:?}", subject.name);
                CURRENT.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&what);
                let tried =
                    catch_unwind(AssertUnwindSafe(|| subject.trouble(&mut machine, failing)));
                let trouble = tried.unwrap_or_else(|_| {
                    machine = Machine::new();
                    Some("a panic".to_owned())
                });
                runs += 1;
                if let Some(why) = trouble {
                    troubles.push(format!("{what}: {why}"));
                }
            }
        }
        println!(
            "{}: {} allocations, {runs} runs, {} troubles, {:.1} s",
            subject.name,
            subject.allocations,
            troubles.len(),
            begin.elapsed().as_secs_f64()
        );
        for trouble in troubles {
            println!("  {trouble}");
            let _ = writeln!(report, "{trouble}");
        }
    }
    assert!(skipped <= 10, "{skipped} scripts are skipped");
    assert!(report.is_empty(), "{report}");
}

#[test]
fn scripts_survive_running_out_of_memory() {
    std::thread::spawn(watch);
    fuzzing::with_big_stack(fail_all);
}
